"""The chain of keys: a note for each rotation, signed by the old key and the new, so that an older key still finds its way.

Part of the offline verifier: bare Python 3.9.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, Final

from audit.errors import VerificationError
from audit.note import open_note, split_note
from audit.verifier.known import KnownKeys
from audit.verifier.manifest import canonical_value
from audit.verifier.verdict import SEAL_WHYS, PackFault
from audit.vkeys import ED25519_TYPE, read_log_key, vkey_text

ROTATION_FORMAT: Final = "vouch-rotation/1"
_SINCE: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)


def rotation_text(old: str, new: str, since: str) -> str:
    """What both keys sign: ``new`` took the place of ``old``, at ``since``, as 2026-11-22T05:00:00Z."""
    return f"{ROTATION_FORMAT}\n{old}\n{new}\n{since}\n"


def follow(known: KnownKeys, data: bytes | None) -> KnownKeys:
    """With the keys to which an unbroken chain leads from one that was given; without given keys, the chain is only checked.

    Raises PackFault for a chain that is not in its form, or in which a signature is missing or false.
    """
    changes = dict.fromkeys(map(canonical_vkey, known.vkeys), 0) if known.are_given else {}
    for old, new in _rotations(data) if data is not None else ():
        if old in changes:
            changes.setdefault(new, changes[old] + 1)
    return replace(known, vkeys=tuple(changes), changes=changes) if known.are_given else known


def canonical_vkey(text: str) -> str:
    """The key as it is written where nobody chose: its id in small letters. Raises VerificationError for what is no key."""
    key = read_log_key(text)
    return vkey_text(key.name, key.data)


def _rotations(data: bytes) -> list[tuple[str, str]]:
    """The old key and the new one of each note, oldest first."""
    try:
        return [_rotation(note.encode()) for note in _texts(canonical_value(data))]
    except VerificationError as error:
        is_form = "signed_by" not in error.evidence and not error.what.startswith("the signature")
        raise PackFault("rotations", why=SEAL_WHYS["form" if is_form else "signature"]) from error
    except ValueError as error:
        raise PackFault("rotations", why=SEAL_WHYS["form"]) from error


def _texts(value: Any) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise ValueError("not a list of notes")
    return value


def _rotation(note: bytes) -> tuple[str, str]:
    """Further lines name keys of other types that came with the new one: they are read, and nothing rests on them."""
    head, *lines = split_note(note)[0].split("\n")[:-1]
    if head != ROTATION_FORMAT or len(lines) < 3 or not _SINCE.fullmatch(lines[2]):
        raise ValueError("not the lines of a rotation")
    old, new, _, *more = lines
    if any(canonical_vkey(key) != key for key in (old, new, *more)):
        raise ValueError("a key is written in another way")
    if any(read_log_key(key).type != ED25519_TYPE for key in (old, new)) or old == new:
        raise ValueError("not two keys that sign notes")
    for key in (old, new):
        open_note(note, [key])
    return old, new
