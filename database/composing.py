"""The text and the values of a query of Piccolo's, put together in a quarter of its own time.

A page asks dozens of queries, some of hundreds of pieces: taking each template apart anew was a third of what Python did for a
page. tests/database/test_composing.py holds this to Piccolo's own.
"""

from collections.abc import Callable
from datetime import datetime
from functools import cache, lru_cache
from string import Formatter
from typing import Any, Final
from uuid import UUID

from piccolo.columns.combination import WhereRaw
from piccolo.custom_types import Combinable
from piccolo.querystring import QueryString
from piccolo.table import Table

Mark = Callable[[int], str]  # what stands for a value, by its number from 1

PLAIN: Final = frozenset({UUID, str, int, bool, float, datetime, type(None), list})  # what to ask of a value first, being quick
MARKS: Final[dict[str, Mark]] = {"sqlite": lambda _: "?", "postgres": lambda number: f"${number}"}


def compiled(query: QueryString, engine_type: str) -> tuple[str, list[Any]]:
    """As ``query.compile_string(engine_type)``: SQL with marks of "sqlite" or "postgres", and the values that they stand for."""
    return _put_together(query, MARKS[engine_type])


def flat(query: QueryString) -> QueryString:
    """The same in one piece, for what many queries hold. Its text must have no brace of its own."""
    template, values = _put_together(query, lambda _: "{}")
    return QueryString(template, *values)


@cache
def all_of(table: type[Table]) -> QueryString:
    """All columns of a table, to be selected in one piece: Piccolo puts each of thirty together anew."""
    return some_of(table, *(column._meta.name for column in table.all_columns()))  # noqa: SLF001


@cache
def some_of(table: type[Table], *names: str) -> QueryString:
    """The columns that are called so, likewise."""
    columns = ((table._meta.get_column_by_name(name)._meta.db_column_name, name) for name in names)  # noqa: SLF001
    return QueryString(", ".join(f'"{table._meta.tablename}"."{column}" AS "{name}"' for column, name in columns))  # noqa: SLF001


def put_together(condition: Combinable) -> WhereRaw:
    """The same condition in one piece, for several queries. Its text must have no brace of its own."""
    return WhereRaw("{}", flat(condition.querystring))


def _put_together(query: QueryString, mark: Mark) -> tuple[str, list[Any]]:
    text: list[str] = []
    values: list[Any] = []
    _add(query, text, values, mark)
    return "".join(text), values


def _add(query: QueryString, text: list[str], values: list[Any], mark: Mark) -> None:
    given = query.args
    for number, part in enumerate(_parts(query.template)):
        text.append(part)
        if number >= len(given):
            continue
        value = given[number]
        kind = type(value)
        if kind is QueryString or (kind not in PLAIN and isinstance(value, QueryString)):
            if value.args:
                _add(value, text, values, mark)
            else:
                text.extend(_parts(value.template))
        else:
            values.append(value)
            text.append(mark(len(values)))


@lru_cache(maxsize=4_096)
def _parts(template: str) -> tuple[str, ...]:
    """The text before each pair of braces, and after the last."""
    return tuple(before for before, *_ in Formatter().parse(template))
