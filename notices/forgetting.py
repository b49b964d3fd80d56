"""What is kept of letters and feeds for a time only, and of people who are nobody any more."""

from datetime import timedelta
from typing import Final

import database
from base import clock
from notices.tables import Feed, Letter, LetterChoice, RefusedMailbox, Told
from sharing.tables import Membership

KEPT: Final = timedelta(days=800)  # of what was told: longer than anything is told ahead, or stays due


async def forget_old() -> int:
    """What was told long ago, and all about people who belong to no school, now or ever. Returns how many letters."""
    before, now = clock.now() - KEPT, clock.now()
    async with database.housekeeping():
        somewhere = Membership.select(Membership.person).where(Membership.valid_until.is_null() | (Membership.valid_until > now))
        for table in (Feed, LetterChoice, RefusedMailbox):
            await table.delete().where(table.person.not_in(somewhere))
        await Told.delete().where((Told.told_at < before) | Told.person.not_in(somewhere))
        empty = Letter.key.not_in(Told.select(Told.letter))
        gone = await Letter.delete().where(empty).returning(Letter.key)
    return len(gone)
