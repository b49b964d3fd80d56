"""Imports what is ready: each row becomes a contract of the register, or changes one.

A batch is one unit of work: its contracts, each with its entry in the stream of its own, and the mark on its rows, so that what
was imported is never imported again. The last batch also records the import as a whole. ADR 0040.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

import audit
import database
from audit import Record
from audit.log.subjects import IMPORTS, Subject
from base.refusals import Conflict, Invalid, NotFound
from base.viewer import OUTSIDE, Viewer
from contracts.events import Event
from contracts.fields.said import Said
from contracts.imports import checking
from contracts.imports.checking import Judged, Judging
from contracts.imports.tables import RegisterImport, RegisterRow
from contracts.register import register
from contracts.register_rows.states import READY, ImportState, RowKind
from sharing.sign_in import sessions

BATCH: Final = 100  # contracts of one unit: others wait for it no longer than for a slow page
NOT_THERE: Final = "what it names is not there any more: look at it again"
NOTHING: Final = "{}"
GONE: Final = (NotFound, Conflict, Invalid)

Beat = Callable[[int, int], Awaitable[None]]
StoredRow = Mapping[str, Any]
Mark = tuple[str, str, UUID | None, UUID]  # kind, what is said, the contract, and the row's id


async def add_all(viewer: Viewer, import_id: UUID, beat: Beat) -> None:
    """Imports every row that is ready. Raises Forbidden for somebody who left, and what ``beat`` raises."""
    async with database.read():
        total = await RegisterRow.count().where(_ready(import_id))
    judging = await checking.judging_of(viewer, import_id)
    done, is_last = 0, False
    while not is_last:
        if viewer.person != OUTSIDE:
            await sessions.require_still_there(viewer)
        dealt_with, is_last = await _batch(viewer, import_id, judging)
        done += dealt_with
        await beat(done, total)


async def _batch(viewer: Viewer, import_id: UUID, judging: Judging) -> tuple[int, bool]:
    """How many rows it dealt with, and whether nothing is left."""
    async with database.read():
        rows = await RegisterRow.select(*checking.ROW).where(_ready(import_id)).order_by(RegisterRow.place).limit(BATCH)
    judged = await checking.judge(viewer, judging, rows)
    is_last = len(rows) < BATCH
    async with audit.recording(None if viewer.person == OUTSIDE else viewer) as record:
        await _require_under_way(viewer, import_id)
        marked = await _take(viewer, record, list(zip(rows, judged, strict=True)))
        await database.update_rows(RegisterRow, _MARK, marked)
        if is_last:
            await _finish(viewer, record, import_id)
        if not record.happenings:
            record.unchanged()
    if not record.happenings:
        await _note_quietly(import_id, marked, is_last=is_last)
    return len(rows), is_last


async def _require_under_way(viewer: Viewer, import_id: UUID) -> None:
    """Raises NotFound for an import that somebody else ended meanwhile."""
    mine = (RegisterImport.id == import_id) & (RegisterImport.school == viewer.school)
    there = mine & (RegisterImport.state == ImportState.IMPORTING.value)
    if await database.locked(RegisterImport.select(RegisterImport.id).where(there)).first() is None:
        raise NotFound


async def _take(viewer: Viewer, record: Record, rows: Sequence[tuple[StoredRow, Judged]]) -> list[Mark]:
    """Adds or changes; what can't be kept any more, because something changed meanwhile, is asked about again."""
    new = [(row["id"], one.made.said) for row, one in rows if one.kind is RowKind.NEW and one.made.said is not None]
    added = dict(zip((which for which, _ in new), await _added(viewer, record, [said for _, said in new]), strict=True))
    marked: list[Mark] = []
    for row, one in rows:
        if contract := added.get(row["id"]):
            marked.append((RowKind.ADDED.value, "", contract, row["id"]))
        elif row["id"] in added:
            marked.append((RowKind.ASK.value, NOT_THERE, None, row["id"]))
        elif one.kind is RowKind.CHANGE and one.made.said is not None:
            marked.append(await _changed(viewer, record, row, one))
        else:
            marked.append((one.kind.value, one.said, None, row["id"]))
    return marked


async def _added(viewer: Viewer, record: Record, new: Sequence[Said]) -> list[UUID | None]:
    """The contracts, all at once; where one of them can't be kept, one by one, and None for it."""
    try:
        return [*await register.add_each(record, viewer, new)]
    except GONE:
        if len(new) == 1:
            return [None]
        return [contract for one in new for contract in await _added(viewer, record, [one])]


async def _changed(viewer: Viewer, record: Record, row: StoredRow, one: Judged) -> Mark:
    try:
        return await _change(viewer, record, row, one)
    except GONE:
        return RowKind.ASK.value, NOT_THERE, None, row["id"]


async def _change(viewer: Viewer, record: Record, row: StoredRow, one: Judged) -> Mark:
    twin = one.twin
    if twin is None or one.made.said is None or one.version is None:
        raise NotFound
    current = await register.own(viewer, twin)
    if current["version"] != one.version:
        raise Conflict(register.CHANGED)
    is_other = await register.change_one(record, viewer, current, one.made.said)
    return (RowKind.CHANGED if is_other else RowKind.SAME).value, "", twin, row["id"]


async def _finish(viewer: Viewer, record: Record, import_id: UUID) -> None:
    """The entry of the import as a whole, with counts and the file's digest, but without the file's name, which is private."""
    rows = await RegisterRow.raw(
        "SELECT kind, count(*) AS n FROM contracts_import_row WHERE import_id = {} GROUP BY kind", import_id
    )
    counts = {row["kind"]: row["n"] for row in rows}
    added, changed = counts.get(RowKind.ADDED, 0), counts.get(RowKind.CHANGED, 0)
    if added + changed:
        found = await RegisterImport.select(RegisterImport.digest).where(RegisterImport.id == import_id).first()
        told = {
            "digest": f"sha256:{bytes(found['digest']).hex()}" if found else "",
            "added": added,
            "changed": changed,
            "the_same": counts.get(RowKind.SAME, 0),
            "left_out": counts.get(RowKind.LEFT_OUT, 0),
            "waiting": counts.get(RowKind.ASK, 0),
        }
        event = Event.CONTRACTS_BROUGHT if viewer.person == OUTSIDE else Event.CONTRACTS_IMPORTED
        record(event, stream=IMPORTS, subject=Subject.IMPORT.of(import_id), facts=told, trail=viewer.school)
    await _close(import_id, is_done=not counts.get(RowKind.ASK, 0))


async def _note_quietly(import_id: UUID, marked: Sequence[Mark], *, is_last: bool) -> None:
    """Marks the rows of a batch that changed nothing: nothing was recorded, and so its own unit committed nothing."""
    async with database.housekeeping():
        await database.update_rows(RegisterRow, _MARK, marked)
        if is_last:
            waiting = (RegisterRow.import_id == import_id) & (RegisterRow.kind == RowKind.ASK.value)
            await _close(import_id, is_done=not await RegisterRow.exists().where(waiting))


async def _close(import_id: UUID, *, is_done: bool) -> None:
    """Ends the import and deletes its file and what its rows held, or lets the rest of it wait. Inside a unit."""
    ended: dict[Any, Any] = {RegisterImport.state: (ImportState.DONE if is_done else ImportState.CHECKED).value}
    if is_done:
        ended[RegisterImport.file] = None
        gone: dict[Any, Any] = {RegisterRow.read: "", RegisterRow.answers: NOTHING}
        await RegisterRow.update(gone).where(RegisterRow.import_id == import_id)
    under_way = (RegisterImport.id == import_id) & (RegisterImport.state == ImportState.IMPORTING.value)
    await RegisterImport.update(ended).where(under_way)


def _ready(import_id: UUID) -> Any:
    return (RegisterRow.import_id == import_id) & database.among(RegisterRow.kind, [kind.value for kind in READY])


_MARK: Final = (RegisterRow.kind, RegisterRow.said, RegisterRow.contract)
