"""Importing a school's list of suppliers over JSON: the same verbs as the pages.

Send the file, look until its state is "mapping", say what the columns hold, look until it is "checked", answer, start.
"""

from datetime import datetime
from typing import Annotated, Final, Literal
from uuid import UUID

import msgspec
from litestar import Router, delete, get, post, put
from litestar.params import FromPath, JSONBody, QueryParameter
from litestar.response import Stream

from base.spreadsheets.cells import MOST_COLUMNS
from base.viewer import KeyScope, Viewer, must_write
from suppliers.events import Event
from suppliers.imports import background, imports
from suppliers.imports import rows as import_rows
from suppliers.imports.errors_file import ErrorsFormat
from suppliers.imports.imports import ImportView
from suppliers.imports.pages import to_mend
from suppliers.lists.column_titles import SupplierField
from web.http.openapi import TakesAFile
from web.pages import forms
from web.pages.handlers import AnyRequest, CurrentViewer

MOST_ANSWERS: Final = 500  # of one request
MOST_ROWS: Final = 200  # of one answer
LONGEST_CHOICE: Final = 60
IMPORT: Final = "/suppliers/imports/{import_id:uuid}"


class ColumnOut(msgspec.Struct, frozen=True, kw_only=True):
    """``holds`` is what the column is taken for, null where it is left out; ``fits`` of ``filled`` sampled cells can be used."""

    letters: str
    heading: str
    samples: tuple[str, ...]
    holds: SupplierField | None
    filled: int
    fits: int


class ImportOut(msgspec.Struct, frozen=True, kw_only=True):
    """``state`` is reading, mapping, checking, checked, importing, done, stopped or refused; ``sentence`` says why of the
    last two. ``rows`` counts by list; ``ready`` suppliers would be imported now.
    """

    id: UUID
    state: str
    sentence: str
    done: int
    total: int
    sheets: tuple[str, ...]
    sheet: int | None
    headings_row: int | None
    columns: tuple[ColumnOut, ...]
    rows: dict[str, int]
    waiting: int
    ready: int
    sha256: str
    made_at: datetime
    ends_at: datetime


class SheetIn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``headings_row`` is as the spreadsheet numbers it; 0 for none."""

    sheet: Annotated[int, msgspec.Meta(ge=0, le=100)] = 0
    headings_row: Annotated[int, msgspec.Meta(ge=0, le=1_048_576)]


class ColumnsIn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What each column holds, in their order; null leaves one out. Exactly one is "name"."""

    holds: Annotated[tuple[SupplierField | None, ...], msgspec.Meta(min_length=1, max_length=MOST_COLUMNS)]


class OptionOut(msgspec.Struct, frozen=True, kw_only=True):
    choice: str
    name: str
    why: str
    own: bool


class RowOut(msgspec.Struct, frozen=True, kw_only=True):
    """``left_out`` are sentences about what can't be right and is not imported; ``choice`` is "" while it waits."""

    row: int
    name: str
    said: str
    left_out: tuple[str, ...]
    options: tuple[OptionOut, ...]
    choice: str
    same_as_row: int | None
    supplier: UUID | None


class RowsOut(msgspec.Struct, frozen=True, kw_only=True):
    rows: tuple[RowOut, ...]
    next_after: int | None


class RowAnswerIn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``choice`` is one of the row's options, "new", "skip", or "" to take an answer back."""

    row: Annotated[int, msgspec.Meta(ge=1, le=1_048_576)]
    choice: Annotated[str, msgspec.Meta(max_length=LONGEST_CHOICE)]


class RowAnswersIn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``all_waiting`` answers every question that has no answer after ``answers``."""

    answers: Annotated[tuple[RowAnswerIn, ...], msgspec.Meta(max_length=MOST_ANSWERS)] = ()
    all_waiting: Literal["likeliest", "new", "skip"] | None = None


class StartIn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    all_or_nothing: bool


@post(
    "/suppliers/imports",
    operation_id="uploadSuppliers",
    summary="Send a spreadsheet of suppliers",
    leaves=(),
    operation_class=TakesAFile,
    key_scope=KeyScope.WRITE,
)
async def upload(request: AnyRequest, viewer: CurrentViewer) -> ImportOut:
    """Takes multipart/form-data with the part `file`. The same file again, while it waits, is the same import."""
    must_write(viewer)
    name, content = (await forms.read(request)).files.get("file", ("", b""))
    import_id = await imports.upload(viewer, content, name=name)
    return await _carried_on(viewer, import_id)


@get("/suppliers/imports", operation_id="listImports", summary="Your school's imports, the newest first", key_scope=KeyScope.READ)
async def list_imports(viewer: CurrentViewer) -> list[ImportOut]:
    """Those that wait and those that are done, for as long as their files are kept."""
    return [_out(found) for found in await imports.listed(viewer)]


@get(IMPORT, operation_id="getImport", summary="One import: how far it is, and what it found", key_scope=KeyScope.READ)
async def get_import(import_id: FromPath[UUID], viewer: CurrentViewer) -> ImportOut:
    """Ask until `state` is the one that you wait for: work goes on meanwhile."""
    found = await imports.look(viewer, import_id)
    if found.state.is_work:
        await background.carry_on(viewer, import_id, wait=0)
    return _out(found)


@put(
    f"{IMPORT}/sheet",
    operation_id="chooseSheet",
    summary="Read another sheet, or other headings",
    leaves=(),
    key_scope=KeyScope.WRITE,
)
async def choose_sheet(import_id: FromPath[UUID], viewer: CurrentViewer, data: JSONBody[SheetIn]) -> ImportOut:
    """While it waits for its columns or its answers. What the columns hold is proposed anew."""
    await imports.choose_sheet(viewer, import_id, sheet=data.sheet, header=data.headings_row)
    return await _carried_on(viewer, import_id)


@put(
    f"{IMPORT}/columns",
    operation_id="chooseColumns",
    summary="Say what the columns hold; the rows are checked next",
    leaves=(),
    key_scope=KeyScope.WRITE,
)
async def choose_columns(import_id: FromPath[UUID], viewer: CurrentViewer, data: JSONBody[ColumnsIn]) -> ImportOut:
    """Nothing is added yet."""
    await imports.choose_columns(viewer, import_id, data.holds)
    return await _carried_on(viewer, import_id)


@get(f"{IMPORT}/rows", operation_id="listImportRows", summary="Rows of one list of an import", key_scope=KeyScope.READ)
async def list_rows(
    import_id: FromPath[UUID],
    viewer: CurrentViewer,
    which: Annotated[
        str, QueryParameter(name="list", max_length=20, description="new, known, ask, ours, double, wrong, flawed, noise, added…")
    ] = "ask",
    after: Annotated[int, QueryParameter(ge=0, le=2**31, description="The last row seen")] = 0,
) -> RowsOut:
    """In the order of the file, 200 at a time: send `next_after` back as `after`."""
    found = await import_rows.page_of(viewer, import_id, which, after=after, limit=MOST_ROWS)
    return RowsOut(rows=tuple(map(_row, found.rows)), next_after=found.next_after)


@post(
    f"{IMPORT}/answers",
    operation_id="answerImport",
    summary="Say which rows are suppliers that are here",
    leaves=(),
    status_code=200,
    key_scope=KeyScope.WRITE,
)
async def answer(import_id: FromPath[UUID], viewer: CurrentViewer, data: JSONBody[RowAnswersIn]) -> ImportOut:
    """Up to 500 rows at once. Everything else stays as it was."""
    if data.answers:
        await import_rows.answer(viewer, import_id, {one.row: one.choice for one in data.answers})
    if data.all_waiting:
        await import_rows.answer_all(viewer, import_id, data.all_waiting)
    return _out(await imports.look(viewer, import_id))


@post(
    f"{IMPORT}/start",
    operation_id="startImport",
    summary="Import the rows that are ready, or all or nothing",
    leaves=(Event.SUPPLIER_ADDED, Event.SUPPLIER_ADOPTED, Event.SUPPLIER_CHANGED, Event.SUPPLIERS_IMPORTED),
    status_code=200,
    key_scope=KeyScope.WRITE,
)
async def start(import_id: FromPath[UUID], viewer: CurrentViewer, data: JSONBody[StartIn]) -> ImportOut:
    """Goes on by itself; ask for the import until its state is `done`. Starting twice imports once."""
    await imports.start(viewer, import_id, all_or_nothing=data.all_or_nothing)
    return await _carried_on(viewer, import_id)


@get(
    f"{IMPORT}/errors",
    operation_id="takeImportErrors",
    summary="The rows to mend, as a spreadsheet",
    media_type="text/csv",
    key_scope=KeyScope.READ,
)
async def take_errors(
    import_id: FromPath[UUID],
    viewer: CurrentViewer,
    made_as: Annotated[Literal["csv", "xlsx"], QueryParameter(name="format")] = "csv",
) -> Stream:
    """Each with what is wrong. Mend the rows and send that file as a new import."""
    return await to_mend(viewer, import_id, ErrorsFormat(made_as))


@delete(
    IMPORT,
    operation_id="removeImport",
    summary="Remove a file; what was imported of it stays",
    leaves=(),
    key_scope=KeyScope.WRITE,
)
async def discard(import_id: FromPath[UUID], viewer: CurrentViewer) -> None:
    """Also one that waits. It is refused while rows are being imported."""
    await imports.discard(viewer, import_id)


async def _carried_on(viewer: Viewer, import_id: UUID) -> ImportOut:
    await background.carry_on(viewer, import_id)
    return _out(await imports.look(viewer, import_id))


def _out(found: ImportView) -> ImportOut:
    seen = found.seen
    return ImportOut(
        id=found.id,
        state=found.state.value,
        sentence=found.sentence,
        done=found.done,
        total=found.total,
        sheets=tuple(sheet.name for sheet in seen.sheets) if seen else (),
        sheet=seen.sheet if seen else None,
        headings_row=seen.header if seen else None,
        columns=tuple(
            ColumnOut(
                letters=column.letters,
                heading=column.title,
                samples=column.samples,
                holds=column.field,
                filled=column.filled,
                fits=column.fits,
            )
            for column in (seen.columns if seen else ())
        ),
        rows={kind.value: number for kind, number in found.counts.items()},
        waiting=found.waiting,
        ready=found.to_import,
        sha256=found.digest,
        made_at=found.made_at,
        ends_at=found.ends_at,
    )


def _row(row: import_rows.ShownRow) -> RowOut:
    return RowOut(
        row=row.number,
        name=row.name,
        said=row.said,
        left_out=row.flaws,
        options=tuple(OptionOut(choice=one.choice, name=one.name, why=one.why, own=one.is_own) for one in row.options),
        choice=row.choice,
        same_as_row=row.lead,
        supplier=row.supplier,
    )


api = Router(
    path="/api/v1",
    route_handlers=[
        upload, list_imports, get_import, choose_sheet, choose_columns, list_rows, answer, start, take_errors, discard,
    ],
    tags=["Suppliers"],
)  # fmt: skip
