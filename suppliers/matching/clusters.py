"""Puts suppliers that are one into clusters, so that no chain of small likenesses joins strangers. Pure.

A supplier is its place in the list. What a person decided goes first; then equal names; then pairs, the likeliest first,
each joining two whole clusters or none: all names of both must be alike on average, no two in conflict, and no pair that a
person called different may come together, however long the chain between them.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from suppliers.matching.identifiers import Scheme
from suppliers.matching.matching import LEAD, Candidate
from suppliers.matching.names import Name
from suppliers.matching.overrides import CONFLICTING

MOST_NAMES: Final = 25  # different names that may come together without a person

SLACK: Final = 0.1  # by how much the mean of all names of two clusters may lie below the pair that joins them

Places = tuple[int, int]  # the earlier place first
Spelling = tuple[str, str, tuple[tuple[str, str, str], ...]]


@dataclass(frozen=True, slots=True)
class PairScore:
    """How likely two suppliers are one, 0 to 1; ``conflict`` says why only a person may join them, or ""."""

    probability: float
    conflict: str = ""


@dataclass(frozen=True, slots=True)
class DecidedPairs:
    """The pairs that people decided are the same, and those that they decided are different."""

    same: frozenset[Places] = frozenset()
    different: frozenset[Places] = frozenset()


@dataclass(frozen=True, slots=True)
class Clusters:
    of: Sequence[int]  # each supplier's cluster, named by its first member
    members: Mapping[int, Sequence[int]]  # in order
    refused: tuple[Places, ...]  # decided to be the same, where another decision forbids it


def clusters(
    suppliers: Sequence[Candidate],
    likely: Iterable[tuple[Places, PairScore]],
    *,
    score: Callable[[int, int], PairScore],
    threshold: float,
    decided: DecidedPairs,
) -> Clusters:
    """``likely`` are the pairs that were found; ``score`` compares any other two that a join would bring together.

    The same suppliers in the same order always give the same clusters.
    """
    joining = _Joining(suppliers, score, threshold, decided.different)
    refused = tuple(pair for pair in sorted(decided.same) if not joining.as_decided(*pair))
    for left, right in _of_one_name(suppliers):
        joining.equal_names(left, right)
    found = [(pair, one) for pair, one in likely if one.probability >= threshold and not one.conflict]
    torn = _torn(suppliers, found)
    for pair, _ in sorted(found, key=lambda one: (-one[1].probability, one[0])):
        if not torn.intersection(pair):
            joining.alike(*pair)
    return Clusters([joining.root(place) for place in range(len(suppliers))], joining.together(), refused)


def _of_one_name(suppliers: Sequence[Candidate]) -> list[Places]:
    """Each supplier of a name with the next one of that name, unless numbers or legal forms say that several bear it."""
    by_name: dict[Spelling, list[int]] = {}
    for place, one in enumerate(suppliers):
        by_name.setdefault(spelling(one.name), []).append(place)
    return [
        pair
        for places in by_name.values()
        if len(places) > 1 and not _several(suppliers[place] for place in places)
        for pair in pairwise(places)
    ]


def spelling(name: Name) -> Spelling:
    """What two records of one name share, whatever the capitals, signs and spaces."""
    return name.exact, name.legal or "", tuple((a.kind.value, a.name.exact, a.name.legal or "") for a in name.aliases)


def _several(suppliers: Iterable[Candidate]) -> bool:
    known: dict[str, str] = {}
    return any(known.setdefault(mark, value) != value for one in suppliers for mark, value in _marks(one).items())


def _marks(one: Candidate) -> dict[str, str]:
    """The numbers and the legal form, of which no supplier has two."""
    numbers: dict[str, str] = {scheme: value for scheme, value in one.identifiers.items() if scheme in CONFLICTING}
    return numbers | ({"legal form": one.name.legal} if one.name.legal else {})


def _torn(suppliers: Sequence[Candidate], found: Sequence[tuple[Places, PairScore]]) -> set[int]:
    """Suppliers without a mark that are about equally like two which can't be one: joining either would be a guess."""
    beside: dict[int, list[tuple[float, int]]] = {}
    for (left, right), one in found:
        beside.setdefault(left, []).append((one.probability, right))
        beside.setdefault(right, []).append((one.probability, left))
    torn = set()
    for place, others in beside.items():
        best = max(others)[0]
        rivals = [suppliers[other] for probability, other in others if best - probability < LEAD]
        if not _marks(suppliers[place]) and _several(rivals):
            torn.add(place)
    return torn


class _Joining:
    """Union-find in which a union may be refused."""

    def __init__(
        self,
        suppliers: Sequence[Candidate],
        score: Callable[[int, int], PairScore],
        threshold: float,
        different: Iterable[Places],
    ) -> None:
        self._score, self._threshold = score, threshold
        self._parent = list(range(len(suppliers)))
        self._members: dict[int, list[int]] = {}
        self._names: dict[int, dict[Spelling, int]] = {}  # one supplier of each name stands for all of it
        self._numbers: dict[int, dict[Scheme, set[str]]] = {}
        self._suppliers = suppliers
        self._apart: dict[int, set[int]] = {}
        for left, right in different:
            self._apart.setdefault(left, set()).add(right)
            self._apart.setdefault(right, set()).add(left)

    def root(self, place: int) -> int:
        while self._parent[place] != place:
            self._parent[place] = self._parent[self._parent[place]]
            place = self._parent[place]
        return place

    def together(self) -> dict[int, Sequence[int]]:
        found: dict[int, list[int]] = {}
        for place in range(len(self._parent)):
            found.setdefault(self.root(place), []).append(place)
        return dict(found)

    def as_decided(self, left: int, right: int) -> bool:
        return self._join(left, right, lambda _a, _b: True)

    def equal_names(self, left: int, right: int) -> bool:
        return self._join(left, right, self._agree)

    def alike(self, left: int, right: int) -> bool:
        return self._join(left, right, self._are_alike)

    def _join(self, left: int, right: int, may: Callable[[int, int], bool]) -> bool:
        a, b = sorted((self.root(left), self.root(right)))
        if a == b:
            return True
        mine, theirs = self._of(a), self._of(b)
        if any(self._apart.get(one, set()).intersection(mine) for one in theirs) or not may(a, b):
            return False
        self._parent[b] = a
        mine += theirs
        self._names[a] = self._named(b) | self._named(a)
        for scheme, values in self._numbers_of(b).items():
            self._numbers_of(a).setdefault(scheme, set()).update(values)
        del self._members[b], self._names[b], self._numbers[b]
        return True

    def _of(self, root: int) -> list[int]:
        return self._members.setdefault(root, [root])

    def _named(self, root: int) -> dict[Spelling, int]:
        return self._names.setdefault(root, {spelling(self._suppliers[root].name): root})

    def _numbers_of(self, root: int) -> dict[Scheme, set[str]]:
        known = self._suppliers[root].identifiers.items()
        return self._numbers.setdefault(root, {scheme: {value} for scheme, value in known if scheme in CONFLICTING})

    def _agree(self, a: int, b: int) -> bool:
        mine, theirs = self._numbers_of(a), self._numbers_of(b)
        return not any(mine[scheme].isdisjoint(theirs[scheme]) for scheme in mine.keys() & theirs.keys())

    def _are_alike(self, a: int, b: int) -> bool:
        left, right = self._named(a), self._named(b)
        if len({*left, *right}) > MOST_NAMES or not self._agree(a, b):
            return False
        scores = [self._score(*sorted((one, other))) for one in left.values() for other in right.values() if one != other]
        mean = math.fsum(one.probability for one in scores) / len(scores)
        return mean >= self._threshold - SLACK and not any(one.conflict for one in scores)
