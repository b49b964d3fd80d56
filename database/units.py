"""A unit of work: one connection, for one task, from its beginning to its end (ADR 0005)."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from enum import Enum
from typing import Any


class UnitMisuse(RuntimeError):
    """A mistake of ours: a query outside a unit, a unit within another one, or one used after its end or by another task."""


class UnitKind(Enum):
    READ = "read"
    WRITE = "write"
    HOUSEKEEPING = "housekeeping"


class Unit:
    """What Piccolo finds in ``engine.current_transaction``: one connection, for one task, until the unit ends."""

    __slots__ = ("_connection", "_task", "afterwards", "alive", "answers", "kind")

    def __init__(self, connection: Any, kind: UnitKind) -> None:
        self._connection = connection
        self._task = asyncio.current_task()
        self.kind = kind
        self.alive = True
        self.answers: dict[Hashable, Any] = {}  # of questions asked before, in a unit that only reads
        self.afterwards: list[Callable[[], Awaitable[None]]] = []  # to be done when it has ended well

    @property
    def raw(self) -> Any:
        """For what begins and ends the unit, whatever may be done inside it."""
        return self._connection

    @property
    def changes_something(self) -> bool:
        """True where somebody asked for what this unit wrote."""
        return self.kind is UnitKind.WRITE

    @property
    def is_mine(self) -> bool:
        return self.alive and self._task is asyncio.current_task()

    @property
    def connection(self) -> Any:
        if not self.alive:
            raise UnitMisuse("this unit of work has ended: open another")
        if not self.is_mine:
            raise UnitMisuse("this unit of work belongs to another task: open one of your own")
        return self._connection


class LoneUnit(Unit):
    """A read unit of one statement, which is a snapshot by itself: no transaction is begun or ended for it."""

    __slots__ = ("_is_used",)

    def __init__(self, connection: Any, kind: UnitKind) -> None:
        super().__init__(connection, kind)
        self._is_used = False

    @property
    def connection(self) -> Any:
        if self._is_used:
            raise UnitMisuse("this unit of work is of one statement: open read()")
        connection, self._is_used = super().connection, True
        return connection
