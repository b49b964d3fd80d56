"""What one entry is made of: a header that says nothing by itself, and openings that may be taken away.

The bytes are fixed for ever; docs/reference/trail-format.md describes them for other implementations. Part of the
offline verifier: bare Python 3.9.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import Any, Final

from audit.canonical import encoded

FIELD_DOMAIN: Final = b"vouch-audit-field/1\n"
VERSION: Final = 1
SALT_BYTES: Final = 32
TAG_BYTES: Final = 16


@dataclass(frozen=True)
class Place:
    """Where an entry stands: ``idx`` in its trail, ``sseq`` in its stream, both from 0; ``tag`` is the stream's 16 bytes."""

    origin: str
    idx: int
    tag: bytes
    sseq: int


def commitment(field: str, salt: bytes, value: bytes) -> bytes:
    """SHA-256 over a domain tag, the field name behind its length (2 bytes, big-endian), the salt, and the canonical value.

    The salt hides what could be guessed: without it, five hashes would tell a rating.
    """
    if len(salt) != SALT_BYTES:
        raise ValueError(f"got a salt of {len(salt)} bytes, want {SALT_BYTES}")
    return sha256(_domain(field) + salt + value).digest()


def commitments_of(openings: Mapping[str, tuple[bytes, str]]) -> dict[str, str]:
    """The commitment, in hex, to each opening, which is a salt of SALT_BYTES and a canonical value, and its field."""
    return {sha256(_domain(field) + salt + value.encode()).hexdigest(): field for field, (salt, value) in openings.items()}


@lru_cache(maxsize=256)
def _domain(field: str) -> bytes:
    name = field.encode("ascii")
    return FIELD_DOMAIN + len(name).to_bytes(2, "big") + name


def header(place: Place, commitments: Iterable[bytes]) -> bytes:
    """The exact bytes that are hashed and stored, never rendered again."""
    fields: dict[str, Any] = {
        "v": VERSION,
        "origin": place.origin,
        "idx": place.idx,
        "stream": place.tag.hex(),
        "sseq": place.sseq,
        "c": sorted(c.hex() for c in commitments),
    }
    return encoded(fields)  # numbers and names of ours: nothing else can be in it
