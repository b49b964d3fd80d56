"""A trail of which only the hashes are real: what proofs and nodes are made of."""

from collections.abc import Collection, Sequence
from typing import Any, Final
from uuid import uuid4

import database
from audit import merkle
from audit.tables import Entry, HeadRow, Node, Trail

ENTRY: Final = ("event_id", "trail", "idx", "header", "leaf_hash", "type", "at", "stream", "sseq", "subject")
NODE: Final = ("id", "trail", "level", "n", "hash")


async def a_trail(leaves: Sequence[bytes], levels: Collection[int] = merkle.STORED_LEVELS) -> str:
    """Entries with these hashes, the nodes of these levels, and the head; returns the trail's name."""
    trail, frontier, nodes = str(uuid4()), merkle.Frontier(), list[merkle.Subtree]()
    for leaf in leaves:
        nodes += [node for node in frontier.push(leaf) if node.level in levels]
    rows = [(uuid4(), trail, n, b"", leaf, "thing.done", n, "school", n, "thing:1") for n, leaf in enumerate(leaves)]
    async with database.write():
        await Trail.insert(Trail(owner=trail, origin=f"example.org/{trail}"))
        await HeadRow.insert(HeadRow(trail=trail, size=frontier.size, frontier=frontier.hashes))
        await _insert(Entry, ENTRY, rows)
        await _insert(Node, NODE, [(uuid4(), trail, *node) for node in nodes])
    return trail


async def _insert(table: Any, names: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    if rows:
        await database.insert_rows(table, [getattr(table, name) for name in names], [tuple(map(_plain, row)) for row in rows])


def _plain(value: Any) -> Any:
    return value if database.is_postgres() or isinstance(value, int | bytes) else str(value)
