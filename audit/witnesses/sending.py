"""One request to a witness or a time-stamping service: so many seconds and bytes for all of it, and no other address than the
one named.
"""

import asyncio
import ssl
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

import h11

SECONDS: Final = 10  # for all of it, from the look-up of the name to the last byte
LARGEST_ANSWER: Final = 64 * 1024  # bytes: sixteen signature lines of ML-DSA
LARGEST_HEAD: Final = 16 * 1024
BLOCK: Final = 16 * 1024


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    media_type: str
    content: bytes


class NoReply(OSError):
    """What came back is no answer that one can use."""


async def post(url: str, body: bytes, *, media_type: str = "") -> Reply:
    """``media_type`` is what the body is; a witness asks for none. Raises OSError (TimeoutError too) where nothing usable comes
    back. Follows no redirect.
    """
    try:
        async with asyncio.timeout(SECONDS):
            return await _post(url, body, media_type)
    except (h11.ProtocolError, ValueError) as error:
        raise NoReply(f"the answer is no HTTP: {type(error).__name__}") from error


async def _post(url: str, body: bytes, media_type: str) -> Reply:
    parts = urlsplit(url)
    is_https = parts.scheme == "https"
    context = ssl.create_default_context() if is_https else None
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port or (443 if is_https else 80), ssl=context)
    try:
        connection = h11.Connection(h11.CLIENT, max_incomplete_event_size=LARGEST_HEAD)
        headers = [("Host", parts.netloc), ("Content-Length", str(len(body))), ("Connection", "close"), ("User-Agent", "vouch")]
        headers += [("Content-Type", media_type)] if media_type else []
        asked = (
            connection.send(
                h11.Request(
                    method="POST", target=(parts.path or "/") + (f"?{parts.query}" if parts.query else ""), headers=headers
                )
            )
            or b""
        )
        writer.write(asked + (connection.send(h11.Data(data=body)) or b"") + (connection.send(h11.EndOfMessage()) or b""))
        await writer.drain()
        return await _reply(connection, reader)
    finally:
        writer.transport.abort()  # nothing more is wanted, and a silent witness need not agree to it


async def _reply(connection: h11.Connection, reader: asyncio.StreamReader) -> Reply:
    status, media_type, content = 0, "", b""
    while True:
        event = connection.next_event()
        if event is h11.NEED_DATA:
            connection.receive_data(await reader.read(BLOCK))
        elif isinstance(event, h11.Response):
            status = event.status_code
            media_type = dict(event.headers).get(b"content-type", b"").decode("latin-1")
        elif isinstance(event, h11.Data):
            content += bytes(event.data)
            if len(content) > LARGEST_ANSWER:
                raise NoReply("the answer is too large")
        elif isinstance(event, h11.EndOfMessage):
            return Reply(status, media_type, content)
        elif not isinstance(event, h11.InformationalResponse):
            raise NoReply("the answer ended too early")
