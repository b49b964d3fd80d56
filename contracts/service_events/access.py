"""Who may log what happened under a contract, and who reads it. Site staff log, and read what they logged themselves."""

from uuid import UUID

from piccolo.querystring import QueryString

from base.refusals import NotFound
from base.viewer import Role, Viewer, must_keep_contracts, must_log_service
from contracts.access import served
from contracts.access.served import ServedContract
from contracts.judging.job import Job
from contracts.service_events import stored

EVERY = QueryString("(1 = 1)")


def must_log(viewer: Viewer) -> None:
    """Raises Forbidden for whoever only reads."""
    must_log_service(viewer)


def must_keep(viewer: Viewer) -> None:
    """Raises Forbidden unless the viewer may say what a contract promises, and what both sides agreed."""
    must_keep_contracts(viewer)


def rows_read(viewer: Viewer, about: ServedContract) -> QueryString:
    """The condition on events "e" that the viewer reads: a school that a contract covers reads its own, site staff theirs."""
    if viewer.role is Role.SITE_STAFF:
        return QueryString("(e.school = {} AND {})", viewer.school, _logged_by(viewer))
    return EVERY if about.school == viewer.school or about.is_led else QueryString("e.school = {}", viewer.school)


def _logged_by(viewer: Viewer) -> QueryString:
    """Whoever logged it first: a colleague may have corrected it since."""
    return QueryString(
        "(SELECT 1 FROM contracts_service_event f WHERE f.id = e.job AND f.author = {}) IS NOT NULL", viewer.person
    )


async def open_job(viewer: Viewer, job_id: UUID, *, lock: bool = False) -> tuple[ServedContract, Job]:
    """A job that the viewer reads, with its contract; with ``lock`` one that they may write about. Inside the caller's unit.

    Raises NotFound.
    """
    contract = await stored.contract_of_job(job_id)
    about = await (served.contract(viewer, contract, lock=True) if lock else served.contract_read(viewer, contract))
    which = QueryString("(e.job = {} AND {})", job_id, rows_read(viewer, about))
    found = await stored.jobs(contract, which, 1)
    if not found:
        raise NotFound
    return about, found[0]
