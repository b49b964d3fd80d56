"""Whether a backup is as this installation made it: its manifest is signed with the key that signs seals, where that is at hand.

The manifest holds the digest of the database, so the signature covers every byte of it. It is a signed note (C2SP) of two lines,
which can't be taken for a seal: HEADING, and the SHA-256 of `manifest.json` in hex.
"""

from collections.abc import Sequence
from enum import StrEnum
from hashlib import sha256
from pathlib import Path
from typing import Final

from audit import note, vkeys
from audit.errors import VerificationError
from audit.seals import keyring
from backups.archive import SignedManifest
from base.refusals import Invalid
from base.settings import SettingsError

HEADING: Final = "vouch-backup-manifest"
EDITED: Final = (
    "{path} was edited after it was made: what it says of itself is not what was signed. Nothing was changed. "
    "Take another backup. To restore this one all the same, whatever was changed in it, add --unproven."
)
ANOTHER_KEY: Final = (
    "{path} is signed by no key of this installation. Nothing was changed. If you know the key, name it with --key. "
    "To restore it all the same, whoever made it, add --unproven."
)


class Proof(StrEnum):
    """What is known of who made a backup. Told to programs: never change a value."""

    SIGNED = "signed"  # by a key of this installation
    UNSIGNED = "unsigned"  # made before there were signatures, or where no key was
    UNCHECKED = "unchecked"  # signed, and no key is here to check it with
    FALSE = "false"  # edited, or signed by somebody else; restored because somebody asked for it


def sign(encoded: bytes, folder: Path) -> tuple[bytes | None, str]:
    """The signature on a manifest, with the newest key of the folder, and by whom it is; or None, and why there is none."""
    try:
        own = keyring.load(folder)
    except SettingsError as error:
        return None, str(error)
    key = next((one for one in reversed(own) if _signs_any_note(one.vkey)), None)
    if key is None:
        return None, f"there is no key in {folder}."
    return note.sign_note(_text(encoded), key.secret), key.name


def _signs_any_note(vkey: str) -> bool:
    """False for a key of ML-DSA-44, which signs checkpoints alone (C2SP tlog-cosignature)."""
    parts = vkeys.key_parts(vkey)
    return parts is not None and parts[2][:1] == vkeys.ED25519_TYPE


def proof(path: Path, made: SignedManifest, *, folder: Path, known: Sequence[str], unproven: bool) -> Proof:
    """What the signature proves to whoever has the keys of ``folder`` and the vkeys ``known``.

    Raises Invalid for what is no vkey and, unless ``unproven``, for a signature that is false or by another key; SettingsError
    for a folder that others may read.
    """
    trusted = [*map(_a_key, known), *(key.vkey for key in keyring.load(folder))]
    if made.signature is None:
        return Proof.UNSIGNED
    fault = _fault(made.encoded, made.signature, trusted)
    if fault and not unproven:
        raise Invalid(fault.format(path=path))
    return Proof.FALSE if fault else Proof.SIGNED if trusted else Proof.UNCHECKED


def _a_key(vkey: str) -> str:
    try:
        vkeys.key_name(vkey)
    except VerificationError as error:
        raise Invalid(f"--key: {error}.") from error
    return vkey


def _fault(encoded: bytes, signature: bytes, trusted: Sequence[str]) -> str:
    """What is wrong with it; without keys only whether it is a signature on this manifest. "" for nothing."""
    try:
        text, lines = note.split_note(signature)
    except VerificationError:
        return EDITED
    if text != _text(encoded):
        return EDITED
    try:
        if trusted:
            note.open_note(signature, trusted)
    except VerificationError:
        parts = [vkeys.key_parts(vkey) for vkey in trusted]
        known = {part[:2] for part in parts if part}
        return EDITED if any((line.name, line.key_id) in known for line in lines) else ANOTHER_KEY
    return ""


def _text(encoded: bytes) -> str:
    return f"{HEADING}\n{sha256(encoded).hexdigest()}\n"
