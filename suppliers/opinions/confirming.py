"""The words of criticism that wait for a head, and those that were corrected since one confirmed them."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

import audit
import database
from audit.log.subjects import Subject
from base.refusals import Conflict, Forbidden, NotFound
from base.viewer import Viewer
from base.words import count
from sharing.access import audiences, visibility
from sharing.people import confirmers
from suppliers.events import Event
from suppliers.opinions import criticism
from suppliers.record import interests
from suppliers.tables import ConfirmedCriticism, Note, Review, Supplier
from web.pages.notices import Notice

ONLY_CONFIRMERS = "Only the head confirms criticism, or the business manager whom the head named for it. Ask your head."
NOT_WITH_AN_INTEREST = (
    "You declared an interest in this supplier, so somebody else confirms criticism of it: the head, or whom the head names "
    "for it."
)
CHANGED = "These words changed after you read them. Read the new ones, then confirm."


@dataclass(frozen=True, slots=True)
class Waiting:
    """Criticism of ours that somebody has to look at: ``before`` is what was confirmed, "" for nothing.

    ``is_withheld``: the viewer declared an interest in the supplier; then both texts and the digest are "".
    """

    id: UUID
    is_note: bool
    supplier: UUID
    supplier_name: str
    before: str
    text: str
    digest: str  # names the words and files that are shown, so that no others are confirmed
    since: datetime | None  # of new words, when they began to wait; None for a correction, which many can read already
    is_withheld: bool = False


@dataclass(frozen=True, slots=True)
class Queue:
    waiting: tuple[Waiting, ...]
    corrected: tuple[Waiting, ...]


async def queue(viewer: Viewer) -> Queue:
    """Of the viewer's school; nothing for a governor, who reads no criticism."""
    if not viewer.role.reads_criticism:
        return Queue((), ())
    async with database.read():
        kept = await ConfirmedCriticism.objects().where(ConfirmedCriticism.school == viewer.school)
        if not kept:
            return Queue((), ())
        rows = await _rows(viewer.school, [one.id for one in kept])
        names = await _names({row.supplier for row in rows.values()})
        found = [await _waiting(one, rows[one.id], names) for one in kept if one.id in rows]
        interested = await interests.suppliers_of(viewer)
    waiting = (one for one in found if one.since and one.text)
    corrected = (one for one in found if not one.since and one.text != one.before and one.text and one.before)
    return Queue(_readable(waiting, interested), _readable(corrected, interested))


def _readable(found: Iterable[Waiting], interested: Collection[UUID]) -> tuple[Waiting, ...]:
    """Without the words about suppliers that the viewer is ``interested`` in."""
    return tuple(
        replace(one, before="", text="", digest="", is_withheld=True) if one.supplier in interested else one for one in found
    )


async def notices(viewer: Viewer) -> tuple[Notice, ...]:
    """For the home page: what waits for somebody else to confirm it, and what was corrected. What waits for the viewer says
    `waiting.py`.
    """
    found, told = await queue(viewer), []
    may = (found.waiting or found.corrected) and await may_confirm(viewer)
    if found.waiting and not may:
        waits = "waits" if len(found.waiting) == 1 else "wait"
        told.append(f"{count(len(found.waiting), 'text')} of criticism {waits} for your head to be confirmed.")
    if found.corrected and may:
        told.append(f"Wording corrected since you confirmed: {count(len(found.corrected), 'text')}.")
    return tuple(Notice(sentence, "/criticism", "Read before and after") for sentence in told)


async def may_confirm(viewer: Viewer) -> bool:
    """For a page: whether the viewer confirms criticism of their school."""
    async with database.read():
        return await confirmers.may_confirm(viewer)


async def confirm(viewer: Viewer, item: UUID, *, digest: str) -> None:
    """Confirms the words that were read; those that waited go back to everyone whom they were shared with.

    Raises Forbidden, NotFound, and Conflict where the words are others by now.
    """
    async with audit.recording(viewer) as record:
        kept = await database.locked(
            ConfirmedCriticism.objects().where((ConfirmedCriticism.id == item) & (ConfirmedCriticism.school == viewer.school))
        ).first()
        row = (await _rows(viewer.school, [item], lock=True)).get(item)
        if kept is None or row is None:
            raise NotFound
        if not await confirmers.may_confirm(viewer):
            raise Forbidden(ONLY_CONFIRMERS)
        if not await criticism.may_confirm(viewer, row):
            raise Forbidden(NOT_WITH_AN_INTEREST)
        if await _digest(row) != digest:
            raise Conflict(CHANGED)
        if await criticism.is_confirmed(kept, row):
            record.unchanged()
            return
        stream = Subject.SUPPLIER.of(row.supplier)
        subject = (Subject.REVIEW if isinstance(row, Review) else Subject.NOTE).of(row.id)
        record(Event.CRITICISM_CONFIRMED, stream=stream, subject=subject, facts={"version": row.version})
        if kept.wanted is not None:
            old, new = await audiences.choice_of(row.audience), await audiences.choice_of(kept.wanted)
            table = type(row)
            await table.update({table.audience: kept.wanted}).where(table.id == row.id)
            facts = {"old": {"grants": old.facts()}, "new": {"grants": new.facts()}}
            record(Event.SHARE_GIVEN, stream=stream, subject=subject, facts=facts)
        await criticism.keep_confirmed(viewer, row)


async def _rows(school: UUID, ids: Iterable[UUID], *, lock: bool = False) -> dict[UUID, Review | Note]:
    found: dict[UUID, Review | Note] = {}
    wanted = list(ids)
    for table in (Review, Note):
        query: Any = table.objects().where(
            table.school == school, database.among(table.id, wanted), visibility.in_sight(table), table.audience.is_not_null()
        )
        found |= {row.id: row for row in await (database.locked(query) if lock else query)}
    return found


async def _names(suppliers: Iterable[UUID]) -> dict[UUID, str]:
    rows = await Supplier.select(Supplier.id, Supplier.name).where(database.among(Supplier.id, list(suppliers)))
    return {row["id"]: row["name"] for row in rows}


async def _waiting(kept: ConfirmedCriticism, row: Review | Note, names: dict[UUID, str]) -> Waiting:
    return Waiting(
        id=row.id,
        is_note=isinstance(row, Note),
        supplier=row.supplier,
        supplier_name=names[row.supplier],
        before=kept.text,
        text=criticism.text_of(row),
        digest=await _digest(row),
        since=kept.waits_since,
    )


async def _digest(row: Review | Note) -> str:
    return sha256("\n".join([*sorted(await criticism.files_of(row)), criticism.text_of(row)]).encode()).hexdigest()
