"""Roots and proofs of a trail, made from O(log n) rows inside the caller's unit.

Entries and nodes are append-only, so a proof up to a size that was once reached is the same whenever it is made.
"""

from collections.abc import Iterable
from functools import reduce
from itertools import chain, groupby, islice
from operator import or_
from typing import Any

from piccolo.columns import Column

from audit import ranges
from audit.log import streams
from audit.merkle import STORED_LEVELS
from audit.tables import Entry, Node


async def root_at(trail: str, size: int) -> bytes:
    """The tree hash of the first ``size`` entries. Raises ValueError unless there are as many."""
    await _require_size(trail, size)
    (root,) = await _hashes(trail, [(0, size)])
    return root


async def inclusions(trail: str, indexes: Iterable[int], size: int) -> tuple[tuple[bytes, ...], ...]:
    """One proof for each index, in their order, for ``merkle.verify_inclusion``.

    Entries that share a stored subtree share its rows and their hashes. Raises ValueError unless every ``0 <= index < size``
    and the trail has that size.
    """
    await _require_size(trail, size)
    proofs: list[tuple[bytes, ...]] = []
    for _, group in groupby(indexes, key=lambda index: index >> STORED_LEVELS[0]):
        paths = [ranges.inclusion_ranges(index, size) for index in group]
        found = iter(await _hashes(trail, chain.from_iterable(paths)))
        proofs += [tuple(islice(found, len(path))) for path in paths]
    return tuple(proofs)


async def consistency(trail: str, size1: int, size2: int) -> tuple[bytes, ...]:
    """For ``merkle.verify_consistency``. Raises ValueError unless ``0 < size1 <= size2`` and the trail has that size."""
    await _require_size(trail, size2)
    return await _hashes(trail, ranges.consistency_ranges(size1, size2))


async def _require_size(trail: str, size: int) -> None:
    reached = await streams.size_of(trail)
    if not 0 <= size <= reached:
        raise ValueError(f"got size {size} of a trail that has {reached} entries")


async def _hashes(trail: str, wanted: Iterable[tuple[int, int]]) -> tuple[bytes, ...]:
    wanted = tuple(wanted)
    distinct = dict.fromkeys(wanted)
    rows = {level: await _rows(trail, level, spans) for level, spans in ranges.rows_for(distinct).items()}
    try:
        made = {span: ranges.hash_of(*span, rows) for span in distinct}
    except KeyError as error:
        raise RuntimeError(f"got no hash number {error} for the trail {trail}, want one: run vouch trail fsck") from error
    return tuple(made[span] for span in wanted)


async def _rows(trail: str, level: int, spans: tuple[tuple[int, int], ...]) -> dict[int, bytes]:
    """Hashes by position, in one query: leaves from the entries, larger subtrees from the nodes."""
    if level == 0:
        leaves = Entry.select(Entry.idx, Entry.leaf_hash).where((Entry.trail == trail) & _within(Entry.idx, spans))
        return {row["idx"]: bytes(row["leaf_hash"]) for row in await leaves}
    of_level = (Node.trail == trail) & (Node.level == level)
    nodes = Node.select(Node.n, Node.hash).where(of_level & _within(Node.n, spans))
    return {row["n"]: bytes(row["hash"]) for row in await nodes}


def _within(column: Column, spans: tuple[tuple[int, int], ...]) -> Any:
    return reduce(or_, [(column >= first) & (column < end) for first, end in spans])
