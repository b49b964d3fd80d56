"""A start without its database: waits for it, and answers meanwhile that there is nothing to see yet."""

import asyncio
import json
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from typing import Final, TypeVar

import structlog

from base.refusals import Away
from database import DatabaseAway

BETWEEN_TRIES: Final = 2  # seconds
SAID_EVERY: Final = 60  # seconds
ASKED_SECONDS: Final = 10  # in which a request must have come
LONGEST_LINE: Final = 8_192  # bytes of a request's first line
BACKLOG: Final = 64

NOT_YET: Final = "Vouch has started and waits for its database. Try again in a minute."

Done = TypeVar("Done")


async def for_database(work: Callable[[], Awaitable[Done]], listener: socket.socket) -> Done:
    """What ``work()`` gives, as soon as there is a database for it. Raises whatever waiting can't mend."""
    said_at = -float(SAID_EVERY)
    async with AsyncExitStack() as meanwhile:
        while True:
            try:
                return await work()
            except (DatabaseAway, Away) as error:
                if said_at < 0:
                    await meanwhile.enter_async_context(_answering(listener))
                if time.monotonic() - said_at >= SAID_EVERY:
                    said_at = time.monotonic()
                    structlog.get_logger("vouch").warning("waiting for the database", why=str(error))
            await asyncio.sleep(BETWEEN_TRIES)


@asynccontextmanager
async def _answering(listener: socket.socket) -> AsyncIterator[None]:
    async with await asyncio.start_server(_answer, sock=listener.dup(), limit=LONGEST_LINE, backlog=BACKLOG):
        yield


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """One request, one answer: the process is up, and not ready."""
    with suppress(OSError, ValueError, TimeoutError):  # gone, a line that is too long, too slow
        async with asyncio.timeout(ASKED_SECONDS):
            line = await reader.readline()
            while await reader.readline() not in (b"\r\n", b"\n", b""):
                pass
            writer.write(_said(line.split(b" ")[1] if line.count(b" ") else b""))
            await writer.drain()
    writer.close()


def _said(path: bytes) -> bytes:
    body, kind = NOT_YET.encode(), "text/plain; charset=utf-8"
    if path in (b"/healthz", b"/readyz"):
        body, kind = json.dumps({"status": "up" if path == b"/healthz" else "not ready"}).encode(), "application/json"
    status = "200 OK" if path == b"/healthz" else "503 Service Unavailable\r\nRetry-After: 5"
    head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\nCache-Control: no-store\r\n"
    return f"{head}Connection: close\r\n\r\n".encode() + body
