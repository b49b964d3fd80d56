"""Rows for several tables in one trip to the database: what a change costs is mostly the trips that it makes."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import aiosqlite
from piccolo.columns import Column


@dataclass(frozen=True, slots=True)
class Shape:
    """Which columns of a table rows fill: to insert or, with ``keys``, to update the rows that the first ``keys`` columns name.

    ``described`` are the columns themselves; ``merging`` what an insert does with a row that is there already: SQL.
    """

    table: str
    columns: tuple[str, ...]
    described: tuple[Column, ...]
    keys: int = 0
    merging: str = ""

    @property
    def types(self) -> tuple[str, ...]:
        """As PostgreSQL names them. Asked only at a write: asking makes the engine, and at import the settings are not final."""
        return tuple(column.column_type for column in self.described)


Batch = tuple[Shape, Sequence[Sequence[Any]]]  # values in column order


async def one_by_one(connection: aiosqlite.Connection, batches: Sequence[Batch]) -> None:
    """SQLite: one hand-over to the connection's thread, which has no public way to take several statements at once."""
    await connection._execute(_write, connection._conn, batches)  # type: ignore[no-untyped-call]  # noqa: SLF001


def _write(connection: sqlite3.Connection, batches: Sequence[Batch]) -> None:
    for shape, rows in batches:
        connection.executemany(_of_one_row(shape), rows)


async def all_at_once(connection: Any, batches: Sequence[Batch]) -> None:
    """PostgreSQL: one statement. A column is one array, so the text depends on the shapes alone and stays prepared."""
    arrays = [array for _, rows in batches for array in zip(*rows, strict=True)]
    await connection.execute(_of_all_rows(tuple(shape for shape, _ in batches)), *arrays)


@cache
def _of_one_row(shape: Shape) -> str:
    """The marks are numbered, because an update names its keys last."""
    marks = [f"?{n}" for n in range(1, len(shape.columns) + 1)]
    if not shape.keys:
        return f'INSERT INTO "{shape.table}" ({_quoted(shape.columns)}) VALUES ({", ".join(marks)}){_merge(shape)}'  # noqa: S608 - our own names
    pairs = [f'"{column}" = {mark}' for column, mark in zip(shape.columns, marks, strict=True)]
    changes, place = ", ".join(pairs[shape.keys :]), " AND ".join(pairs[: shape.keys])
    return f'UPDATE "{shape.table}" SET {changes} WHERE {place}'  # noqa: S608 - our own names


@cache
def _of_all_rows(shapes: tuple[Shape, ...]) -> str:
    parts, before = [], 0
    for number, shape in enumerate(shapes):
        marks = ", ".join(f"${before + n}::{kind}[]" for n, kind in enumerate(shape.types, start=1))
        parts.append(f"batch{number} AS ({_of_arrays(shape, marks)})")
        before += len(shape.types)
    return f"WITH {', '.join(parts)} SELECT"


def _of_arrays(shape: Shape, marks: str) -> str:
    names = _quoted(shape.columns)
    if not shape.keys:
        return f'INSERT INTO "{shape.table}" ({names}) SELECT * FROM unnest({marks}){_merge(shape)}'  # noqa: S608 - our own names
    changes = ", ".join(f'"{column}" = made."{column}"' for column in shape.columns[shape.keys :])
    place = " AND ".join(f'"{shape.table}"."{column}" = made."{column}"' for column in shape.columns[: shape.keys])
    return f'UPDATE "{shape.table}" SET {changes} FROM unnest({marks}) AS made ({names}) WHERE {place}'  # noqa: S608 - our own names


def _merge(shape: Shape) -> str:
    return f" ON CONFLICT {shape.merging}" if shape.merging else ""


def _quoted(columns: Sequence[str]) -> str:
    return ", ".join(f'"{column}"' for column in columns)
