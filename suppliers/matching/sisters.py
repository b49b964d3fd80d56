"""What tells one supplier with two names from sisters, branches and namesakes: lines of work, federations, kinds. Pure."""

from functools import cache
from importlib.resources import files
from typing import Final

from suppliers.matching.public_bodies import COMPASS, places
from suppliers.matching.values import COMPANIES, ORDINARY, Pair, compass_differs
from suppliers.matching.word_pairs import PREFIX

# Names that many bodies have, each its own charity or company in its own place.
_FEDERATIONS: Final = (
    "age concern", "age uk", "carers centre", "carers trust", "chamber commerce", "citizens advice", "community foundation",
    "community transport", "credit union", "crossroads", "cruse", "cvs", "emmaus", "food bank", "foodbank", "girlguiding",
    "groundwork", "guides", "headway", "healthwatch", "home start", "homestart", "lions", "mencap", "mind",
    "princess royal trust", "rape crisis", "relate", "riding disabled", "rotary", "round table", "rspca", "saint",
    "samaritans", "scouts", "shopmobility", "stroke association", "sure start", "talking newspaper", "u3a",
    "victim support", "volunteer bureau", "volunteer centre", "wi", "wildlife trust", "womens aid", "womens institute",
    "ymca", "young enterprise", "ywca",
)  # fmt: skip
FEDERATIONS: Final = tuple(frozenset(name.split()) for name in _FEDERATIONS)
_OF_FEDERATIONS: Final = frozenset({name.split()[0] for name in _FEDERATIONS})

# What one body is called by turns: "Moor Surgery" and "Moor Medical Practice".
_ONE_KIND: Final = {
    "home": "care home nursing residential",
    "nursery": "childcare daycare kindergarten nursery playgroup preschool",
    "school": "academies academy college primary school schools",
    "surgery": "clinic doctors gp health medical practice surgery",
}
ONE_KIND: Final = {word: kind for kind, words in _ONE_KIND.items() for word in words.split()}


@cache
def trades() -> frozenset[str]:
    """Lines of work, from `data/trades.txt`."""
    lines = (files("suppliers.matching") / "data" / "trades.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if not line.startswith("#"))


def namesakes(pair: Pair) -> float:
    """Both are called after a saint or a federation, and one has more words, or each its own: "Age UK Moor" is not "Age UK"."""
    shared = {left for left, right, _ in pair.overlap.shared if left == right}
    if not any(pair.odd) or _OF_FEDERATIONS.isdisjoint(shared):
        return 0.0
    return float(any(name <= shared for name in FEDERATIONS))


def one_kind(pair: Pair) -> float:
    """Each has a word of its own for what both are."""
    left, right = ({ONE_KIND[word] for word in odd if word in ONE_KIND} for odd in pair.odd)
    return float(not left.isdisjoint(right))


def trade_apart(pair: Pair) -> float:
    """A line of work that only one has, beside words that only the other has, or where both are registered companies.

    "Moor Print" may be short for "Moor Print and Design", but the register gives "Moor Ltd" and "Moor Print Ltd" to two.
    """
    left, right = pair.odd
    if trades().isdisjoint(left) and trades().isdisjoint(right):
        return 0.0
    registered = all(name.legal in COMPANIES for name in pair.names)
    return float((registered or bool(left and right)) and not one_kind(pair))


def within(pair: Pair) -> float:
    """Only one has more words, and they stand inside its name, between words that are the other's too: a longer form of it, for
    which a sister's word comes last.

    Half where the other has two words, and nothing where these are a place and an ordinary one: "Moor University" is not "Moor
    Hallam University". Nor for a compass word: "Moor North Clinic" is another place's.
    """
    left, right = pair.odd
    if bool(left) == bool(right) or compass_differs(pair):
        return 0.0
    longer, answers = pair.names[1 if right else 0].loose, pair.overlap.shared
    answered = {word: like for a, b, like in answers for word in (b if right else a).split()}
    if min(answered.get(longer[0], 0.0), answered.get(longer[-1], 0.0)) < PREFIX or (len(answers) == 2 and not _telling(pair)):
        return 0.0
    return min(1.0, (min(len(name.loose) for name in pair.names) - 1) / 2)


def _telling(pair: Pair) -> bool:
    """Whether a word is shared that is neither a place nor in one name of 1,000."""
    shared = {word for words, _, _ in pair.overlap.shared for word in words.split()} - places() - COMPASS
    return max(map(pair.rarity, shared), default=0.0) >= ORDINARY
