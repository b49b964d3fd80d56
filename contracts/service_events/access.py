"""Who may log what happened under a contract, and who reads it. Site staff log, and read what they logged themselves."""

from uuid import UUID

from piccolo.querystring import QueryString

from base.refusals import NotFound
from base.viewer import Viewer, must_keep_contracts, must_log_service
from contracts.register import served
from contracts.register.served import ServedContract
from contracts.service_events import stored
from contracts.service_events.job import Job

EVERY = QueryString("(1 = 1)")


def must_log(viewer: Viewer) -> None:
    """Raises Forbidden for whoever only reads."""
    must_log_service(viewer)


def must_keep(viewer: Viewer) -> None:
    """Raises Forbidden unless the viewer may say what a contract promises, and what both sides agreed."""
    must_keep_contracts(viewer)


def own_rows(viewer: Viewer, owner: UUID) -> QueryString:
    """The condition on events "e" that the viewer reads: a school that a contract covers reads its own."""
    return EVERY if owner == viewer.school else QueryString("e.school = {}", viewer.school)


def reads(viewer: Viewer, about: ServedContract, job: Job) -> bool:
    return viewer.school in (about.school, job.school)


async def open_job(viewer: Viewer, job_id: UUID, *, lock: bool = False) -> tuple[ServedContract, Job]:
    """A job that the viewer reads, with its contract. Inside the caller's unit. Raises NotFound."""
    contract = await stored.contract_of_job(job_id)
    about = await served.contract(viewer, contract, lock=lock)
    found = await stored.job(job_id, contract)
    if not reads(viewer, about, found):
        raise NotFound
    return about, found
