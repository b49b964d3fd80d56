"""What an operator should know of an installation before it breaks: one sentence each, for `vouch check`."""

import asyncio
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from difflib import get_close_matches
from typing import Final

import database
from audit.checking import checkpointed
from audit.seals import keyring
from audit.tables import CosignerRow, HeadRow, PublicKeyRow
from audit.witnesses import asking, stamping
from base import clock, disk, settings
from base.refusals import Busy
from base.settings import Settings, SettingsError
from database import opening
from database.damage import remedy

LEAST_ROOM: Final = 500 * 1024 * 1024  # bytes; below it a busy week, or making the index anew, may fill the disk
CLOCK_SLACK: Final = timedelta(minutes=1)  # between the clocks of computers that serve one database

OPERATOR: Final = (
    "Nobody is told who runs this installation, and the law wants them to be. Set {names}: the page on privacy then says it."
)
CANT_SAVE: Final = (
    "The database can be read and nothing can be saved in it: it is a standby that follows another server, it is set to read "
    "only, its disk is full, or somebody holds it. Name the server that takes changes in VOUCH_DATABASE_URL, or make room."
)
NO_KEY: Final = (
    "The key that signs seals is not in {folder}, so nothing is sealed here. With several computers it is on one of them; "
    "otherwise put the folder back from its copy."
)
NO_COSIGNER: Final = (
    "The file {path} is gone, whose key signs seals by ML-DSA-44. Put it back from its copy, or the next sealing makes "
    "another and tells every trail."
)
CLOCK: Final = (
    "This computer's clock is {behind} behind the newest entry of the trail. Set it right before you start: until it is past "
    "that, each new entry has the time of the one before it, and says so for ever."
)

NIGHT: Final = "The check in the night of {when} found what does not hold ({n}). Run vouch trail fsck, which says what."


async def warnings(chosen: Settings) -> list[str]:
    """With the database open and migrated: what would not stop a start."""
    found = [*map(misspelt, settings.unknown(os.environ)), _of_operator(chosen), _of_room(chosen)]
    found += [await _of_key(chosen), await _of_clock(), _of_night()]
    found += [await asyncio.to_thread(_of_others, choose) for choose in (asking.chosen, stamping.chosen)]
    return [sentence for sentence in found if sentence]


def misspelt(name: str) -> str:
    """What is said of a variable that begins as Vouch's do and is none of them."""
    (meant,) = get_close_matches(name, settings.names(), n=1, cutoff=0.8) or ("",)
    return f"{name} is no setting of Vouch and sets nothing.{f' Did you mean {meant}?' if meant else ''}"


async def refuse_damage(chosen: Settings, *, deep: bool) -> None:
    """SQLite: reads the whole file; ``deep`` compares each index with its table too. Raises SettingsError."""
    if chosen.is_sqlite and chosen.sqlite_path.exists():
        opening.require_writable_folder(chosen)  # first: without it SQLite can't even read, and doesn't say why
        await asyncio.to_thread(_refuse_damage, chosen, "integrity_check" if deep else "quick_check")


def _refuse_damage(chosen: Settings, pragma: str) -> None:
    address = f"{chosen.sqlite_path.absolute().as_uri()}?mode=ro"
    try:
        with closing(sqlite3.connect(address, uri=True)) as connection:
            found = connection.execute(f"PRAGMA {pragma}(1)").fetchone()[0]
    except sqlite3.Error as error:
        raise SettingsError(
            f"The database {chosen.sqlite_path} can't be read: {error}{remedy(error, chosen.sqlite_path) or '.'}"
        ) from error
    if found != "ok":
        told = " ".join(str(found).split())
        raise SettingsError(f"The database {chosen.sqlite_path} is damaged: {told}. Restore the last good backup.")


async def refuse_unwritable() -> None:
    """Raises SettingsError where nothing can be saved: a disk that is full, or a server that only follows another."""
    try:
        await database.probe()
    except Busy as busy:
        raise SettingsError(CANT_SAVE) from busy


def _of_operator(chosen: Settings) -> str:
    unsaid = chosen.unsaid_of_operator
    return OPERATOR.format(names=", ".join(unsaid)) if unsaid else ""


def _of_room(chosen: Settings) -> str:
    """Of the data folder, and of the file where that lies elsewhere."""
    folders = {chosen.data, *([chosen.sqlite_path.parent] if chosen.is_sqlite else [])}
    tight = [(folder, left) for folder in sorted(folders) if (left := disk.room(folder)) < LEAST_ROOM]
    return " ".join(f"There are {left // 1024**2:,} MB left on the disk of {folder}. Make room." for folder, left in tight)


async def _of_key(chosen: Settings) -> str:
    """Raises SettingsError where others may read it, as a start does. A new installation makes its key at the first start."""
    own = await asyncio.to_thread(keyring.load, chosen.keys)
    held = {key.vkey for key in own}
    async with database.read():
        known = set(await PublicKeyRow.select(PublicKeyRow.vkey).output(as_list=True))
        accompanied = set(await CosignerRow.select(CosignerRow.beside).output(as_list=True))
    if known and not held & known:
        return NO_KEY.format(folder=chosen.keys)
    alone = [key.path.with_suffix(keyring.COSIGNER) for key in own if key.cosigner is None and key.vkey in accompanied]
    return NO_COSIGNER.format(path=alone[-1]) if alone else ""


async def _of_clock() -> str:
    async with database.read():
        rows = await HeadRow.raw("SELECT max(last_at) AS at FROM audit_head")
    newest = rows[0]["at"]
    behind = clock.of_microseconds(newest) - clock.now() if newest is not None else timedelta()
    return CLOCK.format(behind=_in_words(behind)) if behind > CLOCK_SLACK else ""


def _of_others(choose: Callable[[], object]) -> str:
    """Whom seals are shown to, and who stamps them: a file that names such is read when it is needed."""
    try:
        choose()
    except SettingsError as error:
        return str(error)
    return ""


def _of_night() -> str:
    last = checkpointed.last_nights()
    return NIGHT.format(when=last["ended_at"][:10], n=len(last["findings"])) if last and last["findings"] else ""


def _in_words(length: timedelta) -> str:
    for name, unit in (("day", timedelta(days=1)), ("hour", timedelta(hours=1)), ("minute", timedelta(minutes=1))):
        if number := length // unit:
            return f"{number} {name}{'' if number == 1 else 's'}"
    return "less than a minute"
