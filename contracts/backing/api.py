"""Whether a review of yours rests on logged jobs, over JSON."""

from uuid import UUID

import msgspec
from litestar import Router, get, put
from litestar.params import FromPath, JSONBody

from base.viewer import KeyScope
from contracts.backing import backing
from contracts.backing.backing import Backed, Says
from contracts.events import Event
from web.pages.handlers import CurrentViewer


class LoggedJobsIn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``says``: nothing; rests, that it rests on logged jobs; counts, also how many, and how many were late."""

    says: Says


class LoggedJobsOut(msgspec.Struct, frozen=True, kw_only=True):
    """``jobs`` are those that your school logged with the supplier, ``late`` those that both sides agreed to have been missed.

    Neither counts what a confidential contract is about, what both sides left out, or what the supplier claims.
    """

    says: Says
    jobs: int
    late: int


@get(
    "/reviews/{review_id:uuid}/logged-jobs",
    operation_id="getLoggedJobs",
    summary="Whether a review of yours says that it rests on logged jobs",
    key_scope=KeyScope.READ,
)
async def get_logged_jobs(viewer: CurrentViewer, review_id: FromPath[UUID]) -> LoggedJobsOut:
    """With what it would say: nobody else reads this."""
    return _out(await backing.of_ours(viewer, review_id))


@put(
    "/reviews/{review_id:uuid}/logged-jobs",
    operation_id="setLoggedJobs",
    summary="Say whether a review of yours rests on logged jobs",
    leaves=(Event.REVIEW_RESTS_ON_JOBS,),
    key_scope=KeyScope.SHARE,
)
async def set_logged_jobs(viewer: CurrentViewer, review_id: FromPath[UUID], data: JSONBody[LoggedJobsIn]) -> LoggedJobsOut:
    """Whoever may see the review's rating reads it from now on, as it is counted when they read."""
    return _out(await backing.say(viewer, review_id, data.says))


def _out(found: Backed) -> LoggedJobsOut:
    return LoggedJobsOut(says=found.says, jobs=found.counted.jobs, late=found.counted.late)


api = Router(path="/api/v1", route_handlers=[get_logged_jobs, set_logged_jobs], tags=["Reviews and notes"])
