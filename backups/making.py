"""Copies the whole database into one file, as it was at one moment, while everybody goes on writing."""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from audit.seals import keys
from backups import archive, signing, stores
from backups.archive import BackupManifest, SignedManifest
from base import clock
from base.settings import Settings


@dataclass(frozen=True, slots=True)
class BackedUp:
    """``signed_by`` is the name of the key that signed the manifest; "" where none did, and then ``unsigned`` says why."""

    manifest: BackupManifest
    signed_by: str
    unsigned: str


async def back_up(chosen: Settings, to: Path) -> BackedUp:
    """Writes a backup; returns what is in it. Raises Invalid or SettingsError with one sentence, and then leaves no file."""
    store = stores.of(chosen)
    archive.refuse_existing(to)
    with TemporaryDirectory(prefix=".vouch-backup-", dir=to.parent, ignore_cleanup_errors=True) as folder:
        copy = Path(folder, store.FILE)
        found = await store.dump(chosen, copy)
        size, digest = await asyncio.to_thread(archive.measured, copy)
        manifest = BackupManifest(
            engine=store.ENGINE,
            engine_version=found.engine_version,
            made_at=clock.now().isoformat(timespec="seconds"),
            migrations=found.migrations,
            trails=found.trails,
            file=store.FILE,
            size=size,
            sha256=digest,
        )
        encoded = archive.encoded(manifest)
        signature, said = await asyncio.to_thread(signing.sign, encoded, keys.folder())
        await asyncio.to_thread(archive.write, to, SignedManifest(manifest, encoded, signature), copy)
    return BackedUp(manifest, said if signature else "", "" if signature else said)
