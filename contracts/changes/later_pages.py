"""Pages about what happens to a contract while it runs: variations, extensions, other contracts, the schools that it covers."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Annotated, Any, Final
from uuid import UUID

from litestar import Router, get, post
from litestar.params import FromPath, QueryParameter
from litestar.response import Redirect, Template

from base import clock
from base.refusals import Conflict, Invalid, Refusal, read_apart, read_together, refuse_unread
from base.viewer import Viewer
from contracts.changes import linking, varying
from contracts.changes.varying import NewVariation
from contracts.events import Event
from contracts.fields import pounds, typed
from contracts.fields.contract_fields import LONGEST_LINE
from contracts.fields.dates_asked import Extension
from contracts.fields.said import MOST_EXTENSIONS
from contracts.register import filling
from contracts.register.reading import ContractView
from web.pages import forms
from web.pages.forms import Form
from web.pages.handlers import AnyRequest, CurrentViewer, an_id, chosen_id
from web.pages.templating import page, redirect

Named = Annotated[str, QueryParameter(max_length=LONGEST_LINE)]
BLANK: Final = 2  # rows for more extensions, below those that there are


@get("/contracts/{contract_id:uuid}/variation", include_in_schema=False)
async def ask_variation(request: AnyRequest, contract_id: FromPath[UUID], viewer: CurrentViewer) -> Template:
    contract = await filling.ours(viewer, contract_id)
    return _form(request, viewer, contract, "variation", values={"version": str(contract.version)})


@post("/contracts/{contract_id:uuid}/variation", once=True, include_in_schema=False, leaves=(Event.CONTRACT_VARIED,))
async def note_variation(request: AnyRequest, contract_id: FromPath[UUID], viewer: CurrentViewer) -> Template | Redirect:
    contract = await filling.ours(viewer, contract_id)
    form = await forms.read(request)
    try:
        after = await varying.vary(viewer, contract_id, _agreed(form), version=filling.version(form))
    except (Invalid, Conflict) as refusal:
        return _form(request, viewer, contract, "variation", values=form, refusal=refusal)
    return redirect(f"/contracts/{contract_id}", done=filling.what_moved(contract, after))


@get("/contracts/{contract_id:uuid}/extensions", include_in_schema=False)
async def ask_extensions(request: AnyRequest, contract_id: FromPath[UUID], viewer: CurrentViewer) -> Template:
    contract = await filling.ours(viewer, contract_id)
    return _extensions_form(request, viewer, contract, values=_boxes(contract))


@post("/contracts/{contract_id:uuid}/extensions", include_in_schema=False, leaves=(Event.CONTRACT_CHANGED,))
async def change_extensions(request: AnyRequest, contract_id: FromPath[UUID], viewer: CurrentViewer) -> Template | Redirect:
    contract = await filling.ours(viewer, contract_id)
    form = await forms.read(request)
    try:
        new = replace(contract.said, extensions=_extensions(form, contract.said.extensions))
        told = await filling.change(viewer, contract, new, version=filling.version(form))
    except (Invalid, Conflict) as refusal:
        return _extensions_form(request, viewer, contract, values=form, refusal=refusal)
    return redirect(f"/contracts/{contract_id}", done=told)


@get("/contracts/{contract_id:uuid}/extend", include_in_schema=False)
async def ask_extend(request: AnyRequest, contract_id: FromPath[UUID], viewer: CurrentViewer) -> Template:
    contract = await filling.ours(viewer, contract_id)
    return _form(request, viewer, contract, "extend", values={"version": str(contract.version)})


@post("/contracts/{contract_id:uuid}/extend", once=True, include_in_schema=False, leaves=(Event.CONTRACT_EXTENDED,))
async def extend(request: AnyRequest, contract_id: FromPath[UUID], viewer: CurrentViewer) -> Template | Redirect:
    contract = await filling.ours(viewer, contract_id)
    form = await forms.read(request)
    by, minute = form.text("decided_by"), form.text("minute")
    try:
        (decided_on,), unread = read_apart(lambda: form.day("decided_on"))
        refuse_unread(unread, lambda: varying.checked_decision(by, decided_on, minute))
        after = await varying.take_extension(
            viewer,
            contract_id,
            decided_by=by,
            decided_on=decided_on,
            minute=minute,
            version=filling.version(form),
        )
    except (Invalid, Conflict) as refusal:
        return _form(request, viewer, contract, "extend", values=form, refusal=refusal)
    return redirect(f"/contracts/{contract_id}", done=filling.what_moved(contract, after))


@get("/contracts/{contract_id:uuid}/link", include_in_schema=False)
async def ask_link(request: AnyRequest, contract_id: FromPath[UUID], viewer: CurrentViewer, named: Named = "") -> Template:
    contract = await filling.ours(viewer, contract_id)
    return await _link_form(request, viewer, contract, named, values={"named": named})


@post("/contracts/{contract_id:uuid}/link", include_in_schema=False, leaves=(Event.CONTRACT_LINKED,))
async def link(request: AnyRequest, contract_id: FromPath[UUID], viewer: CurrentViewer) -> Template | Redirect:
    contract = await filling.ours(viewer, contract_id)
    form = await forms.read(request)
    try:
        none = Invalid("It was not saved.", other="Choose a contract from the list.")
        other, kind = read_together(lambda: chosen_id(form.text("other"), none), lambda: linking.a_kind(form.text("kind")))
        await linking.link(viewer, contract_id, other, kind)
    except Invalid as refusal:
        return await _link_form(request, viewer, contract, form.text("named"), values=form, refusal=refusal)
    return redirect(f"/contracts/{contract_id}#links", done="They are linked. Vouch warns when their ends part.")


@post("/contracts/links/{contract_link:uuid}/end", include_in_schema=False, leaves=(Event.CONTRACT_LINK_ENDED,))
async def end_link(contract_link: FromPath[UUID], viewer: CurrentViewer) -> Redirect:
    contract = await linking.end(viewer, contract_link)
    return redirect(f"/contracts/{contract}", done="The link is ended.")


@get("/contracts/{contract_id:uuid}/schools", include_in_schema=False)
async def ask_schools(request: AnyRequest, contract_id: FromPath[UUID], viewer: CurrentViewer) -> Template:
    contract = await filling.ours(viewer, contract_id)
    values = {"covers": [str(school) for school in contract.said.covers], "version": str(contract.version)}
    return await _schools_form(request, viewer, contract, values=values)


@post("/contracts/{contract_id:uuid}/schools", include_in_schema=False, leaves=(Event.CONTRACT_CHANGED,))
async def change_schools(request: AnyRequest, contract_id: FromPath[UUID], viewer: CurrentViewer) -> Template | Redirect:
    """The schools of the trust that the contract serves; only a trust's central team has any to choose."""
    contract = await filling.ours(viewer, contract_id)
    form = await forms.read(request)
    try:
        covers = frozenset(_school(typed) for typed in form.many("covers"))
        await filling.change(viewer, contract, replace(contract.said, covers=covers), version=filling.version(form))
    except (Invalid, Conflict) as refusal:
        return await _schools_form(request, viewer, contract, values=form, refusal=refusal)
    return redirect(f"/contracts/{contract_id}", done="Saved. The schools read this contract from now on, but for your notes.")


def _school(typed: str) -> UUID:
    school = an_id(typed)
    if school is None:
        raise Invalid(forms.BROKEN)
    return school


def _agreed(form: Form) -> NewVariation:
    """Raises Invalid that names each wrong field."""
    (agreed_on, annual, new_end), unread = read_apart(
        lambda: form.day("agreed_on"), lambda: _pence(form, "annual_pence"), lambda: form.day("new_end")
    )
    by, them = form.text("agreed_by"), form.text("supplier_agreed_by")
    new = NewVariation(agreed_on, form.text("what"), by, them, annual, new_end)
    refuse_unread(unread, lambda: varying.checked(new))
    return new


def _pence(form: Form, name: str) -> int | None:
    try:
        return pounds.pence(form.text(name))
    except pounds.NoAmount as wrong:
        raise Invalid("It was not saved.", **{name: str(wrong)}) from wrong


def _extensions(form: Form, before: Sequence[Extension]) -> tuple[Extension, ...]:
    """The rows that are filled in; one that was taken keeps who decided."""
    rows = [f"extensions-{place}" for place in range(MOST_EXTENSIONS + 1)]
    lengths = [partial(typed.length_in, form, row) for row in rows]
    days = [partial(form.day, f"{row}-to") for row in rows]
    read = read_together(*lengths, *days)
    found = []
    for place, (length, to_day) in enumerate(zip(read[: len(rows)], read[len(rows) :], strict=True)):
        if length or to_day:
            known = before[place] if place < len(before) else Extension()
            found.append(replace(known, length=length, to_day=to_day))
    return tuple(found)


def _boxes(contract: ContractView) -> dict[str, str]:
    found = {"version": str(contract.version)}
    for place, one in enumerate(contract.said.extensions):
        found |= typed.length_boxes(f"extensions-{place}", one.length) if one.length else {}
        found |= typed.day_boxes(f"extensions-{place}-to", one.to_day) if isinstance(one.to_day, date) else {}
    return found


def _extensions_form(
    request: AnyRequest, viewer: Viewer, contract: ContractView, *, values: Any, refusal: Refusal | None = None
) -> Template:
    rows = min(len(contract.said.extensions) + BLANK, MOST_EXTENSIONS)
    return _form(request, viewer, contract, "extensions", values=values, refusal=refusal, rows=rows)


async def _schools_form(
    request: AnyRequest, viewer: Viewer, contract: ContractView, *, values: Any, refusal: Refusal | None = None
) -> Template:
    schools = await filling.schools_to_cover(viewer)
    return _form(request, viewer, contract, "schools", values=values, refusal=refusal, schools=schools)


async def _link_form(
    request: AnyRequest, viewer: Viewer, contract: ContractView, named: str, *, values: Any, refusal: Refusal | None = None
) -> Template:
    others = await linking.others(viewer, contract.id, named)
    is_cut = len(others) >= linking.OFFERED
    return _form(request, viewer, contract, "link", values=values, refusal=refusal, others=others, is_cut=is_cut)


def _form(
    request: AnyRequest,
    viewer: Viewer,
    contract: ContractView,
    what: str,
    *,
    values: Any,
    refusal: Refusal | None = None,
    **context: Any,
) -> Template:
    """A form about a contract; after a Conflict it holds the newer version's number, so that saving again replaces that."""
    return page(
        f"changes/{what}.html",
        request=request,
        viewer=viewer,
        contract=contract,
        values=values,
        refusal=refusal,
        today=clock.today(),
        **context,
    )


pages = Router(
    path="/",
    route_handlers=[
        *(ask_variation, note_variation, ask_extensions, change_extensions, ask_extend, extend),
        *(ask_link, link, end_link, ask_schools, change_schools),
    ],
)
