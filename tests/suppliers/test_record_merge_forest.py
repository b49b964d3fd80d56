"""What live merges make of suppliers: the rules alone, each tried against a second telling by plain loops."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suppliers.record import merge_forest
from suppliers.record.merge_forest import Edge, SchoolRow

pytestmark = pytest.mark.pure

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
SUPPLIERS = [UUID(int=n) for n in range(1, 9)]
SCHOOLS = [UUID(int=n) for n in range(101, 104)]
KINDS = ("alias:A", "alias:B", "category:catering", "category:cleaning", "phone:1", "phone:2")


def naive_root(edges: Iterable[Edge], one: UUID) -> UUID:
    above = [edge.whole for edge in edges if edge.joined == one]
    return naive_root(edges, above[0]) if above else one


def naive_combined(edges: list[Edge], facts: dict[UUID, list[str]]) -> dict[UUID, list[str]]:
    """Plays the merges over from the first, as they happened."""
    made = {one: list(lines) for one, lines in facts.items()}
    for edge in sorted(edges, key=lambda edge: edge.at):
        names = [line for line in made[edge.joined] if line.startswith("name:")]
        others = [line for line in made[edge.joined] if not line.startswith("name:")]
        together = [*made[edge.whole], *(line.replace("name:", "alias:", 1) for line in names), *others]
        made[edge.whole] = [line for line in together if line not in edge.dropped]
    return made


def naive_place(rows: list[SchoolRow], row: SchoolRow, root: UUID) -> UUID:
    rivals = [other for other in rows if other.school == row.school and other.is_current]
    best = max(rivals, key=lambda other: (other.rank, other.id)) if rivals else row
    if not row.is_current or row == best:
        return root
    return best.written_for if row.written_for == root else row.written_for


@st.composite
def forests(draw: st.DrawFn) -> list[Edge]:
    """Merges as people make them: of two that are whole; and then any of them undone."""
    edges: list[Edge] = []
    for n in range(draw(st.integers(0, 7))):
        roots = [one for one in SUPPLIERS if naive_root(edges, one) == one]
        joined, whole = draw(st.permutations(roots))[:2]
        dropped = draw(st.frozensets(st.sampled_from(KINDS), max_size=2))
        edges.append(Edge(UUID(int=1000 + n), joined, whole, NOW + timedelta(minutes=n), dropped))
    return draw(st.lists(st.sampled_from(edges), unique=True)) if edges else []


@st.composite
def known(draw: st.DrawFn) -> dict[UUID, list[str]]:
    return {one: [f"name:{one.int}", *draw(st.lists(st.sampled_from(KINDS), unique=True))] for one in SUPPLIERS}


@given(forests(), known())
def test_roots_parts_and_facts_are_what_playing_the_merges_over_gives(edges: list[Edge], facts: dict[UUID, list[str]]) -> None:
    roots = merge_forest.roots(edges, SUPPLIERS)
    assert roots == {one: naive_root(edges, one) for one in SUPPLIERS}
    played = naive_combined(edges, facts)
    for root in set(roots.values()):
        part = merge_forest.part(edges, root)
        assert part[0] == root
        assert sorted(part) == sorted(one for one in SUPPLIERS if roots[one] == root)
        assert list(merge_forest.combined(edges, facts, root)) == list(dict.fromkeys(played[root]))


@given(st.permutations(SUPPLIERS[:4]), st.data())
def test_a_school_has_one_that_stands_and_no_two_in_one_place(suppliers: list[UUID], data: st.DataObject) -> None:
    """Each of a school's current ones was written for another supplier, as the index had it before they were one."""
    root, rows = suppliers[0], list[SchoolRow]()
    for school in SCHOOLS:
        for one in data.draw(st.lists(st.sampled_from(suppliers), unique=True)):
            rank = data.draw(st.integers(0, 3))
            rows.append(SchoolRow(UUID(int=2000 + len(rows)), school, one, rank, data.draw(st.booleans())))
    places = merge_forest.places(rows, root)
    assert places == {row.id: naive_place(rows, row, root) for row in rows}
    current = [(row.school, places[row.id]) for row in rows if row.is_current]
    assert len(current) == len(set(current))
    for school in {row.school for row in rows if row.is_current}:
        assert (school, root) in current


def test_the_kept_name_stays_and_the_other_becomes_another_name_unless_left_out() -> None:
    facts = {SUPPLIERS[0]: ["name:Ashby", "alias:A"], SUPPLIERS[1]: ["name:Ashby Ltd", "alias:Ashby", "phone:1"]}
    edge = Edge(UUID(int=9), SUPPLIERS[1], SUPPLIERS[0], NOW)
    assert merge_forest.combined([edge], facts, SUPPLIERS[0]) == ("name:Ashby", "alias:A", "alias:Ashby Ltd", "phone:1")
    leaner = Edge(UUID(int=9), SUPPLIERS[1], SUPPLIERS[0], NOW, frozenset({"alias:Ashby Ltd", "alias:A"}))
    assert merge_forest.combined([leaner], facts, SUPPLIERS[0]) == ("name:Ashby", "phone:1")


def test_only_numbers_of_which_a_body_has_one_disagree() -> None:
    ours = ("company_number:01234567", "phone:1", "charity_number:209131")
    assert merge_forest.disagreeing(ours, ("company_number:07654321", "phone:2")) == (
        ("company_number:01234567", "company_number:07654321"),
    )
    assert merge_forest.disagreeing(ours, ("charity_number:209131", "phone:2")) == ()
