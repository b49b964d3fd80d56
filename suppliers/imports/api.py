"""Importing a school's list of suppliers over JSON: the same verbs as the pages.

Send the file, look until its state is "mapping", say what the columns hold, look until it is "checked", answer, start.
"""

from typing import Annotated, Final, Literal
from uuid import UUID

from litestar import Router, delete, get, post, put
from litestar.params import FromPath, JSONBody, QueryParameter
from litestar.response import Stream

from base.spreadsheets.writing import TableFormat
from base.viewer import KeyScope, Viewer, must_write
from suppliers.events import Event
from suppliers.imports import background, imports
from suppliers.imports import rows as import_rows
from suppliers.imports.pages import to_mend
from suppliers.imports.shapes import (
    ColumnsIn,
    ImportOut,
    RowAnswersIn,
    RowsOut,
    SheetIn,
    StartIn,
    told,
    told_row,
)
from web.http.openapi import GivesATable, TakesAFile
from web.pages import forms
from web.pages.handlers import AnyRequest, CurrentViewer

MOST_ROWS: Final = 200  # of one answer
IMPORT: Final = "/suppliers/imports/{import_id:uuid}"


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
    name, content = (await forms.read(request)).file("file") or ("", b"")
    import_id = await imports.upload(viewer, content, name=name)
    return await _carried_on(viewer, import_id)


@get("/suppliers/imports", operation_id="listImports", summary="Your school's imports, the newest first", key_scope=KeyScope.READ)
async def list_imports(viewer: CurrentViewer) -> list[ImportOut]:
    """Those that wait and those that are done, for as long as their files are kept."""
    return [told(found) for found in await imports.listed(viewer)]


@get(IMPORT, operation_id="getImport", summary="One import: how far it is, and what it found", key_scope=KeyScope.READ)
async def get_import(import_id: FromPath[UUID], viewer: CurrentViewer) -> ImportOut:
    """Ask until `state` is the one that you wait for: work goes on meanwhile."""
    found = await imports.look(viewer, import_id)
    if found.state.is_work:
        await background.carry_on(viewer, import_id, wait=0)
    return told(found)


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
    return RowsOut(rows=tuple(map(told_row, found.rows)), next_after=found.next_after)


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
    return told(await imports.look(viewer, import_id))


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
    operation_class=GivesATable,
    key_scope=KeyScope.READ,
)
async def take_errors(
    import_id: FromPath[UUID],
    viewer: CurrentViewer,
    made_as: Annotated[Literal["csv", "xlsx"], QueryParameter(name="format")] = "csv",
) -> Stream:
    """Each with what is wrong. Mend the rows and send that file as a new import."""
    return await to_mend(viewer, import_id, TableFormat(made_as))


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
    return told(await imports.look(viewer, import_id))


api = Router(
    path="/api/v1",
    route_handlers=[
        upload, list_imports, get_import, choose_sheet, choose_columns, list_rows, answer, start, take_errors, discard,
    ],
    tags=["Suppliers"],
)  # fmt: skip
