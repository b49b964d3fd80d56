"""Adds the nodes that a trail lacks: one made before Vouch kept so many, or one written to by such a Vouch meanwhile.

An append stores the nodes that it completes. These are what came before: reckoned from the entries, some thousands at a time,
each in a unit of its own. Whatever stops it, the next run goes on; of two processes the second finds them there.
"""

from collections.abc import AsyncGenerator
from typing import Final
from uuid import uuid4

import database
from audit import merkle
from audit.log import proofs
from audit.merkle import STORED_LEVELS, Subtree
from audit.tables import Entry, HeadRow, Node

STRETCH: Final = 1 << 14  # entries whose nodes are written in one unit: a thousand rows, which hold up other writers for a moment

_COLUMNS: Final = (Node.id, Node.trail, Node.level, Node.n, Node.hash)


async def add_missing() -> AsyncGenerator[int, None]:
    """Yields how many nodes each stretch of entries got."""
    for trail, size in await _lacking():
        for start in range(0, size, STRETCH):
            if added := await _add(trail, start, min(start + STRETCH, size)):
                yield added


async def _lacking() -> tuple[tuple[str, int], ...]:
    """Trails that have fewer nodes than their entries complete, with their sizes."""
    async with database.read():
        rows = await HeadRow.raw(
            """SELECT h.trail AS trail, h.size AS size, (SELECT count(*) FROM audit_node n WHERE n.trail = h.trail) AS nodes
            FROM audit_head h WHERE h.size >= {} ORDER BY h.trail""",
            1 << STORED_LEVELS[0],
        )
    return tuple((row["trail"], row["size"]) for row in rows if row["nodes"] < _completed(0, row["size"]))


def _completed(start: int, end: int) -> int:
    """How many nodes the entries from ``start`` to before ``end`` complete."""
    return sum((end >> level) - (start >> level) for level in STORED_LEVELS)


async def _add(trail: str, start: int, end: int) -> int:
    """Of one stretch; returns how many. Reckoned before the head is locked: entries never change."""
    async with database.read():
        if len(await proofs.stored_nodes(trail, _places(start, end))) == _completed(start, end):
            return 0
        made = await _made(trail, start, end)
    async with database.housekeeping():
        await database.locked(HeadRow.select(HeadRow.trail).where(HeadRow.trail == trail))
        there = {(node.level, node.n) for node in await proofs.stored_nodes(trail, _places(start, end))}
        missing = [(uuid4(), trail, *node) for node in made if (node.level, node.n) not in there]
        if missing:
            await database.insert_rows(Node, _COLUMNS, missing)
    return len(missing)


async def _made(trail: str, start: int, end: int) -> list[Subtree]:
    """Every node that these entries complete. Inside the caller's unit."""
    frontier = merkle.Frontier(start, await proofs.frontier_at(trail, start))
    leaves = Entry.select(Entry.leaf_hash).where((Entry.trail == trail) & (Entry.idx >= start) & (Entry.idx < end))
    return [node for row in await leaves.order_by(Entry.idx) for node in frontier.push(bytes(row["leaf_hash"]))]


def _places(start: int, end: int) -> list[tuple[int, int, int]]:
    """Where the nodes lie that these entries complete."""
    return [(level, start >> level, end >> level) for level in STORED_LEVELS]
