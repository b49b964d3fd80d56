"""Pages for people who come with a link that was sent to them, or want one: joining, or setting a new password."""

from typing import Any, Final
from uuid import UUID

from litestar import Router, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Template

from base.refusals import Invalid, Refusal
from base.viewer import Role, Viewer
from sharing.accounts import forgotten
from sharing.events import Event
from sharing.joining import joining
from sharing.joining.joining import Offer
from sharing.members import letters
from sharing.members.pages import role_in
from sharing.operator import succession
from sharing.schools import schools
from sharing.sign_in import known_browsers, passwords, sessions, sign_in
from sharing.sign_in.one_time_links import DeadLink, Purpose
from sharing.sign_in.pages import address_of, signed_in
from web.pages import forms
from web.pages.forms import Form
from web.pages.handlers import AnyRequest, an_id
from web.pages.templating import page, redirect

INVITING_ROLES: Final = tuple((role.value, role.words.capitalize()) for role in Role if role.writes)
JOINED: Final = (
    Event.PERSON_JOINED,
    Event.SUCCESSION_ACCEPTED,
    Event.AUDITOR_JOINED,
    Event.OPERATOR_APPOINTED,
)  # by what sort of link it was


@get("/join/{token:str}", include_in_schema=False, opt={"public": True})
async def ask_to_join(token: FromPath[str], request: AnyRequest, q: FromQuery[str] = "", school: FromQuery[str] = "") -> Template:
    offer = await joining.offer_of(token)
    if offer.purpose is Purpose.FIRST:
        return await _first(request, q=q, school=school)
    if offer.purpose is not Purpose.INVITATION:
        raise DeadLink
    return page("joining/join.html", request=request, values=None, offer=offer, hint=passwords.HINT)


@post("/join/{token:str}", include_in_schema=False, opt={"public": True}, leaves=JOINED)
async def send_join(token: FromPath[str], request: AnyRequest) -> Template | Redirect:
    offer, form = await joining.offer_of(token), await forms.read(request)
    try:
        viewer = await _join(token, offer, form, request)
    except DeadLink:
        raise
    except Refusal as refusal:
        if offer.purpose is Purpose.FIRST:
            return await _first(request, school=form.text("school"), values=form, refusal=refusal)
        return page("joining/join.html", request=request, refusal=refusal, values=form, offer=offer, hint=passwords.HINT)
    if begins := await succession.begins(viewer):
        return page("joining/waits.html", request=request, begins=begins, school_name=viewer.school_name)
    token_of_session = await sessions.start(viewer.person, viewer.school, instead_of=sign_in.token_of(request))
    joined = "may now read the audit trail of" if viewer.role is Role.AUDITOR else "have joined"
    return await signed_in(redirect("/", done=f"Welcome to Vouch. You {joined} {viewer.school_name}."), token_of_session, request)


async def _join(token: str, offer: Offer, form: Form, request: AnyRequest) -> Viewer:
    name, password = form.text("name"), form.text("password")
    if offer.purpose is Purpose.FIRST:
        return await joining.join_first(
            token,
            school=an_id(form.text("school")),
            role=role_in(form),
            name=name,
            email=form.text("email"),
            password=password,
        )
    if form.text("account") == "yes":
        return await joining.join_with_account(
            token, password=password, from_address=address_of(request), known_by=known_browsers.brought_by(request)
        )
    return await joining.join(token, name=name, password=password)


async def _first(
    request: AnyRequest, *, q: str = "", school: str = "", values: Form | None = None, refusal: Refusal | None = None
) -> Template:
    """The first account chooses its school: a search, then a form about the one that was chosen."""
    chosen = await schools.one(an_id(school) or UUID(int=0)) if school else None
    found: Any = None
    if q and chosen is None:
        try:
            found = await schools.find_schools(q)
        except Invalid as invalid:
            refusal = Invalid(invalid.sentence, q=invalid.sentence)
    context = {"values": values or {"q": q}, "found": found, "school": chosen, "roles": INVITING_ROLES, "hint": passwords.HINT}
    if refusal is None:
        return page("joining/join_first.html", request=request, **context)
    return page("joining/join_first.html", request=request, refusal=refusal, **context)


@get("/forgot-password", include_in_schema=False, sync_to_thread=False, opt={"public": True})
def forgot_password(request: AnyRequest) -> Template:
    return _forgotten(request)


@post("/forgot-password", include_in_schema=False, opt={"public": True}, leaves=(), status_code=200)
async def send_forgot_password(request: AnyRequest) -> Template:
    """The letter, and what it leaves in the operator's trail, come after this answer, which is the same for everybody.

    Without a question answered it is the page alone, which brings what somebody typed before they were signed out.
    """
    form = await forms.read(request)
    if form.kept and not form.fields:
        return _forgotten(request, kept=form.kept)
    try:
        await forgotten.ask(form.text("email"), from_address=address_of(request))
    except Refusal as refusal:
        return _forgotten(request, values=form, refusal=refusal, kept=form.kept)
    return _forgotten(request, values=form, asked=True, kept=form.kept)


def _forgotten(
    request: AnyRequest, *, values: Form | None = None, asked: bool = False, refusal: Refusal | None = None, kept: str = ""
) -> Template:
    context: dict[str, Any] = {"values": values, "asked": asked, "kept": kept, "letters_are_sent": letters.are_sent()}
    return page("joining/forgot_password.html", request=request, refusal=refusal, **context)


@get("/new-password/{token:str}", include_in_schema=False, opt={"public": True})
async def ask_new_password(token: FromPath[str], request: AnyRequest) -> Template:
    offer = await joining.offer_of(token)
    if offer.purpose is not Purpose.PASSWORD:
        raise DeadLink
    return page("joining/new_password.html", request=request, hint=passwords.HINT)


@post(
    "/new-password/{token:str}",
    include_in_schema=False,
    opt={"public": True},
    leaves=(Event.PASSWORD_CHANGED, Event.API_KEY_REVOKED),
)
async def send_new_password(token: FromPath[str], request: AnyRequest) -> Template | Redirect:
    form = await forms.read(request)
    try:
        known = await joining.set_password(token, password=form.text("password"), known_by=known_browsers.brought_by(request))
    except DeadLink:
        raise
    except Refusal as refusal:
        return page("joining/new_password.html", request=request, refusal=refusal, hint=passwords.HINT)
    answer = redirect("/sign-in", done="Your new password is set. Sign in with it.")
    answer.set_cookie(known_browsers.cookie(known))
    return answer


pages = Router(
    path="/",
    route_handlers=[
        ask_to_join,
        send_join,
        forgot_password,
        send_forgot_password,
        ask_new_password,
        send_new_password,
    ],
)
