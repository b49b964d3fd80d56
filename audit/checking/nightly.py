"""The check of each night: everything that `vouch trail fsck` asks, on the computer that signs, while hardly anybody waits."""

from datetime import datetime, timedelta
from typing import Final

import structlog

from audit.checking import checkpointed, memory, questions
from audit.checking.checkpointed import NIGHTLY
from audit.log.fsck import Finding
from base import clock

NIGHT: Final = range(1, 5)  # hours by English clocks
NOT_AGAIN_FOR: Final = timedelta(hours=20)
REST: Final = 0.02  # seconds between two stretches, so that the check takes a third of the processor and pages two
AT_ANY_HOUR_AFTER: Final = timedelta(hours=44)  # where the computer is off at night

log = structlog.get_logger("vouch.check")


async def check_if_due() -> int:
    """Checks every trail once a night, and says in the log what it found; returns how many findings.

    A check that was stopped goes on after its last whole trail.
    """
    if not memory.is_here() or not _is_due(clock.now()):
        return 0
    names, entries, found = await questions.trails(), 0, list[Finding]()
    async for answer in checkpointed.answers(NIGHTLY, names, is_resumed=True, rest=REST):
        entries += answer.entries
        found += answer.findings
    found += await questions.of_installation(rest=REST)
    for finding in found:
        where = "" if finding.idx is None else str(finding.idx + 1)
        log.error("check_found", trail=finding.trail, entry=where, what=finding.what)
    checkpointed.keep_nights(entries, found)
    return len(found)


def _is_due(now: datetime) -> bool:
    last = checkpointed.last_nights()
    since = now - datetime.fromisoformat(last["ended_at"]) if last else None
    if since is not None and timedelta() <= since < NOT_AGAIN_FOR:
        return False
    if since is not None and since < timedelta():  # the clock was put back: nobody knows how long ago that was
        return True
    return now.astimezone(clock.LONDON).hour in NIGHT or (since is not None and since > AT_ANY_HOUR_AFTER)
