"""Two suppliers side by side: what is known of each, what merging them would do, and what was said of them before."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import database
from base.refusals import Conflict
from base.viewer import Viewer
from sharing.access import visibility
from suppliers.directory import directory
from suppliers.matching import cards, matching
from suppliers.matching.identifiers import Scheme
from suppliers.matching.matching import Match
from suppliers.merging import decisions
from suppliers.merging.decisions import Decided
from suppliers.merging.on_behalf import acting
from suppliers.record import facts, interests, merge_edges, merge_forest
from suppliers.record.facts import Facts
from suppliers.tables import Note, Review, Supplier

FIELDS: Final = ("alias", "category", *(scheme.value for scheme in Scheme))
LEFT, RIGHT, BOTH = "left", "right", "both"


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two suppliers; ``reviewed_at`` and ``notes`` are of what the viewer's school said of it."""

    id: UUID
    name: str
    is_own: bool
    facts: Facts
    records: int  # how many it is made of
    reviewed_at: datetime | None
    notes: int


@dataclass(frozen=True, slots=True)
class FactRow:
    """One kind of fact on both sides; ``field`` as in FIELDS."""

    field: str
    left: tuple[str, ...]
    right: tuple[str, ...]

    @property
    def differs(self) -> bool:
        return set(self.left) != set(self.right)


@dataclass(frozen=True, slots=True)
class Comparison:
    left: Side
    right: Side
    rows: tuple[FactRow, ...]
    match: Match  # how alike they are, by names and identifiers
    disagreeing: tuple[tuple[str, str], ...]  # company or charity numbers, as suppliers/record/merge_forest.py
    seen: str  # digest of the facts on both sides: it is another one when they changed since they were shown
    decided: Decided | None
    is_proposal: bool  # two entries, and the viewer is not here as curator

    @property
    def likelihood(self) -> str:
        return matching.likelihood(self.match.verdict, self.match.probability)

    @property
    def chooses(self) -> bool:
        """Whether name and details can be chosen: not of a directory entry, unless by a curator."""
        return not self.is_proposal and self.left.is_own == self.right.is_own

    def sides(self, kept: str) -> tuple[Side, Side]:
        """(the one that joins, the one whose name is kept). A directory entry always stays."""
        if self.left.is_own != self.right.is_own:
            return (self.left, self.right) if self.left.is_own else (self.right, self.left)
        return (self.left, self.right) if kept == RIGHT else (self.right, self.left)

    def left_out(self, kept: str, answers: Mapping[str, str], *, keeps_both_names: bool) -> frozenset[str]:
        """The facts that go when of some fields only one side is kept; ``answers`` by field: LEFT, RIGHT or BOTH."""
        if not self.chooses:
            return frozenset()
        gone: set[str] = set() if keeps_both_names else {merge_forest.ALIAS + self.sides(kept)[0].name}
        for row in self.rows:
            answer = answers.get(row.field, BOTH)
            left, right = set(row.left), set(row.right)
            values = {LEFT: right - left, RIGHT: left - right}.get(answer, set())
            gone |= {f"{row.field}:{value}" for value in values}
        return frozenset(gone)


async def compare(viewer: Viewer, one: UUID, other: UUID, *, as_curator: bool = False) -> Comparison:
    """Two suppliers side by side. Raises Conflict when they are one already, NotFound, Forbidden."""
    act = acting(viewer, as_curator=as_curator)
    async with database.read():
        first, second = await act.must_see(one), await act.must_see(other)
        if first.id == second.id:
            raise Conflict(f"They are one supplier already: {first.name}.")
        left, right = await _side(viewer, first), await _side(viewer, second)
        decided = [d for d in await decisions.of(act.owner, {left.id}) if {d.one, d.other} == {left.id, right.id}]
        seen = await decisions.digest(left.id, right.id)
    rows = tuple(FactRow(field, _values(left, field), _values(right, field)) for field in FIELDS)
    return Comparison(
        left=left,
        right=right,
        rows=tuple(row for row in rows if row.left or row.right),
        match=_match(left.facts, right.facts),
        disagreeing=merge_forest.disagreeing(left.facts.lines, right.facts.lines),
        seen=seen,
        decided=decided[0] if decided else None,
        is_proposal=not as_curator and not left.is_own and not right.is_own,
    )


async def _side(viewer: Viewer, found: Supplier) -> Side:
    reviewed = (Review.school == viewer.school) & (Review.supplier == found.id) & visibility.in_sight(Review)
    review = await Review.select(Review.written_at).where(reviewed).first()
    noted = (Note.school == viewer.school) & (Note.supplier == found.id) & visibility.in_sight(Note)
    if not viewer.role.reads_criticism or await interests.declares(viewer, found.id):
        noted &= Note.about != "problem"
    parts = await merge_edges.parts([found.id])
    return Side(
        id=found.id,
        name=found.name,
        is_own=directory.is_own(found),
        facts=(await facts.load([found.id]))[found.id],
        records=1 + len(parts.get(found.id, ())),
        reviewed_at=review["written_at"] if review else None,
        notes=await Note.count().where(noted),
    )


def _match(left: Facts, right: Facts) -> Match:
    mine = cards.one_of_each(left.identifiers, cards.one_of_each(right.identifiers))
    theirs = cards.one_of_each(right.identifiers, mine)
    one, other = (
        matching.candidate(known.name, others=known.aliases, identifiers=ids) for known, ids in ((left, mine), (right, theirs))
    )
    return matching.score(one, other)


def _values(side: Side, field: str) -> tuple[str, ...]:
    return tuple(line.partition(":")[2] for line in side.facts.lines if line.startswith(f"{field}:"))
