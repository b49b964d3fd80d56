"""Finds the seal in a letter, and the proof that it continues the one of the letter before.

docs/reference/letter-format.md has the grammar.

Part of the offline verifier: bare Python 3.9.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from audit.canonical import SAFE_INTEGER
from audit.errors import VerificationError
from audit.letters.mailed import texts_of
from audit.merkle import MAX_PROOF_HASHES
from audit.note import SIGNATURE_PREFIX
from audit.verifier.archive import Unreadable
from audit.vkeys import read_log_key, strict_base64

MAX_LETTER_BYTES: Final = 10_000_000  # a message with the pictures that somebody's mail puts below it
MOST_SEALS: Final = 100  # in one letter: a seal that is quoted stands there twice
MOST_KEYS: Final = 20
BEFORE_LINES: Final = "\ufeff\xa0> \t\r"  # what mail programs put in front of a line that they quote or indent
BEHIND_LINES: Final = "\xa0 \t\r"
_SIZE_LINE: Final = re.compile(r"[1-9][0-9]{0,15}\Z")
_OLD_LINE: Final = re.compile(r"old ([1-9][0-9]{0,15})\Z")
_HASH_LINE: Final = re.compile(r"[A-Za-z0-9+/]{43}=\Z")
_SIGNATURE_LINE: Final = re.compile(
    "(?:[\u2014\u2013\x97]|-{1,3}) +([^ ]+) +([A-Za-z0-9+/=]{92,})\\Z"
)  # with the dashes that programs make
_KEY_LINE: Final = re.compile(r"[^+ ]+\+[0-9A-Fa-f]{8}\+[A-Za-z0-9+/=]{44,}\Z")


@dataclass(frozen=True)
class Letter:
    """A letter's seal: ``note`` has every signature line that was found. ``after`` is the size from which ``proof`` leads to
    ``size``, None where the letter has no proof; ``keys`` the verifier keys that it names.
    """

    origin: str
    size: int
    root: bytes
    note: bytes
    after: int | None
    proof: tuple[bytes, ...]
    keys: tuple[str, ...]


def read_letter(data: bytes) -> Letter:
    """Raises Unreadable for what has no seal, or seals of several heads; checks neither signature nor proof."""
    if len(data) > MAX_LETTER_BYTES:
        raise Unreadable("A letter has at most ten million bytes.")
    texts = [_letter_lines(text) for text in texts_of(data)]
    found = [letter for lines in texts for letter in _seals_in(lines)]
    if not found:
        raise Unreadable(
            "There is no seal in the letter: an origin, a number of entries, a hash and a signature, each on a line."
        )
    if len({(one.origin, one.size, one.root) for one in found}) > 1 or len(found) > MOST_SEALS:
        raise Unreadable("There are several seals in the letter. Give each letter by itself.")
    first = next((one for one in found if one.after is not None), found[0])
    signatures = dict.fromkeys(line for one in found for line in one.note.decode().split("\n")[4:-1])
    head = found[0].note.decode().split("\n")[:3]
    note = "".join(f"{line}\n" for line in [*head, "", *signatures]).encode()
    return Letter(first.origin, first.size, first.root, note, first.after, first.proof, _keys_in(texts))


def _letter_lines(text: str) -> list[str]:
    """Without empty ones, which some programs put between all others."""
    stripped = (line.lstrip(BEFORE_LINES).rstrip(BEHIND_LINES) for line in text.split("\n"))
    return [line for line in stripped if line]


def _seals_in(lines: Sequence[str]) -> Iterator[Letter]:
    for at in range(1, len(lines) - 2):
        root = strict_base64(lines[at + 1]) if _SIZE_LINE.match(lines[at]) and _HASH_LINE.match(lines[at + 1]) else None
        signed = list(_signature_lines(lines, at + 2)) if root else []
        if root and signed and int(lines[at]) < SAFE_INTEGER:
            after, proof = _proof_above(lines, at - 2)
            note = "\n".join([*lines[at - 1 : at + 2], "", *signed, ""]).encode("utf-8", "replace")
            yield Letter(lines[at - 1], int(lines[at]), root, note, after, proof, ())


def _signature_lines(lines: Sequence[str], at: int) -> Iterator[str]:
    while at < len(lines):
        found = _SIGNATURE_LINE.match(lines[at])
        if not found:
            return
        yield f"{SIGNATURE_PREFIX}{found[1]} {found[2]}"
        at += 1


def _proof_above(lines: Sequence[str], last: int) -> tuple[int | None, tuple[bytes, ...]]:
    """The size and the hashes that stand above a seal, the last of them at ``last``."""
    first = last
    while first >= 0 and last - first < MAX_PROOF_HASHES and _HASH_LINE.match(lines[first]):
        first -= 1
    found = _OLD_LINE.match(lines[first]) if first >= 0 else None
    hashes = [strict_base64(line) for line in lines[first + 1 : last + 1]]
    if not found or int(found[1]) >= SAFE_INTEGER or None in hashes:
        return None, ()
    return int(found[1]), tuple(one for one in hashes if one)


def _keys_in(texts: Sequence[Sequence[str]]) -> tuple[str, ...]:
    lines = list(dict.fromkeys(line for text in texts for line in text if _KEY_LINE.match(line)))[:MOST_KEYS]
    return tuple(line for line in lines if _is_key_line(line))


def _is_key_line(line: str) -> bool:
    try:
        read_log_key(line)
    except VerificationError:
        return False
    return True
