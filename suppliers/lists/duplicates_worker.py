"""Which rows of a list are one supplier, worked out in a process of its own: many thousand names take minutes of computing."""

import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any, Final

from base import worker
from suppliers.matching import dedupe
from suppliers.matching.dedupe import Compared
from suppliers.matching.distinct import DistinctListBuilder
from suppliers.matching.identifiers import Identifiers
from suppliers.matching.matching import ASK
from suppliers.matching.rarity import own_rarities, vocabulary

MOST_ASKED: Final = 3  # other rows that one row may be the same as, likeliest first
MOST_REASONS: Final = 3
ALIKE: Final = "the names are written alike"


async def duplicates_of(path: Path) -> AsyncIterator[dict[str, Any]]:
    """``path`` holds lines of JSON, [row number, name, identifiers by scheme], in order.

    Yields {"words"}, how rare some are in this list; {"done", "of"} while it works; {"row", "of", "why"} for a row that is the
    same supplier as an earlier one; and {"row", "perhaps", "probability", "why"} for one that may be. Raises Invalid where it
    would take too much.
    """
    async with worker.child(__name__, {"path": str(path)}) as lines:
        async for line in lines:
            yield line


def _found(order: dict[str, Any]) -> Iterator[dict[str, Any]]:
    numbers, rows = [], DistinctListBuilder()
    with Path(order["path"]).open(encoding="utf-8") as lines:
        for line in lines:
            number, name, identifiers = json.loads(line)
            numbers.append(number)
            rows.add(name, Identifiers(**identifiers))
    listed, chunks = rows.listed(), []
    yield {"words": own_rarities(vocabulary(), [one.name.loose for one in listed.suppliers])}
    with dedupe.comparing(listed, jobs=1) as (count, found):
        for done, chunk in enumerate(found, start=1):
            chunks.append(chunk)
            yield {"done": done, "of": count}
    yield from _duplicates(dedupe.compared(listed, chunks), numbers)


def _duplicates(compared: Compared, numbers: list[int]) -> Iterator[dict[str, Any]]:
    clusters = compared.clusters()
    first: dict[int, int] = {}  # cluster -> index of its first row
    asked: dict[int, list[tuple[float, int]]] = {}  # cluster -> others that it may be
    for (left, right), score in compared.pairs.items():
        a, b = clusters.of[left], clusters.of[right]
        if a != b and score.probability >= ASK:
            asked.setdefault(a, []).append((score.probability, b))
            asked.setdefault(b, []).append((score.probability, a))
    for index, place in enumerate(compared.listed.at):
        cluster = clusters.of[place]
        lead = first.setdefault(cluster, index)
        if lead != index:
            yield {"row": numbers[index], "of": numbers[lead], "why": _why(compared, compared.listed.at[lead], place)}
            continue
        for probability, other in _likeliest(asked.get(cluster, ()), first):
            why = _why(compared, compared.listed.at[first[other]], place)
            yield {"row": numbers[index], "perhaps": numbers[first[other]], "probability": probability, "why": why}


def _likeliest(others: Any, first: dict[int, int]) -> list[tuple[float, int]]:
    best: dict[int, float] = {}
    for probability, other in others:
        if other in first:  # an earlier row of the list: each pair is asked about once
            best[other] = max(probability, best.get(other, 0.0))
    return sorted(((p, other) for other, p in best.items()), key=lambda one: (-one[0], one[1]))[:MOST_ASKED]


def _why(compared: Compared, left: int, right: int) -> str:
    if left == right:
        return ALIKE
    match = compared.match(left, right)
    reasons = [match.doubt, *(reason.words for reason in match.reasons[1:] if reason.log_odds > 0)]
    return "; ".join([reason for reason in reasons if reason][:MOST_REASONS]) or ALIKE


if __name__ == "__main__":
    worker.main(_found)
