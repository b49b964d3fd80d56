"""A supplier's list of jobs becomes events that the supplier claims; of each row it is said what became of it."""

import asyncio
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import UUID

import audit
from base import clock
from base.spreadsheets.cells import Limits
from base.spreadsheets.reading_apart import opened
from base.viewer import Viewer
from contracts.access import served
from contracts.job_lists import job_list
from contracts.job_lists.job_list import JobList, Left
from contracts.promises import stored_metrics
from contracts.promises.kinds import How
from contracts.promises.metric import Metrics
from contracts.service_events import access, logging_one, stamping, stored

LIMITS = Limits(packed=2 * 1024 * 1024, unpacked=10_000_000, rows=5_000)
THERE = "A job with this number is logged already, so it is not logged again."


@dataclass(frozen=True, slots=True)
class Taken:
    """``logged`` of the list's rows are events now."""

    found: JobList
    logged: int


async def take(viewer: Viewer, contract_id: UUID, content: bytes, *, chosen: Mapping[str, str], how: How) -> Taken:
    """Nothing is logged while a column that is needed is not known. Raises Forbidden, NotFound, Invalid, TooLarge."""
    access.must_keep(viewer)
    async with audit.recording(viewer) as record:
        about = await served.contract(viewer, contract_id, lock=True)
        metrics = await stored_metrics.metrics_of(contract_id)
        found = await asyncio.to_thread(_read, content, chosen, how, metrics)
        found = await _without_those_there(contract_id, found)
        for one in found.claimed:
            made = await logging_one.log_one(record, viewer, about, metrics, one.event)
            for step in one.steps:
                (job,) = await stored.jobs(contract_id, stored.named(made), 1)
                await stamping.stamp_one(record, viewer, about, job, step, metrics)
        if not found.claimed:
            record.unchanged()
    return Taken(found, len(found.claimed))


def _read(content: bytes, chosen: Mapping[str, str], how: How, metrics: Metrics) -> JobList:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "jobs"
        path.write_bytes(content)
        with opened(path, LIMITS) as book:
            rows = list(book.sheets[0].rows())
    return job_list.read(rows, chosen, how, metrics, clock.now())


async def _without_those_there(contract: UUID, found: JobList) -> JobList:
    """By their number, of the contract and within the list."""
    seen = await stored.job_numbers(contract)
    claimed, left = [], list(found.left)
    for one in found.claimed:
        if one.event.job_number in seen:
            left.append(Left(one.line, one.event.job_number, THERE))
        else:
            claimed.append(one)
            seen.add(one.event.job_number)
    return replace(found, claimed=tuple(claimed), left=tuple(sorted(left, key=lambda each: each.line)))
