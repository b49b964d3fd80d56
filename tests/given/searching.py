"""A supplier, what a school says of it, and what another school that searches is told."""

from uuid import UUID

from base.viewer import Viewer
from sharing.access.audiences import AudienceChoice, GrantChoice
from sharing.access.fields import Fields, GrantKind
from suppliers.directory import directory
from suppliers.opinions import reviews
from suppliers.opinions.opinion import Opinion
from suppliers.search import search
from suppliers.search.search import Question, SearchAnswer
from suppliers.shares import shares
from suppliers.shares.shares import OpinionKind

EVERYONE = AudienceChoice((GrantChoice(GrantKind.EVERYONE, fields=Fields.RATING | Fields.PRAISE),))


async def a_supplier(viewer: Viewer, name: str = "Fenland Boilers Ltd", category: str = "heating") -> UUID:
    return (await directory.add(viewer, name=name, categories=[category])).id


async def says(
    viewer: Viewer, supplier: UUID, *, rating: int | None = 5, again: bool | None = True, share: AudienceChoice | None = EVERYONE
) -> UUID:
    said = (
        await reviews.review(viewer, supplier, opinion=Opinion(interest=None, rating=rating, would_use_again=again), version=None)
    ).id
    if share:
        await shares.share(viewer, OpinionKind.REVIEW, said, share)
    return said


async def ask(viewer: Viewer, need: str = "boiler service", **more: object) -> SearchAnswer:
    return await search.recommendations(viewer, Question(need=need, **more))  # type: ignore[arg-type]  # of Question's fields
