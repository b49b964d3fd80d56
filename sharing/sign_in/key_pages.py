"""The page of API keys: one's own, and for a head those of everybody at the school."""

from typing import Any, Final
from uuid import UUID

from litestar import Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from base.refusals import Refusal
from base.viewer import KeyScope, Viewer
from sharing.events import Event
from sharing.sign_in import api_keys, sign_in
from web.pages import forms
from web.pages.handlers import AnyRequest, CurrentViewer
from web.pages.templating import page, redirect

LASTING: Final = tuple((days, f"{days} days" if days < 365 else "A year") for days in api_keys.DAYS)
# What each scope is called on the page, and what that means.
SCOPES: Final = (
    (
        KeyScope.READ,
        "Look things up",
        "Suppliers, reviews, notes and files, and who sees what: all that you can see, but for the audit trail",
    ),
    (
        KeyScope.WRITE,
        "Add and change",
        "Suppliers, reviews, notes and lists of suppliers, in your name: withdrawing and merging too",
    ),
    (
        KeyScope.SHARE,
        "Choose who sees your school’s reviews and notes",
        "Criticism can go to one school at most in this way, whatever your role",
    ),
    (KeyScope.TRAIL, "Read the audit trail", "And take audit packs of it"),
)
OF_WRITERS: Final = frozenset({KeyScope.WRITE, KeyScope.SHARE})
WORDS: Final = {scope: words for scope, words, _ in SCOPES}


@get("/api-keys", include_in_schema=False)
async def show_keys(request: AnyRequest, viewer: CurrentViewer) -> Template:
    return page("sign_in/api_keys.html", request=request, viewer=viewer, values=None, **await _keys(viewer))


@post("/api-keys", once=True, include_in_schema=False, leaves=(Event.API_KEY_CREATED,), status_code=200)
async def create_key(request: AnyRequest, viewer: CurrentViewer) -> Template:
    form = await forms.read(request)
    scopes = [scope for scope in KeyScope if scope.value in form.many("scopes")]
    try:
        key = await api_keys.create(viewer, name=form.text("name"), days=_days(form), scopes=scopes)
    except Refusal as refusal:
        keys = await _keys(viewer)
        return page("sign_in/api_keys.html", request=request, refusal=refusal, viewer=viewer, values=form, **keys)
    return page("sign_in/api_key.html", request=request, viewer=viewer, key=key)


@post("/api-keys/{key:uuid}/revoke", include_in_schema=False, leaves=(Event.API_KEY_REVOKED,))
async def revoke_key(key: FromPath[UUID], viewer: CurrentViewer) -> Redirect:
    await api_keys.revoke(viewer, key)
    return redirect("/api-keys", done="The key is revoked and opens nothing any more.")


async def _keys(viewer: Viewer) -> dict[str, Any]:
    """What the page shows beside the form; scopes that the viewer's role could not use now are not offered."""
    useful = SCOPES if viewer.role.writes else [scope for scope in SCOPES if scope[0] not in OF_WRITERS]
    return {
        "keys": await api_keys.mine(viewer),
        "colleagues": await api_keys.of_colleagues(viewer),
        "lasting": LASTING,
        "scopes": useful,
        "words": WORDS,
    }


def _days(form: forms.Form) -> int:
    """The days that were chosen; 0, which is refused, for anything that is not a choice."""
    return next((days for days in api_keys.DAYS if form.text("days") == str(days)), 0)


pages = Router(path="/", guards=[sign_in.by_browser], route_handlers=[show_keys, create_key, revoke_key])
