"""What single cells of routes and schools must give."""

import pytest

from contracts.register_file import naming

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    ("cell", "route", "code"),
    [
        ("Framework (CPC)", "framework", ""),
        ("YPO framework", "framework", ""),
        ("Framework - direct award", "framework", ""),
        ("3 quotes", "quotes", ""),
        ("Three quotations", "quotes", ""),
        ("1 quote", "quotes", ""),
        ("Tender", "tender", ""),
        ("Open tender", "tender", ""),
        ("Direct award", "direct", ""),
        ("Direct", "direct", ""),
        ("Single tender waiver", "direct", ""),
        ("LA contract", "other", ""),
        ("SLA", "other", ""),
        ("", None, ""),
        ("n/a", None, ""),
        ("TBC", None, ""),
        ("No quotes", None, "not_a_rule"),
        ("3 quotes or tender", None, "not_a_rule"),
        ("tender due", None, "not_a_rule"),
    ],
)
def test_how_it_was_chosen(cell: str, route: str | None, code: str) -> None:
    answer = naming.read_route(cell)
    assert (answer.value, " ".join(one.code for one in answer.questions)) == (route, code)


@pytest.mark.parametrize(
    ("cell", "schools", "code"),
    [
        ("Ashby High", ["Ashby High"], ""),
        ("Mere Lane / Ashby High", ["Mere Lane", "Ashby High"], ""),
        ("Mere Lane; Ashby High", ["Mere Lane", "Ashby High"], ""),
        ("Mere Lane, Ashby High", ["Mere Lane", "Ashby High"], ""),
        ("Mere Lane & Ashby High", ["Mere Lane", "Ashby High"], ""),
        ("St Peter & St Paul", ["St Peter & St Paul"], ""),
        ("Thornby, Elm Road", ["Thornby, Elm Road"], "one_or_several"),
        ("n/a", None, ""),
        ("TBC", None, "no_name"),
    ],
)
def test_which_schools(cell: str, schools: list[str] | None, code: str) -> None:
    answer = naming.read_schools(cell, {"ashby high", "mere lane primary", "st peter & st paul"})
    assert (answer.value, " ".join(one.code for one in answer.questions)) == (schools, code)
