"""Pages about a new head for a school that lost its people: the operator invites, people of the school may object."""

from collections.abc import Sequence
from typing import NoReturn
from uuid import UUID

from litestar import Router, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Template

from base import emails
from base.refusals import Invalid, NotFound, Refusal, read_together, refuse_together
from base.viewer import Viewer
from sharing.events import Event
from sharing.members.pages import letters_page, must_be_posted
from sharing.members.told import Letter
from sharing.operator import succession, succession_list
from sharing.operator.succession import Wanted
from sharing.operator.succession_list import Ground
from sharing.people.pages import invited
from sharing.schools import schools
from sharing.sign_in.sign_in import by_browser
from web.pages import forms
from web.pages.forms import Form
from web.pages.handlers import AnyRequest, CurrentViewer, an_id
from web.pages.templating import page, redirect

ASKED = ("school", "email", "ground", "address", "seen", "sure")


@get("/people/new-heads", include_in_schema=False)
async def show_all(request: AnyRequest, viewer: CurrentViewer) -> Template:
    """Every new head whom the operator invited."""
    return page("operator/new_heads.html", request=request, viewer=viewer, starts=await succession_list.started(viewer))


@get("/people/new-heads/new", include_in_schema=False)
async def ask_to_start(request: AnyRequest, viewer: CurrentViewer, school: FromQuery[str] = "") -> Template:
    """The operator reaches it from the page on which a school is chosen."""
    _require_operator(viewer)
    chosen = await schools.one(an_id(school) or UUID(int=0))
    return page("operator/new_head.html", request=request, viewer=viewer, school=chosen, values=None, days=succession.DAYS)


@post("/people/new-heads", include_in_schema=False, leaves=(Event.SUCCESSION_STARTED,), status_code=200)
async def start(request: AnyRequest, viewer: CurrentViewer) -> Template:
    """Without a mail server first the letters to print, then the link."""
    _require_operator(viewer)
    form = await forms.read(request)
    school = await schools.one(an_id(form.text("school")) or UUID(int=0))
    letters: Sequence[Letter] = ()
    try:
        wanted = _wanted(form)
        letters = await succession.letters_about(viewer, school.id, wanted)
        if must_be_posted(form):
            return letters_page(request, viewer, letters, form, again=ASKED, refusal=None)
        invitation = await succession.start(viewer, school.id, wanted, posted=form.text("posted") == "yes")
    except Refusal as refusal:
        if letters and "posted" in refusal.fields:
            return letters_page(request, viewer, letters, form, again=ASKED, refusal=refusal)
        context = {"school": school, "values": form, "days": succession.DAYS}
        return page("operator/new_head.html", request=request, refusal=refusal, viewer=viewer, **context)
    return invited(request, viewer, invitation, back="/people/new-heads")


@get("/people/new-heads/{succession_id:uuid}", include_in_schema=False)
async def show_one(succession_id: FromPath[UUID], request: AnyRequest, viewer: CurrentViewer) -> Template:
    """For people of the school, who may object, and for the operator."""
    start = await succession_list.one(viewer, succession_id)
    return page("operator/new_head_shown.html", request=request, viewer=viewer, start=start, values=None, days=succession.DAYS)


@post("/people/new-heads/{succession_id:uuid}/object", include_in_schema=False, leaves=(Event.SUCCESSION_OBJECTED,))
async def object_to(succession_id: FromPath[UUID], request: AnyRequest, viewer: CurrentViewer) -> Template | Redirect:
    form, start = await forms.read(request), await succession_list.one(viewer, succession_id)
    try:
        await succession.object_to(viewer, succession_id, form.text("words"))
    except NotFound:
        raise
    except Refusal as refusal:
        context = {"start": start, "values": form, "days": succession.DAYS}
        return page("operator/new_head_shown.html", request=request, refusal=refusal, viewer=viewer, **context)
    return redirect(f"/people/new-heads/{succession_id}", done="You objected. The new head does not begin.")


@post("/people/new-heads/{succession_id:uuid}/withdraw", include_in_schema=False, leaves=(Event.SUCCESSION_WITHDRAWN,))
async def withdraw(succession_id: FromPath[UUID], viewer: CurrentViewer) -> Redirect:
    await succession.withdraw(viewer, succession_id)
    return redirect("/people/new-heads", done="Taken back. The new head does not begin.")


@post(
    "/people/new-heads/{succession_id:uuid}/link",
    once=True,
    include_in_schema=False,
    leaves=(Event.SUCCESSION_LINK_MADE,),
    status_code=200,
)
async def make_link(succession_id: FromPath[UUID], request: AnyRequest, viewer: CurrentViewer) -> Template:
    invitation = await succession.new_link(viewer, succession_id)
    return invited(request, viewer, invitation, back="/people/new-heads")


def _wanted(form: Form) -> Wanted:
    """Raises Invalid that names each wrong field."""
    ground = next((one for one in Ground if one.value == form.text("ground")), None)
    if ground is None:
        refuse_together(lambda: emails.address(form.text("email")), _refuse_without_ground)
    wanted = Wanted(form.text("email"), ground or Ground.SILENCE, form.text("address"), form.text("seen"))
    checked: Wanted = read_together(lambda: succession.checked(wanted), lambda: _require_sure(form, wanted.ground))[0]
    return checked


def _refuse_without_ground() -> NoReturn:
    raise Invalid("Choose why.", ground="Choose why the school needs a new head from outside.")


def _require_sure(form: Form, ground: Ground) -> None:
    if ground is Ground.ASKED and form.text("sure") != "yes":
        sentence = "Tick the box to confirm that the request came from the address that the school publishes."
        raise Invalid(sentence, sure=sentence)


def _require_operator(viewer: Viewer) -> None:
    if not viewer.is_operator:
        raise NotFound


pages = Router(
    path="/", guards=[by_browser], route_handlers=[show_all, ask_to_start, start, show_one, object_to, withdraw, make_link]
)
