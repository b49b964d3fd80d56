"""The service clock told a second time, slowly: minute by minute, by looking at the clock on the wall, past whole closed hours.

Shares no code with contracts/clock. Calendars and events are the cases' JSON; ``judged`` gives their answer, ``due`` as minutes
since 1970 or None, or a refusal's code for a calendar that doesn't know a day.
"""

import json
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import holidays

ONE = timedelta(days=1)
FAR = 731 * 1440
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Unknown(Exception):
    """A day of which the calendar says nothing; the text is the code."""


def minute(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp()) // 60


def judged(event: dict[str, Any]) -> dict[str, Any]:
    try:
        return _Walk(event).answer()
    except Unknown as unknown:
        return {"error": str(unknown)}


class _Walk:
    def __init__(self, event: dict[str, Any]) -> None:
        self.event = event
        self.calendar = sys.intern(json.dumps(event["calendar"]))  # looked up for every minute: the same text is the same object
        self.tz = ZoneInfo(event["calendar"]["tz"])
        self.start = minute(event["start"])
        self.stop = minute(event["stop"]) if event.get("stop") else None
        self.end = self.stop if self.stop is not None else minute(event["as_of"])
        self.gaps = [(minute(gap["stop"]), minute(gap["at"])) for gap in event.get("reopened", [])]
        self.pauses = [self._pause(pause) for pause in event.get("pauses", [])]
        self.waits = [*self.pauses, *self.gaps]
        self.for_ever = min((first for first, last in self.pauses if last == float("inf")), default=float("inf"))

    def _pause(self, pause: dict[str, Any]) -> tuple[int, float]:
        first = minute(pause["from"])
        last = minute(pause["to"]) if pause["to"] else float("inf")
        return first, last if self.stop is None else min(last, self.stop)

    def answer(self) -> dict[str, Any]:
        due = self.due()
        late = 0 if due is None else self.counted(due, self.end)
        answer = {
            "due": due,
            "elapsed_minutes": self.counted(self.start, self.end),
            "verdict": self.verdict(due, late),
            "missed_by_minutes": late,
        }
        if self.event.get("recorded"):
            answer["logged_late"] = self.is_logged_late(minute(self.event["recorded"]))
        return answer

    def verdict(self, due: int | None, late: int) -> str:
        if self.stop is None:
            return "overdue" if late else "paused" if self.is_paused(self.end) else "running"
        if "business_days" in self.event["target"] and not self.event.get("changes") and due is not None:
            late = late or int(self.day(self.stop) > self.day(due - 1))
        return "missed" if late else "met"

    def due(self) -> int | None:
        target = self.event["target"]
        if "business_days" in target:
            return self.due_in_days(target["business_days"], target.get("received", "as_happened"))
        minutes = target["minutes"]
        for mode in version(self.calendar, self.day(self.start)).get("modes", []):
            if mode["from"] <= self.day(self.start).isoformat() <= mode["to"]:
                minutes = min(minutes, target.get("modes", {}).get(mode["name"], minutes))
        due = self.due_in_minutes(self.start, minutes)
        for change in self.event.get("changes", []):
            at = minute(change["at"])
            if due is not None and due < at and self.counted(due, at):
                break
            if change["minutes"] < minutes:
                due = earlier(due, self.due_in_minutes(at, change["minutes"]))
            elif change["minutes"] > minutes:
                due = later(due, self.due_in_minutes(self.start, change["minutes"]))
            minutes = change["minutes"]
        return due

    def due_in_minutes(self, start: int, minutes: int) -> int | None:
        place = start
        while minutes:
            if place > start + FAR:
                raise Unknown("no_open_time")
            if self.is_paused_for_ever(place):
                return None
            if is_closed_for_the_hour(self.calendar, place):
                place += 60 - place % 60
                continue
            minutes -= self.counts(place)
            place += 1
        return place

    def due_in_days(self, days: int, received: str, *, paused: bool = True) -> int | None:
        day = self.day(self.start)
        if paused and self.is_paused_for_ever(self.start):
            return None
        if days and received == "next_opening":
            day = next(d for d in self.days_of_service(day) if any(m >= self.start for m in opened_by(self.calendar, d)))
        for each in days_from(day + ONE) if days else self.days_of_service(self.day(self.start)):
            opened = opened_by(self.calendar, each)
            if any(m >= self.start and not (paused and self.is_paused(m)) for m in opened):
                days -= 1
                if days <= 0:
                    return opened[-1] + 1
            elif paused and self.is_paused_for_ever(minute(f"{each + ONE}T00:00Z")):
                return None
        raise AssertionError("days go on")

    def days_of_service(self, day: date) -> Iterator[date]:
        """From a day on, after the one before if its service may still be open."""
        yield from [day - ONE] if spills(self.calendar, day - ONE) else []
        yield from days_from(day)

    def is_logged_late(self, recorded: int) -> bool:
        if self.day(recorded) <= self.day(self.start):
            return False
        closes = self.due_in_days(1, "as_happened", paused=False)
        return closes is not None and recorded > closes

    def counted(self, start: int, end: int) -> int:
        found, place = 0, start
        while place < end:
            if is_closed_for_the_hour(self.calendar, place):
                place += 60 - place % 60
                continue
            found += self.counts(place)
            place += 1
        return found

    def counts(self, place: int) -> bool:
        return is_open(self.calendar, place) and not self.is_paused(place)

    def is_paused(self, place: int) -> bool:
        for first, last in self.waits:  # noqa: SIM110 - asked for every minute: any() takes three times as long
            if first <= place < last:
                return True
        return False

    def is_paused_for_ever(self, place: int) -> bool:
        return place >= self.for_ever

    def day(self, place: int) -> date:
        return datetime.fromtimestamp(place * 60, self.tz).date()


def earlier(one: int | None, other: int | None) -> int | None:
    return other if one is None else one if other is None else min(one, other)


def later(one: int | None, other: int | None) -> int | None:
    return None if one is None or other is None else max(one, other)


def days_from(day: date) -> Iterator[date]:
    while True:
        yield day
        day += ONE


def is_open(calendar: str, place: int) -> bool:
    return bool(_of_utc_hour(calendar, place // 60)[place % 60])


def is_closed_for_the_hour(calendar: str, place: int) -> bool:
    """Whether an hour begins here in which no minute counts."""
    return place % 60 == 0 and not any(_of_utc_hour(calendar, place // 60))


@cache
def _of_utc_hour(calendar: str, hour: int) -> list[bool]:
    """A minute of the clock after another: does its reading lie in the hours of that day, or in those of the night before?"""
    tz, found = ZoneInfo(json.loads(calendar)["tz"]), []
    for n in range(60):
        reading = datetime.fromtimestamp((hour * 60 + n) * 60, tz)
        at = reading.hour * 60 + reading.minute
        today = any(opens <= at < closes for opens, closes in hours(calendar, reading.date()))
        found.append(today or any(opens <= at + 1440 < closes for opens, closes in night_hours(calendar, reading.date() - ONE)))
    return found


def night_hours(calendar: str, day: date) -> list[tuple[int, int]]:
    return hours(calendar, day) if spills(calendar, day) else []


@cache
def opened_by(calendar: str, day: date) -> list[int]:
    """The minutes of the openings that begin on ``day``."""
    ranges = hours(calendar, day)
    if not ranges:
        return []
    tz, noon = ZoneInfo(json.loads(calendar)["tz"]), minute(f"{day}T12:00Z")
    found = []
    for place in range(noon - 16 * 60, noon + 40 * 60):
        reading = datetime.fromtimestamp(place * 60, tz)
        at = reading.hour * 60 + reading.minute + 1440 * (reading.date() - day).days
        if any(opens <= at < closes for opens, closes in ranges):
            found.append(place)
    return found


def version(calendar: str, day: date) -> dict[str, Any]:
    begun = [each for each in json.loads(calendar)["versions"] if each["from"] <= day.isoformat()]
    if not begun:
        raise Unknown("calendar_starts")
    return dict(max(begun, key=lambda each: each["from"]))


@cache
def spills(calendar: str, day: date) -> bool:
    """Whether a night's opening may reach into the next day."""
    try:
        now = version(calendar, day)
    except Unknown:
        return False
    return any(closes > 1440 for _, closes in parsed(now.get("special", {}).get(day.isoformat(), weekly(now, day))))


@cache
def hours(calendar: str, day: date) -> list[tuple[int, int]]:
    now, text = version(calendar, day), day.isoformat()
    if text in now.get("special", {}):
        return parsed(now["special"][text])
    for each in now.get("closed", []):
        first, last = (each, each) if isinstance(each, str) else each
        if first <= text <= last:
            return []
    if now.get("bank_holidays") and day.weekday() < 5 and day in _holidays(now["bank_holidays"], day.year):
        return []
    if text in now.get("inset", []):
        return parsed(weekly(now, day)) if now.get("inset_open") else []
    if now.get("only"):
        terms = now["terms"]
        if text < min(first for first, _ in terms):
            raise Unknown("calendar_starts")
        if text > max(last for _, last in terms):
            raise Unknown("calendar_ends")
        if any(first <= text <= last for first, last in terms) is not (now["only"] == "term"):
            return []
    return parsed(weekly(now, day))


def weekly(now: dict[str, Any], day: date) -> list[list[str]]:
    return list(now["weekly"].get(WEEKDAYS[day.weekday()], []))


def parsed(ranges: list[list[str]]) -> list[tuple[int, int]]:
    found = []
    for opens, closes in ranges:
        first, last = (int(text[:2]) * 60 + int(text[3:]) for text in (opens, closes))
        found.append((first, last if last > first else last + 1440))
    return found


@cache
def _holidays(nation: str, year: int) -> Any:
    return holidays.country_holidays("GB", subdiv=nation, years=year)


def iso(place: int) -> str:
    return datetime.fromtimestamp(place * 60, UTC).isoformat()
