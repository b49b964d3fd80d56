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
from suppliers.matching.keys import keys, may_slip, one_less, readings, words
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


Way = tuple[float, Sequence[int]]  # what it tells that one has it, who has it in order


@dataclass(frozen=True, slots=True)
class Blocks:
    texts: Sequence[str]  # each supplier's words; its place in the list stands for it everywhere
    keys: Sequence[tuple[str, ...]]
    ways: Mapping[str, Sequence[Way]]  # key -> who else has it, or a slip of it
    total: Sequence[float]  # what all words of one tell
    only: Sequence[tuple[str, ...]]  # the words of one that has a single name and no number; otherwise none


def blocks(suppliers: Sequence[Candidate]) -> Blocks:
    under: dict[str, list[int]] = {}
    found = []
    for place, one in enumerate(suppliers):
        filed = tuple(sorted(keys(one.name, one.identifiers).union(*map(keys, one.others))))
        found.append(filed)
        for key in filed:
            under.setdefault(key, []).append(place)
    texts = [" ".join(word for name in _names(one) for reading in readings(name) for word in reading.loose) for one in suppliers]
    worth = {key: math.log(len(suppliers) / len(having)) for key, having in under.items()}
    total = [math.fsum([worth[word] for word in words(_names(one))]) for one in suppliers]
    return Blocks(texts, found, _ways(under, worth), total, list(map(_only_words, suppliers)))


def _ways(under: Mapping[str, Sequence[int]], worth: Mapping[str, float]) -> dict[str, list[Way]]:
    """Not those that very many have, nor one that leads back alone."""
    ways = {key: [(worth[key], having)] for key, having in under.items() if 1 < len(having) <= MOST_SHARING}
    for word, slips in _slips(under).items():
        ways.setdefault(word, []).extend([(SLIP_WORTH * worth[slip], under[slip]) for slip in slips])
    return ways


def _only_words(one: Candidate) -> tuple[str, ...]:
    if one.others or one.name.aliases or one.identifiers != NO_IDENTIFIERS:
        return ()
    return tuple([word for word in one.name.loose if word not in NOTHING])


def _names(one: Candidate) -> tuple[Name, ...]:
    return (one.name, *one.others)


def partners(read: Blocks, place: int) -> list[int]:
    """The suppliers after ``place`` in the list that are worth comparing with it, in order."""
    shared: dict[int, float] = {}
    so_far = shared.get
    for key in read.keys[place]:
        for worth, having in read.ways.get(key, ()):
            if having[-1] > place:
                for other in having[bisect_right(having, place) :]:
                    shared[other] = so_far(other, 0.0) + worth
    if len(read.texts) <= SMALL:
        return sorted(shared)
    return sorted(_glance(read, place, shared))


def _glance(read: Blocks, place: int, shared: Mapping[int, float]) -> Iterable[int]:
    """Of the suppliers in ``shared``, those that share most of what identifies one of the two, or much of it and many letters.

    Not those of which each surely has a word that the other lacks: in a list they are strangers.
    """
    own, total, likely, texts = read.total[place], read.total, [], {}
    much, most = MUCH * own, MOST * own
    telling = [(other, worth) for other, worth in shared.items() if worth >= much or worth >= MUCH * total[other]]  # one in ten
    for other, worth in telling:
        if worth >= most or worth >= MOST * total[other]:
            likely.append(other)
        else:
            texts[other] = read.texts[other]
    near = process.extract(read.texts[place], texts, scorer=fuzz.token_set_ratio, score_cutoff=LETTERS, limit=None)
    likely += [other for _, _, other in near]
    return [other for other in likely if not each_surely_own(read.only[place], read.only[other])]


def _slips(under: Mapping[str, Sequence[int]]) -> dict[str, list[str]]:
    """Rare word -> rare words one slip away: they share a spelling, their own or with a letter left out.

    A spelling's length says how long they are, so that one length is looked at after the other, and little is in memory at once.
    """
    by_length: dict[int, list[str]] = {}
    for word, having in under.items():
        if len(having) <= RARE and may_slip(word):
            by_length.setdefault(len(word), []).append(word)
    near: dict[str, set[str]] = {}
    for length in range(min(by_length, default=0) - 1, max(by_length, default=0) + 1):
        for alike in _sharing(by_length.get(length, ()), by_length.get(length + 1, ())):
            for word in alike:
                near.setdefault(word, set()).update(alike)
    return {word: sorted(alike - {word}) for word, alike in near.items()}


def _sharing(words: Sequence[str], longer: Sequence[str]) -> Iterable[Sequence[str]]:
    """Those that share a spelling: the one of ``words``, and of ``longer``, by a letter, those that have one letter less."""
    first = dict(zip(words, words, strict=True))
    several: dict[str, list[str]] = {}  # of the spellings, few
    for word in longer:
        for spelt in one_less(word):
            if first.setdefault(spelt, word) is not word:
                several.setdefault(spelt, [first[spelt]]).append(word)
    return several.values()
