"""Cases with something in them replaced by what has no place there: answered or refused in a sentence, never broken off."""

import copy
import json
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.cases import cases
from contracts.cases.cases import FUNCTIONS, Case
from tests.given.checkout import ROOT
from tests.given.examples import examples

pytestmark = pytest.mark.pure

GIVEN: Final = [
    json.loads(line)
    for name in ("clock", "dates", "attain")
    for line in (ROOT / f"tests/data/sla/{name}.jsonl").read_text(encoding="utf-8").splitlines()
]
JUNK: Final[tuple[Any, ...]] = (
    None, True, False, -1, 0, 3, 2.5, 1e400, float("nan"), 10**13, 10**400, "", "x", "24:00", "2025-02-30", "9999-12-31",
    "0001-01-01", "9999-12-31T23:59Z", "0001-01-01T00:00+14:00", "2026-01-20T09:00", [], [[]], {}, [None],
    {"n": 1}, {"from": "2026-01-01"},
    [["09:00", "17:00"]], [["2026-01-01", "2025-01-01"]], "ENG", "terms", "\ud800", "2025-W01-1", "20250101",
)  # fmt: skip


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The way to everything inside a value."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [found for key, each in inside for found in ((*path, key), *places(each, (*path, key)))]


@st.composite
def spoilt(draw: st.DrawFn) -> tuple[str, Any]:
    case = draw(st.sampled_from(GIVEN))
    data = copy.deepcopy(case["input"])
    for _ in range(draw(st.integers(1, 3))):
        path = draw(st.sampled_from(places(data) or [()]))
        if not path:
            break
        there = data
        for key in path[:-1]:
            there = there[key]
        there[path[-1]] = copy.deepcopy(draw(st.sampled_from(JUNK)))
    return case["fn"], data


@settings(max_examples=examples(600))
@given(case=spoilt())
def test_whatever_stands_there_it_is_answered_or_refused(case: tuple[str, Any]) -> None:
    function, data = case
    answer = cases.answer(Case("a", "spoilt", function, data, None))
    assert ("error" in answer) is ("sentence" in answer)
    json.dumps(answer)


@pytest.mark.parametrize("junk", JUNK, ids=repr)
@pytest.mark.parametrize("function", FUNCTIONS)
def test_junk_alone_is_refused(function: str, junk: object) -> None:
    answer = cases.answer(Case("a", "spoilt", function, junk, None))
    assert answer["error"] in ("bad_input", "bad_calendar")
    assert answer["sentence"].endswith(".")
