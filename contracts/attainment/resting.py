"""What a promise of documents in date rests on: the documents kept with the contract and those that were logged, by name."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final
from uuid import UUID

from piccolo.querystring import QueryString

import database
from base import clock
from base.viewer import Viewer
from contracts.access import served
from contracts.documents import answering, documents, kept
from contracts.documents.answering import Kept
from contracts.judging.job import Job
from contracts.promises import stored_metrics
from contracts.promises.kinds import EventKind, MetricKind
from contracts.promises.metric import Metrics, MetricVersion
from contracts.service_events import access, stored

MOST_READ: Final = 1_000  # logged documents of a contract: one a school day for five years


@dataclass(frozen=True, slots=True)
class Seen:
    """One that counts, by ``event`` where somebody logged it, otherwise kept with the contract: ``document`` is None for whoever
    doesn't open it. ``last`` None: for good.
    """

    words: str
    first: date | None
    last: date | None
    document: UUID | None = None
    event: UUID | None = None


@dataclass(frozen=True, slots=True)
class RestsOn:
    """A promised document, and what counts for it up to today; nothing: nobody kept or logged one."""

    promised: str
    seen: tuple[Seen, ...]


async def by_promise(viewer: Viewer, contract_id: UUID) -> dict[UUID, tuple[RestsOn, ...]]:
    """By the id of each promise of documents, as it stands last. A school that a trust's contract covers reads what was logged
    there. Opens its own unit; raises NotFound.
    """
    async with database.read():
        about = await served.contract_read(viewer, contract_id)
        metrics = await stored_metrics.metrics_of(about.id)
        latest = {one.metric: one for one in metrics.versions if one.kind is MetricKind.DOCUMENT}
        if not latest:
            return {}
        papers = await kept.of_contract(about.school, about.id)
        opens = await documents.opens(viewer, about.id)
        which = QueryString("(e.kind = {} AND {})", EventKind.DOCUMENT.value, access.rows_read(viewer, about))
        jobs = await stored.jobs(about.id, which, MOST_READ)
    found = {metric: _of_one(one, metrics, papers, jobs) for metric, one in latest.items()}
    return found if opens else {metric: tuple(map(_closed, each)) for metric, each in found.items()}


def _closed(one: RestsOn) -> RestsOn:
    """What it rests on is said, and no document is offered."""
    return replace(one, seen=tuple(replace(seen, document=None) for seen in one.seen))


def _of_one(metric: MetricVersion, metrics: Metrics, papers: Iterable[Kept], jobs: Iterable[Job]) -> tuple[RestsOn, ...]:
    until = min(metric.until_day or date.max, clock.today())
    found: Mapping[str, list[Seen]] = {kind: [] for kind in metric.terms["kinds"]}
    for kind, one in answering.answering(metric, metrics, until, papers):
        found[kind].append(Seen(one.what.kind.words, one.first, one.what.expires_on, document=one.id))
    for job in jobs:
        if job.metric in (None, metric.metric) and job.on_day <= until and job.said.get("kind") in found:
            first, last = (date.fromisoformat(day) if day else None for day in (job.said.get("from"), job.said.get("to")))
            found[job.said["kind"]].append(Seen("Logged", first, last, event=job.job))
    return tuple(RestsOn(kind, tuple(seen)) for kind, seen in found.items())
