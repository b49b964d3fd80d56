"""The answer to what is done once: kept before anybody reads it, and given again when the same thing is sent again."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final, cast

from litestar.types import Message

from database import saving, sending
from database.sending import Answer, Look, Sending

MOST: Final = 256 * 1024  # bytes that are held back to be kept; a larger answer goes on as it comes, and is not given again
KEEPING_SECONDS: Final = 3  # what is kept beside an answer must not hinder it
LOOKS: Final = 100  # for the answer to one that is being given at the same time: five seconds
LOOK_SECONDS: Final = 0.05
REFUSED: Final = 400


async def _nothing(_now: Sending) -> None:
    return None


async def _none(_now: Sending) -> Answer | None:
    return None


async def _nowhere(_now: Sending, _answer: Answer) -> None:
    return None


@dataclass(frozen=True, slots=True)
class Answers:
    """Where answers are kept, which a layer around the application doesn't know."""

    look: Look = _nothing
    answer_of: Callable[[Sending], Awaitable[Answer | None]] = _none
    keep: Callable[[Sending, Answer], Awaitable[None]] = _nowhere


async def first_answer(answers: Answers, now: Sending) -> Answer | None:
    """None where it was not kept."""
    with suppress(Exception):
        for _ in range(LOOKS):
            if found := await answers.answer_of(now):
                return found
            await asyncio.sleep(LOOK_SECONDS)
    return None


class Keeping:
    """Between the application and its reader."""

    def __init__(self, answers: Answers, pass_on: Callable[[Message], Awaitable[None]]) -> None:
        self._answers, self._pass_on = answers, pass_on
        self._held: list[Message] = []
        self._size = 0

    async def send(self, message: Message) -> None:
        now = sending.current()
        if now is None or not now.is_saved or not (self._held or _is_begun(message)):
            await self._pass_on(message)
            return
        self._held.append(message)
        self._size += len(cast(dict[str, Any], message).get("body", b""))
        is_whole = message["type"] == "http.response.body" and not message.get("more_body", False)
        if is_whole and self._size <= MOST:
            await self._keep(now)
        if is_whole or self._size > MOST:
            held, self._held = self._held, []
            for one in held:
                await self._pass_on(one)

    async def _keep(self, now: Sending) -> None:
        start, *rest = cast(list[dict[str, Any]], self._held)
        answer = Answer(start["status"], tuple(map(tuple, start["headers"])), b"".join(one.get("body", b"") for one in rest))
        with suppress(Exception), saving.noted():
            async with asyncio.timeout(KEEPING_SECONDS):
                await self._answers.keep(now, answer)


def _is_begun(message: Message) -> bool:
    """Whether an answer begins that is no refusal."""
    return message["type"] == "http.response.start" and message["status"] < REFUSED
