"""The search page, and the page that explains ranking."""

from typing import Annotated, Any

from litestar import Router, get
from litestar.di import NamedDependency
from litestar.params import QueryParameter
from litestar.response import Template

from base import cursor as cursors
from base.refusals import Invalid
from base.viewer import Viewer
from sharing.schools.places import offset
from suppliers.matching.typed_numbers import is_number
from suppliers.record import headings, taxonomy
from suppliers.search import asked, ranking, search, ticked
from suppliers.search import listed as listing
from suppliers.search.search import Question, SearchAnswer
from web.pages.beside import Beside
from web.pages.charts import Dot, dot_map
from web.pages.handlers import AnyRequest, CurrentViewer, CurrentVisitor, Cursor
from web.pages.templating import page

LONGEST_NEED = 200
LONGEST_POSTCODE = 16
FEW = 3  # suppliers: with so few or none, a search offers to ask other schools

Need = Annotated[str, QueryParameter(max_length=LONGEST_NEED)]
Near = Annotated[str, QueryParameter(max_length=LONGEST_POSTCODE)]
Miles = Annotated[int, QueryParameter(ge=1, le=50)]
Chosen = Annotated[str, QueryParameter(max_length=20)]  # of a list


@get("/search", include_in_schema=False)
async def show_search(  # noqa: PLR0913 - one for each question of the form
    request: AnyRequest,
    viewer: CurrentViewer,
    beside: NamedDependency[Beside],
    *,
    need: Need = "",
    near: Near = "",
    miles: Miles = 10,
    linked: Annotated[str, QueryParameter(max_length=3)] = "yes",
    rating: Chosen = "",
    would_use_again: Chosen = "",
    evidence: Chosen = "",
    like_ours: Chosen = "",
    phase: Chosen = "",
    whose: Chosen = "",
    after: Cursor = "",
) -> Template:
    """Every filter is in the address, so that a search can be sent to a colleague."""
    values = {"need": need, "near": near, "miles": str(miles), "linked": "yes" if linked == "yes" else "no", "rating": rating}
    values |= {"would_use_again": would_use_again, "evidence": evidence, "like_ours": like_ours, "phase": phase, "whose": whose}
    try:
        question = Question(need=need, near=near, miles=miles, linked=linked == "yes", filters=asked.filters(values))
        answer = await search.recommendations(viewer, question, after=search.after(after), rated=beside.of_results)
    except Invalid as refusal:
        return page("search/search.html", request=request, viewer=viewer, refusal=refusal, answer=None, **_form(values))
    return page(
        "search/search.html",
        request=request,
        viewer=viewer,
        answer=answer,
        next_url=_next(answer, values),
        few=FEW,
        map=dot_map(_dots(answer)),
        rated=answer.rated,
        refusal=ticked.refused(request.query_params, "compare-1"),
        ticked=request.query_params.getall("supplier", []),
        here=asked.address(values, after=after),
        listed=await _listed(viewer, answer, after),
        **_form(values),
    )


def _form(values: dict[str, str]) -> dict[str, Any]:
    """What was asked, and what may be."""
    return {
        "values": values,
        "radii": search.RADII,
        "address": asked.address,
        "tags": asked.tags(values),
        "is_narrowed": any(values[name] for name in asked.NARROWING),
        "narrowing": asked.NARROWING,
        "filter_choices": asked.OFFERED,
        "groups": taxonomy.groups(),
        "code": headings.typed_code(values["need"]),
        "is_number": is_number(values["need"]),
    }


@get("/search/listed", include_in_schema=False)
async def show_listed(request: AnyRequest, viewer: CurrentViewer, need: Need = "", near: Near = "") -> Template:
    """Who supplies something, of whom nobody has spoken in the viewer's hearing."""
    context: dict[str, Any] = {"values": {"need": need, "near": near}, "meant": _meant(need), "most": listing.MOST_LISTED}
    try:
        found = await listing.of_need(viewer, need, near)
    except Invalid as refusal:
        return page("search/listed.html", request=request, viewer=viewer, refusal=refusal, listed=listing.NONE, **context)
    return page("search/listed.html", request=request, viewer=viewer, listed=found, **context)


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


def _meant(need: str) -> list[taxonomy.Category]:
    return [found.category for found in taxonomy.meant(need)][: listing.MOST_MEANT]


async def _listed(viewer: Viewer, answer: SearchAnswer, after: str) -> listing.Listed | None:
    """Beside a search that is whole on one page; None where more was heard than that: a link leads to them then.

    None of them beside a search by filters, which speak of words.
    """
    if after or answer.next_after or not answer.meant:
        return None
    if answer.question.filters.is_any:
        return listing.NONE
    heard = {hit.supplier for hit in answer.hits}
    return await listing.of_categories(viewer, answer.meant, answer.place, limit=listing.BESIDE, but=heard)


def _next(answer: SearchAnswer, values: dict[str, str]) -> str:
    return asked.address(values, after=cursors.encode(*answer.next_after)) if answer.next_after else ""


def _dots(answer: SearchAnswer) -> list[Dot]:
    """The schools that speak, around the place, those that are linked as the second kind; only those the search reaches."""
    if answer.place is None:
        return []
    here, most = answer.place, answer.question.miles
    spoken = {one.school: one for hit in answer.hits for one in hit.said if one.place and not one.is_ours}
    near = [(one, one.place) for one in spoken.values() if one.place and (one.word.miles or 0) <= most]
    return [Dot(*offset(here, there), one.school_name, is_second=one.is_linked) for one, there in near]


pages = Router(path="/", route_handlers=[show_search, show_listed, about_ranking])
