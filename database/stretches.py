"""Rows that are derived, held against what they derive from, a stretch of ids at a time: others get their turn between.

In one question the rows of millions of reviews would keep a processor and a snapshot for minutes.
"""

import asyncio
from collections.abc import Callable, Iterator
from functools import partial
from typing import Final

import database
from database import by_hand

FEW: Final = 250  # rows of a stretch: some 20 ms on SQLite
_IDS: Final = 1 << 32  # as many beginnings of eight digits has an id

Within = Callable[[str], str]  # of a column of ids: the condition, in SQL, that it lies in the stretch
Rows = Callable[[Within], str]  # a SELECT of the rows of a stretch


async def differing(table: str, kept: Rows, derived: Rows, rest: float) -> int:
    """How many rows one of two SELECTs of the same columns has and the other does not, of the ``table`` where the first are kept.

    ``rest``: seconds left to others after each stretch. Opens its own read units: what each compares is of one moment.
    """
    async with database.read():
        many = (await by_hand.select(f"SELECT COUNT(*) AS n FROM {table}"))[0]["n"]  # noqa: S608 - here and below our own text
    found = 0
    for within in _stretches(1 + many // FEW):
        one, other = kept(within), derived(within)
        both = f"SELECT * FROM ({one} EXCEPT {other}) a UNION ALL SELECT * FROM ({other} EXCEPT {one}) b"  # noqa: S608
        async with database.read():
            found += (await by_hand.select(f"SELECT COUNT(*) AS n FROM ({both}) c"))[0]["n"]  # noqa: S608
        await asyncio.sleep(rest)
    return found


def _stretches(many: int) -> Iterator[Within]:
    """All ids, in so many parts: the first begins before them, the last has no end."""
    bounds = [f"{_IDS * n // many:08x}-0000-0000-0000-000000000000" for n in range(many)]
    for low, high in zip(bounds, [*bounds[1:], ""], strict=True):
        yield partial(_within, low, high)


def _within(low: str, high: str, column: str) -> str:
    return f"{column} >= '{low}'" + (f" AND {column} < '{high}'" if high else "")
