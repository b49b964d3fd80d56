"""Importing a register of contracts, page by page: choose a file, see what was understood, answer, import. And the way out."""

from typing import Annotated, Any, Final
from uuid import UUID

from litestar import Router, get, post
from litestar.params import FromPath, QueryParameter
from litestar.response import Redirect, Stream, Template

from base.refusals import Conflict, Invalid, NotFound, Refusal, TooLarge
from base.viewer import Viewer, must_write
from base.words import count
from contracts.events import Event
from contracts.imports import background, exporting, imports, questions, rows
from contracts.imports.exporting import SheetFormat
from contracts.imports.imports import ImportView
from contracts.imports.register_worker import LEFT_OUT, NOTED
from contracts.imports.rows import ShownRow
from contracts.imports.states import OPEN, NameChoice, NameKind, RowKind
from contracts.register_file.headings import Field
from contracts.register_file.register_file import LIMITS
from web.http.downloads import blank, in_a_file_name, sent
from web.pages import forms
from web.pages.forms import Form
from web.pages.handlers import AnyRequest, CurrentViewer, an_id
from web.pages.templating import page, redirect

AskedFormat = Annotated[str, QueryParameter(name="format", max_length=4)]
After = Annotated[int, QueryParameter(ge=0, le=2**31)]
AfterName = Annotated[str, QueryParameter(max_length=300)]

ACCEPTED: Final = ".csv,.xlsx,.zip,.gz,.txt"
# What each list of rows is called, and what that means.
LISTS: Final = {
    RowKind.ASK: ("Questions", "Vouch is not certain of something in these rows. They wait until you answer."),
    RowKind.NEW: ("Ready to add", "Contracts that are new to your register."),
    RowKind.CHANGE: ("Ready to change", "Contracts of your register about which the file says something else."),
    RowKind.SAME: ("As they are", "Your register says the same. Nothing is changed."),
    RowKind.LEFT_OUT: ("Left out", "By you, or because they are for none of your schools."),
    RowKind.SKIPPED: ("No contracts", "Titles, headings, totals, remarks and empty rows."),
    RowKind.ADDED: ("Added", "In your register now."),
    RowKind.CHANGED: ("Changed", "In your register, as the file says."),
}
NAMES: Final = {
    NameKind.SUPPLIER: ("Suppliers", "They may be suppliers that are here already. Say which: nothing is joined without you."),
    NameKind.SCHOOL: ("Schools", "Say which of your schools each name is."),
}
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
    must_write(viewer)
    form = await forms.read(request)
    _, content = form.files.get("file", ("", b""))
    try:
        import_id = await imports.upload(viewer, content)
    except (Invalid, TooLarge, Conflict) as refusal:
        return await _first(request, viewer, refusal)
    await background.carry_on(viewer, import_id)
    return _to(import_id)


@get("/contracts/imports/{import_id:uuid}", include_in_schema=False)
async def show_import(request: AnyRequest, import_id: FromPath[UUID], viewer: CurrentViewer) -> Template:
    found = await imports.look(viewer, import_id)
    if found.state.is_work:
        await background.carry_on(viewer, import_id, wait=0)
    return _shown(request, viewer, found)


@get("/contracts/imports/{import_id:uuid}/columns", include_in_schema=False)
async def ask_columns(request: AnyRequest, import_id: FromPath[UUID], viewer: CurrentViewer) -> Template:
    return _columns(request, viewer, await imports.look(viewer, import_id))


@post("/contracts/imports/{import_id:uuid}/columns", include_in_schema=False, leaves=())
async def choose_columns(request: AnyRequest, import_id: FromPath[UUID], viewer: CurrentViewer) -> Template | Redirect:
    form, found = await forms.read(request), await imports.look(viewer, import_id)
    try:
        held = {
            int(at): form.text(name) for name in form.fields if (at := name.removeprefix("column-")) != name and _is_number(at)
        }
        await imports.choose_columns(viewer, import_id, form.text("sheet"), header=_number(form, "header"), held=held)
    except Invalid as refusal:
        return _columns(request, viewer, found, form, refusal)
    await background.carry_on(viewer, import_id)
    return _to(import_id)


@get("/contracts/imports/{import_id:uuid}/rows/{which:str}", include_in_schema=False)
async def show_rows(
    request: AnyRequest, import_id: FromPath[UUID], which: FromPath[str], viewer: CurrentViewer, after: After = 0
) -> Template:
    found = await imports.look(viewer, import_id)
    shown = await rows.page_of(viewer, import_id, which, after=after)
    here = f"/contracts/imports/{import_id}/rows/{which}"
    return _rows(
        request, viewer, found, RowKind(which), shown.rows,
        next_url=f"{here}?after={shown.next_after}" if shown.next_after is not None else "", first_url=here if after else "",
    )  # fmt: skip


@get("/contracts/imports/{import_id:uuid}/row/{place:int}", include_in_schema=False)
async def show_row(request: AnyRequest, import_id: FromPath[UUID], place: FromPath[int], viewer: CurrentViewer) -> Template:
    found, row = await imports.look(viewer, import_id), await rows.row(viewer, import_id, place)
    return _rows(request, viewer, found, row.kind, [row])


@post("/contracts/imports/{import_id:uuid}/answers", include_in_schema=False, leaves=())
async def answer(request: AnyRequest, import_id: FromPath[UUID], viewer: CurrentViewer) -> Template | Redirect:
    """Keeps the answers of every row that can be read; the others come back with what was typed."""
    form = await forms.read(request)
    problems: dict[str, str] = {}
    left: list[ShownRow] = []
    for place in _places(form):
        row = await rows.row(viewer, import_id, place)
        try:
            given, choice = questions.answers(form, row)
            if given or choice != row.choice:
                await rows.answer(viewer, import_id, place, given, choice)
        except Invalid as refusal:
            named = refusal.fields if any(name.startswith(f"r{place}-") for name in refusal.fields) else None
            problems |= named or questions.at_inputs(row, refusal)
            left.append(row)
    if left:
        refused = Invalid("Some answers can’t be read. The others are kept.", **problems)
        found = await imports.look(viewer, import_id)
        return _rows(request, viewer, found, RowKind.ASK, left, form=form, refusal=refused)
    there = await imports.look(viewer, import_id)
    further = "/rows/ask" if there.count(RowKind.ASK) and form.text("which") == RowKind.ASK else ""
    return redirect(f"/contracts/imports/{import_id}{further}", done="Your answers are kept.")


@post("/contracts/imports/{import_id:uuid}/unknown", include_in_schema=False, leaves=())
async def leave_unknown(import_id: FromPath[UUID], viewer: CurrentViewer) -> Redirect:
    answered = await rows.leave_unknown(viewer, import_id)
    await background.carry_on(viewer, import_id)
    done = f"{count(answered, 'row')} can be imported with something left empty. The questions are in the notes."
    return redirect(f"/contracts/imports/{import_id}", done=done)


@get("/contracts/imports/{import_id:uuid}/names/{kind:str}", include_in_schema=False)
async def show_names(
    request: AnyRequest, import_id: FromPath[UUID], kind: FromPath[str], viewer: CurrentViewer, after: AfterName = ""
) -> Template:
    return await _names(request, viewer, import_id, _kind(kind), after)


@post("/contracts/imports/{import_id:uuid}/names/{kind:str}", include_in_schema=False, leaves=())
async def answer_names(
    request: AnyRequest, import_id: FromPath[UUID], kind: FromPath[str], viewer: CurrentViewer
) -> Template | Redirect:
    form, what = await forms.read(request), _kind(kind)
    chosen = {which: form.text(name) for name in form.fields if (which := an_id(name.removeprefix("name-")))}
    try:
        await rows.answer_names(viewer, import_id, what, chosen)
    except Invalid as refusal:
        if not refusal.fields:
            raise
        return await _names(request, viewer, import_id, what, "", form, refusal)
    await background.carry_on(viewer, import_id)
    return redirect(f"/contracts/imports/{import_id}", done="Your answers are kept.")


@post(
    "/contracts/imports/{import_id:uuid}/start",
    include_in_schema=False,
    leaves=(Event.CONTRACT_ADDED, Event.CONTRACT_CHANGED, Event.CONTRACTS_IMPORTED),
)
async def start(import_id: FromPath[UUID], viewer: CurrentViewer) -> Redirect:
    await imports.start(viewer, import_id)
    await background.carry_on(viewer, import_id)
    return _to(import_id)


@post("/contracts/imports/{import_id:uuid}/discard", include_in_schema=False, leaves=())
async def discard(import_id: FromPath[UUID], viewer: CurrentViewer) -> Redirect:
    await imports.discard(viewer, import_id)
    return redirect("/contracts/import", done="The file is gone. What was imported of it stays.")


@get("/contracts/import/template", include_in_schema=False)
async def take_template(viewer: CurrentViewer, made_as: AskedFormat = "xlsx") -> Stream:
    chosen, file = _format(made_as), blank()
    exporting.template(chosen, to=file)
    return sent(file, name=f"contracts-to-fill-in.{chosen}", media_type=chosen.media_type)


@get("/contracts/export", include_in_schema=False)
async def take_export(viewer: CurrentViewer, made_as: AskedFormat = "xlsx") -> Stream:
    chosen, file = _format(made_as), blank()
    try:
        await exporting.export(viewer, chosen, to=file)
    except BaseException:
        file.close()
        raise
    return sent(file, name=f"{in_a_file_name(viewer.school_name)}-contracts.{chosen}", media_type=chosen.media_type)


def _to(import_id: UUID) -> Redirect:
    return redirect(f"/contracts/imports/{import_id}")


async def _first(request: AnyRequest, viewer: Viewer, refusal: Refusal | None = None) -> Template:
    there = await imports.listed(viewer)
    return page(
        "contract_imports/file.html", request=request, viewer=viewer, refusal=refusal, imports=there, accepted=ACCEPTED,
        most=LIMITS.packed // 1024 // 1024, rows=LIMITS.rows,
    )  # fmt: skip


def _shown(request: AnyRequest, viewer: Viewer, found: ImportView) -> Template:
    lists = [(kind.value, *LISTS[kind], number) for kind in LISTS if (number := found.counts.get(kind))]
    names = [(kind.value, *NAMES[kind], number) for kind in NAMES if (number := found.open_names.get(kind))]
    return page("contract_imports/import.html", request=request, viewer=viewer, found=found, lists=lists, names=names)


def _columns(
    request: AnyRequest, viewer: Viewer, found: ImportView, form: Form | None = None, refusal: Refusal | None = None
) -> Template:
    options = [(str(what), words) for what, words in HELD.items()]
    return page(
        "contract_imports/columns.html", request=request, viewer=viewer, found=found, form=form, options=options, refusal=refusal,
    )  # fmt: skip


def _rows(
    request: AnyRequest,
    viewer: Viewer,
    found: ImportView,
    which: RowKind,
    shown: Any,
    *,
    form: Form | None = None,
    refusal: Refusal | None = None,
    next_url: str = "",
    first_url: str = "",
) -> Template:
    title, meaning = LISTS.get(which, LISTS[RowKind.ASK])
    values: Any = form
    if form is None:
        values = {name: text for row in shown for name, text in questions.filled_in(row).items()}
    can_answer = found.state.takes_answers and which in OPEN
    return page(
        "contract_imports/rows.html", request=request, viewer=viewer, found=found, which=which.value, title=title,
        meaning=meaning, rows=[(row, questions.of_row(row), questions.choices_of(row)) for row in shown], values=values,
        is_alone=len(shown) == 1, most_inline=questions.MOST_INLINE, can_answer=can_answer, refusal=refusal, next_url=next_url,
        first_url=first_url,
    )  # fmt: skip


async def _names(
    request: AnyRequest,
    viewer: Viewer,
    import_id: UUID,
    kind: NameKind,
    after: str,
    form: Form | None = None,
    refusal: Refusal | None = None,
) -> Template:
    found, shown = await imports.look(viewer, import_id), await rows.names_of(viewer, import_id, kind, after=after)
    title, meaning = NAMES[kind]
    here = f"/contracts/imports/{import_id}/names/{kind}"
    values: Any = form or {f"name-{one.id}": one.choice for one in shown.names}
    return page(
        "contract_imports/names.html", request=request, viewer=viewer, found=found, kind=kind.value, title=title, meaning=meaning,
        shown=shown, values=values, NameChoice=NameChoice, refusal=refusal, first_url=here if after else "",
        next_url=f"{here}?after={shown.next_after}" if shown.next_after else "",
    )  # fmt: skip


def _places(form: Form) -> list[int]:
    """The rows whose questions the page showed."""
    return [int(text) for text in form.many("row") if _is_number(text)]


def _is_number(text: str) -> bool:
    return text.isdecimal() and text.isascii() and len(text) < 8


def _number(form: Form, name: str) -> int:
    typed = form.text(name).strip()
    if not _is_number(typed):
        raise Invalid("Enter a row number, such as 4.", **{name: "Enter a row number, such as 4."})
    return int(typed)


def _kind(text: str) -> NameKind:
    if text not in set(NameKind):
        raise NotFound
    return NameKind(text)


def _format(text: str) -> SheetFormat:
    if text not in set(SheetFormat):
        raise Invalid("Choose xlsx or csv.")
    return SheetFormat(text)


pages = Router(
    path="/",
    route_handlers=[
        ask_file, take_file, show_import, ask_columns, choose_columns, show_rows, show_row, answer, leave_unknown, show_names,
        answer_names, start, discard, take_template, take_export,
    ],
)  # fmt: skip
