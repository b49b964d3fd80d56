"""Pages about one's own account: password, school, where one is signed in."""

from typing import Any
from uuid import UUID

from litestar import Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from base.refusals import Refusal
from sharing.accounts import addresses, share_code
from sharing.events import Event
from sharing.members import letters
from sharing.sign_in import known_browsers, passwords, sessions, sign_in
from sharing.sign_in.pages import local, with_session, with_what_was_typed
from web.pages import forms
from web.pages.handlers import AnyRequest, CurrentViewer, an_id
from web.pages.templating import page, redirect


@get("/account", include_in_schema=False, auditors=True, site_staff=True)
async def show_account(request: AnyRequest, viewer: CurrentViewer) -> Template:
    everywhere = await sessions.of_person(viewer.person, sign_in.token_of(request))
    mine, code = await addresses.of(viewer), await share_code.of(viewer)
    return page("accounts/account.html", request=request, viewer=viewer, sessions=everywhere, mine=mine, share_code=code)


@get("/account/password", include_in_schema=False, sync_to_thread=False, auditors=True, site_staff=True)
def ask_password(request: AnyRequest, viewer: CurrentViewer) -> Template:
    return page("accounts/change_password.html", request=request, viewer=viewer, hint=passwords.HINT, values=None)


@post(
    "/account/password",
    once=False,
    include_in_schema=False,
    leaves=(Event.PASSWORD_CHANGED, Event.API_KEY_REVOKED),
    auditors=True,
    site_staff=True,
)
async def send_password(request: AnyRequest, viewer: CurrentViewer) -> Template | Redirect:
    form = await forms.read(request)
    try:
        changed = await sign_in.change_password(
            viewer,
            current=form.text("current"),
            new=form.text("new"),
            known_by=known_browsers.brought_by(request),
            keep_keys=form.text("keep_keys") == "yes",
        )
    except Refusal as refusal:
        context = {"hint": passwords.HINT, "values": form}
        return page("accounts/change_password.html", request=request, refusal=refusal, viewer=viewer, **context)
    answer = redirect("/account", done="Your password is changed, and you are signed out everywhere else.")
    answer.set_cookie(known_browsers.cookie(changed.known_by))
    return with_session(answer, changed.session)


@get("/account/address", include_in_schema=False, auditors=True, site_staff=True)
async def ask_address(request: AnyRequest, viewer: CurrentViewer) -> Template:
    mine = await addresses.of(viewer)
    context: dict[str, Any] = {"mine": mine, "letters_are_sent": letters.are_sent()}
    return page("accounts/address.html", request=request, viewer=viewer, values={"email": mine.email}, **context)


@post("/account/address", once=True, include_in_schema=False, leaves=(Event.ADDRESS_LETTER_SENT,), auditors=True, site_staff=True)
async def send_address(request: AnyRequest, viewer: CurrentViewer) -> Template | Redirect:
    form = await forms.read(request)
    try:
        asked = {"email": form.text("email"), "password": form.text("password")}
        to = await addresses.ask_to_prove(viewer, **asked, known_by=known_browsers.brought_by(request))
    except Refusal as refusal:
        context: dict[str, Any] = {"mine": await addresses.of(viewer), "letters_are_sent": letters.are_sent()}
        return page("accounts/address.html", request=request, refusal=refusal, viewer=viewer, values=form, **context)
    return redirect("/account", done=f"A letter is on its way to {to}. Open the link in it, in this browser.")


@get("/account/prove-address/{token:str}", include_in_schema=False, auditors=True, site_staff=True)
async def ask_to_prove(token: FromPath[str], request: AnyRequest, viewer: CurrentViewer) -> Template:
    """A button, because programs that look for viruses open the links in letters."""
    return page("accounts/prove_address.html", request=request, viewer=viewer, email=await addresses.to_prove(viewer, token))


@post(
    "/account/prove-address/{token:str}", include_in_schema=False, leaves=(Event.ADDRESS_PROVED,), auditors=True, site_staff=True
)
async def send_proof(token: FromPath[str], viewer: CurrentViewer) -> Redirect:
    await addresses.prove(viewer, token)
    return redirect("/account", done="Your address is proved. You sign in with it.")


@post("/account/sign-out-elsewhere", include_in_schema=False, leaves=(), auditors=True, site_staff=True)
async def sign_out_elsewhere(request: AnyRequest, viewer: CurrentViewer) -> Redirect:
    await sessions.end_others(viewer.person, sign_in.token_of(request))
    return redirect("/account", done="You are signed out everywhere else.")


@post("/account/sessions/{session:uuid}/end", include_in_schema=False, leaves=(), auditors=True, site_staff=True)
async def end_session(session: FromPath[UUID], viewer: CurrentViewer) -> Redirect:
    await sessions.end_one(viewer.person, session)
    return redirect("/account", done="That session has ended.")


@get("/switch", include_in_schema=False, auditors=True, site_staff=True)
async def ask_school(request: AnyRequest, viewer: CurrentViewer) -> Template:
    mine = await sign_in.schools_of(viewer)
    return page("accounts/switch.html", request=request, viewer=viewer, values={"school": viewer.school}, schools=mine)


@post("/switch", include_in_schema=False, leaves=(), auditors=True, site_staff=True)
async def send_school(request: AnyRequest, viewer: CurrentViewer) -> Template | Redirect:
    form = await forms.read(request)
    try:
        school = an_id(form.text("school")) or UUID(int=0)
        token = await sign_in.switch_school(viewer, school, token=sign_in.token_of(request))
    except Refusal as refusal:
        mine = await sign_in.schools_of(viewer)
        return page("accounts/switch.html", request=request, refusal=refusal, viewer=viewer, values=form, schools=mine)
    there = await with_what_was_typed(request, form.kept, token) if form.kept else local(form.text("to"))
    return with_session(redirect(there), token)


pages = Router(
    path="/",
    guards=[sign_in.by_browser],
    route_handlers=[
        show_account,
        ask_password,
        send_password,
        ask_address,
        send_address,
        ask_to_prove,
        send_proof,
        sign_out_elsewhere,
        ask_school,
        send_school,
        end_session,
    ],
)
