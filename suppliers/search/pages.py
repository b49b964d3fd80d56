"""The search page, the home page that opens on it, and the page that explains ranking."""

from typing import Annotated, Any
from urllib.parse import urlencode

from litestar import Router, get
from litestar.di import NamedDependency
from litestar.params import QueryParameter
from litestar.response import Redirect, Template

from base import cursor as cursors
from base.refusals import Invalid
from base.viewer import Role
from sharing.schools.places import offset
from suppliers.record import taxonomy
from suppliers.search import ranking, search, visible_opinions
from suppliers.search.search import Question, SearchAnswer
from web.pages import notices
from web.pages.handlers import AnyRequest, CurrentViewer, CurrentVisitor, Cursor
from web.pages.notices import Telling
from web.pages.templating import page, redirect

LONGEST_NEED = 200
LONGEST_POSTCODE = 16

Need = Annotated[str, QueryParameter(max_length=LONGEST_NEED)]
Near = Annotated[str, QueryParameter(max_length=LONGEST_POSTCODE)]
Miles = Annotated[int, QueryParameter(ge=1, le=50)]


@get("/", include_in_schema=False, opt={"public": True})
async def home(request: AnyRequest, visitor: CurrentVisitor, telling: NamedDependency[Telling]) -> Template | Redirect:
    if visitor is None:
        return page("search/welcome.html", request=request)
    if visitor.role is Role.AUDITOR:
        return redirect("/trail")
    if visitor.role is Role.SITE_STAFF:
        return redirect("/logged")
    values = {"miles": str(Question().miles)}
    context: dict[str, Any] = {
        "values": values,
        "radii": search.RADII,
        "groups": _groups(),
        "notices": await notices.told(telling, visitor),
    }
    return page("search/home.html", request=request, viewer=visitor, **context)


@get("/search", include_in_schema=False)
async def show_search(
    request: AnyRequest,
    viewer: CurrentViewer,
    need: Need = "",
    near: Near = "",
    miles: Miles = 10,
    linked: Annotated[str, QueryParameter(max_length=3)] = "yes",
    after: Cursor = "",
) -> Template:
    """Every filter is in the address, so that a search can be sent to a colleague."""
    question = Question(need=need, near=near, miles=miles, linked=linked == "yes")
    values = {"need": need, "near": near, "miles": str(miles), "linked": "yes" if question.linked else "no"}
    context: dict[str, Any] = {"values": values, "radii": search.RADII, "address": _address}
    try:
        answer = await search.recommendations(viewer, question, after=search.after(after))
    except Invalid as refusal:
        return page("search/search.html", request=request, viewer=viewer, refusal=refusal, answer=None, **context)
    return page(
        "search/search.html",
        request=request,
        viewer=viewer,
        answer=answer,
        next_url=_next(answer, values),
        dots=_dots(answer),
        most_words=visible_opinions.MOST_WORDS,
        **context,
    )


@get("/about/ranking", include_in_schema=False, opt={"public": True})
async def about_ranking(request: AnyRequest, visitor: CurrentVisitor) -> Template:
    """Written from the constants of the formula, so that the page can't drift from what is done."""
    return page(
        "search/about_ranking.html",
        request=request,
        viewer=visitor,
        ratings=sorted(ranking.RATING_VALUES.items(), reverse=True),
        doubt=ranking.DOUBT,
        half_life_months=round(ranking.HALF_LIFE.days / 30.4),
        uses_them=ranking.USES_THEM,
        reaches=[(reach.value, reach.miles) for reach in taxonomy.Reach],
    )


def _next(answer: SearchAnswer, values: dict[str, str]) -> str:
    return _address(values, after=cursors.encode(*answer.next_after)) if answer.next_after else ""


def _address(values: dict[str, str], **changed: str | int) -> str:
    return "/search?" + urlencode({**values, **changed})


def _groups() -> dict[str, list[taxonomy.Category]]:
    groups: dict[str, list[taxonomy.Category]] = {}
    for category in taxonomy.categories():
        groups.setdefault(category.group, []).append(category)
    return groups


def _dots(answer: SearchAnswer) -> list[tuple[float, float, bool]]:
    """The schools that speak, as miles east and north of the place; only those the map reaches."""
    if answer.place is None:
        return []
    here, most = answer.place, answer.question.miles
    spoken = {one.school: one for hit in answer.hits for one in hit.said if one.place and not one.is_ours}
    return [(*offset(here, one.place), one.is_linked) for one in spoken.values() if one.place and (one.word.miles or 0) <= most]


pages = Router(path="/", route_handlers=[home, show_search, about_ranking])
