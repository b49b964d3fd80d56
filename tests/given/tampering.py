"""What can be done to an audit pack, and what a verifier must say: one table for every verifier.

``samples()`` are packs that hold, by name; ``FACTS`` are what the verdict states of them. ``tamperings()`` change one of
them; a row gives the expected status, fault and idx (from 0; None where the verdict names no entry), and the keys and the
earlier one that the verifier is given beside it. A thorough forger mends the list of files in the manifest; a careless one
mends nothing. ``flips`` turn single bits over, all over a file: none may hold unless every file still reads as before.
"""

import random
from collections.abc import Iterator
from functools import cache

from base.spreadsheets.zips import UNREADABLE
from tests.given.hand_made_packs import unzipped
from tests.given.pack_samples import FACTS, OTHER_VKEY, VKEY, samples
from tests.given.tampering_entries import entry_changes, form_changes
from tests.given.tampering_keys import key_changes
from tests.given.tampering_names import name_changes
from tests.given.tampering_notes import depth_changes, note_changes
from tests.given.tampering_openings import opening_changes
from tests.given.tampering_seals import seal_changes
from tests.given.tampering_times import time_changes
from tests.given.tampering_tools import Tampering
from tests.given.tampering_whole import earlier_changes, file_changes, header_changes, whole_changes
from tests.given.tampering_zip import zip_changes

__all__ = ["FACTS", "OTHER_VKEY", "VKEY", "Tampering", "flips", "reads_as_before", "samples", "tamperings"]


@cache
def tamperings() -> tuple[Tampering, ...]:
    return (
        *entry_changes(), *form_changes(), *header_changes(), *whole_changes(), *file_changes(), *earlier_changes(),
        *zip_changes(), *name_changes(), *key_changes(), *opening_changes(), *note_changes(), *depth_changes(), *seal_changes(),
        *time_changes(),
    )  # fmt: skip


def flips(data: bytes, *, count: int = 150, seed: int = 1) -> Iterator[tuple[int, bytes]]:
    """(offset, pack) with one bit of one byte turned over, at ``count`` places spread over the whole file."""
    chance = random.Random(seed)  # noqa: S311 - the same places each time
    for _ in range(count):
        at = chance.randrange(len(data))
        changed = bytearray(data)
        changed[at] ^= 1 << chance.randrange(8)
        yield at, bytes(changed)


def reads_as_before(data: bytes, changed: bytes) -> bool:
    """Whether a zip's files are the same, so that a flip hit only what says nothing: a date, an attribute."""
    try:
        return unzipped(changed) == unzipped(data)
    except UNREADABLE:
        return False
