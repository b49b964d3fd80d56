"""The keys of signed notes (C2SP signed-note, tlog-cosignature) as text: those that verify, and those that sign.

A verifier key is ``name+id+base64``: the id 8 hex digits, the base64 that of a type byte and the public key. A signing key has
``PRIVATE+KEY+`` before it and a seed of 32 bytes in the public key's place, and is secret. Reading a verifier key raises
VerificationError and nothing else; signing keys raise ValueError and need ``cryptography``. Part of the offline verifier:
bare Python 3.9.
"""

from __future__ import annotations

import binascii
import re
from base64 import b64decode, b64encode
from hashlib import sha256
from typing import Any, Final, NamedTuple

from audit.ed25519 import ED25519_KEY_BYTES, is_ed25519_key
from audit.errors import VerificationError
from audit.mldsa import MLDSA_KEY_BYTES

ED25519_TYPE: Final = b"\x01"  # signs the text of a note
WITNESS_TYPE: Final = b"\x04"  # Ed25519 too: signs a time and the text of a checkpoint
MLDSA_TYPE: Final = b"\x06"  # ML-DSA-44: signs a time and what a checkpoint says of its tree
KEY_BYTES: Final = {ED25519_TYPE: ED25519_KEY_BYTES, WITNESS_TYPE: ED25519_KEY_BYTES, MLDSA_TYPE: MLDSA_KEY_BYTES}
ALGORITHMS: Final = {ED25519_TYPE: "Ed25519", MLDSA_TYPE: "ML-DSA-44"}  # by which logs sign, as verdicts name them
KEY_ID_BYTES: Final = 4
PRIVATE_PREFIX: Final = "PRIVATE+KEY+"
SEED_BYTES: Final = 32
# What no name of a key holds: Unicode's White_Space, which is these 25 characters in every version, plus signs, lone surrogates.
NO_KEY_NAME: Final = re.compile("[\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000+\ud800-\udfff]")
LONGEST_COSIGNER: Final = 255  # bytes of a name: what ML-DSA-44 signs gives the length of the name one byte


class VerifierKey(NamedTuple):
    """A key that verifies, taken apart. ``data`` is its type byte and the public key."""

    name: str
    key_id: bytes
    data: bytes

    @property
    def type(self) -> bytes:
        return self.data[:1]

    def shown(self) -> str:
        """The key as messages name it: its name and its id."""
        return f"{self.name}+{self.key_id.hex()}"


def read_vkey(text: Any) -> VerifierKey:
    """Takes a verifier key of one of the three types apart. Raises VerificationError for what is none."""
    if type(text) is str and text.startswith(PRIVATE_PREFIX):
        raise VerificationError("this is a signing key, which is secret: give the verifier key")
    parts = key_parts(text)
    if parts is None:
        raise VerificationError("this is not a verifier key: name+8 hex digits+base64", key=_shown(text))
    name, key_id, data = parts
    if len(data) - 1 != KEY_BYTES.get(data[:1]) or (data[:1] == MLDSA_TYPE and len(name.encode()) > LONGEST_COSIGNER):
        raise VerificationError("the verifier key is neither an Ed25519 nor an ML-DSA-44 key", key=text)
    if key_id != key_id_of(name, data):
        raise VerificationError("the verifier key was mistyped: its id is not that of its name and key", key=text)
    if data[:1] != MLDSA_TYPE and not is_ed25519_key(data[1:]):
        raise VerificationError("the verifier key is one that anybody could sign with, or that nobody has", key=text)
    return VerifierKey(name, key_id, data)


def read_log_key(text: Any) -> VerifierKey:
    """As read_vkey, of the keys that sign notes; raises VerificationError for a witness's of type 0x04, which signs none."""
    key = read_vkey(text)
    if key.type == WITNESS_TYPE:
        raise VerificationError("the verifier key is a witness's, which signs no notes", key=key.shown())
    return key


def key_name(verifier_key: str) -> str:
    """The name in a verifier key that signs notes; raises VerificationError for what is none."""
    return read_log_key(verifier_key).name


def new_key(name: str, key_type: bytes = ED25519_TYPE) -> tuple[str, str]:
    """A signing key, to be kept secret, and its verifier key, to be given away. Raises ValueError for a bad name."""
    if not is_key_name(name) or len(name.encode()) > LONGEST_COSIGNER:
        raise ValueError(f"got the key name {name!r}, want at most 255 bytes of text without spaces and plus signs")
    private = _new_private(key_type)
    data = key_type + private.public_key().public_bytes_raw()
    secret = b64encode(key_type + private.private_bytes_raw()).decode()
    return f"{PRIVATE_PREFIX}{name}+{key_id_of(name, data).hex()}+{secret}", vkey_text(name, data)


def vkey_of(signing_key: str) -> str:
    """The verifier key of a signing key. Raises ValueError for what is none."""
    key, _ = read_signing_key(signing_key)
    return vkey_text(key.name, key.data)


def read_signing_key(signing_key: str) -> tuple[VerifierKey, Any]:
    """The verifier key of a signing key, and the private key as ``cryptography`` has it. Raises ValueError for what is none."""
    parts = key_parts(signing_key[len(PRIVATE_PREFIX) :]) if signing_key.startswith(PRIVATE_PREFIX) else None
    if parts is None or parts[2][:1] not in KEY_BYTES or len(parts[2]) != 1 + SEED_BYTES:
        raise ValueError("got something else than a signing key")  # never the key itself: it is secret
    name, key_id, secret = parts
    private = _private_of(secret[:1], secret[1:])
    data = secret[:1] + private.public_key().public_bytes_raw()
    if key_id != key_id_of(name, data):
        raise ValueError("got a signing key whose id is not that of its name and key")
    return VerifierKey(name, key_id, data), private


def vkey_text(name: str, data: bytes) -> str:
    """The verifier key as text; ``data`` is its type byte and the public key."""
    return f"{name}+{key_id_of(name, data).hex()}+{b64encode(data).decode()}"


def key_id_of(name: str, data: bytes) -> bytes:
    """The four bytes by which notes name a key; ``data`` is its type byte and the public key."""
    return sha256(name.encode() + b"\n" + data).digest()[:KEY_ID_BYTES]


def key_parts(text: Any) -> tuple[str, bytes, bytes] | None:
    """Of the text of a key of any type: name, key id, and the type byte with the key; None for what is none.

    Base64 may hold plus signs, names may not.
    """
    parts = text.split("+", 2) if type(text) is str else []
    if len(parts) != 3 or not is_key_name(parts[0]) or len(parts[1]) != 2 * KEY_ID_BYTES:
        return None
    data = strict_base64(parts[2])
    try:
        key_id = binascii.unhexlify(parts[1])
    except ValueError:
        return None
    return (parts[0], key_id, data) if data else None


def is_key_name(name: str) -> bool:
    """Not empty, no white space and plus signs, and text that has UTF-8 bytes."""
    return name != "" and not NO_KEY_NAME.search(name)


def strict_base64(text: str) -> bytes | None:
    """None for anything but the one encoding of some bytes: spare bits could be flipped unnoticed."""
    try:
        raw = b64decode(text, validate=True)
    except ValueError:
        return None
    return raw if b64encode(raw).decode() == text else None


def _new_private(key_type: bytes) -> Any:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: PLC0415 - only signers need it
    from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey  # noqa: PLC0415

    return MLDSA44PrivateKey.generate() if key_type == MLDSA_TYPE else Ed25519PrivateKey.generate()


def _private_of(key_type: bytes, seed: bytes) -> Any:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: PLC0415 - only signers need it
    from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey  # noqa: PLC0415

    return MLDSA44PrivateKey.from_seed_bytes(seed) if key_type == MLDSA_TYPE else Ed25519PrivateKey.from_private_bytes(seed)


def _shown(given: Any) -> str:
    return ascii(given)[:200] if type(given) is str else type(given).__name__
