"""The suppliers of a list, each once, in an order that no order of its rows changes. Pure."""

from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import msgspec

from suppliers.matching.clusters import DecidedPairs, Places, Spelling, spelling
from suppliers.matching.identifiers import Identifiers
from suppliers.matching.matching import Candidate
from suppliers.matching.names import Name, normalise
from suppliers.matching.rarity import joined, vocabulary
from suppliers.matching.word_pairs import Rarity

Key = tuple[Spelling, tuple[tuple[str, str], ...], tuple[Spelling, ...], str]


@dataclass(frozen=True, slots=True)
class NameDecision:
    """What a person decided about two names, as they are written in the list."""

    left: str
    right: str
    same: bool


@dataclass(frozen=True, slots=True)
class DistinctList:
    """Every supplier of a list once; ``at`` has, for each row, the place of its supplier."""

    suppliers: Sequence[Candidate]
    at: Sequence[int]
    decided: DecidedPairs
    unknown: tuple[NameDecision, ...]  # about a name that is not in the list
    rarity: Rarity  # of words, the list's own counting too


@dataclass(slots=True)
class DistinctListBuilder:
    """Takes the rows of a list one by one; rows alike in everything that counts are one supplier from the start."""

    decisions: Sequence[NameDecision] = ()
    shipped: Rarity | None = None  # other counts of words than the shipped ones, to judge by
    _places: dict[Key, int] = field(default_factory=dict)
    _taken: list[Candidate] = field(default_factory=list)
    _at: "array[int]" = field(default_factory=lambda: array("L"))
    _decided: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        self._decided = frozenset(folded(name) for one in self.decisions for name in (one.left, one.right))

    def add(self, raw: str, identifiers: Identifiers, others: Iterable[str] = ()) -> None:
        self.add_read(raw, normalise(raw), identifiers, map(normalise, others))

    def add_read(self, raw: str, name: Name, identifiers: Identifiers, others: Iterable[Name] = ()) -> None:
        """As ``add``, of names that were normalised already."""
        written = folded(raw) if self._decided else ""
        more = {spelling(other): other for other in others}
        key = (spelling(name), identifiers.items(), tuple(sorted(more)), written if written in self._decided else "")
        place = self._places.setdefault(key, len(self._taken))
        if place == len(self._taken):
            self._taken.append(Candidate(name, tuple(more[spelt] for spelt in sorted(more)), identifiers))
        elif name.display < self._taken[place].name.display:
            self._taken[place] = msgspec.structs.replace(self._taken[place], name=name)
        self._at.append(place)

    def listed(self) -> DistinctList:
        ordered = sorted(self._places)
        moved = array("L", bytes(self._at.itemsize * len(ordered)))
        spelt: dict[str, list[int]] = {}
        for place, key in enumerate(ordered):
            moved[self._places[key]] = place
            spelt.setdefault(key[-1], []).append(place)
        spelt.pop("", None)
        suppliers = [self._taken[self._places[key]] for key in ordered]
        return DistinctList(
            suppliers=suppliers,
            at=array("L", (moved[place] for place in self._at)),
            decided=_decisions(self.decisions, spelt),
            unknown=tuple(one for one in self.decisions if not {folded(one.left), folded(one.right)} <= spelt.keys()),
            rarity=joined(self.shipped or vocabulary(), [one.name.loose for one in suppliers]),
        )


def folded(raw: str) -> str:
    """A name as decisions know it: capitals and white space don't matter."""
    return " ".join(raw.split()).casefold()


def _decisions(decisions: Iterable[NameDecision], spelt: Mapping[str, Sequence[int]]) -> DecidedPairs:
    said: dict[bool, set[Places]] = {True: set(), False: set()}
    for one in decisions:
        for left in spelt.get(folded(one.left), ()):
            for right in spelt.get(folded(one.right), ()):
                if left != right:
                    said[one.same].add((min(left, right), max(left, right)))
    return DecidedPairs(frozenset(said[True]), frozenset(said[False]))
