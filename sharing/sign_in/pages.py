"""Signing in and out."""

from contextlib import suppress

from litestar import Router, get, post
from litestar.response import Redirect, Template

from base.refusals import Busy, Invalid, Refusal
from sharing.sign_in import keeping, known_browsers, sessions, sign_in
from web.pages import forms, made_for, marks
from web.pages.handlers import AnyRequest, CurrentVisitor, an_id
from web.pages.templating import is_local, page, redirect


@get("/sign-in", include_in_schema=False, opt={"public": True})
async def ask_to_sign_in(request: AnyRequest, visitor: CurrentVisitor) -> Template | Redirect:
    there = local(request.query_params.get("next", "/"))
    if visitor is not None:
        return redirect(there)
    ended = bool(sign_in.token_of(request))
    return page("sign_in/sign_in.html", request=request, values=None, next=there, ended=ended)


@post("/sign-in", include_in_schema=False, opt={"public": True}, leaves=())
async def send_sign_in(request: AnyRequest) -> Template | Redirect:
    form = await forms.read(request)
    there = local(form.text("next", "/"))
    try:
        token = await sign_in.sign_in(
            form.text("email"),
            form.text("password"),
            from_address=address_of(request),
            instead_of=sign_in.token_of(request),
            known_by=known_browsers.brought_by(request),
        )
    except Refusal as refusal:
        return page("sign_in/sign_in.html", request=request, refusal=refusal, values=form, next=there, kept=form.kept)
    if form.kept:
        token = await _at_its_school(form.kept, token)
        there = await with_what_was_typed(request, form.kept, token)
    return await signed_in(redirect(there), token, request)


async def _at_its_school(kept: str, token: str) -> str:
    """The session, at the school for which the words were typed where that is not the one used last."""
    viewer = await sessions.viewer_of(token)
    typed = keeping.opened(kept, viewer) if viewer else None
    if viewer is None or typed is None or not made_for.is_of_another_school(typed, viewer):
        return token
    with suppress(Invalid):  # they have left it
        return await sign_in.switch_school(viewer, an_id(typed.school) or viewer.school, token=token)
    return token


async def with_what_was_typed(request: AnyRequest, kept: str, token: str) -> str:
    """Where a session goes on to that just began: to the form of before, if it was theirs."""
    viewer = await sessions.viewer_of(token)
    typed = keeping.opened(kept, viewer) if viewer else None
    if typed is None:
        return "/"
    marks.give_back(request.scope, typed)
    return local(typed.at)


@post("/sign-out", include_in_schema=False, opt={"public": True}, leaves=())
async def sign_out(request: AnyRequest) -> Redirect:
    await sessions.end(sign_in.token_of(request))
    return with_session(redirect("/sign-in", done="You have signed out."), "")


async def signed_in(answer: Redirect, token: str, request: AnyRequest) -> Redirect:
    """The answer with the new session's cookie, and with the one by which this browser is known from now on."""
    with suppress(Busy):  # having signed in matters more
        answer.set_cookie(known_browsers.cookie(await known_browsers.remember(token, known_browsers.brought_by(request))))
    return with_session(answer, token)


def with_session(answer: Redirect, token: str) -> Redirect:
    """The answer with the session's cookie; an empty token takes it away."""
    answer.set_cookie(sessions.cookie(token))
    return answer


def local(path: str) -> str:
    """Where to go after signing in: a page of ours and nothing else."""
    return path if is_local(path) else "/"


def address_of(request: AnyRequest) -> str:
    return request.client.host if request.client else ""


pages = Router(path="/", route_handlers=[ask_to_sign_in, send_sign_in, sign_out])
