"""SQLite: a copy of the file as it is at one moment, while others write; and one file in another's place."""

import asyncio
import os
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Final

import database
from backups import snapshot
from backups.snapshot import Remains, Snapshot
from base.disk import sync_folder
from base.refusals import Invalid
from base.settings import Settings, SettingsError
from database import opening
from database.damage import remedy

ENGINE: Final = "SQLite"
FILE: Final = "vouch.sqlite"
BESIDE: Final = ("-wal", "-shm")
BUSY_SECONDS: Final = 60


async def dump(chosen: Settings, to: Path) -> Snapshot:
    """Copies the database to ``to``. Raises Invalid when the copy is not sound: then neither is the database."""
    opening.require_writable_folder(chosen)  # without it SQLite can't even read, and doesn't say why
    return await asyncio.to_thread(_dump, chosen.sqlite_path, to)


def _dump(path: Path, to: Path) -> Snapshot:
    """VACUUM INTO reads one snapshot, and leaves behind what deleted rows have left in free pages."""
    try:
        with _opened(path) as source:
            source.execute("VACUUM INTO ?", (str(to),))
    except sqlite3.Error as error:
        raise SettingsError(f"The database {path} can't be copied: {error}{remedy(error, path) or '.'}") from error
    with _opened(to) as copy:
        found = copy.execute("PRAGMA integrity_check").fetchone()[0]
        if found != "ok":
            raise Invalid(f"The database is damaged: {found}. Restore the last good backup.")
        names = tuple(row["name"] for row in copy.execute(snapshot.MIGRATIONS))
        return Snapshot(sqlite3.sqlite_version, names, snapshot.heads(copy.execute(snapshot.HEADS)))


@asynccontextmanager
async def alone(chosen: Settings) -> AsyncIterator[None]:
    """Raises SettingsError while a process serves this file; none can begin to inside the block."""
    with database.serving_lock(chosen):
        yield


async def remains(chosen: Settings) -> Remains | None:
    """What the old database still says; None for one without a single entry, NOTHING for one that can't be read."""
    return await asyncio.to_thread(_remains, chosen.sqlite_path)


def _remains(path: Path) -> Remains | None:
    if not path.exists():
        return None
    try:
        with _opened(path) as old:
            tables = old.execute("SELECT count(*) AS n FROM sqlite_master WHERE name = 'audit_entry'").fetchone()["n"]
            if not tables or not old.execute("SELECT count(*) AS n FROM audit_entry").fetchone()["n"]:
                return None
            return snapshot.remains(old.execute(snapshot.HEADS), old.execute(snapshot.UNDONE))
    except sqlite3.DatabaseError:
        return snapshot.NOTHING


async def load(chosen: Settings, dump: Path, suffix: str) -> Settings:
    """A database beside the one in use, made from ``dump``, which it takes."""
    staged = chosen.sqlite_path.with_name(f".{chosen.sqlite_path.name}.{suffix}")
    await asyncio.to_thread(dump.rename, staged)
    return replace(chosen, database_url=f"sqlite:///{staged}")


async def take_over(chosen: Settings, staged: Settings, kept: str | None) -> str | None:
    """Puts the staged database in the other's place, which is kept under a name with ``kept`` in it; returns where."""
    path = chosen.sqlite_path
    away = path.with_name(f"{path.stem}-{kept}{path.suffix}") if kept else None
    await asyncio.to_thread(_take_over, path, staged.sqlite_path, away)
    return str(away) if away else None


async def discard(staged: Settings) -> None:
    for suffix in ("", *BESIDE):
        await asyncio.to_thread(Path(f"{staged.sqlite_path}{suffix}").unlink, missing_ok=True)


def _take_over(path: Path, new: Path, away: Path | None) -> None:
    with _opened(new) as made:
        made.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    if os.geteuid() == 0:  # root restores for the user that serves
        like = (path if path.exists() else path.parent).stat()
        os.chown(new, like.st_uid, like.st_gid)
    _put_by(path, away)
    new.replace(path)
    sync_folder(path.parent)


def _put_by(path: Path, away: Path | None) -> None:
    """Moves the old file out of the way, with what its log still holds: a new file must not find that log."""
    if path.exists():
        try:
            with _opened(path) as old:
                old.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        except sqlite3.DatabaseError:
            pass
    for suffix in BESIDE:
        log = Path(f"{path}{suffix}")
        if log.exists() and away:
            log.rename(f"{away}{suffix}")
        log.unlink(missing_ok=True)
    if path.exists() and away:
        os.link(path, away)  # the old name is there until the new file takes it, whenever the power goes


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, timeout=BUSY_SECONDS)) as connection:
        connection.row_factory = sqlite3.Row
        yield connection
