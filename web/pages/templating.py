"""The Jinja environment that every slice's templates share, and the two answers that nearly every page gives.

``page(...)`` renders a template inside the layout; ``redirect(...)`` sends the browser on, with a sentence of success.
"""

from collections.abc import MutableMapping
from functools import cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, unquote

from jinja2 import (
    ChoiceLoader,
    DictLoader,
    Environment,
    FileSystemLoader,
    PackageLoader,
    PrefixLoader,
    StrictUndefined,
    Undefined,
)
from jinja2.utils import missing
from litestar.datastructures import Cookie
from litestar.response import Redirect, Template

from base import settings as configuration
from base.refusals import Refusal
from base.settings import Settings
from base.viewer import Viewer
from base.words import ago, count, in_plain, in_words, last_day, miles, moment, month_name
from web.pages import assets, components, forms, marks, quick_macros
from web.pages.forms import choices, chosen, error_links, problem_with, typed
from web.pages.handlers import AnyRequest
from web.pages.quick_code import QuickCode, QuickContext
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


NAMES_OF_A_DICT: Final = frozenset(dir(dict))


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

    code_generator_class = QuickCode
    context_class = QuickContext

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return {**self.globals, **(d or {})}

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Jinja's, quicker where GOV.UK's macros look into a dict for what is seldom there: thousands of times a page."""
        if type(obj) is dict and attribute not in NAMES_OF_A_DICT:
            return obj[attribute] if attribute in obj else self.undefined(obj=obj, name=attribute)
        try:
            return getattr(obj, attribute)
        except AttributeError:
            return super().getattr(obj, attribute)


def plain_environment(*folders: Path) -> Environment:
    """The templates of these folders and GOV.UK's, with filters that put dates and numbers in words.

    It knows nothing of the site, so by itself it serves what is downloaded and read without us.
    """
    package = PackageLoader(components.PACKAGE)
    attributes = DictLoader({"macros/attributes.html": quick_macros.ATTRIBUTES})
    as_it_is = ChoiceLoader([attributes, package])
    govuk = ChoiceLoader([DictLoader(components.instead_of_macros()), as_it_is])
    named = PrefixLoader({components.PACKAGE: govuk, components.AS_IT_IS: as_it_is})
    loader = ChoiceLoader([FileSystemLoader(folders), named])
    environment = Templates(loader=loader, autoescape=True, undefined=Missing, auto_reload=False, cache_size=-1)
    environment.globals["drawn"] = components.Drawn(lambda component: _macro(environment, component))
    environment.filters |= {
        "indent": quick_macros.indent,
        "govuk_attributes": quick_macros.govuk_attributes,
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


def _macro(environment: Environment, component: str) -> components.Macro:
    module = environment.get_template(f"{components.AS_IT_IS}/components/{component}/macro.html").module
    macro: components.Macro = getattr(module, components.KEPT[component])
    return macro


def create_environment(settings: Settings, site: Site) -> Environment:
    """The environment of the pages of ``site``: web's templates and the site's, and all that the frame around a page asks for."""
    return _environment(site, demo=settings.demo, origin=settings.origin)


@cache  # compiling the layout and its macros takes half a second
def _environment(site: Site, *, demo: bool, origin: str) -> Environment:
    environment = plain_environment(OURS, *site.templates)
    environment.add_extension(marks.Marking)
    environment.globals |= dict.fromkeys(TEMPLATE_OPTIONS.split()) | {
        "htmlLang": "en-GB",
        "themeColor": "#0d4f4b",
        "site": site,
        "static": assets.load(site.scripts).address,
        "demo": demo,
        "origin": origin,
        "viewer": None,
        "waits_beside": {},
        "path": "",
        "done": "",
        "refusal": None,
        "form_marks": marks.form_marks,
        "kept": "",
        "sent": None,
        "files_again": (),
        "ended": False,
        "is_lost": False,
        "instead_of": None,
        "typed": None,
        "may_pass": False,
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
    if viewer is not None:
        marks.note_viewer(request.scope, viewer)
    done = unquote(request.cookies.get(done_cookie(), ""))[:DONE_LONGEST]
    typed = marks.noted(request.scope) if refusal else None
    frame: dict[str, Any] = {"viewer": viewer, "refusal": refusal, "path": request.url.path, "done": done}
    frame["sent"] = forms.sent(request) if refusal else None  # for a handler that has nothing else to say
    frame["files_again"] = typed.files if typed else ()
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


def stood_at(request: AnyRequest, otherwise: str) -> str:
    """The page on which the form stood that was read of this request; ``otherwise`` where no page of ours says."""
    typed = marks.noted(request.scope)
    return typed.at if typed and typed.at.isascii() and is_local(typed.at) else otherwise


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
