"""The statements that the database is given, in their order and without the values in them."""

import re
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from typing import Any

import aiosqlite
import pytest
from asyncpg.connection import LoggedQuery

import database
from database.units import UnitKind

A_VALUE = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)

# asyncpg asks what a type is the first time that a connection meets it, and turns the JIT off meanwhile.
OF_THE_DRIVER = re.compile(r"typeinfo_tree|'jit'")


@contextmanager
def listened_to() -> Iterator[list[str]]:
    """What is asked inside, whichever engine it is; nothing is asked otherwise than without the listening."""
    heard: list[str] = []
    with pytest.MonkeyPatch.context() as patched, ExitStack() as afterwards:
        if database.is_postgres():
            _on_postgres(patched, heard, afterwards)
        else:
            _on_sqlite(patched, heard)
        yield heard


def _on_sqlite(patched: pytest.MonkeyPatch, heard: list[str]) -> None:
    ask = aiosqlite.Connection.execute_fetchall

    async def asked(self: aiosqlite.Connection, sql: str, parameters: Any = None) -> Any:
        heard.append(A_VALUE.sub("…", sql))
        return await ask(self, sql, parameters)

    patched.setattr(aiosqlite.Connection, "execute_fetchall", asked)


def _on_postgres(patched: pytest.MonkeyPatch, heard: list[str], afterwards: ExitStack) -> None:
    """Connections of the pool outlive the listening, so whoever listened leaves each of them."""
    engine, listening = database.engine(), set[Any]()
    lend = engine.connection

    def hear(logged: LoggedQuery) -> None:
        if not OF_THE_DRIVER.search(logged.query):
            heard.append(A_VALUE.sub("…", logged.query))

    @asynccontextmanager
    async def lent(kind: UnitKind) -> AsyncIterator[Any]:
        async with lend(kind) as connection:
            itself = connection._con  # what the pool's proxy stands for
            if itself not in listening:
                listening.add(itself)
                itself.add_query_logger(hear)
                afterwards.callback(itself.remove_query_logger, hear)
            yield connection

    patched.setattr(engine, "connection", lent)
