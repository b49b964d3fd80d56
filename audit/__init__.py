"""The append-only trail of each school, and what somebody outside needs to check it. Knows no other slice.

In the hall, whose names are public: merkle (hashes, proofs and their checks), note (signed notes and checkpoints),
canonical (the JSON that is hashed), entry, ed25519, errors; besides ranges (which stored rows give a proof), sheet (one line of
a timeline, the same in every format), tables and events. The rooms, from the ground up:

    log        writes entries, and recomputes what is stored
    verifier   checks a pack that nobody trusts; becomes the one file that auditors keep
    erasing    takes words out of a trail that still verifies
    seals      keys, signatures, and the letters that carry seals out of the building
    reading    the timeline, and a record as it stood at an instant
    packs      what is taken away: audit packs, and the timeline as a file

Other slices write with ``async with audit.recording(...)``; nobody writes to a trail in any other way.
"""

from audit.log.recording import OPERATOR, Record, recording

__all__ = ["OPERATOR", "Record", "recording"]
