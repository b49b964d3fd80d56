"""The append-only trail of each school, and what somebody outside needs to check it. Knows no other slice.

In the hall, whose names are public: merkle (hashes, proofs and their checks), note (signed notes and checkpoints),
canonical (the JSON that is hashed), entry, ed25519, errors; besides ranges (which stored rows give a proof), sheet (one line of
a timeline, the same in every format), times (where a clock was behind), tables and events. The rooms, from the ground up:

    stamps     reads and believes, or not, what a time-stamping service answers
    log        writes entries, and recomputes what is stored
    verifier   checks a pack that nobody trusts; becomes the one file that auditors keep
    proven     one entry by itself, with its proof, as a file
    letters    holds letters with seals against each other, without a pack
    erasing    takes words out of a trail that still verifies
    seals      keys, signatures, and the letters that carry seals out of the building
    witnesses  sees the heads of other installations' trails, and shows ours to others
    reading    the timeline, and a record as it stood at an instant
    checking   whether everything still is what was recorded
    packs      what is taken away: audit packs, and the timeline as a file

Other slices write with ``async with audit.recording(...)``; nobody writes to a trail in any other way.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from audit.log.recording import OPERATOR, Record, recording

__all__ = ["OPERATOR", "Record", "recording"]


def __getattr__(name: str) -> Any:
    """Imported when it is first asked for: whoever only checks a pack needs no database."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module("audit.log.recording"), name)
