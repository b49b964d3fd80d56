"""Two steps of Piccolo's taken hundreds of times a page, in a fraction of its own time; ``install`` puts them in their place.

Piccolo asks of each value of a query whether it is a column or a query, both abstract classes, which takes long to answer; and
it takes the name of each condition's column apart as a template, to make a text of it again. Not in classes of ours, since it is
Piccolo that makes these parts, of ``Review.school == school``. tests/database/test_quick_queries.py holds both to Piccolo's own.
"""

from collections.abc import Sequence
from typing import Any, Final

from piccolo.columns import Column
from piccolo.columns.combination import UNDEFINED, Where
from piccolo.querystring import QueryString

from database.composing import PLAIN

PICCOLOS_ARGS: Final = QueryString.process_args
PICCOLOS_WHERE: Final = Where.querystring


def install() -> None:
    QueryString.process_args = process_args  # type: ignore[assignment]
    Where.querystring = property(querystring)  # type: ignore[assignment]


def process_args(_query: QueryString, given: Sequence[Any]) -> tuple[list[Any], list[Column]]:
    """The values of a query, columns among them by their names, and the columns that it holds anywhere."""
    values: list[Any] = []
    columns: list[Column] = []
    for one in given:
        kind, value = type(one), one
        if kind is QueryString:
            columns.extend(one.columns)
        elif kind not in PLAIN:
            if isinstance(one, Column):
                columns.append(one)
                value = QueryString(one._meta.get_full_name(with_alias=False))  # noqa: SLF001
            elif isinstance(one, QueryString):
                columns.extend(one.columns)
        values.append(value)
    return values, columns


def querystring(where: Where) -> QueryString:
    """A condition on a column: its name, the operator, and what it is compared with."""
    values = [] if where.value is UNDEFINED else [where.value]
    if where.values is not UNDEFINED:
        values.append(where.get_values_querystring(where.values))
    column = where.column.get_where_string(engine_type=where.column._meta.engine_type)  # noqa: SLF001
    name = str(column) if column.args or "{" in column.template else column.template
    return QueryString(where.operator.template.format(name=name, value="{}", values="{}"), *values)
