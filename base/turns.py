"""So many at a time for one person: what is dear to answer must not be asked for without end by a few."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from base.refusals import TooMany

RETRY_AFTER_SECONDS: Final = 5


@dataclass(slots=True)
class _Line:
    free: asyncio.Semaphore
    people: int = 0  # answered or waiting


class Turns:
    """``async with turns.of(person):`` one of ``at_once``. As many more wait ``seconds``; then, and beyond, TooMany.

    Counted by this process alone.
    """

    def __init__(self, sentence: str, *, at_once: int, waiting: int, seconds: float) -> None:
        self._sentence, self._at_once, self._waiting, self._seconds = sentence, at_once, waiting, seconds
        self._lines: dict[UUID, _Line] = {}

    @asynccontextmanager
    async def of(self, person: UUID) -> AsyncIterator[None]:
        line = self._lines.setdefault(person, _Line(asyncio.Semaphore(self._at_once)))
        if line.people >= self._at_once + self._waiting:
            raise self._refusal()
        line.people += 1
        try:
            await self._turn(line)
            try:
                yield
            finally:
                line.free.release()
        finally:
            line.people -= 1
            if line.people == 0:
                self._lines.pop(person, None)

    async def _turn(self, line: _Line) -> None:
        try:
            async with asyncio.timeout(self._seconds):
                await line.free.acquire()
        except TimeoutError as error:
            raise self._refusal() from error

    def _refusal(self) -> TooMany:
        return TooMany(self._sentence, retry_after_seconds=RETRY_AFTER_SECONDS)
