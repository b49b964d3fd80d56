"""What somebody holds from earlier, a seal or a whole pack: enough to prove that today's trail continues it.

Comes from outside, so nothing in it is believed: a seal must be signed by this installation, and its root must be ours.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import BinaryIO, Final

from audit.errors import VerificationError
from audit.note import open_note, parse_checkpoint
from audit.verifier.archive import Unreadable
from audit.verifier.heads import ZIP_START, read_earlier
from base.refusals import Conflict, Invalid

LONGEST_SEAL: Final = 65_536  # characters, as in a pack: twenty lines by ML-DSA-44, which have 3,300

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
class EarlierCopy:
    """Size and root hash of a trail, as somebody holds them from earlier; ``origin`` None where it is not known."""

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


def of_seal(text: str, keys: Iterable[str]) -> EarlierCopy:
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
    return EarlierCopy(checkpoint.size, checkpoint.root, checkpoint.origin)


def of_file(file: BinaryIO, keys: Iterable[str]) -> EarlierCopy:
    """From a pack, read as the verifier reads it, or from a seal. Raises Invalid for anything else."""
    start = file.read(LONGEST_SEAL + 1)
    if not start.startswith(ZIP_START):
        return of_seal(start.decode("utf-8", "replace"), keys)
    try:
        held = read_earlier(file)
    except Unreadable as error:
        raise Invalid(NOT_A_PACK) from error
    return EarlierCopy(held.size, held.root, held.origin)
