"""Pages to ask other schools, to read what they answer, and to close or hide what was asked."""

from typing import Annotated, Any, Final
from uuid import UUID

from litestar import Router, get, post
from litestar.params import FromPath, QueryParameter
from litestar.response import Redirect, Template

from base.refusals import Invalid, NotFound, Refusal
from base.viewer import Viewer, must_speak_for_the_school, must_write
from base.words import count
from sharing.access.audiences import FREEDOM_OF_INFORMATION
from suppliers.asking import answer_pages, answers, asking, hidden, seen, whom
from suppliers.asking.asking import LASTS, WHOM, Wanted
from suppliers.asking.whom import Circle
from suppliers.directory import directory
from suppliers.directory.directory import SupplierView
from suppliers.events import Event
from suppliers.record import taxonomy
from web.pages import forms
from web.pages.forms import Form
from web.pages.handlers import AnyRequest, CurrentViewer, an_id
from web.pages.templating import page, redirect

LONGEST_NEED: Final = 200  # characters: what a search takes
HIDDEN: Final = "Hidden. Nobody reads it but those who decide about erasing it, who find it under Our trail, Erasure, Hidden."


@get("/enquiries", include_in_schema=False)
async def show_enquiries(request: AnyRequest, viewer: CurrentViewer) -> Template:
    found = await seen.listed(viewer)
    context: dict[str, Any] = {"found": found, "lasts": LASTS.days, "most": seen.MOST_LISTED}
    return page("asking/enquiries.html", request=request, viewer=viewer, **context)


@get("/enquiries/new", include_in_schema=False)
async def ask_enquiry(
    request: AnyRequest,
    viewer: CurrentViewer,
    supplier: Annotated[str, QueryParameter(max_length=60)] = "",
    need: Annotated[str, QueryParameter(max_length=LONGEST_NEED)] = "",
) -> Template:
    """With the supplier, or the need, of the page that led here."""
    must_speak_for_the_school(viewer)
    about = await _supplier(viewer, supplier)
    meant = taxonomy.find(need)[:1] if need.strip() else ()
    values = {
        "category": meant[0].category.slug if meant else "",
        "text": "Have you used them? Would you use them again?" if about else "Do you know somebody whom you would use again?",
    }
    return await _form(request, viewer, about, values)


@post("/enquiries", once=True, include_in_schema=False, leaves=(Event.ENQUIRY_ASKED,))
async def put_enquiry(request: AnyRequest, viewer: CurrentViewer) -> Template | Redirect:
    must_speak_for_the_school(viewer)
    form = await forms.read(request)
    about = await _supplier(viewer, form.text("supplier"))
    circles = await whom.circles(viewer)
    try:
        made = await asking.ask(viewer, _wanted(form, about, circles.get(form.text("to"))))
    except Invalid as refusal:
        return await _form(request, viewer, about, form, refusal)
    told = f"Asked. {count(made.schools, 'school')} can read it, until you close it or {LASTS.days} days have passed."
    return redirect(f"/enquiries/{made.id}", done=told)


@get("/enquiries/{enquiry_id:uuid}", include_in_schema=False)
async def show_enquiry(
    request: AnyRequest,
    enquiry_id: FromPath[UUID],
    viewer: CurrentViewer,
    name: Annotated[str, QueryParameter(max_length=LONGEST_NEED)] = "",
) -> Template:
    """Ours with its answers; another school's with the form that answers it, where ``name`` finds more suppliers."""
    found = await seen.one(viewer, enquiry_id)
    if not found.is_ours:
        return await answer_pages.page_of(request, viewer, found, {"name": name})
    return page(
        "asking/enquiry.html",
        request=request,
        viewer=viewer,
        enquiry=found,
        asked=await whom.in_words(viewer, found.audience),
        answers=await answers.of(viewer, enquiry_id),
    )


@post("/enquiries/{enquiry_id:uuid}/close", include_in_schema=False, leaves=(Event.ENQUIRY_CLOSED,))
async def close_enquiry(enquiry_id: FromPath[UUID], viewer: CurrentViewer) -> Redirect:
    await asking.close(viewer, enquiry_id)
    return redirect(f"/enquiries/{enquiry_id}", done="Closed. No other school sees it any more.")


@post("/enquiries/{enquiry_id:uuid}/hide", include_in_schema=False, leaves=(Event.ENQUIRY_HIDDEN,))
async def hide_enquiry(enquiry_id: FromPath[UUID], viewer: CurrentViewer) -> Redirect:
    await hidden.hide(viewer, enquiry_id)
    return redirect("/enquiries", done=HIDDEN)


@post("/enquiries/{enquiry_id:uuid}/show-again", include_in_schema=False, leaves=(Event.ENQUIRY_SHOWN,))
async def show_enquiry_again(enquiry_id: FromPath[UUID], viewer: CurrentViewer) -> Redirect:
    must_write(viewer)
    await hidden.show_again(viewer, enquiry_id)
    return redirect("/erasures/hidden", done="Shown again, to whoever could see it before.")


async def _supplier(viewer: Viewer, typed: str) -> SupplierView | None:
    """Raises NotFound for what is no supplier that the viewer sees."""
    if not typed:
        return None
    named = an_id(typed)
    if named is None:
        raise NotFound
    return await directory.supplier(viewer, named)


def _wanted(form: Form, about: SupplierView | None, to: Circle | None) -> Wanted:
    """Raises Invalid with all that is wrong at once."""
    category, supplier = (None, about.id) if about else (form.text("category") or None, None)
    problems = {} if to else {"to": WHOM}
    try:
        asking.checked(category, supplier, form.text("text"))
    except Invalid as refusal:
        problems = {**refusal.fields, **problems}
    if problems or to is None:
        raise Invalid("Nothing was asked yet.", **problems)
    return Wanted(category=category, supplier=supplier, words=form.text("text"), to=to.grant)


async def _form(
    request: AnyRequest, viewer: Viewer, about: SupplierView | None, values: Any, refusal: Refusal | None = None
) -> Template:
    circles = await whom.circles(viewer)
    return page(
        "asking/ask.html",
        request=request,
        viewer=viewer,
        about=about,
        values=values,
        refusal=refusal,
        needs=sorted(((one.slug, one.name) for one in taxonomy.categories()), key=lambda one: one[1].casefold()),
        circles=[(key, circle.name, circle.schools) for key, circle in circles.items()],
        lasts=LASTS.days,
        freedom_of_information=FREEDOM_OF_INFORMATION,
    )


pages = Router(
    path="/",
    route_handlers=[
        *(show_enquiries, ask_enquiry, put_enquiry, show_enquiry, close_enquiry, hide_enquiry, show_enquiry_again),
    ],
)
