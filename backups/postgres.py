"""PostgreSQL: pg_dump of one exported snapshot while others write; and one database renamed into another's place.

The password goes to these programs in their environment, never on a command line, which every user of a machine can read.
"""

import asyncio
import os
import re
import shutil
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Final
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlencode, urlsplit

import asyncpg

from backups import snapshot
from backups.snapshot import Remains, Snapshot
from base.refusals import Conflict, Invalid
from base.settings import Settings, SettingsError

ENGINE: Final = "PostgreSQL"
FILE: Final = "vouch.dump"
MAINTENANCE: Final = ("postgres", "template1")  # databases to give orders from: one can't be renamed while in it
MOST_WORDS: Final = 300  # of what a program said when it failed
LONGEST_NAME: Final = 63  # bytes


async def dump(chosen: Settings, to: Path) -> Snapshot:
    """Dumps the database to ``to``. Raises SettingsError when pg_dump is missing or too old, Invalid when it fails."""
    async with _connected(chosen) as connection:
        version = connection.get_server_version()
        tool = await _tool(chosen, "pg_dump", version.major)
        if not await connection.fetchval("SELECT to_regclass('audit_head') IS NOT NULL"):
            raise SettingsError("This database holds no Vouch. Run: vouch migrate")
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            names = tuple(row["name"] for row in await connection.fetch(snapshot.MIGRATIONS))
            heads = snapshot.heads(await connection.fetch(snapshot.HEADS))
            shown = await connection.fetchval("SELECT pg_export_snapshot()")
            options = ("--format=custom", "--no-password", f"--snapshot={shown}", f"--file={to}")
            await _run(chosen, tool, *options, f"--dbname={_without_password(chosen.database_url)}")
    await _run(chosen, await _tool(chosen, "pg_restore", version.major), "--list", str(to))
    return Snapshot(f"{version.major}.{version.minor}", names, heads)


@asynccontextmanager
async def alone(chosen: Settings) -> AsyncIterator[None]:
    """Raises Conflict while anybody else uses the database; ``take_over`` finds out who came later."""
    async with _connected(chosen) as connection:
        others = await connection.fetchval(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
            "AND backend_type = 'client backend'"
        )
    if others:
        raise Conflict(f"The database is in use ({others} connections). Stop every Vouch that serves it, then try again.")
    yield


async def remains(chosen: Settings) -> Remains | None:
    """What the old database still says; None for one without a single entry, with which nothing is lost."""
    async with _connected(chosen) as old:
        if not await old.fetchval("SELECT to_regclass('audit_entry')") or not await old.fetchval(
            "SELECT count(*) FROM audit_entry"
        ):
            return None
        return snapshot.remains(await old.fetch(snapshot.HEADS), await old.fetch(snapshot.UNDONE))


async def load(chosen: Settings, dump: Path, suffix: str) -> Settings:
    """A database beside the one in use, made from ``dump``. Raises SettingsError where the role may not make any."""
    async with _connected(chosen) as connection:
        tool = await _tool(chosen, "pg_restore", connection.get_server_version().major)
        (was,) = await connection.fetch(
            "SELECT datname, pg_get_userbyid(datdba) AS owner, datcollate, datctype FROM pg_database "
            "WHERE datname = current_database()"
        )
        name = _named(was["datname"], suffix)
        try:
            await connection.execute(
                f"CREATE DATABASE {_quoted(name)} OWNER {_quoted(was['owner'])} TEMPLATE template0 ENCODING 'UTF8' "
                f"LC_COLLATE {_literal(was['datcollate'])} LC_CTYPE {_literal(was['datctype'])}"
            )
        except asyncpg.InsufficientPrivilegeError as error:
            raise SettingsError(
                "This role may not make databases, and a backup is restored into a new one. Restore as the role that runs "
                "vouch migrate; an administrator lets that one make databases with: ALTER ROLE … CREATEDB;"
            ) from error
    staged = replace(chosen, database_url=_renamed(chosen.database_url, name))
    options = ("--no-password", "--no-owner", "--no-acl", "--exit-on-error", "--single-transaction")
    try:
        await _run(chosen, tool, *options, f"--dbname={_without_password(staged.database_url)}", str(dump))
    except BaseException:
        await discard(staged)
        raise
    return staged


async def take_over(chosen: Settings, staged: Settings, kept: str | None) -> str | None:
    """Gives the staged database the other's name, which is kept under a name with ``kept`` in it; returns that name."""
    name, new = _name_of(chosen), _name_of(staged)
    away = _named(name, kept or "empty")
    async with _maintenance(chosen) as connection:
        try:
            async with connection.transaction():
                await connection.execute(f"ALTER DATABASE {_quoted(name)} RENAME TO {_quoted(away)}")
                await connection.execute(f"ALTER DATABASE {_quoted(new)} RENAME TO {_quoted(name)}")
        except asyncpg.ObjectInUseError as error:
            raise Conflict(
                "Somebody began to use the database meanwhile, so it stays as it was. Stop Vouch and try again."
            ) from error
        if kept is None:
            await connection.execute(f"DROP DATABASE {_quoted(away)}")
    return away if kept else None


async def discard(staged: Settings) -> None:
    async with _maintenance(staged) as connection:
        await connection.execute(f"DROP DATABASE IF EXISTS {_quoted(_name_of(staged))}")


@asynccontextmanager
async def _connected(chosen: Settings) -> AsyncIterator[Any]:
    try:
        connection = await asyncpg.connect(chosen.database_url, server_settings={"application_name": "vouch"})
    except (OSError, asyncpg.PostgresError) as error:
        raise SettingsError(f"The database can't be opened: {error}") from error
    try:
        yield connection
    finally:
        await connection.close()


@asynccontextmanager
async def _maintenance(chosen: Settings) -> AsyncIterator[Any]:
    """A connection to another database of the server."""
    for name in MAINTENANCE:
        try:
            connection = await asyncpg.connect(_renamed(chosen.database_url, name))
        except asyncpg.PostgresError:
            continue
        try:
            yield connection
        finally:
            await connection.close()
        return
    raise SettingsError(f"None of the databases {' and '.join(MAINTENANCE)} can be opened, from which databases are renamed.")


async def _tool(chosen: Settings, name: str, server: int) -> str:
    """The path of a program that is no older than the server. Raises SettingsError with what to install."""
    found = shutil.which(name, path=chosen.pg_bin or None)
    where = f"in {chosen.pg_bin} (VOUCH_PG_BIN)" if chosen.pg_bin else "on the PATH"
    if found is None:
        raise SettingsError(f"There is no {name} {where}. Install PostgreSQL's client programs (postgresql-client-{server}).")
    said = await _run(chosen, found, "--version")
    version = re.search(r"\) (\d+)", said)
    if version is None or int(version[1]) < server:
        raise SettingsError(
            f"The {name} {where} is of version {version[1] if version else 'unknown'}, and the server of {server}. "
            f"Install postgresql-client-{server}, or say with VOUCH_PG_BIN where a newer one is."
        )
    return found


async def _run(chosen: Settings, *command: str) -> str:
    """What a program prints. Raises Invalid with what it said, when it fails."""
    process = await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=_environment(chosen),
    )
    try:
        out, err = await process.communicate()
    finally:
        if process.returncode is None:  # we were cancelled
            process.kill()
            await process.wait()
    if process.returncode:
        said = err.decode(errors="replace").strip()[:MOST_WORDS]
        raise Invalid(f"{Path(command[0]).name} failed: {said}")
    return out.decode(errors="replace")


def _environment(chosen: Settings) -> Mapping[str, str]:
    parts = urlsplit(chosen.database_url)
    password = dict(parse_qsl(parts.query)).get("password") or unquote(parts.password or "")
    return os.environ | ({"PGPASSWORD": password} if password else {}) | {"LC_ALL": "C"}


def _without_password(url: str) -> str:
    parts = urlsplit(url)
    user, _, host = parts.netloc.rpartition("@")
    netloc = f"{user.partition(':')[0]}@{host}" if user else host
    query = urlencode([(key, value) for key, value in parse_qsl(parts.query) if key != "password"], quote_via=quote)
    return _url(parts._replace(netloc=netloc, query=query))


def _name_of(chosen: Settings) -> str:
    return unquote(urlsplit(chosen.database_url).path[1:])


def _renamed(url: str, name: str) -> str:
    return _url(urlsplit(url)._replace(path=f"/{quote(name)}"))


def _url(parts: SplitResult) -> str:
    """As urlunsplit, which drops the slashes where the host is in the query."""
    return f"{parts.scheme}://{parts.netloc}{parts.path}{'?' + parts.query if parts.query else ''}"


def _named(name: str, suffix: str) -> str:
    return f"{name.encode()[: LONGEST_NAME - len(suffix) - 1].decode(errors='ignore')}_{suffix}"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
