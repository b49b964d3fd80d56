"""When a contract's performance is assessed in the words of regulation 39, and when not: limits by date, with their source. Pure.

Sections 52 and 71 of the Procurement Act 2023; regulation 39 of the Procurement Regulations 2024 (SI 2024/692).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final

from contracts.fields.pounds import shown as pounds


class Rating(StrEnum):
    GOOD = "Good"
    APPROACHING = "Approaching target"
    IMPROVEMENT = "Requires improvement"
    INADEQUATE = "Inadequate"
    OTHER = "Other"


RATING_HINTS: Final = {
    Rating.GOOD: "Meets or exceeds the indicator", Rating.APPROACHING: "Close to meeting it", Rating.IMPROVEMENT: "Below it",
    Rating.INADEQUATE: "Significantly below it", Rating.OTHER: "Can't be described by any of these",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Limits:
    """In force from a day on: over this value, assessed at least once in so many months."""

    from_day: date
    over_pence: int
    months: int
    source: str


LIMITS: Final = (
    Limits(date(2025, 2, 24), 500_000_000, 12, "Procurement Act 2023, sections 52(1) and 71(2), in force from 24 February 2025"),
)
ACT: Final = "act_2023"
OTHERWISE: Final = {
    "framework": "It is a framework.",
    "concession": "It is a concession.",
    "light_touch": "It is a light-touch contract.",
}  # fmt: skip


def limits_on(day: date) -> Limits | None:
    return next((one for one in reversed(LIMITS) if one.from_day <= day), None)


def why_not(values: Mapping[str, Any], value_pence: int | None, day: date) -> tuple[str, ...]:
    """Every reason for which the contract is not assessed in these words; none where it is. ``values`` are the register's."""
    return tuple(_why_not(values, value_pence, day))


def _why_not(values: Mapping[str, Any], value_pence: int | None, day: date) -> Iterator[str]:
    limits = limits_on(day)
    if limits is None:
        yield "The law that asks for it was not in force on that day."
        return
    if values["law"] != ACT:
        bought = "is not written down" if values["law"] is None else "is another"
        yield f"It was not bought under the Procurement Act 2023, as far as is written down: the law {bought}."
    if values["form"] in OTHERWISE:
        yield OTHERWISE[values["form"]]
    elif values["form"] is None:
        yield "The kind of contract is not written down."
    if value_pence is None:
        yield "What it is worth in all is not written down."
    elif value_pence <= limits.over_pence:
        yield f"It is worth {pounds(value_pence)}, which is not over {pounds(limits.over_pence)}."
    if values["has_kpis"] is not True:
        yield "No key performance indicators were set in it, as far as is written down."
