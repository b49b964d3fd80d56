"""The register on screen: the contracts that a school looks for, the soonest decision first."""

from collections.abc import Sequence
from typing import Annotated, Final
from urllib.parse import urlencode
from uuid import UUID

from litestar import Router, get
from litestar.params import QueryParameter
from litestar.response import Redirect, Template

from contracts.fields import pounds, wording
from contracts.fields.contract_fields import LONGEST_LINE
from contracts.lists import at_my_schools, listing, trust_suppliers
from contracts.lists.listing import Showing, Wanted
from suppliers.record import taxonomy
from web.pages import paging
from web.pages.handlers import AnyRequest, CurrentViewer, Cursor, an_id
from web.pages.templating import page, redirect

Typed = Annotated[str, QueryParameter(max_length=LONGEST_LINE)]
Slug = Annotated[str, QueryParameter(max_length=60)]

SHOWN: Final = (
    (Showing.CURRENT, "All that have not ended"),
    (Showing.SOON, "To decide within 90 days"),
    (Showing.MISSED, "Notice missed"),
    (Showing.NOTICE_GIVEN, "Notice given"),
    (Showing.NOT_STARTED, "Not started"),
    (Showing.DRAFT, "Drafts"),
    (Showing.ENDED, "Ended"),
    (Showing.ALL, "Every one"),
)


@get("/contracts", include_in_schema=False)
async def show_contracts(  # noqa: PLR0913 - one for each question of the form
    request: AnyRequest,
    viewer: CurrentViewer,
    *,
    text: Typed = "",
    showing: Slug = "",
    category: Slug = "",
    officer: Typed = "",
    school: Slug = "",
    questions: Slug = "",
    after: Cursor = "",
) -> Template:
    values = {
        "text": text,
        "showing": showing,
        "category": category,
        "officer": officer,
        "school": school,
        "questions": questions,
    }
    wanted = _wanted(values)
    register = await listing.look(viewer, after, wanted)
    found = register.page
    return page(
        "lists/contracts.html",
        request=request,
        viewer=viewer,
        found=found,
        counts=register.counts,
        at_most=listing.at_most,
        wanted=wanted,
        values=values,
        shown=SHOWN,
        groups=taxonomy.groups(),
        names={category.slug: category.name for category in taxonomy.categories()},
        officers=[(name, name) for name in register.officers],
        schools=[(str(which), name) for which, name in register.schools],
        STATES=wording.STATES,
        in_pounds=pounds.shown,
        **paging.after(_address("/contracts", [one for one in values.items() if one[1]]), after, found.after),
    )


def _wanted(values: dict[str, str]) -> Wanted:
    showing = Showing(values["showing"]) if values["showing"] in list(Showing) else Showing.CURRENT
    return Wanted(
        showing,
        text=values["text"].strip(),
        category=values["category"],
        officer=values["officer"],
        school=an_id(values["school"]),
        with_questions=values["questions"] == "yes",
    )


def _address(root: str, asked: Sequence[tuple[str, str]]) -> str:
    return f"{root}?{urlencode(asked)}" if asked else root


@get("/contracts/at-my-schools", include_in_schema=False)
async def show_at_my_schools(
    request: AnyRequest, viewer: CurrentViewer, text: Typed = "", showing: Slug = "", after: Cursor = ""
) -> Template | Redirect:  # fmt: skip
    """One register over all schools that the person belongs to, or those that are ticked; who has one has a list of its own."""
    ticked = request.query_params.getall("at", [])[: at_my_schools.MOST_SCHOOLS]
    values = {"text": text, "showing": showing}
    wanted = _wanted({**dict.fromkeys(("category", "officer", "school", "questions"), ""), **values})
    found = await at_my_schools.register(viewer, wanted, [an_id(one) or UUID(int=0) for one in ticked], after)
    if len(found.schools) == 1:
        return redirect("/contracts")
    asked = [*((name, value) for name, value in values.items() if value), *(("at", one) for one in ticked)]
    return page(
        "lists/at_my_schools.html",
        request=request,
        viewer=viewer,
        found=found,
        values={**values, "at": [str(one) for one in found.shown]},
        is_narrowed=bool(asked),
        shown=SHOWN,
        schools=[(str(which), name) for which, name in found.schools],
        STATES=wording.STATES,
        **paging.after(_address("/contracts/at-my-schools", asked), after, found.after),
    )


@get("/contracts/trust/suppliers", include_in_schema=False)
async def show_trust_suppliers(request: AnyRequest, viewer: CurrentViewer) -> Template:
    """For a trust's leads: whom its schools have contracts with, and which of them are the same supplier's."""
    found = await trust_suppliers.listed(viewer)
    return page("lists/trust_suppliers.html", request=request, viewer=viewer, found=found, in_pounds=pounds.shown)


pages = Router(path="/", route_handlers=[show_contracts, show_at_my_schools, show_trust_suppliers])
