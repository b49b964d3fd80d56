"""What a request's body may be: how large, and how slow; and what becomes of one that is broken off."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, Final, cast

from litestar.types import HTTPScope, Receive

from base.refusals import Invalid, Refusal, TooLarge
from web.http import problems, unread
from web.pages.marks import Typed

MB: Final = 1024 * 1024
USUAL_BODY: Final = 1 * MB  # a form with every answer at its limit
FILE_BODY: Final = 12 * MB  # one file of 10 MB
# A form with a file that is too large is read all the same, so that it comes back with what was typed beside the file. Beyond
# this it does not: larger than the photos of phones, and than any file that a page takes (30 MB, scanned contracts).
FILE_FORM: Final = 48 * MB
# A browser shows our answer only once it has sent its body, so a body a little over its limit is read and thrown away.
MOST_DRAINED: Final = 64 * MB
DRAIN_SECONDS: Final = 10
LONGEST_LENGTH: Final = 15  # digits of a Content-Length; more is no length

SILENT_SECONDS: Final = 30  # without one byte, and before the pace counts
AT_ONCE: Final = 1  # second; who sent a body that took longer is asked about once more
ASKED_AGAIN: Final = "vouch.asked_again"  # in the scope: what `once_whole` was told
SLOWEST: Final = 16 * 1024  # bytes a second; a photo of 10 MB by a bad mobile line may take ten minutes


class TooSlow(Refusal):
    status = 408
    title = "That took too long"

    def __init__(self) -> None:
        super().__init__("What you sent did not arrive in time, so nothing was done with it. Try again where the line is better.")
        self.headers["Connection"] = "close"


class BrokenOff(Refusal):
    """Whoever asked has left: nobody reads this, and the log shows the status."""

    status = 499
    title = "Broken off"

    def __init__(self) -> None:
        super().__init__("That did not arrive whole, so nothing was done with it.")


def is_announced(scope: HTTPScope) -> bool:
    """True when the request says that a body follows."""
    headers = dict(scope["headers"])
    return headers.get(b"content-length", b"0") != b"0" or b"transfer-encoding" in headers


def is_file_form(scope: HTTPScope) -> bool:
    """True for what a browser sends of a form with a file."""
    return dict(scope["headers"]).get(b"content-type", b"").startswith(b"multipart/form-data")


def refusal_of(scope: HTTPScope, most: int) -> Refusal | None:
    """What the Content-Length alone already tells, so that 200 MB are refused without being read."""
    declared = dict(scope["headers"]).get(b"content-length", b"0")
    if not declared.isdigit() or len(declared) > LONGEST_LENGTH:
        return Invalid(problems.UNREADABLE)
    return TooLarge(_too_large(most)) if int(declared) > most else None


async def drained(scope: HTTPScope, receive: Receive) -> Typed | None:
    """After such a refusal: reads the body to its end, unless it is far too large, and gives the text of a form in it."""
    declared = dict(scope["headers"]).get(b"content-length", b"0")
    if not declared.isdigit() or len(declared) > LONGEST_LENGTH or int(declared) > MOST_DRAINED:
        return None
    with suppress(TimeoutError):
        async with asyncio.timeout(DRAIN_SECONDS):
            if unread.is_form(scope):
                return await unread.read(scope, receive)
            while (await receive()).get("more_body", False):
                pass
    return None


def once_whole(scope: HTTPScope, ask: Callable[[], Awaitable[None]]) -> None:
    """``ask`` is called, and may raise a refusal, when the last of the body is there, if that is later than at once: what was
    true of whoever sends it when it began may be so no more ten minutes later.
    """
    cast(dict[str, Any], scope)[ASKED_AGAIN] = ask


class Limited:
    """Raises TooLarge for a body that grows over its limit on the way, TooSlow and BrokenOff, whatever was declared.

    ``is_whole`` once all of it was received: whoever asks for more waits until the client leaves.
    """

    def __init__(self, scope: HTTPScope, receive: Receive, most: int) -> None:
        self._scope, self._receive, self._most = cast(dict[str, Any], scope), receive, most
        self._began, self._seen = asyncio.get_running_loop().time(), 0
        self.is_whole = False

    async def __call__(self) -> Any:
        if self.is_whole:
            return await self._receive()
        try:
            async with asyncio.timeout(_patience(self._passed(), self._seen)):
                message = await self._receive()
        except TimeoutError as error:
            raise TooSlow from error
        if message["type"] == "http.disconnect":
            raise BrokenOff
        self._seen += len(cast(bytes, message.get("body", b"")))
        self.is_whole = not message.get("more_body", False)
        if self._seen > self._most:
            raise TooLarge(_too_large(self._most))
        if self.is_whole and self._passed() > AT_ONCE and (ask := self._scope.get(ASKED_AGAIN)):
            await ask()
        return message

    def _passed(self) -> float:
        return asyncio.get_running_loop().time() - self._began


def _patience(passed: float, seen: int) -> float:
    """Seconds until the next bytes must be there."""
    return min(SILENT_SECONDS, SILENT_SECONDS + seen / SLOWEST - passed)


def _too_large(most: int) -> str:
    return f"That is more than the {most // MB} MB that fits here. Send a smaller file, or less text."
