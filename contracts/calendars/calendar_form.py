"""The form of a calendar: what is typed into it becomes a calendar, and a calendar what stands in it."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, Final, TypeVar, cast, get_args

import msgspec

from base import clock
from base.refusals import Invalid, refuse_together
from contracts.calendars import calendar_text
from contracts.calendars.calendars import CalendarView
from contracts.calendars.term_dates import TermDates, apart
from contracts.clock.school_calendar import Hours, Nation, SchoolCalendar, Season, Weekday
from web.pages.forms import Form

T = TypeVar("T")

WEEK: Final[Sequence[tuple[Weekday, str]]] = (
    ("mon", "Monday"), ("tue", "Tuesday"), ("wed", "Wednesday"), ("thu", "Thursday"), ("fri", "Friday"),
    ("sat", "Saturday"), ("sun", "Sunday"),
)  # fmt: skip
NATIONS: Final = (("ENG", "England"), ("WLS", "Wales"), ("SCT", "Scotland"), ("NIR", "Northern Ireland"))
ALL_YEAR: Final = "year"
SEASONS: Final = ((ALL_YEAR, "All year"), ("term", "In term only"), ("holidays", "In the school holidays only"))
FOLLOWS: Final = "trust"


def read(form: Form) -> SchoolCalendar:
    """Raises Invalid that names every field that can't be read."""
    found: dict[str, Any] = {}

    def take(name: str, one: Callable[[], object]) -> Callable[[], None]:
        def taking() -> None:
            found[name] = one()

        return taking

    refuse_together(
        take("follows_trust", lambda: _chosen(form, "whose", ("", "own", FOLLOWS), "Choose whose hours and terms.") == FOLLOWS),
        take("weekly", lambda: _weekly(form)),
        take("nation", lambda: _chosen(form, "nation", get_args(Nation), "Choose the nation.")),
        take("only", lambda: _season(form)),
        take("terms", lambda: calendar_text.terms_in(form.text("terms"), "terms")),
        take("closed", lambda: calendar_text.days_in(form.text("closed"), "closed")),
        take("half_days", lambda: calendar_text.half_days_in(form.text("half_days"), "half_days")),
        take("inset", lambda: calendar_text.single_days_in(form.text("inset"), "inset")),
        take("modes", lambda: calendar_text.busy_times_in(form.text("modes"), "modes")),
    )
    return SchoolCalendar(
        open_on_bank_holidays=form.text("open_on_bank_holidays") == "yes",
        six_terms=form.text("six_terms") == "yes",
        inset_open=form.text("inset_open") == "yes",
        **found,
    )


def from_day(form: Form) -> date:
    """Raises Invalid."""
    found = form.day("from_day")
    if found is None:
        raise Invalid("Enter the day from which this holds.", from_day="Enter the day from which this holds.")
    return found


def version(form: Form) -> int:
    """The number of the version that was read. Raises Invalid."""
    typed = form.text("version")
    if not (typed.isascii() and typed.isdigit() and len(typed) < 6):
        raise Invalid("Open the form again from the calendar's page, so that we know what you read.")
    return int(typed)


def values(view: CalendarView) -> dict[str, Any]:
    """What stands in the form at first: the newest version that the school saved, or nothing but what is usual."""
    own = view.own or SchoolCalendar(follows_trust=bool(view.trust_name))
    today = clock.today()
    starts = today if view.layers else date(today.year - (today.month < 9), 9, 1)
    return filled(own) | {
        "version": str(view.version),
        "from_day-day": str(starts.day),
        "from_day-month": str(starts.month),
        "from_day-year": str(starts.year),
    }


def filled(calendar: SchoolCalendar) -> dict[str, Any]:
    return {
        "whose": FOLLOWS if calendar.follows_trust else "own",
        **{f"hours_{day}": calendar_text.hours_text(calendar.weekly.get(day, ())) for day, _ in WEEK},
        "nation": calendar.nation,
        "open_on_bank_holidays": ["yes"] if calendar.open_on_bank_holidays else [],
        "only": calendar.only or ALL_YEAR,
        "terms": calendar_text.terms_text(calendar.terms),
        "six_terms": ["yes"] if calendar.six_terms else [],
        "closed": calendar_text.days_text(calendar.closed),
        "half_days": calendar_text.half_days_text(calendar.half_days),
        "inset": calendar_text.single_days_text(calendar.inset),
        "inset_open": ["yes"] if calendar.inset_open else [],
        "modes": calendar_text.busy_times_text(calendar.modes),
    }


def with_terms(calendar: SchoolCalendar, found: TermDates, *, six_terms: bool | None) -> SchoolCalendar:
    """The calendar with what a file says: its terms in place of those that they overlap, its other days beside those there."""
    return msgspec.structs.replace(
        calendar,
        terms=tuple(sorted((*apart(calendar.terms, found.terms), *found.terms), key=lambda term: term.first)),
        inset=tuple(sorted({*calendar.inset, *found.inset})),
        closed=tuple(sorted({*calendar.closed, *found.closed})),
        six_terms=calendar.six_terms if six_terms is None else six_terms,
    )


def _season(form: Form) -> Season | None:
    found = _chosen(form, "only", (ALL_YEAR, *get_args(Season)), "Choose when the hours hold.")
    return None if found == ALL_YEAR else cast(Season, found)


def _weekly(form: Form) -> Mapping[Weekday, Hours]:
    found: dict[Weekday, Hours] = {}
    refuse_together(*(_day_of(form, day, found) for day, _ in WEEK))
    return {day: hours for day, hours in found.items() if hours}


def _day_of(form: Form, day: Weekday, found: dict[Weekday, Hours]) -> Callable[[], None]:
    def taking() -> None:
        found[day] = calendar_text.hours_in(form.text(f"hours_{day}"), f"hours_{day}")

    return taking


def _chosen(form: Form, name: str, choices: Sequence[T], otherwise: str) -> T:
    typed = form.text(name)
    if typed not in choices:
        raise Invalid(otherwise, **{name: otherwise})
    return cast(T, typed)
