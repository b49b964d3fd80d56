"""Each open question about a contract on a page of its own, one leading to the next."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from litestar import Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from base.refusals import Conflict, Invalid, NotFound, Refusal
from base.viewer import Viewer
from contracts.events import Event
from contracts.fields import questions, said, typed
from contracts.fields.contract_fields import BY_NAME, ContractField
from contracts.fields.said import Said
from contracts.register import filling, supplier_choice
from contracts.register.reading import ContractView
from suppliers.events import Event as SupplierEvent
from suppliers.record import taxonomy
from web.pages import forms
from web.pages.handlers import AnyRequest, CurrentViewer
from web.pages.templating import page, redirect


@get("/contracts/{contract_id:uuid}/questions/{question:str}", include_in_schema=False)
async def ask_question(
    request: AnyRequest, contract_id: FromPath[UUID], question: FromPath[str], viewer: CurrentViewer
) -> Template:
    contract = await filling.ours(viewer, contract_id)
    one = _question(contract, question)
    values = filling.filled(contract, _asked_by(one)) | {"supplier_name": str(contract.said.values["supplier_name"] or "")}
    return await _question_form(request, viewer, contract, one, values=values)


@post(
    "/contracts/{contract_id:uuid}/questions/{question:str}",
    include_in_schema=False,
    leaves=(Event.CONTRACT_CHANGED, SupplierEvent.SUPPLIER_ADDED, SupplierEvent.SUPPLIER_DECIDED),
)
async def answer_question(
    request: AnyRequest, contract_id: FromPath[UUID], question: FromPath[str], viewer: CurrentViewer
) -> Template | Redirect:
    """Goes on to the next question, so that a contract is complete after a few answers."""
    contract = await filling.ours(viewer, contract_id)
    one, form = _question(contract, question), await forms.read(request)
    try:
        if one.name == questions.SUPPLIER:
            typed_name = form.text("supplier_name").strip()
            if found := await filling.unsure(viewer, form, typed_name):
                return filling.which_supplier(request, viewer, form, found, back=f"/contracts/{contract_id}/questions/{question}")
            version, chosen = filling.version(form), await filling.supplier(viewer, form, typed_name)
            new, to_add = _renamed(contract, typed_name, chosen.supplier), chosen.to_add
        else:
            version, new, to_add = filling.version(form), typed.told(form, _asked_by(one), contract.said), None
        told = await filling.change(viewer, contract, new, version=version, new_supplier=to_add)
    except (Invalid, Conflict) as refusal:
        newer = await filling.newer(viewer, contract_id, form, _asked_by(one)) if isinstance(refusal, Conflict) else None
        return await _question_form(request, viewer, contract, one, values=form, refusal=refusal, newer=newer)
    return redirect(_next_question(contract_id, said.checked(new), one), done=told)


def _renamed(contract: ContractView, name: str, supplier: UUID | None) -> Said:
    if not name:
        sentence = "Enter the supplier's name."
        raise Invalid(sentence, supplier_name=sentence)
    return replace(contract.said, supplier=supplier, values={**contract.said.values, "supplier_name": name})


def _question(contract: ContractView, name: str) -> questions.Question:
    """The open one of this name; answered meanwhile, it can be answered anew. Raises NotFound."""
    for one in (*contract.said.questions, *questions.ALL):
        if one.name == name:
            return one
    raise NotFound


def _asked_by(one: questions.Question) -> tuple[ContractField, ...]:
    return tuple(BY_NAME[name] for name in one.fields if name != questions.SUPPLIER)


def _next_question(contract: UUID, now: Said, answered: questions.Question) -> str:
    left = [one for one in now.questions if one.name != answered.name]
    return f"/contracts/{contract}/questions/{left[0].name}" if left else f"/contracts/{contract}"


async def _question_form(
    request: AnyRequest,
    viewer: Viewer,
    contract: ContractView,
    one: questions.Question,
    *,
    values: Any,
    refusal: Refusal | None = None,
    newer: Mapping[str, Any] | None = None,
) -> Template:
    is_supplier = one.name == questions.SUPPLIER
    return page(
        "register/question.html",
        request=request,
        viewer=viewer,
        contract=contract,
        one=one,
        fields=_asked_by(one),
        is_supplier=is_supplier,
        our_names=await supplier_choice.our_names(viewer) if is_supplier else (),
        values=values,
        refusal=refusal,
        newer=newer,
        groups=taxonomy.groups(),
    )


pages = Router(path="/", route_handlers=[ask_question, answer_question])
