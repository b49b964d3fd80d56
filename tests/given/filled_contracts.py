"""Contracts with every field filled, twice and differently, so that a test can tell which fields an answer depends on."""

from datetime import date
from typing import Any, Final

from contracts.fields import contract_fields
from contracts.fields.contract_fields import ContractField, Kind
from suppliers.record import taxonomy

# Where any value of the kind would contradict another field, or means more than itself.
_SAID: Final[dict[str, tuple[Any, Any]]] = {
    "starts_on": (date(2024, 9, 1), date(2024, 10, 1)),
    "ends_on": (date(2027, 8, 31), date(2028, 8, 31)),
    "renewal": ("rolls", "rolls"),
    "term": ({"n": 3, "unit": "years"}, None),
    "receipt": ("working_day", "business_days"),
    "annual_pence": (486_000, 500_000),
    "total_pence": (1_458_000, 1_500_000),
    "deemed": ({"n": 2, "unit": "working_days"}, {"n": 3, "unit": "working_days"}),
    "notice": ({"n": 3, "unit": "months"}, {"n": 6, "unit": "months"}),
    "break_clause": (
        {"from": "2025-09-01", "notice": {"n": 1, "unit": "months"}},
        {"from": "2026-01-01", "notice": {"n": 2, "unit": "months"}},
    ),
    "is_confidential": (None, None),
    "is_price_confidential": (False, True),
}


def first(name: str) -> Any:
    return _value(contract_fields.BY_NAME[name], 0)


def second(name: str) -> Any:
    return _value(contract_fields.BY_NAME[name], 1)


def every_field() -> dict[str, Any]:
    return {one.name: first(one.name) for one in contract_fields.FIELDS}


def _value(one: ContractField, which: int) -> Any:
    if one.name in _SAID:
        return _SAID[one.name][which]
    if one.name == "category":
        return sorted(taxonomy.by_slug())[which]
    by_kind = {
        Kind.LINE: f"{('Ash', 'Birch')[which]} {one.name}",
        Kind.PENCE: 3 + which,
        Kind.COUNT: 3 + which,
        Kind.DAY: date(2025, 1 + which, 2),
        Kind.YES_NO: which == 0,
        Kind.CHOICE: list(one.choices)[which] if one.choices else None,
    }
    return by_kind.get(Kind.LINE if one.is_words else one.kind, {"n": 1 + which, "unit": "years"})
