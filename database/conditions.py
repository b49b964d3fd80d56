"""Whether a column's value is one of many, where the many may be none: Piccolo refuses an empty list, PostgreSQL an empty ()."""

from collections.abc import Iterable
from typing import Any, Final

from piccolo.columns import UUID, Column
from piccolo.columns.combination import Where, WhereRaw
from piccolo.query import Select

from database.current import is_postgres

NONE: Final = WhereRaw("(1 = 0)")
EVERY: Final = WhereRaw("(1 = 1)")


def among(column: Column, values: Iterable[Any] | Select[Any]) -> Where | WhereRaw:
    """The rows whose ``column`` is one of ``values``, or of what a subquery of one column finds; no row for no values."""
    if isinstance(values, Select):
        return column.is_in(values)
    wanted = list(values)
    if not wanted:
        return NONE
    return _one_value("{} = ANY({}::uuid[])", column, wanted) or column.is_in(wanted)


def outside(column: Column, values: Iterable[Any]) -> Where | WhereRaw:
    """The rows whose ``column`` is none of ``values``; every row for no values."""
    unwanted = list(values)
    if not unwanted:
        return EVERY
    return _one_value("{} <> ALL({}::uuid[])", column, unwanted) or column.not_in(unwanted)


def _one_value(condition: str, column: Column, ids: list[Any]) -> WhereRaw | None:
    """Ids as one value, where the database takes a list as one: the text, and what PostgreSQL prepared for it, is then the same
    for any number of them, and Piccolo does not ask of each what it is.
    """
    return WhereRaw(condition, column, ids) if is_postgres() and isinstance(column, UUID) else None
