"""The keys of this installation as a witness: files in a folder of their own beside the key that signs seals, never that key.

Ed25519, which every verifier of cosignatures reads, and ML-DSA-44, which is meant to hold longer. Who lost the folder, or put
back an older copy of it, is another witness: the keys go with the memory of what they signed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from audit import cosignature
from audit.seals import keyring
from audit.vkeys import MLDSA_TYPE, WITNESS_TYPE
from base import settings
from base.settings import SettingsError

FOLDER: Final = "witness"
FILES: Final[Mapping[str, bytes]] = {"ed25519.key": WITNESS_TYPE, "ml-dsa-44.key": MLDSA_TYPE}


@dataclass(frozen=True, slots=True)
class WitnessKey:
    vkey: str
    secret: str = field(repr=False)


def folder() -> Path:
    """Where the key and the memory are."""
    return settings.current().keys / FOLDER


def is_here() -> bool:
    """Whether this process signs: of several computers one has the folder of keys, and two with a key each were two witnesses."""
    return any(settings.current().keys.glob("*.key"))


def load() -> tuple[WitnessKey, ...]:
    """The keys, Ed25519 first; made where there is none. Waits for the disk.

    Raises SettingsError for one that is broken or open to others.
    """
    return _load(folder(), f"{urlsplit(settings.current().origin).netloc}/witness")


@cache
def _load(folder: Path, name: str) -> tuple[WitnessKey, ...]:
    """Once for each process: a key never changes."""
    folder.mkdir(mode=keyring.FOLDER_RIGHTS, parents=True, exist_ok=True)
    keyring.refuse_open_to_others(folder)
    return tuple(_read(folder / file, name, key_type) for file, key_type in FILES.items())


def _read(path: Path, name: str, key_type: bytes) -> WitnessKey:
    if not path.exists():
        secret, _ = cosignature.new_cosigner(name, key_type)
        keyring.write_once(path, f"{secret}\n".encode())
    try:
        secret = path.read_text().strip()
        return WitnessKey(cosignature.cosigner_key_of(secret), secret)
    except (OSError, ValueError) as error:
        raise SettingsError(f"The file {path} can't be read as a witness's key. See docs/how-to/be-a-witness.md.") from error
