"""Suppliers that belong together and stay two: a site of one, its successor, part of a group, a trading name."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final
from uuid import UUID, uuid4

import audit
import database
from audit.log.subjects import Subject
from base import clock
from base.refusals import Conflict, NotFound
from base.viewer import Viewer
from suppliers.directory import directory
from suppliers.events import Event
from suppliers.merging.on_behalf import Acting, acting, owned
from suppliers.merging.tables import SupplierLink
from suppliers.record import merge_edges
from suppliers.tables import Supplier

MOST_SHOWN: Final = 100  # links on one supplier's page
LINKED: Final = (Event.SUPPLIER_LINKED, Event.DIRECTORY_LINKED)
UNLINKED: Final = (Event.SUPPLIER_UNLINKED, Event.DIRECTORY_UNLINKED)


class LinkKind(StrEnum):
    """How two suppliers belong together: ``words`` say it from the first to the second, ``back`` from the second to the first."""

    SITE_OF = "site_of"
    SUCCESSOR_OF = "successor_of"
    PART_OF = "part_of"
    TRADING_NAME_OF = "trading_name_of"

    @property
    def words(self) -> str:
        return _WORDS[self][0]

    @property
    def back(self) -> str:
        return _WORDS[self][1]


_WORDS: Final[Mapping[LinkKind, tuple[str, str]]] = {
    LinkKind.SITE_OF: ("A site of", "Its site"),
    LinkKind.SUCCESSOR_OF: ("Took over from", "Taken over by"),
    LinkKind.PART_OF: ("Part of the group", "In its group"),
    LinkKind.TRADING_NAME_OF: ("A trading name of", "Trades as"),
}


@dataclass(frozen=True, slots=True)
class LinkedSupplier:
    """``words`` lead from the supplier that was asked about to the other: "A site of"."""

    id: UUID
    other: UUID
    other_name: str
    words: str
    is_ours: bool  # the viewer's school's alone; else everybody sees it


async def link(viewer: Viewer, one: UUID, other: UUID, kind: LinkKind, *, as_curator: bool = False) -> tuple[LinkedSupplier, ...]:
    """``one`` is ``kind`` ``other`` from now on, seen by the viewer's school alone, or as curator by everybody.

    Returns the links of ``one``; nothing changes when it was so before. Raises Conflict when they are one supplier, NotFound.
    """
    act = acting(viewer, as_curator=as_curator)
    async with audit.recording(viewer) as record:
        first, second = await act.lock_two(one, other)
        before = await _between(act, first, second)
        if before and (before.from_supplier, before.kind) == (first.id, kind.value):
            record.unchanged()
            return await _of(viewer, one)
        if before:
            await _end(viewer, before.id)
        made = SupplierLink(
            id=uuid4(), owner=act.owner, from_supplier=first.id, to_supplier=second.id, kind=kind.value,
            made_at=clock.now(), made_by=viewer.person,
        )  # fmt: skip
        with database.duplicates(Conflict("A colleague has just linked them. Look at both again.")):
            await made.save()
        ids = {"from": str(first.id), "to": str(second.id)}
        told, names = {"link": kind.words, "linked": ids}, {"one": first.name, "other": second.name}
        act.tell(record, LINKED, first.id, Subject.LINK.of(made.id), {"new": told}, names)
        return await _of(viewer, one)


async def unlink(viewer: Viewer, link_id: UUID, *, as_curator: bool = False) -> UUID:
    """Ends a link; nothing changes when it had ended. Returns the supplier that it led from. Raises NotFound."""
    act = acting(viewer, as_curator=as_curator)
    async with audit.recording(viewer) as record:
        query = SupplierLink.objects().where((SupplierLink.id == link_id) & owned(SupplierLink, act.owner))
        found = await database.locked(query).first()
        if found is None:
            raise NotFound
        if found.ended_at is not None:
            record.unchanged()
        else:
            await _end(viewer, found.id)
            told = {"old": {"link": LinkKind(found.kind).words}, "new": {"link": None}}
            act.tell(record, UNLINKED, found.from_supplier, Subject.LINK.of(found.id), told)
    led_from: UUID = found.from_supplier
    return led_from


async def of(viewer: Viewer, supplier_id: UUID) -> tuple[LinkedSupplier, ...]:
    """The links of the supplier and of what is part of it: the directory's, and those of the viewer's school."""
    async with database.read():
        return await _of(viewer, supplier_id)


async def _of(viewer: Viewer, supplier_id: UUID) -> tuple[LinkedSupplier, ...]:
    root = await directory.must_see(viewer, supplier_id)
    mine = set(await merge_edges.whole(root.id, viewer.school))
    rows = (await _about(mine, SupplierLink.owner.is_null() | (SupplierLink.owner == viewer.school)))[:MOST_SHOWN]
    ends = {end for row in rows for end in (row["from_supplier"], row["to_supplier"])}
    live = await _live(ends)
    found = []
    for row in rows:
        leads_away = row["from_supplier"] in mine
        other, name = live[row["to_supplier" if leads_away else "from_supplier"]]
        kind = LinkKind(row["kind"])
        if other not in mine:
            found.append(
                LinkedSupplier(row["id"], other, name, kind.words if leads_away else kind.back, row["owner"] is not None)
            )
    return tuple(sorted(found, key=lambda one: (one.words, one.other_name, one.id)))


async def with_any_of(viewer: Viewer, supplier_id: UUID) -> frozenset[UUID]:
    """The suppliers that are linked with this one and so not the same. Inside a unit."""
    mine = set(await merge_edges.whole((await directory.must_see(viewer, supplier_id)).id, viewer.school))
    rows = await _about(mine, SupplierLink.owner.is_null() | (SupplierLink.owner == viewer.school))
    ends = {end for row in rows for end in (row["from_supplier"], row["to_supplier"])}
    return frozenset(other for other, _ in (await _live(ends)).values()) - mine


async def refuse_what_is_linked(act: Acting, one: Supplier, other: Supplier) -> None:
    """Raises Conflict where a link says that they stay two. Inside the unit that locked both."""
    ours, theirs = [set(await merge_edges.whole(end.id, act.owner)) for end in (one, other)]
    for row in await _about(ours, owned(SupplierLink, act.owner) | SupplierLink.owner.is_null()):
        if {row["from_supplier"], row["to_supplier"]} & theirs:
            kind = LinkKind(row["kind"])
            raise Conflict(
                f"{one.name} and {other.name} are linked ({kind.words.lower()}), so they stay two. End that link first."
            )


async def _about(ids: set[UUID], whose: Any) -> list[dict[str, Any]]:
    about = database.among(SupplierLink.from_supplier, ids) | database.among(SupplierLink.to_supplier, ids)
    rows: list[dict[str, Any]] = (
        await SupplierLink.select().where(whose, about, SupplierLink.ended_at.is_null()).order_by(SupplierLink.made_at)
    )
    return rows


async def _live(ids: set[UUID]) -> dict[UUID, tuple[UUID, str]]:
    """By id, the supplier that each is part of now, with its name."""
    columns = (Supplier.id, Supplier.name, Supplier.joined_to)
    rows = {row["id"]: row for row in await Supplier.select(*columns).where(database.among(Supplier.id, ids))} if ids else {}
    roots = {row["joined_to"] for row in rows.values() if row["joined_to"]} - set(rows)
    rows |= {row["id"]: row for row in await Supplier.select(*columns).where(database.among(Supplier.id, roots))} if roots else {}
    root_of = {one: rows[one]["joined_to"] or one for one in ids}
    return {one: (root, rows[root]["name"]) for one, root in root_of.items()}


async def _between(act: Acting, one: Supplier, other: Supplier) -> SupplierLink | None:
    pair = [one.id, other.id]
    both = database.among(SupplierLink.from_supplier, pair) & database.among(SupplierLink.to_supplier, pair)
    found: SupplierLink | None = (
        await SupplierLink.objects().where(both & owned(SupplierLink, act.owner) & SupplierLink.ended_at.is_null()).first()
    )
    return found


async def _end(viewer: Viewer, link: UUID) -> None:
    done: dict[Any, Any] = {SupplierLink.ended_at: clock.now(), SupplierLink.ended_by: viewer.person}
    await SupplierLink.update(done).where(SupplierLink.id == link)
