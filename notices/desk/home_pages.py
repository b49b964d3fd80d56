"""The home page: what waits for whoever opens it, and the search for a supplier; and the page of who runs the installation."""

from typing import Annotated, Any

from litestar import Router, get
from litestar.di import NamedDependency
from litestar.params import QueryParameter
from litestar.response import Redirect, Template

from base.refusals import NotFound
from base.viewer import Role
from base.waiting import NewsSource, Waits, Work
from notices.desk import home as home_page
from notices.desk import news as others_words
from notices.desk import waiting
from suppliers.record import taxonomy
from suppliers.search import search
from suppliers.search.search import Question
from web.pages.handlers import AnyRequest, CurrentViewer, CurrentVisitor
from web.pages.notices import Telling
from web.pages.templating import page, redirect

Kinds = NamedDependency[tuple[Waits, ...]]
Lately = Annotated[str, QueryParameter(max_length=3)]


@get("/", include_in_schema=False, opt={"public": True})
async def home(
    request: AnyRequest, visitor: CurrentVisitor, telling: NamedDependency[Telling], waits: Kinds
) -> Template | Redirect:
    if visitor is None:
        return page("search/welcome.html", request=request)
    if visitor.role is Role.AUDITOR:
        return redirect("/trail")
    if visitor.role is Role.SITE_STAFF:
        return redirect("/logged")
    found = await home_page.of(visitor, waits, telling)
    context: dict[str, Any] = {
        "values": {"miles": str(Question().miles)},
        "radii": search.RADII,
        "groups": taxonomy.groups(),
        "waiting": found.waiting,
        "waits_beside": waiting.beside_the_menu(found.waiting),
        "at_hand": found.at_hand,
        "steps": found.steps,
        "near": found.near,
        "notices": found.notices,
    }
    return page("notices/home.html", request=request, viewer=visitor, **context)


@get("/running", include_in_schema=False)
async def show_running(request: AnyRequest, viewer: CurrentViewer, waits: Kinds) -> Template:
    """The work of the operator, who is also the curator of the directory."""
    if not viewer.is_operator:
        raise NotFound
    found = await waiting.of(viewer, waits)
    context: dict[str, Any] = {
        "waiting": [one for one in found if one.work is not Work.SCHOOL],
        "waits_beside": waiting.beside_the_menu(found),
        "notices": (),
    }
    return page("notices/running.html", request=request, viewer=viewer, **context)


@get("/news", include_in_schema=False)
async def show_news(
    request: AnyRequest, viewer: CurrentViewer, news: NamedDependency[tuple[NewsSource, ...]], lately: Lately = ""
) -> Template:
    """What is new since the viewer last looked: from now on it is not. ``lately`` shows all of some days, and marks nothing."""
    if lately:
        found, last = await others_words.lately(viewer, news), None
    else:
        found, last = await others_words.look(viewer, news)
    return page("notices/news.html", request=request, viewer=viewer, news=found, last=last, days=others_words.AT_FIRST.days)


pages = Router(path="/", route_handlers=[home, show_running, show_news])
