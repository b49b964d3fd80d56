"""Proposing what is wrong with a directory entry, for every school; answering, changing, removing and undoing, for curators."""

from typing import Annotated, Any
from uuid import UUID

from litestar import Router, get, post
from litestar.params import FromPath, FromQuery, QueryParameter
from litestar.response import Redirect, Template

from base.refusals import Conflict, Invalid, Refusal
from base.viewer import Viewer, must_write
from suppliers.corrections import edits, history, proposals
from suppliers.corrections.edits import OpenEntry
from suppliers.directory import changing, directory
from suppliers.directory.pages import typed_facts, values_of
from suppliers.events import Event
from suppliers.record import facts, taxonomy
from suppliers.record.facts import Facts
from suppliers.record.labels import LABELS, shown_identifier
from web.pages import forms
from web.pages.handlers import AnyRequest, CurrentViewer, chosen_id
from web.pages.templating import page, redirect

PageNumber = Annotated[int, QueryParameter(ge=1, le=10_000)]


@get("/suppliers/{supplier_id:uuid}/correct", include_in_schema=False)
async def ask_correction(request: AnyRequest, viewer: CurrentViewer, supplier_id: FromPath[UUID]) -> Template | Redirect:
    must_write(viewer)
    supplier = await directory.supplier(viewer, supplier_id)
    if supplier.is_own:
        return redirect(f"/suppliers/{supplier.id}/edit")
    known = await changing.written(viewer, supplier.id)
    return _proposing(request, viewer, known, supplier.id, values=values_of(known))


@post("/suppliers/{supplier_id:uuid}/correct", include_in_schema=False, leaves=(Event.CORRECTION_PROPOSED,))
async def propose_correction(request: AnyRequest, viewer: CurrentViewer, supplier_id: FromPath[UUID]) -> Template | Redirect:
    must_write(viewer)
    form = await forms.read(request)
    try:
        await proposals.propose(viewer, supplier_id, why=form.text("why"), **typed_facts(form))
    except (Invalid, Conflict) as refusal:
        supplier = await directory.supplier(viewer, supplier_id)
        known = await changing.written(viewer, supplier.id)
        return _proposing(request, viewer, known, supplier.id, values=form, refusal=refusal)
    return redirect("/suppliers/corrections", done="Thank you. A curator looks at it. Nothing changes until then.")


@get("/suppliers/corrections", include_in_schema=False)
async def show_ours(request: AnyRequest, viewer: CurrentViewer) -> Template:
    must_write(viewer)
    found = await proposals.ours(viewer)
    return page("corrections/ours.html", request=request, viewer=viewer, corrections=found, most=proposals.SHOWN)


@post("/suppliers/corrections/{correction_id:uuid}/withdraw", include_in_schema=False, leaves=(Event.CORRECTION_WITHDRAWN,))
async def withdraw(viewer: CurrentViewer, correction_id: FromPath[UUID]) -> Redirect:
    await proposals.withdraw(viewer, correction_id)
    return redirect("/suppliers/corrections", done="It is taken back. The entry stays as it is.")


@get("/directory/corrections", include_in_schema=False)
async def show_waiting(request: AnyRequest, viewer: CurrentViewer, number: PageNumber = 1) -> Template:
    found, made = await edits.queue(viewer, number), await history.edits(viewer)
    context: dict[str, Any] = {"found": found, "edits": made, "most": history.MOST_EDITS, "number": number}
    return page("corrections/waiting.html", request=request, viewer=viewer, **context)


@post("/directory/corrections/{correction_id:uuid}/refuse", include_in_schema=False, leaves=(Event.DIRECTORY_CORRECTION_REFUSED,))
async def refuse(request: AnyRequest, viewer: CurrentViewer, correction_id: FromPath[UUID]) -> Template | Redirect:
    edits.must_curate(viewer)
    form = await forms.read(request)
    entry = chosen_id(form.text("entry"), Invalid("Open the correction again."))
    try:
        await edits.refuse(viewer, correction_id, answer=form.text("answer"))
    except Invalid as refusal:
        found = await edits.opened(viewer, entry, correction_id)
        return _editing(request, viewer, found, values=_values(found.suggested), refusal=refusal)
    return redirect("/directory/corrections", done="The entry stays as it is, and the school can read why.")


@get("/directory/entries/{supplier_id:uuid}", include_in_schema=False)
async def ask_change(
    request: AnyRequest, viewer: CurrentViewer, supplier_id: FromPath[UUID], correction: FromQuery[UUID | None] = None
) -> Template:
    found = await edits.opened(viewer, supplier_id, correction)
    return _editing(request, viewer, found, values=_values(found.suggested))


@post("/directory/entries/{supplier_id:uuid}", include_in_schema=False, leaves=(Event.DIRECTORY_CORRECTED,))
async def change(request: AnyRequest, viewer: CurrentViewer, supplier_id: FromPath[UUID]) -> Template | Redirect:
    edits.must_curate(viewer)
    form = await forms.read(request)
    correction = chosen_id(form.text("correction"), Invalid("Open the entry again.")) if form.text("correction") else None
    try:
        typed, more, seen = facts.checked(**typed_facts(form)), form.many("more"), form.text("seen")
        await edits.change(viewer, supplier_id, typed, seen=seen, correction_id=correction, more=more)
    except (Invalid, Conflict) as refusal:
        found = await edits.opened(viewer, supplier_id, correction)
        return _editing(request, viewer, found, values=form, refusal=refusal)
    done = "The entry is changed, for every school. You can undo it under Running Vouch, Corrections of directory entries."
    return redirect(f"/suppliers/{supplier_id}", done=done)


@get("/directory/entries/{supplier_id:uuid}/remove", include_in_schema=False)
async def ask_removal(request: AnyRequest, viewer: CurrentViewer, supplier_id: FromPath[UUID]) -> Template:
    found = await edits.opened(viewer, supplier_id)
    return page("corrections/remove.html", request=request, viewer=viewer, found=found)


@post("/directory/entries/{supplier_id:uuid}/remove", include_in_schema=False, leaves=(Event.DIRECTORY_REMOVED,))
async def remove(request: AnyRequest, viewer: CurrentViewer, supplier_id: FromPath[UUID]) -> Template | Redirect:
    edits.must_curate(viewer)
    form = await forms.read(request)
    if not form.text("seen"):
        raise Invalid("Open the entry again, and then remove it.")
    try:
        await edits.remove(viewer, supplier_id, seen=form.text("seen"))
    except Conflict as refusal:
        found = await edits.opened(viewer, supplier_id)
        return page("corrections/remove.html", request=request, viewer=viewer, found=found, refusal=refusal)
    return redirect("/directory/corrections", done="The entry is out of the directory. You can undo it here.")


@post("/directory/edits/{edit_id:uuid}/undo", include_in_schema=False, leaves=(Event.DIRECTORY_EDIT_UNDONE,))
async def undo(viewer: CurrentViewer, edit_id: FromPath[UUID]) -> Redirect:
    supplier = await edits.undo(viewer, edit_id)
    return redirect(f"/suppliers/{supplier}", done="The change is undone. The entry is as it was before.")


def _values(known: Facts) -> dict[str, Any]:
    """What a curator's form opens with; further identifiers are boxes, which are ticked."""
    return values_of(known) | {"more": [f"{scheme}:{value}" for scheme, value in known.identifiers]}


def _proposing(
    request: AnyRequest, viewer: Viewer, known: Facts, supplier: UUID, *, values: Any, refusal: Refusal | None = None
) -> Template:
    context = {"name": known.name, "supplier_id": supplier, "values": values, "refusal": refusal}
    return page("corrections/propose.html", request=request, viewer=viewer, **context, groups=taxonomy.groups(), labels=LABELS)


def _editing(request: AnyRequest, viewer: Viewer, found: OpenEntry, *, values: Any, refusal: Refusal | None = None) -> Template:
    more = [(f"{scheme}:{value}", f"{LABELS[scheme]} {shown_identifier(scheme, value)}") for scheme, value in found.more]
    context = {"found": found, "more": more, "values": values, "refusal": refusal}
    return page("corrections/edit.html", request=request, viewer=viewer, **context, groups=taxonomy.groups(), labels=LABELS)


pages = Router(
    path="/",
    route_handlers=[
        *(ask_correction, propose_correction, show_ours, withdraw),
        *(show_waiting, refuse, ask_change, change, ask_removal, remove, undo),
    ],
)
