"""Which contracts of ours one other school can see, and what of each: asked as that school would, through the one predicate."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

import database
from base.viewer import Role, Viewer
from contracts.access import access
from contracts.shares import there
from contracts.tables import Contract
from sharing.access import visibility
from sharing.access.fields import Fields

PAGE: Final = 50


@dataclass(frozen=True, slots=True)
class SeenContract:
    """``words`` say what is seen of it."""

    id: UUID
    title: str
    words: str


@dataclass(frozen=True, slots=True)
class SeenContracts:
    shown: tuple[SeenContract, ...]
    has_more: bool


async def seen_by(viewer: Viewer, school: UUID, number: int = 1) -> SeenContracts:
    """The page of that number, from 1, by title, as a head or business manager there sees those that are shared; not what is
    shared with one person there, nor what covers that school. Opens its own read unit.
    """
    async with database.read():
        reader = await visibility.principals_as(school, Role.BUSINESS_MANAGER)
        columns = Contract.select(database.all_of(Contract), access.mask(reader))
        chosen = columns.where(access.ours(viewer.school), visibility.visible(reader, Contract))
        found = await chosen.order_by(Contract.title, Contract.id).offset((number - 1) * PAGE).limit(PAGE + 1)
        rows = found[:PAGE]
        seen = await there.of_rows(viewer, rows)
    shown = (SeenContract(row["id"], row["title"], seen[row["id"]].words(Fields(row["mask"]))) for row in rows)
    return SeenContracts(tuple(shown), len(found) > PAGE)
