"""The Jinja environment that every slice's templates share, and the two answers that nearly every page gives.

``page(...)`` renders a template inside the layout; ``redirect(...)`` sends the browser on, with a sentence of success.
"""

from collections.abc import MutableMapping
from functools import cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, unquote

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PackageLoader, PrefixLoader, StrictUndefined, Undefined
from jinja2.utils import missing
from litestar.datastructures import Cookie
from litestar.response import Redirect, Template

from base import settings as configuration
from base.refusals import Refusal
from base.settings import Settings
from base.viewer import Viewer
from base.words import ago, count, in_plain, in_words, last_day, miles, moment, month_name
from web.pages import assets
from web.pages.forms import choices, chosen, error_links, problem_with, typed
from web.pages.handlers import AnyRequest
from web.pages.site import Site

OURS: Final = Path(__file__).parents[1] / "templates"
DONE_SECONDS: Final = 60  # a success sentence that nobody saw by then is stale
DONE_LONGEST: Final = 400  # characters: cookies are small

# What GOV.UK's page template may be told. Named here because everything else that is missing is an error.
TEMPLATE_OPTIONS: Final = """
    htmlClasses pageTitleLang assetPath opengraphImageUrl assetUrl bodyClasses bodyAttributes cspNonce
    headerClasses headerAttributes serviceName serviceUrl containerClasses containerAttributes
    mainClasses mainLang mainAttributes footerClasses footerAttributes
"""


class Missing(Undefined):
    """A slip in one of our names fails loudly; only what GOV.UK's macros leave out of their options counts as empty."""

    def __new__(cls, hint: str | None = None, obj: Any = missing, name: str | None = None, *rest: Any) -> Undefined:  # type: ignore[misc]
        if isinstance(obj, dict | str | bool) or name in ("caller", "undefined", "null"):
            return super().__new__(cls)
        return StrictUndefined(hint, obj, name, *rest)


class Templates(Environment):
    """Its globals are all there before the first template is loaded, so each template may hold them in a plain dict.

    Jinja compares the names of globals at every import of a macro, dozens a page; in its ChainMap a third of the time goes there.
    """

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return {**self.globals, **(d or {})}


def plain_environment(*folders: Path) -> Environment:
    """The templates of these folders and GOV.UK's, with filters that put dates and numbers in words.

    It knows nothing of the site, so by itself it serves what is downloaded and read without us.
    """
    govuk = PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")})
    loader = ChoiceLoader([FileSystemLoader(folders), govuk])
    environment = Templates(loader=loader, autoescape=True, undefined=Missing, auto_reload=False)
    environment.filters |= {
        "date": in_words,
        "moment": moment,
        "last_day": last_day,
        "month_name": month_name,
        "ago": ago,
        "count": count,
        "miles": miles,
        "in_plain": in_plain,
    }
    return environment


def create_environment(settings: Settings, site: Site) -> Environment:
    """The environment of the pages of ``site``: web's templates and the site's, and all that the frame around a page asks for."""
    return _environment(site, demo=settings.demo, origin=settings.origin)


@cache  # compiling the layout and its macros takes half a second
def _environment(site: Site, *, demo: bool, origin: str) -> Environment:
    environment = plain_environment(OURS, *site.templates)
    environment.globals |= dict.fromkeys(TEMPLATE_OPTIONS.split()) | {
        "htmlLang": "en-GB",
        "themeColor": "#0d4f4b",
        "site": site,
        "static": assets.load(site.scripts).address,
        "demo": demo,
        "origin": origin,
        "viewer": None,
        "path": "",
        "done": "",
        "refusal": None,
    }
    environment.filters |= {f.__name__: f for f in (typed, chosen, choices, problem_with, error_links)}
    return environment


def page(
    template: str,
    *,
    request: AnyRequest,
    viewer: Viewer | None = None,
    refusal: Refusal | None = None,
    **context: Any,
) -> Template:
    """A whole page. With ``refusal`` it is the form again: pass what was typed too, and it says what is wrong with it."""
    done = unquote(request.cookies.get(done_cookie(), ""))[:DONE_LONGEST]
    frame = {"viewer": viewer, "refusal": refusal, "path": request.url.path, "done": done}
    return Template(
        template,
        context={**context, **frame},
        status_code=refusal.status if refusal else 200,
        headers=refusal.headers if refusal else {},
        cookies=[_done("", seconds=0)] if done else [],
    )


def redirect(path: str, *, done: str = "") -> Redirect:
    """303 to a path of ours; ``done`` is shown once on the page that follows."""
    if not is_local(path):
        raise ValueError(f"not a path of ours: {path!r}")
    return Redirect(path, status_code=303, cookies=[_done(done, seconds=DONE_SECONDS)] if done else [])


def is_local(path: str) -> bool:
    """True for a path on this site; browsers take two slashes, or a slash and a backslash, for another one."""
    return path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable() and "\\" not in path


def done_cookie() -> str:
    # With https, the __Host- prefix means that no other site of the same domain can have set it.
    return "__Host-vouch-done" if configuration.current().is_https else "vouch-done"


def _done(sentence: str, *, seconds: int) -> Cookie:
    return Cookie(
        done_cookie(),
        value=quote(sentence[:DONE_LONGEST], safe=""),
        max_age=seconds,
        httponly=True,
        samesite="lax",
        secure=configuration.current().is_https,
    )
