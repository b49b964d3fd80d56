"""A supplier becomes one that other schools may see: at its school's first share beyond itself, in the same unit of work."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

import audit
from audit import Record
from audit.log.subjects import DIRECTORY, Subject
from base import clock
from base.refusals import Conflict, Invalid
from base.viewer import Viewer
from suppliers.directory.directory import is_own, must_see
from suppliers.events import Event
from suppliers.index import filing
from suppliers.merging import decisions, merges
from suppliers.merging.on_behalf import acting
from suppliers.record import facts
from suppliers.tables import Review, Supplier


@dataclass(frozen=True, slots=True)
class SaidOfEntries:
    """What a school said of the directory's entries that resemble its own record: which one it is, or which it is none of."""

    same_as: UUID | None = None
    none_of: tuple[UUID, ...] = ()


NOTHING_SAID: Final = SaidOfEntries()


async def publish(viewer: Viewer, record: Record, supplier_id: UUID, said: SaidOfEntries = NOTHING_SAID) -> UUID:
    """An own record joins the entry that it was said to be, or becomes an entry itself; an entry is left as it is.

    Returns the live id.

    Inside the caller's recording unit, which also shares. Raises Conflict when the school has reviewed both.
    """
    own = await must_see(viewer, supplier_id, lock=True)
    if not is_own(own):
        return own.id
    if said.same_as is None or said.same_as == own.id:
        listed = await _list(record, own)
        await decisions.judge_apart(record, viewer, listed, said.none_of)
        return listed
    target = await must_see(viewer, said.same_as)
    if is_own(target):
        raise Invalid("Choose a supplier from the directory.", same_as="Choose a supplier from the directory.")
    return await _join(viewer, record, own.id, target.id)


async def _list(record: Record, own: Supplier) -> UUID:
    """The own record becomes the entry: its id, and so every link to it, stays.

    Only its own facts are listed, without those that the school left out of it: what was merged into it stays the school's.
    """
    whole = (await facts.load([own.id]))[own.id]
    written = (await facts.as_written([own.id]))[own.id]
    known = facts.of_lines(line for line in written.lines if line in whole.lines)
    await filing.unindex(own.id, owner=own.owner)
    await facts.replace(own.id, known)
    await Supplier.update({Supplier.owner: None, Supplier.made_at: clock.now()}).where(Supplier.id == own.id)
    await filing.index(own.id, owner=None, known=known)
    stream = Subject.SUPPLIER.of(own.id)
    record(Event.SUPPLIER_LISTED, stream=stream, subject=stream)
    told, texts = {"new": {"categories": list(known.categories)}}, {name: text for name, text in known.texts.items() if text}
    record(Event.DIRECTORY_LISTED, stream=DIRECTORY, subject=stream, facts=told, personal=texts, trail=audit.OPERATOR)
    return own.id


async def _join(viewer: Viewer, record: Record, own_id: UUID, entry_id: UUID) -> UUID:
    """What the school said of its own record is now said of the entry; the own record stays as a way there."""
    act = acting(viewer)
    own, entry = await act.lock_two(own_id, entry_id)
    mine = (Review.school == viewer.school) & Review.withdrawn_at.is_null()
    reviewed = [await Review.exists().where(mine & (Review.supplier == one.id)) for one in (own, entry)]
    if all(reviewed):
        raise Conflict(f"Your school has reviewed both {own.name} and {entry.name}. Withdraw one review, then share again.")
    made = await merges.join(act, own, entry)
    told = {"joined_to": str(entry.id), "merge": {"id": str(made)}}
    stream = Subject.SUPPLIER.of(own.id)
    record(Event.SUPPLIER_JOINED, stream=stream, subject=stream, facts={"new": told}, personal={"name": entry.name})
    return entry.id
