"""What schools buy: a small, flat list of categories in a few groups, and how to find one from what somebody types.

The list is `data/taxonomy.csv`; `needs` there are the words schools use. Pure.
"""

import csv
import math
import re
from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from importlib.resources import files

from anyascii import anyascii
from rapidfuzz.distance import OSA

LONGEST = 200  # characters of a need that are read: a sentence, not a page
MOST_WORDS = 12  # of those, how many words are compared
CLOSE = 0.78  # two words as alike as "techers" and "teachers", a swap counting once
SHORTEST_TYPO = 4  # letters: a misspelt "gas" is another word
BEGINNING = 0.9  # what a word still being typed is worth: "photocop"
FLOOR = 0.5  # of what was typed, how much must be found
SYNONYM = 0.95  # a name counts a little more than what else it is called
UNKNOWN = 0.25  # of a word's weight, when no category has anything like it: a place, a brand
# Words that fit everything say nothing about what is needed.
LITTLE = frozenset({
    "a", "an", "and", "any", "at", "by", "company", "for", "good", "in", "me", "my", "near", "of", "on", "or", "our", "school",
    "schools", "service", "services", "servicing", "some", "supplier", "suppliers", "the", "to", "us", "we", "with",
})  # fmt: skip


class Reach(StrEnum):
    """How far away a supplier can sensibly be."""

    LOCAL = "local"
    REGIONAL = "regional"
    NATIONAL = "national"

    @property
    def miles(self) -> float | None:
        """The distance at which nearness counts half; None: distance says nothing."""
        return {Reach.LOCAL: 10.0, Reach.REGIONAL: 30.0, Reach.NATIONAL: None}[self]


@dataclass(frozen=True, slots=True)
class Category:
    slug: str
    name: str
    group: str
    reach: Reach
    needs: tuple[str, ...]  # how schools say it


@dataclass(frozen=True, slots=True)
class FoundCategory:
    category: Category
    score: float  # 0..1; 1 for the name itself
    words: tuple[str, ...]  # of what was typed, those that led here


@lru_cache(maxsize=1_000)
def find(text: str, limit: int = 5) -> tuple[FoundCategory, ...]:
    """Categories that fit, the best first; none when nothing does. Spelling mistakes and unfinished words are understood."""
    typed = dict.fromkeys(_words(text[:LONGEST])[:MOST_WORDS])
    likeness = {word: _likenesses(word) for word in typed}
    weight = {
        word: max((like * _rarity()[known] for known, like in near.items()), default=UNKNOWN) for word, near in likeness.items()
    }
    found = (_fit(category, likeness, weight) for category in categories())
    fitting = sorted((one for one in found if one.score >= FLOOR), key=lambda one: (-one.score, one.category.slug))
    return tuple(fitting[:limit])


@cache
def categories() -> tuple[Category, ...]:
    """All, in the order of `data/taxonomy.csv`, which keeps each group's together."""
    with (files("suppliers.record") / "data" / "taxonomy.csv").open(encoding="utf-8") as table:
        return tuple(
            Category(row["slug"], row["name"], row["group"], Reach(row["reach"]), tuple(row["needs"].split("|")))
            for row in csv.DictReader(table)
        )


@cache
def groups() -> dict[str, list[Category]]:
    """All categories by their group, as forms offer them."""
    found: dict[str, list[Category]] = {}
    for category in categories():
        found.setdefault(category.group, []).append(category)
    return found


@cache
def by_slug() -> dict[str, Category]:
    return {category.slug: category for category in categories()}


def _fit(category: Category, likeness: dict[str, dict[str, float]], weight: dict[str, float]) -> FoundCategory:
    """The phrase of the category that fits best: how much of what was typed it answers, then how much of it was typed."""
    best = FoundCategory(category, 0.0, ())
    for phrase, worth in _phrases()[category.slug]:
        if not any(known in near for near in likeness.values() for known in phrase):
            continue
        like = {word: max((near.get(known, 0.0) for known in phrase), default=0.0) for word, near in likeness.items()}
        answered = _share(like, weight)
        said = {known: max(near.get(known, 0.0) for near in likeness.values()) for known in phrase}
        score = worth * (0.7 * answered + 0.3 * _share(said, _rarity()))
        if score > best.score:
            best = FoundCategory(category, score, tuple(word for word, value in like.items() if value))
    return best


def _share(found: dict[str, float], weight: dict[str, float]) -> float:
    total = math.fsum(weight[word] for word in found)
    return math.fsum(value * weight[word] for word, value in found.items()) / total if total else 0.0


def _likenesses(word: str) -> dict[str, float]:
    """The known words that this may be, with how likely each is. Nobody misspells the first letter."""
    near = {word: 1.0} if word in _rarity() else {}
    if len(word) >= SHORTEST_TYPO:
        for known in _by_initial().get(word[0], ()):
            like = BEGINNING if known.startswith(word) else OSA.normalized_similarity(word, known, score_cutoff=CLOSE)
            if like:
                near.setdefault(known, like)
    return near


@cache
def _phrases() -> dict[str, tuple[tuple[tuple[str, ...], float], ...]]:
    """By a category's slug, the words of its name and of each need, with what a fit is worth."""
    return {
        category.slug: tuple(
            (words, SYNONYM if place else 1.0)
            for place, phrase in enumerate((category.name, *category.needs))
            if (words := _words(phrase))
        )
        for category in categories()
    }


@cache
def _rarity() -> dict[str, float]:
    """How telling each known word is, 0..1: "software" is in many categories, "asbestos" in one."""
    counts = Counter(word for phrases in _phrases().values() for word in {word for words, _ in phrases for word in words})
    return {word: 1 - math.log(count) / math.log(len(_phrases())) for word, count in counts.items()}


@cache
def _by_initial() -> dict[str, tuple[str, ...]]:
    """Known words long enough to be misspelt, by first letter."""
    known = [word for word in _rarity() if len(word) >= SHORTEST_TYPO]
    return {initial: tuple(word for word in known if word[0] == initial) for initial in {word[0] for word in known}}


def _words(text: str) -> tuple[str, ...]:
    words = re.findall(r"[a-z0-9]+", anyascii(text).casefold().replace("&", ""))
    return tuple(word for word in words if word not in LITTLE)
