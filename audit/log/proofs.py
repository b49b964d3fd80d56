"""Roots and proofs of a trail, made from O(log n) rows inside the caller's unit.

Entries and nodes are append-only, so a proof up to a size that was once reached is the same whenever it is made. A trail may
lack some of its nodes until the job has added them (`audit/log/nodes.py`): what is made of fewer is the same, and takes longer.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from itertools import chain, groupby, islice
from operator import or_
from typing import Any, Final

from piccolo.columns import Column

import database
from audit import merkle, ranges
from audit.log import streams
from audit.merkle import Subtree
from audit.tables import Entry

NEAR: Final = 8  # entries with this many last bits different are asked about together
PLACES: Final = 100  # asked about in one query; SQLite joins at most 500


async def root_at(trail: str, size: int) -> bytes:
    """The tree hash of the first ``size`` entries. Raises ValueError unless there are as many."""
    await _require_size(trail, size)
    (root,) = await _hashes(trail, [(0, size)])
    return root


async def frontier_at(trail: str, size: int) -> bytes:
    """What ``merkle.Frontier`` takes to go on from the first ``size`` entries. Raises ValueError unless there are as many."""
    await _require_size(trail, size)
    subtrees = [(n << level, (n + 1) << level) for level, n in ranges.perfect_subtrees(0, size)]
    return b"".join(await _hashes(trail, subtrees))


async def inclusions(trail: str, indexes: Iterable[int], size: int) -> tuple[tuple[bytes, ...], ...]:
    """One proof for each index, in their order, for ``merkle.verify_inclusion``.

    Entries that lie near each other share rows, queries and hashes. Raises ValueError unless every ``0 <= index < size``
    and the trail has that size.
    """
    await _require_size(trail, size)
    proofs: list[tuple[bytes, ...]] = []
    for _, group in groupby(indexes, key=lambda index: index >> NEAR):
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
    distinct = tuple(dict.fromkeys(wanted))
    try:
        made = await _folded(trail, distinct, merkle.EVERY_LEVELS)
    except KeyError:
        try:
            made = await _folded(trail, distinct, merkle.ONCE_EVERY_LEVELS)
        except KeyError as error:
            raise RuntimeError(f"got no hash number {error} for the trail {trail}, want one: run vouch trail fsck") from error
    return tuple(made[span] for span in wanted)


async def _folded(trail: str, spans: tuple[tuple[int, int], ...], every: int) -> dict[tuple[int, int], bytes]:
    """The hash over each span, of nodes of one in ``every`` levels. Raises KeyError for a row that is not there."""
    wanted = ranges.rows_for(spans, every)
    leaves, nodes = await _leaves(trail, wanted.pop(0, ())), await _nodes(trail, wanted)
    return {span: ranges.hash_of(*span, {0: leaves, **nodes}, every) for span in spans}


async def _leaves(trail: str, spans: tuple[tuple[int, int], ...]) -> dict[int, bytes]:
    """Hashes by position, in one query."""
    if not spans:
        return {}
    rows = await Entry.select(Entry.idx, Entry.leaf_hash).where((Entry.trail == trail) & _within(Entry.idx, spans))
    return {row["idx"]: bytes(row["leaf_hash"]) for row in rows}


async def _nodes(trail: str, spans: Mapping[int, tuple[tuple[int, int], ...]]) -> dict[int, dict[int, bytes]]:
    """Hashes by level and position."""
    found: dict[int, dict[int, bytes]] = {level: {} for level in spans}
    for level, n, hash_ in await stored_nodes(trail, [(level, *span) for level, of_level in spans.items() for span in of_level]):
        found[level][n] = hash_
    return found


async def stored_nodes(trail: str, places: Sequence[tuple[int, int, int]]) -> list[Subtree]:
    """The nodes of a trail at these places, each a level and positions from a first to before an end. Inside the caller's unit.

    A SELECT for each place, because SQLite answers several joined by OR by walking through all nodes of the trail.
    """
    found: list[Subtree] = []
    for some in (places[start : start + PLACES] for start in range(0, len(places), PLACES)):
        marks = [f"level = ${n} AND n >= ${n + 1} AND n < ${n + 2}" for n in range(2, 2 + 3 * len(some), 3)]
        sql = " UNION ALL ".join(f"SELECT level, n, hash FROM audit_node WHERE trail = $1 AND {at}" for at in marks)  # noqa: S608 - marks only
        rows = await database.select(sql, trail, *chain.from_iterable(some))
        found += [Subtree(row["level"], row["n"], bytes(row["hash"])) for row in rows]
    return found


def _within(column: Column, spans: tuple[tuple[int, int], ...]) -> Any:
    return reduce(or_, [(column >= first) & (column < end) for first, end in spans])
