"""The largest head that this witness cosigned of each origin, and heads that contradict one, in a file beside its keys.

Not in the database: a backup put back would make the witness forget, and cosign another history (docs/decisions/0050).
Everything here waits for the disk: call it in a thread.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from audit.note import Checkpoint
from audit.seals import beside_key
from audit.witnesses.rules import Finding, Request, judge

FILE: Final = "seen.sqlite"
MOST_ORIGINS: Final = 50_000  # some four for each school of England's trusts and authorities; 200 MB at the most
MOST_OF_ONE_ORIGIN: Final = 10  # contradictions that are kept: one is proof
MOST_CONTRADICTIONS: Final = 1_000

SEEN: Final = """CREATE TABLE IF NOT EXISTS seen (origin TEXT PRIMARY KEY, size INTEGER NOT NULL, root BLOB NOT NULL,
    note BLOB NOT NULL, at TEXT NOT NULL) WITHOUT ROWID"""
CONTRADICTION: Final = """CREATE TABLE IF NOT EXISTS contradiction (origin TEXT NOT NULL, size INTEGER NOT NULL,
    root BLOB NOT NULL, note BLOB NOT NULL, seen_note BLOB NOT NULL, at TEXT NOT NULL,
    PRIMARY KEY (origin, size, root)) WITHOUT ROWID"""
TABLES: Final = (SEEN, CONTRADICTION)


@dataclass(frozen=True, slots=True)
class CosignedHead:
    """A head that was cosigned; ``note`` is the log's own, ``at`` when it was first shown."""

    origin: str
    size: int
    root: bytes
    note: bytes
    at: datetime


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two heads that the log signed, of which the later one shown, ``note``, was not proven to continue the other."""

    origin: str
    size: int
    note: bytes
    seen_note: bytes
    at: datetime


def take(folder: Path, request: Request, at: datetime, *, signed: Callable[[], bytes]) -> tuple[Finding, int, bytes]:
    """Checks a head that its log signed, and remembers it, in one transaction.

    Returns what was found, the size seen last, and what ``signed`` gave: it is called only for a head that may be cosigned,
    and where it raises, nothing is remembered.
    """
    with beside_key.transaction(folder / FILE, TABLES) as memory:
        origin, head = request.head.origin, request.head
        row = memory.execute("SELECT size, root, note FROM seen WHERE origin = ?", (origin,)).fetchone()
        last = Checkpoint(origin, row[0], row[1]) if row else None
        found = judge(request, last)
        if found is Finding.SEEN and last is None and _count(memory, "seen") >= MOST_ORIGINS:
            found = Finding.FULL
        if found in (Finding.OTHER_ROOT, Finding.NO_PROOF) and row:
            _keep(memory, request, row[2], at)
        lines = signed() if found is Finding.SEEN else b""
        if found is Finding.SEEN and last != head:
            values = (origin, head.size, head.root, request.note, at.isoformat())
            memory.execute("INSERT OR REPLACE INTO seen (origin, size, root, note, at) VALUES (?, ?, ?, ?, ?)", values)
    return found, last.size if last else 0, lines


def seen(folder: Path, after: str = "", most: int = MOST_ORIGINS) -> tuple[CosignedHead, ...]:
    """In the order of origins, from the one after ``after`` on."""
    query = "SELECT origin, size, root, note, at FROM seen WHERE origin > ? ORDER BY origin LIMIT ?"
    with beside_key.transaction(folder / FILE, TABLES) as memory:
        rows = memory.execute(query, (after, most)).fetchall()
    return tuple(CosignedHead(origin, size, root, note, datetime.fromisoformat(at)) for origin, size, root, note, at in rows)


def contradictions(folder: Path) -> tuple[Contradiction, ...]:
    """Oldest first."""
    query = "SELECT origin, size, note, seen_note, at FROM contradiction ORDER BY at, origin, size"
    with beside_key.transaction(folder / FILE, TABLES) as memory:
        rows = memory.execute(query).fetchall()
    return tuple(Contradiction(origin, size, note, seen, datetime.fromisoformat(at)) for origin, size, note, seen, at in rows)


def _keep(memory: beside_key.Connection, request: Request, seen_note: bytes, at: datetime) -> None:
    """The first ones: who can sign could push them out with others."""
    of_this = memory.execute("SELECT count(*) FROM contradiction WHERE origin = ?", (request.head.origin,)).fetchone()[0]
    if of_this < MOST_OF_ONE_ORIGIN and _count(memory, "contradiction") < MOST_CONTRADICTIONS:
        memory.execute(
            "INSERT OR IGNORE INTO contradiction (origin, size, root, note, seen_note, at) VALUES (?, ?, ?, ?, ?, ?)",
            (request.head.origin, request.head.size, request.head.root, request.note, seen_note, at.isoformat()),
        )


def _count(memory: beside_key.Connection, table: str) -> int:
    number: int = memory.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608 - our own names
    return number
