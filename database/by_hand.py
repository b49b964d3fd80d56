"""SQL written by hand, where Piccolo would compose it anew each time or has no word for it; for both databases."""

import json
import re
import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, Final

from piccolo.query import WhereRaw
from piccolo.querystring import QueryString

from database.current import is_postgres, unit_now

_ANY: Final = re.compile(r"= ANY\((\$\d+)\)")


async def select(sql: str, *values: Any) -> Sequence[Any]:
    """Rows of a SELECT written by hand, with the marks $1, $2…, inside a unit; Piccolo would compose it anew each time.

    ``= ANY($1)`` takes a list on both databases, so that the text, and what was prepared for it, is the same for any number.
    """
    connection = unit_now().connection
    if is_postgres():
        found: Sequence[Any] = await connection.fetch(sql, *values)
        return found
    flat = [json.dumps(value, default=str) if isinstance(value, list) else value for value in values]
    return list(await connection.execute_fetchall(_for_sqlite(sql), flat))


@cache
def _for_sqlite(sql: str) -> str:
    return _ANY.sub(r"IN (SELECT value FROM json_each(\1))", sql).replace("$", "?")


def in_selected(column: str, *selects: QueryString, also: Sequence[uuid.UUID] = (), by_index: bool = True) -> WhereRaw:
    """The condition that ``column`` is one of the ids that any of the SELECTs gives, or one of ``also``.

    The set is made once, and an index of ``column`` can look it up: on PostgreSQL that takes an array, because what is IN a
    sub-select is filtered only after the rows are read. Of two such conditions on one index SQLite would look up every pair:
    give the one that is to filter ``by_index=False``. ``column`` is a name of ours, with its table.
    """
    if is_postgres():
        chosen = " UNION ".join("{}" for _ in selects) or "SELECT NULL::uuid WHERE FALSE"
        return WhereRaw(f"{column} = ANY(ARRAY({chosen}) || {{}}::uuid[])", *selects, list(also))
    given = QueryString("SELECT value FROM json_each({})", json.dumps([str(one) for one in also]))
    looked_up = column if by_index else f"+{column}"  # what SQLite computes, it finds by no index
    return WhereRaw(f"{looked_up} IN ({' UNION ALL '.join('{}' for _ in (*selects, given))})", *selects, given)


def none_of(column: str, ids: Sequence[uuid.UUID]) -> QueryString:
    """The condition that ``column``, which is never null, is none of these ids: looked up in a table of them, for each row."""
    if is_postgres():
        return QueryString(f"{column} <> ALL({{}}::uuid[])", list(ids))
    return QueryString(f"{column} NOT IN (SELECT value FROM json_each({{}}))", json.dumps([str(one) for one in ids]))  # noqa: S608


def rows_of(columns: Mapping[str, str], rows: Sequence[Sequence[object]]) -> QueryString:
    """A SELECT of ``rows``, whose ``columns`` have these names and types of PostgreSQL; its text depends on them alone."""
    if is_postgres():
        lists = [[row[n] for row in rows] for n in range(len(columns))]
        unnested = ", ".join(f"{{}}::{kind}[]" for kind in columns.values())
        return QueryString(f"SELECT * FROM unnest({unnested}) AS e({', '.join(columns)})", *lists)  # noqa: S608 - and below names of ours
    parts = ", ".join(f"json_extract(value, '$[{n}]') AS {name}" for n, name in enumerate(columns))
    return QueryString(f"SELECT {parts} FROM json_each({{}})", json.dumps(rows, default=str))  # noqa: S608


async def plan_anew() -> None:
    """Until the unit ends PostgreSQL plans each statement for its values, and works on it alone.

    Otherwise it plans once for any values, from the sixth time on: a search of a small place and of a capital are then answered
    in the same way, which may take a minute. And it starts helpers for what it takes for many rows, at a loss.
    """
    if is_postgres():
        await select(
            "SELECT set_config('plan_cache_mode', 'force_custom_plan', true),"
            " set_config('max_parallel_workers_per_gather', '0', true)"
        )


def one_of_numbers(column: str, numbers: Sequence[int]) -> QueryString:
    """The condition that ``column`` is one of some whole numbers: one value on PostgreSQL, whose text is then always the same."""
    if is_postgres():
        return QueryString(f"{column} = ANY({{}}::bigint[])", list(numbers))
    return QueryString(f"{column} IN ({', '.join(map(str, numbers))})")


def id_of(value: object) -> uuid.UUID:
    """The id that a SELECT written by hand gave: SQLite gives some as texts."""
    return value if isinstance(value, uuid.UUID) else uuid.UUID(str(value))


def moment_of(value: datetime | str) -> datetime:
    """The moment that it gave: SQLite gives what was worked out, such as the greatest of several, as a text."""
    return value if isinstance(value, datetime) else datetime.fromisoformat(value)


def row_lock(*, shared: bool = False) -> str:
    """The end of a SELECT in SQL that locks what it finds; on SQLite the single writer already holds the only lock there is.

    A ``shared`` lock keeps out who would change the row, and nobody else.
    """
    return ("FOR SHARE" if shared else "FOR UPDATE") if is_postgres() else ""
