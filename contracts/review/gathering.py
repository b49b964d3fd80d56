"""Reads all that a review pack says of a contract, in short units; what takes long is reckoned in a thread."""

import asyncio
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

import database
from base import clock
from base.viewer import Viewer
from contracts.access.served import ServedContract
from contracts.attainment import attainment
from contracts.attainment.attainment import Days
from contracts.attainment.figures import MetricAttained
from contracts.changes.tables import Variation
from contracts.clock.dates_ahead import DECIDED, Outlook
from contracts.documents import documents
from contracts.documents.documents import ContractDocument
from contracts.improvement import crediting
from contracts.improvement.crediting import CreditView
from contracts.judging.job import Job
from contracts.judging.kinds import Side
from contracts.promises import stored_metrics
from contracts.promises.metric import Metrics
from contracts.register import reading as register
from contracts.register.reading import ContractView
from contracts.reminders import decisions
from contracts.reminders.decisions import Decision
from contracts.review import access, stored
from contracts.review.gathered import ContractSaid, Gathered, Paper, Varied
from contracts.review.stored import Reviews
from contracts.service_events import calendar_of, reading
from contracts.service_events import stored as events
from contracts.service_events.reading import EventView
from sharing.tables import Membership, Person

BATCH: Final = 500  # events of which everything is held at a time
# Fields of a contract in which people of the school are named.
NAMES_STAFF: Final = ("deputy", "budget_holder", "approved_by", "signed_by", "notice_signed_by")


@dataclass(frozen=True, slots=True)
class _Rows:
    about: ServedContract
    jobs: tuple[Job, ...]
    words: Mapping[UUID, Mapping[str, str]]
    said: Mapping[UUID, Mapping[str, str]]
    metrics: Metrics
    calendar: Mapping[str, Any] | None
    reviews: Reviews
    variations: tuple[Varied, ...]
    decisions: tuple[Decision, ...]
    credits: tuple[CreditView, ...]
    members: tuple[str, ...]


async def gather(viewer: Viewer, contract_id: UUID, first: date, last: date) -> Gathered:
    """Raises NotFound for a contract that is not the viewer's school's, Forbidden, Invalid for days in the wrong order."""
    promises = await attainment.of_contract(viewer, contract_id, Days(first, last))
    view = await register.contract(viewer, contract_id)
    named = {one.event for each in _within(promises, first, last) for period in each.periods for one in period.left_out}
    rows = await _rows(viewer, contract_id, *_reach(promises, first, last), also=named)
    papers = tuple(map(_paper, await documents.of_contract(viewer, contract_id)))
    now = clock.now()
    views = await asyncio.to_thread(_viewed, rows, now)
    return Gathered(
        contract=_contract(view), first=first, last=last, now=now, today=clock.today(),
        promises=_within(promises, first, last), metrics=rows.metrics, events=views, said=rows.said, reviews=rows.reviews,
        variations=rows.variations, papers=papers, decisions=rows.decisions,
        credits=rows.credits, staff=_staff(view, rows),
    )  # fmt: skip


def _viewed(rows: _Rows, now: datetime) -> tuple[EventView, ...]:
    """In batches, without the spans that each verdict counted: a pack prints none, and there may be ten thousand events."""
    found: list[EventView] = []
    for n in range(0, len(rows.jobs), BATCH):
        views = reading.viewed(rows.jobs[n : n + BATCH], rows.words, rows.metrics, rows.calendar, now)
        found += [replace(one, verdicts=tuple(replace(each, explanation=None) for each in one.verdicts)) for one in views]
    return tuple(found)


def _within(promises: Iterable[MetricAttained], first: date, last: date) -> tuple[MetricAttained, ...]:
    return tuple(
        replace(one, periods=tuple(each for each in one.periods if each.last >= first and each.first <= last))
        for one in promises
    )  # fmt: skip


def _reach(promises: Iterable[MetricAttained], first: date, last: date) -> tuple[date, date]:
    """The days, and those of the periods that begin before or end after them."""
    periods = [each for one in _within(promises, first, last) for each in one.periods]
    return min([first, *(each.first for each in periods)]), max([last, *(each.last for each in periods)])


async def _rows(viewer: Viewer, contract_id: UUID, first: date, last: date, *, also: Collection[UUID]) -> _Rows:
    """``also`` are events that a figure of these days names, and that may lie before them, such as a document."""
    async with database.read():
        about = await access.own(viewer, contract_id)
        jobs = await calendar_of.placed(await events.jobs_between(contract_id, first, last, also=also), about.school)
        beside = [one.id for job in jobs for one in job.discussions]
        return _Rows(
            about,
            jobs,
            await events.words_of([job.row for job in jobs]),
            await events.words_of(beside),
            await stored_metrics.metrics_of(contract_id),
            await calendar_of.of_school(about.school),
            await stored.reviews_of(contract_id),
            await _variations(contract_id),
            await decisions.of(contract_id),
            await crediting.of_contract(viewer, contract_id),
            await _members(about.school),
        )


def _paper(one: ContractDocument) -> Paper:
    return Paper(f"{one.kind.words}: {one.file.name}", one.added_at.astimezone(clock.LONDON).date(), one.expires_on)


async def _variations(contract: UUID) -> tuple[Varied, ...]:
    rows = await Variation.select().where(Variation.contract == contract).order_by(Variation.agreed_on)
    return tuple(
        Varied(row["agreed_on"], row["what"], row["annual_before_pence"], row["annual_pence"], row["new_end"]) for row in rows
    )


async def _members(school: UUID) -> tuple[str, ...]:
    """The names of all who belong or belonged to the school."""
    people = await Membership.select(Membership.person).where(Membership.school == school).output(as_list=True)
    if not people:
        return ()
    return tuple(await Person.select(Person.name).where(database.among(Person.id, set(people))).output(as_list=True))


def _contract(view: ContractView) -> ContractSaid:
    return ContractSaid(
        view.title, view.supplier_name, view.school_name, view.said.values, tuple(_days(view)),
        tuple(one.sentence for one in view.said.questions),
    )  # fmt: skip


def _days(view: ContractView) -> Iterable[tuple[str, date, str]]:
    """As its page has them: once notice was missed those of the next chance, and none to decide by once it was given."""
    outlook: Outlook | None = view.outlook
    if outlook is None:
        return
    why = view.planned.get("why", {})
    if outlook.is_missed and outlook.to_decide_by:
        yield "decide_by", outlook.to_decide_by, "Decide by this day, for the next chance to end it"
    elif outlook.to_decide_by:
        yield "decide_by", outlook.to_decide_by, str(why.get("decide_by", "Decide by"))
    if outlook.send_by and not outlook.is_missed and outlook.state not in DECIDED:
        yield "send_by", outlook.send_by, str(why.get("send_by", "Send notice by"))
    if outlook.current_end:
        yield "current_end", outlook.current_end, str(why.get("current_end", "Last day"))


def _staff(view: ContractView, rows: _Rows) -> tuple[str, ...]:
    """Whoever is named for the school anywhere, but for the officer, whom the supplier knows."""
    fields = [str(view.said.values[name] or "") for name in NAMES_STAFF]
    agreed = [words.get("ours", "") for words in rows.said.values()]
    there = [name for one in rows.reviews.meetings for name in _each(one.ours)]
    owners = [one.owner for one in rows.reviews.actions if one.side is Side.SCHOOL]
    officer = str(view.said.values["officer"] or "").casefold()
    named: Sequence[str] = [*rows.members, *fields, *agreed, *there, *owners]
    return tuple(sorted({name for name in named if name.strip() and name.casefold() not in officer}, key=len, reverse=True))


def _each(names: str) -> list[str]:
    return [name.strip() for part in names.split(",") for name in part.split(" and ") if name.strip()]
