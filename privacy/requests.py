"""What a school was asked to erase, and one request in full for whoever decides about it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import database
from audit.erasing.erasure import ErasureReason
from audit.tables import Erasure
from base.refusals import Conflict, NotFound, Refusal
from base.viewer import Viewer, must_write
from privacy import plan as erasure_plan
from privacy import seconds
from privacy.finds import Find
from sharing.accounts import erasure as accounts
from sharing.two_people import established, published


class RequestState(StrEnum):
    OPEN = "waiting"
    APPLIED = "erased"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class ErasureRequest:
    """``about`` names somebody only while the request is open."""

    id: UUID
    about: str
    has_account: bool
    parts: int  # texts and files that were chosen
    reason: ErasureReason
    words: str
    asked_by: str
    asked_at: datetime
    decided_by: str
    decided_at: datetime | None
    state: RequestState


@dataclass(frozen=True, slots=True)
class RequestInFull:
    """``finds`` and ``fields`` as things stand now; both empty when ``refused`` says why nothing of it can go today."""

    request: ErasureRequest
    finds: tuple[Find, ...]
    fields: int  # of the trail, that hold the name or e-mail by themselves
    why_not: str  # why the viewer may not approve it, and who helps; "": the viewer may
    approvers: tuple[str, ...]  # who at the school may
    two: tuple[str, ...]  # where nobody may: two colleagues who count, and so decide it anew; empty: somebody from outside does
    may_write: bool  # to the school's chair, who would be the second person
    stays_elsewhere: bool  # the account is another school's as well
    refused: str


async def every(viewer: Viewer) -> tuple[ErasureRequest, ...]:
    """The viewer's school's requests, the newest first."""
    async with database.read():
        rows = await Erasure.select().where(Erasure.trail == str(viewer.school)).order_by(Erasure.asked_at, ascending=False)
        names = await accounts.names({row[who] for row in rows for who in ("person", "asked_by", "decided_by") if row[who]})
    return tuple(_request(row, names) for row in rows)


async def one(viewer: Viewer, erasure_id: UUID) -> RequestInFull:
    """One request of the viewer's school, as things are now. Raises Forbidden, NotFound."""
    must_write(viewer)
    async with database.read():
        row = await Erasure.select().where((Erasure.id == erasure_id) & (Erasure.trail == str(viewer.school))).first()
        if row is None:
            raise NotFound
        names = await accounts.names({row[who] for who in ("person", "asked_by", "decided_by") if row[who]})
        request = _request(row, names)
        if request.state is not RequestState.OPEN:
            return RequestInFull(request, (), 0, "", (), (), may_write=False, stays_elsewhere=False, refused="")
        plan, refused = await _plan(viewer, row)
        approvers = await seconds.colleagues(row["asked_by"], viewer.school)
        elsewhere = row["person"] is not None and await accounts.is_held_elsewhere(viewer.school, row["person"])
        return RequestInFull(
            request=request,
            finds=plan.finds if plan else (),
            fields=len(plan.identity) if plan else 0,
            why_not=await established.why_not_two(row["asked_by"], viewer.person, viewer.school),
            approvers=tuple(one.name for one in approvers),
            two=() if approvers else tuple(one.name for one in await established.any_two(viewer.school)),
            may_write=await seconds.is_wanted_from_outside(row["asked_by"], viewer.school)
            and bool(await published.chair_of(viewer.school, row["asked_by"])),
            stays_elsewhere=elsewhere,
            refused=refused,
        )


async def _plan(viewer: Viewer, row: Mapping[str, Any]) -> tuple[erasure_plan.ErasurePlan | None, str]:
    """The plan, and why nothing can go today ("" if it can): a hold, a duty, or somebody who belongs to the school again."""
    try:
        plan = await erasure_plan.make(viewer, row["person"], row["sought"], chosen=json.loads(row["chosen"]))
    except (Conflict, NotFound) as refusal:
        return None, refusal.sentence
    try:
        await erasure_plan.refuse_what_must_stay(viewer, plan)
    except Refusal as refusal:
        return plan, refusal.sentence
    return plan, ""


def _request(row: Mapping[str, Any], names: Mapping[UUID, str]) -> ErasureRequest:
    state = RequestState.APPLIED if row["applied_at"] else RequestState.WITHDRAWN if row["withdrawn_at"] else RequestState.OPEN
    return ErasureRequest(
        id=row["id"],
        about=_about(row, names, state),
        has_account=row["person"] is not None,
        parts=len(json.loads(row["chosen"])),
        reason=ErasureReason(row["reason"]),
        words=row["words"],
        asked_by=names.get(row["asked_by"], accounts.ERASED_NAME),
        asked_at=row["asked_at"],
        decided_by="the chair of the school" if row["decided_as"] == seconds.CHAIR else names.get(row["decided_by"], ""),
        decided_at=row["applied_at"] or row["withdrawn_at"],
        state=state,
    )


def _about(row: Mapping[str, Any], names: Mapping[UUID, str], state: RequestState) -> str:
    if state is not RequestState.OPEN:
        return "Somebody who left" if row["person"] else "A name in our texts"
    name = names.get(row["person"], "") if row["person"] else ""
    return name or ", ".join(row["sought"].splitlines())
