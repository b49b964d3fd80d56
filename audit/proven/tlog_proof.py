"""Proofs of C2SP tlog-proof: that a log has an entry at an index, in one file of text, with the checkpoint that says so.

The file says nothing about what the entry is; ``extra`` may, and nobody vouches for that. Reading raises VerificationError and
nothing else; what is read is of its form, and not checked.
"""

import re
from base64 import b64encode
from dataclasses import dataclass
from typing import Final

from audit.errors import VerificationError
from audit.merkle import HASH_BYTES, MAX_TREE_SIZE
from audit.note import MAX_NOTE_BYTES
from audit.vkeys import strict_base64

FIRST_LINE: Final = "c2sp.org/tlog-proof@v1"
ENDING: Final = ".tlog-proof"
MOST_HASHES: Final = 63  # no tree of 2^63 entries asks for more
LARGEST_EXTRA: Final = 512 * 1024  # bytes, in base 64: an entry with all its openings has less
LARGEST: Final = MAX_NOTE_BYTES + LARGEST_EXTRA + 8 * 1024
INDEX: Final = re.compile(r"index (0|[1-9][0-9]{0,18})")


@dataclass(frozen=True, slots=True)
class LogProof:
    """``path`` leads from the entry at ``index``, counted from 0, to the root of ``checkpoint``, a signed note, verbatim."""

    index: int
    path: tuple[bytes, ...]
    checkpoint: bytes
    extra: bytes = b""


def proof_text(proof: LogProof) -> bytes:
    """The file."""
    lines = [FIRST_LINE]
    lines += [f"extra {b64encode(proof.extra).decode()}"] if proof.extra else []
    lines += [f"index {proof.index}", *(b64encode(one).decode() for one in proof.path)]
    return "\n".join([*lines, "", ""]).encode() + proof.checkpoint


def read_proof(data: bytes) -> LogProof:
    """Takes a file apart."""
    if len(data) > LARGEST:
        raise VerificationError("the proof is larger than any proof")
    head, separator, checkpoint = data.partition(b"\n\n")
    first, *lines = head.decode("ascii", "replace").split("\n")
    if first != FIRST_LINE or not separator:
        raise VerificationError(f"it does not begin with {FIRST_LINE}, or no empty line comes before a checkpoint")
    extra = _extra(lines.pop(0)) if lines and lines[0].startswith("extra ") else b""
    index = INDEX.fullmatch(lines.pop(0)) if lines else None
    if index is None or int(index[1]) >= MAX_TREE_SIZE:
        raise VerificationError("it does not give the index of an entry")
    if len(lines) > MOST_HASHES:
        raise VerificationError(f"it has more than {MOST_HASHES} hashes")
    return LogProof(int(index[1]), tuple(map(_hash, lines)), checkpoint, extra)


def _extra(line: str) -> bytes:
    """None that is empty: the line is left out then."""
    found = strict_base64(line.removeprefix("extra ")) if len(line) <= LARGEST_EXTRA else None
    if not found:
        raise VerificationError("what it says beside the proof is not in base 64, empty or too long")
    return found


def _hash(line: str) -> bytes:
    found = strict_base64(line)
    if found is None or len(found) != HASH_BYTES:
        raise VerificationError("a line of the proof is not a hash of 32 bytes in base 64")
    return found
