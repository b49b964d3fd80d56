"""May these two suppliers be one? A probability, a verdict, and reasons that add up to it.

    normalise → keys (find candidates) → score (each feature gives log-odds) → same | ask | different

Pure. The log-odds of a probability are the sum of its reasons', the prior first; nothing else moves it. The weights are in
`data/matching_weights.json`: those of names are fitted by `bench/fit_matching.py`, those of lists by `bench/fit_lists.py`, those
of identifiers set by hand, the labelled pairs having none. A verdict may be more careful than the probability, never bolder.
"""

import json
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from importlib.resources import files

import msgspec
from rapidfuzz import fuzz, process

from suppliers.matching.features import FEATURES, IDENTIFIER_FEATURES, LIST_FEATURES, NAME_FEATURES, Feature
from suppliers.matching.identifiers import NO_IDENTIFIERS, Identifiers, Scheme
from suppliers.matching.keys import initials
from suppliers.matching.names import Name, normalise
from suppliers.matching.overrides import any_identifier, conflict, names_alone, settled_by
from suppliers.matching.rarity import vocabulary
from suppliers.matching.values import Pair, Reading, compare
from suppliers.matching.word_pairs import Rarity

SAME = 0.985  # measured on pairs that the fit had not seen: right 99 times in 100
LIKELY = 0.7  # measured: right 9 times in 10
ASK = 0.30  # below it, a suggestion is wrong more often than not
LEAD = 0.2  # by how much the best must lead the second to need no person
SHORTLIST = 40  # of a block's candidates, how many are worth the full comparison
FURTHEST = 700.0  # log-odds past which math.exp would overflow
ROUNDING = 1e-9  # log-odds, more than adding up in another order may differ by

FEATURES_OF: Mapping[
    tuple[bool, ...], tuple[Feature, ...]
] = {  # do both have identifiers, was the pair found in a list -> what is looked at
    (False, False): NAME_FEATURES,
    (True, False): FEATURES,
    (False, True): NAME_FEATURES + LIST_FEATURES,
    (True, True): FEATURES + LIST_FEATURES,
}


class MatchVerdict(StrEnum):
    SAME = "same"
    ASK = "ask"
    DIFFERENT = "different"


def likelihood(verdict: MatchVerdict, probability: float) -> str:
    """In words that end a sentence of two suppliers: "almost certainly the same"."""
    if verdict is MatchVerdict.SAME:
        return "almost certainly the same"
    if verdict is MatchVerdict.DIFFERENT:
        return "probably different"
    return "probably the same" if probability >= LIKELY else "may be the same"


class Candidate(msgspec.Struct, frozen=True, gc=False):
    """A supplier as matching sees it. `ref` is the caller's own and comes back untouched."""

    name: Name
    others: tuple[Name, ...] = ()
    identifiers: Identifiers = NO_IDENTIFIERS
    ref: str = ""


class MatchReason(msgspec.Struct, frozen=True, gc=False):
    words: str
    log_odds: float


@dataclass(frozen=True, slots=True)
class Match:
    other: Candidate
    probability: float
    verdict: MatchVerdict
    reasons: tuple[MatchReason, ...]  # the prior first, then the strongest either way
    doubt: str = ""  # why it isn't "same" although the probability is high enough
    settled_by: str = ""  # the register number that both have


def candidate(raw: str, *, others: Iterable[str] = (), identifiers: Identifiers = NO_IDENTIFIERS, ref: str = "") -> Candidate:
    """A candidate made of names as typed."""
    return Candidate(normalise(raw), tuple(map(normalise, others)), identifiers, ref)


def score(query: Candidate, other: Candidate, rarity: Rarity | None = None, *, in_list: bool = False) -> Match:
    """Symmetric but for `Match.other`. Of all the names both have, the two that cover each other best are compared.

    ``in_list``: the two were found among all pairs of a list, not because somebody asked about one of them.
    """
    return _match(other, nearest(query, other, rarity, in_list=in_list))


def _match(other: Candidate, pair: Pair) -> Match:
    reasons = tuple(_reasons(pair))
    odds = math.fsum(reason.log_odds for reason in reasons)
    verdict, doubt = _verdict(pair, odds)
    return Match(other, logistic(odds), verdict, reasons, doubt, settled_by(pair))


def best(
    query: Candidate, others: Iterable[Candidate], rarity: Rarity | None = None, *, limit: int = 10, least: float = 0.0
) -> tuple[Match, ...]:
    """The likeliest first, at most `limit`, none below the probability `least`.

    "Same" must lead by `LEAD` or be settled by a register. Reasons are put in words for those returned alone.
    """
    readings, rare = _readings(query), rarity or vocabulary()
    pairs = ((other, _nearest(readings, query.identifiers, other, rare)) for other in _shortlist(query, tuple(others)))
    found = [(logistic(log_odds(pair)), other, pair) for other, pair in pairs]
    found.sort(key=lambda one: (-one[0], one[1].name.display, one[1].ref))
    rivals = [probability for probability, _, _ in found]
    chosen = [(place, other, pair) for place, (probability, other, pair) in enumerate(found[:limit]) if probability >= least]
    return tuple(_unless_rivalled(_match(other, pair), rivals[:place] + rivals[place + 1 :]) for place, other, pair in chosen)


def nearest(query: Candidate, other: Candidate, rarity: Rarity | None = None, *, in_list: bool = False) -> Pair:
    """The two readings, of all that both have, which cover each other best."""
    return _nearest(_readings(query), query.identifiers, other, rarity or vocabulary(), in_list=in_list)


def _nearest(
    readings: Sequence[Reading], identifiers: Identifiers, other: Candidate, rarity: Rarity, *, in_list: bool = False
) -> Pair:
    ids, others = (identifiers, other.identifiers), _readings(other)
    pairs = [compare(a, b, ids, rarity, in_list=in_list) for a in readings for b in others]
    return max(pairs, key=_closeness) if len(pairs) > 1 else pairs[0]


def _readings(one: Candidate) -> list[Reading]:
    names = (one.name, *one.others)
    return [Reading(name) for name in names] + [Reading(alias.name, alias.kind) for name in names for alias in name.aliases]


def _closeness(pair: Pair) -> tuple[float, bool, float, list[tuple[str, str, str]]]:
    """Ties go to the same words in the same order, to a supplier's own names, then by spelling, so that swapping the sides
    changes nothing.
    """
    sides = (pair.left, pair.right)
    spelt = sorted((side.name.exact, side.name.legal or "", side.kind or "") for side in sides)
    cover, in_order = pair.overlap.cover_left + pair.overlap.cover_right, pair.names[0].loose == pair.names[1].loose
    return cover, in_order, -sum(side.kind is not None for side in sides), spelt


def _reasons(pair: Pair) -> Iterator[MatchReason]:
    given = weights()
    yield MatchReason("before comparing: two suppliers are rarely one", given["prior"])
    said: dict[str, float] = {}  # several features may look at one thing, such as a rare word, and say it once
    for feature in FEATURES_OF[_have_identifiers(pair), pair.in_list]:
        value = feature.value(pair)
        if value and (weight := given.get(feature.name, 0.0)):
            words = feature.says(pair)
            said[words] = said.get(words, 0.0) + weight * value
    yield from sorted((MatchReason(*one) for one in said.items()), key=lambda reason: (-abs(reason.log_odds), reason.words))


def log_odds(pair: Pair, least: float = -math.inf) -> float:
    """The sum of the reasons' log-odds, without putting them in words: for a list with a million pairs.

    Where the sum can't reach ``least`` any more, whatever else speaks for the two, it is minus infinity.
    """
    so_far = weights()["prior"]
    summands = [so_far]
    left, right = pair.odd
    for value, weight, to_come in _weighing(_have_identifiers(pair), pair.in_list, bool(left) + bool(right)):
        if found := value(pair):
            summands.append(weight * found)
            so_far += weight * found
        if so_far + to_come < least:
            return -math.inf
    return math.fsum(summands)


def _have_identifiers(pair: Pair) -> bool:
    return pair.left_ids != NO_IDENTIFIERS != pair.right_ids


@cache
def _weighing(identifiers: bool, in_list: bool, over: int) -> tuple[tuple[Callable[[Pair], float], float, float], ...]:
    """Each feature's value, its weight, and how much the ones after it may add; what speaks against comes first.

    ``over``: on how many sides words are left over. What says nothing then isn't looked at.
    """
    given, features = weights(), [feature for feature in FEATURES_OF[identifiers, in_list] if over in feature.over]
    weighed = sorted((given[feature.name], place) for place, feature in enumerate(features) if given[feature.name])
    against = [(features[place].value, weight) for weight, place in weighed if weight < 0]
    for_ = [(features[place].value, weight) for weight, place in reversed(weighed) if weight > 0]
    to_come = math.fsum(weight for _, weight in for_) + ROUNDING
    found = []
    for value, weight in (*against, *for_):
        to_come -= max(weight, 0.0)
        found.append((value, weight, to_come))
    return tuple(found)


def _verdict(pair: Pair, log_odds: float) -> tuple[MatchVerdict, str]:
    """The verdict, and why it isn't "same" though the probability is high enough."""
    probability = logistic(log_odds)
    if probability < ASK:
        return MatchVerdict.DIFFERENT, ""
    if probability < SAME:
        return MatchVerdict.ASK, ""
    doubt = conflict(pair)
    if not doubt and identifiers_alone(pair, log_odds):
        doubt = "the names have little in common"
    if not doubt and not any_identifier(pair):
        doubt = names_alone(pair)
    return (MatchVerdict.ASK, doubt) if doubt else (MatchVerdict.SAME, "")


def identifiers_alone(pair: Pair, log_odds: float) -> bool:
    """Whether only identifiers speak for the two. They are mistyped, and shared in groups, so that alone they prove nothing."""
    given = weights()
    lent = math.fsum(given.get(feature.name, 0.0) * feature.value(pair) for feature in IDENTIFIER_FEATURES)
    return logistic(log_odds - lent) < ASK


def _unless_rivalled(match: Match, rivals: Sequence[float]) -> Match:
    rivalled = any(abs(match.probability - rival) < LEAD for rival in rivals)
    if match.verdict is not MatchVerdict.SAME or match.settled_by or not rivalled:
        return match
    return replace(match, verdict=MatchVerdict.ASK, doubt="another supplier is as likely")


def _shortlist(query: Candidate, others: tuple[Candidate, ...]) -> tuple[Candidate, ...]:
    """All when there are few; otherwise the `SHORTLIST` whose texts look likest, and whoever shares a number or initials."""
    if len(others) <= SHORTLIST:
        return others
    texts = {(i, n): " ".join(r.name.loose) for i, other in enumerate(others) for n, r in enumerate(_readings(other))}
    likely: set[int] = set()
    for text in {" ".join(reading.name.loose) for reading in _readings(query)}:
        for scorer in (fuzz.token_set_ratio, fuzz.ratio):  # one finds longer and shorter names, the other misspelt ones
            likely.update(place[0] for _, _, place in process.extract(text, texts, scorer=scorer, limit=SHORTLIST // 2))
    marks = _marks(query)
    return tuple(other for i, other in enumerate(others) if i in likely or marks & _marks(other))


def _marks(one: Candidate) -> set[str]:
    """Identifiers and initials: what makes two suppliers worth comparing without a word in common."""
    found = {initials(reading.name.loose) for reading in _readings(one)} - {""}
    return found | {f"{scheme}:{value}" for scheme, value in one.identifiers.items() if scheme is not Scheme.POSTCODE}


def logistic(log_odds: float) -> float:
    """Log-odds to a probability in 0..1."""
    return 1 / (1 + math.exp(-log_odds)) if log_odds > -FURTHEST else 0.0


@cache
def weights() -> Mapping[str, float]:
    """Log-odds by feature name, `prior` included, from `data/matching_weights.json`."""
    table = json.loads((files("suppliers.matching") / "data" / "matching_weights.json").read_text(encoding="utf-8"))
    return {"prior": table["prior"], **table["identifiers"], **table["names"], **table["lists"]}
