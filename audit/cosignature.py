"""Cosignatures of C2SP tlog-cosignature: a witness says when it saw a head, and that this continues all that it saw before.

By Ed25519 (signature type 0x04) or ML-DSA-44 (0x06). Reading raises VerificationError and nothing else; signing raises
ValueError for what can't be signed, and needs ``cryptography``. Part of the offline verifier: bare Python 3.9.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Collection, Iterable
from typing import Any, Final

from audit.errors import VerificationError
from audit.note import signature_line, split_note, time_signed
from audit.vkeys import ED25519_TYPE, WITNESS_TYPE, VerifierKey, new_key, read_signing_key, read_vkey, vkey_of

LAST_SECOND: Final = 253_402_300_799  # of the year 9999: no calendar shows what comes after
COSIGNATURE_BYTES: Final = frozenset({8 + 64, 8 + 2_420})  # a time, and a signature by Ed25519 or ML-DSA-44
Cosigner = VerifierKey


def cosigner_of(verifier_key: Any) -> Cosigner:
    """Reads a witness's verifier key. Raises VerificationError for anything else, an Ed25519 key of a log too."""
    key = read_vkey(verifier_key)
    if key.type == ED25519_TYPE:
        raise VerificationError("this is not the key of a witness", key=key.shown())
    return key


def seen_by(note: bytes, cosigners: Iterable[Cosigner]) -> dict[Cosigner, int]:
    """Which of ``cosigners`` signed the head in the note, and when: seconds since 1970, of several the earliest.

    Lines by other keys count for nothing. Raises VerificationError for what is no note, and for a line by one of ``cosigners``
    that it did not sign.
    """
    text, lines = split_note(note)
    known = {(one.name, one.key_id): one for one in cosigners}
    found: dict[Cosigner, int] = {}
    for line in lines:
        cosigner = known.get((line.name, line.key_id))
        if cosigner is None:
            continue
        at = time_signed(cosigner, text, line.signature)
        if at is None or not 0 < at <= LAST_SECOND:
            raise VerificationError("the signature is not by the witness that it names", key=cosigner.shown())
        found[cosigner] = min(at, found.get(cosigner, at))
    return found


def has_lines_of_others(note: bytes, names: Collection[str]) -> bool:
    """Whether a line of the note is as long as a cosignature and under none of these names: so may be that of a witness.

    Raises VerificationError for what is no note.
    """
    return any(len(line.signature) in COSIGNATURE_BYTES and line.name not in names for line in split_note(note)[1])


def add_checkpoint(old: int, proof: Iterable[bytes], note: bytes) -> bytes:
    """What a log sends to a witness that saw ``old`` entries last (C2SP tlog-witness): the proof from there, and its note."""
    lines = [f"old {old}", *(b64encode(one).decode() for one in proof)]
    return ("\n".join(lines) + "\n\n").encode() + note


def new_cosigner(name: str, key_type: bytes = WITNESS_TYPE) -> tuple[str, str]:
    """A witness's signing key, to be kept secret, and its verifier key. Raises ValueError for a bad name."""
    return new_key(name, key_type)


def cosigner_key_of(signing_key: str) -> str:
    """The verifier key of a witness's signing key. Raises ValueError for what is none."""
    return vkey_of(signing_key)


def cosignature_line(text: str, signing_key: str, at: int) -> str:
    """The line, with its newline, by which a witness cosigns the text of a note at that time, in seconds since 1970.

    Raises ValueError for what is no checkpoint, or no time that a calendar shows.
    """
    if not 0 < at <= LAST_SECOND:
        raise ValueError(f"got the time {at}, want seconds since 1970 that a calendar shows")
    if read_signing_key(signing_key)[0].type == ED25519_TYPE:
        raise ValueError("got something else than a witness's signing key")
    return signature_line(text, signing_key, at=at)
