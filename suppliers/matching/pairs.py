"""Which suppliers of a whole list are worth comparing with each other. Pure.

Two are worth it when they share a key (a rare word, neighbours run together, initials, a number), or a rare word but for one
slip. A key that very many have says nothing and is not read, and in a long list a first glance leaves out the unlikely ones:
so the cost grows with the list and not with its square.
"""

import math
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from rapidfuzz import fuzz, process

from suppliers.matching.identifiers import NO_IDENTIFIERS
from suppliers.matching.keys import keys, readings, signatures, words
from suppliers.matching.matching import Candidate
from suppliers.matching.names import Name
from suppliers.matching.values import NOTHING
from suppliers.matching.word_pairs import each_surely_own

MOST_SHARING: Final = 200  # suppliers; "cleaningservices" is shared by more, and proves nothing
RARE: Final = 20  # a word in more names than this is no slip of another
SLIP_WORTH: Final = 0.6  # of what the word itself would tell
SMALL: Final = 10_000  # suppliers; of a list no longer than this, everything that shares a key is compared
MUCH: Final = 0.4  # of the worth of all words of the one that has less; below it, hardly any pair is more than a guess
MOST: Final = 0.8  # from here on letters need not agree: initials, a trading name
LETTERS: Final = 80  # of 100, the likeness of all words by rapidfuzz


@dataclass(frozen=True, slots=True)
class Blocks:
    texts: Sequence[str]  # each supplier's words; its place in the list stands for it everywhere
    keys: Sequence[tuple[str, ...]]
    under: Mapping[str, Sequence[int]]  # key -> who has it, in order
    slips: Mapping[str, Sequence[str]]  # rare word -> rare words one slip away
    total: Sequence[float]  # what all keys of one tell
    only: Sequence[tuple[str, ...]]  # the words of one that has a single name and no number; otherwise none

    def worth(self, key: str) -> float:
        return math.log(len(self.texts) / len(self.under[key]))


def blocks(suppliers: Sequence[Candidate]) -> Blocks:
    under: dict[str, list[int]] = {}
    found = []
    for place, one in enumerate(suppliers):
        filed = tuple(sorted(keys(one.name, one.identifiers).union(*map(keys, one.others))))
        found.append(filed)
        for key in filed:
            under.setdefault(key, []).append(place)
    texts = [" ".join(word for name in _names(one) for reading in readings(name) for word in reading.loose) for one in suppliers]
    made = Blocks(texts, found, under, _slips(under), [], [])
    total = [math.fsum(map(made.worth, words(_names(one)))) for one in suppliers]
    return Blocks(texts, found, under, made.slips, total, list(map(_only_words, suppliers)))


def _only_words(one: Candidate) -> tuple[str, ...]:
    if one.others or one.name.aliases or one.identifiers != NO_IDENTIFIERS:
        return ()
    return tuple([word for word in one.name.loose if word not in NOTHING])


def _names(one: Candidate) -> tuple[Name, ...]:
    return (one.name, *one.others)


def partners(read: Blocks, place: int) -> list[int]:
    """The suppliers after ``place`` in the list that are worth comparing with it, in order."""
    shared: dict[int, float] = {}
    for key in read.keys[place]:
        _gather(read, place, key, 1.0, shared)
        for slip in read.slips.get(key, ()):
            _gather(read, place, slip, SLIP_WORTH, shared)
    if len(read.texts) <= SMALL:
        return sorted(shared)
    return sorted(_glance(read, place, shared))


def _gather(read: Blocks, place: int, key: str, share: float, into: dict[int, float]) -> None:
    having = read.under[key]
    if len(having) > MOST_SHARING:
        return
    worth = share * read.worth(key)
    for other in having[bisect_right(having, place) :]:
        into[other] = into.get(other, 0.0) + worth


def _glance(read: Blocks, place: int, shared: Mapping[int, float]) -> Iterable[int]:
    """Of the suppliers in ``shared``, those that share most of what identifies one of the two, or much of it and many letters.

    Not those of which each surely has a word that the other lacks: in a list they are strangers.
    """
    own, likely, texts = read.total[place], [], {}
    for other, worth in shared.items():
        least = min(own, read.total[other])
        if worth >= MOST * least:
            likely.append(other)
        elif worth >= MUCH * least:
            texts[other] = read.texts[other]
    near = process.extract(read.texts[place], texts, scorer=fuzz.token_set_ratio, score_cutoff=LETTERS, limit=None)
    likely += [other for _, _, other in near]
    return [other for other in likely if not each_surely_own(read.only[place], read.only[other])]


def _slips(under: Mapping[str, Sequence[int]]) -> dict[str, list[str]]:
    first: dict[str, str] = {}
    several: dict[str, list[str]] = {}  # of the signatures, few
    for word in sorted(key for key, having in under.items() if len(having) <= RARE):
        for signature in signatures(word):
            if first.setdefault(signature, word) is not word:
                several.setdefault(signature, [first[signature]]).append(word)
    near: dict[str, set[str]] = {}
    for alike in several.values():
        for word in alike:
            near.setdefault(word, set()).update(alike)
    return {word: sorted(alike - {word}) for word, alike in near.items()}
