"""The key that signs seals is replaced: every trail says so, and for a while seals carry both signatures."""

from collections.abc import AsyncIterator
from typing import Final

import audit
import database
from audit.events import Event
from audit.seals import keyring, keys
from audit.seals.keys import PublicKey
from audit.tables import Trail
from base import clock
from base.viewer import ABOUT_THE_TRAIL

BATCH: Final = 25  # trails told in one unit of work, whose heads nobody else can write to meanwhile


async def trails_to_tell() -> tuple[str, ...]:
    """Trails that were there when the newest key began, and do not say yet that it replaced another. Opens its own read unit."""
    newest, *older = await keys.public() or (None,)
    if newest is None or not older:
        return ()
    since = clock.microseconds(newest.since)
    async with database.read():
        rows = await Trail.raw(
            """SELECT t.owner AS owner FROM audit_trail t JOIN audit_entry first ON first.trail = t.owner AND first.idx = 0
            WHERE first.at < {} AND NOT EXISTS (SELECT 1 FROM audit_entry e WHERE e.trail = t.owner AND e.stream = {}
            AND e.type = {} AND e.at >= {}) ORDER BY t.owner""",
            since,
            ABOUT_THE_TRAIL,
            Event.KEY_ROTATED.value,
            since,
        )
    return tuple(row["owner"] for row in rows)


async def tell() -> AsyncIterator[int]:
    """Tells every trail that does not know, whatever stopped an earlier attempt; yields how many each batch told."""
    trails = await trails_to_tell()
    if not trails:
        return
    newest, replaced = (await keys.public())[:2]
    for start in range(0, len(trails), BATCH):
        batch = trails[start : start + BATCH]
        await _tell_some(batch, newest, replaced)
        yield len(batch)


async def retire() -> int:
    """Removes private keys whose overlap is over; returns how many."""
    own = {key.vkey: key for key in keyring.load(keys.folder())}
    over = [key for key in await keys.public() if key.until is not None and key.until <= clock.now() and key.vkey in own]
    for key in over:
        own[key.vkey].path.unlink(missing_ok=True)
    return len(over)


async def _tell_some(trails: tuple[str, ...], newest: PublicKey, replaced: PublicKey) -> None:
    async with audit.recording(None) as record:
        for trail in trails:
            keys.record_rotation(record, newest.vkey, replaced.vkey, newest.since, trail=trail)
