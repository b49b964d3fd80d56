"""The days of a school's contracts that somebody has to do something by, as they are on a day."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from audit.log.subjects import Subject
from base import clock
from contracts.clock.contract import Renewal
from contracts.clock.periods import plus_months
from contracts.documents import expiring
from contracts.documents.expiring import Expiring
from contracts.lists import ahead
from contracts.lists.ahead import Ahead
from contracts.register import stored_calendars
from contracts.reminders import decisions, stages, timing
from contracts.reminders.decisions import Decision
from contracts.reminders.open_days import LONGEST_SHUT, OpenDays
from contracts.reminders.stages import ONE, Deadline, Kind
from contracts.reminders.timing import SchoolTiming

HORIZON: Final = timedelta(days=480)  # ahead: a year, and a summer in which the school is shut
NOTICE_GIVEN: Final = "notice_given"
NOTES: Final = {
    Renewal.ROLLS.value: "It renews by itself unless we say no.",
    Renewal.EXPRESS.value: "It goes on only if we ask.",
}


@dataclass(frozen=True, slots=True)
class ContractAhead:
    """A contract with what stands before it; ``decided`` is about the end that is next."""

    row: Ahead
    deadlines: tuple[Deadline, ...]
    decided: Decision | None
    papers: tuple[Expiring, ...] = ()  # of which the days are among the deadlines, in this order

    @property
    def to_decide(self) -> Deadline | None:
        """Where nobody has decided yet."""
        return None if self.decided else next((one for one in self.deadlines if one.kind is Kind.DECIDE), None)


@dataclass(frozen=True, slots=True)
class SchoolAhead:
    """``calendar_versions`` is how often the calendar was saved that says on which days the school is shut."""

    contracts: tuple[ContractAhead, ...]
    timing: SchoolTiming
    calendar_versions: int = 0


async def of_school(school: UUID, day: date) -> SchoolAhead:
    """Its own contracts. Inside the caller's unit."""
    return await _school(school, await ahead.of_school(school, day), day)


async def to_decide(school: UUID, day: date, most: int) -> SchoolAhead:
    """Its own contracts about which people are told by now to decide, the soonest first, with no other days. In the caller's
    unit.
    """
    when = await timing.of_school(school)
    last = max(day + stages.EARLIEST, plus_months(day, max(when.months, default=0))) + LONGEST_SHUT * ONE
    rows = await ahead.to_decide(school, day, last, most)
    if not rows:
        return SchoolAhead((), when)
    shut = OpenDays((await stored_calendars.of_school(school)).layers)
    decided = await decisions.of_each({row.id for row in rows})
    return SchoolAhead(tuple(_contract(row, decided, day, shut, when, ()) for row in rows), when)


async def serving(school: UUID, day: date, contract: UUID | None = None) -> SchoolAhead:
    """Those under which it is served, or one of them. Inside the caller's unit."""
    return await _school(school, await ahead.serving(school, day, contract), day)


async def _school(school: UUID, rows: Sequence[Ahead], day: date) -> SchoolAhead:
    when = await timing.of_school(school)
    if not rows:
        return SchoolAhead((), when)
    calendar = await stored_calendars.of_school(school)
    shut = OpenDays(calendar.layers)
    decided = await decisions.of_each({row.id for row in rows})
    papers = await expiring.of_school(school, within=HORIZON.days)
    of_each: dict[UUID, list[Expiring]] = {}
    for one in papers:
        of_each.setdefault(one.contract, []).append(one)
    found = tuple(_contract(row, decided, day, shut, when, of_each.get(row.id, ())) for row in rows)
    return SchoolAhead(found, when, len(calendar.versions))


def _contract(
    row: Ahead,
    decided: Mapping[UUID, tuple[Decision, ...]],
    day: date,
    shut: OpenDays,
    when: SchoolTiming,
    papers: Sequence[Expiring],
) -> ContractAhead:
    end = row.next_end if row.is_missed else row.current_end
    its = decisions.about(decided.get(row.id, ()), end) if end else None
    found = [_around(one, shut, when, day) for one in deadlines(row, its, day) if one.day <= day + HORIZON]
    return ContractAhead(row, (*found, *(_paper(row, one) for one in papers)), its, tuple(papers))


def deadlines(row: Ahead, decided: Decision | None, day: date) -> Iterator[Deadline]:
    """Whatever was decided, the day by which to decide is one; notice is to be sent once we leave, or where time is nearly up."""
    end = row.next_end if row.is_missed else row.current_end
    which = row.rolled + row.is_missed  # the same for as long as it is about the same end
    since = clock.day_of(row.days_moved_at or row.written_at)
    decide_by = row.next_decide_by if row.is_missed else row.decide_by
    if row.state != NOTICE_GIVEN and end and decide_by:
        note = NOTES.get(row.renewal or "", "")
        said = about(row.id, Kind.DECIDE, which)
        yield Deadline(Kind.DECIDE, row.id, row.school, said, row.title, decide_by, since, end=end, note=note)
        leaves = decided.choice.ends_it if decided else day > decide_by
        if row.send_by and not row.is_missed and leaves:
            yield Deadline(Kind.SEND, row.id, row.school, about(row.id, Kind.SEND, which), row.title, row.send_by, since, end=end)
    if row.review_due_on:
        written = clock.day_of(row.written_at)
        yield Deadline(Kind.REVIEW, row.id, row.school, about(row.id, Kind.REVIEW), row.title, row.review_due_on, written)


def _paper(row: Ahead, one: Expiring) -> Deadline:
    note = f"It is kept as: {one.kind.words}."
    said = f"{about(row.id, Kind.DOCUMENT)}:{one.document}"
    return Deadline(Kind.DOCUMENT, row.id, row.school, said, row.title, one.expires_on, clock.day_of(one.added_at), note=note)


def about(contract: UUID, kind: Kind, which: int = 0) -> str:
    """What a letter is about, the same whatever its day."""
    return f"{Subject.CONTRACT.of(contract)}:{kind}" + (f":{which}" if which else "")


def _around(one: Deadline, shut: OpenDays, when: SchoolTiming, day: date) -> Deadline:
    """With the last open day, and the last meeting before it where something is to be decided."""
    open_day = shut.last_before(one.day) if one.kind in (Kind.DECIDE, Kind.SEND) else None
    meeting = when.last_meeting(open_day or one.day, day) if one.kind is Kind.DECIDE else None
    return replace(one, open_day=open_day, meeting=meeting)
