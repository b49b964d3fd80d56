"""The words of a need as somebody types it, and which of a list of known words each of them may be. Pure."""

import csv
import itertools
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final

from anyascii import anyascii
from rapidfuzz.distance import OSA

LONGEST: Final = 200  # characters of a need that are read: a sentence, not a page
MOST_WORDS: Final = 12  # of those, how many words are compared
CLOSE: Final = 0.78  # two words as alike as "techers" and "teachers", a swap counting once
SHORTEST_TYPO: Final = 4  # letters: a misspelt "gas" is another word
SHORTEST_NOTHING: Final = 6  # letters: of shorter words that say nothing, a slip is too near to others
SHORTEST_BEGINNING: Final = 5  # letters: "pain" is no painter
LONGEST_SHORT: Final = 7  # letters: of words as short as that, many differ in one letter and mean something else
VOWELS: Final = frozenset("aeiouy")
ONE_SOUND: Final = frozenset(map(frozenset, ("ck", "cs", "sz", "gj", "mb")))  # letters taken for each other: a "plummer" plumbs
BEGINNING: Final = 0.9  # what a word still being typed is worth: "photocop"
PLURAL: Final = 0.97  # what "lifts" is worth where "lift" is known
SAME: Final = 0.9  # what "loo" is worth where "toilet" is known
OTHER_FORM: Final = 0.85  # what "painters" is worth where "painting" is known
SHORTEST_PLURAL: Final = 3  # letters: "gas" is none
SHORTEST_STEM: Final = 4  # letters: "rating" is no form of "rat"
_IT_IS_A_THING: Final = re.compile(  # and no information technology, as in "can it be mended" and "make it safe"
    r"\b((?i:when|if|as|because|that|until|while|where|and|so|but|is|was|can|could|will|would|does|did|has|had|want|need|make|made"
    r"|do|done|fix|mend|use|get|take|keep|put|sort|about|into|over|before|after)) it\b"
    r"(?! (?:support|help|tech|equipment|kit|system|compan|provi|service|consult|network|suite|disposal|recycl|train|manag"
    r"|engineer|guy|person|security|asset|staff|lesson|room|hard|soft|firm|contract|depart|appren|strateg|audit|lead|teach))"
)


def words(text: str) -> tuple[str, ...]:
    """Each word that says something, once, in order; "P.E." is one, "wi-fi" two."""
    return tuple(dict.fromkeys(word for word in _split(text[:LONGEST]) if word not in says_nothing()))[:MOST_WORDS]


@lru_cache(maxsize=10_000)
def is_misspelt_nothing(word: str) -> bool:
    """It is a slip of a word that says nothing: "servcing" is no servery."""
    if len(word) < SHORTEST_NOTHING:
        return False
    return any(OSA.distance(word, known, score_cutoff=1) == 1 for known in _nothing_by_initial().get(word[0], ()))


@cache
def _nothing_by_initial() -> dict[str, list[str]]:
    found = defaultdict[str, list[str]](list)
    for word in says_nothing():
        found[word[0]].append(word)
    return found


def whole(text: str) -> str:
    """All of it with nothing left out, to be compared with another as a whole."""
    return " ".join(_split(text[:LONGEST]))


def joined(text: str) -> dict[str, tuple[str, ...]]:
    """What two neighbours make when they are written as one, such as "website", with those of the two that say something."""
    split = _split(text[:LONGEST])
    pairs = (
        (one + other, tuple(word for word in (one, other) if word not in says_nothing()))
        for one, other in itertools.pairwise(split)
    )
    return {whole: parts for whole, parts in pairs if parts}


def stem(word: str) -> str:
    """What is left of a word without the ending that its forms differ by: cleaner, cleaners and cleaning are "clean"."""
    word = _singular(word)
    for ending in ("ing", "er", "or", "ed"):
        if word.endswith(ending):
            word = _without(word, ending)
            break
    if len(word) > SHORTEST_STEM and word[-1] == word[-2]:
        word = word[:-1]
    return word[:-1] + "i" if word.endswith("y") else _without(word, "e") if word.endswith("e") else word


def says_nothing() -> frozenset[str]:
    """Words that fit everything, and so say nothing about what is needed."""
    return _plain_words("nothing")


@lru_cache(maxsize=10_000)
def is_plain(word: str) -> bool:
    """It says what kind of thing is needed, and not what, or is the "x" of "project x": alone it proves nothing."""
    return len(word) == 1 or bool({word, *same_words().get(word, ())} & _plain_words("kind"))


@dataclass(frozen=True, slots=True)
class KnownWords:
    """A list of words to compare with, laid out to be asked."""

    all: frozenset[str]
    by_initial: dict[str, tuple[str, ...]]  # those long enough to be misspelt
    by_stem: dict[str, tuple[str, ...]]

    def like(self, word: str) -> dict[str, float]:
        """The known words that this may be, with how likely each is: itself and its other forms, or else what was misspelt."""
        forms = {form: PLURAL if _singular(form) == _singular(word) else OTHER_FORM for form in self._forms(word)}
        found = forms | {word: 1.0} if word in self.all else {} if word in same_words() else self._misspelt(word) | forms
        same = ((known, how) for other in same_words().get(word, ()) for known, how in self._as_it_is(other).items())
        for known, how in same:
            found[known] = max(found.get(known, 0.0), SAME * how)
        return found

    def _forms(self, word: str) -> tuple[str, ...]:
        """The known words of the same stem; of an ordinary word its plural, or what is ordinary too: who "broke" is no broker."""
        forms = self.by_stem.get(stem(word), ())
        ordinary = is_plain(word)
        return tuple(form for form in forms if not ordinary or is_plain(form) or _singular(form) == _singular(word))

    def _as_it_is(self, word: str) -> dict[str, float]:
        """The word and its plural, as far as they are known."""
        forms = self.by_stem.get(stem(word), ())
        return {form: 1.0 if form == word else PLURAL for form in forms if _singular(form) == _singular(word)}

    def _misspelt(self, word: str) -> dict[str, float]:
        """Nobody misspells the first letter, and an ordinary word is what it is: "came" is no unfinished camera."""
        if len(word) < SHORTEST_TYPO or is_plain(word):
            return {}
        likes = ((known, _likeness(word, known)) for known in self.by_initial.get(word[0], ()))
        found = {known: like for known, like in likes if like}
        for known, like in list(found.items()):  # "pidgeon" is pigeons as well, which is further from it
            for other, how in self._as_it_is(known).items():
                found[other] = max(found.get(other, 0.0), how * like)
        return found


@cache
def same_words() -> dict[str, tuple[str, ...]]:
    """Other words for the same thing, by each: a "loo" is a toilet. What also means something else is not here."""
    found = defaultdict[str, list[str]](list)
    with (files("suppliers.record") / "data" / "same_words.csv").open(encoding="utf-8") as table:
        for row in csv.DictReader(table):
            found[row["word"]].append(row["means"])
    return {word: tuple(means) for word, means in found.items()}


def known_words(words: Iterable[str]) -> KnownWords:
    found = frozenset(words)
    by_initial, by_stem = defaultdict[str, list[str]](list), defaultdict[str, list[str]](list)
    for word in sorted(found):
        by_stem[stem(word)].append(word)
        if len(word) >= SHORTEST_TYPO:
            by_initial[word[0]].append(word)
    return KnownWords(found, {key: tuple(of) for key, of in by_initial.items()}, {key: tuple(of) for key, of in by_stem.items()})


def _likeness(word: str, known: str) -> float:
    if known.startswith(word) and len(word) >= SHORTEST_BEGINNING:
        return BEGINNING
    alike = OSA.normalized_similarity(word, known, score_cutoff=CLOSE)
    return 0.0 if alike and _is_another_short_word(word, known) else alike


def _is_another_short_word(word: str, known: str) -> bool:
    """They differ in one letter, and not by taking one vowel, or one of the same sound, for another.

    A timer is no tiler, and "boilar" is a boiler, a "plummer" a plumber.
    """
    if len(word) != len(known) or len(word) > LONGEST_SHORT:
        return False
    differ = [pair for pair in zip(word, known, strict=True) if pair[0] != pair[1]]
    return len(differ) == 1 and not set(differ[0]) <= VOWELS and frozenset(differ[0]) not in ONE_SOUND


def _singular(word: str) -> str:
    return word[:-1] if len(word) > SHORTEST_PLURAL and word.endswith("s") and not word.endswith(("ss", "us", "is")) else word


def _without(word: str, ending: str) -> str:
    left = word.removesuffix(ending)
    return left if len(left) >= SHORTEST_STEM else word


@lru_cache(maxsize=100)  # one search asks for the same few texts again and again
def _split(text: str) -> tuple[str, ...]:
    named = anyascii(text)
    if " it" in named:
        named = _IT_IS_A_THING.sub(r"\1", named)
    plain = named.casefold().replace("&", "").replace("'", "")
    said = re.sub(r"dynamic purchasing systems?|key stages?", " ", plain)  # how something was bought, or for whom, and not what
    mailed = re.sub(r"\be[- ]mail", "email", said)
    dotted = re.sub(r"\b[a-z](?:\.[a-z]\b)+", lambda found: found[0].replace(".", ""), mailed)
    return tuple(re.findall(r"[a-z0-9]+", dotted))


@cache
def _plain_words(says: str) -> frozenset[str]:
    with (files("suppliers.record") / "data" / "plain_words.csv").open(encoding="utf-8") as table:
        return frozenset(row["word"] for row in csv.DictReader(table) if row["says"] == says)
