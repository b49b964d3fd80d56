"""One calendar's days for several schools of the same person: terms, INSET days and closed days. Each keeps its own hours.

Each school's version is saved as that school's, in a unit of its own with its own entry: where one can't be saved, that is told,
and the others have theirs.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import msgspec

from base.refusals import Conflict, Forbidden, Invalid
from base.viewer import Viewer
from contracts.calendars import calendars
from contracts.calendars.calendars import CalendarView, Moved
from contracts.calendars.term_dates import apart
from contracts.clock.school_calendar import SchoolCalendar
from sharing.sign_in import my_schools

FOLLOWS_TRUST: Final = "it follows its trust's calendar"


@dataclass(frozen=True, slots=True)
class SavedAt:
    """At which schools the days were saved, and why not at others, by name."""

    saved: tuple[str, ...]
    refused: tuple[tuple[str, str], ...]


async def schools(viewer: Viewer) -> tuple[Viewer, ...]:
    """The person's other schools whose calendar they keep."""
    return tuple(one for one in await my_schools.elsewhere(viewer) if one.role.keeps_contracts)


async def save_at_each(there: Sequence[Viewer], calendar: SchoolCalendar, *, from_day: date) -> SavedAt:
    saved, refused = [], []
    for one in there:
        view = await calendars.look(one)
        try:
            theirs = with_days_of(view, calendar)
            await calendars.save_version(one, theirs, from_day=from_day, version=view.version)
            saved.append(one.school_name)
        except (Invalid, Conflict, Forbidden) as refusal:
            refused.append((one.school_name, next(iter(refusal.fields.values()), refusal.sentence)))
    return SavedAt(tuple(saved), tuple(refused))


async def would_move(there: Sequence[Viewer], calendar: SchoolCalendar, from_day: date, counts: Sequence[Moved]) -> int:
    """As ``calendars.would_move``, of all these schools."""
    moved = 0
    for one in there:
        view = await calendars.look(one)
        if not view.follows_trust:
            moved += await calendars.would_move(one, with_days_of(view, calendar), from_day, counts)
    return moved


def with_days_of(view: CalendarView, calendar: SchoolCalendar) -> SchoolCalendar:
    """What the school saved, with the terms of ``calendar`` in place of those that they overlap, and its other days beside those
    there; all of it for a school that has saved nothing. Raises Invalid for one that follows its trust.
    """
    if view.follows_trust:
        raise Invalid(FOLLOWS_TRUST)
    theirs = view.own
    if theirs is None:
        return calendar
    return msgspec.structs.replace(
        theirs,
        terms=(*apart(theirs.terms, calendar.terms), *calendar.terms),
        inset=tuple({*theirs.inset, *calendar.inset}),
        closed=tuple({*theirs.closed, *calendar.closed}),
        six_terms=calendar.six_terms,
    )
