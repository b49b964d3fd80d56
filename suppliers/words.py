"""How telling a word is, and how two lists of words lie on each other.

Rarity runs from 0 (in every name) to 1 (never seen), from a frozen count of words in some 125,000 names that
public bodies paid: "services" says next to nothing, "phonak" nearly everything.
"""

import csv
import gzip
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from io import TextIOWrapper

from rapidfuzz.distance import OSA

Rarity = Callable[[str], float]

SHORTEST_TYPO = 4  # letters: DSR and DSM are two firms, not one misspelt
SHORTEST_ACRONYM = 3
CLOSE = 0.75  # three letters in four, a swap counting once
PREFIX = 0.85  # what "foundat" is worth as "foundation"
TOTAL = "*"  # the row of the table which holds the number of names counted


@cache
def vocabulary() -> Rarity:
    """The shipped counts. A word not in them is as rare as one seen once."""
    counts = _counts()
    names = counts.pop(TOTAL)
    rarities = {word: 1 - math.log(count) / math.log(names) for word, count in counts.items()}

    def rarity(word: str) -> float:
        return rarities.get(word, 1.0)

    return rarity


def _counts() -> dict[str, int]:
    with (files("suppliers") / "data" / "words.csv.gz").open("rb") as packed, gzip.open(packed) as table:
        return {word: int(names) for word, names in list(csv.reader(TextIOWrapper(table, encoding="utf-8")))[1:]}


@dataclass(frozen=True, slots=True)
class Overlap:
    """Which words of one list answer which of the other. Swapping the lists swaps the sides, nothing else."""

    shared: tuple[tuple[str, str, float], ...]  # left word or words, right word or words, likeness 0..1
    only_left: tuple[str, ...]
    only_right: tuple[str, ...]
    cover_left: float  # share of the left list's rarity that the right list answers, 0..1
    cover_right: float
    rarest: float  # of what is shared, 0..1
    rarest_words: str  # that, as both sides spell it
    acronym: str  # the word that is the other side's initials, or ""


def overlap(left: Sequence[str], right: Sequence[str], rarity: Rarity) -> Overlap:
    """Pairs equal words first, then words written apart (cool milk, coolmilk), initials, misspelt and cut-off words."""
    lefts, rights = dict.fromkeys(left), dict.fromkeys(right)
    shared: list[tuple[str, str, float]] = [(word, word, 1.0) for word in lefts if word in rights]
    left_over = [word for word in lefts if word not in rights]
    right_over = [word for word in rights if word not in lefts]
    acronym = ""
    if left_over or right_over:
        acronym = _initials(left_over, right) or _initials(right_over, left)
        if acronym:
            shared.append(_sides(acronym, left_over, right_over))
        elif left_over and right_over:
            shared += _written_apart(left_over, right_over) or _alike(left_over, right_over)
    return _weigh(lefts, rights, shared, rarity=rarity, acronym=acronym)


def _weigh(
    lefts: Iterable[str], rights: Iterable[str], shared: list[tuple[str, str, float]], *, rarity: Rarity, acronym: str
) -> Overlap:
    rarest, words = max(((_worth(a, b, like, rarity), sorted({a, b})) for a, b, like in shared), default=(0.0, []))
    left_credit = {word: likeness for pair, _, likeness in shared for word in pair.split()}
    right_credit = {word: likeness for _, pair, likeness in shared for word in pair.split()}
    return Overlap(
        shared=tuple(shared),
        only_left=tuple(word for word in lefts if word not in left_credit),
        only_right=tuple(word for word in rights if word not in right_credit),
        cover_left=_cover(lefts, left_credit, rarity),
        cover_right=_cover(rights, right_credit, rarity),
        rarest=rarest,
        rarest_words=" / ".join(words),
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
    """How telling it is that both have this: the commoner side's rarest word, less for a misspelling."""
    return likeness * min(max(map(rarity, words.split()), default=0.0) for words in (left, right))


def _initials(over: Sequence[str], other: Sequence[str]) -> str:
    """A left-over word of three letters or more which spells the initials of the other list."""
    if len(other) < SHORTEST_ACRONYM:
        return ""
    initials = "".join([word[0] for word in other])
    return next((word for word in over if len(word) >= SHORTEST_ACRONYM and initials.startswith(word)), "")


def _sides(acronym: str, left_over: Sequence[str], right_over: Sequence[str]) -> tuple[str, str, float]:
    """The acronym answers whatever the other side has left over."""
    if acronym in left_over:
        return acronym, " ".join(right_over), 1.0
    return " ".join(left_over), acronym, 1.0


def _written_apart(left_over: Sequence[str], right_over: Sequence[str]) -> list[tuple[str, str, float]]:
    """The left-over words of both sides, run together, spell the same."""
    if "".join(left_over) == "".join(right_over):
        return [(" ".join(left_over), " ".join(right_over), 1.0)]
    return []


def _alike(left_over: Sequence[str], right_over: Sequence[str]) -> list[tuple[str, str, float]]:
    """Each word at most once, the likest first; ties go by spelling, so that sides don't matter. Figures are never misspelt."""
    lefts, rights = ([word for word in over if len(word) >= SHORTEST_TYPO and word.isalpha()] for over in (left_over, right_over))
    likely = [(likeness, a, b) for a in lefts for b in rights if (likeness := _likeness(a, b))]
    likely.sort(key=lambda pair: (-pair[0], *sorted(pair[1:])))
    found: list[tuple[str, str, float]] = []
    used_left: set[str] = set()
    used_right: set[str] = set()
    for likeness, a, b in likely:
        if a not in used_left and b not in used_right:
            found.append((a, b, likeness))
            used_left.add(a)
            used_right.add(b)
    return found


def _likeness(a: str, b: str) -> float:
    """0 unless one word is the other misspelt or cut off."""
    close: float = OSA.normalized_similarity(a, b, score_cutoff=CLOSE)
    return max(close, PREFIX) if a.startswith(b) or b.startswith(a) else close
