"""The table of what matching looks at: each feature gives a value for a pair of names and says it in words.

A value of 0 says nothing and leaves no reason; the others lie in 0..1. What a feature weighs is in
`data/matching_weights.json`; whether it speaks for or against is fixed here, so that no fit can ever hold a shared
rare word against a pair. Pure.
"""

from collections.abc import Callable, Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from suppliers.identifiers import Identifiers, Scheme
from suppliers.names import AliasKind, Name
from suppliers.words import Overlap, Rarity, overlap

COMPASS = frozenset({
    "north", "south", "east", "west", "northern", "southern", "eastern", "western", "northeast", "northwest",
    "southeast", "southwest", "central", "upper", "lower", "inner", "outer",
})  # fmt: skip
# Bodies that differ by one word, have many sites under one number, or take over each other's names.
PUBLIC = frozenset({
    "academies", "academy", "borough", "ccg", "church", "college", "council", "county", "diocese", "fire", "government",
    "hospital", "hospitals", "infant", "infants", "junior", "mat", "nhs", "nursery", "parish", "pct", "police", "pre",
    "preschool", "primary", "school", "schools", "surgery", "university",
})  # fmt: skip
CUT_OFF = 15  # letters: a ledger column cut shorter than this is not a cut, but another name
COVERED = 0.6  # below it, what two names share is no more than trade words
RARE = 0.7  # rarity of a word in 1 name of 3,000


@dataclass(frozen=True, slots=True)
class Reading:
    """One name a supplier is known by; `kind` is None for its main name."""

    name: Name
    kind: AliasKind | None = None


@dataclass(frozen=True, slots=True)
class Pair:
    left: Reading
    right: Reading
    left_ids: Identifiers
    right_ids: Identifiers
    overlap: Overlap
    names: tuple[Name, Name]
    odd: tuple[tuple[str, ...], tuple[str, ...]]  # the words of each side which the other lacks


def compare(left: Reading, right: Reading, identifiers: tuple[Identifiers, Identifiers], rarity: Rarity) -> Pair:
    found = overlap(left.name.loose, right.name.loose, rarity)
    names, odd = (left.name, right.name), (found.only_left, found.only_right)
    return Pair(left, right, *identifiers, overlap=found, names=names, odd=odd)


@dataclass(frozen=True, slots=True)
class Feature:
    name: str
    speaks_for: bool
    value: Callable[[Pair], float]
    says: Callable[[Pair], str]


def _same_words(pair: Pair) -> float:
    shared, odd = pair.overlap.shared, pair.odd
    return float(bool(shared) and not any(odd) and not pair.overlap.acronym and all(likeness == 1 for *_, likeness in shared))


def _covered(pair: Pair) -> float:
    return max(0.0, (min(pair.overlap.cover_left, pair.overlap.cover_right) - COVERED) / (1 - COVERED))


def _one_covered(pair: Pair) -> float:
    return max(pair.overlap.cover_left, pair.overlap.cover_right)


def _rare(pair: Pair) -> float:
    return max(0.0, (pair.overlap.rarest - RARE) / (1 - RARE))


def _first_word(pair: Pair) -> float:
    left, right = (name.loose[:1] for name in pair.names)
    return max(
        (like for a, b, like in pair.overlap.shared if (*a.split()[:1],) == left and (*b.split()[:1],) == right), default=0.0
    )


def _first_words_differ(pair: Pair) -> float:
    return float(all(name.loose[:1] and name.loose[0] in odd for name, odd in zip(pair.names, pair.odd, strict=True)))


def _acronym(pair: Pair) -> float:
    return float(bool(pair.overlap.acronym))


def _cut_off(pair: Pair) -> float:
    shorter, longer = sorted(("".join(name.loose) for name in pair.names), key=len)
    return float(len(longer) > len(shorter) >= CUT_OFF and longer.startswith(shorter))


def _legal_same(pair: Pair) -> float:
    left, right = pair.names
    return float(left.legal == right.legal is not None)


def legal_differs(pair: Pair) -> float:
    left, right = pair.names
    return float(bool(left.legal and right.legal) and left.legal != right.legal)


def _both_odd(pair: Pair) -> float:
    return float(all(pair.odd))


def _public_site(pair: Pair) -> float:
    """A longer and a shorter name of a public body: for these it is mostly a department or a cut-off."""
    return float(any(pair.odd) and not all(pair.odd) and bool(pair.overlap.shared) and is_public(pair))


def compass_differs(pair: Pair) -> float:
    return float(any(COMPASS.intersection(odd) for odd in pair.odd))


def _places_differ(pair: Pair) -> float:
    return float(all(places().intersection(odd) for odd in pair.odd))


def _place_extra(pair: Pair) -> float:
    return float(any(places().intersection(odd) for odd in pair.odd) and not _places_differ(pair))


def place_differs(pair: Pair) -> float:
    return max(_places_differ(pair), _place_extra(pair))


def figures_differ(pair: Pair) -> float:
    return float(any(not word.isalpha() for odd in pair.odd for word in odd))


def is_public(pair: Pair) -> bool:
    return any(not PUBLIC.isdisjoint(name.loose) for name in pair.names)


@cache
def places() -> frozenset[str]:
    """Towns and counties, from `data/places.txt`."""
    text = (files("suppliers") / "data" / "places.txt").read_text(encoding="utf-8")
    return frozenset(line for line in text.split() if line.isalpha() and line.islower())


def _says(text: str) -> Callable[[Pair], str]:
    return lambda _: text


def _says_rarest(pair: Pair) -> str:
    return f"both have an unusual word: {pair.overlap.rarest_words}"


def _says_acronym(pair: Pair) -> str:
    return f"“{pair.overlap.acronym}” may be the initials of the other name"


def _says_first(pair: Pair) -> str:
    return f"both begin alike: {' / '.join(sorted({name.loose[0] for name in pair.names}))}"


def _says_odd(pair: Pair) -> str:
    left, right = sorted(" ".join(odd) for odd in pair.odd)
    return f"each has words that the other lacks: “{left}” and “{right}”"


def _says_own(words: AbstractSet[str], text: str) -> Callable[[Pair], str]:
    return lambda pair: text + ", ".join(sorted({word for odd in pair.odd for word in odd if word in words}))


def _says_places(text: str) -> Callable[[Pair], str]:
    return _says_own(places(), text)


NAME_FEATURES = (
    Feature("same_words", True, _same_words, _says("the names have the same words")),
    Feature("covered", True, _covered, _says("most of what is particular in each name is in the other")),
    Feature("one_covered", True, _one_covered, _says("words in common, rare ones counting more")),
    Feature("rare", True, _rare, _says_rarest),
    Feature("first_word", True, _first_word, _says_first),
    Feature("acronym", True, _acronym, _says_acronym),
    Feature("cut_off", True, _cut_off, _says("one name is the beginning of the other")),
    Feature("legal_same", True, _legal_same, _says("both have the same legal form")),
    Feature("public_site", True, _public_site, _says("a public body, once with more words")),
    Feature("both_odd", False, _both_odd, _says_odd),
    Feature("first_words_differ", False, _first_words_differ, _says("they begin differently")),
    Feature("legal_differs", False, legal_differs, _says("the legal forms differ")),
    Feature("compass", False, compass_differs, _says_own(COMPASS, "only one has: ")),
    Feature("places_differ", False, _places_differ, _says_places("different places: ")),
    Feature("place_extra", False, _place_extra, _says_places("only one names the place: ")),
)


def _equal(scheme: Scheme) -> Callable[[Pair], float]:
    def value(pair: Pair) -> float:
        left, right = getattr(pair.left_ids, scheme), getattr(pair.right_ids, scheme)
        return float(left is not None and left == right)

    return value


def _differ(scheme: Scheme) -> Callable[[Pair], float]:
    def value(pair: Pair) -> float:
        left, right = getattr(pair.left_ids, scheme), getattr(pair.right_ids, scheme)
        return float(left is not None and right is not None and left != right)

    return value


def _identifier_features() -> Iterable[Feature]:
    for scheme in Scheme:
        word = scheme.value.replace("_", " ").replace("vat", "VAT").replace("domain", "web address")
        yield Feature(f"{scheme}_same", True, _equal(scheme), _says(f"the same {word}"))
        yield Feature(f"{scheme}_differs", False, _differ(scheme), _says(f"another {word}"))


IDENTIFIER_FEATURES = tuple(_identifier_features())
FEATURES = IDENTIFIER_FEATURES + NAME_FEATURES
SETTLING = (Scheme.COMPANY_NUMBER, Scheme.CHARITY_NUMBER)  # a register gives one to one body
CONFLICTING = (*SETTLING, Scheme.VAT_NUMBER)


def settled_by(pair: Pair) -> str:
    """The register whose number both have, or ""."""
    return next((f"the same {scheme.value.replace('_', ' ')}" for scheme in SETTLING if _equal(scheme)(pair)), "")


def any_identifier(pair: Pair) -> bool:
    return any(_equal(scheme)(pair) for scheme in Scheme)


def conflict(pair: Pair) -> str:
    """Why a person has to look at the pair however alike it is, or ""."""
    for scheme in CONFLICTING:
        if _differ(scheme)(pair):
            return f"the {scheme.value.replace('_', ' ').replace('vat', 'VAT')}s differ"
    kinds = (pair.left.kind, pair.right.kind, *(alias.kind for name in pair.names for alias in name.aliases))
    if any(kind and not kind.is_own_name for kind in kinds):
        return "one may only be paid on the other's behalf"
    checks = ((figures_differ, "only one has that figure"), (legal_differs, "the legal forms differ"))
    places_ = ((compass_differs, "one may be another branch"), (place_differs, "one may be another place's"))
    found = next((why for check, why in (*checks, *places_) if check(pair)), "")
    return found or ("schools, councils and health bodies differ by a word" if is_public(pair) else "")
