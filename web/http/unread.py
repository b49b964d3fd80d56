"""What was typed into a form that nobody read, because the request was refused before: text as it was, of files the names alone.

A form that is larger than fits is read here piece by piece, so that a photo of any size costs no word beside it.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from typing import Final
from urllib.parse import parse_qsl

from litestar.types import HTTPScope, Receive
from multipart import MultipartError  # type: ignore[import-untyped]

from base.refusals import Refusal
from web.pages import marks, parts
from web.pages.forms import MOST_PARTS
from web.pages.marks import Typed
from web.pages.parts import MOST_TEXT

URLENCODED: Final = b"application/x-www-form-urlencoded"
MULTIPART: Final = b"multipart/form-data"
SECONDS: Final = 60  # a photo that is too large is read to its end: a browser shows no answer before it has sent all

Pairs = list[tuple[str, str]]


def is_form(scope: HTTPScope) -> bool:
    """True for what a browser sends of a form."""
    return scope["method"] == "POST" and _kind(scope).partition(b";")[0].strip().lower() in (URLENCODED, MULTIPART)


async def read(scope: HTTPScope, receive: Receive) -> Typed | None:
    """None for what is no form, or did not arrive whole, or was read by somebody else. Notes it in the scope as well."""
    if not is_form(scope) or getattr(receive, "is_whole", False):
        return None
    with suppress(Refusal, TimeoutError, MultipartError, ValueError):
        async with asyncio.timeout(SECONDS):
            pairs, files = await _READERS[_kind(scope).partition(b";")[0].strip().lower()](scope, receive)
        typed = marks.of_form(scope, [(name, value.replace("\r\n", "\n")) for name, value in pairs], files)
        marks.note(scope, typed)
        return typed
    return None


def _kind(scope: HTTPScope) -> bytes:
    return next((value for name, value in scope["headers"] if name == b"content-type"), b"")


async def _chunks(receive: Receive) -> AsyncIterator[bytes]:
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return
        if chunk := message.get("body", b""):
            yield chunk
        if not message.get("more_body", False):
            return


async def _read_urlencoded(_scope: HTTPScope, receive: Receive) -> tuple[Pairs, list[str]]:
    body = bytearray()
    async for chunk in _chunks(receive):
        body += chunk[: MOST_TEXT + 1 - len(body)]
    if len(body) > MOST_TEXT:
        return [], []
    return parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=MOST_PARTS, errors="strict"), []


async def _read_multipart(scope: HTTPScope, receive: Receive) -> tuple[Pairs, list[str]]:
    sent = await parts.read(_chunks(receive), _kind(scope).decode("latin-1"), most_parts=MOST_PARTS, largest_file=0)
    return ([], []) if sent.is_too_much_text else (sent.texts, [name for _, name, _ in sent.files])


_READERS: Final[dict[bytes, Callable[[HTTPScope, Receive], Awaitable[tuple[Pairs, list[str]]]]]] = {
    URLENCODED: _read_urlencoded,
    MULTIPART: _read_multipart,
}
