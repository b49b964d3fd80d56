"""What an import asks, page by page: about its rows, and for whom the names in it stand."""

from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID

from litestar import Router, get, post
from litestar.params import FromPath, QueryParameter
from litestar.response import Redirect, Template

from base.refusals import Invalid, NotFound, Refusal
from base.viewer import Viewer
from base.words import count
from contracts.fields import pounds
from contracts.imports import background, imports, questions, rows
from contracts.imports.imports import ImportView
from contracts.imports.words import LISTS, NAMES
from contracts.register_rows.shown_row import ShownRow
from contracts.register_rows.states import OPEN, NameChoice, NameKind, RowKind
from web.pages import forms, paging
from web.pages.forms import Form
from web.pages.handlers import AnyRequest, CurrentViewer, an_id
from web.pages.templating import page, redirect

After = Annotated[int, QueryParameter(ge=0, le=2**31)]
AfterName = Annotated[str, QueryParameter(max_length=300)]


@get("/contracts/imports/{register_id:uuid}/rows/{which:str}", include_in_schema=False)
async def show_rows(
    request: AnyRequest, register_id: FromPath[UUID], which: FromPath[str], viewer: CurrentViewer, after: After = 0
) -> Template:
    found = await imports.look(viewer, register_id)
    shown = await rows.page_of(viewer, register_id, which, after=after)
    here = f"/contracts/imports/{register_id}/rows/{which}"
    return _rows(request, viewer, found, shown.rows, which=RowKind(which), urls=paging.after(here, after, shown.next_after))


@get("/contracts/imports/{register_id:uuid}/row/{place:int}", include_in_schema=False)
async def show_row(request: AnyRequest, register_id: FromPath[UUID], place: FromPath[int], viewer: CurrentViewer) -> Template:
    found, row = await imports.look(viewer, register_id), await rows.row(viewer, register_id, place)
    shown = _rows(request, viewer, found, [row], which=row.kind)
    shown.context["of_row"] = row.number  # for the title
    return shown


@post("/contracts/imports/{register_id:uuid}/answers", include_in_schema=False, leaves=())
async def answer(request: AnyRequest, register_id: FromPath[UUID], viewer: CurrentViewer) -> Template | Redirect:
    """Keeps the answers of every row that can be read; the others come back with what was typed."""
    form = await forms.read(request)
    if form.text("which", RowKind.ASK.value) not in list(RowKind):
        raise Invalid(forms.BROKEN)
    problems: dict[str, str] = {}
    left: list[ShownRow] = []
    for place in _places(form):
        row = await rows.row(viewer, register_id, place)
        try:
            given, choice = questions.answers(form, row)
            if given or choice != row.choice:
                await rows.answer(viewer, register_id, place, given, choice)
        except Invalid as refusal:
            named = refusal.fields if any(name.startswith(f"r{place}-") for name in refusal.fields) else None
            problems |= named or questions.at_inputs(row, refusal)
            left.append(row)
    if left:
        refused = Invalid("Some answers can’t be read. The others are kept.", **problems)
        found = await imports.look(viewer, register_id)
        return _rows(request, viewer, found, left, which=RowKind.ASK, typed=(form, refused))
    there = await imports.look(viewer, register_id)
    further = "/rows/ask" if there.count(RowKind.ASK) and form.text("which") == RowKind.ASK else ""
    return redirect(f"/contracts/imports/{register_id}{further}", done="Your answers are kept.")


@post("/contracts/imports/{register_id:uuid}/unknown", include_in_schema=False, leaves=())
async def leave_unknown(register_id: FromPath[UUID], viewer: CurrentViewer) -> Redirect:
    answered = await rows.leave_unknown(viewer, register_id)
    await background.carry_on(viewer, register_id)
    done = f"{count(answered, 'row')} can be imported with something left empty. The questions are in the notes."
    return redirect(f"/contracts/imports/{register_id}", done=done)


@get("/contracts/imports/{register_id:uuid}/names/{named:str}", include_in_schema=False)
async def show_names(
    request: AnyRequest, register_id: FromPath[UUID], named: FromPath[str], viewer: CurrentViewer, after: AfterName = ""
) -> Template:
    return await _names(request, viewer, register_id, _kind(named), after)


@post("/contracts/imports/{register_id:uuid}/names/{named:str}", include_in_schema=False, leaves=())
async def answer_names(
    request: AnyRequest, register_id: FromPath[UUID], named: FromPath[str], viewer: CurrentViewer
) -> Template | Redirect:
    form, what = await forms.read(request), _kind(named)
    chosen = {which: form.text(name) for name in form.fields if (which := an_id(name.removeprefix("name-")))}
    try:
        await rows.answer_names(viewer, register_id, what, chosen)
    except Invalid as refusal:
        if not refusal.fields:
            raise
        return await _names(request, viewer, register_id, what, "", form, refusal)
    await background.carry_on(viewer, register_id)
    return redirect(f"/contracts/imports/{register_id}", done="Your answers are kept.")


def _rows(
    request: AnyRequest,
    viewer: Viewer,
    found: ImportView,
    shown: Sequence[ShownRow],
    *,
    which: RowKind,
    typed: tuple[Form, Refusal] | None = None,
    urls: dict[str, Any] = paging.ALONE,
) -> Template:
    """``typed`` is what came back with its refusal; ``urls`` lead to the next rows and the first."""
    title, meaning = LISTS.get(which, LISTS[RowKind.ASK])
    values: Any = typed[0] if typed else None
    if values is None:
        values = {name: text for row in shown for name, text in questions.filled_in(row).items()}
    can_answer = found.state.takes_answers and which in OPEN
    return page(
        "contract_imports/rows.html", request=request, viewer=viewer, found=found, which=which.value, title=title,
        meaning=meaning, rows=[(row, questions.of_row(row), questions.choices_of(row)) for row in shown], values=values,
        is_alone=len(shown) == 1, most_inline=questions.MOST_INLINE, can_answer=can_answer, refusal=typed[1] if typed else None,
        in_pounds=in_pounds, of_row=None, action="", schools_of={}, **urls,
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
        shown=shown, values=values, NameChoice=NameChoice, refusal=refusal,
        **paging.after(here, after, shown.next_after),
    )  # fmt: skip


def in_pounds(text: str | None) -> str:
    """A sum as the register shows it, or as it was typed where that is none."""
    try:
        amount = pounds.pence(text or "")
    except pounds.NoAmount:
        return text or ""
    return "" if amount is None else pounds.shown(amount)


def _places(form: Form) -> list[int]:
    """The rows whose questions the page showed. Raises Invalid where there are none."""
    found = [int(text) for text in form.many("row") if _is_number(text)]
    if not found:
        raise Invalid(rows.CHOOSE)
    return found


def _is_number(text: str) -> bool:
    return text.isdecimal() and text.isascii() and len(text) < 8


def _kind(text: str) -> NameKind:
    if text not in set(NameKind):
        raise NotFound
    return NameKind(text)


pages = Router(path="/", route_handlers=[show_rows, show_row, answer, leave_unknown, show_names, answer_names])
