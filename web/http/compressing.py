"""HTML in fewer bytes where the browser takes gzip: RFC 1952, its header made longer by chance.

How long an answer is over TLS is in everybody's sight, and says something of its content to who can have their own words put
into it (the BREACH attack). No page holds a token that a form sends back, and no page of another site can have ours asked for
with the session; a name of random length in the header takes away what is left: ADR 69.
"""

import re
import secrets
import struct
import zlib
from typing import Final, cast

from litestar.types import HTTPScope, Message, Send

LEAST: Final = 1_000  # bytes: below it a packet is a packet
MOST: Final = 4_000_000  # bytes of one answer; more would keep others waiting while it is compressed
LEVEL: Final = 4  # of 9: two thirds of the time of the usual 6, and 3 per cent more bytes
LONGEST_NAME: Final = 100  # characters that say nothing, as Django's

_REFUSES: Final = re.compile(r"gzip\s*;\s*q=0(\.0*)?\s*(,|$)")
_HEADER: Final = b"\x1f\x8b\x08\x08\x00\x00\x00\x00\x00\xff"  # deflate; a name follows; no time; system unknown


def compressing(scope: HTTPScope, send: Send) -> Send:
    """``send`` itself where the browser takes no gzip; otherwise one that compresses an answer which comes in one piece."""
    return _Compressing(send) if takes_gzip(scope) else send


def takes_gzip(scope: HTTPScope) -> bool:
    """True for an Accept-Encoding that names gzip without q=0 (RFC 9110, 12.5.3); a HEAD has nothing to compress."""
    accepted = b",".join(value for name, value in scope["headers"] if name == b"accept-encoding").decode("latin-1").lower()
    return scope["method"] != "HEAD" and "gzip" in accepted and not _REFUSES.search(accepted)


def gzipped(content: bytes) -> bytes:
    """One gzip member that holds ``content``, of a length that differs by up to LONGEST_NAME from one time to the next."""
    name = secrets.token_hex(LONGEST_NAME // 2)[: secrets.randbelow(LONGEST_NAME + 1)].encode()
    deflate = zlib.compressobj(LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    packed = deflate.compress(content) + deflate.flush()
    return _HEADER + name + b"\x00" + packed + struct.pack("<II", zlib.crc32(content), len(content) & 0xFFFFFFFF)


class _Compressing:
    def __init__(self, send: Send) -> None:
        self._send = send
        self._start: Message | None = None  # held until the body tells whether it is worth it

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start" and _is_html(message["headers"]):
            self._start = message
            return
        start, self._start = self._start, None
        if start is None:
            await self._send(message)
            return
        headers = list(start["headers"])  # type: ignore[typeddict-item]
        body = cast(bytes, message.get("body", b""))
        if not message.get("more_body", False) and LEAST <= len(body) <= MOST:
            body = gzipped(body)
            headers = [one for one in headers if one[0].lower() != b"content-length"]
            headers += [(b"content-encoding", b"gzip"), (b"content-length", str(len(body)).encode())]
            message = cast(Message, {**message, "body": body})
        await self._send(cast(Message, {**start, "headers": headers}))
        await self._send(message)


def _is_html(headers: object) -> bool:
    known = {name.lower(): value for name, value in cast(list[tuple[bytes, bytes]], headers)}
    return known.get(b"content-type", b"").startswith(b"text/html") and b"content-encoding" not in known
