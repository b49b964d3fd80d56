"""Which leaves lie under each hash of a proof, which stored rows give that hash, and how they fold. No database here.

A range is half-open, in the leaves of a trail; a proof's ranges are those of RFC 9162 section 2.1, in the proof's order.
"""

from collections.abc import Iterable, Mapping

from audit import merkle


def inclusion_ranges(index: int, size: int) -> tuple[tuple[int, int], ...]:
    """The leaves under each hash of an inclusion proof, as half-open ranges in the proof's order (RFC 9162 2.1.3.1).

    Raises ValueError unless ``0 <= index < size``.
    """
    if not 0 <= index < size:
        raise ValueError(f"got index {index} in a tree of {size}")
    start, end, path = 0, size, []
    while end - start > 1:
        middle = start + _largest_power_below(end - start)
        if index < middle:
            path.append((middle, end))
            end = middle
        else:
            path.append((start, middle))
            start = middle
    return tuple(reversed(path))


def consistency_ranges(size1: int, size2: int) -> tuple[tuple[int, int], ...]:
    """The leaves under each hash of a consistency proof, as half-open ranges in the proof's order (RFC 9162 2.1.4.1).

    None between equal sizes. Raises ValueError unless ``0 < size1 <= size2``: every tree continues the empty one, which no
    proof can show.
    """
    if not 0 < size1 <= size2:
        raise ValueError(f"got sizes {size1} and {size2}")
    start, end, path = 0, size2, []
    while size1 != end:
        middle = start + _largest_power_below(end - start)
        if size1 <= middle:
            path.append((middle, end))
            end = middle
        else:
            path.append((start, middle))
            start = middle
    if start:  # otherwise this subtree is the whole old tree, whose root the verifier has
        path.append((start, end))
    return tuple(reversed(path))


def rows_for(ranges: Iterable[tuple[int, int]], every: int = merkle.EVERY_LEVELS) -> dict[int, tuple[tuple[int, int], ...]]:
    """By stored level, 0 for leaves: the positions from ``first`` to before ``end`` whose hashes give those ranges.

    Where one in ``every`` 4 levels is stored, a proof needs fewer than 32 of a level: half beside its own path, half at the right
    edge of the tree.
    """
    spans: dict[int, list[tuple[int, int]]] = {}
    for level, n in (subtree for start, end in ranges for subtree in perfect_subtrees(start, end)):
        stored, first, last = stored_below(level, n, every)
        spans.setdefault(stored, []).append((first, last))
    return {level: _joined(sorted(found)) for level, found in spans.items()}


def hash_of(start: int, end: int, rows: Mapping[int, Mapping[int, bytes]], every: int = merkle.EVERY_LEVELS) -> bytes:
    """The hash over a range, from the rows by level and position of ``rows_for``. Raises KeyError for a missing one."""
    roots = []
    for level, n in perfect_subtrees(start, end):
        stored, first, last = stored_below(level, n, every)
        found = rows[stored]
        roots.append(merkle.root([found[position] for position in range(first, last)]))
    return merkle.fold(roots)


def perfect_subtrees(start: int, end: int) -> tuple[tuple[int, int], ...]:
    """(level, n) of the perfect subtrees that a range falls into, largest first: ``merkle.fold`` joins their roots.

    The range (0, size) gives those of the frontier.
    """
    found = []
    while start < end:
        level = (end - start).bit_length() - 1
        found.append((level, start >> level))
        start += 1 << level
    return tuple(found)


def stored_below(level: int, n: int, every: int) -> tuple[int, int, int]:
    """(stored level, first, end) of the stored nodes, or of the leaves at level 0, whose ``root`` is that subtree's."""
    stored = min(level - level % every, merkle.STORED_LEVELS[-1])
    return stored, n << level - stored, (n + 1) << level - stored


def _joined(spans: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """The spans, which are in order, with neighbours made one."""
    joined: list[tuple[int, int]] = []
    for first, end in spans:
        if joined and first <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((first, end))
    return tuple(joined)


def _largest_power_below(width: int) -> int:
    return 1 << (width - 1).bit_length() - 1
