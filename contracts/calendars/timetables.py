"""A school's calendar laid out for the clock, kept by the versions that made it: these never change, so it never gets old."""

from collections import OrderedDict
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from base import clock
from contracts.clock.calendar_layers import Layer, for_the_clock
from contracts.clock.open_minutes import Timetable
from contracts.clock.service_calendar import calendar_of
from contracts.register import stored_calendars

MOST_KEPT: Final = 256  # calendars: some 300 kB each
BACK, AHEAD = timedelta(days=4 * 366), timedelta(days=366)  # laid out at once: what most events lie in

_kept: OrderedDict[tuple[UUID, ...], Timetable] = OrderedDict()


async def of_school(school: UUID) -> Timetable | None:
    """None where no calendar was saved. Inside the caller's unit."""
    stored = await stored_calendars.of_school(school)
    return kept(stored.versions, stored.layers) if stored.layers else None


def kept(versions: tuple[UUID, ...], layers: tuple[Layer, ...]) -> Timetable:
    """The one that was laid out of these versions before, or a new one."""
    found = _kept.get(versions)
    if found is None:
        found = _kept[versions] = laid_out(layers, clock.today())
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
    _kept.move_to_end(versions)
    return found


def laid_out(layers: tuple[Layer, ...], today: date) -> Timetable:
    """With the five years around ``today`` laid out."""
    table = Timetable(calendar_of(for_the_clock(layers)))
    table.covering(max(today - BACK, min(layers[0].starts, today)), today + AHEAD)
    return table
