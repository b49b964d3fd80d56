"""Whose reviews these are: those of the school that has the contract, no other that it serves. Inside the caller's unit."""

from uuid import UUID

from base.refusals import Forbidden, NotFound
from base.viewer import Role, Viewer
from contracts.access import served
from contracts.access.served import ServedContract
from contracts.review import stored
from contracts.review.stored import AgreedAction, HeldMeeting

ONLY_READERS = "Reviews of contracts are for those who keep them and for governors. Ask one of them."


def may_read(viewer: Viewer) -> bool:
    """Site staff and auditors read no reviews: what was decided and what it costs stands in them."""
    return viewer.role not in (Role.SITE_STAFF, Role.AUDITOR)


async def own(viewer: Viewer, contract: UUID, *, lock: bool = False) -> ServedContract:
    """A contract of the viewer's school. Raises Forbidden for who reads no reviews, NotFound."""
    if not may_read(viewer):
        raise Forbidden(ONLY_READERS)
    about = await served.contract(viewer, contract, lock=lock)
    if about.school != viewer.school:
        raise NotFound
    return about


async def own_meeting(viewer: Viewer, meeting: UUID, *, lock: bool = False) -> tuple[ServedContract, HeldMeeting]:
    """Raises as ``own``."""
    contract = await stored.contract_of_meeting(meeting)
    about = await own(viewer, contract, lock=lock)
    return about, next(one for one in (await stored.reviews_of(contract)).meetings if one.id == meeting)


async def own_action(viewer: Viewer, action: UUID) -> tuple[ServedContract, AgreedAction]:
    """Raises as ``own``."""
    contract = await stored.contract_of_action(action)
    about = await own(viewer, contract, lock=False)
    return about, next(one for one in (await stored.reviews_of(contract)).actions if one.id == action)
