"""The year of the demo town's contracts as acts: calendar, registers, documents, and what happened, through the public verbs."""

from collections.abc import Awaitable, Callable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Final
from uuid import UUID

import database
from base import clock
from base.viewer import Role, Viewer
from contracts.calendars import calendars
from contracts.changes import linking
from contracts.clock.school_calendar import SchoolCalendar
from contracts.documents import documents
from contracts.documents.answering import What
from contracts.fields.said import Said
from contracts.judging.kinds import Agreed, Discussed
from contracts.promises import metrics, stored_metrics
from contracts.promises.kinds import EventKind
from contracts.register import register
from contracts.service_events import agreeing, correcting, logging_one, reading, stamping
from contracts.service_events.agreeing import Agreement, Discussion
from contracts.service_events.logging_one import Logged
from contracts.service_events.stamping import Stamping
from contracts.shares import shares
from demo import contracts as demo_contracts
from demo import service as demo_service
from demo import terms as demo_terms
from demo.contracts import DemoContract, DemoDocument
from demo.files import pdf
from demo.living import Act, Town
from demo.service import DemoCheck, DemoJob
from sharing.access.audiences import AudienceChoice, GrantChoice
from sharing.access.fields import Fields, GrantKind
from suppliers.opinions.attachments import Upload

KEEPER: Final = "oakfold"
FOUND_BEFORE: Final = timedelta(minutes=10)  # the telephone call
SHOWN: Final = Fields.TERMS | Fields.DATES | Fields.ATTAINMENT
HAS_CALENDARS: Final = ("oakfold", "harrowmere")

Do = Callable[[Town], Awaitable[None]]


def acts(uses: Callable[[str, str], Do]) -> Iterator[Act]:
    """``uses`` is the act by which a school takes a firm on its list."""
    today = clock.today()
    known = demo_terms.calendar(today)
    yield from (Act(demo_contracts.KEPT + 1, _saves_calendar(school, known)) for school in HAS_CALENDARS)
    for contract in demo_contracts.every(today):
        if contract.firm:
            yield Act(contract.days_ago, uses(contract.school, contract.firm))
        yield Act(contract.days_ago, _registers(contract))
    yield Act(demo_contracts.KEPT - 1, _links)
    yield from (Act(one.days_ago, _keeps(one, today)) for one in demo_contracts.DOCUMENTS)
    for job in demo_service.JOBS:
        yield from _job(job, known, today)
    yield from (Act(_days_ago(known, today, check.days_ago), _checks(check)) for check in demo_service.CHECKS)
    yield from _talks()
    yield Act(4, _shares_with_the_cluster)
    yield Act(3, _shares_with_a_neighbour)


def _saves_calendar(school: str, known: SchoolCalendar) -> Do:
    async def act(town: Town) -> None:
        await calendars.save_version(town.writer(school), known, from_day=known.terms[0].first, version=0)

    return act


def _registers(one: DemoContract) -> Do:
    async def act(town: Town) -> None:
        keeper = town.staff.get((one.school, Role.TRUST_LEAD)) or town.writer(one.school)
        said = Said(
            one.values,
            supplier=town.used.get((one.school, one.firm)),
            extensions=one.extensions,
            covers=[town.schools[school] for school in one.covers],
        )
        town.contracts[one.key] = made = await register.add(keeper, said)
        for name in one.promises:
            await metrics.add_starter_set(keeper, made, name, one.values["starts_on"])

    return act


async def _links(town: Town) -> None:
    await linking.link(
        town.writer(KEEPER), town.contracts["copier_lease"], town.contracts["copiers"], linking.ContractLink.TOGETHER
    )


def _keeps(one: DemoDocument, today: date) -> Do:
    async def act(town: Town) -> None:
        expires = None if one.runs_out_in is None else today + timedelta(days=one.runs_out_in)
        upload = Upload(one.name, pdf(one.lines))
        await documents.add(town.writer(KEEPER), town.contracts[one.contract], upload, What(one.kind, expires), is_letter=True)

    return act


def _job(job: DemoJob, known: SchoolCalendar, today: date) -> Iterator[Act]:
    """It is logged on its day, and how it went on is written down the school day after its last step, if that is past."""
    if job.days_ago == demo_service.BEFORE_HALF_TERM:
        days_ago = (today - demo_terms.before_half_term(known, today)).days
    else:
        days_ago = _days_ago(known, today, job.days_ago)
    yield Act(days_ago, _logs(job))
    day = today - timedelta(days=days_ago)
    last = demo_terms.school_days_later(known, day, max(step.days for step in job.steps) + 1)
    if last < today:
        yield Act((today - last).days, _goes_on(job, known, day))


def _logs(job: DemoJob) -> Do:
    async def act(town: Town) -> None:
        viewer = _logger(town, by_site_staff=job.by_site_staff)
        town.jobs[job.what] = await logging_one.log(
            viewer, town.contracts[job.contract], _as_logged(job, clock.today(), job.told)
        )

    return act


def _as_logged(job: DemoJob, day: date, told: time) -> Logged:
    at = _moment(day, told)
    return Logged(
        happened_at=at - FOUND_BEFORE,
        told_at=at,
        told_how=job.how,
        job_number=job.job_number,
        priority=job.priority,
        what=job.what,
    )


def _goes_on(job: DemoJob, known: SchoolCalendar, day: date) -> Do:
    async def act(town: Town) -> None:
        viewer = _logger(town, by_site_staff=job.by_site_staff)
        for step in job.steps:
            at = _moment(demo_terms.school_days_later(known, day, step.days), step.at)
            await stamping.stamp(viewer, town.jobs[job.what], Stamping(step.kind, at, reason=step.reason))

    return act


def _checks(check: DemoCheck) -> Do:
    async def act(town: Town) -> None:
        contract = town.contracts[check.contract]
        passed = {"passed": check.passed}
        logged = Logged(
            EventKind.SAMPLE, await _promise(contract, check.promise), on_day=clock.today(), said=passed, what=check.what
        )
        await logging_one.log(town.writer(KEEPER), contract, logged)

    return act


def _talks() -> Iterator[Act]:
    """One job is corrected, one disputed, and of one both sides agree that it is left out."""
    by_what = {job.what: job for job in demo_service.JOBS}
    yield Act(by_what[demo_service.CORRECTED].days_ago - 3, _corrects(by_what[demo_service.CORRECTED]))
    yield Act(by_what[demo_service.DISPUTED].days_ago - 9, _is_disputed)
    yield Act(by_what[demo_service.AGREED].days_ago - 9, _is_agreed)


def _corrects(job: DemoJob) -> Do:
    async def act(town: Town) -> None:
        viewer, logged = town.writer(KEEPER), town.jobs[job.what]
        was = (await reading.event(viewer, logged)).event.job
        new = _as_logged(job, was.on_day, demo_service.CORRECTED_TIME)
        await correcting.correct(viewer, logged, new, row=was.row, reason=demo_service.CORRECTED_BECAUSE)

    return act


async def _is_disputed(town: Town) -> None:
    said = Discussion(Discussed.DISPUTED, clock.today(), demo_service.THEIR_WORDS)
    await agreeing.discuss(town.writer(KEEPER), town.jobs[demo_service.DISPUTED], said)


async def _is_agreed(town: Town) -> None:
    """By the head, because Joanne logged it."""
    agreed = Agreement(
        Agreed.LEFT_OUT, clock.today(), demo_service.AGREED_BECAUSE, "Martin Ekwueme", "Their schools team", clause="6.4"
    )
    await agreeing.agree(town.writer(KEEPER, by_head=True), town.jobs[demo_service.AGREED], agreed)


async def _shares_with_the_cluster(town: Town) -> None:
    """So that schools of it who heat, too, find each other at the meeting."""
    to_cluster = GrantChoice(GrantKind.NETWORK, town.network, fields=Fields.TERMS | Fields.DATES)
    await shares.share(town.writer("harrowmere"), town.contracts["hm_boilers"], AudienceChoice((to_cluster,)))


async def _shares_with_a_neighbour(town: Town) -> None:
    to_hexby = GrantChoice(GrantKind.SCHOOL, town.schools["hexby"], fields=SHOWN)
    await shares.share(town.writer(KEEPER), town.contracts["grounds"], AudienceChoice((to_hexby,)))


async def _promise(contract: UUID, name: str) -> UUID:
    async with database.read():
        return next(one.metric for one in (await stored_metrics.metrics_of(contract)).versions if one.name == name)


def _logger(town: Town, *, by_site_staff: bool) -> Viewer:
    return town.staff[KEEPER, Role.SITE_STAFF] if by_site_staff else town.writer(KEEPER)


def _days_ago(known: SchoolCalendar, today: date, wanted: int) -> int:
    """Of a school day near it, once the register was there."""
    earliest = today - timedelta(days=demo_contracts.KEPT - 2)
    return (today - demo_terms.school_day(known, today - timedelta(days=wanted), earliest=earliest)).days


def _moment(day: date, at: time) -> datetime:
    return datetime.combine(day, at, tzinfo=clock.LONDON)
