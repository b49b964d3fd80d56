"""Signing in and out, and what to do when the password is forgotten."""

from litestar import Router, get, post
from litestar.response import Redirect, Template

from base.refusals import Refusal
from sharing.sign_in import sessions, sign_in
from web.pages import forms
from web.pages.handlers import AnyRequest, CurrentVisitor
from web.pages.templating import is_local, page, redirect


@get("/sign-in", include_in_schema=False, opt={"public": True})
async def ask_to_sign_in(request: AnyRequest, visitor: CurrentVisitor) -> Template | Redirect:
    there = local(request.query_params.get("next", "/"))
    if visitor is not None:
        return redirect(there)
    return page("people/sign_in.html", request=request, values=None, next=there)


@post("/sign-in", include_in_schema=False, opt={"public": True}, leaves=())
async def send_sign_in(request: AnyRequest) -> Template | Redirect:
    form = await forms.read(request)
    there = local(form.text("next", "/"))
    try:
        token = await sign_in.sign_in(
            form.text("email"), form.text("password"), from_address=address_of(request), instead_of=sign_in.token_of(request)
        )
    except Refusal as refusal:
        return page("people/sign_in.html", request=request, refusal=refusal, values=form, next=there)
    return signed_in(redirect(there), token)


@post("/sign-out", include_in_schema=False, opt={"public": True}, leaves=())
async def sign_out(request: AnyRequest) -> Redirect:
    await sessions.end(sign_in.token_of(request))
    return signed_in(redirect("/sign-in", done="You have signed out."), "")


@get("/forgot-password", include_in_schema=False, sync_to_thread=False, opt={"public": True})
def forgot_password(request: AnyRequest) -> Template:
    return page("people/forgot_password.html", request=request)


def signed_in(answer: Redirect, token: str) -> Redirect:
    """The answer with the session's cookie; an empty token takes it away."""
    answer.set_cookie(sessions.cookie(token))
    return answer


def local(path: str) -> str:
    """Where to go after signing in: a page of ours and nothing else."""
    return path if is_local(path) else "/"


def address_of(request: AnyRequest) -> str:
    return request.client.host if request.client else ""


pages = Router(path="/", route_handlers=[ask_to_sign_in, send_sign_in, sign_out, forgot_password])
