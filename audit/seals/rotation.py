"""The key that signs seals is replaced: every trail says so, and for a while seals carry both signatures."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Final

import audit
import database
from audit.events import Event
from audit.log import subjects
from audit.seals import cosigners, keyring, keys
from audit.tables import Trail
from base import clock
from base.viewer import ABOUT_THE_TRAIL

BATCH: Final = 25  # trails told in one unit of work, whose heads nobody else can write to meanwhile


async def trails_to_tell() -> tuple[str, ...]:
    """Trails that began without the newest key, and do not say yet that it replaced another. Opens its own read unit."""
    newest, *older = await keys.public() or (None,)
    if newest is None or not older:
        return ()
    return await _untold(Event.KEY_ROTATED, newest.vkey, newest.since)


async def tell() -> AsyncIterator[int]:
    """Tells every trail of the newest key that does not know, whatever stopped an earlier attempt, and of one by ML-DSA-44 that
    came later than the key beside it; yields how many trails each batch told.
    """
    for start in range(0, len(trails := await trails_to_tell()), BATCH):
        newest, replaced = (await keys.public())[:2]
        batch = trails[start : start + BATCH]
        async with audit.recording(None) as record:
            for trail in batch:
                keys.record_rotation(record, newest, replaced.vkey, newest.cosigner, trail=trail)
        yield len(batch)
    async with database.read():
        joined = next(iter(await cosigners.public()), None)
    if joined is None or not joined.is_late:
        return
    for start in range(0, len(trails := await _untold(Event.KEY_JOINED, joined.vkey, joined.since)), BATCH):
        batch = trails[start : start + BATCH]
        async with audit.recording(None) as record:
            for trail in batch:
                cosigners.record_joined(record, joined, trail=trail)
        yield len(batch)


async def retire() -> int:
    """Removes private keys whose overlap is over; returns how many."""
    own = {key.vkey: key for key in keyring.load(keys.folder())}
    over = [key for key in await keys.public() if key.until is not None and key.until <= clock.now() and key.vkey in own]
    for key in over:
        keyring.remove(own[key.vkey])
    return len(over)


async def _untold(event: Event, vkey: str, since: datetime) -> tuple[str, ...]:
    """Trails that began without this key, and have no such entry about it.

    Each keeps which keys there were when it began: two clocks may say otherwise. One from before that goes by its time.
    """
    subject = subjects.key(vkey)
    async with database.read():
        rows = await Trail.raw(
            """SELECT t.owner AS owner, t.keys AS keys, first.at AS at FROM audit_trail t
            JOIN audit_entry first ON first.trail = t.owner AND first.idx = 0
            WHERE NOT EXISTS (SELECT 1 FROM audit_entry e WHERE e.trail = t.owner AND e.stream = {}
            AND e.type = {} AND e.subject = {}) ORDER BY t.owner""",
            ABOUT_THE_TRAIL,
            event.value,
            subject,
        )
    began = clock.microseconds(since)
    return tuple(
        row["owner"] for row in rows if (row["at"] < began if row["keys"] is None else subject not in row["keys"].split("\n"))
    )
