"""Cases of the rules, one JSON object a line: what the functions answer, and where that differs from what was expected."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from contracts.attaining.attaining import attain
from contracts.clock.clock import judge
from contracts.clock.dates import contract_dates
from contracts.clock.refused import Refused

FUNCTIONS: Final[Mapping[str, Callable[[object], dict[str, Any]]]] = {
    "judge": judge,
    "contract_dates": contract_dates,
    "attain": attain,
}
LONGEST_LINE: Final = 1_000_000  # bytes


class Unreadable(ValueError):
    """A line that is no case; the text says why."""


@dataclass(frozen=True, slots=True)
class Case:
    """``expected`` None: there is nothing to compare with."""

    id: str | int
    kind: str
    function: str
    given: object
    expected: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Difference:
    key: str
    expected: object
    got: object


def case_of(line: bytes) -> Case:
    """Raises Unreadable."""
    if len(line) > LONGEST_LINE:
        raise Unreadable(f"is longer than {LONGEST_LINE:,} bytes")
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        raise Unreadable("is not JSON") from None
    if not isinstance(found, dict):
        raise Unreadable("is not a JSON object")
    number, function, expected = found.get("id"), found.get("fn"), found.get("expected")
    if not isinstance(number, str | int) or isinstance(number, bool) or number == "":
        raise Unreadable("has no id")
    if not isinstance(function, str) or function not in FUNCTIONS:
        raise Unreadable(f"has no fn that is one of {', '.join(FUNCTIONS)}")
    if expected is not None and not isinstance(expected, dict):
        raise Unreadable("expects something that is not a JSON object")
    return Case(number, str(found.get("kind") or function), function, found.get("input"), expected)


def answer(case: Case) -> dict[str, Any]:
    """What the case's function says. A refusal is an answer: ``{"error": code, "sentence": …}``."""
    try:
        return FUNCTIONS[case.function](case.given)
    except Refused as refused:
        return {"error": refused.code, "sentence": refused.sentence}


def differences(expected: Mapping[str, Any], got: Mapping[str, Any]) -> list[Difference]:
    """Where ``got`` differs in a key of ``expected``: instants as instants, all else exactly."""
    return [
        Difference(key, value, got.get(key)) for key, value in expected.items() if key not in got or not _is_same(value, got[key])
    ]


def _is_same(expected: object, got: object) -> bool:
    if isinstance(expected, bool) is not isinstance(got, bool):
        return False
    if expected == got:
        return True
    first, second = _instant(expected), _instant(got)
    return first is not None and first == second


def _instant(value: object) -> datetime | None:
    """The moment that a text names with its offset; None for anything else."""
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) and "T" in value else None
    except ValueError:
        return None
    return found if found is not None and found.tzinfo is not None else None
