"""Importing a register of contracts, page by page: choose a file, see what was understood, import."""

from collections.abc import Sequence
from typing import Annotated, Final
from uuid import UUID

from litestar import Router, get, post
from litestar.params import FromPath, QueryParameter
from litestar.response import Redirect, Template

from base.refusals import Conflict, Invalid, Refusal, TooLarge, read_apart, refuse_unread
from base.viewer import Viewer, must_keep_contracts
from contracts.events import Event
from contracts.imports import at_my_schools, background, imports, other_schools
from contracts.imports.at_my_schools import Elsewhere
from contracts.imports.imports import ImportView
from contracts.imports.words import LISTS, NAMES
from contracts.register_file.headings import Field
from contracts.register_file.register_file import LIMITS
from contracts.register_rows.register_worker import LEFT_OUT, NOTED
from web.pages import forms
from web.pages.forms import Form
from web.pages.handlers import AnyRequest, CurrentViewer, an_id
from web.pages.templating import page, redirect

After = Annotated[int, QueryParameter(ge=0, le=2**31)]

ACCEPTED: Final = ".csv,.xlsx,.xls,.xlsb,.ods,.zip,.gz,.txt"
HELD: Final = {
    NOTED: "Into the notes, with its heading", LEFT_OUT: "Leave it out", Field.TITLE: "What it is for",
    Field.DESCRIPTION: "Description", Field.SUPPLIER: "Supplier", Field.START: "First day", Field.END: "Last day",
    Field.RENEWAL_DAY: "Renewal date", Field.TERM: "Length", Field.EXTENSIONS: "Extensions", Field.NOTICE: "Notice",
    Field.METHOD: "How notice is sent", Field.RENEWAL: "Whether it renews by itself", Field.ROLL: "It renews for",
    Field.ANNUAL: "Value a year", Field.TOTAL: "Value in all", Field.SUM: "A sum, not said of how long",
    Field.ROUTE: "Route to purchase", Field.OFFICER: "Responsible officer", Field.SCHOOLS: "Schools covered",
    Field.STATUS: "How it stands", Field.NOTES: "Notes", Field.REFERENCE: "Contract reference",
    Field.FREQUENCY: "How often it is paid",
}  # fmt: skip


@get("/contracts/import", include_in_schema=False)
async def ask_file(request: AnyRequest, viewer: CurrentViewer) -> Template:
    return await _first(request, viewer)


@post("/contracts/import", include_in_schema=False, leaves=())
async def take_file(request: AnyRequest, viewer: CurrentViewer) -> Template | Redirect:
    must_keep_contracts(viewer)
    form = await forms.read(request)
    try:
        _, content = form.file("file") or ("", b"")
        named = _ticked(form, "at") if await other_schools.of(viewer) else [viewer.school]
        kept = await at_my_schools.upload(viewer, content, named)
    except (Invalid, TooLarge, Conflict) as refusal:
        return await _first(request, viewer, refusal, form)
    ours = next((which for one, which in kept if one.school == viewer.school), None)
    if ours is None:
        there = ", ".join(one.school_name for one, _ in kept)
        return redirect("/contracts/import", done=f"The file is at {there}. Open it below.")
    await background.carry_on(viewer, ours)
    return _to(ours)


@get("/contracts/imports/{register_id:uuid}", include_in_schema=False)
async def show_import(request: AnyRequest, register_id: FromPath[UUID], viewer: CurrentViewer) -> Template:
    found = await imports.look(viewer, register_id)
    if found.state.is_work:
        await background.carry_on(viewer, register_id, wait=0)
    return _shown(request, viewer, found, await at_my_schools.elsewhere(viewer, register_id))


@get("/contracts/imports/{register_id:uuid}/columns", include_in_schema=False)
async def ask_columns(request: AnyRequest, register_id: FromPath[UUID], viewer: CurrentViewer) -> Template:
    return _columns(request, viewer, await imports.look(viewer, register_id))


@post("/contracts/imports/{register_id:uuid}/columns", include_in_schema=False, leaves=())
async def choose_columns(request: AnyRequest, register_id: FromPath[UUID], viewer: CurrentViewer) -> Template | Redirect:
    form, found = await forms.read(request), await imports.look(viewer, register_id)
    held = {int(at): form.text(name) for name in form.fields if (at := name.removeprefix("column-")) != name and _is_number(at)}
    try:
        (header,), unread = read_apart(lambda: _number(form, "header"))
        refuse_unread(unread, lambda: imports.require_one_of_each(held))
        await at_my_schools.choose_columns(viewer, register_id, form.text("sheet"), header=header, held=held)
    except Invalid as refusal:
        return _columns(request, viewer, found, form, refusal)
    await background.carry_on(viewer, register_id)
    return _to(register_id)


@post(
    "/contracts/imports/{register_id:uuid}/start",
    include_in_schema=False,
    leaves=(Event.CONTRACT_ADDED, Event.CONTRACT_CHANGED, Event.CONTRACTS_IMPORTED),
)
async def start(request: AnyRequest, register_id: FromPath[UUID], viewer: CurrentViewer) -> Redirect:
    also = _ticked(await forms.read(request), "also")
    await at_my_schools.require_waits(viewer, register_id, also)
    await imports.start(viewer, register_id)
    begun = await at_my_schools.start_at(viewer, register_id, also)
    await background.carry_on(viewer, register_id)
    told = f"The import began at {', '.join(begun)} too." if begun else ""
    return redirect(f"/contracts/imports/{register_id}", done=told) if told else _to(register_id)


@post("/contracts/imports/{register_id:uuid}/discard", include_in_schema=False, leaves=())
async def discard(register_id: FromPath[UUID], viewer: CurrentViewer) -> Redirect:
    await imports.discard(viewer, register_id)
    return redirect("/contracts/import", done="The file is gone. What was imported of it stays.")


def _to(register_id: UUID) -> Redirect:
    return redirect(f"/contracts/imports/{register_id}")


def _ticked(form: Form, name: str) -> list[UUID]:
    """The schools that were ticked; what names no school is none of them."""
    return [an_id(value) or UUID(int=0) for value in form.many(name)]


async def _first(request: AnyRequest, viewer: Viewer, refusal: Refusal | None = None, form: Form | None = None) -> Template:
    there, elsewhere = await imports.listed(viewer), await other_schools.of(viewer)
    mine = [(str(one.school), one.school_name) for one in (viewer, *elsewhere)] if elsewhere else []
    return page(
        "contract_imports/file.html", request=request, viewer=viewer, refusal=refusal, imports=there, accepted=ACCEPTED,
        most=LIMITS.packed // 1024 // 1024, rows=LIMITS.rows, schools=mine, values=form or {"at": [str(viewer.school)]},
        waiting=await at_my_schools.waiting(viewer),
    )  # fmt: skip


def _shown(request: AnyRequest, viewer: Viewer, found: ImportView, elsewhere: Sequence[Elsewhere]) -> Template:
    lists = [(kind.value, *LISTS[kind], number) for kind in LISTS if (number := found.counts.get(kind))]
    names = [(kind.value, *NAMES[kind], number) for kind in NAMES if (number := found.open_names.get(kind))]
    return page(
        "contract_imports/import.html", request=request, viewer=viewer, found=found, lists=lists, names=names,
        elsewhere=elsewhere, ready=[(str(one.viewer.school), one.words) for one in elsewhere if one.is_ready],
    )  # fmt: skip


def _columns(
    request: AnyRequest, viewer: Viewer, found: ImportView, form: Form | None = None, refusal: Refusal | None = None
) -> Template:
    options = [(str(what), words) for what, words in HELD.items()]
    return page(
        "contract_imports/columns.html", request=request, viewer=viewer, found=found, form=form, options=options, refusal=refusal,
    )  # fmt: skip


def _is_number(text: str) -> bool:
    return text.isdecimal() and text.isascii() and len(text) < 8


def _number(form: Form, name: str) -> int:
    typed = form.text(name).strip()
    if not _is_number(typed):
        raise Invalid("Enter a row number, such as 4.", **{name: "Enter a row number, such as 4."})
    return int(typed)


pages = Router(
    path="/",
    route_handlers=[
        ask_file, take_file, show_import, ask_columns, choose_columns, start, discard,
    ],
)  # fmt: skip
