"""Our suppliers on screen: the table, and a word on several of them at once."""

from typing import Annotated, Any, Final
from urllib.parse import urlencode
from uuid import UUID

from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import QueryParameter
from litestar.response import Redirect, Template

from base.viewer import must_write
from base.words import count
from suppliers.events import Event
from suppliers.matching.names import LONGEST
from suppliers.ours import at_my_schools, several
from suppliers.ours.arranging import MOST_PAGES, Showing, Sort, Wanted
from suppliers.ours.listing import ours
from suppliers.search import ticked
from web.pages import forms, paging
from web.pages.beside import Beside
from web.pages.handlers import AnyRequest, CurrentViewer, an_id
from web.pages.templating import page, redirect

Typed = Annotated[str, QueryParameter(max_length=LONGEST)]
Slug = Annotated[str, QueryParameter(max_length=60)]
PageNumber = Annotated[int, QueryParameter(ge=1, le=MOST_PAGES)]

SHOWINGS: Final = (
    (Showing.USED, "All that we use"),
    (Showing.SILENT, "No word from us yet"),
    (Showing.LAPSING, "Our vouch lapses soon, or has lapsed"),
    (Showing.LEFT, "No longer used"),
)
HEADINGS: Final = (
    (Sort.NAME, "Supplier"),
    (Sort.NEED, "Supplies"),
    (Sort.WORD, "Our word"),
    (Sort.PEERS, "Other schools"),
    (Sort.NOTED, "Last note"),
    (Sort.LAPSES, "Vouch lapses"),
    (Sort.DECIDE, "Decide by"),
)


@get("/suppliers", include_in_schema=False)
async def show_ours(  # noqa: PLR0913 - one for each question of the form
    request: AnyRequest,
    viewer: CurrentViewer,
    beside: NamedDependency[Beside],
    *,
    text: Typed = "",
    category: Slug = "",
    showing: Slug = "",
    sort: Slug = "",
    order: Slug = "",
    number: PageNumber = 1,
) -> Template:
    values = {"text": text, "category": category, "showing": showing, "sort": sort, "order": order}
    wanted = Wanted(
        text,
        category,
        Showing(showing) if showing in list(Showing) else Showing.USED,
        Sort(sort) if sort in list(Sort) else Sort.NAME,
        order == "reverse",
        number,
    )
    found = await ours(viewer, wanted, beside.ahead_of_us)
    return page(
        "ours/our_suppliers.html",
        refusal=ticked.refused(request.query_params, "tick-1"),
        ticked=request.query_params.getall("supplier", []),
        here=_address(values, **({"number": number} if number > 1 else {})),
        request=request,
        viewer=viewer,
        found=found,
        wanted=wanted,
        values=values,
        showings=[(one.value, words) for one, words in SHOWINGS],
        headings=[_heading(values, wanted, one, words) for one, words in HEADINGS],
        **paging.numbered(_address(values), number, has_more=number < found.pages),
    )


@get("/suppliers/at-my-schools", include_in_schema=False)
async def show_at_my_schools(
    request: AnyRequest, viewer: CurrentViewer, text: Typed = "", number: PageNumber = 1
) -> Template | Redirect:  # fmt: skip
    """One list over all schools that the person belongs to; who has one has a list of its own."""
    found = await at_my_schools.ours(viewer, text=text, number=number)
    if len(found.schools) == 1:
        return redirect("/suppliers")
    here = "/suppliers/at-my-schools" + (f"?{urlencode({'text': text})}" if text else "")
    return page(
        "ours/at_my_schools.html",
        request=request,
        viewer=viewer,
        found=found,
        values={"text": text},
        **paging.numbered(here, number, has_more=number < found.pages),
    )


def _heading(values: dict[str, str], wanted: Wanted, sort: Sort, words: str) -> tuple[str, str, str]:
    """The words of a column, the address of the list sorted by it, the other way round where it is already, and how it is."""
    is_this = wanted.sort is sort
    how = "" if not is_this else "descending" if wanted.is_reversed else "ascending"
    order = "reverse" if is_this and not wanted.is_reversed else ""
    return words, _address({**values, "sort": sort.value, "order": order}), how


def _address(values: dict[str, str], **more: Any) -> str:
    asked = {name: value for name, value in {**values, **more}.items() if value and (name, value) != ("sort", Sort.NAME.value)}
    return "/suppliers?" + urlencode(asked) if asked else "/suppliers"


@get("/suppliers/vouch", include_in_schema=False)
async def ask_vouches(request: AnyRequest, viewer: CurrentViewer) -> Template:
    """Asks back, naming each of those that were ticked."""
    must_write(viewer)
    named = [chosen for value in request.query_params.getall("supplier", []) if (chosen := an_id(value))]
    found = await several.asked(viewer, named)
    return page("ours/vouch_for_several.html", request=request, viewer=viewer, found=found, none_ticked=several.NONE_TICKED)


@post("/suppliers/vouch", include_in_schema=False, leaves=(Event.VOUCH_GIVEN, Event.VOUCH_RENEWED, Event.REVIEW_REVISED))
async def vouch_for_several(request: AnyRequest, viewer: CurrentViewer) -> Redirect:
    must_write(viewer)
    form = await forms.read(request)
    chosen: list[UUID] = [one for value in form.many("supplier") if (one := an_id(value))]
    given = await several.vouch_for_each(viewer, chosen)
    return redirect("/suppliers", done=f"Your school would use {count(given, 'supplier')} again.")


pages = Router(path="/", route_handlers=[show_ours, show_at_my_schools, ask_vouches, vouch_for_several])
