"""What was merged into a supplier and undone since: the directory's merges, and those of the viewer's own school."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import database
from audit.log.subjects import Subject
from audit.reading.timeline import TimelineEntry
from base.refusals import NotFound
from base.viewer import Viewer
from suppliers.directory import directory
from suppliers.directory.directory import SupplierView
from suppliers.events import Event
from suppliers.merging.decisions import names_of
from suppliers.record import bylines, merge_edges
from suppliers.tables import Alias, Merge

MERGED_IN: Final = "merged into it"
OUR_OWN: Final = "your school's own name for it"
_HOW: Final = {"also": "", "trading_as": "trading name", "formerly": "formerly"}
# The events that record a merge of the school's, and what their entries are about: the second the supplier, not the merge.
_MERGING: Final = {Event.SUPPLIER_MERGED.value: Subject.MERGE, Event.SUPPLIER_JOINED.value: Subject.SUPPLIER}
A_MOMENT: Final = timedelta(seconds=1)  # earlier joins were dated by their entries, to the millisecond
MOST_SHOWN: Final = 100  # merges on one supplier's page, the newest


@dataclass(frozen=True, slots=True)
class Merged:
    """``part`` was merged into ``whole``. ``by`` is blank for the directory's: a curator, not a person, did it."""

    id: UUID
    part: UUID
    part_name: str
    whole: UUID
    whole_name: str
    merged_at: datetime
    by: str
    undone_at: datetime | None
    is_ours: bool  # of the viewer's school, which may undo it


async def of(viewer: Viewer, supplier_id: UUID) -> tuple[Merged, ...]:
    """The merges of the supplier and of all that is part of it, the newest first. Raises NotFound."""
    async with database.read():
        return await _of(viewer, (await directory.must_see(viewer, supplier_id)).id)


async def _of(viewer: Viewer, root: UUID) -> tuple[Merged, ...]:
    whole = list(await merge_edges.whole(root, viewer.school))
    about = database.among(Merge.from_supplier, whole) | database.among(Merge.to_supplier, whole)
    query = Merge.select().where(about, _seen_by(viewer)).order_by(Merge.merged_at, ascending=False)
    return await _merged(viewer, await query.limit(MOST_SHOWN))


async def one(viewer: Viewer, merge_id: UUID) -> Merged:
    """One merge. Raises NotFound for another school's, as for none."""
    async with database.read():
        return await told(viewer, merge_id)


async def told(viewer: Viewer, merge_id: UUID) -> Merged:
    """As ``one``, inside the caller's unit."""
    found = await _merged(viewer, await Merge.select().where(Merge.id == merge_id, _seen_by(viewer)))
    if not found:
        raise NotFound
    return found[0]


async def to_undo(viewer: Viewer, entries: Iterable[TimelineEntry]) -> Mapping[int, str]:
    """By position of an entry in the school's trail, the page where the merge that it records can be undone; live ones alone."""
    merging = {line.idx: line for line in entries if line.type in _MERGING and viewer.role.writes}
    about = [found for line in merging.values() if (found := _MERGING[line.type].id_in(line.subject))]
    if not about:
        return {}
    which = database.among(Merge.id, about) | database.among(Merge.from_supplier, about)
    async with database.read():
        rows = await Merge.select().where((Merge.owner == viewer.school) & Merge.undone_at.is_null() & which)
    live = {subject: row for row in rows for subject in (Subject.MERGE.of(row["id"]), Subject.SUPPLIER.of(row["from_supplier"]))}
    return {
        idx: f"/suppliers/merges/{live[line.subject]['id']}"
        for idx, line in merging.items()
        if line.subject in live and live[line.subject]["merged_at"] <= line.recorded_at + A_MOMENT
    }


@dataclass(frozen=True, slots=True)
class OtherName:
    """Another name of a supplier, and how it comes to have it; "" where nobody said."""

    name: str
    how: str


async def with_other_names(viewer: Viewer, supplier: SupplierView) -> tuple[tuple[Merged, ...], tuple[OtherName, ...]]:
    """As ``of``, and the supplier's other names, with those of the school's own records that were merged into it, which it alone
    sees.
    """
    async with database.read():
        return await _of(viewer, supplier.id), await _other_names(viewer, supplier)


async def _other_names(viewer: Viewer, supplier: SupplierView) -> tuple[OtherName, ...]:
    whole = await merge_edges.whole(supplier.id, viewer.school)
    spelt = await Alias.select(Alias.name, Alias.kind).where(database.among(Alias.supplier, whole))
    how = {row["name"]: _HOW[row["kind"]] for row in spelt}
    found = [OtherName(name, how.get(name, MERGED_IN)) for name in supplier.aliases]
    ours = [] if supplier.is_own else [one for one in await merge_edges.members(supplier.id, viewer.school) if one.owner]
    own = [OtherName(one.name, OUR_OWN) for one in ours]
    return tuple(dict.fromkeys(found + [one for one in own if one.name not in (supplier.name, *supplier.aliases)]))


def _seen_by(viewer: Viewer) -> Any:
    return Merge.owner.is_null() | (Merge.owner == viewer.school)


async def _merged(viewer: Viewer, rows: Iterable[Mapping[str, Any]]) -> tuple[Merged, ...]:
    merged = list(rows)
    names = await names_of({end for row in merged for end in (row["from_supplier"], row["to_supplier"])})
    people = {row["merged_by"] for row in merged if row["owner"] and row["merged_by"]}
    called = await bylines.names(people)
    return tuple(
        Merged(
            id=row["id"],
            part=row["from_supplier"],
            part_name=names[row["from_supplier"]],
            whole=row["to_supplier"],
            whole_name=names[row["to_supplier"]],
            merged_at=row["merged_at"],
            by=called.get(row["merged_by"], "") if row["owner"] else "",
            undone_at=row["undone_at"],
            is_ours=row["owner"] == viewer.school,
        )
        for row in merged
    )
