"""Up to four suppliers side by side: of each what its own page says, in as many rows, and no more than the viewer may hear."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import database
from base.refusals import Invalid
from base.viewer import Viewer
from sharing.access import visibility
from sharing.access.visibility import Principals
from suppliers.directory import directory
from suppliers.directory.directory import SupplierView
from suppliers.opinions import averages, reviews
from suppliers.opinions.averages import Again, Answered, Pooled
from suppliers.search import told, visible_opinions, whose
from suppliers.search.around import Around
from suppliers.search.ticked import MOST, problem
from suppliers.search.visible_opinions import Spoken, Stance


@dataclass(frozen=True, slots=True)
class Compared:
    """One supplier, as the viewer may hear of it."""

    supplier: SupplierView
    again: Again  # of other schools
    pooled: Pooled | None
    answered: tuple[Answered, ...]  # extra questions, by other schools
    schools: int  # other schools that let something be heard
    like_ours: int  # of these
    with_interest: int  # of these
    with_evidence: int  # of other schools whose rating is open to the viewer
    newest: datetime | None  # of other schools' words
    ours: reviews.OurReview | None


async def compare(viewer: Viewer, suppliers: Sequence[UUID]) -> tuple[Compared, ...]:
    """In the order given; two that were merged since are one. Raises Invalid for more or fewer than fit, and NotFound."""
    views = [await directory.supplier(viewer, one) for one in dict.fromkeys(suppliers[: MOST + 1])]
    known = {view.id: view for view in views}
    if wrong := problem(known):
        raise Invalid(wrong)
    async with database.read():
        principals = await visibility.principals(viewer)
        like_ours = whose.is_like(await whose.profile(principals))
        anywhere = Around(None, 0, frozenset(), like_ours=like_ours)
        spoken = await visible_opinions.spoken(await told.listener(principals), list(known), anywhere)
        evidence = await averages.with_evidence(principals, known)
        return tuple([await _compared(viewer, principals, known[one], spoken.get(one, Spoken()), evidence) for one in known])


async def _compared(
    viewer: Viewer, principals: Principals, view: SupplierView, spoken: Spoken, evidence: Mapping[UUID, int]
) -> Compared:
    again, pooled, answered = await averages.averages(principals, view.id)
    return Compared(
        supplier=view,
        again=again,
        pooled=pooled,
        answered=answered,
        schools=spoken.total - spoken.many.get(Stance.OURS, 0),
        like_ours=spoken.like_ours,
        with_interest=spoken.many.get(Stance.INTERESTED, 0),
        with_evidence=evidence.get(view.id, 0),
        newest=spoken.newest,
        ours=await reviews.current_of(viewer, view.id),
    )
