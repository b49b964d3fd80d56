"""The fingerprint of a verifier key: short enough to be read out on the telephone, long enough that nobody makes another key for
it. The first 160 bits of SHA-256 over the key's whole text, its id in small letters, in base 32 (RFC 4648, with letters of our
own: the digits 2 to 9 and the capitals without O and I), in eight groups of four.

Part of the offline verifier: bare Python 3.9.
"""

from __future__ import annotations

import re
from base64 import b32encode
from hashlib import sha256
from typing import Final

LETTERS: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # nothing that is taken for another: no 0 and O, no 1 and I
FINGERPRINT_BYTES: Final = 20
GROUP: Final = 4
_OURS: Final = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", LETTERS)  # for the letters of RFC 4648


def fingerprint(verifier_key: str) -> str:
    """Such as "K7QF 2MXA …". Takes any text: whether it is a key, its reader says."""
    name, plus, rest = verifier_key.partition("+")
    key_id, other_plus, key = rest.partition("+")
    whole = f"{name}{plus}{key_id.lower()}{other_plus}{key}".encode("utf-8", "surrogatepass")
    return _grouped(b32encode(sha256(whole).digest()[:FINGERPRINT_BYTES]).decode().translate(_OURS))


def as_fingerprint(text: str) -> str | None:
    """A fingerprint as somebody typed it, in small letters or without spaces, as it is written here; None for anything else."""
    letters = re.sub(r"[ \t\r\n-]", "", text).upper()
    is_one = len(letters) == FINGERPRINT_BYTES * 8 // 5 and set(letters) <= set(LETTERS)
    return _grouped(letters) if is_one else None


def _grouped(letters: str) -> str:
    return " ".join(letters[at : at + GROUP] for at in range(0, len(letters), GROUP))
