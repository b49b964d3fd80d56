"""What people use for a service clock or the days of a contract, each asked as somebody would who follows its documentation."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from contracts.clock.bank_holidays import is_bank_holiday
from contracts.clock.service_calendar import WEEKDAYS

LONDON: Final = ZoneInfo("Europe/London")
# A peer's answer to a question of the clock: when it is due; of contract dates: the last day on which notice is received.
DueBy = Callable[[Mapping[str, Any], date, date], Callable[[datetime, int], datetime]]


def closed_days(version: Mapping[str, Any], first: date, last: date) -> list[date]:
    """Every day that a peer is told of as a holiday: bank holidays, closed days, INSET, and days outside the terms."""
    found = []
    for day in (first + timedelta(days=n) for n in range((last - first).days + 1)):
        ranges = [[one, one] if isinstance(one, str) else one for one in (*version.get("closed", ()), *version.get("inset", ()))]
        is_shut = any(a <= day.isoformat() <= b for a, b in ranges)
        in_term = any(a <= day.isoformat() <= b for a, b in version.get("terms", ()))
        out = version.get("only") is not None and in_term is not (version["only"] == "term")
        nation = version.get("bank_holidays")
        if is_shut or out or (nation and is_bank_holiday(day, nation)):
            found.append(day)
    return found


def hours(version: Mapping[str, Any]) -> tuple[list[int], tuple[int, int], tuple[int, int]]:
    """Weekdays, opening and closing: the one range of the week that such libraries take."""
    weekdays = [n for n, name in enumerate(WEEKDAYS) if version["weekly"].get(name)]
    opens, closes = version["weekly"][WEEKDAYS[weekdays[0]]][0]
    a, b = (tuple(map(int, text.split(":"))) for text in (opens, closes.replace("24:00", "23:59")))
    return weekdays, (a[0], a[1]), (b[0], b[1])


def businesstimedelta_due(version: Mapping[str, Any], first: date, last: date) -> Callable[[datetime, int], datetime]:
    """WorkDayRule with hours and days, HolidayRule with the closed days; due is start plus a BusinessTimeDelta."""
    from datetime import time as wall  # noqa: PLC0415 - a peer's

    import businesstimedelta  # noqa: PLC0415 - a peer's
    import pytz  # noqa: PLC0415 - the peer takes no other zone

    london = pytz.timezone("Europe/London")
    weekdays, opens, closes = hours(version)
    work = businesstimedelta.WorkDayRule(start_time=wall(*opens), end_time=wall(*closes), working_days=weekdays, tz=london)
    off = businesstimedelta.HolidayRule(dict.fromkeys(closed_days(version, first, last), "off"), tz=london)
    rules = businesstimedelta.Rules([work, off])
    return lambda start, minutes: start + businesstimedelta.BusinessTimeDelta(rules, hours=0, seconds=minutes * 60)


def pandas_due(version: Mapping[str, Any], first: date, last: date) -> Callable[[datetime, int], datetime]:
    """CustomBusinessHour with hours, weekmask and holidays; due is start plus whole hours, then the minutes that are left."""
    import pandas  # noqa: PLC0415 - a peer's
    from pandas.tseries.offsets import CustomBusinessHour  # noqa: PLC0415 - a peer's

    weekdays, opens, closes = hours(version)
    hour = CustomBusinessHour(
        start="{:02}:{:02}".format(*opens),
        end="{:02}:{:02}".format(*closes),
        weekmask=" ".join(WEEKDAYS[n].capitalize() for n in weekdays),
        holidays=closed_days(version, first, last),
    )

    def due(start: datetime, minutes: int) -> datetime:
        found = pandas.Timestamp(start.replace(tzinfo=None))
        whole, rest = divmod(minutes, 60)
        found = found + hour * whole if whole else found
        return (found + pandas.Timedelta(minutes=rest)).to_pydatetime().replace(tzinfo=LONDON)  # type: ignore[no-any-return]

    return due


def business_duration_due(version: Mapping[str, Any], first: date, last: date) -> Callable[[datetime, int], datetime]:
    """It only measures between two moments, so due is searched for: the first minute at which so many have passed."""
    from datetime import time as wall  # noqa: PLC0415 - a peer's

    from business_duration import businessDuration  # noqa: PLC0415 - a peer's

    weekdays, opens, closes = hours(version)
    off = dict.fromkeys(closed_days(version, first, last), "off")
    weekend = [n for n in range(7) if n not in weekdays]

    def passed(start: datetime, end: datetime) -> float:
        return float(
            businessDuration(
                start.replace(tzinfo=None), end.replace(tzinfo=None), wall(*opens), wall(*closes), weekendlist=weekend,
                holidaylist=off, unit="min",
            )
        )  # fmt: skip

    def due(start: datetime, minutes: int) -> datetime:
        low, high = 0, 60 * 24 * 60
        while low < high:
            middle = (low + high) // 2
            low, high = (low, middle) if passed(start, start + timedelta(minutes=middle)) >= minutes else (middle + 1, high)
        return start + timedelta(minutes=low)

    return due


CLOCK_PEERS: Final[Mapping[str, tuple[str, DueBy]]] = {
    "businesstimedelta": ("businesstimedelta", businesstimedelta_due),
    "pandas CustomBusinessHour": ("pandas", pandas_due),
    "business-duration, searching": ("business_duration", business_duration_due),
}


def dateutil_notice(given: Mapping[str, Any]) -> date | None:
    """End is start plus the term less a day, rolled on while it has passed; notice is relativedelta back from it."""
    from dateutil.relativedelta import relativedelta  # noqa: PLC0415 - a peer's

    def length(of: Mapping[str, Any]) -> relativedelta:
        return relativedelta(**{of["unit"]: of["n"]})

    one = timedelta(days=1)
    end = (
        date.fromisoformat(given["end"]) if given.get("end") else date.fromisoformat(given["start"]) + length(given["term"]) - one
    )
    for extension in given.get("extensions", ()):
        if extension.get("taken"):
            end = date.fromisoformat(extension["to"]) if extension.get("to") else end + length(extension)
    renewal = given["renewal"]
    while renewal["mode"] == "rolls" and renewal.get("n") and end < date.fromisoformat(given["as_of"]):
        end += length(renewal)
    notices = given["notice"] if isinstance(given["notice"], list) else [given["notice"]]
    found: date = min(end - length(notice) for notice in notices)
    nation = given.get("nation", "ENG")
    while given.get("receipt") != "any_day" and (found.weekday() >= 5 or is_bank_holiday(found, nation)):
        found -= one
    return found


DATE_PEERS: Final = {"dateutil relativedelta": ("dateutil", dateutil_notice)}
