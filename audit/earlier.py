"""What somebody holds from earlier, a seal or a whole pack: enough to prove that today's trail continues it.

Comes from outside, so nothing in it is believed: a seal must be signed by this installation, and its root must be ours.
"""

import json
import zipfile
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, BinaryIO, Final

from audit.archive import MAX_SIZES
from audit.errors import VerificationError
from audit.merkle import HASH_BYTES
from audit.note import open_note, parse_checkpoint
from web.refusals import Conflict, Invalid

LONGEST_SEAL: Final = 20_000  # characters: several signatures, or several keys, are under 1,000
ZIP: Final = b"PK\x03\x04"

NOT_A_SEAL: Final = (
    "That is not a seal that this installation signed. Paste all of its text, from the first line to the last signature."
)
NOT_A_PACK: Final = "That is neither an audit pack nor a seal."
OTHER_TRAIL: Final = (
    "That seal is of another trail than yours. If it was sent to you as one of this school, keep it: it is the proof that "
    "another trail took its place."
)
LARGER: Final = (
    "What you hold has {theirs:,} entries, and the trail to be packed has {ours:,}: entries are missing. Keep what you hold: it "
    "is the proof. Then ask whoever runs this installation."
)
REWRITTEN: Final = (
    "The first {size:,} entries of the trail are not those of what you hold: the trail was rewritten. Keep what you hold: it is "
    "the proof. Then ask whoever runs this installation."
)


@dataclass(frozen=True, slots=True)
class Earlier:
    """``origin`` None where it is not known."""

    size: int
    root: bytes
    origin: str | None = None

    def require_trail(self, known: Collection[str]) -> None:
        if self.origin is not None and self.origin not in known:
            raise Invalid(OTHER_TRAIL, seal=OTHER_TRAIL)

    def require_not_larger(self, size: int) -> None:
        if self.size > size:
            raise Conflict(LARGER.format(theirs=self.size, ours=size))

    def require_root(self, root: bytes) -> None:
        if self.root != root:
            raise Conflict(REWRITTEN.format(size=self.size))


def of_seal(text: str, keys: Iterable[str]) -> Earlier:
    """Raises Invalid for what is not a seal of this installation, whose verifier keys are ``keys``."""
    if len(text) > LONGEST_SEAL:
        raise Invalid(NOT_A_SEAL, seal=NOT_A_SEAL)
    try:
        signed, _ = open_note(text.strip().encode() + b"\n", keys)
        checkpoint = parse_checkpoint(signed)
    except (VerificationError, UnicodeEncodeError) as error:
        raise Invalid(NOT_A_SEAL, seal=NOT_A_SEAL) from error
    if checkpoint.size == 0:
        raise Invalid(NOT_A_SEAL, seal=NOT_A_SEAL)
    return Earlier(checkpoint.size, checkpoint.root, checkpoint.origin)


def of_file(file: BinaryIO, keys: Iterable[str]) -> Earlier:
    """A pack or a seal. Raises Invalid."""
    if file.read(len(ZIP)) != ZIP:
        file.seek(0)
        return of_seal(file.read(LONGEST_SEAL + 1).decode("utf-8", "replace"), keys)
    try:
        with zipfile.ZipFile(file) as pack, pack.open("manifest.json") as inside:
            manifest: Any = json.loads(inside.read(MAX_SIZES["manifest.json"]))
        size, root = manifest["size"], bytes.fromhex(manifest["root"])
        origin = manifest["origins"][-1]["origin"]
    except (zipfile.BadZipFile, ValueError, LookupError, TypeError, NotImplementedError, RuntimeError) as error:
        raise Invalid(NOT_A_PACK) from error
    if not isinstance(size, int) or size < 1 or len(root) != HASH_BYTES or not isinstance(origin, str):
        raise Invalid(NOT_A_PACK)
    return Earlier(size, root, origin)
