"""Recommendations over JSON: the same verb as the page, structs written by hand."""

from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Router, get
from litestar.params import QueryParameter

from base import cursor as cursors
from base.viewer import KeyScope
from suppliers.search import search
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
    supplier: UUID
    name: str
    categories: tuple[str, ...]
    score: float
    reasons: tuple[str, ...]
    schools: tuple[SchoolWordOut, ...]
    used_by_us: bool


class WiderOut(msgspec.Struct, frozen=True, kw_only=True):
    miles: int
    suppliers: int


class RecommendationsOut(msgspec.Struct, frozen=True, kw_only=True):
    """``meant`` is what the need was taken for; ``wider`` what a larger radius would find, when this one found nobody.

    ``cut``: more opinions fitted than one search weighs, so some suppliers are missing or stand too low. Ask for fewer miles.
    """

    total: int
    cut: bool
    meant: tuple[str, ...]
    recommendations: tuple[RecommendationOut, ...]
    wider: tuple[WiderOut, ...]
    next_cursor: str | None


@get("/recommendations", operation_id="listRecommendations", summary="Who is good near here?", key_scope=KeyScope.READ)
async def list_recommendations(
    viewer: CurrentViewer,
    need: Annotated[str, QueryParameter(max_length=200, description="A need or a supplier's name; misspelt will do")] = "",
    near: Annotated[str, QueryParameter(max_length=16, description="A postcode; your own school when empty")] = "",
    miles: Annotated[int, QueryParameter(ge=1, le=50, description="1, 3, 5, 10, 20 or 50")] = 10,
    linked: Annotated[bool, QueryParameter(description="Count linked schools wherever they are")] = True,
    cursor: Cursor = "",
) -> RecommendationsOut:
    """The same suppliers in the same order as the page, each with its reasons and with what each school lets you see."""
    question = Question(need=need, near=near, miles=miles, linked=linked)
    answer = await search.recommendations(viewer, question, after=search.after(cursor))
    return RecommendationsOut(
        total=answer.total,
        cut=answer.is_cut,
        meant=tuple(category.name for category in answer.meant),
        recommendations=tuple(map(_recommendation, answer.hits)),
        wider=tuple(WiderOut(miles=wider.miles, suppliers=wider.suppliers) for wider in answer.wider),
        next_cursor=cursors.encode(*answer.next_after) if answer.next_after else None,
    )


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
        used_by_us=hit.is_ours,
    )


api = Router(path="/api/v1", route_handlers=[list_recommendations], tags=["Suppliers"])
