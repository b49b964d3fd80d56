"""How telling a word is, and how two lists of words overlap.

Rarity runs from 0 (in every name) to 1 (never seen), from a frozen count of words in some 110,000 names that
public bodies paid: "services" says next to nothing, "phonak" nearly everything. Places, trades and people's names, which these
hold too seldom, count as often as `bench/known_words.py` says. A list's own words join in: in a list
from Wisbech, "wisbech" tells little.
"""

import csv
import gzip
import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from io import TextIOWrapper

import msgspec

from suppliers.matching.word_pairs import INITIALS, Rarity, Shared, aligned, whole_initials

FIGURES = 0.5  # rarity of a number that the table does not hold: years and ledger codes tell little
OF_ONE = 3  # of them may be one supplier's: misspelt, a site, alone
NAMES = 110_000  # what a rarity of 1 is measured by: one name of as many
TOTAL = "*"  # the row of the table which holds the number of names counted


@cache
def vocabulary() -> Rarity:
    """The shipped counts. A word not in them is as rare as one seen once."""
    return counted(_counts())


def counted(counts: Mapping[str, int]) -> Rarity:
    """Of counts of words, with the number of names under `TOTAL`."""
    names = counts[TOTAL]
    return _Counted({word: 1 - math.log(count) / math.log(names) for word, count in counts.items() if word != TOTAL}).__getitem__


class _Counted(dict[str, float]):
    """Word -> rarity; one that was not counted is as rare as one seen once."""

    def __missing__(self, word: str) -> float:
        return FIGURES if word.isdigit() else 1.0


def joined(shipped: Rarity, names: Collection[Sequence[str]]) -> Rarity:
    """The shipped counts, joined by those of a list of names: a word is no rarer than in either."""
    return no_rarer(shipped, own_rarities(shipped, names))


def own_rarities(shipped: Rarity, names: Collection[Sequence[str]]) -> dict[str, float]:
    """Word -> how rare it is in a list of names, where it is less so there than in the shipped counts."""
    many = suppliers_with(names, shipped)
    own = {word: math.log(len(names) / count) / math.log(NAMES) for word, count in many.items()}
    return {word: rarity for word, rarity in own.items() if rarity < shipped(word)}


def no_rarer(shipped: Rarity, own: Mapping[str, float]) -> Rarity:
    """The shipped counts but for what ``own_rarities`` gave of a list."""
    return _Joined(shipped, own).__getitem__


class _Joined(dict[str, float]):
    """As ``no_rarer`` says; what was asked once is remembered, since a list asks a million times for the same words."""

    def __init__(self, shipped: Rarity, own: Mapping[str, float]) -> None:
        super().__init__(own)
        self._shipped = shipped

    def __missing__(self, word: str) -> float:
        self[word] = found = self._shipped(word)
        return found


def suppliers_with(names: Iterable[Sequence[str]], rarity: Rarity) -> dict[str, int]:
    """Word -> how many suppliers of a list have it, beyond `OF_ONE`, by the rarest word that stands beside it.

    So ten spellings of one supplier make none of its words common, and ten parish councils make "parish" so.
    """
    beside: dict[str, set[str]] = {}
    for name in names:
        ranked = sorted({(-rarity(word), word) for word in name})[:2]
        for word in name:
            other = next((one for _, one in ranked if one != word), "")
            beside.setdefault(word, set()).add(other)
    return {word: len(others) - OF_ONE for word, others in beside.items() if len(others) > OF_ONE}


def _counts() -> dict[str, int]:
    with (files("suppliers.matching") / "data" / "words.csv.gz").open("rb") as packed, gzip.open(packed) as table:
        return {word: int(names) for word, names in list(csv.reader(TextIOWrapper(table, encoding="utf-8")))[1:]}


class Overlap(msgspec.Struct, frozen=True, gc=False):
    """Which words of one list answer which of the other. Swapping the lists swaps the sides, nothing else."""

    shared: tuple[Shared, ...]
    only_left: tuple[str, ...]
    only_right: tuple[str, ...]
    cover_left: float  # share of the left list's rarity that the right list answers, 0..1
    cover_right: float
    worths: tuple[float, ...]  # how telling each shared one is, 0..1, in the order of `shared`
    acronym: str  # the word that is the other side's initials, or ""

    @property
    def rarest(self) -> float:
        return max(self.worths, default=0.0)


def overlap(left: Sequence[str], right: Sequence[str], rarity: Rarity) -> Overlap:
    """Pairs equal words first, then what is left over on both sides as `aligned` does."""
    lefts, rights = dict.fromkeys(left), dict.fromkeys(right)
    shared: list[Shared] = [(word, word, 1.0) for word in lefts if word in rights]
    left_over = [word for word in lefts if word not in rights]
    right_over = [word for word in rights if word not in lefts]
    acronym = ""
    if left_over or right_over:
        acronym = whole_initials(left_over, right, rarity) or whole_initials(right_over, left, rarity)
        if acronym:
            shared.append(_sides(acronym, left_over, right_over))
        elif left_over and right_over:
            shared += aligned(left_over, right_over, rarity)
            acronym = next((min(a, b, key=len) for a, b, like in shared if like == INITIALS), "")
    return _weigh(lefts, rights, shared, rarity=rarity, acronym=acronym)


def _weigh(lefts: Iterable[str], rights: Iterable[str], shared: list[Shared], *, rarity: Rarity, acronym: str) -> Overlap:
    left_credit = {word: likeness for pair, _, likeness in shared for word in pair.split()}
    right_credit = {word: likeness for _, pair, likeness in shared for word in pair.split()}
    return Overlap(
        shared=tuple(shared),
        only_left=tuple(word for word in lefts if word not in left_credit),
        only_right=tuple(word for word in rights if word not in right_credit),
        cover_left=_cover(lefts, left_credit, rarity),
        cover_right=_cover(rights, right_credit, rarity),
        worths=tuple([_worth(a, b, like, rarity) for a, b, like in shared]),
        acronym=acronym,
    )


def _cover(words: Iterable[str], credit: dict[str, float], rarity: Rarity) -> float:
    total = found = 0.0
    for word in words:
        weight = rarity(word)
        total += weight
        found += weight * credit.get(word, 0.0)
    return found / total if total else 0.0


def _worth(left: str, right: str, likeness: float, rarity: Rarity) -> float:
    """How telling it is that both have this: the commoner side's rarest word, less for a misspelling.

    Initials are no word in common: of any three letters there are dozens of names. Two words written as one tell what that tells.
    """
    if left == right and " " not in left:
        return rarity(left)
    if likeness == INITIALS:
        return 0.0
    if likeness == 1 and (" " in left) != (" " in right):
        return rarity(min(left, right, key=lambda words: " " in words))
    return likeness * min(max(map(rarity, words.split()), default=0.0) for words in (left, right))


def _sides(acronym: str, left_over: Sequence[str], right_over: Sequence[str]) -> Shared:
    """The acronym answers whatever the other side has left over."""
    if acronym in left_over:
        return acronym, " ".join(right_over), INITIALS
    return " ".join(left_over), acronym, INITIALS
