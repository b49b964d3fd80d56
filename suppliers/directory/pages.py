"""Adding a supplier and changing one of our own, who may be the same, and whom we use."""

from typing import Annotated, Any, Final
from uuid import UUID

from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter
from litestar.response import Redirect, Template

from base.refusals import Conflict, Forbidden, Invalid, Refusal
from base.viewer import Viewer, must_write
from suppliers.directory import changing, directory
from suppliers.directory.directory import Apart, SupplierView
from suppliers.events import Event
from suppliers.matching.identifiers import Scheme
from suppliers.matching.names import LONGEST
from suppliers.record import differences, facts, taxonomy
from suppliers.record.facts import Facts
from suppliers.record.labels import LABELS
from web.pages import forms
from web.pages.forms import Form
from web.pages.handlers import AnyRequest, CurrentViewer, chosen_id
from web.pages.templating import page, redirect

Typed = Annotated[str, QueryParameter(max_length=LONGEST)]

NONE_OF_THESE: Final = "none"
ADDING: Final = (Event.SUPPLIER_ADDED, Event.SUPPLIER_ADOPTED, Event.SUPPLIER_DECIDED)


@get("/suppliers/new", include_in_schema=False)
async def ask_supplier(request: AnyRequest, viewer: CurrentViewer, name: Typed = "") -> Template:
    must_write(viewer)
    return _form(request, viewer, values={"name": name})


@post("/suppliers/new", once=True, include_in_schema=False, leaves=ADDING)
async def add_supplier(request: AnyRequest, viewer: CurrentViewer, apart: NamedDependency[Apart]) -> Template | Redirect:
    """Adds at once what resembles nothing; otherwise asks first whether it is one of those that we know, and asks it once."""
    must_write(viewer)
    form = await forms.read(request)
    chosen = form.text("same_as")
    try:
        typed = typed_facts(form)
        facts.checked(**typed)
        if chosen and chosen != NONE_OF_THESE:
            return await _use(viewer, chosen)
        found = await directory.suggestions(viewer, typed["name"], typed["identifiers"])
        if found and not chosen:
            return _ask_whether_same(request, viewer, form, found)
        added = await directory.add(viewer, **typed, none_of=[one.supplier_id for one in found], apart=apart)
    except (Invalid, Conflict) as refusal:
        return _form(request, viewer, values=form, refusal=refusal)
    done = f"{typed['name'].strip()} is added. Only your school can see it until you share something about it."
    return redirect(f"/suppliers/{added.id}", done=done)


@get("/suppliers/suggestions", include_in_schema=False)
async def suggest(request: AnyRequest, viewer: CurrentViewer, name: Typed = "") -> Template:
    """The part of the form that htmx shows while somebody types; it sends the identifiers along, whole or not."""
    typed = {scheme.value: str(request.query_params.get(scheme.value, "")) for scheme in Scheme}
    return Template("directory/_suggestions.html", context={"found": await directory.suggestions(viewer, name, typed)})


@post("/suppliers/{supplier_id:uuid}/use", include_in_schema=False, leaves=(Event.SUPPLIER_ADOPTED,))
async def use_supplier(supplier_id: FromPath[UUID], viewer: CurrentViewer) -> Redirect:
    return await _use(viewer, str(supplier_id))


@get("/suppliers/{supplier_id:uuid}/stop", include_in_schema=False)
async def ask_stop_using(request: AnyRequest, supplier_id: FromPath[UUID], viewer: CurrentViewer) -> Template:
    must_write(viewer)
    supplier = await directory.supplier(viewer, supplier_id)
    return page("directory/stop_using.html", request=request, viewer=viewer, supplier=supplier)


@post("/suppliers/{supplier_id:uuid}/stop", include_in_schema=False, leaves=(Event.SUPPLIER_LEFT,))
async def stop_using(supplier_id: FromPath[UUID], viewer: CurrentViewer) -> Redirect:
    live = await directory.stop_using(viewer, supplier_id)
    return redirect(f"/suppliers/{live}", done="Your school no longer uses this supplier. What you wrote about it stays.")


@get("/suppliers/{supplier_id:uuid}/edit", include_in_schema=False)
async def ask_change(request: AnyRequest, supplier_id: FromPath[UUID], viewer: CurrentViewer) -> Template:
    must_write(viewer)
    supplier = await directory.supplier(viewer, supplier_id)
    if not supplier.is_own:
        raise Forbidden(changing.NOT_ONE_SCHOOLS)
    known = await changing.written(viewer, supplier_id)
    return _form(request, viewer, values=values_of(known), supplier=supplier)


@post("/suppliers/{supplier_id:uuid}/edit", include_in_schema=False, leaves=(Event.SUPPLIER_CHANGED,))
async def change_supplier(request: AnyRequest, supplier_id: FromPath[UUID], viewer: CurrentViewer) -> Template | Redirect:
    must_write(viewer)
    supplier = await directory.supplier(viewer, supplier_id)
    form = await forms.read(request)
    try:
        await changing.edit(viewer, supplier.id, **typed_facts(form))
    except (Invalid, Conflict) as refusal:
        return _form(request, viewer, values=form, refusal=refusal, supplier=supplier)
    return redirect(f"/suppliers/{supplier.id}", done="The supplier's details are changed.")


async def _use(viewer: Viewer, chosen: str) -> Redirect:
    live = await directory.adopt(viewer, chosen_id(chosen, Invalid("Choose a supplier from the list.")))
    return redirect(f"/suppliers/{live.id}", done="Your school uses this supplier. Nobody else can tell.")


def typed_facts(form: Form) -> dict[str, Any]:
    """What a form with the fields of `directory/_supplier_fields.html` says of a supplier, as `facts.checked` takes it."""
    return {
        "name": form.text("name"),
        "aliases": form.text("aliases").split("\n"),
        "identifiers": {scheme.value: form.text(scheme.value) for scheme in Scheme},
        "categories": form.many("categories"),
    }


def values_of(known: Facts) -> dict[str, Any]:
    """What such a form opens with: one identifier of each scheme."""
    values: dict[str, Any] = {"name": known.name, "aliases": "\n".join(known.aliases), "categories": known.categories}
    return values | {scheme.value: value for scheme, value in differences.as_a_form_shows(known).identifiers}


def _form(
    request: AnyRequest, viewer: Viewer, *, values: Any, refusal: Refusal | None = None, supplier: SupplierView | None = None
) -> Template:
    return page(
        "directory/supplier_form.html",
        request=request,
        viewer=viewer,
        values=values,
        refusal=refusal,
        supplier=supplier,
        groups=taxonomy.groups(),
        labels=LABELS,
    )


def _ask_whether_same(request: AnyRequest, viewer: Viewer, form: Form, found: tuple[directory.Suggestion, ...]) -> Template:
    """The page between, for browsers without JavaScript and for those who overlooked the panel."""
    refusal = Invalid("Choose one.", same_as="Choose which one it is, or none of these.") if form.text("asked") else None
    kept = [(name, value) for name, values in form.fields.items() if name not in ("same_as", "asked") for value in values]
    return page(
        "directory/same_supplier.html", request=request, viewer=viewer,
        values=form, refusal=refusal, found=found, kept=kept,
    )  # fmt: skip


pages = Router(
    path="/",
    route_handlers=[
        *(ask_supplier, add_supplier, suggest, use_supplier),
        *(ask_stop_using, stop_using, ask_change, change_supplier),
    ],
)
