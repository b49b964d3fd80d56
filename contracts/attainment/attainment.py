"""How the service did under a contract: figures of each promise by period, kept ones where they hold."""

import asyncio
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial
from itertools import groupby
from typing import Final
from uuid import UUID

import database
from base import clock
from base.refusals import Busy, Invalid
from base.viewer import Viewer
from contracts.access import served
from contracts.access.served import ServedContract
from contracts.attainment import kept, reckoning
from contracts.attainment.basis import Basis, bases_of, basis_of
from contracts.attainment.figures import LeftOut, MetricAttained, PeriodAttained, period_of
from contracts.attainment.kept import Found, Key
from contracts.attainment.periods import Span, Terms, ended, spans
from contracts.attainment.reckoning import Reckoned
from contracts.clock.clock import read_once
from contracts.documents import answering
from contracts.judging import asking
from contracts.judging.job import Job
from contracts.promises.kinds import EventKind, MetricKind
from contracts.promises.metric import MetricVersion
from contracts.service_events import calendar_of, stored
from sharing.tables import Person

MOST_SHOWN: Final = 6  # periods of a promise, the running one included, where nobody asks for days
LONGEST: Final = timedelta(days=6 * 366)  # that can be asked for
UNITS: Final[Mapping[MetricKind, str]] = {
    MetricKind.TIME_TO_EVENT: "jobs", MetricKind.AVAILABILITY: "minutes", MetricKind.SAMPLE_RATIO: "checks",
    MetricKind.QUANTITY: "days", MetricKind.SCHEDULE: "visits", MetricKind.DOCUMENT: "days", MetricKind.MONEY: "sums",
    MetricKind.SURVEY: "answers", MetricKind.MILESTONE: "dates",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Days:
    """From ``first`` to ``last``; None: as many periods as a page shows, up to today."""

    first: date | None = None
    last: date | None = None


Wanted = tuple[MetricVersion, Span]


async def of_contract(viewer: Viewer, contract_id: UUID, days: Days | None = None) -> tuple[MetricAttained, ...]:
    """By promise, by name; each with the periods that lie in the days asked for, or the last few. Opens its own units.

    A school that a trust's contract covers reads figures of what happened there. Raises NotFound for a contract that does not
    serve the viewer's school, Invalid for days in the wrong order.
    """
    days = _checked(days or Days())
    now = clock.now()
    async with database.read():
        about = await served.contract_read(viewer, contract_id)
        basis = await basis_of(about)
        wanted = list(_wanted(basis, days, now))
        if about.school != viewer.school and not about.is_led:
            basis = replace(basis, calendar=await calendar_of.at(viewer.school, about.school))
            found = await _reckoned(basis, wanted, now, at_school=viewer.school)
            return await _told(wanted, found, now)
        found, new = await _known(basis, wanted, now)
        answer = await _told(wanted, found, now)
    await _keep([(basis.contract, basis.version, new)])
    return answer


async def of_own(viewer: Viewer, contracts: Collection[UUID]) -> dict[UUID, tuple[MetricAttained, ...]]:
    """As ``of_contract``, of those of these that the viewer's school has, by contract; what was left out has no words.

    Read together: as many statements as for one, and some more for each whose figures have to be reckoned.
    """
    now = clock.now()
    answer: dict[UUID, tuple[MetricAttained, ...]] = {}
    anew: list[Found] = []
    async with database.read():
        bases = await bases_of(viewer.school, await served.starts_of(viewer.school, contracts))
        found = await kept.read({basis.contract: basis.version for basis in bases}, now)
        for basis in bases:
            wanted, known = list(_wanted(basis, Days(), now)), found.get(basis.contract, {})
            new = await _reckoned(basis, [one for one in wanted if _key(one) not in known], now)
            answer[basis.contract] = _attained(wanted, {**known, **new}, now)
            anew.append((basis.contract, basis.version, new))
    await _keep(anew)
    return answer


async def _keep(anew: Iterable[Found]) -> None:
    """Now, or when the page that it was reckoned for is read."""
    to_keep = [one for one in anew if one[2]]
    if to_keep:
        await database.afterwards(partial(_try_to_keep, to_keep))


async def _try_to_keep(anew: Iterable[Found]) -> None:
    with suppress(Busy):  # what can't be kept now is reckoned again next time
        await kept.keep(anew)


async def told_by(about: ServedContract, days: Days) -> tuple[MetricAttained, ...]:
    """As ``of_contract``, inside the caller's unit, which has asked who may read it; keeps nothing. Raises Invalid."""
    now, days = clock.now(), _checked(days)
    basis = await basis_of(about)
    wanted = list(_wanted(basis, days, now))
    found, _ = await _known(basis, wanted, now)
    return await _told(wanted, found, now)


async def reckoned_anew(school: UUID, starts: Mapping[UUID, date | None], now: datetime) -> list[Found]:
    """Of each promise of contracts that a school has the last period that is over and what runs since. In the caller's unit.

    ``starts`` says of each contract when it starts, where that is known.
    """
    bases, today = await bases_of(school, starts), now.astimezone(clock.LONDON).date()
    return [(basis.contract, basis.version, await _reckoned(basis, list(_last_over(basis, now, today)), now)) for basis in bases]


def _last_over(basis: Basis, now: datetime, today: date) -> Iterator[Wanted]:
    for _, of_it in groupby(_wanted(basis, Days(), now), key=lambda one: one[0].metric):
        found = list(of_it)
        over = [n for n, (_, span) in enumerate(found) if span.last < today and not span.is_between]
        yield from found[over[-1] if over else 0 :]


async def _known(basis: Basis, wanted: Sequence[Wanted], now: datetime) -> tuple[dict[Key, Reckoned], dict[Key, Reckoned]]:
    """All that is wanted, kept or reckoned now; and of these the latter, to be kept."""
    found = (await kept.read({basis.contract: basis.version}, now)).get(basis.contract, {})
    new = await _reckoned(basis, [one for one in wanted if _key(one) not in found], now)
    return {**found, **new}, new


def _wanted(basis: Basis, days: Days, now: datetime) -> Iterator[Wanted]:
    """Versions with their periods, by metric and time."""
    today = now.astimezone(clock.LONDON).date()
    until = min(days.last or today, today)
    for metric in dict.fromkeys(one.metric for one in basis.metrics.versions):
        of_it = [
            (version, span)
            for version in basis.metrics.versions
            if version.metric == metric and version.from_day <= until
            for span in _spans(basis, version, until)
            if days.first is None or span.last >= days.first
        ]
        yield from of_it if days.first is not None else _last_few(of_it)


def _last_few(found: Sequence[Wanted]) -> Iterator[Wanted]:
    """Holidays do not use up what a page shows."""
    terms = [one for one in found if not one[1].is_between][-MOST_SHOWN:]
    since = terms[0][1].first if terms else None
    return (one for one in found if since is None or one[1].first >= since)


def _spans(basis: Basis, version: MetricVersion, until: date) -> Iterator[Span]:
    of_contract = Terms(basis.starts_on, basis.ends)
    found = spans(version.period, version.from_day, until, of_contract=of_contract, terms=basis.terms)
    for span in found:
        if version.until_day is None or span.first <= version.until_day:
            yield ended(span, version.until_day)


async def _reckoned(
    basis: Basis, wanted: Sequence[Wanted], now: datetime, *, at_school: UUID | None = None
) -> dict[Key, Reckoned]:
    if not wanted:
        return {}
    jobs = await _jobs(basis, wanted, at_school)
    return await asyncio.to_thread(_each, basis, wanted, jobs, now)  # seconds, where there are thousands


def _each(basis: Basis, wanted: Sequence[Wanted], jobs: Sequence[Job], now: datetime) -> dict[Key, Reckoned]:
    by_kind = {kind: [job for job in jobs if job.kind is kind] for kind in EventKind}
    basis = replace(basis, calendar=read_once(basis.calendar))
    return {_key(one): _one(basis, one, by_kind, now) for one in wanted}


def _one(basis: Basis, wanted: Wanted, jobs: Mapping[EventKind, Sequence[Job]], now: datetime) -> Reckoned:
    version, span = wanted
    owing = [_figures(basis, one, jobs, now) for one in _owing(basis, wanted)]
    found = _figures(basis, wanted, jobs, now, owing)
    figure = period_of(version, span, found.figures, is_running=False).figure
    return replace(found, said=figure.said, share=figure.share)


def _figures(
    basis: Basis, wanted: Wanted, jobs: Mapping[EventKind, Sequence[Job]], now: datetime, owing: Sequence[Reckoned] = ()
) -> Reckoned:
    version, span = wanted
    documents = answering.rows(version, basis.metrics, span.last, basis.documents) if version.kind is MetricKind.DOCUMENT else ()
    return reckoning.reckon(version, span, jobs[version.event], basis.calendar, now, owing=owing, documents=documents)


def _owing(basis: Basis, wanted: Wanted) -> Iterator[Wanted]:
    """Of credits, the promise for whose breaches they are due: as it stood on each day of the period."""
    version, span = wanted
    if "of" not in version.terms:
        return
    for other in basis.metrics.versions_of(UUID(version.terms["of"])):
        first, last = max(span.first, other.from_day), min(span.last, other.until_day or span.last)
        if first <= last:
            yield other, replace(span, first=first, last=last)


async def _jobs(basis: Basis, wanted: Sequence[Wanted], at_school: UUID | None) -> tuple[Job, ...]:
    """One read for all periods."""
    every = [*wanted, *(other for one in wanted for other in _owing(basis, one))]
    reads = [asking.days_to_read(version, span.first, span.last) for version, span in every]
    firsts = [first for first, _ in reads]
    earliest = None if None in firsts else min(one for one in firsts if one is not None)
    jobs = await stored.jobs_between(basis.contract, earliest, max(last for _, last in reads))
    return await calendar_of.placed([job for job in jobs if at_school in (None, job.school)], basis.school)


def _key(wanted: Wanted) -> Key:
    version, span = wanted
    return version.version, span.first, span.last


async def _told(wanted: Sequence[Wanted], found: Mapping[Key, Reckoned], now: datetime) -> tuple[MetricAttained, ...]:
    """With what was left out in words."""
    metrics = _attained(wanted, found, now)
    words = await _words(one for metric in metrics for period in metric.periods for one in period.left_out)
    return tuple(replace(metric, periods=tuple(_with(words, one) for one in metric.periods)) for metric in metrics)


def _attained(wanted: Sequence[Wanted], found: Mapping[Key, Reckoned], now: datetime) -> tuple[MetricAttained, ...]:
    today = now.astimezone(clock.LONDON).date()
    periods: dict[UUID, list[PeriodAttained]] = {}
    latest: dict[UUID, MetricVersion] = {}
    for one in wanted:
        version, span = one
        period = period_of(version, span, found[_key(one)].figures, is_running=span.last >= today)
        if not (span.is_between and period.is_empty):
            periods.setdefault(version.metric, []).append(period)
        latest[version.metric] = version
    return tuple(
        MetricAttained(
            metric, version.name, version.clause, version.kind, version.period, UNITS[version.kind],
            tuple(periods.get(metric, ())),
        )
        for metric, version in latest.items()
    )  # fmt: skip


def _with(words: Mapping[UUID, LeftOut], period: PeriodAttained) -> PeriodAttained:
    return replace(period, left_out=tuple(words[one.said] for one in period.left_out)) if period.left_out else period


async def _words(left_out: Iterator[LeftOut]) -> dict[UUID, LeftOut]:
    """What was left out, with why and who agreed, by the agreement's id."""
    listed = list(left_out)
    if not listed:
        return {}
    said = await stored.words_of([one.said for one in listed])
    people = await Person.select(Person.id, Person.name).where(database.among(Person.id, {one.by for one in listed}))
    names = {row["id"]: row["name"] for row in people}
    return {one.said: _with_words(one, said.get(one.said, {}), names.get(one.by, "a former colleague")) for one in listed}


def _with_words(one: LeftOut, words: Mapping[str, str], by_name: str) -> LeftOut:
    reason, ours, theirs = (words.get(name, "") for name in ("reason", "ours", "theirs"))
    return replace(one, by_name=by_name, reason=reason, ours=ours, theirs=theirs)


def _checked(days: Days) -> Days:
    if days.first and days.last and days.last < days.first:
        raise Invalid("The period ends before it begins.", last="The period ends before it begins.")
    if days.first and (days.last or clock.today()) - days.first > LONGEST:
        raise Invalid("Ask for at most six years at a time.", first="Ask for at most six years at a time.")
    return days
