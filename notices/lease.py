"""One worker at a time writes letters. A worker that dies holds the lease until it ends; then the next one goes on.

That nothing is told twice does not rest on it: it only spares two workers the same work.
"""

from datetime import timedelta
from typing import Any, Final
from uuid import UUID

import database
from base import clock
from notices.tables import Lease

LASTS: Final = timedelta(minutes=5)  # longer than a run takes
LETTERS: Final = "letters"


async def take(me: UUID) -> bool:
    """Whether the lease is ours now."""
    now = clock.now()
    row = Lease(name=LETTERS, holder=me, until_at=now + LASTS)
    change: dict[Any, Any] = {Lease.holder: me, Lease.until_at: now + LASTS}
    async with database.housekeeping():
        if await Lease.insert(row).on_conflict(action="DO NOTHING").returning(Lease.name):
            return True
        is_over = (Lease.until_at <= now) | (Lease.until_at > now + LASTS)  # later than any lasts: the clock was put back
        return bool(await Lease.update(change).where((Lease.name == LETTERS) & is_over).returning(Lease.name))


async def give_back(me: UUID) -> None:
    async with database.housekeeping():
        await Lease.delete().where((Lease.name == LETTERS) & (Lease.holder == me))
