"""Importing a list of suppliers, page by page: choose a file, say what its columns hold, look at what would happen, import."""

from collections.abc import Sequence
from functools import partial
from typing import Annotated, Any, Final
from uuid import UUID

from litestar import Router, get, post
from litestar.params import FromPath, QueryParameter
from litestar.response import Redirect, Stream, Template

from base.refusals import Conflict, Invalid, Refusal, TooLarge, read_together
from base.spreadsheets.reading import SCHOOLS
from base.spreadsheets.writing import TableFormat, table_format
from base.viewer import Viewer, must_write
from base.words import count
from suppliers.events import Event
from suppliers.imports import asked_pages, at_my_schools, background, errors_file, for_schools, imports, rows
from suppliers.imports.at_my_schools import Elsewhere
from suppliers.imports.imports import ImportView
from suppliers.imports.rows import FLAWED, LAST, LISTS
from suppliers.imports.states import ImportState, RowKind
from suppliers.lists.column_titles import SupplierField
from web.http.downloads import blank, in_a_file_name, sent
from web.pages import forms, paging
from web.pages.forms import Form
from web.pages.handlers import AnyRequest, CurrentViewer, an_id
from web.pages.templating import page, redirect

AskedFormat = Annotated[str, QueryParameter(name="format", max_length=4)]
After = Annotated[int, QueryParameter(ge=0, le=2**31)]

LEAVE_OUT: Final = ("", "Leave this column out")
ACCEPTED: Final = ".csv,.xlsx,.xls,.xlsb,.ods,.zip,.gz,.txt"


@get("/suppliers/import", include_in_schema=False)
async def ask_file(request: AnyRequest, viewer: CurrentViewer) -> Template:
    return await _first(request, viewer)


@post("/suppliers/import", once=True, include_in_schema=False, leaves=(Event.SUPPLIERS_PUT_BEFORE,))
async def take_file(request: AnyRequest, viewer: CurrentViewer) -> Template | Redirect:
    must_write(viewer)
    form = await forms.read(request)
    try:
        name, content = form.file("file") or ("", b"")
        if form.text("trusts"):
            return await _put_before(viewer, form, content, name)
        also = await at_my_schools.chosen(viewer, _ticked(form))
        import_id = await imports.upload(viewer, content, name=name)
        await at_my_schools.upload_at(also, content, name=name)
    except (Invalid, TooLarge, Conflict) as refusal:
        return await _first(request, viewer, refusal)
    await background.carry_on(viewer, import_id)
    return _to(import_id)


@get("/suppliers/imports/{import_id:uuid}", include_in_schema=False)
async def show_import(request: AnyRequest, import_id: FromPath[UUID], viewer: CurrentViewer) -> Template:
    found = await imports.look(viewer, import_id)
    if found.state.is_work:
        await background.carry_on(viewer, import_id, wait=0)
    if found.state is ImportState.MAPPING:
        return _columns(request, viewer, found)
    return _shown(request, viewer, found, elsewhere=await at_my_schools.keep_up(viewer, found))


@get("/suppliers/imports/{import_id:uuid}/columns", include_in_schema=False)
async def ask_columns(request: AnyRequest, import_id: FromPath[UUID], viewer: CurrentViewer) -> Template | Redirect:
    found = await imports.look(viewer, import_id)
    return _columns(request, viewer, found) if found.state in (ImportState.MAPPING, ImportState.CHECKED) else _to(import_id)


@post("/suppliers/imports/{import_id:uuid}/sheet", include_in_schema=False, leaves=())
async def choose_sheet(request: AnyRequest, import_id: FromPath[UUID], viewer: CurrentViewer) -> Template | Redirect:
    form = await forms.read(request)
    try:
        sheet, header = read_together(lambda: _number(form, "sheet"), lambda: _number(form, "header"))
        await imports.choose_sheet(viewer, import_id, sheet=sheet, header=header)
    except Invalid as refusal:
        return _columns(request, viewer, await imports.look(viewer, import_id), form, refusal)
    await background.carry_on(viewer, import_id)
    return _to(import_id)


@post("/suppliers/imports/{import_id:uuid}/columns", include_in_schema=False, leaves=())
async def choose_columns(request: AnyRequest, import_id: FromPath[UUID], viewer: CurrentViewer) -> Template | Redirect:
    form, found = await forms.read(request), await imports.look(viewer, import_id)
    try:
        width = len(found.seen.columns) if found.seen else 0
        fields = read_together(*(partial(_field, form, f"column-{n}") for n in range(width)))
        await imports.choose_columns(viewer, import_id, fields)
    except Invalid as refusal:
        return _columns(request, viewer, found, form, refusal)
    await background.carry_on(viewer, import_id)
    return _to(import_id)


@get("/suppliers/imports/{import_id:uuid}/rows/{which:str}", include_in_schema=False)
async def show_rows(
    request: AnyRequest, import_id: FromPath[UUID], which: FromPath[str], viewer: CurrentViewer, after: After = 0
) -> Template:
    if which == asked_pages.WORDS:
        return await asked_pages.words(request, viewer, import_id, after)
    return await _rows(request, viewer, import_id, which, after)


@post("/suppliers/imports/{import_id:uuid}/answers", include_in_schema=False, leaves=())
async def answer(request: AnyRequest, import_id: FromPath[UUID], viewer: CurrentViewer) -> Template | Redirect:
    form = await forms.read(request)
    which = form.text("which", RowKind.ASK.value)
    if which == asked_pages.WORDS:
        return await asked_pages.answer_words(viewer, import_id, form)
    if which not in LISTS:
        raise Invalid(rows.CHOOSE)
    if everything := form.text("all"):
        kind = RowKind.MORE if which == RowKind.MORE else RowKind.ASK
        answered = await rows.answer_all(viewer, import_id, everything, kind=kind)
        return redirect(f"/suppliers/imports/{import_id}", done=f"{count(answered, 'question')} answered.")
    try:
        await rows.answer(viewer, import_id, _choices(form))
    except Invalid as refusal:
        return await _rows(request, viewer, import_id, which, 0, refusal)
    after = form.text("next")
    further = f"/rows/{which}?after={after}" if after.isdecimal() and len(after) < 10 else ""
    return redirect(f"/suppliers/imports/{import_id}{further}", done="Your answers are kept.")


@post(
    "/suppliers/imports/{import_id:uuid}/start",
    include_in_schema=False,
    leaves=(Event.SUPPLIER_ADDED, Event.SUPPLIER_ADOPTED, Event.SUPPLIER_CHANGED, Event.SUPPLIERS_IMPORTED),
)
async def start(request: AnyRequest, import_id: FromPath[UUID], viewer: CurrentViewer) -> Template | Redirect:
    form = await forms.read(request)
    if form.text("which") not in ("ready", "all"):
        raise Invalid("Choose what should be imported.", which="Choose what should be imported.")
    try:
        also = _ticked(form)
        await at_my_schools.require_waits(viewer, import_id, also)
        await imports.start(viewer, import_id, all_or_nothing=form.text("which") == "all")
    except Conflict as refusal:
        found = await imports.look(viewer, import_id)
        return _shown(request, viewer, found, Conflict(refusal.sentence, which=refusal.sentence), chosen=form.text("which"))
    begun = await at_my_schools.start_at(viewer, import_id, also)
    await background.carry_on(viewer, import_id)
    told = f"The import began at {', '.join(begun)} too." if begun else ""
    return redirect(f"/suppliers/imports/{import_id}", done=told) if told else _to(import_id)


@post("/suppliers/imports/{import_id:uuid}/discard", include_in_schema=False, leaves=())
async def discard(import_id: FromPath[UUID], viewer: CurrentViewer) -> Redirect:
    await imports.discard(viewer, import_id)
    return redirect("/suppliers/import", done="The file is gone. What was imported of it stays.")


@get("/suppliers/imports/{import_id:uuid}/errors", include_in_schema=False)
async def take_errors(import_id: FromPath[UUID], viewer: CurrentViewer, made_as: AskedFormat = "xlsx") -> Stream:
    return await to_mend(viewer, import_id, table_format(made_as))


async def to_mend(viewer: Viewer, import_id: UUID, made_as: TableFormat) -> Stream:
    """The rows that an import leaves out, as a download."""
    file = blank()
    try:
        await errors_file.errors(viewer, import_id, made_as, to=file)
    except BaseException:
        file.close()
        raise
    name = f"{in_a_file_name(viewer.school_name)}-suppliers-to-mend.{made_as}"
    return sent(file, name=name, media_type=made_as.media_type)


async def _put_before(viewer: Viewer, form: Form, content: bytes, name: str) -> Redirect:
    chosen = [one for value in form.many("school") if (one := an_id(value))]
    done = await for_schools.put_before(viewer, content, chosen, name=name)
    told = f"It waits at {count(done.schools, 'school')}, each of which imports it or not."
    if done.full:
        told += f" Too many lists wait already at {', '.join(done.full)}."
    return redirect("/suppliers/import", done=told)


def _ticked(form: Form) -> list[UUID]:
    """The other schools that were ticked; what names no school is none of them."""
    return [an_id(value) or UUID(int=0) for value in form.many("also")]


def _to(import_id: UUID) -> Redirect:
    return redirect(f"/suppliers/imports/{import_id}")


async def _first(request: AnyRequest, viewer: Viewer, refusal: Refusal | None = None) -> Template:
    there, schools = await imports.listed(viewer), await for_schools.schools(viewer)
    also = [(str(one.school), one.school_name) for one in await at_my_schools.schools(viewer)]
    return page(
        "imports/file.html", request=request, viewer=viewer, refusal=refusal, imports=there, accepted=ACCEPTED, schools=schools,
        also=also, most=SCHOOLS.packed // 1024 // 1024, rows=SCHOOLS.rows,
    )  # fmt: skip


def _columns(
    request: AnyRequest, viewer: Viewer, found: ImportView, form: Form | None = None, refusal: Refusal | None = None
) -> Template:
    seen = found.seen
    if seen is None:
        return _shown(request, viewer, found)
    values: Any = form or {f"column-{n}": column.field.value if column.field else "" for n, column in enumerate(seen.columns)}
    options = [LEAVE_OUT, *((field.value, field.words) for field in SupplierField)]
    return page(
        "imports/columns.html", request=request, viewer=viewer, found=found, seen=seen, values=values, options=options,
        refusal=refusal,
    )  # fmt: skip


def _shown(
    request: AnyRequest,
    viewer: Viewer,
    found: ImportView,
    refusal: Refusal | None = None,
    *,
    chosen: str = "ready",
    elsewhere: Sequence[Elsewhere] = (),
) -> Template:
    counts = {kind.value: number for kind, number in found.counts.items()} | {FLAWED: found.flawed, LAST: found.last}
    lists = [(which, *LISTS[which], counts[which]) for which in LISTS if counts.get(which)]
    return page(
        "imports/import.html", request=request, viewer=viewer, found=found, lists=lists, refusal=refusal, chosen=chosen,
        elsewhere=elsewhere, ready=[(str(one.viewer.school), one.words) for one in elsewhere if one.is_ready],
    )  # fmt: skip


async def _rows(
    request: AnyRequest, viewer: Viewer, import_id: UUID, which: str, after: int, refusal: Refusal | None = None
) -> Template:
    found = await imports.look(viewer, import_id)
    shown = await rows.page_of(viewer, import_id, which, after=after)
    title, meaning = LISTS[which]
    here = f"/suppliers/imports/{import_id}/rows/{which}"
    return page(
        "imports/rows.html",
        request=request,
        viewer=viewer,
        found=found,
        which=which,
        title=title,
        meaning=meaning,
        shown=shown,
        refusal=refusal,
        **paging.after(here, after, shown.next_after),
        can_answer=which in (*rows.ANSWERED, rows.LAST) and found.state.takes_answers,
    )


def _number(form: Form, name: str) -> int:
    typed = form.text(name).strip()
    if not typed.isdecimal() or len(typed) > 7:
        raise Invalid("Enter a row number, such as 4.", **{name: "Enter a row number, such as 4."})
    return int(typed)


def _field(form: Form, name: str) -> SupplierField | None:
    typed = form.text(name)
    return forms.one_of(SupplierField, typed, name, "Choose what the column holds from the list.") if typed else None


def _choices(form: Form) -> dict[int, str]:
    found = {}
    for name in form.fields:
        number = name.removeprefix("choice-")
        if number != name and number.isdecimal() and len(number) < 10:
            found[int(number)] = form.text(name)
    return found


pages = Router(
    path="/",
    route_handlers=[
        ask_file, take_file, show_import, ask_columns, choose_sheet, choose_columns, show_rows, answer, start, discard,
        take_errors,
    ],
)  # fmt: skip
