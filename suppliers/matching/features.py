"""The table of what matching looks at: each feature gives a value for a pair of names and says it in words.

A value of 0 says nothing and leaves no reason; the others lie in 0..1. What a feature weighs is in
`data/matching_weights.json`; whether it speaks for or against is fixed here, so that no fit can ever hold a shared
rare word against a pair. Pure.
"""

from collections.abc import Callable, Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final

from suppliers.matching import sisters, values
from suppliers.matching.identifiers import Scheme
from suppliers.matching.public_bodies import COMPASS, KINDS, places
from suppliers.matching.values import RARE, Pair, differ, equal

ANY: Final = frozenset({0, 1, 2})
LEFT_OVER: Final = frozenset({1, 2})
ONE: Final = frozenset({1})
BOTH: Final = frozenset({2})


@dataclass(frozen=True, slots=True)
class Feature:
    name: str
    speaks_for: bool
    value: Callable[[Pair], float]
    says: Callable[[Pair], str]
    over: frozenset[int] = ANY  # on how many sides words must be left over for it to be anything but 0


def _says(text: str) -> Callable[[Pair], str]:
    return lambda _: text


def _says_rare(pair: Pair) -> str:
    worths = values.shared_worths(pair)
    return _says_rarest(place=max(worths)[1])(pair)


def _says_rarest(*, place: bool) -> Callable[[Pair], str]:
    """The rarest of the shared words that are, or are not, places, as both sides spell it."""

    def says(pair: Pair) -> str:
        shared = zip(values.shared_worths(pair), pair.overlap.shared, strict=True)
        worth, words = max((worth, sorted({a, b})) for (worth, is_place), (a, b, _) in shared if is_place is place)
        what = "name the place" if place else f"have {'an unusual' if worth >= RARE else 'the'} word"
        return f"both {what}: {' / '.join(words)}"

    return says


def _says_acronym(pair: Pair) -> str:
    return f"“{pair.overlap.acronym}” may be the initials of the other name"


def _says_first(pair: Pair) -> str:
    return f"both begin alike: {' / '.join(sorted({name.loose[0] for name in pair.names}))}"


def _says_begin(pair: Pair) -> str:
    return "the first two words are the same" if len(pair.names[0].loose) > 1 else "neither has another word"


def _says_odd(pair: Pair) -> str:
    if not all(pair.odd):
        return "they have no word in common"
    left, right = sorted(" ".join(odd) for odd in pair.odd)
    return f"each has words that the other lacks: “{left}” and “{right}”"


def _says_odd_ordinary(pair: Pair) -> str:
    ordinary = min(pair.odd, key=lambda odd: (max(map(pair.rarity, odd)), odd))
    return f"many names have what only one has: {', '.join(ordinary)}"


def _says_more(pair: Pair) -> str:
    return f"in a list, a name with more words is mostly another's: {', '.join(word for odd in pair.odd for word in odd)}"


def _says_branches(pair: Pair) -> str:
    return f"each has its own: {', '.join(sorted({word for odd in pair.odd for word in odd if values.is_branch(word)}))}"


def _says_own(words: AbstractSet[str], text: str) -> Callable[[Pair], str]:
    return lambda pair: text + ", ".join(sorted({word for odd in pair.odd for word in odd if word in words}))


def _says_within(pair: Pair) -> str:
    return f"only one has, within its name: {', '.join(word for odd in pair.odd for word in odd)}"


def _says_places(text: str) -> Callable[[Pair], str]:
    return _says_own(places(), text)


NAME_FEATURES = (
    Feature("covered", True, values.covered, _says("most of what is particular in each name is in the other")),
    Feature("rare", True, values.rare, _says_rare),
    Feature("rare_place", True, values.rare_place, _says_rarest(place=True)),
    Feature("first_word", True, values.first_word, _says_first),
    Feature("begin_alike", True, values.begin_alike, _says_begin),
    Feature("acronym", True, values.acronym, _says_acronym),
    Feature("beginning", True, values.beginning, _says("one name is the beginning of the other")),
    Feature("spelt_alike", True, values.spelt_alike, _says("they are spelt nearly alike")),
    Feature("run_together", True, values.run_together, _says("they are spelt nearly alike")),
    Feature("legal_same", True, values.legal_same, _says("both have the same legal form")),
    Feature("public_site", True, values.public_site, _says("a public body, once with more words"), ONE),
    Feature("both_odd", False, values.both_odd, _says_odd),
    Feature(
        "only_ordinary", False, values.only_ordinary, _says("they share a place or an ordinary word, and nothing else"), LEFT_OVER
    ),
    Feature("odd_ordinary", True, values.odd_ordinary, _says_odd_ordinary, BOTH),
    Feature("first_words_differ", False, values.first_words_differ, _says("they begin differently"), BOTH),
    Feature("kind_differs", False, values.kind_differs, _says_own(frozenset(KINDS), "two kinds of body: "), BOTH),
    Feature("legal_differs", False, values.legal_differs, _says("the legal forms differ")),
    Feature("told_apart", False, values.told_apart, _says_branches, BOTH),
    Feature("compass_extra", False, values.compass_extra, _says_own(COMPASS, "only one has: "), LEFT_OVER),
    Feature("places_differ", False, values.places_differ, _says_places("different places: "), BOTH),
    Feature("place_extra", False, values.place_extra, _says_places("only one names the place: "), LEFT_OVER),
    Feature("namesakes", False, sisters.namesakes, _says("many bodies bear the name that they share"), LEFT_OVER),
    Feature("one_kind", True, sisters.one_kind, _says_own(frozenset(sisters.ONE_KIND), "words for one kind of body: "), BOTH),
    Feature("trade_apart", False, sisters.trade_apart, _says_own(sisters.trades(), "another line of work: "), LEFT_OVER),
    Feature("within", True, sisters.within, _says_within, ONE),
)

LIST_FEATURES = (  # of a pair that was found among all pairs of a list
    Feature("one_has_more", False, values.one_has_more, _says_more, LEFT_OVER),
    Feature(
        "each_has_own", False, values.each_has_own, _says("in a list, names with words of their own are mostly strangers'"), BOTH
    ),
    Feature("own_figures", False, values.own_figures, _says("each has its own figures"), BOTH),
)


def _identifier_features() -> Iterable[Feature]:
    for scheme in Scheme:
        word = scheme.value.replace("_", " ").replace("vat", "VAT").replace("domain", "web address")
        yield Feature(f"{scheme}_same", True, equal(scheme), _says(f"the same {word}"))
        yield Feature(f"{scheme}_differs", False, differ(scheme), _says(f"another {word}"))


IDENTIFIER_FEATURES = tuple(_identifier_features())
FEATURES = IDENTIFIER_FEATURES + NAME_FEATURES
