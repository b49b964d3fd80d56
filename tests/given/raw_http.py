"""The application behind real sockets, as `vouch serve` has it, for clients that a library would not let us write."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import uvicorn

from tests.given.patience import PATIENCE
from web.http import connections


@asynccontextmanager
async def listening(app: Any, *, trusted_proxies: tuple[str, ...] = ()) -> AsyncIterator[uvicorn.Server]:
    """Serves ``app`` in this loop until the block ends; ``port_of`` says where."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        config = uvicorn.Config(
            app,
            http=connections.protocol(trusted_proxies),
            lifespan="off",
            log_config=None,
            access_log=False,
            ws="none",
            timeout_graceful_shutdown=1,
        )
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        while not server.started:  # noqa: ASYNC110 - uvicorn has a flag, and no event
            await asyncio.sleep(0.01)
        try:
            yield server
        finally:
            server.should_exit = True
            await serving


def port_of(server: uvicorn.Server) -> int:
    port: int = server.servers[0].sockets[0].getsockname()[1]
    return port


class Client:
    """One connection that sends bytes as it likes."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    async def send(self, text: str) -> None:
        self._writer.write(text.encode())
        await self._writer.drain()

    async def drip(self, text: str, *, every: float = 0.02) -> str:
        """Sends a byte now and then, all that while ready to read; the head of the answer, as ``head`` gives it."""
        sending = asyncio.create_task(self._drip(text, every))
        try:
            return await self.head()
        finally:
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)

    async def _drip(self, text: str, every: float) -> None:
        for letter in text:
            await self.send(letter)
            await asyncio.sleep(every)

    async def head(self) -> str:
        """The head of one answer; its body is read and dropped. "" when the other side closed."""
        async with asyncio.timeout(PATIENCE):
            try:
                head = (await self._reader.readuntil(b"\r\n\r\n")).decode()
            except (asyncio.IncompleteReadError, OSError):
                return ""
            length = next(line for line in head.lower().splitlines() if line.startswith("content-length:"))
            await self._reader.readexactly(int(length.partition(":")[2]))
        return head

    async def is_closed(self) -> bool:
        """True as soon as the other side closed; whatever else it says is dropped."""
        async with asyncio.timeout(PATIENCE):
            try:
                while await self._reader.read(65536):
                    pass
            except OSError:
                pass
        return True

    def leave(self) -> None:
        self._writer.transport.abort()


@asynccontextmanager
async def client(server: uvicorn.Server) -> AsyncIterator[Client]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port_of(server))
    try:
        yield Client(reader, writer)
    finally:
        writer.transport.abort()


def request(method: str, path: str, *headers: str) -> str:
    lines = (f"{method} {path} HTTP/1.1", "Host: 127.0.0.1:8000", "Sec-Fetch-Site: same-origin", *headers)
    return "\r\n".join([*lines, "", ""])
