"""What was sent once and may come again: found by its sending, so that it isn't done twice and is answered as the first time.

A row is committed with the change that the sending made, or not at all: of two that arrive together the second waits for the
first. The answer is kept beside it, sealed with the sending's own key, which is stored nowhere: only who sends it again opens it.
"""

import base64
import hashlib
import zlib
from typing import Any, Final

import msgspec
from cryptography.fernet import Fernet, InvalidToken

import database
from audit.tables import SendingRow
from base import clock
from base.refusals import Invalid, SentBefore
from database import sending
from database.sending import LASTS, Answer, Sending

MOST: Final = 256 * 1024  # bytes of an answer, sealed: more is a file, which is taken away anew
MOST_OF_A_SENDER: Final = 4 * 1024**2  # bytes of a day's answers: of thousands of forms, and no disk full of one account's
USED: Final = "This Idempotency-Key was sent before with something else. Choose another one for another request."


async def claim() -> None:
    """Inside the unit that does what was sent, before it does anything. Raises as ``look``."""
    now = sending.current()
    if now is None or now.is_saved:
        return
    row = SendingRow(id=now.id, sender=now.sender, said=now.said, made_at=clock.now(), answer=None)
    is_first = await SendingRow.insert(row).on_conflict(action="DO NOTHING").returning(SendingRow.id)
    if not is_first and not await _is_first_again(now):
        await _refuse_second(now)

    async def saved() -> None:
        now.is_saved = True

    await database.afterwards(saved)


async def look(now: Sending) -> None:
    """Raises SentBefore for what was done already, Invalid where a program's key named something else."""
    async with database.read():
        await _refuse_second(now)


async def _is_first_again(now: Sending) -> bool:
    """True where the one before is too long ago to be the same, or too far ahead: the clock was put back."""
    values: dict[Any, Any] = {SendingRow.said: now.said, SendingRow.made_at: clock.now(), SendingRow.answer: None}
    moment = clock.now()
    is_another = (SendingRow.made_at < moment - now.lasts) | (SendingRow.made_at > moment + now.lasts)
    return bool(await SendingRow.update(values).where((SendingRow.id == now.id) & is_another).returning(SendingRow.id))


async def _refuse_second(now: Sending) -> None:
    moment = clock.now()
    still = (SendingRow.made_at >= moment - now.lasts) & (SendingRow.made_at <= moment + now.lasts)
    found = await SendingRow.select(SendingRow.said).where((SendingRow.id == now.id) & still).first()
    if found is None:
        return
    if bytes(found["said"]) != now.said:
        raise Invalid(USED, **{"Idempotency-Key": USED})
    now.was_before = True
    raise SentBefore


async def answer_of(now: Sending) -> Answer | None:
    """What the first one was answered; None where that was not kept, or not yet."""
    async with database.read():
        found = await SendingRow.select(SendingRow.answer).where(SendingRow.id == now.id).first()
    if not found or found["answer"] is None:
        return None
    try:
        packed = zlib.decompress(_seal(now).decrypt(bytes(found["answer"])))
    except InvalidToken:
        return None
    return msgspec.msgpack.decode(packed, type=Answer)


async def keep(now: Sending, answer: Answer) -> None:
    """In a unit of its own: the change is committed, and is not to wait for it. Nothing where it, or all of its sender's, is more
    than is kept.
    """
    sealed = _seal(now).encrypt(zlib.compress(msgspec.msgpack.encode(answer)))
    if len(sealed) > MOST:
        return
    async with database.housekeeping():
        kept = await SendingRow.raw("SELECT SUM(length(answer)) AS bytes FROM audit_sending WHERE sender = {}", now.sender)
        if (kept[0]["bytes"] or 0) + len(sealed) <= MOST_OF_A_SENDER:
            await SendingRow.update({SendingRow.answer: sealed}).where(SendingRow.id == now.id)


async def forget_old() -> int:
    """How many could be sent again no more."""
    now = clock.now()
    could_not = (SendingRow.made_at < now - LASTS) | (SendingRow.made_at > now + LASTS)
    async with database.housekeeping():
        gone = await SendingRow.delete().where(could_not).returning(SendingRow.id)
    return len(gone)


def _seal(now: Sending) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(b"answer to " + now.key.encode()).digest()))
