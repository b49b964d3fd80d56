"""What must hold before a database is opened, and what is said when it can't be: one sentence for whoever runs Vouch."""

import errno
import fcntl
import os
import re
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

import asyncpg

from base.settings import Settings, SettingsError
from database.damage import remedy

PROTOCOL_VIOLATION: Final = "08P01"
# What pgbouncer's "transaction" mode does to prepared statements, and how it answers a setting that it doesn't pass on.
OF_POOLERS: Final = frozenset({PROTOCOL_VIOLATION, "26000", "42P05"})
POOLER: Final = (
    "Something between Vouch and PostgreSQL, such as pgbouncer, leaves out what Vouch sets for its connections ({what}), which "
    "keeps readers from writing and a stuck query from holding everybody up. Connect to PostgreSQL itself in VOUCH_DATABASE_URL: "
    "Vouch has a pool of its own, VOUCH_POOL_SIZE."
)
READ_ONLY: Final = (
    "The disk of {where} is read-only, and Vouch writes there even to read. Mount it for writing; the system's log says whether "
    "a fault made it read-only. With systemd, name the folder in StateDirectory= or ReadWritePaths=. Or set VOUCH_DATA to "
    "another folder."
)


class DatabaseAway(SettingsError):
    """There is no database at that address now, and there may be one later."""


def prepare_file(chosen: Settings) -> None:
    """The file and its folder are there and may be written; a new one is for its owner's eyes only. Raises SettingsError."""
    require_writable_folder(chosen)
    try:
        os.close(os.open(chosen.sqlite_path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise SettingsError(_unusable(error)) from error


def refusal_of(error: Exception, chosen: Settings) -> SettingsError:
    """Why it could not be opened; DatabaseAway for what may mend itself."""
    state = getattr(error, "sqlstate", None)
    if isinstance(error, SettingsError):
        return error
    if state in OF_POOLERS:
        return SettingsError(POOLER.format(what=_first_line(error)))
    kind = DatabaseAway if not chosen.is_sqlite and _may_come(error, state) else SettingsError
    known = remedy(error, chosen.sqlite_path) if chosen.is_sqlite else ""
    return kind(f"The database at {_shown(chosen)} can't be opened: {_first_line(error)}{known}")


async def require_guards(connection: Any, wanted: Mapping[str, str]) -> None:
    """What we asked for holds for this connection, a new one of PostgreSQL's. Raises SettingsError where something dropped it."""
    try:
        rows = await connection.fetch("SELECT name, setting FROM pg_settings WHERE name = ANY($1)", [*wanted])
    except asyncpg.PostgresError as error:
        if error.sqlstate in OF_POOLERS:
            raise SettingsError(POOLER.format(what=_first_line(error))) from error
        raise
    if lost := sorted(wanted.items() - {(row["name"], row["setting"]) for row in rows}):
        raise SettingsError(POOLER.format(what=", ".join(name for name, _ in lost)))


@contextmanager
def serving_lock(chosen: Settings) -> Iterator[None]:
    """Exactly one serving process per SQLite file; PostgreSQL serves several."""
    if not chosen.is_sqlite:
        yield
        return
    require_writable_folder(chosen)
    path = chosen.sqlite_path.with_suffix(".lock")
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_RDWR, 0o666)
    except OSError as error:
        raise SettingsError(_unusable(error)) from error
    with os.fdopen(descriptor) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise SettingsError(
                f"Another Vouch is already serving {chosen.sqlite_path}. Stop it first, or set VOUCH_DATA to another folder."
            ) from error
        yield


def require_writable_folder(chosen: Settings) -> None:
    folder = chosen.sqlite_path.parent
    probe = folder / ".vouch-write-test"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise SettingsError(
            READ_ONLY.format(where=folder)
            if error.errno == errno.EROFS
            else f"Vouch can't write to the folder {folder}: {error.strerror}. Set VOUCH_DATA to one that it may write."
        ) from error


def _unusable(error: OSError) -> str:
    if error.errno == errno.EROFS:
        return READ_ONLY.format(where=error.filename)
    return (
        f"Vouch can't read and write {error.filename}: {error.strerror}. Give it to the user that Vouch runs as; "
        "a command run once as root may have made it."
    )


def _may_come(error: Exception, state: str | None) -> bool:
    """A server that is not there, is starting or stopping, or has no place left. A wrong name or password stays wrong."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return False
    return isinstance(error, OSError) or (state or "").startswith(("08", "53", "57P0"))


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0] or type(error).__name__


def _shown(chosen: Settings) -> str:
    """The address of the database, without its password, wherever that stands in it."""
    shown = re.sub(r"([?&]\w*pass\w*=)[^&]*", r"\1…", chosen.database_url)
    return re.sub(r"//.*@", "//…@", shown)
