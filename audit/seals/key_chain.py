"""The notes that lead from each key to the one that took its place, signed by both: whoever knows an older key follows them.

A key that was lost signs no more, so the chain breaks there. A rotation from before there were such notes gets its own while
the old private key is still here.
"""

import asyncio
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any, Final

import database
from audit import note
from audit.canonical import canonical_json
from audit.seals import keyring, keys
from audit.seals.keyring import SigningKey
from audit.tables import RotationNote
from audit.verifier.archive import MAX_SIZES
from audit.verifier.rotations import rotation_text

FILE: Final = "rotations"


async def write_missing() -> int:
    """Signs each note that is missing and whose two keys are in the folder; returns how many. Opens its own units."""
    own = {key.vkey: key for key in await asyncio.to_thread(keyring.load, keys.folder())}
    chain = (await keys.public())[::-1]
    pairs = [(own.get(old.vkey), own.get(new.vkey)) for old, new in pairwise(chain) if not new.after_loss]
    signed = {new.vkey: _signed(old, new) for old, new in pairs if old and new}
    if not signed:
        return 0
    async with database.housekeeping():
        known = set(await RotationNote.select(RotationNote.vkey).output(as_list=True))
        rows: list[Any] = [RotationNote(vkey=vkey, note=made) for vkey, made in signed.items() if vkey not in known]
        if not rows:
            return 0
        entered = await RotationNote.insert(*rows).on_conflict(action="DO NOTHING").returning(RotationNote.vkey)
    return len(entered)


async def for_pack() -> bytes | None:
    """The notes that there are, oldest first, as a pack's file: the newest of them, if they are too many. None without any.

    Opens its own unit.
    """
    chain = (await keys.public())[::-1]
    async with database.read():
        found = {row["vkey"]: bytes(row["note"]).decode() for row in await RotationNote.select()}
    notes = [found[key.vkey] for key in chain if key.vkey in found]
    while len(canonical_json(notes)) > MAX_SIZES[FILE]:
        notes.pop(0)
    return canonical_json(notes) if notes else None


def _signed(old: SigningKey, new: SigningKey) -> bytes:
    text = rotation_text(old.vkey, new.vkey, _instant(new.since))
    return note.cosign(note.sign_note(text, old.secret), new.secret)


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
