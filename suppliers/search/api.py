"""Recommendations over JSON: the same verb as the page, structs written by hand."""

from datetime import date
from typing import Annotated, Final
from uuid import UUID

import msgspec
from litestar import Router, get
from litestar.params import QueryParameter

from base import cursor as cursors
from base.viewer import KeyScope
from sharing.schools.like_ours import SchoolKind
from suppliers.search import listed, search
from suppliers.search.filters import Filters, Whose
from suppliers.search.search import Hit, Question
from web.pages.handlers import CurrentViewer, Cursor


class SchoolWordOut(msgspec.Struct, frozen=True, kw_only=True):
    """What one school lets you see; null is what it keeps back or did not say."""

    school: UUID
    school_name: str
    miles: float | None
    rating: int | None
    would_use_again: bool | None
    linked: bool
    ours: bool


class RecommendationOut(msgspec.Struct, frozen=True, kw_only=True):
    """``schools``: those nearest, of ``total_schools`` that let you see something."""

    supplier: UUID
    name: str
    categories: tuple[str, ...]
    score: float
    reasons: tuple[str, ...]
    schools: tuple[SchoolWordOut, ...]
    total_schools: int
    used_by_us: bool


class WiderOut(msgspec.Struct, frozen=True, kw_only=True):
    miles: int
    suppliers: int


class NationalDealOut(msgspec.Struct, frozen=True, kw_only=True):
    """As its ``source`` told on the day ``as_of``, which is less than a year ago. It ranks nothing."""

    name: str
    run_by: str
    says: str
    url: str
    source: str
    as_of: date
    ends_on: date | None


class RecommendationsOut(msgspec.Struct, frozen=True, kw_only=True):
    """``meant`` is what the need was taken for, ``not_understood`` its words that are like none we know (a name, a place or a
    need that is missing from our list); ``wider`` what a larger radius would find, when this one found nobody; ``like_ours`` what
    schools like yours are, "" where the register does not say what kind of school yours is.
    """

    total: int
    meant: tuple[str, ...]
    not_understood: tuple[str, ...]
    recommendations: tuple[RecommendationOut, ...]
    wider: tuple[WiderOut, ...]
    like_ours: str
    national_deals: tuple[NationalDealOut, ...]
    next_cursor: str | None


class ListedSupplierOut(msgspec.Struct, frozen=True, kw_only=True):
    """``miles`` is null where the register or the directory does not say where one of the two is."""

    supplier: UUID
    name: str
    categories: tuple[str, ...]
    miles: float | None
    used_by_us: bool


class ListedOut(msgspec.Struct, frozen=True, kw_only=True):
    suppliers: tuple[ListedSupplierOut, ...]
    are_more: bool


_RATING: Final = "At least so much, from 1 to 5, is the mean of the ratings that you can hear"
_WHOSE: Final = "Count only schools of your trust or federation, or of those and of the networks that schools started"


@get("/recommendations", operation_id="listRecommendations", summary="Who is good near here?", key_scope=KeyScope.READ)
async def list_recommendations(  # noqa: PLR0913 - one for each question of the form
    viewer: CurrentViewer,
    *,
    need: Annotated[str, QueryParameter(max_length=200, description="A need or a supplier's name; misspelt will do")] = "",
    near: Annotated[str, QueryParameter(max_length=16, description="A postcode; your own school when empty")] = "",
    miles: Annotated[int, QueryParameter(ge=1, le=50, description="1, 3, 5, 10, 20 or 50")] = 10,
    linked: Annotated[bool, QueryParameter(description="Count linked schools wherever they are")] = True,
    rating: Annotated[int | None, QueryParameter(ge=1, le=5, description=_RATING)] = None,
    would_use_again: Annotated[bool, QueryParameter(description="Only where more of them would than would not")] = False,
    evidence: Annotated[bool, QueryParameter(description="Count only words of which the school gave evidence")] = False,
    like_ours: Annotated[bool, QueryParameter(description="Count only schools like yours")] = False,
    phase: Annotated[SchoolKind | None, QueryParameter(description="Count only schools of this kind")] = None,
    whose: Annotated[Whose | None, QueryParameter(description=_WHOSE)] = None,
    cursor: Cursor = "",
) -> RecommendationsOut:
    """The same suppliers in the same order as the page, each with its reasons and with what each school lets you see.

    `phase`, `whose`, `like_ours` and `evidence` choose whose words count; `rating` and `would_use_again` what these have to come
    to. With any of them, only suppliers of whom a counted word is heard are in the answer.
    """
    narrowed = Filters(rating, would_use_again, evidence, like_ours, phase, whose)
    question = Question(need=need, near=near, miles=miles, linked=linked, filters=narrowed)
    answer = await search.recommendations(viewer, question, after=search.after(cursor))
    return RecommendationsOut(
        total=answer.total,
        meant=tuple(category.name for category in answer.meant),
        not_understood=answer.not_understood,
        recommendations=tuple(map(_recommendation, answer.hits)),
        wider=tuple(WiderOut(miles=wider.miles, suppliers=wider.suppliers) for wider in answer.wider),
        like_ours=answer.like_ours,
        national_deals=tuple(
            NationalDealOut(**{name: getattr(deal, name) for name in NationalDealOut.__struct_fields__}) for deal in answer.deals
        ),
        next_cursor=cursors.encode(*answer.next_after) if answer.next_after else None,
    )


@get(
    "/recommendations/listed",
    operation_id="listListedSuppliers",
    summary="Who is listed for a need, though nobody that you can hear has spoken of them yet",
    key_scope=KeyScope.READ,
)
async def list_listed_suppliers(
    viewer: CurrentViewer,
    need: Annotated[str, QueryParameter(max_length=200, description="A need; misspelt will do")] = "",
    near: Annotated[str, QueryParameter(max_length=16, description="A postcode; your own school when empty")] = "",
) -> ListedOut:
    """The directory's and your own, the nearest first; how near they are says nothing of how good they are."""
    found = await listed.of_need(viewer, need, near)
    suppliers = (
        ListedSupplierOut(
            supplier=one.supplier,
            name=one.name,
            categories=one.categories,
            miles=None if one.miles is None else round(one.miles, 1),
            used_by_us=one.is_ours,
        )
        for one in found.suppliers
    )
    return ListedOut(suppliers=tuple(suppliers), are_more=found.are_more)


def _recommendation(hit: Hit) -> RecommendationOut:
    return RecommendationOut(
        supplier=hit.supplier,
        name=hit.name,
        categories=hit.categories,
        score=hit.score,
        reasons=(*((hit.matched,) if hit.matched else ()), *hit.reasons),
        schools=tuple(
            SchoolWordOut(
                school=one.school,
                school_name=one.school_name,
                miles=None if one.word.miles is None else round(one.word.miles, 1),
                rating=one.word.rating,
                would_use_again=one.word.would_use_again,
                linked=one.is_linked,
                ours=one.is_ours,
            )
            for one in hit.said
        ),
        total_schools=hit.total_said,
        used_by_us=hit.is_ours,
    )


api = Router(path="/api/v1", route_handlers=[list_recommendations, list_listed_suppliers], tags=["Suppliers"])
