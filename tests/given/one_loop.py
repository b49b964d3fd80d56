"""All tests of a process share one event loop, and each finds it as the first one did.

A loop for each test would end what a test forgot, and with it what is dear and may be kept: PostgreSQL's connections,
which know the catalogue and their statements by heart. So the first is done here, after each test, and the second is kept.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from typing import Any, Final

import database
from base.settings import Settings

TURNS: Final = 5  # of the loop, in which what is being closed gets closed, nearly always
PATIENCE: Final = 5.0  # seconds for what takes longer: somebody else has to close it first


class OneLoop:
    """The loop, and what may stay open on it."""

    def __init__(self, loop: asyncio.AbstractEventLoop, patience: float = PATIENCE) -> None:
        self._loop: Any = loop
        self._patience = patience
        self._kept: list[Callable[[], Iterable[Any]]] = []
        self._own = set(loop._selector.get_map())  # type: ignore[attr-defined]  # its way to wake itself

    def keep(self, connections: Callable[[], Iterable[Any]]) -> None:
        """These of asyncpg's may stay; asked for after each test."""
        self._kept.append(connections)

    def tidy(self) -> None:
        """Ends every task and timer. AssertionError where a file or a socket was left open; the next test finds it closed."""
        loop = self._loop
        if loop.is_closed():
            return
        if loop._ready or asyncio.all_tasks(loop) or self._left():
            loop.run_until_complete(_tasks_ended())
        if self._left():
            loop.run_until_complete(self._closed())
        for timer in loop._scheduled:
            timer.cancel()
        left = self._left()
        said = [str(loop._selector.get_map()[number].data) for number in left]
        for number in left:
            self._shut(number)
        assert not said, f"left open, and watched by the loop: {said}"

    async def _closed(self) -> None:
        deadline = time.monotonic() + self._patience
        while self._left() and time.monotonic() < deadline:  # noqa: ASYNC110 - the other end sets no event
            await asyncio.sleep(0.02)

    def _left(self) -> set[int]:
        connections = [connection for kept in self._kept for connection in kept()]
        kept = {connection._transport.get_extra_info("socket").fileno() for connection in connections}
        return set(self._loop._selector.get_map()) - self._own - kept

    def _shut(self, number: int) -> None:
        transport = self._loop._transports.get(number)
        self._loop._remove_reader(number)
        self._loop._remove_writer(number)
        if transport is not None:
            transport.abort()
            self._loop.run_until_complete(asyncio.sleep(0))


async def _tasks_ended() -> None:
    """As asyncio.run ends them, which then leaves them alone."""
    for _ in range(TURNS):
        await asyncio.sleep(0)
    tasks = asyncio.all_tasks() - {asyncio.current_task()}
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    for _ in range(TURNS):
        await asyncio.sleep(0)


class KeptPool:
    """Connections that outlive a test: as if new, but for what they know by heart."""

    def __init__(self) -> None:
        self._pool: Any = None

    def connections(self) -> Iterable[Any]:
        holders = self._pool._holders if self._pool is not None else ()
        return [holder._con for holder in holders if holder._con is not None and not holder._con.is_closed()]

    @asynccontextmanager
    async def opened(self, chosen: Settings) -> AsyncIterator[None]:
        """The process's one engine is open at this database, the same each time. A pool that a test closed is made anew."""
        engine: Any = database.engine()
        if self._pool is None:
            await database.open(chosen)
            self._pool = engine.pool
        else:
            engine.config, engine.pool = {"dsn": chosen.database_url}, self._pool
        try:
            yield
        finally:
            if engine.pool is self._pool and self._is_idle():
                engine.pool = None
                for connection in self.connections():
                    await connection.reset()
            else:
                await database.close()
                await self.close()

    async def close(self) -> None:
        if self._pool is not None:
            await self._pool.close()
            self._pool = None

    def _is_idle(self) -> bool:
        return not self._pool.is_closing() and bool(self._pool.get_size() == self._pool.get_idle_size())
