"""Two suppliers become one, and one of them leaves again: the verbs. suppliers/record/merge_effects.py changes the rows.

A merge is one edge and no more: no opinion, grant, text or trail entry changes, so undoing it restores what was before.
It never widens who sees anything.
"""

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID, uuid4

import audit
import database
from audit.log.subjects import Subject
from base import clock
from base.refusals import Conflict, Forbidden, Invalid, NotFound
from base.viewer import Viewer
from suppliers.directory import directory
from suppliers.events import Event
from suppliers.merging import decisions, history, links
from suppliers.merging.history import Merged
from suppliers.merging.on_behalf import MEANWHILE, Acting, acting, owned
from suppliers.record import facts, merge_edges, merge_effects, merge_forest
from suppliers.tables import Merge, Note, Review, Supplier

MOST_DROPPED: Final = 200  # more than two suppliers have facts on a screen that anybody reads
LONGEST_DROPPED: Final = 20_000  # characters of them as they are kept: an average of a hundred for each
DIRECTORY_KEEPS: Final = "The directory's entry is the one that stays. Merge your school's own record into it."
CURATORS: Final = "Both are in the shared directory, so a curator decides. You can say that they are the same."

MERGED: Final = (Event.SUPPLIER_MERGED, Event.DIRECTORY_MERGED)
UNDONE: Final = (Event.SUPPLIER_MERGE_UNDONE, Event.DIRECTORY_MERGE_UNDONE)


@dataclass(frozen=True, slots=True)
class MergeChoice:
    """``dropped``: facts of either side, such as "category:catering", left out of the two together.

    ``numbers_checked``: a person looked at company or charity numbers that disagree.
    """

    dropped: frozenset[str] = frozenset()
    numbers_checked: bool = False

    @property
    def dropped_as_json(self) -> str:
        """``dropped`` as the table's column of that name holds it."""
        return json.dumps(sorted(self.dropped), ensure_ascii=False)


KEEP_ALL: Final = MergeChoice()


async def merge(viewer: Viewer, joined: UUID, whole: UUID, *, choice: MergeChoice = KEEP_ALL, as_curator: bool = False) -> Merged:
    """``joined`` becomes part of ``whole``, whose name is kept.

    A school: its own record into another or into a directory entry. A curator: two entries. Raises Conflict, Forbidden,
    Invalid, NotFound, each with a sentence.
    """
    act = acting(viewer, as_curator=as_curator)
    async with audit.recording(viewer) as record:
        part, kept = await act.lock_two(joined, whole)
        if act.owner is not None and not directory.is_own(part):
            raise Forbidden(DIRECTORY_KEEPS if directory.is_own(kept) else CURATORS)
        made = await join(act, part, kept, choice)
        names = _names(part, kept) | ({"left_out": ", ".join(sorted(choice.dropped))} if choice.dropped else {})
        act.tell(record, MERGED, part.id, Subject.MERGE.of(made), {"new": _ids(part, kept)}, names)
        return await history.told(viewer, made)


async def join(act: Acting, part: Supplier, kept: Supplier, choice: MergeChoice = KEEP_ALL) -> UUID:
    """Makes the edge, and what follows from it. Inside the recording unit that locked both."""
    await decisions.refuse_what_is_apart(act, part, kept)
    await links.refuse_what_is_linked(act, part, kept)
    ids = (*await _all_of(act, part.id), *await _all_of(act, kept.id))
    await _refuse_too_many(act, (*await merge_edges.whole(part.id, act.owner), *await merge_edges.whole(kept.id, act.owner)))
    await _refuse_choice(part, kept, choice)
    made = Merge(
        id=uuid4(),
        owner=act.owner,
        from_supplier=part.id,
        to_supplier=kept.id,
        dropped=choice.dropped_as_json,
        merged_at=clock.now(),
        merged_by=act.viewer.person,
    )
    await made.save()
    await merge_effects.settle(ids, act.owner)
    return made.id


async def _all_of(act: Acting, root: UUID) -> tuple[UUID, ...]:
    """What a merge or undo may move: a school's moves nothing of another's."""
    return await merge_edges.whole(root, act.owner) if act.owner else await merge_edges.everything(root)


async def undo(viewer: Viewer, merge_id: UUID, *, as_curator: bool = False) -> Merged:
    """Takes one merge back, whatever was merged since: its part leaves. Nothing changes when it was undone.

    Raises NotFound for another school's, and Conflict while something written for an own record is shared.
    """
    act = acting(viewer, as_curator=as_curator)
    async with audit.recording(viewer) as record:
        found, root = await _locked(act, merge_id)
        (part,) = await Supplier.objects().where(Supplier.id == found.from_supplier)
        if root is None:
            record.unchanged()
            return await history.told(viewer, found.id)
        ids = await _all_of(act, root)
        leaving = merge_forest.part(await merge_edges.live(ids), part.id)
        await _refuse_what_is_shared(part, leaving)
        done: dict[Any, Any] = {Merge.undone_at: clock.now(), Merge.undone_by: viewer.person}
        await Merge.update(done).where(Merge.id == found.id)
        await merge_effects.settle(ids, act.owner)
        (kept,) = await Supplier.objects().where(Supplier.id == found.to_supplier)
        old, names = _ids(part, kept), {f"{name}.old": text for name, text in _names(part, kept).items()}
        act.tell(record, UNDONE, part.id, Subject.MERGE.of(found.id), {"old": old, "new": dict.fromkeys(old)}, names)
        return await history.told(viewer, found.id)


def _names(part: Supplier, kept: Supplier) -> dict[str, str]:
    """What an entry calls the two: either may be a person's name, so that it can be erased."""
    return {"supplier": part.name, "part_of": kept.name}


def _ids(part: Supplier, kept: Supplier) -> dict[str, Any]:
    return {"joined": {"from": str(part.id), "to": str(kept.id)}}


async def _locked(act: Acting, merge_id: UUID) -> tuple[Merge, UUID | None]:
    """The merge and the root of the whole that it belongs to, which is locked; None where it was undone before."""
    mine = (Merge.id == merge_id) & owned(Merge, act.owner)
    found = await Merge.objects().where(mine).first()
    if found is None:
        raise NotFound
    root = await _root(found.from_supplier)
    await database.locked(Supplier.objects().where(Supplier.id == root))
    if not await Merge.exists().where(mine & Merge.undone_at.is_null()):
        return found, None
    if root is None or await _root(found.from_supplier) != root:
        raise Conflict(MEANWHILE)
    return found, root


async def _root(joined: UUID) -> UUID | None:
    root: UUID | None
    (root,) = await Supplier.select(Supplier.joined_to).where(Supplier.id == joined).output(as_list=True)
    return root


async def _refuse_too_many(act: Acting, ids: Collection[UUID]) -> None:
    together = await Supplier.count().where(database.among(Supplier.id, ids) & owned(Supplier, act.owner))
    if together > merge_forest.MOST_TOGETHER:
        raise Conflict(
            f"Together they would be {together} records of one supplier, and {merge_forest.MOST_TOGETHER} are the most. "
            "Undo a merge that is wrong, or link them instead."
        )


async def _refuse_choice(part: Supplier, kept: Supplier, choice: MergeChoice) -> None:
    known = await facts.load([part.id, kept.id])
    ours, theirs = set(known[part.id].lines), set(known[kept.id].lines)
    may_go = {line for line in ours | theirs if not line.startswith(merge_forest.NAME)} | {merge_forest.ALIAS + part.name}
    if len(choice.dropped) > MOST_DROPPED or choice.dropped - may_go:
        raise Invalid("What you left out is no longer there. Look at both again.")
    if len(choice.dropped_as_json) > LONGEST_DROPPED:
        raise Invalid("That is too much to leave out at once. Keep more of it, or change the details of one first.")
    if choice.dropped and directory.is_own(part) and not directory.is_own(kept):
        raise Invalid("The details of a directory entry stay as they are. Merge without leaving anything out.")
    if not choice.numbers_checked and merge_forest.disagreeing(ours - choice.dropped, theirs - choice.dropped):
        sentence = "Their company or charity numbers differ. Check that they are one supplier, and say that you did."
        raise Invalid(sentence, numbers_checked=sentence)


async def _refuse_what_is_shared(part: Supplier, leaving: Iterable[UUID]) -> None:
    """An own record is seen by its school alone, so nothing that others see can leave with it."""
    if not directory.is_own(part):
        return
    ids, school = list(leaving), part.owner
    for table, what in ((Review, "review"), (Note, "a note")):
        written_for = database.among(table.written_for, ids) | (table.written_for.is_null() & database.among(table.supplier, ids))
        theirs = (table.school == school) & table.audience.is_not_null() & table.withdrawn_at.is_null()
        if await table.exists().where(written_for & theirs):
            its = "your review" if what == "review" else what
            raise Conflict(
                f"You share {its} that was written for {part.name}. Stop sharing it first: "
                f"{part.name} is your school's own again afterwards, and nobody else sees it."
            )
