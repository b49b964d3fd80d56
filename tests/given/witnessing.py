"""Witnesses for tests, written from C2SP tlog-cosignature alone: their keys, and the lines by which they cosign."""

import asyncio
from base64 import b64encode
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from base import settings
from vouch.app import create_app

NOVEMBER: Final = 1_793_786_400  # 4 November 2026, 10:00 UTC, in seconds since 1970


@dataclass(frozen=True)
class Witness:
    """Whose key is made from ``seed``, 32 bytes."""

    name: str
    seed: bytes

    @property
    def data(self) -> bytes:
        return b"\x04" + Ed25519PrivateKey.from_private_bytes(self.seed).public_key().public_bytes_raw()

    @property
    def key_id(self) -> bytes:
        return sha256(self.name.encode() + b"\n" + self.data).digest()[:4]

    @property
    def vkey(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{b64encode(self.data).decode()}"

    @property
    def skey(self) -> str:
        return f"PRIVATE+KEY+{self.name}+{self.key_id.hex()}+{b64encode(self.data[:1] + self.seed).decode()}"

    def line(self, note: bytes, at: int = NOVEMBER) -> bytes:
        """The cosignature on the text of a note."""
        text = note.decode().rpartition("\n\n")[0] + "\n"
        signature = Ed25519PrivateKey.from_private_bytes(self.seed).sign(f"cosignature/v1\ntime {at}\n{text}".encode())
        return f"— {self.name} {b64encode(self.key_id + at.to_bytes(8, 'big') + signature).decode()}\n".encode()


OAK: Final = Witness("vouch.oak.example/witness", bytes(range(40, 72)))
ASH: Final = Witness("vouch.ash.example/witness", bytes(range(41, 73)))
ELM: Final = Witness("vouch.elm.example/witness", bytes(range(42, 74)))


@cache
def witness_application() -> Any:
    """Of an installation that is a witness. One for the whole process: it takes seconds, and reads each test's settings."""
    return create_app(replace(settings.current(), witness_for=Path("logs.txt")))


@asynccontextmanager
async def answering(*answers: bytes) -> AsyncIterator[tuple[str, list[bytes]]]:
    """The address of a witness that gives these answers, whole as they go over the line, and what it was sent."""
    left, sent = list(answers), list[bytes]()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
        sent.append(await reader.readexactly(length))
        writer.write(left.pop(0) if left else b"")
        with suppress(ConnectionError):
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/witness", sent


def reply(status: int, content: bytes, media_type: str = "text/plain") -> bytes:
    """An answer as it goes over the line."""
    head = f"HTTP/1.1 {status} X\r\nContent-Type: {media_type}\r\nContent-Length: {len(content)}\r\n\r\n"
    return head.encode() + content


def asked(old: int, proof: Sequence[bytes], note: bytes) -> bytes:
    """The body of an add-checkpoint."""
    lines = [f"old {old}", *(b64encode(one).decode() for one in proof)]
    return ("\n".join(lines) + "\n\n").encode() + note
