"""What is read of a database besides its copy: how long each trail is, and what a school took back and when."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from audit import merkle
from backups.archive import BackedUpHead
from base import clock
from sharing import events as sharing_events
from suppliers import events as supplier_events

HEADS: Final = "SELECT trail, size, frontier FROM audit_head ORDER BY trail"
MIGRATIONS: Final = "SELECT name FROM migration ORDER BY name"

# What comes back to life when a backup from before it is restored.
TAKEN_BACK: Final = (
    supplier_events.Event.SHARE_WITHDRAWN,
    supplier_events.Event.SHARE_GIVEN,  # it may have been narrowed
    supplier_events.Event.REVIEW_WITHDRAWN,
    supplier_events.Event.NOTE_WITHDRAWN,
    sharing_events.Event.PERSON_REMOVED,
    sharing_events.Event.ROLE_CHANGED,
    sharing_events.Event.INVITATION_WITHDRAWN,
    sharing_events.Event.HEAD_NAMING_WITHDRAWN,
    sharing_events.Event.PASSWORD_CHANGED,
    sharing_events.Event.API_KEY_REVOKED,
    sharing_events.Event.CONNECTION_ENDED,
    sharing_events.Event.SCHOOL_BLOCKED,
    sharing_events.Event.NETWORK_LEFT,
    sharing_events.Event.AUDITOR_REVOKED,
)
_TYPES: Final = ", ".join(f"'{event.value}'" for event in TAKEN_BACK)
UNDONE: Final = f"SELECT trail, idx, type, at, subject FROM audit_entry WHERE type IN ({_TYPES}) ORDER BY trail, idx"  # noqa: S608 - our own


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What the manifest says of a database: the version of its engine, the migrations that it has seen, its trails."""

    engine_version: str
    migrations: tuple[str, ...]
    trails: Mapping[str, BackedUpHead]


@dataclass(frozen=True, slots=True)
class Undone:
    """Something that a school took back: entry ``idx`` of its trail, counted from 0."""

    trail: str
    idx: int
    type: str
    at: datetime
    subject: str

    @property
    def words(self) -> str:
        sentences = {**sharing_events.SENTENCES, **supplier_events.SENTENCES}
        return f"{self.at:%Y-%m-%d %H:%M} {sentences[self.type]} ({self.subject})"


@dataclass(frozen=True, slots=True)
class Remains:
    """What could be read of the database that is to be replaced."""

    sizes: Mapping[str, int]
    undone: tuple[Undone, ...]

    def after(self, trail: str, size: int) -> tuple[Undone, ...]:
        return tuple(one for one in self.undone if one.trail == trail and one.idx >= size)


NOTHING: Final = Remains({}, ())


def heads(rows: Iterable[Mapping[str, Any]]) -> dict[str, BackedUpHead]:
    """Heads by trail, from rows of HEADS."""
    return {row["trail"]: BackedUpHead(row["size"], merkle.frontier_root(bytes(row["frontier"])).hex()) for row in rows}


def remains(head_rows: Iterable[Mapping[str, Any]], undone_rows: Iterable[Mapping[str, Any]]) -> Remains:
    """What is read of the old database, from rows of HEADS and UNDONE."""
    undone = tuple(
        Undone(row["trail"], row["idx"], row["type"], clock.of_microseconds(row["at"]), row["subject"]) for row in undone_rows
    )
    return Remains({row["trail"]: row["size"] for row in head_rows}, undone)
