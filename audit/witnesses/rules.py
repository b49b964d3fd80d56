"""What a witness answers to add-checkpoint, by C2SP tlog-witness: the request, and whether a head continues the last one.

Knows no clock and no disk. Sizes count entries; hashes are 32 bytes.
"""

import binascii
import re
from base64 import b64decode
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

from audit.errors import VerificationError
from audit.merkle import EMPTY_ROOT, HASH_BYTES, MAX_TREE_SIZE, verify_consistency
from audit.note import Checkpoint, open_note, parse_checkpoint, split_note

LARGEST_REQUEST: Final = 128 * 1024  # bytes: 63 hashes and sixteen signatures of 5 kB each
MOST_HASHES: Final = 63
LONGEST_ORIGIN: Final = 255  # bytes: what an ML-DSA cosignature has room for
OLD_SIZE: Final = re.compile(rb"old (0|[1-9][0-9]{0,18})")
HASH_LINE: Final = re.compile(rb"[A-Za-z0-9+/]{43}=")


class Malformed(Exception):
    """The request is not in the form that requests have; says why."""


class Finding(Enum):
    """What became of a request."""

    SEEN = "cosigned"
    OLD_TOO_LARGE = "the old size is beyond the new one"
    NOT_SIGNED = "not signed by the log"
    UNKNOWN_LOG = "unknown log"
    OTHER_SIZE = "another size was seen last"
    OTHER_ROOT = "two heads of one size"
    NO_PROOF = "not proven to continue what was seen"
    FULL = "too many origins"


@dataclass(frozen=True, slots=True)
class Request:
    """A head that a log wants to have cosigned, and the proof that it continues the one of ``old`` entries."""

    old: int
    proof: tuple[bytes, ...]
    note: bytes
    head: Checkpoint


def parse_request(body: bytes) -> Request:
    """Reads a body of add-checkpoint, and checks no signature. Raises Malformed, and nothing else."""
    if len(body) > LARGEST_REQUEST:
        raise Malformed("the request is too large")
    lines, separator, signed = body.partition(b"\n\n")
    first, *hashes = lines.split(b"\n")
    old = OLD_SIZE.fullmatch(first)
    if not separator or old is None or int(old[1]) > MAX_TREE_SIZE:
        raise Malformed("it must begin with the old size, and an empty line must come before the checkpoint")
    if len(hashes) > MOST_HASHES:
        raise Malformed(f"a proof has at most {MOST_HASHES} hashes")
    try:
        text, _ = split_note(signed)
        head = parse_checkpoint(text)
    except VerificationError as error:
        raise Malformed(error.what) from error
    if len(head.origin.encode()) > LONGEST_ORIGIN:
        raise Malformed(f"an origin has at most {LONGEST_ORIGIN} bytes")
    return Request(int(old[1]), tuple(_hash(line) for line in hashes), signed, head)


def is_signed(request: Request, vkeys: Sequence[str]) -> bool:
    """Whether one of the log's keys signed the head, and no line that names one of them is false."""
    try:
        open_note(request.note, vkeys)
    except VerificationError:
        return False
    return True


def judge(request: Request, last: Checkpoint | None) -> Finding:
    """Whether the head continues ``last``, the largest that this witness cosigned of that origin; None if it never did."""
    size, root = (last.size, last.root) if last else (0, EMPTY_ROOT)
    if request.old > request.head.size:
        return Finding.OLD_TOO_LARGE
    if request.old != size:
        return Finding.OTHER_SIZE
    if request.head.size == size and request.head.root != root:
        return Finding.OTHER_ROOT
    if size == 0:
        return Finding.NO_PROOF if request.proof else Finding.SEEN
    try:
        verify_consistency(size1=size, size2=request.head.size, root1=root, root2=request.head.root, proof=request.proof)
    except VerificationError:
        return Finding.NO_PROOF
    return Finding.SEEN


def _hash(line: bytes) -> bytes:
    """The one encoding of 32 bytes: spare bits are nought."""
    raw = b64decode(line) if HASH_LINE.fullmatch(line) else b""
    if len(raw) != HASH_BYTES or binascii.b2a_base64(raw, newline=False) != line:
        raise Malformed("a line of the proof is not a hash of 32 bytes in base 64")
    return raw
