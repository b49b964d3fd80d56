"""The security log, for whoever runs the installation."""

from typing import Annotated, Any, Final
from urllib.parse import urlencode

from litestar import Router, get, post
from litestar.params import QueryParameter
from litestar.response import Redirect, Template

from base import text
from base.refusals import Invalid, read_together
from sharing.sign_in import security_log
from sharing.sign_in.sign_in import by_browser
from web.pages import forms
from web.pages.handlers import AnyRequest, CurrentViewer, Cursor
from web.pages.templating import page, redirect

ADDRESS: Final = "/security-log"
LONGEST_SEARCH: Final = 300
TEMPLATE: Final = "sign_in/security_log.html"
KINDS: Final = (("", "Everything"), *((kind.value, kind.words) for kind in security_log.Kind))
FRAME: Final[dict[str, Any]] = {"kinds": KINDS, "address": ADDRESS}

Searched = Annotated[str, QueryParameter(max_length=LONGEST_SEARCH)]


@get(ADDRESS, include_in_schema=False)
async def show_log(
    request: AnyRequest, viewer: CurrentViewer, kind: Searched = "", who: Searched = "", after: Cursor = ""
) -> Template:
    """By kind, and by the digest of one account, key or network."""
    found = await security_log.page(viewer, kind=kind, who=who, after=after)
    values = {"kind": kind, "who": who}
    next_url = _address(values | {"after": found.next_cursor}) if found.next_cursor else ""
    return page(TEMPLATE, request=request, viewer=viewer, values=values, rows=found.rows, next_url=next_url, **FRAME)


@post(ADDRESS, include_in_schema=False, leaves=())
async def search_log(request: AnyRequest, viewer: CurrentViewer) -> Template | Redirect:
    """Sent as a form, so that no address that somebody looks for stands in an address that a proxy notes down."""
    form = await forms.read(request)
    try:
        kind, typed = read_together(
            lambda: _a_kind(form), lambda: text.line(form.text("who"), field="who", longest=LONGEST_SEARCH, required=False)
        )
        who = await security_log.digest_of(viewer, typed)
    except Invalid as refusal:
        shown: dict[str, Any] = {"values": form, "rows": (), "next_url": "", **FRAME}
        return page(TEMPLATE, request=request, viewer=viewer, refusal=refusal, **shown)
    return redirect(_address({"kind": kind, "who": who}))


def _a_kind(form: forms.Form) -> str:
    kind = form.text("kind", "none")
    if kind not in dict(KINDS):
        raise Invalid("Choose what happened from the list.", kind="Choose what happened from the list.")
    return kind


def _address(values: dict[str, str]) -> str:
    asked = {name: value for name, value in values.items() if value}
    return f"{ADDRESS}?{urlencode(asked)}" if asked else ADDRESS


pages = Router(path="/", guards=[by_browser], route_handlers=[show_log, search_log])
