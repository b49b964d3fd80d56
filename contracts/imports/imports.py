"""A school, or a trust for its schools, brings its register of contracts: read, asked about, and only then imported.

    upload → reading → checking → checked → importing → checked again, or done        (refused, stopped: with a sentence)

Between the pages the file, its rows and their answers lie in the database, so that every process sees them: private to the
school, limited, gone after KEPT_FOR or when all is imported. What is imported is recorded, by contracts/imports/adding.py. The
long steps are contracts/imports/background.py. ADR 0040.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Final
from uuid import UUID, uuid4

import database
from base import clock
from base.refusals import Conflict, Invalid, TooLarge, refuse_together
from base.viewer import OUTSIDE, Viewer, must_keep_contracts
from contracts.imports.tables import NameInFile, RegisterImport, RegisterRow
from contracts.register_file.headings import Field
from contracts.register_file.layout import LOOKED_AT
from contracts.register_file.register_file import LIMITS
from contracts.register_rows import register_worker
from contracts.register_rows.register_worker import LEFT_OUT, NOTED, BookSeen
from contracts.register_rows.states import READY, ImportState, NameKind, RowKind
from database.waiting_files import MOVED_ON, WaitingFiles

KEPT_FOR: Final = timedelta(days=7)  # long enough to ask a colleague and come back after a weekend
KEPT_FROM_OUTSIDE: Final = timedelta(days=30)  # what the operator imported waits for somebody who doesn't know of it yet
files: Final = WaitingFiles(
    RegisterImport, (RegisterRow, NameInFile), over=(ImportState.DONE.value, ImportState.REFUSED.value),
    done=ImportState.DONE.value, under_way=ImportState.IMPORTING.value,
)  # fmt: skip

CHOOSE_FILE: Final = (
    "Choose a spreadsheet: an Excel workbook (.xlsx, .xls, .xlsb), an OpenDocument spreadsheet (.ods) or a CSV file."
)
BEGUN: Final = "Some of its contracts are imported, so its columns can't be read anew. Choose the file again for that."
NOT_LISTED: Final = "Choose what the column holds from the list."
TITLE_TWICE: Final = "Only one column can hold this. Make the others something else, or leave them out."


@dataclass(frozen=True, slots=True)
class ImportView:
    """``counts`` by kind of row; ``names`` of the file that wait for an answer, by kind."""

    id: UUID
    state: ImportState
    seen: BookSeen | None
    sentence: str
    done: int
    total: int
    made_at: datetime
    ends_at: datetime
    counts: Mapping[RowKind, int]
    names: Mapping[NameKind, int]
    open_names: Mapping[NameKind, int]
    digest: str
    is_from_outside: bool

    def count(self, *kinds: str) -> int:
        return sum(self.counts.get(RowKind(kind), 0) for kind in kinds)

    @property
    def to_import(self) -> int:
        return self.count(*READY)

    @property
    def imported(self) -> int:
        return self.count(RowKind.ADDED, RowKind.CHANGED)


async def upload(viewer: Viewer, content: bytes) -> UUID:
    """Keeps the file; the same file again is the same import while that waits. Raises Invalid, TooLarge, Conflict, Forbidden."""
    must_keep_contracts(viewer)
    if not content:
        raise Invalid(CHOOSE_FILE, file=CHOOSE_FILE)
    if len(content) > LIMITS.packed:
        sentence = f"The file must be smaller than {LIMITS.packed // 1024 // 1024} MB. Save only the sheet with the contracts."
        raise TooLarge(sentence, file=sentence)
    digest, now, new = sha256(content).digest(), clock.now(), uuid4()
    is_outside = viewer.person == OUTSIDE
    async with database.housekeeping():
        if waiting := await files.same(viewer.school, digest, len(content)):
            return waiting
        await RegisterImport.insert(
            RegisterImport(
                id=new, school=viewer.school, person=None if is_outside else viewer.person, state=ImportState.READING.value,
                digest=digest, size=len(content), file=content, understood="", chosen="", sentence="", done=0, total=0,
                made_at=now, ends_at=now + (KEPT_FROM_OUTSIDE if is_outside else KEPT_FOR),
            )
        )  # fmt: skip
    return new


async def listed(viewer: Viewer) -> tuple[ImportView, ...]:
    """The school's imports, the newest first."""
    must_keep_contracts(viewer)
    async with database.read():
        mine = RegisterImport.school == viewer.school
        rows = await RegisterImport.select(*_SHOWN).where(mine).order_by(RegisterImport.made_at, ascending=False)
        return tuple([await _view(row) for row in rows])


async def look(viewer: Viewer, import_id: UUID) -> ImportView:
    """One import of the school. Raises Forbidden, and NotFound for another school's as for none."""
    must_keep_contracts(viewer)
    async with database.read():
        return await _view(await must_have(viewer, import_id))


async def choose_columns(viewer: Viewer, import_id: UUID, sheet: str, *, header: int, held: Mapping[int, str]) -> None:
    """Says where a sheet's headings are (0 leaves the sheet out) and what its columns hold; it is read anew, and answers that
    were given go. ``held`` has fields of register_file, NOTED or LEFT_OUT. Raises Invalid, Conflict.
    """
    found = await look(viewer, import_id)
    seen = next((one for one in found.seen.sheets if one.name == sheet), None) if found.seen else None
    if seen is None or seen.own or not found.state.takes_answers:
        raise Conflict(MOVED_ON)
    if found.imported:
        raise Conflict(BEGUN)
    refuse_together(lambda: _require_looked_at(header), lambda: require_one_of_each(held))
    before = await _chosen(import_id)
    is_moved = header != seen.header  # then the columns are others, and what was said of them fits no more
    wanted = {**before, sheet: {"header": header, "held": {} if is_moved else {str(at): what for at, what in held.items()}}}
    change: dict[Any, Any] = {RegisterImport.chosen: json.dumps(wanted, ensure_ascii=False)}
    await move(viewer, import_id, found.state, ImportState.READING, change)


def _require_looked_at(header: int) -> None:
    if not 0 <= header <= LOOKED_AT:
        raise Invalid(f"The headings have to be in one of the first {LOOKED_AT} rows.", header="Enter the number of a row.")


def require_one_of_each(held: Mapping[int, str]) -> None:
    """That what columns hold is known, and not twice where that can't be. Raises Invalid that names each wrong one."""
    allowed, seen, problems = {*(one.value for one in Field), NOTED, LEFT_OUT}, set(), {}
    for at, what in held.items():
        if what not in allowed:
            problems[f"column-{at}"] = NOT_LISTED
        elif what in seen:
            problems[f"column-{at}"] = TITLE_TWICE
        elif what not in (NOTED, LEFT_OUT, Field.NOTES):
            seen.add(what)
    if problems:
        raise Invalid(next(iter(problems.values())), **problems)


async def _chosen(import_id: UUID) -> dict[str, Any]:
    async with database.read():
        found = await RegisterImport.select(RegisterImport.chosen).where(RegisterImport.id == import_id).first()
    chosen: dict[str, Any] = json.loads((found and found["chosen"]) or "{}")
    return chosen


async def start(viewer: Viewer, import_id: UUID) -> None:
    """Lets the import of what is ready begin; the second of two clicks finds it begun. Raises Conflict."""
    found = await look(viewer, import_id)
    if found.state in (ImportState.IMPORTING, ImportState.DONE):
        return
    if not found.state.takes_answers:
        raise Conflict(MOVED_ON)
    await move(viewer, import_id, found.state, ImportState.IMPORTING, {RegisterImport.total: found.to_import})


async def check_again(viewer: Viewer, import_id: UUID) -> None:
    """Judges every row anew, after an answer that concerns many."""
    found = await look(viewer, import_id)
    if found.state.takes_answers:
        await move(viewer, import_id, found.state, ImportState.CHECKING, {})


async def discard(viewer: Viewer, import_id: UUID) -> None:
    """Takes the file away; what was imported of it stays. Raises Conflict while it is being imported."""
    must_keep_contracts(viewer)
    await files.discard(viewer.school, import_id)


async def must_have(viewer: Viewer, import_id: UUID) -> dict[str, Any]:
    """The import without its file. Inside a unit. Raises NotFound."""
    return await files.must_have(viewer.school, import_id, _SHOWN)


async def move(viewer: Viewer, import_id: UUID, old: ImportState, new: ImportState, more: Mapping[Any, Any]) -> None:
    """Moves an import from one state to another, once. Raises Conflict where somebody moved it meanwhile."""
    await files.move(viewer.school, import_id, old.value, new.value, more)


_SHOWN: Final = (
    RegisterImport.id, RegisterImport.person, RegisterImport.state, RegisterImport.understood, RegisterImport.sentence,
    RegisterImport.done, RegisterImport.total, RegisterImport.made_at, RegisterImport.ends_at, RegisterImport.digest,
)  # fmt: skip
_BY_KIND: Final = "SELECT kind, count(*) AS n FROM contracts_import_row WHERE import_id = {} GROUP BY kind"
_BY_NAME: Final = """SELECT kind, count(*) AS n, sum(CASE WHEN choice = '' THEN 1 ELSE 0 END) AS waiting
    FROM contracts_import_name WHERE import_id = {} GROUP BY kind"""


async def _view(row: dict[str, Any]) -> ImportView:
    counts = await RegisterRow.raw(_BY_KIND, row["id"])
    names = await NameInFile.raw(_BY_NAME, row["id"])
    return ImportView(
        id=row["id"],
        state=ImportState(row["state"]),
        seen=register_worker.book_seen(json.loads(row["understood"])) if row["understood"] else None,
        sentence=row["sentence"],
        done=row["done"],
        total=row["total"],
        made_at=row["made_at"],
        ends_at=row["ends_at"],
        counts={RowKind(found["kind"]): found["n"] for found in counts},
        names={NameKind(found["kind"]): found["n"] for found in names},
        open_names={NameKind(found["kind"]): found["waiting"] for found in names},
        digest=bytes(row["digest"]).hex(),
        is_from_outside=row["person"] is None,
    )
