"""What rule R says of rows of a register, written by reading them as a suspicious auditor would, before a program read them."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Expected:
    """``fields`` are those that aren't null; ``questions`` as "field code"."""

    row: int
    title: str | None
    supplier: str | None
    fields: dict[str, Any] = field(default_factory=dict)
    questions: tuple[str, ...] = ()
    sheet: str | None = None


def months(n: int) -> dict[str, object]:
    return {"n": n, "unit": "months"}


def years(n: int) -> dict[str, object]:
    return {"n": n, "unit": "years"}


def days(n: int) -> dict[str, object]:
    return {"n": n, "unit": "days"}
