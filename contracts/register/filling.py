"""What pages with a form about a contract share: filling it in, saving what was typed, and asking which supplier is meant."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from litestar.response import Template

from base.refusals import Invalid, NotFound
from base.viewer import Viewer, must_keep_contracts
from contracts.clock.dates_ahead import Outlook
from contracts.fields import typed, wording
from contracts.fields.contract_fields import ContractField
from contracts.fields.said import Said
from contracts.register import moved, reading, register, supplier_choice
from contracts.register.reading import ContractView
from contracts.register.supplier_choice import Chosen, Meant, NewSupplier
from web.pages import forms
from web.pages.forms import Form
from web.pages.handlers import AnyRequest, an_id
from web.pages.templating import page

STALE: Final = "Open the page again: it does not say which version of the contract you read."


async def save(
    viewer: Viewer, contract: ContractView, form: Form, fields: Iterable[ContractField], *, with_people: bool = False
) -> str:
    """Changes these fields as they were typed: what moved, in a sentence. Raises Invalid, Conflict."""
    new = typed.told(form, fields, contract.said)
    if with_people:
        officer, deputy = an_id(form.text("officer_person")), an_id(form.text("deputy_person"))
        new = replace(new, officer_person=officer, deputy_person=deputy)
    return await change(viewer, contract, new, version=version(form))


async def change(
    viewer: Viewer, contract: ContractView, new: Said, *, version: int, new_supplier: NewSupplier | None = None
) -> str:
    return what_moved(contract, await register.change(viewer, contract.id, new, version=version, new_supplier=new_supplier))


def what_moved(before: ContractView, after: Outlook | None) -> str:
    """The sentence after a save; ``after`` is what follows since, None where nothing does that did not before."""
    return " ".join(("Saved.", *(moved.sentences(before.outlook, after) if after else ())))


async def schools_to_cover(viewer: Viewer) -> list[tuple[str, str]]:
    """Of the viewer's trust, to tick; none for a school."""
    return [(str(school), name) for school, name in await register.schools_to_cover(viewer)]


async def unsure(viewer: Viewer, form: Form, name: str) -> Meant | None:
    """What to ask about a supplier's name; None where nothing is typed, it was asked already, or there is no doubt."""
    if not name or _was_asked(form):
        return None
    found = await supplier_choice.meant(viewer, name)
    return None if found.supplier else found


async def supplier(viewer: Viewer, form: Form, name: str) -> Chosen:
    if _was_asked(form):
        return supplier_choice.chosen(form.text("same_as"), name, await supplier_choice.meant(viewer, name))
    return Chosen((await supplier_choice.meant(viewer, name)).supplier) if name else supplier_choice.NONE


def _was_asked(form: Form) -> bool:
    asked = form.text("asked")
    if asked not in ("", "yes"):
        raise Invalid(forms.BROKEN)
    return bool(asked or form.text("same_as"))


async def ours(viewer: Viewer, contract_id: UUID) -> ContractView:
    """Raises Forbidden, NotFound for a contract that is not the viewer's school's to change."""
    must_keep_contracts(viewer)
    contract = await reading.contract(viewer, contract_id)
    if not contract.is_ours:
        raise NotFound
    return contract


def filled(contract: ContractView, fields: Iterable[ContractField]) -> dict[str, str]:
    beside = {name: str(getattr(contract.said, name) or "") for name in ("officer_person", "deputy_person")}
    return typed.shown(contract.said.values, fields) | beside | {"version": str(contract.version)}


def version(form: Form) -> int:
    version = form.text("version")
    if not (version.isascii() and version.isdigit() and len(version) < 10):
        raise Invalid(STALE)
    return int(version)


async def newer(viewer: Viewer, contract_id: UUID, form: Form, fields: Iterable[ContractField]) -> dict[str, Any]:
    """What a colleague saved meanwhile, where it differs from what was typed, and its version."""
    contract = await reading.contract(viewer, contract_id)
    differ = [one for one in fields if not typed.holds(form, one, contract.said.values[one.name])]
    rows = [(one.label, wording.shown(one, contract.said.values[one.name])) for one in differ]
    return {"rows": rows, "version": contract.version}


def which_supplier(request: AnyRequest, viewer: Viewer, form: Form, found: Meant, *, back: str) -> Template:
    kept = [(name, value) for name, values in form.fields.items() if name not in ("same_as", "asked") for value in values]
    return page("register/which_supplier.html", request=request, viewer=viewer, values=form, found=found, kept=kept, back=back)
