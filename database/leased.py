"""Long work on one row, such as a file on its way in, done in the background step by step, under a lease.

A process takes a lease on the row and renews it with every step; when the process dies, the lease ends and the next look at the
row, in whichever process, carries on. What a step does again after that is its own business.

The table has columns id, state, lease, leased_by, done and total, and is one that housekeeping may write.
"""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final, Generic, TypeVar
from uuid import UUID, uuid4

import structlog
from piccolo.table import Table

import database
from base import clock
from base.refusals import Busy, Refusal

WAIT: Final = 4.0  # seconds that a request waits for the end: most files are ready by then, and nobody sees a progress page

W = TypeVar("W")  # for whom it is done
Beat = Callable[[int, int], Coroutine[Any, Any, None]]  # done, of how many; raises LeaseLost
Step = Callable[[W, UUID, Beat], Coroutine[Any, Any, None]]


class LeaseLost(Exception):
    """Another process took over, or the row was removed."""


@dataclass(slots=True)
class LeasedWork(Generic[W]):
    """``steps`` by the state in which each is due; ``ended`` is told the state and sentence of a step that was refused or failed.

    ``called`` names it in the log.
    """

    table: type[Table]
    steps: Mapping[str, Step[W]]
    ended: Callable[[UUID, str, str], Coroutine[Any, Any, None]]
    called: str
    wrong: str  # the sentence for what nobody foresaw
    lease: timedelta = timedelta(seconds=60)  # longer than the longest step between two beats
    most_at_once: int = 2  # that one process works on; the rest wait their turn
    most_waiting: int = 100  # that wait for a turn; a further one begins when somebody looks at it and a turn is free
    running: dict[UUID, asyncio.Task[None]] = field(default_factory=dict)
    waiting: dict[UUID, W] = field(default_factory=dict)  # in the order in which they begin

    async def carry_on(self, for_whom: W, row: UUID, *, wait: float = WAIT) -> None:
        """Does what the row waits for, if anything; returns when that is done, or after ``wait`` seconds.

        Where ``most_at_once`` are under way, it begins when one of them has ended.
        """
        task = self.running.get(row)
        if task is None or task.done():
            if len(self.running) >= self.most_at_once:
                if len(self.waiting) < self.most_waiting:
                    self.waiting[row] = for_whom
                return
            task = self._begin(for_whom, row)
        await asyncio.wait([task], timeout=wait)

    async def stop(self) -> None:
        """At the end of the process: whatever is under way is carried on by the next one."""
        self.waiting.clear()
        for task in list(self.running.values()):
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    def _begin(self, for_whom: W, row: UUID) -> asyncio.Task[None]:
        self.waiting.pop(row, None)
        task = self.running[row] = asyncio.create_task(self._work(for_whom, row))
        task.add_done_callback(lambda _: self._over(row))
        return task

    def _over(self, row: UUID) -> None:
        self.running.pop(row, None)
        if self.waiting and len(self.running) < self.most_at_once:
            first = next(iter(self.waiting))
            self._begin(self.waiting[first], first)

    async def _work(self, for_whom: W, row: UUID) -> None:
        me = uuid4()
        with suppress(LeaseLost, Busy):  # busy: the next look carries on
            try:
                while (state := await self._take(row, me)) is not None:
                    holding = asyncio.create_task(self._hold(row, me))
                    try:
                        await self._step(for_whom, row, state, me)
                    finally:
                        holding.cancel()
            finally:
                await self._let_go(row, me)

    async def _hold(self, row: UUID, me: UUID) -> None:
        """Renews the lease through steps that report nothing for a while."""
        while True:
            await asyncio.sleep(self.lease.total_seconds() / 4)
            with suppress(Busy):
                async with database.housekeeping():
                    await self.table.update({"lease": clock.now() + self.lease}).where(self._held(row, me))

    async def _step(self, for_whom: W, row: UUID, state: str, me: UUID) -> None:
        async def beat(done: int, total: int) -> None:
            await self._renew(row, me, done, total)

        try:
            await self.steps[state](for_whom, row, beat)
        except (LeaseLost, Busy):
            raise
        except Refusal as refusal:
            await self.ended(row, state, refusal.sentence)
        except Exception as error:
            if not await self._is_there(row):
                raise LeaseLost from error  # what a step writes refers to a row that somebody has just taken back
            structlog.get_logger("vouch").exception(f"{self.called}_failed", step=state)
            await self.ended(row, state, self.wrong)

    async def _take(self, row: UUID, me: UUID) -> str | None:
        """Takes the lease; returns the state whose step is due, None when there is none, or another process does it."""
        now, table = clock.now(), self.table
        is_over = (table.lease < now) | (table.lease > now + self.lease)  # type: ignore[attr-defined]  # later: the clock was put back
        free = table.lease.is_null() | is_over | (table.leased_by == me)  # type: ignore[attr-defined]
        mine: dict[Any, Any] = {"lease": now + self.lease, "leased_by": me}
        async with database.housekeeping():
            due = (table.id == row) & database.among(table.state, list(self.steps)) & free  # type: ignore[attr-defined]
            taken = await table.update(mine).where(due).returning(table.state)  # type: ignore[attr-defined]
        return str(taken[0]["state"]) if taken else None

    async def _is_there(self, row: UUID) -> bool:
        async with database.read():
            return bool(await self.table.exists().where(self.table.id == row))  # type: ignore[attr-defined]

    async def _let_go(self, row: UUID, me: UUID) -> None:
        left: dict[Any, Any] = {"lease": None, "leased_by": None}
        async with database.housekeeping():
            await self.table.update(left).where(self._held(row, me))

    async def _renew(self, row: UUID, me: UUID, done: int, total: int) -> None:
        now: dict[Any, Any] = {"lease": clock.now() + self.lease, "done": done, "total": total}
        async with database.housekeeping():
            if not await self.table.update(now).where(self._held(row, me)).returning(self.table.id):  # type: ignore[attr-defined]
                raise LeaseLost

    def _held(self, row: UUID, me: UUID) -> Any:
        return (self.table.id == row) & (self.table.leased_by == me)  # type: ignore[attr-defined]
