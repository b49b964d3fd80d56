"""Suppliers side by side over JSON: the same figures as the page, and no more than the viewer may hear."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Router, get
from litestar.params import QueryParameter

from base.viewer import KeyScope
from suppliers.comparing.comparing import Compared, compare
from suppliers.opinions.averages import CriterionMean
from suppliers.opinions.shapes import ExtraCountOut, answered
from suppliers.search.ticked import FEWEST, MOST
from web.pages.handlers import CurrentViewer


class CriterionMeanOut(msgspec.Struct, frozen=True, kw_only=True):
    """Of ratings from 1 to 5 for one criterion, given to every school by ``schools`` schools."""

    criterion: str
    mean: float
    schools: int


class MeanRatingOut(msgspec.Struct, frozen=True, kw_only=True):
    """Of ratings from 1 to 5, given to every school by ``schools`` schools."""

    mean: float
    schools: int
    criteria: tuple[CriterionMeanOut, ...]


class OurWordOut(msgspec.Struct, frozen=True, kw_only=True):
    """What your own school says; null is what it does not say."""

    rating: int | None
    would_use_again: bool | None
    lapses_at: datetime | None


class ComparedOut(msgspec.Struct, frozen=True, kw_only=True):
    """One supplier. ``rating`` is null where too few schools gave theirs to every school. Of other schools that you hear:
    ``would_use_again`` and ``would_not``, how many say so; ``schools``, how many say anything, of which ``like_ours`` are like
    yours and ``with_interest`` declared an interest; ``with_evidence``, how many gave evidence of a rating that you can see.
    """

    supplier: UUID
    name: str
    categories: tuple[str, ...]
    identifiers: dict[str, list[str]]
    rating: MeanRatingOut | None
    would_use_again: int
    would_not: int
    extras: tuple[ExtraCountOut, ...]
    schools: int
    like_ours: int
    with_interest: int
    with_evidence: int
    newest_word: datetime | None
    used_by_us: bool
    ours: OurWordOut | None


Ids = Annotated[list[UUID], QueryParameter(description="Two to four suppliers", min_items=FEWEST, max_items=MOST)]


@get("/suppliers/side-by-side", operation_id="compareSuppliers", summary="Suppliers side by side", key_scope=KeyScope.READ)
async def compare_suppliers(viewer: CurrentViewer, supplier: Ids) -> list[ComparedOut]:
    """In the order asked for, with the figures of the page. Two that were merged since are one, and need another beside them."""
    return [_compared(one) for one in await compare(viewer, supplier)]


def _compared(its: Compared) -> ComparedOut:
    identifiers: dict[str, list[str]] = {}
    for scheme, value in its.supplier.identifiers:
        identifiers.setdefault(scheme.value, []).append(value)
    return ComparedOut(
        supplier=its.supplier.id,
        name=its.supplier.name,
        categories=tuple(its.supplier.categories),
        identifiers=identifiers,
        rating=MeanRatingOut(
            mean=round(its.pooled.mean, 2), schools=its.pooled.count, criteria=tuple(map(_criterion, its.pooled.criteria))
        )
        if its.pooled
        else None,
        would_use_again=its.again.would,
        would_not=its.again.would_not,
        extras=answered(its.answered),
        schools=its.schools,
        like_ours=its.like_ours,
        with_interest=its.with_interest,
        with_evidence=its.with_evidence,
        newest_word=its.newest,
        used_by_us=its.supplier.used_since is not None,
        ours=OurWordOut(rating=its.ours.said.rating, would_use_again=its.ours.said.would_use_again, lapses_at=its.ours.lapses_at)
        if its.ours
        else None,
    )


def _criterion(one: CriterionMean) -> CriterionMeanOut:
    return CriterionMeanOut(criterion=one.criterion.value, mean=round(one.mean, 2), schools=one.count)


api = Router(path="/api/v1", route_handlers=[compare_suppliers], tags=["Suppliers"])
