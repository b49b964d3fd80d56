"""Pages about what must not be erased: legal holds, and how long which records are kept."""

from typing import Any, Final
from uuid import UUID

from litestar import Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from audit.erasing import holds, retention
from audit.erasing.retention import RecordKind
from audit.events import Event
from base.refusals import Invalid, NotFound, Refusal
from base.viewer import Viewer
from privacy import holds as keeping
from sharing.sign_in.sign_in import by_browser
from web.pages import forms
from web.pages.forms import Form
from web.pages.handlers import AnyRequest, CurrentViewer
from web.pages.templating import page, redirect

KINDS: Final = (("", "Choose"), *((kind.value, kind.words) for kind in RecordKind))
LONGEST_NUMBER: Final = 3  # digits of a number of years


@get("/erasures/holds", include_in_schema=False)
async def show_holds(request: AnyRequest, viewer: CurrentViewer) -> Template:
    return page("erasure/holds.html", request=request, viewer=viewer, school_holds=await keeping.of_school(viewer), values=None)


@post("/erasures/holds", include_in_schema=False, leaves=(Event.HOLD_PLACED,))
async def place_hold(request: AnyRequest, viewer: CurrentViewer) -> Template | Redirect:
    form = await forms.read(request)
    try:
        await holds.place(viewer, about=form.text("about"), reason=form.text("reason"))
    except Refusal as refusal:
        school_holds = await keeping.of_school(viewer)
        return page("erasure/holds.html", request=request, refusal=refusal, viewer=viewer, school_holds=school_holds, values=form)
    return redirect("/erasures/holds", done="The hold is in force: nothing that it covers can be erased.")


@post("/erasures/holds/{hold_id:uuid}/lift", include_in_schema=False, leaves=(Event.HOLD_LIFTED,))
async def lift_hold(hold_id: FromPath[UUID], viewer: CurrentViewer) -> Redirect:
    await holds.lift(viewer, hold_id)
    return redirect("/erasures/holds", done="The hold is lifted.")


@get("/erasures/retention", include_in_schema=False)
async def show_retention(request: AnyRequest, viewer: CurrentViewer) -> Template:
    return page("erasure/retention.html", request=request, viewer=viewer, values=None, **await _kept(viewer))


@post("/erasures/retention", once=True, include_in_schema=False, leaves=(Event.RETENTION_SET,))
async def set_retention(request: AnyRequest, viewer: CurrentViewer) -> Template | Redirect:
    form = await forms.read(request)
    try:
        await retention.keep(viewer, **_typed(form))
    except NotFound:
        raise
    except Refusal as refusal:
        return page("erasure/retention.html", request=request, refusal=refusal, viewer=viewer, values=form, **await _kept(viewer))
    return redirect("/erasures/retention", done="It is set, and the trail says so.")


async def _kept(viewer: Viewer) -> dict[str, Any]:
    return {"duties": await retention.duties(viewer), "made": await retention.settings_made(viewer), "kinds": KINDS}


def _typed(form: Form) -> dict[str, Any]:
    """The form's answers; one that can't be read is None, which the verb refuses with a sentence."""
    years = form.text("years").strip()
    is_number = years.isascii() and years.isdigit() and len(years) <= LONGEST_NUMBER
    try:
        from_date = form.day("from_date")
    except Invalid:
        from_date = None
    return {
        "kind": next((kind for kind in RecordKind if kind.value == form.text("kind")), None),
        "years": int(years) if is_number else None,
        "from_date": from_date,
        "source": form.text("source"),
    }


pages = Router(
    path="/",
    guards=[by_browser],
    route_handlers=[show_holds, place_hold, lift_hold, show_retention, set_retention],
)
