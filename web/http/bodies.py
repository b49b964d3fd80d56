"""What a request's body may be: how large, and how slow; and what becomes of one that is broken off."""

import asyncio
from contextlib import suppress
from typing import Any, Final, cast

from litestar.types import HTTPScope, Receive

from base.refusals import Invalid, Refusal, TooLarge
from web.http import problems

MB: Final = 1024 * 1024
USUAL_BODY: Final = 1 * MB  # a form with every answer at its limit
FILE_BODY: Final = 12 * MB  # one file of 10 MB and the form around it
LARGE_FILE_BODY: Final = 32 * MB  # one of 30 MB, where a page takes scanned contracts
# A browser shows our answer only once it has sent its body, so a body a little over its limit is read and thrown away.
MOST_DRAINED: Final = 48 * MB
DRAIN_SECONDS: Final = 10
LONGEST_LENGTH: Final = 15  # digits of a Content-Length; more is no length

SILENT_SECONDS: Final = 30  # without one byte, and before the pace counts
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


async def refusal_of(scope: HTTPScope, receive: Receive, most: int) -> Refusal | None:
    """What the Content-Length alone already tells, so that 200 MB are refused without being read."""
    declared = dict(scope["headers"]).get(b"content-length", b"0")
    if not declared.isdigit() or len(declared) > LONGEST_LENGTH:
        return Invalid(problems.UNREADABLE)
    if int(declared) <= most:
        return None
    if int(declared) <= MOST_DRAINED:
        await _drain(receive)
    return TooLarge(_too_large(most))


async def _drain(receive: Receive) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(DRAIN_SECONDS):
            while (await receive()).get("more_body", False):
                pass


def limited(receive: Receive, most: int) -> Receive:
    """Raises TooLarge for a body that grows over its limit on the way, TooSlow and BrokenOff, whatever was declared."""
    began, seen, is_whole = asyncio.get_running_loop().time(), 0, False

    async def taken() -> Any:
        nonlocal seen, is_whole
        if is_whole:
            return await receive()
        try:
            async with asyncio.timeout(_patience(asyncio.get_running_loop().time() - began, seen)):
                message = await receive()
        except TimeoutError as error:
            raise TooSlow from error
        if message["type"] == "http.disconnect":
            raise BrokenOff
        seen += len(cast(bytes, message.get("body", b"")))
        is_whole = not message.get("more_body", False)
        if seen > most:
            raise TooLarge(_too_large(most))
        return message

    return taken


def _patience(passed: float, seen: int) -> float:
    """Seconds until the next bytes must be there."""
    return min(SILENT_SECONDS, SILENT_SECONDS + seen / SLOWEST - passed)


def _too_large(most: int) -> str:
    return f"That is more than the {most // MB} MB that fits here. Send a smaller file, or less text."
