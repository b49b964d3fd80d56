"""What a pair of names shows, each thing as a number: 0 says nothing, the others lie in 0..1. Pure."""

from collections.abc import Callable, Iterable, Sequence

import msgspec
from rapidfuzz import fuzz

from suppliers.matching.identifiers import NO_IDENTIFIERS, Identifiers, Scheme
from suppliers.matching.names import AliasKind, Name
from suppliers.matching.public_bodies import COMPASS, KINDS, PUBLIC, places
from suppliers.matching.public_names import NHS
from suppliers.matching.rarity import Overlap, overlap
from suppliers.matching.word_pairs import INITIALS, Rarity, aligned, whole_initials

CUT_OFF = 15  # letters: a shorter name that another one begins with is a name of its own, not one cut off
COVERED = 0.6  # below it, what two names share is no more than trade words
COMPANIES = frozenset({"ltd", "plc", "llp", "cic"})  # the register gives a name to one company alone
ORDINARY = 0.6  # in 1 of 1,000
RARE = 0.7  # rarity of a word in 1 name of 3,000
NOTHING = frozenset({"uk"})  # says nothing of which company it is
LONGEST_NUMBER = 3  # figures of a unit, a floor or an area
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
    in_list: bool = False  # found among all pairs of a list, where nearly all that look alike are strangers


def compare(
    left: Reading, right: Reading, identifiers: tuple[Identifiers, Identifiers], rarity: Rarity, *, in_list: bool = False
) -> Pair:
    found = overlap(left.name.loose, right.name.loose, rarity)
    names, odd = (left.name, right.name), (found.only_left, found.only_right)
    return Pair(left, right, *identifiers, overlap=found, names=names, odd=odd, rarity=rarity, in_list=in_list)


def _above(floor: float, value: float) -> float:
    return max(0.0, (value - floor) / (1 - floor))


def covered(pair: Pair) -> float:
    return _above(COVERED, min(pair.overlap.cover_left, pair.overlap.cover_right))


def rare(pair: Pair) -> float:
    return _above(RARE, pair.overlap.rarest)


def rare_place(pair: Pair) -> float:
    return max((worth for worth, is_place in shared_worths(pair) if is_place), default=0.0)


def shared_worths(pair: Pair) -> list[tuple[float, bool]]:
    """For each shared word, how telling it is, and whether it names a place."""
    known = places()
    shared = zip(pair.overlap.worths, pair.overlap.shared, strict=True)
    return [(worth, words in known or (" " in words and known.issuperset(words.split()))) for worth, (words, _, _) in shared]


def first_word(pair: Pair) -> float:
    left, right = (name.loose[:1] for name in pair.names)
    likes = (like for a, b, like in pair.overlap.shared if (*a.split()[:1],) == left and (*b.split()[:1],) == right)
    return max((like for like in likes if like != INITIALS), default=0.0)


def begin_alike(pair: Pair) -> float:
    """The first two words of both, or the only one."""
    left, right = (name.loose[:2] for name in pair.names)
    is_one = len(left) == 1 and pair.names[0].loose == pair.names[1].loose
    return float(left == right and (is_one or len(left) > 1) and not only_ordinary(pair))


def first_words_differ(pair: Pair) -> float:
    return float(all(name.loose[:1] and name.loose[0] in odd for name, odd in zip(pair.names, pair.odd, strict=True)))


def acronym(pair: Pair) -> float:
    """Three letters are the initials of dozens of names and tell nothing, five of few."""
    return min(1.0, max(0, len(pair.overlap.acronym) - 3) / 2)


def beginning(pair: Pair) -> float:
    """All that one name says the other begins with, to the word or, of a name that is long enough, cut off within one.

    Not of two registered companies, since the register gives "Moor Ltd" and "Moor Tools Ltd" to two, nor of a place alone.
    """
    left, right = (name.loose for name in pair.names)
    if not left or not right or left[0][0] != right[0][0]:
        return 0.0
    shorter, longer = sorted((left, right), key=lambda words: len("".join(words)))
    read, whole = "".join(shorter), "".join(longer)
    if len(read) == len(whole) or not whole.startswith(read) or places().issuperset(shorter):
        return 0.0
    is_whole = longer[: len(shorter)] == shorter or len(read) >= CUT_OFF
    return float(is_whole and not all(name.legal in COMPANIES for name in pair.names))


def spelt_alike(pair: Pair) -> float:
    return _likeness(*(" ".join(sorted(name.loose)) for name in pair.names))


def run_together(pair: Pair) -> float:
    return _likeness(*("".join(name.loose) for name in pair.names))


def _likeness(left: str, right: str) -> float:
    return _above(ALIKE, fuzz.ratio(left, right) / 100) if left and right else 0.0


def legal_same(pair: Pair) -> float:
    """Nothing of two registered companies of which one has more words: they are two, of whatever form."""
    left, right = pair.names
    one_has_more = bool(pair.odd[0]) != bool(pair.odd[1])
    return float(left.legal == right.legal is not None and not (one_has_more and left.legal in COMPANIES))


def legal_differs(pair: Pair) -> float:
    left, right = pair.names
    return float(bool(left.legal and right.legal) and left.legal != right.legal)


def both_odd(pair: Pair) -> float:
    """Each has words that the other lacks, or they share none: one may have no words at all."""
    return float(all(pair.odd) or not pair.overlap.shared)


def odd_ordinary(pair: Pair) -> float:
    """Each has words that the other lacks, and those of one side are in thousands of names: group, services.

    Not where they tell one branch or year from another, which is what such words are there for (north, 2), nor where one side
    has a place: "Moor Group" is not "Moor Leeds".
    """
    telling = [max(map(pair.rarity, odd)) for odd in pair.odd if odd and not any(map(_tells_apart, odd))]
    value = max(0.0, (ORDINARY - min(telling)) / ORDINARY) if all(pair.odd) and telling else 0.0
    return 0.0 if value and place_differs(pair) else value


def _tells_apart(word: str) -> bool:
    return word in COMPASS or is_figure(word)


def only_ordinary(pair: Pair) -> float:
    """Nothing but a place is shared, or nothing but the one ordinary word that is all of a name ("Parking"), or each has words of
    its own and they share a place and ordinary words: a theatre of the town and its pest control.

    Not of two health trusts: "trust" is a legal form, and a place has one of a kind.
    """
    answers = (left if left == right else _commoner(left, right, pair.rarity) for left, right, _ in pair.overlap.shared)
    shared = {word for words in answers for word in words.split()}
    telling = shared - places() - COMPASS
    if not any(pair.odd) or not shared or PUBLIC & shared or all(name.legal == NHS for name in pair.names):
        return 0.0
    little = bool(telling) and max(map(pair.rarity, telling)) < ORDINARY
    is_whole = any(len(name.loose) == 1 for name in pair.names)
    return float(not telling or (little and (is_whole or (all(pair.odd) and telling < shared))))


def _commoner(left: str, right: str, rarity: Rarity) -> str:
    """Of two answers the one that tells less: a name misspelt is no rarer than the name."""
    return min((max(map(rarity, words.split()), default=0.0), words) for words in (left, right))[1]


def public_site(pair: Pair) -> float:
    """A longer and a shorter name of a public body: for these it is mostly a department or a cut-off.

    Not where one is called North or South, which is another body's.
    """
    one = any(pair.odd) and not all(pair.odd) and bool(pair.overlap.shared)
    return float(one and is_public(pair) and not compass_differs(pair))


def kind_differs(pair: Pair) -> float:
    left, right = ({KINDS[word] for word in odd if word in KINDS} for odd in pair.odd)
    return float(bool(left and right) and left.isdisjoint(right))


def compass_differs(pair: Pair) -> float:
    return float(any(not COMPASS.isdisjoint(odd) for odd in pair.odd))


def told_apart(pair: Pair) -> float:
    """Each has a compass word or a number of its own: North, South; Unit 1, Unit 2. A long number is a code and tells nothing."""
    return float(all(any(map(is_branch, odd)) for odd in pair.odd))


def is_branch(word: str) -> bool:
    return word in COMPASS or (word.isdigit() and len(word) <= LONGEST_NUMBER)


def compass_extra(pair: Pair) -> float:
    return compass_differs(pair) * (1 - told_apart(pair))


def places_differ(pair: Pair) -> float:
    return float(all(not places().isdisjoint(odd) for odd in pair.odd))


def place_extra(pair: Pair) -> float:
    return float(any(not places().isdisjoint(odd) for odd in pair.odd) and not places_differ(pair))


def place_differs(pair: Pair) -> float:
    return max(places_differ(pair), place_extra(pair))


def figures_differ(pair: Pair) -> float:
    return float(any(is_figure(word) for odd in pair.odd for word in odd))


def is_figure(word: str) -> bool:
    return not word.isalpha()


def on_behalf(pair: Pair) -> float:
    """One of the two goes through somebody else, or is paid for somebody else."""
    kinds = (pair.left.kind, pair.right.kind, *(alias.kind for name in pair.names for alias in name.aliases))
    return float(any(kind and not kind.is_own_name for kind in kinds))


def is_public(pair: Pair) -> bool:
    return any(name.legal == NHS or not PUBLIC.isdisjoint(name.loose) for name in pair.names)


def one_has_more(pair: Pair) -> float:
    """One name has words that the other lacks, and no number says that the two are one."""
    left, right = map(_is_own, pair.odd)
    return float(left != right and not _same_number(pair))


def each_has_own(pair: Pair) -> float:
    """Each name has words that the other lacks, and no number says that the two are one."""
    return float(all(map(_is_own, pair.odd)) and not _same_number(pair))


def have_own_words(left: Sequence[str], right: Sequence[str], rarity: Rarity) -> bool:
    """What ``each_has_own`` says of two names without numbers, by their words alone: most pairs of a long list end here."""
    lefts, rights = dict.fromkeys(left), dict.fromkeys(right)
    left_over = [word for word in lefts if word not in rights]
    right_over = [word for word in rights if word not in lefts]
    if not _is_own(left_over) or not _is_own(right_over):
        return False
    if whole_initials(left_over, right, rarity) or whole_initials(right_over, left, rarity):
        return False
    answers = aligned(left_over, right_over, rarity)
    if not answers:
        return True
    left_answered = {word for one, _, _ in answers for word in one.split()}
    right_answered = {word for _, one, _ in answers for word in one.split()}
    return _is_own(lefts.keys() - rights - left_answered) and _is_own(rights.keys() - lefts - right_answered)


def own_figures(pair: Pair) -> float:
    """Each has a figure or code of its own, of whatever length: two sites, or two payments."""
    return float(all(any(map(is_figure, odd)) for odd in pair.odd) and not _same_number(pair))


def _is_own(odd: Iterable[str]) -> bool:
    return not NOTHING.issuperset(odd)


def _same_number(pair: Pair) -> bool:
    if NO_IDENTIFIERS in (pair.left_ids, pair.right_ids):
        return False
    return any(equal(scheme)(pair) for scheme in Scheme)


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
