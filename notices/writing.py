"""A letter is claimed in the database, written into the outbox, and marked as written: never twice, and never none.

1. ``claim``: one unit of work adds the letter and a row for each key that it tells. Of two workers the second finds them there.
2. ``write``: under a lock of the letter's row the file is written, whose name comes from the letter's key, and the row says so.
3. ``finish``: what a worker that died left claimed. If the file is there, the row says so; if not, letter and keys go, and are
   claimed anew if they are still due.

A worker that was only slow finds its claim gone, or claimed by another token, and writes nothing.
"""

import asyncio
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Final

import database
from base import clock, mail
from base.due import Due
from notices import letter_text
from notices.planning import Hearer, Plan
from notices.tables import Letter, Told
from sharing.sign_in.sessions import digest_of

TOKEN_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class Claim:
    """A letter that nobody else writes, and what it tells. ``moved_from`` is the day told before, by key."""

    key: str
    token: str
    dues: tuple[Due, ...]
    moved_from: Mapping[str, date]


async def claim(hearer: Hearer, plan: Plan) -> Claim | None:
    """None where this letter is there already, or all that it would tell was told."""
    token, now = secrets.token_hex(TOKEN_BYTES), clock.now()
    letter = Letter(key=plan.key, person=hearer.person, token_hash=digest_of(token), made_at=now, written_at=None)
    async with database.housekeeping():
        if not await Letter.insert(letter).on_conflict(action="DO NOTHING").returning(Letter.key):
            return None
        moved_from = await _days_told(hearer, plan)
        dues = []
        for due in sorted(plan.dues, key=lambda due: due.key):  # in one order, so that no two workers wait for each other
            row = Told(key=due.key, about=due.about, person=due.person, day=due.day, letter=plan.key, told_at=now)
            if await Told.insert(row).on_conflict(action="DO NOTHING").returning(Told.key):
                dues.append(due)
        if not dues:
            await Letter.delete().where(Letter.key == plan.key)
            return None
    return Claim(plan.key, token, tuple(dues), moved_from)


async def write(hearer: Hearer, claimed: Claim) -> bool:
    """Whether this call put the letter into the outbox."""
    async with database.housekeeping():
        mine = (Letter.key == claimed.key) & (Letter.token_hash == digest_of(claimed.token)) & Letter.written_at.is_null()
        if await database.locked(Letter.select(Letter.key).where(mine)).first() is None:
            return False
        subject = letter_text.subject(claimed.dues)
        body = letter_text.body(hearer, claimed.dues, claimed.moved_from, claimed.token)
        headers = letter_text.headers(claimed.dues, claimed.token)
        await mail.send_once(claimed.key, hearer.email, subject, body, headers=headers)
        await _mark_written(claimed.key)
    return True


async def reopen(today: date) -> None:
    """Takes back letters of earlier days that no mail server took, so that what they tell is looked at anew. ``finish`` next.

    Where there is no mail server they stay: somebody may hand them on.
    """
    if not mail.is_configured():
        return
    begins = datetime.combine(today, time(), tzinfo=clock.LONDON)
    lately = (Letter.written_at < begins) & (Letter.written_at > begins - mail.KEPT)
    async with database.read():
        keys: list[str] = await Letter.select(Letter.key).where(lately).output(as_list=True)
    for key in keys:
        if await asyncio.to_thread(mail.is_waiting, key):
            change: dict[Any, Any] = {Letter.written_at: None}
            async with database.housekeeping():
                await Letter.update(change).where(Letter.key == key)
            await asyncio.to_thread(mail.take_back, key)


async def finish() -> None:
    """Ends what another worker began and did not end."""
    async with database.read():
        keys: list[str] = await Letter.select(Letter.key).where(Letter.written_at.is_null()).output(as_list=True)
    for key in keys:
        async with database.housekeeping():
            left = (Letter.key == key) & Letter.written_at.is_null()
            if await database.locked(Letter.select(Letter.key).where(left)).first() is None:
                continue
            if await asyncio.to_thread(mail.is_there, key):
                await _mark_written(key)
            else:
                await Told.delete().where(Told.letter == key)
                await Letter.delete().where(Letter.key == key)


async def _mark_written(key: str) -> None:
    change: dict[Any, Any] = {Letter.written_at: clock.now()}
    await Letter.update(change).where(Letter.key == key)


async def _days_told(hearer: Hearer, plan: Plan) -> dict[str, date]:
    """For each key the day that was last told of the same thing, where it was another."""
    abouts = {due.about for due in plan.dues}
    rows = await (
        Told.select(Told.about, Told.day)
        .where((Told.person == hearer.person) & database.among(Told.about, abouts))
        .order_by(Told.told_at)
    )
    last = {row["about"]: row["day"] for row in rows}
    return {due.key: last[due.about] for due in plan.dues if last.get(due.about, due.day) != due.day}
