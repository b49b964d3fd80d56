"""A request that does something once, however often it is sent: what it is known by, and how far it has come.

The layer around the application opens a place for it (``noted``), whoever reads what was sent says what it is (``begin``), and
the unit of work that does it keeps it (``audit/log/sendings.py``). Why: ADR 0090.
"""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from base.viewer import Viewer


@dataclass(slots=True)
class Sending:
    """``id`` follows from who sends and from ``key``; of a page also from what was sent, so that other words are another act.

    ``sender`` follows from who sends alone, and names nobody: by it is counted how much is kept for one account.
    """

    id: UUID
    sender: UUID
    said: bytes  # SHA-256 of where it went and what it said
    key: str  # the number that the page drew, or that a program chose: the answer is sealed with it, and it is stored nowhere
    lasts: timedelta  # for so long it is the same sending
    is_saved: bool = False  # by this request
    was_before: bool = False  # by an earlier one


Look = Callable[[Sending], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Answer:
    """As the application gave it, before anything was added for its reader."""

    status: int
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes


LASTS: Final = timedelta(days=1)  # as long as what was typed is kept for somebody who has to sign in again
# For what can be undone and meant again from a page that was drawn before: two presses, or a line that breaks.
A_MOMENT: Final = timedelta(seconds=10)


@dataclass(slots=True)
class _Place:
    """Of the request's own task: what goes on beside it is no part of the sending."""

    look: Look
    task: asyncio.Task[Any] | None
    now: Sending | None = None


_place: ContextVar[_Place | None] = ContextVar("sending", default=None)


@contextmanager
def noted(look: Look) -> Iterator[None]:
    """Around one request: its tasks included. ``look`` raises SentBefore for a sending that was done when it came before."""
    token = _place.set(_Place(look, asyncio.current_task()))
    try:
        yield
    finally:
        _place.reset(token)


async def begin(sending: Sending) -> None:
    """This request is that sending; nothing where no request is. Raises as ``look`` does."""
    if place := _place.get():
        place.now = sending
        await place.look(sending)


def current() -> Sending | None:
    """None for what may be done as often as it is sent."""
    place = _place.get()
    return place.now if place and place.task is asyncio.current_task() else None


def of_page(viewer: Viewer, address: str, key: str, content: bytes, lasts: timedelta) -> Sending:
    """Of a form, by the number that was drawn with its page."""
    said = _digest(address.encode(), content)
    return Sending(_id(viewer, b"page", key, said), _sender(viewer), said, key, lasts)


def of_program(viewer: Viewer, address: str, key: str, content: bytes) -> Sending:
    """Of a request to the API, by the key that its sender chose: with other content it is the same sending, and a mistake."""
    return Sending(_id(viewer, b"program", key), _sender(viewer), _digest(address.encode(), content), key, LASTS)


def _id(viewer: Viewer, kind: bytes, key: str, said: bytes = b"") -> UUID:
    return UUID(bytes=_digest(viewer.person.bytes, viewer.school.bytes, kind, key.encode(), said)[:16])


def _sender(viewer: Viewer) -> UUID:
    return UUID(bytes=_digest(b"sender", viewer.person.bytes)[:16])


def _digest(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).digest()
