"""Whether a column's value is one of many, where the many may be none: Piccolo refuses an empty list, PostgreSQL an empty ()."""

from collections.abc import Iterable
from typing import Any, Final

from piccolo.columns import Column
from piccolo.columns.combination import Where, WhereRaw
from piccolo.query import Select

NONE: Final = WhereRaw("(1 = 0)")
EVERY: Final = WhereRaw("(1 = 1)")


def among(column: Column, values: Iterable[Any] | Select[Any]) -> Where | WhereRaw:
    """The rows whose ``column`` is one of ``values``, or of what a subquery of one column finds; no row for no values."""
    if isinstance(values, Select):
        return column.is_in(values)
    wanted = list(values)
    return column.is_in(wanted) if wanted else NONE


def outside(column: Column, values: Iterable[Any]) -> Where | WhereRaw:
    """The rows whose ``column`` is none of ``values``; every row for no values."""
    unwanted = list(values)
    return column.not_in(unwanted) if unwanted else EVERY
