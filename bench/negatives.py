"""Pairs of strangers that nobody labelled, to be fitted beside the labelled ones: the latter are all look-alikes."""

import random
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import Final

from suppliers.matching.matching import candidate, nearest
from suppliers.matching.names import normalise
from suppliers.matching.word_pairs import SHORTEST_ACRONYM

MOST: Final = 600  # neighbours of a fold
MOST_SHARING: Final = 30  # names of a fold; a word that more of them have is not looked at


def neighbours(names: Sequence[str], supplier: Mapping[str, str]) -> list[tuple[str, str]]:
    """Pairs of different suppliers that a list would compare: they share a word that few have, and each has words of its own."""
    under: dict[str, list[str]] = {}
    for name in names:
        for word in set(normalise(name).loose):
            under.setdefault(word, []).append(name)
    found = {
        (a, b)
        for having in under.values()
        if len(having) <= MOST_SHARING
        for a, b in combinations(having, 2)
        if supplier[a] != supplier[b] and all(nearest(candidate(a), candidate(b)).odd)
    }
    return random.Random(1).sample(sorted(found), min(len(found), MOST))


def initials(names: Sequence[str], supplier: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Pairs of different suppliers of which one begins with the initials of the other: the labelled list holds none."""
    words = {name: normalise(name).loose for name in names}
    having: dict[str, list[str]] = {}
    for name in names:
        if len(words[name]) >= SHORTEST_ACRONYM:
            having.setdefault("".join(word[0] for word in words[name]), []).append(name)
    for name in names:
        same = having.get("".join(words[name][:1]), ())
        yield from ((name, other) for other in same if supplier[other] != supplier[name])
