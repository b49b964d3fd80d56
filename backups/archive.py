"""A backup is one zip: `manifest.json`, which says what the database is and holds its digest, the database and, where a key was
at hand, `manifest.signed`, the signature on the manifest (`signing.py`).

Written under another name, read back, then renamed, so a file with a backup's name is a whole one. Only its owner may
read it. The digest tells damage; lies only the signature tells.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import IO, Any, Final
from zipfile import ZIP_DEFLATED, ZipFile

import msgspec

from base.disk import sync_folder
from base.refusals import Invalid
from base.spreadsheets.zips import UNREADABLE

FORMAT: Final = "vouch-backup/1"
MANIFEST: Final = "manifest.json"
SIGNATURE: Final = "manifest.signed"
MOST_SIGNATURE_BYTES: Final = 64 * 1024  # a note of two lines and some signatures
MOST_MANIFEST_BYTES: Final = 64 * 1024 * 1024  # a line for each trail of the country's schools is 5 MB
CHUNK: Final = 1 << 20
OWNER_ONLY: Final = 0o600
DAMAGED: Final = (*UNREADABLE, LookupError, TypeError)  # the last two: a manifest of another form


@dataclass(frozen=True, slots=True)
class BackedUpHead:
    """How long a trail was in the very snapshot that was backed up, and the root hash over its entries, in hex."""

    size: int
    root: str


@dataclass(frozen=True, slots=True)
class BackupManifest:
    """``trails`` by id; ``file`` is the name of the database in the zip, with its size in bytes and its SHA-256 in hex."""

    engine: str
    engine_version: str
    made_at: str  # ISO 8601, UTC
    migrations: tuple[str, ...]
    trails: Mapping[str, BackedUpHead]
    file: str
    size: int
    sha256: str

    @property
    def entries(self) -> int:
        return sum(head.size for head in self.trails.values())


@dataclass(frozen=True, slots=True)
class SignedManifest:
    """A manifest with its very bytes, and the note that signs them; None in a backup that nobody signed."""

    manifest: BackupManifest
    encoded: bytes
    signature: bytes | None


def refuse_existing(to: Path) -> None:
    """Raises Invalid where ``to`` is there already, or its folder is not."""
    if to.exists():
        raise Invalid(f"{to} is there already, and nothing is overwritten. Choose another name.")
    if not to.parent.is_dir():
        raise Invalid(f"There is no folder {to.parent}.")


def encoded(manifest: BackupManifest) -> bytes:
    """The bytes that stand in the zip and are signed."""
    return json.dumps({"format": FORMAT} | asdict(manifest), indent=1).encode()


def write(to: Path, made: SignedManifest, database: Path) -> None:
    """Writes the backup. Raises Invalid when it does not read back as it was, or when ``to`` has appeared meanwhile."""
    part = to.with_name(f".{to.name}.part")
    part.unlink(missing_ok=True)
    try:
        with os.fdopen(os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL, OWNER_ONLY), "w+b") as file:
            with ZipFile(file, "w", ZIP_DEFLATED, compresslevel=1) as zipped:
                zipped.writestr(MANIFEST, made.encoded)
                if made.signature:
                    zipped.writestr(SIGNATURE, made.signature)
                zipped.write(database, made.manifest.file)
            file.flush()
            os.fsync(file.fileno())
        if read(part) != made:
            raise Invalid(f"What was written to {to} does not read back as it was: the disk may be failing.")
        refuse_existing(to)
        part.rename(to)
    finally:
        part.unlink(missing_ok=True)
    sync_folder(to.parent)


def read(path: Path) -> SignedManifest:
    """The manifest of a backup, whose database is checked to be whole; its signature is not. Raises Invalid with one sentence."""
    return _unpack(path, None)


def entries(path: Path) -> int:
    """How many entries a backup says that it has; 0 for a file that can't be read as one."""
    _refuse_what_never_ends(path)
    try:
        with ZipFile(path) as zipped:
            return _manifest(zipped).manifest.entries
    except DAMAGED:
        return 0


def extract(path: Path, to: Path, *, expected: SignedManifest) -> None:
    """Unpacks the database to ``to``, which must not exist. Raises Invalid, and then leaves nothing there; also where the file
    is not the ``expected`` one any more.
    """
    with os.fdopen(os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY), "wb") as file:
        try:
            _unpack(path, file, expected)
        except BaseException:
            to.unlink()
            raise


def measured(path: Path) -> tuple[int, str]:
    """A file's size in bytes and its SHA-256 in hex."""
    digest, size = sha256(), 0
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
            size += len(chunk)
    return size, digest.hexdigest()


def _unpack(path: Path, to: IO[bytes] | None, expected: SignedManifest | None = None) -> SignedManifest:
    _refuse_what_never_ends(path)
    try:
        with ZipFile(path) as zipped:
            made = _manifest(zipped)
            manifest = made.manifest
            with zipped.open(manifest.file) as stored:
                found = _copy(stored, to, most=manifest.size)
    except OSError as error:
        raise Invalid(f"{path} can't be read: {error.strerror}.") from error
    except DAMAGED as error:
        raise Invalid(f"{path} is damaged, or it was not made by vouch backup.") from error
    if found != (manifest.size, manifest.sha256):
        raise Invalid(f"{path} is damaged: what is in it does not have the digest that it should have.")
    if expected and made != expected:
        raise Invalid(f"{path} was changed while it was read.")
    return made


def _refuse_what_never_ends(path: Path) -> None:
    """Raises Invalid for a device or a pipe, which Python's zipfile reads until the memory is full."""
    if path.exists() and not path.is_file():
        raise Invalid(f"{path} can't be read: it is no file.")


def _manifest(zipped: ZipFile) -> SignedManifest:
    with zipped.open(MANIFEST) as file:
        content = file.read(MOST_MANIFEST_BYTES)
    signature = None
    if SIGNATURE in zipped.namelist():
        with zipped.open(SIGNATURE) as file:
            signature = file.read(MOST_SIGNATURE_BYTES)
    return SignedManifest(_parsed(content), content, signature)


def _parsed(content: bytes) -> BackupManifest:
    said: dict[str, Any] = json.loads(content)
    if said.pop("format") != FORMAT:
        raise ValueError("another format")
    told = msgspec.convert(said, BackupManifest)
    datetime.fromisoformat(told.made_at)
    if not "".join((told.engine_version, told.engine, told.file, *told.migrations, *told.trails)).isprintable():
        raise ValueError("what a terminal would obey")  # these are shown, whoever wrote them
    return told


def _copy(stored: IO[bytes], to: IO[bytes] | None, *, most: int) -> tuple[int, str]:
    """Copies, and returns size and digest; stops past ``most`` bytes, however long the zip goes on."""
    digest, size = sha256(), 0
    while size <= most and (chunk := stored.read(CHUNK)):
        digest.update(chunk)
        size += len(chunk)
        if to is not None:
            to.write(chunk)
    if to is not None:
        to.flush()
        os.fsync(to.fileno())
    return size, digest.hexdigest()
