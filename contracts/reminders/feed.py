"""A school's contracts as days of a calendar: for somebody's feed, and for the file of one contract."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time
from typing import Final
from uuid import UUID

import database
from audit.log.subjects import Subject
from base import calendar_file, clock, settings
from base.due import FeedDate
from base.refusals import NotFound
from base.viewer import Viewer
from contracts.lists.ahead import Ahead
from contracts.reminders import deadlines
from contracts.reminders.deadlines import ContractAhead
from contracts.reminders.stages import Deadline, Kind

COUNTED_FROM: Final = date(2020, 1, 1)  # of sequences: before any contract was written down here
TITLES: Final = {
    Kind.DECIDE: "{}: decide by this day",
    Kind.SEND: "{}: send notice by this day",
    Kind.END: "{}: last day",
    Kind.REVIEW: "{}: review due",
    Kind.DOCUMENT: "{}: a document runs out",
}
OPEN_DAY: Final = "{}: last open day before the school is shut"


async def dates(viewer: Viewer) -> tuple[FeedDate, ...]:
    """See base/due.py: of the contracts under which the viewer's school is served."""
    return await _dates(viewer, None)


async def of_contract(viewer: Viewer, contract: UUID) -> bytes:
    """A calendar of one contract, with titles and sentences. Raises NotFound."""
    found = await _dates(viewer, contract)
    if not found:
        raise NotFound
    return calendar_file.built(found, shows_titles=True, origin=settings.current().origin, with_sentences=True)


async def _dates(viewer: Viewer, contract: UUID | None) -> tuple[FeedDate, ...]:
    today = clock.today()
    async with database.read():
        found = await deadlines.serving(viewer.school, today, contract)
    return tuple(one for each in found.contracts for one in of_one(each, found.calendar_versions))


def of_one(found: ContractAhead, calendar_versions: int = 0) -> Iterator[FeedDate]:
    """Pure. A day that was decided about stays, until it is past or the contract ends."""
    for one in (*(one for one in found.deadlines if one.kind is not Kind.DOCUMENT), *_last_day(found.row)):
        yield _feed_date(found.row, one, one.day, str(one.kind), TITLES[one.kind])
        if one.open_day:
            shown = _feed_date(found.row, one, one.open_day, f"{one.kind}:open", OPEN_DAY)
            yield replace(shown, sequence=shown.sequence + calendar_versions)
    papers = [one for one in found.deadlines if one.kind is Kind.DOCUMENT]
    for one, paper in zip(papers, found.papers, strict=True):
        title = TITLES[one.kind].format(found.row.title)
        yield FeedDate(one.about, one.day, title, paper.corrections, paper.corrected_at or paper.added_at, one.sentence)


def _last_day(row: Ahead) -> Iterator[Deadline]:
    if row.current_end:
        written = clock.day_of(row.written_at)
        yield Deadline(Kind.END, row.id, row.school, deadlines.about(row.id, Kind.END), row.title, row.current_end, written)


def _feed_date(row: Ahead, one: Deadline, day: date, what: str, title: str) -> FeedDate:
    sequence, changed_at = _changed(row, one.kind)
    return FeedDate(f"{Subject.CONTRACT.of(row.id)}:{what}", day, title.format(row.title), sequence, changed_at, one.sentence)


def _changed(row: Ahead, kind: Kind) -> tuple[int, datetime]:
    """How often it may have moved, and when last: a change of the contract or of its school's terms, or days that went by.

    Each of both parts only ever grows.
    """
    if kind is Kind.REVIEW:
        return row.version, row.revised_at or row.written_at
    since = datetime.combine(row.from_day, time(), tzinfo=clock.LONDON)
    return row.days_moved + (row.from_day - COUNTED_FROM).days, max(since, row.days_moved_at or since)
