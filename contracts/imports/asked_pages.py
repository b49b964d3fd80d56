"""The page of what a file of contracts asks at several schools of the same person: the names first, then the rows."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from litestar import Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from base.refusals import Invalid, Refusal
from base.viewer import Viewer, must_keep_contracts
from base.words import count
from contracts.imports import asked_at_schools, imports, questions, rows
from contracts.imports.asked_at_schools import AskedName, AskedRow
from contracts.imports.row_pages import After, in_pounds
from contracts.imports.words import NAMES
from contracts.register_rows.states import NameKind, RowKind
from web.pages import forms, paging
from web.pages.forms import Form
from web.pages.handlers import AnyRequest, CurrentViewer
from web.pages.templating import page, redirect

NAME: Final = "name-"
LONGEST_KEY: Final = 20  # characters: a row's place, and what its question is told by


@get("/contracts/imports/{register_id:uuid}/questions", include_in_schema=False)
async def show_questions(
    request: AnyRequest, register_id: FromPath[UUID], viewer: CurrentViewer, after: After = 0
) -> Template:  # fmt: skip
    if under_way := await asked_at_schools.under_way(viewer, register_id):
        return _names(request, viewer, register_id, under_way=under_way)
    if names := await asked_at_schools.names(viewer, register_id):
        return _names(request, viewer, register_id, names)
    found = await asked_at_schools.questions_of_rows(viewer, register_id, after=after)
    here = _at(register_id)
    return await _rows(request, viewer, register_id, found.rows, urls=paging.after(here, after, found.next_after))


@post("/contracts/imports/{register_id:uuid}/questions", include_in_schema=False, leaves=())
async def answer_questions(request: AnyRequest, register_id: FromPath[UUID], viewer: CurrentViewer) -> Template | Redirect:
    must_keep_contracts(viewer)
    form = await forms.read(request)
    if form.text("unknown") == "yes":
        answered = await asked_at_schools.leave_unknown(viewer, register_id)
        return redirect(_back(register_id), done=f"Something was left empty in {count(answered, 'row')} of your schools.")
    if said := {name.removeprefix(NAME): form.text(name) for name in form.fields if name.startswith(NAME) and form.text(name)}:
        return await _answer_names(request, viewer, register_id, form, said)
    return await _answer_rows(request, viewer, register_id, form)


async def _answer_names(
    request: AnyRequest, viewer: Viewer, register_id: UUID, form: Form, said: dict[str, str]
) -> Template | Redirect:
    try:
        kept = await asked_at_schools.answer_names(viewer, register_id, said)
    except Invalid as refusal:
        return _names(request, viewer, register_id, await asked_at_schools.names(viewer, register_id), form, refusal)
    return redirect(_back(register_id), done=f"Your answers are kept at {', '.join(kept)}.")


async def _answer_rows(request: AnyRequest, viewer: Viewer, register_id: UUID, form: Form) -> Template | Redirect:
    """Keeps the answers of every row that can be read; the others come back with what was typed."""
    problems: dict[str, str] = {}
    left: list[AskedRow] = []
    for one in await asked_at_schools.rows_asked(viewer, register_id, _keys(form)):
        try:
            given, choice = questions.answers(form, one.row)
            if given or choice != one.row.choice:
                await asked_at_schools.answer_row(one, given, choice)
        except Invalid as refusal:
            named = refusal.fields if any(name.startswith(one.row.inputs) for name in refusal.fields) else None
            problems |= named or questions.at_inputs(one.row, refusal)
            left.append(one)
    if left:
        refused = Invalid("Some answers can’t be read. The others are kept.", **problems)
        return await _rows(request, viewer, register_id, left, typed=(form, refused))
    return redirect(_back(register_id), done="Your answers are kept.")


def _names(
    request: AnyRequest,
    viewer: Viewer,
    register_id: UUID,
    asked: Sequence[AskedName] = (),
    form: Form | None = None,
    refusal: Refusal | None = None,
    under_way: Sequence[str] = (),
) -> Template:
    kind = asked[0].kind if asked else NameKind.SUPPLIER
    return page(
        "contract_imports/names_of_schools.html", request=request, viewer=viewer, register_id=register_id,
        meaning=NAMES[kind][1], kind=kind.value, asked=asked, refusal=refusal, under_way=under_way,
        values=form or {f"{NAME}{one.key}": one.likeliest for one in asked},
    )  # fmt: skip


async def _rows(
    request: AnyRequest,
    viewer: Viewer,
    register_id: UUID,
    asked: Sequence[AskedRow],
    *,
    typed: tuple[Form, Refusal] | None = None,
    urls: dict[str, Any] = paging.ALONE,
) -> Template:
    """``typed`` is what came back with its refusal; ``urls`` lead to the next rows and the first."""
    values: Any = typed[0] if typed else {name: text for one in asked for name, text in questions.filled_in(one.row).items()}
    shown = [(one.row, questions.of_row(one.row), questions.choices_of(one.row)) for one in asked]
    return page(
        "contract_imports/rows.html", request=request, viewer=viewer, found=await imports.look(viewer, register_id),
        which=RowKind.ASK.value, title="Questions of your schools", action=_at(register_id), rows=shown, values=values,
        meaning="Vouch is not certain of something in these rows. An answer counts at each school that the row names.",
        schools_of={one.row.inputs: one.schools for one in asked}, is_alone=True, most_inline=questions.MOST_INLINE,
        can_answer=True, refusal=typed[1] if typed else None, in_pounds=in_pounds, of_row=None, **urls,
    )  # fmt: skip


def _keys(form: Form) -> list[tuple[int, str]]:
    """The rows whose questions the page showed. Raises Invalid where there are none."""
    found = []
    for sent in form.many("row")[: rows.MOST_AT_ONCE]:
        place, dash, key = sent.partition("-")
        if place.isascii() and place.isdecimal() and len(sent) <= LONGEST_KEY and dash:
            found.append((int(place), f"-{key}"))
    if not found:
        raise Invalid(rows.CHOOSE)
    return found


def _at(register_id: UUID) -> str:
    return f"/contracts/imports/{register_id}/questions"


def _back(register_id: UUID) -> str:
    return f"/contracts/imports/{register_id}"


pages = Router(path="/", route_handlers=[show_questions, answer_questions])
