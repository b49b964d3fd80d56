"""Pages that add a contract, change a part of what it says, and take it out of the register."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from litestar import Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from base.refusals import Conflict, Invalid, NotFound, Refusal
from base.viewer import Viewer, must_keep_contracts
from contracts.events import Event
from contracts.fields import typed
from contracts.fields.contract_fields import BY_NAME, FIELDS, ContractField, Part
from contracts.fields.said import Said
from contracts.register import filling, register, supplier_choice
from contracts.register.reading import ContractView
from suppliers.events import Event as SupplierEvent
from suppliers.record import taxonomy
from web.pages import forms
from web.pages.handlers import AnyRequest, CurrentViewer
from web.pages.templating import page, redirect

NOTHING: Final = Said(dict.fromkeys(BY_NAME))
FIRST: Final = tuple(  # what is asked when a contract is added; all else can wait
    BY_NAME[name] for name in ("starts_on", "ends_on", "term", "renewal", "roll", "notice", "annual_pence", "category", "officer")
)
TITLE: Final = BY_NAME["title"]


@get("/contracts/new", include_in_schema=False)
async def ask_contract(request: AnyRequest, viewer: CurrentViewer) -> Template:
    must_keep_contracts(viewer)
    return await _new_form(request, viewer, values={})


@post(
    "/contracts/new",
    once=True,
    include_in_schema=False,
    leaves=(Event.CONTRACT_ADDED, SupplierEvent.SUPPLIER_ADDED, SupplierEvent.SUPPLIER_DECIDED),
)
async def add_contract(request: AnyRequest, viewer: CurrentViewer) -> Template | Redirect:
    """Asks first which supplier is meant, where the name could be that of one that is known."""
    must_keep_contracts(viewer)
    form = await forms.read(request)
    name = form.text("supplier_name").strip()
    try:
        new = typed.told(form, (TITLE, BY_NAME["supplier_name"], *FIRST), NOTHING)
        if (found := await filling.unsure(viewer, form, name)) and found.candidates:
            return filling.which_supplier(request, viewer, form, found, back="/contracts/new")
        chosen = await filling.supplier(viewer, form, name)
        new = replace(new, supplier=chosen.supplier, is_draft=form.text("is_draft") == "yes")
        contract = await register.add(viewer, new, new_supplier=chosen.to_add)
    except (Invalid, Conflict) as refusal:
        return await _new_form(request, viewer, values=form, refusal=refusal)
    return redirect(f"/contracts/{contract}", done=f"{form.text('title').strip()} is in the register. Only your school sees it.")


@get("/contracts/{contract_id:uuid}/edit/{part:str}", include_in_schema=False)
async def ask_part(request: AnyRequest, contract_id: FromPath[UUID], part: FromPath[str], viewer: CurrentViewer) -> Template:
    contract, chosen = await filling.ours(viewer, contract_id), _part(part)
    return await _part_form(request, viewer, contract, chosen, values=filling.filled(contract, _fields(chosen)))


@post("/contracts/{contract_id:uuid}/edit/{part:str}", include_in_schema=False, leaves=(Event.CONTRACT_CHANGED,))
async def change_part(
    request: AnyRequest, contract_id: FromPath[UUID], part: FromPath[str], viewer: CurrentViewer
) -> Template | Redirect:
    contract, chosen = await filling.ours(viewer, contract_id), _part(part)
    form = await forms.read(request)
    try:
        told = await filling.save(viewer, contract, form, _fields(chosen), with_people=chosen is Part.PEOPLE)
    except (Invalid, Conflict) as refusal:
        newer = await filling.newer(viewer, contract_id, form, _fields(chosen)) if isinstance(refusal, Conflict) else None
        return await _part_form(request, viewer, contract, chosen, values=form, refusal=refusal, newer=newer)
    return redirect(f"/contracts/{contract_id}", done=told)


@get("/contracts/{contract_id:uuid}/take-out", include_in_schema=False)
async def ask_take_out(request: AnyRequest, contract_id: FromPath[UUID], viewer: CurrentViewer) -> Template:
    return page("register/take_out.html", request=request, viewer=viewer, contract=await filling.ours(viewer, contract_id))


@post("/contracts/{contract_id:uuid}/take-out", include_in_schema=False, leaves=(Event.CONTRACT_WITHDRAWN,))
async def take_out(contract_id: FromPath[UUID], viewer: CurrentViewer) -> Redirect:
    await register.withdraw(viewer, contract_id)
    return redirect("/contracts", done="The contract is out of the register. What happened with it stays in your trail.")


def _part(name: str) -> Part:
    try:
        return Part[name.upper()]
    except KeyError:
        raise NotFound from None


def _fields(part: Part) -> tuple[ContractField, ...]:
    return tuple(one for one in FIELDS if one.part is part)


async def _new_form(request: AnyRequest, viewer: Viewer, *, values: Any, refusal: Refusal | None = None) -> Template:
    return page(
        "register/new.html",
        request=request,
        viewer=viewer,
        values=values,
        refusal=refusal,
        title=TITLE,
        fields=FIRST,
        our_names=await supplier_choice.our_names(viewer),
        groups=taxonomy.groups(),
    )


async def _part_form(
    request: AnyRequest,
    viewer: Viewer,
    contract: ContractView,
    part: Part,
    *,
    values: Any,
    refusal: Refusal | None = None,
    newer: Mapping[str, Any] | None = None,
) -> Template:
    return page(
        "register/part.html",
        request=request,
        viewer=viewer,
        contract=contract,
        part=part,
        fields=[one for one in _fields(part) if one.name != "supplier_name"],
        values=values,
        refusal=refusal,
        newer=newer,
        colleagues=await register.colleagues(viewer) if part is Part.PEOPLE else (),
        groups=taxonomy.groups(),
    )


pages = Router(
    path="/",
    route_handlers=[ask_contract, add_contract, ask_part, change_part, ask_take_out, take_out],
)
