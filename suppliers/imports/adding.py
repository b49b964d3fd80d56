"""Imports what was checked: new suppliers become the school's own records in use, known ones are used and not copied.

A batch is one unit of work: its suppliers, each with its entry in the stream of its own, and the mark on its rows, so that
what was imported is never imported again. The last batch also records the import as a whole. ADR 0019.
"""

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Final
from uuid import UUID, uuid4

import audit
import database
from audit import Record
from audit.log.subjects import IMPORTS, Subject
from base import clock
from base.refusals import Conflict, NotFound
from base.viewer import Viewer
from sharing.sign_in import sessions
from suppliers.directory import directory
from suppliers.events import Event
from suppliers.imports import refreshing
from suppliers.imports.checking import combined, facts_of
from suppliers.imports.rows import OF_ROW
from suppliers.imports.states import ImportState, RowChoice, RowKind
from suppliers.imports.tables import Import, ImportRow
from suppliers.index import filing
from suppliers.record.facts import Facts
from suppliers.tables import Alias, Identifier, Supplier, Supplies, Use

BATCH: Final = 200  # suppliers of one unit: others wait for it no longer than for a slow page
FOLDED_AT_ONCE: Final = 100  # answers of one unit
CLEARED_AT_ONCE: Final = 2_000  # rows of one unit
NO_CELLS: Final = '[[], ""]'
MEANWHILE: Final = "added to your list meanwhile"
ON_YOUR_LIST: Final = "on your list already"
ANOTHER_OF_THE_NAME: Final = (
    "your list has another supplier of the same name. Your school can have one of a name: add what tells them apart to the name"
)
GONE: Final = "the supplier that you chose is not there any more"
TWICE: Final = "Somebody is adding the same suppliers at this moment. Wait a little, and carry on."

Beat = Callable[[int, int], Awaitable[None]]
StoredRow = Mapping[str, Any]
Mark = tuple[str, str, UUID | None, UUID]  # kind, what is said, the supplier, and the row's id


async def add_all(viewer: Viewer, import_id: UUID, beat: Beat) -> None:
    """Adds every row that is ready. Raises Conflict, Forbidden for somebody who left, and what ``beat`` raises."""
    await _fold_answers(import_id)
    done, is_last = 0, False
    async with database.read():
        total = await ImportRow.count().where(_ready(import_id))
    while not is_last:
        await sessions.require_still_there(viewer)
        added, is_last = await _add_batch(viewer, import_id)
        done += added
        await beat(done, total)
    await _clear(import_id)


async def _add_batch(viewer: Viewer, import_id: UUID) -> tuple[int, bool]:
    """How many rows it dealt with, and whether nothing is left."""
    async with audit.recording(viewer) as record:
        there = (Import.id == import_id) & (Import.school == viewer.school) & (Import.state == ImportState.IMPORTING.value)
        found = await database.locked(Import.select(Import.id, Import.digest).where(there)).first()
        if found is None:
            raise NotFound
        rows = await ImportRow.select(*_READY).where(_ready(import_id)).order_by(ImportRow.number).limit(BATCH)
        marked = await _take(viewer, record, rows)
        is_last = len(rows) < BATCH
        if is_last:
            await _finish(record, import_id, bytes(found["digest"]))
        if not record.happenings:
            record.unchanged()
    if not record.happenings:
        await _note_quietly(import_id, marked, is_last=is_last)
    return len(rows), is_last


async def _take(viewer: Viewer, record: Record, rows: Sequence[StoredRow]) -> list[Mark]:
    taken = await _taken_names(viewer, rows)
    new: list[tuple[UUID, Facts]] = []
    marked: list[Mark] = []
    for row in rows:
        known = facts_of(row)
        if row["kind"] == RowKind.MORE:
            marked.append(await refreshing.refresh(viewer, record, row))
        elif row["choice"] != RowChoice.NEW:
            marked.append(await _adopt(viewer, record, row))
        elif known.exact in taken and row["kind"] == RowKind.ASK:  # a person said that it is another
            marked.append((RowKind.WRONG.value, ANOTHER_OF_THE_NAME, None, row["id"]))
        elif known.exact in taken:
            marked.append((RowKind.OURS.value, MEANWHILE, taken[known.exact], row["id"]))
        else:
            made = uuid4()
            taken[known.exact] = made
            new.append((made, known))
            marked.append((RowKind.ADDED.value, "", made, row["id"]))
    with database.duplicates(Conflict(TWICE)):
        await _insert(viewer, record, new)
    await database.update_rows(ImportRow, _MARK, marked)
    return marked


async def _taken_names(viewer: Viewer, rows: Sequence[StoredRow]) -> dict[str, UUID]:
    names = sorted({facts_of(row).exact for row in rows if row["choice"] == RowChoice.NEW})
    if not names:
        return {}
    mine = (Supplier.owner == viewer.school) & database.among(Supplier.exact_name, names)
    found = await Supplier.select(Supplier.id, Supplier.exact_name, Supplier.joined_to).where(mine)
    return {row["exact_name"]: row["joined_to"] or row["id"] for row in found}


async def _adopt(viewer: Viewer, record: Record, row: StoredRow) -> Mark:
    try:
        found = await directory.must_see(viewer, UUID(row["choice"]), lock=True)
    except NotFound:
        return RowKind.WRONG.value, GONE, None, row["id"]
    live = found.id
    if await Use.exists().where((Use.school == viewer.school) & (Use.supplier == live) & Use.until_at.is_null()):
        if row["kind"] == RowKind.ASK and directory.is_own(found):  # its spelling is kept, so that nobody is asked again
            return await refreshing.refresh(viewer, record, row)
        return RowKind.OURS.value, ON_YOUR_LIST if row["kind"] == RowKind.ASK else MEANWHILE, live, row["id"]
    await Use.insert(Use(id=uuid4(), school=viewer.school, supplier=live, since_at=clock.now()))
    record(
        Event.SUPPLIER_ADOPTED,
        stream=Subject.SUPPLIER.of(live),
        subject=Subject.SUPPLIER.of(live),
        facts={"new": {"in_use": True}},
    )
    return RowKind.ADOPTED.value, "", live, row["id"]


async def _insert(viewer: Viewer, record: Record, new: Sequence[tuple[UUID, Facts]]) -> None:
    now, school = clock.now(), viewer.school
    rows: dict[Any, tuple[tuple[Any, ...], list[tuple[Any, ...]]]] = {
        Supplier: (_SUPPLIER, [(made, school, known.name, known.exact, None, now) for made, known in new]),
        Alias: (_ALIAS, [(uuid4(), made, alias, "also") for made, known in new for alias in known.aliases]),
        Identifier: (_IDENTIFIER, [(uuid4(), made, s.value, value) for made, known in new for s, value in known.identifiers]),
        Supplies: (_SUPPLIES, [(uuid4(), made, category) for made, known in new for category in known.categories]),
        Use: (_USE, [(uuid4(), school, made, now, None) for made, _ in new]),
    }
    for table, (columns, values) in rows.items():
        await database.insert_rows(table, columns, values)
    if new:
        await filing.index_own(new, owner=school)
    for made, known in new:
        directory.tell_added(record, made, known)


async def _finish(record: Record, import_id: UUID, digest: bytes) -> None:
    """The entry of the import as a whole, with counts and the file's digest, but without the file's name, which is private."""
    rows = await ImportRow.raw(
        "SELECT kind, count(*) AS n FROM suppliers_import_row WHERE import_id = {} GROUP BY kind", import_id
    )
    counts = {row["kind"]: row["n"] for row in rows}
    refreshed = {"refreshed": counts[RowKind.REFRESHED]} if RowKind.REFRESHED in counts else {}
    if counts.get(RowKind.ADDED, 0) + counts.get(RowKind.ADOPTED, 0) == 0 and not refreshed:
        return  # the same file again leaves no entry
    told = {
        "digest": f"sha256:{digest.hex()}",
        "added": counts.get(RowKind.ADDED, 0),
        "adopted": counts.get(RowKind.ADOPTED, 0),
        **refreshed,
        "already_ours": counts.get(RowKind.OURS, 0) + counts.get(RowKind.MORE, 0),
        "doubles": counts.get(RowKind.DOUBLE, 0),
        "not_imported": sum(counts.get(kind, 0) for kind in (RowKind.WRONG, RowKind.ASK, RowKind.NEW, RowKind.KNOWN)),
    }
    record(Event.SUPPLIERS_IMPORTED, stream=IMPORTS, subject=Subject.IMPORT.of(import_id), facts=told)
    await _close(import_id)


async def _note_quietly(import_id: UUID, marked: Sequence[Mark], *, is_last: bool) -> None:
    """Marks the rows of a batch that added nothing: nothing was recorded, and so its own unit committed nothing."""
    async with database.housekeeping():
        await database.update_rows(ImportRow, _MARK, marked)
        if is_last:
            await _close(import_id)


async def _close(import_id: UUID) -> None:
    """Ends the import and deletes its file. Inside a unit."""
    ended: dict[Any, Any] = {Import.state: ImportState.DONE.value, Import.file: None}
    await Import.update(ended).where((Import.id == import_id) & (Import.state == ImportState.IMPORTING.value))


async def _clear(import_id: UUID) -> None:
    """Deletes the cells of every row but those that somebody may still want to mend, some thousand at a time."""
    gone: dict[Any, Any] = {ImportRow.cells: NO_CELLS, ImportRow.facts: "", ImportRow.options: ""}
    kept = [RowKind.WRONG.value, RowKind.ASK.value, RowKind.NEW.value, RowKind.KNOWN.value]
    mine = (ImportRow.import_id == import_id) & database.outside(ImportRow.kind, kept) & (ImportRow.cells != NO_CELLS)
    while True:
        async with database.housekeeping():
            some = await ImportRow.select(ImportRow.id).where(mine).limit(CLEARED_AT_ONCE).output(as_list=True)
            if not some:
                return
            await ImportRow.update(gone).where(database.among(ImportRow.id, some))


async def _fold_answers(import_id: UUID) -> None:
    """Rows that a person said are another row's supplier become its duplicates, some at a time; twice does no harm."""
    after = -1
    asked = (ImportRow.import_id == import_id) & (ImportRow.kind == RowKind.ASK.value) & ImportRow.choice.like(f"{OF_ROW}%")
    while True:
        async with database.housekeeping():
            further = asked & (ImportRow.number > after)
            rows = await ImportRow.select(*_READY).where(further).order_by(ImportRow.number).limit(FOLDED_AT_ONCE)
            for row in rows:
                await _fold(import_id, row)
        if len(rows) < FOLDED_AT_ONCE:
            return
        after = rows[-1]["number"]


async def _fold(import_id: UUID, row: StoredRow) -> None:
    lead = await _lead_of(import_id, int(row["choice"].removeprefix(OF_ROW)))
    if lead is None or lead["id"] == row["id"]:
        return
    if lead["facts"]:
        both = combined(facts_of(lead), [facts_of(row)])
        await ImportRow.update({ImportRow.facts: json.dumps(both.as_dict(), ensure_ascii=False)}).where(
            ImportRow.id == lead["id"]
        )
    said = f"the same as row {lead['number']}: you said so"
    duplicate: dict[Any, Any] = {ImportRow.kind: RowKind.DOUBLE.value, ImportRow.lead: lead["number"], ImportRow.said: said}
    await ImportRow.update(duplicate).where(ImportRow.id == row["id"])


async def _lead_of(import_id: UUID, number: int) -> dict[str, Any] | None:
    """The row itself, or the earlier one of the same supplier: a row is only ever asked about earlier ones."""
    there = (ImportRow.import_id == import_id) & (ImportRow.number == number)
    found: dict[str, Any] | None = await ImportRow.select(*_READY, ImportRow.lead).where(there).first()
    if found and found["lead"] is not None and found["lead"] < number:
        return await _lead_of(import_id, found["lead"])
    return found


def _ready(import_id: UUID) -> Any:
    kinds = [RowKind.NEW.value, RowKind.KNOWN.value, RowKind.ASK.value, RowKind.MORE.value]
    no = ["", RowChoice.SKIP.value]
    mine = (ImportRow.import_id == import_id) & database.among(ImportRow.kind, kinds) & database.outside(ImportRow.choice, no)
    return mine & ImportRow.choice.not_like(f"{OF_ROW}%")


_READY: Final = (ImportRow.id, ImportRow.number, ImportRow.facts, ImportRow.choice, ImportRow.kind)
_MARK: Final = (ImportRow.kind, ImportRow.said, ImportRow.supplier)
_SUPPLIER: Final = (Supplier.id, Supplier.owner, Supplier.name, Supplier.exact_name, Supplier.joined_to, Supplier.made_at)
_ALIAS: Final = (Alias.id, Alias.supplier, Alias.name, Alias.kind)
_IDENTIFIER: Final = (Identifier.id, Identifier.supplier, Identifier.scheme, Identifier.value)
_SUPPLIES: Final = (Supplies.id, Supplies.supplier, Supplies.category)
_USE: Final = (Use.id, Use.school, Use.supplier, Use.since_at, Use.until_at)
