"""What a failure of the database means for whoever asked: try again, wait, or look first. A mistake of ours is none of these.

Known by SQLSTATE or by SQLite's code, never by what a message says.
"""

import sqlite3
from enum import Enum
from typing import Final

import asyncpg

from base.refusals import Away, Busy, Unsure
from database import saving
from database.units import UnitKind


class Stage(Enum):
    """How far a unit of work had got."""

    CONNECTING = "connecting"
    BEGINNING = "beginning"
    WORKING = "working"
    COMMITTING = "committing"


class Trouble(Enum):
    """Each with what is said to a reader, and with what is said when nothing was saved."""

    BUSY = ("Vouch is busy: try again in a moment.", "Vouch is busy. Nothing was saved: try again in a moment.")
    AWAY = (
        "Vouch can't reach its database at the moment. Try again in a minute.",
        "Vouch can't reach its database at the moment. Nothing was saved: try again in a minute.",
    )
    UNWRITABLE = (
        "Vouch can't do that at the moment. Try again in a few minutes.",
        "Vouch can't save anything at the moment, only show what is there. Nothing was saved: try again in a few minutes.",
    )


UNSURE: Final = (
    "We can't tell whether it was saved: the database went away before it could say. "
    "Look first, and do it again only if it is not there."
)
SAVED_BEFORE: Final = (
    "Something was saved before this failed, and Vouch can't show it at the moment. "
    "Look first, and do again only what is not there."
)

PROTOCOL_VIOLATION: Final = "08P01"
# Lost races, locks and limits: the next try may well succeed.
BUSY_STATES: Final = frozenset({"40001", "40P01", "55P03", "57014", "53000", "53200", "53300", "53400"})
UNWRITABLE_STATES: Final = frozenset({"53100", "25006"})  # disk full; read only
STANDBY: Final = "0A000"  # what a server that follows another says to BEGIN READ WRITE
AWAY_CLASSES: Final = ("08", "57P", "58")  # connections, operators, the system beneath

BUSY_CODES: Final = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
UNWRITABLE_CODES: Final = frozenset({sqlite3.SQLITE_FULL, sqlite3.SQLITE_READONLY})
AWAY_CODES: Final = frozenset(
    {sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PROTOCOL, sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_NOLFS}
)


def refusal_of(error: BaseException, kind: UnitKind, stage: Stage) -> Busy | None:
    """What to tell whoever opened this unit of work; None for what is no trouble of the database."""
    if stage is Stage.COMMITTING and kind is not UnitKind.READ and _may_be_saved(error):
        saving.note()
        return Unsure(UNSURE)
    trouble = trouble_of(error, kind, stage)
    if trouble is None:
        return None
    if saving.is_anything():
        return Unsure(SAVED_BEFORE)
    reading, writing = trouble.value
    return (Busy if trouble is Trouble.BUSY else Away)(reading if kind is UnitKind.READ else writing)


def trouble_of(error: BaseException, kind: UnitKind, stage: Stage) -> Trouble | None:
    if isinstance(error, asyncpg.PostgresError):
        return _of_postgres(error.sqlstate or "", kind, stage)
    if isinstance(error, sqlite3.Error):
        return _of_sqlite(_code(error), kind)
    if _is_lost(error) or isinstance(error, ConnectionError):
        return Trouble.AWAY
    if isinstance(error, TimeoutError):  # before OSError, of which it is one
        return Trouble.BUSY
    return Trouble.AWAY if isinstance(error, OSError) and stage is Stage.CONNECTING else None


def is_passing(error: BaseException) -> bool:
    """True for what trying again later may mend."""
    return trouble_of(error, UnitKind.WRITE, Stage.WORKING) is not None


def is_duplicate(error: BaseException) -> bool:
    """True when a unique index refused the row."""
    if isinstance(error, asyncpg.UniqueViolationError):
        return True
    names = ("SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY")
    return isinstance(error, sqlite3.IntegrityError) and error.sqlite_errorname in names


def is_referred_to(error: BaseException) -> bool:
    """True when a row could not go because another refers to it."""
    if isinstance(error, asyncpg.ForeignKeyViolationError):
        return True
    return isinstance(error, sqlite3.IntegrityError) and error.sqlite_errorname == "SQLITE_CONSTRAINT_FOREIGNKEY"


def _of_postgres(state: str, kind: UnitKind, stage: Stage) -> Trouble | None:
    if state in BUSY_STATES:
        return Trouble.BUSY
    is_writing = kind is not UnitKind.READ
    if (state in UNWRITABLE_STATES and (is_writing or state == "53100")) or (
        state == STANDBY and is_writing and stage is Stage.BEGINNING
    ):
        return Trouble.UNWRITABLE
    is_away = state.startswith(AWAY_CLASSES) and state != PROTOCOL_VIOLATION
    return Trouble.AWAY if is_away or stage is Stage.CONNECTING else None


def _of_sqlite(code: int, kind: UnitKind) -> Trouble | None:
    if code in BUSY_CODES:
        return Trouble.BUSY
    if code in UNWRITABLE_CODES and not (code == sqlite3.SQLITE_READONLY and kind is UnitKind.READ):
        return Trouble.UNWRITABLE
    return Trouble.AWAY if code in AWAY_CODES else None


def _may_be_saved(error: BaseException) -> bool:
    """True when COMMIT was sent and what came back does not say that it failed."""
    if isinstance(error, sqlite3.Error):
        return _code(error) == sqlite3.SQLITE_IOERR  # a log that was written and not synced may come back
    if isinstance(error, asyncpg.PostgresError):
        return (error.sqlstate or "").startswith(AWAY_CLASSES)
    return isinstance(error, OSError | asyncpg.InternalClientError)  # OSError: TimeoutError too


def _is_lost(error: BaseException) -> bool:
    """Asyncpg has one class for a connection that is closed and for every mistake of its caller. What a server says while nobody
    asked, before it closes a connection, is said of the next question: in no state to begin.
    """
    if isinstance(error, asyncpg.InternalClientError):
        return "cannot switch to state" in str(error)
    return type(error) is asyncpg.InterfaceError and "closed" in str(error)


def _code(error: sqlite3.Error) -> int:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF  # without what says more exactly where
