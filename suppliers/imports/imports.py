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
from base.refusals import Conflict, Invalid, TooLarge
from base.spreadsheets.cells import SheetRow
from base.spreadsheets.reading import SCHOOLS
from base.viewer import Viewer, must_write
from database.waiting_files import MOVED_ON, WaitingFiles
from suppliers.imports import remembered
from suppliers.imports.remembered import AS_LAST_TIME
from suppliers.imports.states import ImportState, RowKind, UnderstoodFile, row_of, seen_of
from suppliers.imports.tables import Import, ImportRow, Remembered
from suppliers.lists import columns
from suppliers.lists.column_titles import SupplierField
from suppliers.lists.columns import Understood
from suppliers.lists.supplier_file import READ_FIRST, formula_refusal
from suppliers.lists.supplier_row import NO_CATEGORY

KEPT_FOR: Final = timedelta(days=7)  # long enough to ask a colleague and come back after a weekend
PAGE: Final = 20  # rows of a list with a question each: with its radios a page of a phone's length

TABLES: Final = (Import, ImportRow, Remembered)  # what an erasure empties for a school
files: Final = WaitingFiles(
    Import, (ImportRow,), over=(ImportState.DONE.value, ImportState.REFUSED.value), done=ImportState.DONE.value,
    under_way=ImportState.IMPORTING.value,
)  # fmt: skip

LONGEST_NAME: Final = 120  # characters of a file's name
CHOOSE_FILE: Final = (
    "Choose a spreadsheet: an Excel workbook (.xlsx, .xls, .xlsb), an OpenDocument spreadsheet (.ods) or a CSV file."
)
NAME_MISSING: Final = "Say which column holds the name of the supplier."
NAME_TWICE: Final = "Only one column can be the name of the supplier. Make the others other names, or leave them out."


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
    last: int  # rows that are answered as last time
    words: int  # rows with a word for categories that was not understood
    ours_already: int  # of those to import, the school's own by a person's answer: nothing is added for them
    digest: str
    name: str  # of the file, "" where nobody said

    def count(self, *kinds: str) -> int:
        return sum(self.counts.get(RowKind(kind), 0) for kind in kinds)

    @property
    def to_import(self) -> int:
        """Suppliers that "start" would add or adopt."""
        return self.count(RowKind.NEW, RowKind.KNOWN, RowKind.ASK, RowKind.MORE) - self.waiting - self.skipped


async def upload(viewer: Viewer, content: bytes, *, name: str = "") -> UUID:
    """Keeps the file; the same file again is the same import while that waits. Raises Invalid, TooLarge, Conflict, Forbidden."""
    must_write(viewer)
    check_file(content)
    digest, now = sha256(content).digest(), clock.now()
    async with database.housekeeping():
        if waiting := await files.same(viewer.school, digest, len(content)):
            return waiting
        new = uuid4()
        await Import.insert(made(new, viewer.school, viewer.person, digest, content, now, file_name(name)))
    return new


def check_file(content: bytes) -> None:
    """Raises Invalid, TooLarge."""
    if not content:
        raise Invalid(CHOOSE_FILE, file=CHOOSE_FILE)
    if len(content) > SCHOOLS.packed:
        sentence = f"The file must be smaller than {SCHOOLS.packed // 1024 // 1024} MB. Save only the sheet with the suppliers."
        raise TooLarge(sentence, file=sentence)


def made(new: UUID, school: UUID, person: UUID, digest: bytes, content: bytes, now: datetime, name: str) -> Import:
    """A file that waits to be read."""
    return Import(
        id=new, school=school, person=person, state=ImportState.READING.value, digest=digest, size=len(content), file=content,
        understood="", fields="", sentence="", done=0, total=0, made_at=now, ends_at=now + KEPT_FOR, name=name,
    )  # fmt: skip


def file_name(given: str) -> str:
    """Without folders, and without what no name has."""
    last = given.replace("\\", "/").rpartition("/")[2]
    return "".join(c for c in last if c.isprintable()).strip()[:LONGEST_NAME]


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
    problems = dict.fromkeys(names[1:], NAME_TWICE) if names else {0: NAME_MISSING}
    problems |= {n: formula_refusal(seen.formulas[n]) for n, field in enumerate(fields) if field and n in seen.formulas}
    if problems:
        raise Invalid(next(iter(problems.values())), **{f"column-{n}": sentence for n, sentence in problems.items()})
    chosen = columns.as_chosen(Understood(seen.header, seen.columns), await first_rows(import_id), fields)
    wanted = UnderstoodFile(seen.said, seen.sheets, seen.sheet, seen.header, chosen.columns, seen.formulas)
    kept = json.dumps([field.value if field else "" for field in fields])
    await _move(viewer, import_id, found.state, ImportState.CHECKING, {Import.understood: wanted.as_json(), Import.fields: kept})
    async with database.housekeeping():
        await remembered.keep_columns(viewer.school, seen.columns, fields)


async def start(viewer: Viewer, import_id: UUID, *, all_or_nothing: bool = False) -> None:
    """Lets the import begin; the second of two clicks finds it begun. Raises Conflict where all must be right and is not."""
    found = await look(viewer, import_id)
    if found.state in (ImportState.IMPORTING, ImportState.DONE):
        return
    if not found.state.takes_answers:
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
    await files.discard(viewer.school, import_id)


async def first_rows(import_id: UUID) -> list[SheetRow]:
    """The first rows, by which the columns are understood. Opens its own read unit."""
    async with database.read():
        mine = ImportRow.import_id == import_id
        rows = await ImportRow.select(ImportRow.number, ImportRow.cells).where(mine).order_by(ImportRow.number).limit(READ_FIRST)
    return [row_of(row) for row in rows]


async def must_have(viewer: Viewer, import_id: UUID) -> dict[str, Any]:
    """The import without its file. Inside a unit. Raises NotFound."""
    return await files.must_have(viewer.school, import_id, _SHOWN)


_SHOWN: Final = (
    Import.id, Import.state, Import.understood, Import.fields, Import.sentence, Import.done, Import.total, Import.made_at,
    Import.ends_at, Import.digest, Import.name,
)  # fmt: skip


async def _view(row: dict[str, Any]) -> ImportView:
    counts = await ImportRow.raw(
        "SELECT kind, count(*) AS n FROM suppliers_import_row WHERE import_id = {} GROUP BY kind", row["id"]
    )
    asked = await _asked(row["id"]) if not ImportState(row["state"]).is_work else (0, 0, 0, 0, 0, 0)
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
        last=asked[3],
        ours_already=asked[4],
        words=asked[5],
        digest=bytes(row["digest"]).hex(),
        name=row["name"] or "",
    )


async def _asked(import_id: UUID) -> tuple[int, int, int, int, int, int]:
    """Rows that wait for an answer, that lose something, that a person left out or gave to another row, that are answered as
    last time, those of suppliers that the school uses already, and those with a word that is no category.
    """
    mine = ImportRow.import_id == import_id
    kinds = [RowKind.NEW.value, RowKind.KNOWN.value, RowKind.ASK.value, RowKind.MORE.value]
    of_kinds = mine & database.among(ImportRow.kind, kinds)
    waiting: int = await ImportRow.count().where(mine, ImportRow.kind == RowKind.ASK.value, ImportRow.choice == "")
    flawed: int = await ImportRow.count().where(mine, ImportRow.flaws != "")
    skipped: int = await ImportRow.count().where(
        of_kinds, WhereRaw("(choice = 'skip' OR choice LIKE 'row:%' OR (choice = '' AND kind <> 'ask'))")
    )
    last: int = await ImportRow.count().where(mine, as_last_time())
    placed = await ImportRow.raw(
        """SELECT count(*) AS n FROM suppliers_import_row r JOIN suppliers_import i ON i.id = r.import_id
        JOIN suppliers_use u ON u.school = i.school AND CAST(u.supplier AS TEXT) = r.choice AND u.until_at IS NULL
        WHERE r.import_id = {} AND r.kind = 'ask'""",
        import_id,
    )
    words: int = await ImportRow.count().where(mine, has_unknown_word())
    return waiting, flawed, skipped, last, placed[0]["n"], words


def as_last_time() -> Any:
    """The rows that an earlier answer decided, and that may be answered otherwise."""
    kinds = [RowKind.NEW.value, RowKind.KNOWN.value, RowKind.ASK.value, RowKind.MORE.value]
    return database.among(ImportRow.kind, kinds) & ImportRow.said.like(f"{AS_LAST_TIME},%")


def has_unknown_word() -> Any:
    """The rows with a word for categories that was not understood."""
    return ImportRow.flaws.like(f"%{NO_CATEGORY.format('%')}%")


async def _move(viewer: Viewer, import_id: UUID, old: ImportState, new: ImportState, more: Mapping[Any, Any]) -> None:
    await files.move(viewer.school, import_id, old.value, new.value, more)
