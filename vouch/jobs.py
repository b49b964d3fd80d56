"""What has to be done from time to time: add the nodes that old trails lack, tell trails whose they are, seal, tell trails of a
new key, list origins, show seals to witnesses, have them time-stamped, write to those who hold seals, tell the operator of
requests to erase that wait, remind people, send, forget, check every trail at night.

The serving process does it every VOUCH_SEAL_EVERY minutes; ``vouch jobs run-due`` does it once, for cron. Each part may fail
by itself: the log says so, and the next run tries again. A letter that somebody waits for does not wait for that: the
serving process looks into the outbox every other second, and reminds people whatever VOUCH_SEAL_EVERY says, unless it is 0.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

import structlog

from audit.checking import nightly
from audit.log import nodes, whose
from audit.seals import key_chain, keys, origin_lists, recipients, rotation, sealing
from audit.witnesses import asking, stamping
from base import clock, mail, settings
from notices import planning, refused, reminding
from privacy import waiting
from vouch.wiring import DUE, FORGETTING

FIRST_AFTER_SECONDS: Final = 60  # after the start, when readers come first
LOOK_EVERY_SECONDS: Final = 2  # into the outbox, which any process may write to: somebody waits for a letter with a link
REMIND_EVERY_SECONDS: Final = 900  # a last day has nine hours
AGAIN_AFTER_SECONDS: Final = 300  # where the mail server did not take what waits
HEARD_WITHIN_SECONDS: Final = 1  # that it is to end

log = structlog.get_logger("vouch.jobs")


@dataclass(slots=True)
class JobsDone:
    """What one run did, in counts; ``failed`` names the parts that did not get to their end."""

    named: int = 0  # trails that say from now on whose they are
    sealed: int = 0
    refused: int = 0
    seen: int = 0  # seals that a witness saw
    unseen: int = 0  # that one has not seen yet
    doubted: int = 0  # of which one says that it saw another history
    stamped: int = 0  # seals that got a time stamp
    unstamped: int = 0  # that got none, and wait for the next run
    written: int = 0
    told: int = 0  # of requests to erase that wait: the operator
    reminded: int = 0  # letters to people, of what is due
    sent: int = 0
    waiting: int = 0
    forgotten: int = 0
    found: int = 0  # by the check of a night: what does not hold
    failed: tuple[str, ...] = ()
    at_any_hour: bool = False  # what was asked for: letters outside the hours for letters, too


async def run_due(*, at_any_hour: bool = False) -> JobsDone:
    """Everything once. Raises nothing but cancellation."""
    done = JobsDone(at_any_hour=at_any_hour)
    for name, job in JOBS:
        try:
            await job(done)
        except Exception:
            log.exception("job_failed", job=name)
            done.failed += (name,)
    return done


async def run_forever() -> None:
    """What the serving process runs beside the pages, until cancelled."""
    every = settings.current().seal_every * 60
    await asyncio.sleep(min(FIRST_AFTER_SECONDS, every))
    while True:
        await run_due()
        await asyncio.sleep(every)


async def remind_forever() -> None:
    """What the serving process runs beside the pages, until cancelled."""
    await asyncio.sleep(FIRST_AFTER_SECONDS)
    while True:
        try:
            await _remind(JobsDone())
        except Exception:
            log.exception("job_failed", job="remind")
        await asyncio.sleep(REMIND_EVERY_SECONDS)


async def send_promptly() -> None:
    """What the serving process runs beside the pages where there is a mail server, until cancelled."""
    tried: frozenset[str] = frozenset()
    last = 0.0
    while True:
        there, now = await asyncio.to_thread(lambda: mail.waiting(by_day=_is_by_day())), time.monotonic()
        if there - tried or (there and now - last > AGAIN_AFTER_SECONDS):
            tried, last = there, now
            try:
                await _send(JobsDone())
            except Exception:
                log.exception("job_failed", job="send")
        await asyncio.sleep(LOOK_EVERY_SECONDS)


async def stop(loop: asyncio.Task[None]) -> None:
    """Ends what runs until cancelled. Before Python 3.12 asyncio.wait_for, by which letters are sent, may lose a cancellation
    (https://github.com/python/cpython/issues/96764): it is asked for until it is heard.
    """
    while not loop.done():
        loop.cancel()
        await asyncio.wait({loop}, timeout=HEARD_WITHIN_SECONDS)
    with suppress(asyncio.CancelledError):
        loop.result()


async def _name(done: JobsDone) -> None:
    async for told in whose.name_all():
        done.named += told


async def _add_nodes(_: JobsDone) -> None:
    async for _added in nodes.add_missing():
        pass


async def _seal(done: JobsDone) -> None:
    own = await keys.signing()
    if not own:
        return
    async for _ in rotation.tell():
        pass
    async for batch in sealing.seal_in_batches(await sealing.all_trails(), own):
        done.sealed += len(batch.sealed)
        done.refused += len(batch.refused)
    done.refused += len(await sealing.vanished())
    await origin_lists.write_all(await sealing.all_trails(), own)
    await key_chain.write_missing()
    await rotation.retire()


async def _show(done: JobsDone) -> None:
    if settings.current().witnesses and await keys.signing():  # of several computers the one that seals
        shown = await asking.show_all()
        done.seen, done.unseen, done.doubted = shown.seen, shown.unseen, shown.doubted


async def _stamp(done: JobsDone) -> None:
    if settings.current().tsa and await keys.signing():
        asked = await stamping.stamp_all()
        done.stamped, done.unstamped = asked.stamped, asked.unstamped


async def _write(done: JobsDone) -> None:
    """Behind witnesses and time stamps, which the letters bring. What could not be sealed is nothing to write of."""
    if "seal" not in done.failed and await keys.signing():
        done.written += await recipients.write_to_all_due()


async def _tell(done: JobsDone) -> None:
    done.told = await waiting.tell_operator()


async def _remind(done: JobsDone) -> None:
    reminded = await reminding.remind(DUE, anyhow=done.at_any_hour)
    done.reminded = reminded.letters
    done.failed += reminded.failed


def _is_by_day() -> bool:
    return planning.is_open(clock.now())


async def _send(done: JobsDone) -> None:
    by_day = done.at_any_hour or _is_by_day()
    delivered = await mail.deliver(recipients.note_sent, refused.note, by_day=by_day)
    done.sent, done.waiting = delivered.sent, delivered.waiting


async def _forget(done: JobsDone) -> None:
    done.forgotten = mail.purge_old()
    for forget in FORGETTING:
        done.forgotten += await forget()


async def _check(done: JobsDone) -> None:
    done.found = await nightly.check_if_due()


JOBS: Final[tuple[tuple[str, Callable[[JobsDone], Awaitable[None]]], ...]] = (
    ("nodes", _add_nodes),
    ("name", _name),
    ("seal", _seal),
    ("show", _show),
    ("stamp", _stamp),
    ("write", _write),
    ("tell", _tell),
    ("remind", _remind),
    ("send", _send),
    ("forget", _forget),
    ("check", _check),  # last: it may take minutes
)
