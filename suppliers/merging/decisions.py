"""What people judged about two suppliers: the same, different, or not sure. Data that outlives every re-scoring.

"Different" holds for all that is part of either, however it got there: a merge that would bring them together is refused.
"The same" about two directory entries is a school's proposal; nothing changes until a curator merges them.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID, uuid4

import audit
import database
from audit.log.subjects import Subject
from base import clock
from base.refusals import Conflict, Invalid, NotFound
from base.text import line
from base.viewer import Viewer
from suppliers.directory import directory
from suppliers.events import Event
from suppliers.merging.on_behalf import Acting, acting, owned
from suppliers.merging.tables import Decision
from suppliers.record import facts, merge_edges
from suppliers.tables import Supplier

MOST_PROPOSED: Final = 1_000  # pairs of one school's, for curators to read: more than it uses suppliers
LONGEST_REASON: Final = 300  # a sentence or two
DECIDED: Final = (Event.SUPPLIER_DECIDED, Event.DIRECTORY_DECIDED)
RETRACTED: Final = (Event.SUPPLIER_DECISION_TAKEN_BACK, Event.DIRECTORY_DECISION_TAKEN_BACK)


class Judgement(StrEnum):
    SAME = "same"
    DIFFERENT = "different"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Decided:
    """``one`` and ``other`` as they were named when it was decided."""

    id: UUID
    one: UUID
    other: UUID
    judgement: Judgement
    reason: str
    seen: str
    decided_at: datetime


async def decide(
    viewer: Viewer, one: UUID, other: UUID, judgement: Judgement, *, reason: str = "", as_curator: bool = False
) -> UUID:
    """Replaces what was decided of the two before; returns the decision's id. Nothing changes when it says the same again.

    Raises Conflict when they are one supplier already, and Invalid for "the same" of what can be merged at once.
    """
    act = acting(viewer, as_curator=as_curator)
    said = line(reason, field="reason", longest=LONGEST_REASON, required=False)
    async with audit.recording(viewer) as record:
        first, second = await act.lock_two(one, other)
        is_ours = as_curator or directory.is_own(first) or directory.is_own(second)
        if judgement is Judgement.SAME and is_ours:
            raise Invalid("Merge them to say that they are the same.")
        decision, is_new = await _decide(record, act, first, second, judgement, said)
        if not is_new:
            record.unchanged()
        return decision


async def judge_apart(record: audit.Record, viewer: Viewer, one: UUID, others: Iterable[UUID]) -> None:
    """Inside the unit that added ``one``: whoever added it said that it is none of ``others``. Nobody asks again."""
    act = acting(viewer)
    for other in others:
        first, second = await act.lock_two(one, other)
        await _decide(record, act, first, second, Judgement.DIFFERENT, "")


async def _decide(
    record: audit.Record, act: Acting, first: Supplier, second: Supplier, judgement: Judgement, said: str
) -> tuple[UUID, bool]:
    """The decision's id, and whether it is new: the same again changes nothing. The unit has locked both."""
    viewer = act.viewer
    left, right = sorted((first.id, second.id))
    seen = await digest(left, right)
    before = await _live(act, left, right)
    if before and (before.judgement, before.reason, before.seen) == (judgement.value, said, seen):
        return before.id, False
    if judgement is Judgement.SAME:
        await _refuse_too_many(viewer)
    if before:
        await _end(viewer, before.id)
    made = Decision(
        id=uuid4(), owner=act.owner, left_supplier=left, right_supplier=right, judgement=judgement.value,
        reason=said, seen=seen, decided_at=clock.now(), decided_by=viewer.person,
    )  # fmt: skip
    with database.duplicates(Conflict("A colleague has just decided this. Look at both again.")):
        await made.save()
    told = {"judgement": judgement.value, "of": [{"id": str(first.id)}, {"id": str(second.id)}]}
    old = {"judgement": before.judgement} if before else {"judgement": None}
    texts = {"one": first.name, "other": second.name} | ({"reason": said} if said else {})
    act.tell(record, DECIDED, first.id, Subject.DECISION.of(made.id), {"old": old, "new": told}, texts)
    return made.id, True


async def _refuse_too_many(viewer: Viewer) -> None:
    mine = (Decision.owner == viewer.school) & Decision.undone_at.is_null()
    if await Decision.count().where(mine & (Decision.judgement == Judgement.SAME.value)) >= MOST_PROPOSED:
        raise Conflict(f"Your school has proposed {MOST_PROPOSED:,} pairs. Take some of them back, and then propose others.")


async def take_back(viewer: Viewer, decision_id: UUID, *, as_curator: bool = False) -> None:
    """Takes a decision back, as if it had not been made; a second time changes nothing. Raises NotFound for another school's."""
    act = acting(viewer, as_curator=as_curator)
    async with audit.recording(viewer) as record:
        query = Decision.objects().where((Decision.id == decision_id) & owned(Decision, act.owner))
        found = await database.locked(query).first()
        if found is None:
            raise NotFound
        if found.undone_at is not None:
            record.unchanged()
            return
        await _end(viewer, found.id)
        told = {"old": {"judgement": found.judgement}, "new": {"judgement": None}}
        act.tell(record, RETRACTED, found.left_supplier, Subject.DECISION.of(found.id), told)


async def refuse_what_is_apart(act: Acting, one: Supplier, other: Supplier) -> None:
    """Raises Conflict, naming the decision, when anything that is part of one was judged different from anything of the other.

    Inside the unit that locked both. A school's decisions bind its own merges, a curator's those of the directory.
    """
    ours, theirs = [set(await merge_edges.whole(end.id, act.owner)) for end in (one, other)]
    for found in await _apart(act.owner, ours | theirs):
        pair = {found.one, found.other}
        if pair & ours and pair & theirs:
            names = await names_of(pair)
            why = f" because: {found.reason}" if found.reason else ""
            raise Conflict(
                f"{names[found.one]} and {names[found.other]} were judged to be different on "
                f"{found.decided_at.astimezone(clock.LONDON):%-d %B %Y}{why}. Take that decision back first, if it was wrong."
            )


async def apart_from(viewer: Viewer, supplier_id: UUID) -> frozenset[UUID]:
    """The live suppliers that the viewer's school, or a curator, judged to be different from this one. Inside a unit."""
    root = (await directory.must_see(viewer, supplier_id)).id
    mine = set(await merge_edges.whole(root, viewer.school))
    others = {one for found in await _apart(viewer.school, mine) for one in (found.one, found.other)} - mine
    rows = await Supplier.select(Supplier.id, Supplier.joined_to).where(database.among(Supplier.id, others)) if others else []
    return frozenset(row["joined_to"] or row["id"] for row in rows)


async def of(owner: UUID | None, ids: set[UUID]) -> tuple[Decided, ...]:
    """All live decisions of this owner about any of these suppliers. Inside a unit."""
    if not ids:
        return ()
    about = database.among(Decision.left_supplier, ids) | database.among(Decision.right_supplier, ids)
    rows = await Decision.select().where(owned(Decision, owner) & Decision.undone_at.is_null() & about)
    return tuple(_decided(row) for row in rows)


async def digest(one: UUID, other: UUID) -> str:
    """SHA-256 of the facts of both: "not sure" is asked again once there is something new to know. Inside a unit."""
    known = await facts.load([one, other])
    told = json.dumps([known[supplier].as_dict() for supplier in sorted(known)])
    return hashlib.sha256(told.encode()).hexdigest()


async def names_of(ids: set[UUID]) -> Mapping[UUID, str]:
    """The names, by id, of suppliers that the caller may see. Inside a unit."""
    rows = await Supplier.select(Supplier.id, Supplier.name).where(database.among(Supplier.id, ids)) if ids else []
    return {row["id"]: row["name"] for row in rows}


async def _apart(owner: UUID | None, ids: set[UUID]) -> tuple[Decided, ...]:
    decided = await of(owner, ids) + (await of(None, ids) if owner else ())
    return tuple(found for found in decided if found.judgement is Judgement.DIFFERENT)


async def _live(act: Acting, left: UUID, right: UUID) -> Decision | None:
    pair = (Decision.left_supplier == left) & (Decision.right_supplier == right) & Decision.undone_at.is_null()
    found: Decision | None = await Decision.objects().where(pair & owned(Decision, act.owner)).first()
    return found


async def _end(viewer: Viewer, decision: UUID) -> None:
    done: dict[Any, Any] = {Decision.undone_at: clock.now(), Decision.undone_by: viewer.person}
    await Decision.update(done).where(Decision.id == decision)


def _decided(row: Mapping[str, Any]) -> Decided:
    return Decided(
        id=row["id"],
        one=row["left_supplier"],
        other=row["right_supplier"],
        judgement=Judgement(row["judgement"]),
        reason=row["reason"],
        seen=row["seen"],
        decided_at=row["decided_at"],
    )
