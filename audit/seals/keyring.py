"""The private keys that sign seals: one small text file each, in a folder that only this user may read.

    001.key     key: PRIVATE+KEY+vouch.example.org+…    since: 2026-11-22T05:00:00+00:00    replaces:    after loss: no
    001.mldsa   key: PRIVATE+KEY+vouch.example.org+…    since: 2026-11-22T05:00:00+00:00

The second is that of the key by ML-DSA-44 which signs beside the first, and as long as it. Each holds a seed of 32 bytes.
A file is written whole or not at all, and never changed. The folder needs a backup of its own (host-vouch.md).
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final
from uuid import uuid4

from audit import vkeys
from base.disk import sync_folder
from base.settings import SettingsError

FOLDER_RIGHTS: Final = 0o700
FILE_RIGHTS: Final = 0o600
OTHERS: Final = 0o077  # group and everybody else
COSIGNER: Final = ".mldsa"  # the ending of the file beside a key's


@dataclass(frozen=True, slots=True)
class Cosigner:
    """A key by ML-DSA-44 that signs seals beside another."""

    vkey: str
    secret: str = field(repr=False)
    since: datetime


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A key that signs seals. ``replaces`` is the vkey before it, "" for an installation's first; ``after_loss`` is whether
    nobody had that one any more; ``cosigner`` signs beside it, None in a folder from before there were such.
    """

    vkey: str
    secret: str = field(repr=False)
    since: datetime
    replaces: str
    path: Path
    after_loss: bool
    cosigner: Cosigner | None

    @property
    def name(self) -> str:
        return self.vkey.partition("+")[0]


def load(folder: Path) -> tuple[SigningKey, ...]:
    """Oldest first; none when there is no folder. Raises SettingsError when others may read it, or for a broken file."""
    if not folder.exists():
        return ()
    refuse_open_to_others(folder)
    return tuple(_read(path) for path in sorted(folder.glob("*.key")))


def create(folder: Path, name: str, *, replaces: str, since: datetime, after_loss: bool = False) -> SigningKey:
    """Adds a key and returns it; where another process was faster, the key that it added."""
    folder.mkdir(mode=FOLDER_RIGHTS, parents=True, exist_ok=True)
    known = load(folder)
    if known and known[-1].vkey != replaces:
        return known[-1]
    secret, _ = vkeys.new_key(name)
    text = f"key: {secret}\nsince: {since.isoformat()}\nreplaces: {replaces}\nafter loss: {'yes' if after_loss else 'no'}\n"
    number = int(known[-1].path.stem) + 1 if known else 1
    path = folder / f"{number:03}.key"
    write_once(path, text.encode())
    made = _read(path)
    return made if made.cosigner else add_cosigner(made, since=made.since)


def add_cosigner(key: SigningKey, *, since: datetime) -> SigningKey:
    """The key with one by ML-DSA-44 beside it; where another process was faster, with the one that it added."""
    secret, _ = vkeys.new_key(key.name, vkeys.MLDSA_TYPE)
    write_once(key.path.with_suffix(COSIGNER), f"key: {secret}\nsince: {since.isoformat()}\n".encode())
    return _read(key.path)


def remove(key: SigningKey) -> None:
    """Removes the files of a key that signs nothing any more."""
    key.path.with_suffix(COSIGNER).unlink(missing_ok=True)
    key.path.unlink(missing_ok=True)


def refuse_open_to_others(folder: Path) -> None:
    """Raises SettingsError unless folder and files are their owner's alone."""
    for path in (folder, *folder.glob("*.key"), *folder.glob(f"*{COSIGNER}"), *folder.glob("*.sqlite")):
        if path.stat().st_mode & OTHERS:
            mend = f"chmod {FOLDER_RIGHTS if path.is_dir() else FILE_RIGHTS:o} {path}"
            raise SettingsError(f"Others may read {path}, where the key that signs seals is kept. Run: {mend}")


def _read(path: Path) -> SigningKey:
    fields, beside = _fields(path), path.with_suffix(COSIGNER)
    after_loss = fields.get("after loss") == "yes"  # a file from before there was such a line does not say
    with _readable(path):
        since = datetime.fromisoformat(fields["since"])
        vkey, cosigner = vkeys.vkey_of(fields["key"]), _cosigner(beside) if beside.exists() else None
        return SigningKey(vkey, fields["key"], since, fields["replaces"], path, after_loss, cosigner)


def _cosigner(path: Path) -> Cosigner:
    fields = _fields(path)
    with _readable(path):
        return Cosigner(vkeys.vkey_of(fields["key"]), fields["key"], datetime.fromisoformat(fields["since"]))


def _fields(path: Path) -> dict[str, str]:
    with _readable(path):
        return {name: value.strip() for name, _, value in (line.partition(":") for line in path.read_text().splitlines())}


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, KeyError, ValueError) as error:
        raise SettingsError(
            f"The file {path} can't be read as a key ({type(error).__name__}). Put it back from its backup."
        ) from error


def write_once(path: Path, content: bytes) -> None:
    """Writes a file whole, on the disk and under its name, or not at all. A file that has the name already stays as it is."""
    draft = path.with_suffix(f".{uuid4().hex}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_RIGHTS)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)
    except FileExistsError:
        return
    finally:
        draft.unlink()
    sync_folder(path.parent)
