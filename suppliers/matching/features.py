"""The table of what matching looks at: each feature gives a value for a pair of names and says it in words.

A value of 0 says nothing and leaves no reason; the others lie in 0..1. What a feature weighs is in
`data/matching_weights.json`; whether it speaks for or against is fixed here, so that no fit can ever hold a shared
rare word against a pair. Pure.
"""

from collections.abc import Callable, Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

import msgspec
from rapidfuzz import fuzz

from suppliers.matching.identifiers import Identifiers, Scheme
from suppliers.matching.names import NHS, AliasKind, Name
from suppliers.matching.public_bodies import COMPASS, KINDS, PUBLIC, places
from suppliers.matching.rarity import Overlap, overlap
from suppliers.matching.word_pairs import INITIALS, Rarity

CUT_OFF = 15  # letters: a shorter name that another one begins with is a name of its own, not one cut off
COVERED = 0.6  # below it, what two names share is no more than trade words
ORDINARY = 0.6  # in 1 of 1,000
RARE = 0.7  # rarity of a word in 1 name of 3,000
ALIKE = 0.85  # letters of two names in their places, of all; below it, likeness is that of any two names of one trade


class Reading(msgspec.Struct, frozen=True, gc=False):
    """One name a supplier is known by; `kind` is None for its main name."""

    name: Name
    kind: AliasKind | None = None


class Pair(msgspec.Struct, frozen=True, gc=False):
    """Two suppliers as they are compared: one name of each, and all their identifiers."""

    left: Reading
    right: Reading
    left_ids: Identifiers
    right_ids: Identifiers
    overlap: Overlap
    names: tuple[Name, Name]
    odd: tuple[tuple[str, ...], tuple[str, ...]]  # the words of each side which the other lacks
    rarity: Rarity


def compare(left: Reading, right: Reading, identifiers: tuple[Identifiers, Identifiers], rarity: Rarity) -> Pair:
    found = overlap(left.name.loose, right.name.loose, rarity)
    names, odd = (left.name, right.name), (found.only_left, found.only_right)
    return Pair(left, right, *identifiers, overlap=found, names=names, odd=odd, rarity=rarity)


@dataclass(frozen=True, slots=True)
class Feature:
    name: str
    speaks_for: bool
    value: Callable[[Pair], float]
    says: Callable[[Pair], str]


def _above(floor: float, value: float) -> float:
    return max(0.0, (value - floor) / (1 - floor))


def _covered(pair: Pair) -> float:
    return _above(COVERED, min(pair.overlap.cover_left, pair.overlap.cover_right))


def _rare(pair: Pair) -> float:
    return _above(RARE, pair.overlap.rarest)


def _rare_name(pair: Pair) -> float:
    return max((worth for worth, is_place in _worths(pair) if not is_place), default=0.0)


def _rare_place(pair: Pair) -> float:
    return max((worth for worth, is_place in _worths(pair) if is_place), default=0.0)


def _worths(pair: Pair) -> list[tuple[float, bool]]:
    """For each shared word, how telling it is, and whether it names a place."""
    known = places()
    shared = zip(pair.overlap.worths, pair.overlap.shared, strict=True)
    return [(worth, words in known or (" " in words and known.issuperset(words.split()))) for worth, (words, _, _) in shared]


def _first_word(pair: Pair) -> float:
    left, right = (name.loose[:1] for name in pair.names)
    likes = (like for a, b, like in pair.overlap.shared if (*a.split()[:1],) == left and (*b.split()[:1],) == right)
    return max((like for like in likes if like != INITIALS), default=0.0)


def _begin_alike(pair: Pair) -> float:
    left, right = (name.loose[:2] for name in pair.names)
    return float(left == right and len(left) > 1)


def _first_words_differ(pair: Pair) -> float:
    return float(all(name.loose[:1] and name.loose[0] in odd for name, odd in zip(pair.names, pair.odd, strict=True)))


def _acronym(pair: Pair) -> float:
    """Three letters are the initials of dozens of names, five of few."""
    return min(1.0, max(0, len(pair.overlap.acronym) - 2) / 3)


def _cut_off(pair: Pair) -> float:
    shorter, longer = sorted(("".join(name.loose) for name in pair.names), key=len)
    return float(len(longer) > len(shorter) >= CUT_OFF and longer.startswith(shorter))


def _spelt_alike(pair: Pair) -> float:
    return _likeness(*(" ".join(sorted(name.loose)) for name in pair.names))


def _run_together(pair: Pair) -> float:
    return _likeness(*("".join(name.loose) for name in pair.names))


def _likeness(left: str, right: str) -> float:
    return _above(ALIKE, fuzz.ratio(left, right) / 100) if left and right else 0.0


def _legal_same(pair: Pair) -> float:
    left, right = pair.names
    return float(left.legal == right.legal is not None)


def legal_differs(pair: Pair) -> float:
    left, right = pair.names
    return float(bool(left.legal and right.legal) and left.legal != right.legal)


def _both_odd(pair: Pair) -> float:
    return float(all(pair.odd))


def _odd_ordinary(pair: Pair) -> float:
    """Each has words that the other lacks, and those of one side are in thousands of names: group, services."""
    if not all(pair.odd):
        return 0.0
    telling = min(max(map(pair.rarity, odd)) for odd in pair.odd)
    return max(0.0, (ORDINARY - telling) / ORDINARY)


def _public_site(pair: Pair) -> float:
    """A longer and a shorter name of a public body: for these it is mostly a department or a cut-off."""
    return float(any(pair.odd) and not all(pair.odd) and bool(pair.overlap.shared) and is_public(pair))


def _kind_differs(pair: Pair) -> float:
    left, right = ({KINDS[word] for word in odd if word in KINDS} for odd in pair.odd)
    return float(bool(left and right) and left.isdisjoint(right))


def compass_differs(pair: Pair) -> float:
    return float(any(not COMPASS.isdisjoint(odd) for odd in pair.odd))


def _places_differ(pair: Pair) -> float:
    return float(all(not places().isdisjoint(odd) for odd in pair.odd))


def _place_extra(pair: Pair) -> float:
    return float(any(not places().isdisjoint(odd) for odd in pair.odd) and not _places_differ(pair))


def place_differs(pair: Pair) -> float:
    return max(_places_differ(pair), _place_extra(pair))


def figures_differ(pair: Pair) -> float:
    return float(any(not word.isalpha() for odd in pair.odd for word in odd))


def is_public(pair: Pair) -> bool:
    return any(name.legal == NHS or not PUBLIC.isdisjoint(name.loose) for name in pair.names)


def _says(text: str) -> Callable[[Pair], str]:
    return lambda _: text


def _says_rare(pair: Pair) -> str:
    worths = _worths(pair)
    return _says_rarest(place=max(worths)[1])(pair)


def _says_rarest(*, place: bool) -> Callable[[Pair], str]:
    """The rarest of the shared words that are, or are not, places, as both sides spell it."""

    def says(pair: Pair) -> str:
        shared = zip(_worths(pair), pair.overlap.shared, strict=True)
        worth, words = max((worth, sorted({a, b})) for (worth, is_place), (a, b, _) in shared if is_place is place)
        what = "name the place" if place else f"have {'an unusual' if worth >= RARE else 'the'} word"
        return f"both {what}: {' / '.join(words)}"

    return says


def _says_acronym(pair: Pair) -> str:
    return f"“{pair.overlap.acronym}” may be the initials of the other name"


def _says_first(pair: Pair) -> str:
    return f"both begin alike: {' / '.join(sorted({name.loose[0] for name in pair.names}))}"


def _says_odd(pair: Pair) -> str:
    left, right = sorted(" ".join(odd) for odd in pair.odd)
    return f"each has words that the other lacks: “{left}” and “{right}”"


def _says_odd_ordinary(pair: Pair) -> str:
    ordinary = min(pair.odd, key=lambda odd: (max(map(pair.rarity, odd)), odd))
    return f"many names have what only one has: {', '.join(ordinary)}"


def _says_own(words: AbstractSet[str], text: str) -> Callable[[Pair], str]:
    return lambda pair: text + ", ".join(sorted({word for odd in pair.odd for word in odd if word in words}))


def _says_places(text: str) -> Callable[[Pair], str]:
    return _says_own(places(), text)


NAME_FEATURES = (
    Feature("covered", True, _covered, _says("most of what is particular in each name is in the other")),
    Feature("rare", True, _rare, _says_rare),
    Feature("rare_name", True, _rare_name, _says_rarest(place=False)),
    Feature("rare_place", True, _rare_place, _says_rarest(place=True)),
    Feature("first_word", True, _first_word, _says_first),
    Feature("begin_alike", True, _begin_alike, _says("the first two words are the same")),
    Feature("acronym", True, _acronym, _says_acronym),
    Feature("cut_off", True, _cut_off, _says("one name is the beginning of the other")),
    Feature("spelt_alike", True, _spelt_alike, _says("they are spelt nearly alike")),
    Feature("run_together", True, _run_together, _says("they are spelt nearly alike")),
    Feature("legal_same", True, _legal_same, _says("both have the same legal form")),
    Feature("public_site", True, _public_site, _says("a public body, once with more words")),
    Feature("both_odd", False, _both_odd, _says_odd),
    Feature("odd_ordinary", True, _odd_ordinary, _says_odd_ordinary),
    Feature("first_words_differ", False, _first_words_differ, _says("they begin differently")),
    Feature("kind_differs", False, _kind_differs, _says_own(frozenset(KINDS), "two kinds of body: ")),
    Feature("legal_differs", False, legal_differs, _says("the legal forms differ")),
    Feature("compass", False, compass_differs, _says_own(COMPASS, "only one has: ")),
    Feature("places_differ", False, _places_differ, _says_places("different places: ")),
    Feature("place_extra", False, _place_extra, _says_places("only one names the place: ")),
)


def equal(scheme: Scheme) -> Callable[[Pair], float]:
    def value(pair: Pair) -> float:
        left, right = getattr(pair.left_ids, scheme), getattr(pair.right_ids, scheme)
        return float(left is not None and left == right)

    return value


def differ(scheme: Scheme) -> Callable[[Pair], float]:
    def value(pair: Pair) -> float:
        left, right = getattr(pair.left_ids, scheme), getattr(pair.right_ids, scheme)
        return float(left is not None and right is not None and left != right)

    return value


def _identifier_features() -> Iterable[Feature]:
    for scheme in Scheme:
        word = scheme.value.replace("_", " ").replace("vat", "VAT").replace("domain", "web address")
        yield Feature(f"{scheme}_same", True, equal(scheme), _says(f"the same {word}"))
        yield Feature(f"{scheme}_differs", False, differ(scheme), _says(f"another {word}"))


IDENTIFIER_FEATURES = tuple(_identifier_features())
FEATURES = IDENTIFIER_FEATURES + NAME_FEATURES
