"""Copies the whole database into one file, as it was at one moment, while everybody goes on writing."""

import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory

from backups import archive, stores
from backups.archive import BackupManifest
from base import clock
from base.settings import Settings


async def back_up(chosen: Settings, to: Path) -> BackupManifest:
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
        await asyncio.to_thread(archive.write, to, manifest, copy)
    return manifest
