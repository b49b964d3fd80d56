"""How a category of what schools buy is found from what somebody types. The list is `categories`'. Pure."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Final

from suppliers.record import headings, need_words, said_besides
from suppliers.record.categories import Category, Reach, by_slug, categories, groups
from suppliers.record.need_words import KnownWords

__all__ = ["Category", "FoundCategory", "Reach", "by_slug", "categories", "find", "groups", "meant", "not_understood"]

FLOOR: Final = 0.38  # of what was typed, how much must be found
SYNONYM: Final = 0.95  # a name counts a little more than what else it is called
UNKNOWN: Final = 0.45  # of a word's weight, when no category has anything like it: a place, a brand; of a number, nothing
ALONE_IN_A_NAME: Final = 0.85  # what one word of a name is worth without the others
ALONE_IN_A_NEED: Final = 0.5  # the same of a need: "tank" of "tank cleaning"
A_WHOLE_PHRASE: Final = 0.75  # how much of one must be typed, where it has only words that say what kind of thing it is
ANSWERED: Final = 0.8  # how much of the score is for what was typed; the rest is for how much of one phrase it is
OF_A_PLAIN_WORD: Final = 0.4  # of its weight
MOST_OF_A_PLAIN_WORD: Final = 0.6  # though another form of it is in few needs: "kitchens", of the kitchen
AS_LIKELY: Final = 0.85  # of the best score: what fits less than that is not what was meant (bench/ranking.py)
OF_A_HEAD: Final = 0.8  # what "canopy" counts, of "canopy for early years": less than "salt for paths" as a whole
OF_SEVERAL: Final = 0.6  # what the code of a heading is worth that several categories stand under


@dataclass(frozen=True, slots=True)
class FoundCategory:
    category: Category
    score: float  # 0..1; 1 for the name itself
    words: tuple[str, ...]  # of what was typed, those that led here


@dataclass(frozen=True, slots=True, eq=False)  # there is one of each: sets of them are asked for often
class Phrase:
    """A category's name, or one way to say it."""

    slug: str
    words: tuple[str, ...]
    worth: float  # 1 for the name
    tells: tuple[tuple[str, float, float], ...]  # each word, how much of it that says, and what it is worth without the others


@dataclass(frozen=True, slots=True)
class Typed:
    """What somebody typed, word for word."""

    like: Mapping[str, Mapping[str, float]]  # by each word, the known ones that it may be, with how likely each is
    weight: Mapping[str, float]  # how telling each word is
    said: Mapping[str, float]  # the known words, each with how likely it was typed


@lru_cache(maxsize=1_000)
def find(text: str, limit: int = 5) -> tuple[FoundCategory, ...]:
    """Categories that fit, the best first; none when nothing does. Spelling mistakes and unfinished words are understood.

    The code of a heading, such as E16 or 55524000-9, leads to all that stands under it, however many.
    """
    if code := headings.typed_code(text):
        worth = SYNONYM if len(code.slugs) == 1 else OF_SEVERAL
        return tuple(FoundCategory(by_slug()[slug], worth, need_words.words(text)) for slug in code.slugs)
    found = _fitting(text)
    if need_words.whole(text) not in _said_so():
        for part, worth in _parts(text[: need_words.LONGEST]).items():
            for slug, one in _fitting(part).items():
                if slug not in found or one.score * worth > found[slug].score:
                    found[slug] = replace(one, score=one.score * worth)
    called = _said_so().get(need_words.whole(text), {})  # of equals first: "new windows" is no need of window cleaning
    best = max((one.score for one in found.values()), default=0.0)
    if called and not any(found[slug].score == best for slug in called):  # "absence insurance" is no other insurance
        found |= {slug: replace(found[slug], score=best) for slug in called}
    fitting = sorted(
        (one for one in found.values() if one.score >= FLOOR),
        key=lambda one: (-round(one.score, 6), one.category.slug not in called, one.category.slug),
    )
    return tuple(fitting[:limit])


def _parts(text: str) -> dict[str, float]:
    """What is left of it without what is said besides the need, each with what it counts."""
    unnamed = said_besides.without_schools(text, _is_known)
    bare = said_besides.without_buying(unnamed)
    head = said_besides.head(bare)
    tells = not all(map(need_words.is_plain, need_words.words(head)))  # "training" of "training for apprentices" does not
    is_head = tells and not said_besides.is_sentence(head)  # nor does "we have money" of "we have money for tablets"
    found = {head if is_head else "": OF_A_HEAD, unnamed: 1.0, bare: 1.0}
    return {part: worth for part, worth in found.items() if part and part != text}


def _fitting(text: str) -> dict[str, FoundCategory]:
    """The categories that have a word of it, by slug."""
    typed = _typed(text)
    touched = defaultdict[str, set[Phrase]](set)
    for phrase in (phrase for known in typed.said for phrase in _by_word()[known]):
        touched[phrase.slug].add(phrase)
    found = {slug: _fit(by_slug()[slug], phrases, typed) for slug, phrases in touched.items()}
    for slug, worth in _said_so().get(need_words.whole(text), {}).items():  # "forest school" has but one word that tells
        found[slug] = FoundCategory(by_slug()[slug], max(worth, found[slug].score if slug in found else 0.0), tuple(typed.like))
    return found


def meant(text: str) -> tuple[FoundCategory, ...]:
    """Of the categories that fit, those that a search takes the text for: the best one, and what fits almost as well.

    Where the text says all of a need of the best one, as "boiler servicing" does, it is not taken for a part of another's need,
    such as "water boiler".
    """
    found = find(text)
    fitting = tuple(one for one in found if one.score >= AS_LIKELY * found[0].score)
    all_words = _by_all_words()
    whole = all_words.get(frozenset(need_words.words(text))) or all_words.get(_as_known(text), frozenset())
    said_whole = tuple(one for one in fitting if one.category.slug in whole)
    return said_whole if said_whole and said_whole[0] is fitting[0] else fitting


def _as_known(text: str) -> frozenset[str]:
    """Its words, each as the known word that it is most like: "boilar" is "boiler"."""
    like = _typed(text).like
    return frozenset(
        max(near, key=lambda known: near[known]) if near and word not in near else word for word, near in like.items()
    )


def not_understood(text: str) -> tuple[str, ...]:
    """The words of what was typed that are like none of ours, in order."""
    return () if headings.typed_code(text) else tuple(word for word, near in _typed(text).like.items() if not near)


def _fit(category: Category, phrases: Iterable[Phrase], typed: Typed) -> FoundCategory:
    """How well the category answers as a whole: each word by the phrase that makes most of it, then the best phrase."""
    tie: dict[str, float] = {}
    whole = 0.0
    for phrase in phrases:
        said = [(known, typed.said[known] * of, alone) for known, of, alone in phrase.tells if known in typed.said]
        share = sum([part for _, part, _ in said])
        whole = max(whole, phrase.worth * share)
        for known, _, alone in said:
            worth = phrase.worth * (alone + (1 - alone) * share)
            if worth > tie.get(known, 0.0):
                tie[known] = worth
    fits = {
        word: max([how * tie[known] for known, how in near.items() if known in tie], default=0.0)
        for word, near in typed.like.items()
    }
    score = ANSWERED * _share(fits, typed.weight) + (1 - ANSWERED) * whole
    is_told = whole >= A_WHOLE_PHRASE or any(fit and not need_words.is_plain(word) for word, fit in fits.items())
    return FoundCategory(category, score if is_told else 0.0, tuple(word for word, fit in fits.items() if fit))


def _share(found: Mapping[str, float], weight: Mapping[str, float]) -> float:
    total = math.fsum(weight[word] for word in found)
    return math.fsum(value * weight[word] for word, value in found.items()) / total if total else 0.0


def _typed(text: str) -> Typed:
    typed = (word for word in need_words.words(text) if _is_known(word) or not need_words.is_misspelt_nothing(word))
    like = {word: dict(_known().like(word)) for word in typed}
    for word, near in like.items():
        near.update(dict.fromkeys(() if word in near else _joined().get(word, ()), 1.0))  # "afterschool" for "after school"
    for whole, parts in need_words.joined(text).items():
        for part in parts if whole in _known().all else ():  # "web site" for "website"
            like.get(part, {})[whole] = 1.0
    weight = {word: _weight(word, near) for word, near in like.items()}
    said: dict[str, float] = {}
    for known, how in (pair for near in like.values() for pair in near.items()):
        said[known] = max(said.get(known, 0.0), how)
    return Typed(like, weight, said)


def _weight(word: str, near: Mapping[str, float]) -> float:
    """How telling it is, 0..1."""
    told = max((how * _rarity()[known] for known, how in near.items()), default=0.0 if word.isdigit() else UNKNOWN)
    return min(told, MOST_OF_A_PLAIN_WORD) if need_words.is_plain(word) else told


@cache
def _phrases() -> tuple[Phrase, ...]:
    return tuple(
        Phrase(slug, words, 1.0 if named else SYNONYM, tuple(_tells(words, ALONE_IN_A_NAME if named else ALONE_IN_A_NEED)))
        for slug, words, named in _said_of()
    )


def _tells(words: tuple[str, ...], alone: float) -> Iterator[tuple[str, float, float]]:
    total = math.fsum(_rarity()[word] for word in words)
    for word in words:  # a plain one is worth nothing without the others: "broken" of "minibus broken down"
        yield word, _rarity()[word] / total if total else 0.0, 0.0 if need_words.is_plain(word) else alone


@cache
def _said_of() -> tuple[tuple[str, tuple[str, ...], bool], ...]:
    """The words of each name and need that say something, with its slug, and whether it is the name."""
    return tuple(
        (category.slug, words, not place)
        for category in categories()
        for place, phrase in enumerate((category.name, *category.needs))
        if (words := need_words.words(phrase)) and not _is_cut_to_a_plain_word(phrase, words)
    )


def _is_cut_to_a_plain_word(phrase: str, words: tuple[str, ...]) -> bool:
    """As "supplier management" is, which would make "management" a need."""
    return len(words) == 1 and " " in phrase and need_words.is_plain(words[0])


@cache
def _said_so() -> dict[str, dict[str, float]]:
    """By a whole name or need, or else an official title, the categories that it is of, with its worth."""
    found = defaultdict[str, dict[str, float]](dict)
    for category in categories():
        for place, phrase in enumerate((category.name, *category.needs)):
            found[need_words.whole(phrase)].setdefault(category.slug, SYNONYM if place else 1.0)
    for title, slugs in headings.named():
        for slug in slugs if need_words.whole(title) not in found else ():
            found[need_words.whole(title)][slug] = SYNONYM
    return dict(found)


@cache
def _by_word() -> dict[str, tuple[Phrase, ...]]:
    found = defaultdict[str, list[Phrase]](list)
    for phrase in _phrases():
        for word in phrase.words:
            found[word].append(phrase)
    return {word: tuple(phrases) for word, phrases in found.items()}


@cache
def _by_all_words() -> dict[frozenset[str], frozenset[str]]:
    """The categories that have a name or need of exactly these words."""
    found = defaultdict[frozenset[str], set[str]](set)
    for phrase in _phrases():
        found[frozenset(phrase.words)].add(phrase.slug)
    return {words: frozenset(slugs) for words, slugs in found.items()}


@cache
def _known() -> KnownWords:
    return need_words.known_words(_by_word())


def _is_known(word: str) -> bool:
    """Whether it, or another form of it, is in a name or a need."""
    return word in _known().all or need_words.stem(word) in _known().by_stem


@cache
def _joined() -> dict[str, tuple[str, ...]]:
    said = (phrase for category in categories() for phrase in (category.name, *category.needs))
    return {whole: parts for phrase in said for whole, parts in need_words.joined(phrase).items()}


@cache
def _rarity() -> dict[str, float]:
    """How telling each known word is, 0..1: "software" is in many categories, "asbestos" in one."""
    counts = Counter(word for word, _ in {(word, slug) for slug, words, _ in _said_of() for word in words})
    rare = {word: 1 - math.log(count) / math.log(len(categories())) for word, count in counts.items()}
    return {word: value * (OF_A_PLAIN_WORD if need_words.is_plain(word) else 1) for word, value in rare.items()}
