"""A school brings its list of suppliers: the spreadsheet is read, understood, checked, and only then imported.

    upload → reading → mapping → checking → checked → importing → done        (refused, stopped: with a sentence)

Between the pages the file and its rows lie in the database, so that every process sees them: private to the school, limited,
gone after KEPT_FOR or when they are imported. They are no record of the school, so nothing here is recorded; what is imported
is, by suppliers/imports/adding.py. The long steps are suppliers/imports/background.py.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Final
from uuid import UUID, uuid4

from piccolo.query import WhereRaw

import database
from base import clock
from base.refusals import Conflict, Invalid, NotFound, TooLarge
from base.spreadsheets.cells import SheetRow
from base.spreadsheets.reading import SCHOOLS
from base.viewer import Viewer, must_write
from suppliers.imports.states import ImportState, RowKind, UnderstoodFile, row_of, seen_of
from suppliers.imports.tables import Import, ImportRow
from suppliers.lists import columns
from suppliers.lists.column_titles import SupplierField
from suppliers.lists.columns import Understood
from suppliers.lists.supplier_file import READ_FIRST, formula_refusal

KEPT_FOR: Final = timedelta(days=7)  # long enough to ask a colleague and come back after a weekend
MOST_KEPT: Final = 10  # imports of one school at a time, finished ones of the last days included
MOST_BYTES: Final = 40 * 1024 * 1024  # of all files of one school that wait
PAGE: Final = 20  # rows of a list with a question each: with its radios a page of a phone's length

TABLES: Final = (Import, ImportRow)  # what an erasure empties for a school

CHOOSE_FILE: Final = "Choose a spreadsheet: an Excel workbook (.xlsx) or a CSV file."
NAME_MISSING: Final = "Say which column holds the name of the supplier."
NAME_TWICE: Final = "Only one column can be the name of the supplier. Make the others other names, or leave them out."
MOVED_ON: Final = "This import has gone on meanwhile. Look at it as it is now."


@dataclass(frozen=True, slots=True)
class ImportView:
    """``counts`` by kind of row; ``waiting`` questions have no answer yet; ``flawed`` rows lose something."""

    id: UUID
    state: ImportState
    seen: UnderstoodFile | None
    sentence: str
    done: int
    total: int
    made_at: datetime
    ends_at: datetime
    counts: Mapping[RowKind, int]
    waiting: int
    flawed: int
    skipped: int
    digest: str

    def count(self, *kinds: str) -> int:
        return sum(self.counts.get(RowKind(kind), 0) for kind in kinds)

    @property
    def to_import(self) -> int:
        """Suppliers that "start" would add or adopt."""
        return self.count(RowKind.NEW, RowKind.KNOWN, RowKind.ASK) - self.waiting - self.skipped


async def upload(viewer: Viewer, content: bytes) -> UUID:
    """Keeps the file; the same file again is the same import while that waits. Raises Invalid, TooLarge, Conflict, Forbidden."""
    must_write(viewer)
    if not content:
        raise Invalid(CHOOSE_FILE, file=CHOOSE_FILE)
    if len(content) > SCHOOLS.packed:
        sentence = f"The file must be smaller than {SCHOOLS.packed // 1024 // 1024} MB. Save only the sheet with the suppliers."
        raise TooLarge(sentence, file=sentence)
    digest, now = sha256(content).digest(), clock.now()
    async with database.housekeeping():
        kept = await Import.select(Import.id, Import.size, Import.state, Import.digest).where(Import.school == viewer.school)
        for row in kept:
            if bytes(row["digest"]) == digest and ImportState(row["state"]) not in (ImportState.DONE, ImportState.REFUSED):
                waiting: UUID = row["id"]
                return waiting
        _refuse_too_many(kept, len(content))
        made = Import(
            id=uuid4(), school=viewer.school, person=viewer.person, state=ImportState.READING.value, digest=digest,
            size=len(content), file=content, understood="", fields="", sentence="", done=0, total=0, made_at=now,
            ends_at=now + KEPT_FOR,
        )  # fmt: skip
        await Import.insert(made)
    new: UUID = made.id
    return new


def _refuse_too_many(kept: Sequence[Mapping[str, Any]], size: int) -> None:
    if len(kept) >= MOST_KEPT:
        sentence = f"Your school has {MOST_KEPT} imports here already. Remove one that you don't need any more."
        raise Conflict(sentence, file=sentence)
    if sum(row["size"] for row in kept if ImportState(row["state"]) is not ImportState.DONE) + size > MOST_BYTES:
        sentence = "Your school's files that wait here are too large together. Import or remove one of them first."
        raise Conflict(sentence, file=sentence)


async def listed(viewer: Viewer) -> tuple[ImportView, ...]:
    """The school's imports, the newest first."""
    must_write(viewer)
    async with database.read():
        rows = await Import.select(*_SHOWN).where(Import.school == viewer.school).order_by(Import.made_at, ascending=False)
        return tuple([await _view(row) for row in rows])


async def look(viewer: Viewer, import_id: UUID) -> ImportView:
    """One import of the school. Raises Forbidden, and NotFound for another school's as for none."""
    must_write(viewer)
    async with database.read():
        return await _view(await must_have(viewer, import_id))


async def choose_sheet(viewer: Viewer, import_id: UUID, *, sheet: int, header: int) -> None:
    """Reads another sheet, or takes another row for the headings; 0 is none. Raises Invalid, Conflict."""
    found = await look(viewer, import_id)
    seen = found.seen
    if seen is None or found.state not in (ImportState.MAPPING, ImportState.CHECKED):
        raise Conflict(MOVED_ON)
    if not 0 <= sheet < len(seen.sheets):
        raise Invalid("Choose one of the sheets.", sheet="Choose one of the sheets.")
    if sheet != seen.sheet:
        wanted = UnderstoodFile(seen.said, seen.sheets, sheet, -1, (), {})
        await _move(viewer, import_id, found.state, ImportState.READING, {Import.understood: wanted.as_json(), Import.fields: ""})
        return
    understood = columns.understand(await first_rows(import_id), header=header)
    wanted = UnderstoodFile(seen.said, seen.sheets, sheet, understood.header, understood.columns, seen.formulas)
    await _move(viewer, import_id, found.state, ImportState.MAPPING, {Import.understood: wanted.as_json(), Import.fields: ""})


async def choose_columns(viewer: Viewer, import_id: UUID, fields: Sequence[SupplierField | None]) -> None:
    """Says what each column holds; the rows are checked next. Raises Invalid, Conflict."""
    found = await look(viewer, import_id)
    seen = found.seen
    if seen is None or found.state not in (ImportState.MAPPING, ImportState.CHECKED):
        raise Conflict(MOVED_ON)
    names = [n for n, field in enumerate(fields) if field is SupplierField.NAME]
    if len(names) != 1:
        sentence = NAME_TWICE if names else NAME_MISSING
        raise Invalid(sentence, **{f"column-{names[1] if names else 0}": sentence})
    for at, field in enumerate(fields):
        if field and at in seen.formulas:
            sentence = formula_refusal(seen.formulas[at])
            raise Invalid(sentence, **{f"column-{at}": sentence})
    chosen = columns.as_chosen(Understood(seen.header, seen.columns), await first_rows(import_id), fields)
    wanted = UnderstoodFile(seen.said, seen.sheets, seen.sheet, seen.header, chosen.columns, seen.formulas)
    kept = json.dumps([field.value if field else "" for field in fields])
    await _move(viewer, import_id, found.state, ImportState.CHECKING, {Import.understood: wanted.as_json(), Import.fields: kept})


async def start(viewer: Viewer, import_id: UUID, *, all_or_nothing: bool = False) -> None:
    """Lets the import begin; the second of two clicks finds it begun. Raises Conflict where all must be right and is not."""
    found = await look(viewer, import_id)
    if found.state in (ImportState.IMPORTING, ImportState.DONE):
        return
    if found.state not in (ImportState.CHECKED, ImportState.STOPPED):
        raise Conflict(MOVED_ON)
    if all_or_nothing and (wrong := found.count(RowKind.WRONG) + found.waiting):
        raise Conflict(
            f"Nothing was imported: {wrong} {'row is' if wrong == 1 else 'rows are'} not ready. Mend or answer them, or import "
            "only the rows that are ready."
        )
    await _move(viewer, import_id, found.state, ImportState.IMPORTING, {Import.total: found.to_import})


async def discard(viewer: Viewer, import_id: UUID) -> None:
    """Takes the file away; what was imported of it stays. Raises Conflict while it is being imported."""
    must_write(viewer)
    async with database.housekeeping():
        found = await must_have(viewer, import_id)
        if found["state"] == ImportState.IMPORTING:
            raise Conflict("This import is under way. Wait until it is done.")
        await forget([import_id])


async def forget(ids: Sequence[UUID]) -> None:
    """Deletes these imports and their rows. Inside the caller's unit."""
    if ids:
        await ImportRow.delete().where(database.among(ImportRow.import_id, ids))
        await Import.delete().where(database.among(Import.id, ids))


async def forget_all_of(school: UUID) -> None:
    """Deletes all imports of a school, inside an erasure's unit: nobody looks for a name in files that can be chosen again."""
    await forget(await Import.select(Import.id).where(Import.school == school).output(as_list=True))


async def forget_old() -> int:
    """A job: deletes imports that nobody finished in time; returns how many."""
    async with database.housekeeping():
        old = await Import.select(Import.id).where(Import.ends_at <= clock.now()).output(as_list=True)
        await forget(old)
    return len(old)


async def first_rows(import_id: UUID) -> list[SheetRow]:
    """The first rows, by which the columns are understood. Opens its own read unit."""
    async with database.read():
        mine = ImportRow.import_id == import_id
        rows = await ImportRow.select(ImportRow.number, ImportRow.cells).where(mine).order_by(ImportRow.number).limit(READ_FIRST)
    return [row_of(row) for row in rows]


async def must_have(viewer: Viewer, import_id: UUID) -> dict[str, Any]:
    """The import without its file. Inside a unit. Raises NotFound."""
    mine = (Import.id == import_id) & (Import.school == viewer.school)
    found: dict[str, Any] | None = await Import.select(*_SHOWN).where(mine).first()
    if found is None:
        raise NotFound
    return found


_SHOWN: Final = (
    Import.id, Import.state, Import.understood, Import.fields, Import.sentence, Import.done, Import.total, Import.made_at,
    Import.ends_at, Import.digest,
)  # fmt: skip


async def _view(row: dict[str, Any]) -> ImportView:
    counts = await ImportRow.raw(
        "SELECT kind, count(*) AS n FROM suppliers_import_row WHERE import_id = {} GROUP BY kind", row["id"]
    )
    asked = await _asked(row["id"]) if not ImportState(row["state"]).is_work else (0, 0, 0)
    return ImportView(
        id=row["id"],
        state=ImportState(row["state"]),
        seen=seen_of(row["understood"]),
        sentence=row["sentence"],
        done=row["done"],
        total=row["total"],
        made_at=row["made_at"],
        ends_at=row["ends_at"],
        counts={RowKind(found["kind"]): found["n"] for found in counts},
        waiting=asked[0],
        flawed=asked[1],
        skipped=asked[2],
        digest=bytes(row["digest"]).hex(),
    )


async def _asked(import_id: UUID) -> tuple[int, int, int]:
    """Rows that wait for an answer, that lose something, and that a person left out or gave to another row."""
    mine = ImportRow.import_id == import_id
    of_kinds = mine & database.among(ImportRow.kind, [RowKind.NEW.value, RowKind.KNOWN.value, RowKind.ASK.value])
    waiting: int = await ImportRow.count().where(mine, ImportRow.kind == RowKind.ASK.value, ImportRow.choice == "")
    flawed: int = await ImportRow.count().where(mine, ImportRow.flaws != "")
    skipped: int = await ImportRow.count().where(of_kinds, WhereRaw("(choice = 'skip' OR choice LIKE 'row:%')"))
    return waiting, flawed, skipped


async def _move(viewer: Viewer, import_id: UUID, old: ImportState, new: ImportState, more: Mapping[Any, Any]) -> None:
    """Moves an import from one state to another, once. Raises Conflict where somebody moved it meanwhile."""
    change: dict[Any, Any] = {Import.state: new.value, Import.sentence: "", Import.done: 0, **more}
    async with database.housekeeping():
        there = (Import.id == import_id) & (Import.school == viewer.school) & (Import.state == old.value)
        if not await Import.update(change).where(there).returning(Import.id):
            raise Conflict(MOVED_ON)
