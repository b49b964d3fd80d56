"""What is kept of letters and feeds for a time only, and of people who are nobody any more."""

from datetime import timedelta
from typing import Final

import database
from base import clock
from notices.tables import Asked, Feed, Letter, LetterChoice, Looked, RefusedMailbox, Told, WaitingFeed

KEPT: Final = timedelta(days=800)  # of what was told: longer than anything is told ahead, or stays due
_LEFT: Final = """
    SELECT p.person AS person FROM (
        SELECT person FROM notices_feed UNION SELECT person FROM notices_waiting_feed UNION SELECT person FROM notices_choice
        UNION SELECT person FROM notices_looked UNION SELECT person FROM notices_asked
        UNION SELECT person FROM notices_refused UNION SELECT person FROM notices_letter) AS p
    WHERE NOT EXISTS (SELECT 1 FROM sharing_membership m
        WHERE m.person = p.person AND (m.valid_until IS NULL OR m.valid_until > {}))"""
_DROP_EMPTY: Final = """
    DELETE FROM notices_letter WHERE NOT EXISTS (SELECT 1 FROM notices_told t WHERE t.letter = notices_letter.key)
    RETURNING key"""


async def forget_old() -> int:
    """What was told long ago, and all about people who belong to no school any more. Returns how many letters."""
    now = clock.now()
    async with database.housekeeping():
        left = [row["person"] for row in await Letter.raw(_LEFT, now)]
        for table in (Feed, WaitingFeed, LetterChoice, RefusedMailbox, Looked, Asked):
            await table.delete().where(database.among(table.person, left))
        await Told.delete().where((Told.told_at < now - KEPT) | database.among(Told.person, left))
        return len(await Letter.raw(_DROP_EMPTY))
