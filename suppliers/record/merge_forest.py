"""What live merges make of suppliers and of what was said of them. Pure: the same edges always give the same state.

A merge is an edge from one supplier to another, and joins two that were whole by themselves, so live edges form a forest:
undoing any of them, in any order, leaves what the others make. Whatever else is stored follows from them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

MOST_TOGETHER: Final = 25  # records of one supplier; the directory's firm with most duplicates has about as many spellings
NAME: Final = "name:"
ALIAS: Final = "alias:"
NUMBERS: Final = ("company_number:", "charity_number:")  # one body has one of each


@dataclass(frozen=True, slots=True)
class Edge:
    """``joined`` is part of ``whole``. ``dropped`` are facts, such as "category:catering", left out of the two together."""

    id: UUID
    joined: UUID
    whole: UUID
    at: datetime
    dropped: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class SchoolRow:
    """A review, a note or a use. Of a school's current ones at one supplier, the one with the highest ``rank`` stands."""

    id: UUID
    school: UUID
    written_for: UUID
    rank: int
    is_current: bool


def roots(edges: Iterable[Edge], among: Iterable[UUID]) -> dict[UUID, UUID]:
    """For each of ``among`` the supplier that it is now part of; itself where nothing joins it to another."""
    whole = {edge.joined: edge.whole for edge in edges}
    found = {}
    for one in among:
        root = one
        while root in whole:
            root = whole[root]
        found[one] = root
    return found


def part(edges: Iterable[Edge], root: UUID) -> tuple[UUID, ...]:
    """``root`` and everything below it, each supplier followed by what joined it, in the order of merging."""
    below = _below(edges)

    def walk(one: UUID) -> tuple[UUID, ...]:
        return (one, *(inner for edge in below.get(one, ()) for inner in walk(edge.joined)))

    return walk(root)


def combined(edges: Iterable[Edge], facts: Mapping[UUID, Sequence[str]], root: UUID) -> tuple[str, ...]:
    """The facts of a whole supplier, its own first; the names of those that joined become other names of it."""
    below = _below(edges)

    def walk(one: UUID) -> tuple[str, ...]:
        found = tuple(facts[one])
        for edge in below.get(one, ()):
            more = (ALIAS + fact.removeprefix(NAME) if fact.startswith(NAME) else fact for fact in walk(edge.joined))
            found = tuple(fact for fact in (*found, *more) if fact not in edge.dropped)
        return found

    whole = walk(root)
    name = next((fact for fact in whole if fact.startswith(NAME)), "")
    return tuple(dict.fromkeys(fact for fact in whole if fact != ALIAS + name.removeprefix(NAME)))


def disagreeing(left: Iterable[str], right: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Company and charity numbers, of which a body has only one each, where the two differ: (left's, right's)."""
    one, other = set(left), set(right)
    pairs = []
    for scheme in NUMBERS:
        ours = sorted(fact for fact in one if fact.startswith(scheme))
        theirs = sorted(fact for fact in other if fact.startswith(scheme))
        if ours and theirs and not set(ours) & set(theirs):
            pairs.append((ours[0], theirs[0]))
    return tuple(pairs)


def places(found: Iterable[SchoolRow], root: UUID) -> dict[UUID, UUID]:
    """By row, the supplier of one whole that it is at: the root, but for further current rows of the same school.

    Those rest at the supplier that they were written for; one written for the root itself rests at the supplier that the
    standing one was written for.
    """
    rows = list(found)
    current: dict[UUID, list[SchoolRow]] = {}
    for row in rows:
        if row.is_current:
            current.setdefault(row.school, []).append(row)
    at = {row.id: root for row in rows}
    for of_school in current.values():
        first, *others = sorted(of_school, key=lambda row: (row.rank, row.id), reverse=True)
        at |= {row.id: first.written_for if row.written_for == root else row.written_for for row in others}
    return at


def _below(edges: Iterable[Edge]) -> dict[UUID, list[Edge]]:
    found: dict[UUID, list[Edge]] = {}
    for edge in sorted(edges, key=lambda edge: (edge.at, edge.id)):
        found.setdefault(edge.whole, []).append(edge)
    return found
