"""The curator's queue: pairs of directory entries that schools say are the same, or that matching found alike.

It shows how many schools said so, and never which.
"""

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import database
from base.viewer import Viewer
from suppliers.merging.on_behalf import acting
from suppliers.merging.tables import EntryPair

PAGE: Final = 20

# A pair of entries that are both live and not linked, which nobody decided. "Not sure" is a decision until it is taken back.
_SAID = """SELECT d.left_supplier AS one, d.right_supplier AS other, count(*) AS schools, 0.0 AS probability
        FROM suppliers_decision d
        WHERE d.owner IS NOT NULL AND d.judgement = 'same' AND d.undone_at IS NULL GROUP BY d.left_supplier, d.right_supplier"""
_ALIKE = (
    "SELECT p.left_supplier AS one, p.right_supplier AS other, 0 AS schools, p.probability AS probability FROM suppliers_pair p"
)
_IS_OPEN = """JOIN suppliers_supplier l ON l.id = found.one JOIN suppliers_supplier r ON r.id = found.other
    WHERE l.owner IS NULL AND r.owner IS NULL AND l.joined_to IS NULL AND r.joined_to IS NULL
    AND NOT EXISTS (SELECT 1 FROM suppliers_decision c WHERE c.owner IS NULL AND c.undone_at IS NULL
        AND c.left_supplier = found.one AND c.right_supplier = found.other)
    AND NOT EXISTS (SELECT 1 FROM suppliers_link k WHERE k.owner IS NULL AND k.ended_at IS NULL
        AND (k.from_supplier = found.one AND k.to_supplier = found.other
            OR k.from_supplier = found.other AND k.to_supplier = found.one))"""
_OPEN = f"FROM ({_SAID} UNION ALL {_ALIKE}) found {_IS_OPEN} GROUP BY found.one, found.other, l.name, r.name"
_NOT_ALIKE = """NOT EXISTS (SELECT 1 FROM suppliers_pair p
        WHERE p.left_supplier = found.one AND p.right_supplier = found.other)"""


def open_up_to(most: int) -> str:
    """A table of one row for each open pair, of ``most`` at most: it is read until there are so many, and nothing is grouped."""
    return (
        f"(SELECT 1 FROM ({_ALIKE}) found {_IS_OPEN}"  # noqa: S608 - our own words
        f" UNION ALL SELECT 1 FROM ({_SAID}) found {_IS_OPEN} AND {_NOT_ALIKE} LIMIT {most})"
    )


@dataclass(frozen=True, slots=True)
class WaitingPair:
    """``schools``: how many say that they are the same; ``probability`` 0 where only schools do."""

    one: UUID
    name: str
    other: UUID
    other_name: str
    schools: int
    probability: float


@dataclass(frozen=True, slots=True)
class CuratorsQueue:
    """One page of it."""

    pairs: tuple[WaitingPair, ...]  # those that most schools speak of first, then the likeliest
    has_more: bool


async def queue(viewer: Viewer, number: int = 1) -> CuratorsQueue:
    """The page of that number, from 1. Raises NotFound for anybody but a curator."""
    acting(viewer, as_curator=True)
    async with database.read():
        rows: list[dict[str, Any]] = await EntryPair.raw(
            "SELECT found.one, found.other, l.name AS name, r.name AS other_name, sum(found.schools) AS schools,"
            f" max(found.probability) AS probability {_OPEN} ORDER BY 5 DESC, 6 DESC, 1, 2 LIMIT {{}} OFFSET {{}}",
            PAGE + 1, (number - 1) * PAGE,
        )  # fmt: skip
    pairs = tuple(
        WaitingPair(UUID(str(row["one"])), row["name"], UUID(str(row["other"])), row["other_name"], int(row["schools"]),
                row["probability"])
        for row in rows[:PAGE]
    )  # fmt: skip
    return CuratorsQueue(pairs, has_more=len(rows) > PAGE)
