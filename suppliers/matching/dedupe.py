"""Finds the suppliers of a list that are one: pairs worth a look, and clusters that may be taken as they are. Pure.

    add each row → compare (blocks, then the full comparison, on several processors) → clusters → how right each is there

Neither the order of the rows nor the number of processors changes anything.
"""

import gc
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from suppliers.matching import matching
from suppliers.matching import pairs as blocks
from suppliers.matching.clusters import Clusters, PairScore, Places, clusters, spelling
from suppliers.matching.distinct import DistinctList
from suppliers.matching.matching import ASK, Candidate, Match
from suppliers.matching.overrides import any_identifier, conflict, is_unequal
from suppliers.matching.pairs import Blocks
from suppliers.matching.sisters import within
from suppliers.matching.values import COMPANIES, NOTHING, Pair, each_has_own, have_own_words
from suppliers.matching.word_pairs import INFLECTED, Rarity

THRESHOLD: Final = 0.9  # joined without a person; what that is worth on real ledgers is in bench/README.md
TELLING: Final = 0.5  # of a shared word; a misspelt one tells less than the word itself
LEAST: Final = 0.1  # a pair less likely than this is not kept: there are millions
LEAST_ODDS: Final = math.log(LEAST / (1 - LEAST)) - 0.001  # so that no rounding leaves out what is just likely enough
CHUNK: Final = 500  # suppliers compared at a time: about half a second's work

IMPOSSIBLE: Final = PairScore(0.0)

Found = list[tuple[Places, PairScore]]


def compare(
    left: Candidate, right: Candidate, rarity: Rarity | None = None, least: float = -math.inf, *, own_words: bool = True
) -> PairScore:
    """``least``: log-odds below which a pair is as good as impossible, and 0. Without ``own_words`` two names are that too where
    each has words which the other lacks.
    """
    pair = matching.nearest(left, right, rarity, in_list=True)
    if not own_words and each_has_own(pair):
        return IMPOSSIBLE
    log_odds = matching.log_odds(pair, least)
    probability = matching.logistic(log_odds)
    return PairScore(probability, _conflict(pair, log_odds) if probability >= ASK else "")


def _conflict(pair: Pair, log_odds: float) -> str:
    """Why only a person may join the two, or ""."""
    if why := conflict(pair):
        return why
    if any_identifier(pair):
        return "the names have little in common" if matching.identifiers_alone(pair, log_odds) else ""
    if pair.overlap.acronym:
        return "one may only have the other's initials"
    if any(len(name.loose) == 1 for name in pair.names) and not NOTHING.issuperset((*pair.odd[0], *pair.odd[1])):
        return "one is a single word of the other"
    if _by_a_letter(pair):
        return "a letter may make it another name"
    return _two_companies(pair) or ("a word within a name may make it another's" if _by_what_is_within(pair, log_odds) else "")


def _by_a_letter(pair: Pair) -> bool:
    """Every word that tells them from others is spelt differently, or none tells and one is: of short names, a list has many that
    are a letter apart.
    """
    answers = pair.overlap.shared
    telling = [like for worth, (_, _, like) in zip(pair.overlap.worths, answers, strict=True) if worth >= TELLING]
    return max(telling) < INFLECTED if telling else any(is_unequal(pair, *answer) for answer in answers)


def _by_what_is_within(pair: Pair, log_odds: float) -> bool:
    """Whether they would be joined only since what one has more stands inside its name: in a list, that may be a branch's too."""
    lent = matching.weights()["within"] * within(pair)
    return lent > 0 and matching.logistic(log_odds - lent) < THRESHOLD


def _two_companies(pair: Pair) -> str:
    """The register gives a name to one company alone, so another name is another company's, unless a form was left out."""
    left, right = pair.names
    if left.legal not in COMPANIES or right.legal not in COMPANIES:
        return ""
    if not NOTHING.issuperset((*pair.odd[0], *pair.odd[1])):
        return "each is a company, and one has more words"
    turned = left.loose != right.loose and sorted(left.loose) == sorted(right.loose)
    return "each is a company, and the words are in another order" if turned else ""


@dataclass(slots=True)
class Compared:
    """A list with the score of each likely pair; any other pair is scored when it is asked for."""

    listed: DistinctList
    pairs: dict[Places, PairScore]

    def match(self, left: int, right: int) -> Match:
        """The full comparison of two suppliers by place, with its reasons."""
        return matching.score(self.listed.suppliers[left], self.listed.suppliers[right], self.listed.rarity, in_list=True)

    def score(self, left: int, right: int) -> PairScore:
        """The score of two suppliers by place; 1 or 0 where people decided it."""
        pair = (min(left, right), max(left, right))
        if pair in self.listed.decided.same:
            return PairScore(1.0)
        if pair in self.listed.decided.different:
            return PairScore(0.0)
        first, second = (self.listed.suppliers[place] for place in pair)
        return self.pairs.get(pair) or compare(first, second, self.listed.rarity)

    def clusters(self, threshold: float = THRESHOLD) -> Clusters:
        likely = list(self.pairs.items())
        return clusters(self.listed.suppliers, likely, score=self.score, threshold=threshold, decided=self.listed.decided)

    def rightness(self, found: Clusters) -> list[float]:
        """For each supplier of the list, the probability that its rows belong in their cluster.

        Together with others: the mean, over the names of its cluster (its own only if another row bears it), of the
        probability that it and the bearer of that name are one. Alone: that it is not the likeliest other one.
        """
        others = self._likeliest_other()
        rows = Counter(self.listed.at)
        right = [1 - others.get(place, 0.0) for place in range(len(self.listed.suppliers))]
        for members in found.members.values():
            if len(members) > 1 or rows[members[0]] > 1:
                for place in members:
                    right[place] = self._mean(place, members, rows)
        return right

    def _mean(self, place: int, members: Sequence[int], rows: Counter[int]) -> float:
        own = spelling(self.listed.suppliers[place].name)
        bearers = {spelling(self.listed.suppliers[other].name): other for other in reversed(members) if other != place}
        if own not in bearers and rows[place] > 1:
            bearers[own] = place
        return math.fsum(self.score(place, other).probability for other in bearers.values()) / len(bearers)

    def _likeliest_other(self) -> dict[int, float]:
        likeliest: dict[int, float] = {}
        for pair in self.pairs:
            probability = self.score(*pair).probability
            for place in pair:
                likeliest[place] = max(probability, likeliest.get(place, 0.0))
        return likeliest


@dataclass(frozen=True, slots=True)
class _Work:
    suppliers: Sequence[Candidate]
    blocks: Blocks
    rarity: Rarity

    def chunk(self, start: int) -> Found:
        found: Found = []
        few = len(self.suppliers) <= blocks.SMALL
        for place in range(start, min(start + CHUNK, len(self.suppliers))):
            one = self.suppliers[place]
            for other in blocks.partners(self.blocks, place):
                if not few and self._strangers(place, other):
                    continue
                score = compare(one, self.suppliers[other], self.rarity, LEAST_ODDS, own_words=few)
                if score.probability >= LEAST:
                    found.append(((place, other), score))
        return found

    def _strangers(self, place: int, other: int) -> bool:
        """Whether each has words that the other lacks, where a glance at its only name shows it: ``compare`` sees the others."""
        if not (self.blocks.only[place] and self.blocks.only[other]):
            return False
        return have_own_words(self.suppliers[place].name.loose, self.suppliers[other].name.loose, self.rarity)


@contextmanager
def comparing(listed: DistinctList, *, jobs: int) -> Iterator[tuple[int, Iterable[Found]]]:
    """Yields how many chunks there are, and each chunk's pairs as they are found.

    The processors' work begins before anything is yielded, while this process still has a single thread: it is forked.
    """
    with nothing_thrown_away():
        work = _Work(listed.suppliers, blocks.blocks(listed.suppliers), listed.rarity)
    starts = range(0, len(listed.suppliers), CHUNK)
    if jobs == 1 or len(starts) < 2:
        yield len(starts), map(work.chunk, starts)
        return
    import multiprocessing  # noqa: PLC0415 - a child that compares a short list by itself starts sooner without these two
    from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415

    context = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(jobs, mp_context=context, initializer=_begin, initargs=(work,)) as processors:
        yield len(starts), processors.map(_chunk, starts)


@contextmanager
def nothing_thrown_away() -> Iterator[None]:
    """A million small things are made and kept: looking over all of them for rubbish takes a third of the time."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


_begun: list[_Work] = []  # in a processor of the pool: what it works on


def _begin(work: _Work) -> None:
    gc.freeze()  # what was there before the fork stays shared with the other processors
    _begun[:] = [work]


def _chunk(start: int) -> Found:
    return _begun[0].chunk(start)


def compared(listed: DistinctList, chunks: Iterable[Found]) -> Compared:
    return Compared(listed, {pair: score for chunk in chunks for pair, score in chunk})
