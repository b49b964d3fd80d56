"""A check of a long trail takes longer than anybody waits for a page: it runs beside the pages, and the page shows how far it is.

What is found is kept in this process for a while, and nowhere else: whoever could forge rows could have it say what they want.
"""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from audit.checking import questions
from audit.checking.questions import Answer
from base import clock

SHORT: Final = 20_000  # entries that are checked while somebody waits: some seconds
KEPT: Final = timedelta(minutes=5)  # what was found; then it is asked anew
AT_ONCE: Final = 2  # trails: each reads all its entries, and keeps a connection until it has


@dataclass(slots=True)
class Run:
    """A check that goes on, or has ended: ``done`` of about ``size`` entries are read."""

    size: int
    done: int = 0
    answer: Answer | None = None
    ended_at: datetime | None = None
    task: "asyncio.Task[None] | None" = None

    def progressed(self, entries: int) -> None:
        self.done += entries


_runs: Final[dict[str, Run]] = {}
_turns: Final = asyncio.Semaphore(AT_ONCE)


def of(trail: str, size: int) -> Run:
    """The check of this trail that goes on or has just ended; a new one where there is none.

    Raises, once, what ended a check before it had an answer: whoever waits for it would wait for ever.
    """
    run = _runs.get(trail)
    if run is not None and run.task is not None and run.task.done() and run.answer is None:
        del _runs[trail]
        run.task.result()
    is_over = run is not None and run.ended_at is not None and abs(clock.now() - run.ended_at) > KEPT
    if run is None or is_over:
        run = _runs[trail] = Run(size)
        run.task = asyncio.create_task(_check(trail, run))
    return run


async def stop() -> None:
    """At the end of the process: what is under way is asked anew by whoever wants to know."""
    tasks = [run.task for run in _runs.values() if run.task is not None]
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    _runs.clear()


async def _check(trail: str, run: Run) -> None:
    async with _turns:
        answer = await questions.with_rules(await questions.of_trail(trail, on_progress=run.progressed))
    run.answer, run.ended_at = answer, clock.now()
