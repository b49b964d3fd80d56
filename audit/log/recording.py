"""The only door to a change: ``recording`` commits the change and its trail entries together, or neither.

Appending, in the order that keeps trails free of forks and deadlocks: per trail in ascending order, lock the head,
give each entry the next position of its trail and of its stream, hash, push on the frontier, insert, update the head.
"""

import os
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from typing import Any, Final, NamedTuple
from uuid import UUID, uuid4

from uuid_utils.compat import uuid7

import database
from audit import entry, merkle
from audit.canonical import canonical_json
from audit.errors import NothingRecorded
from audit.log import moments, origins, sendings, subjects
from audit.log.happening import BY_ITSELF, Happening, begun, with_names
from audit.log.moments import Moment
from audit.tables import CosignerRow, Entry, HeadRow, Node, Opening, PublicKeyRow, StreamRow, Trail
from base.viewer import Viewer

OPERATOR: Final = "operator"  # the trail of the shared directory, register imports and accounts

NO_PERSONAL: Final[Mapping[str, str]] = {}
_ENTRY: Final = database.shape(
    Entry,
    (
        *(Entry.event_id, Entry.trail, Entry.idx, Entry.header, Entry.leaf_hash),
        *(Entry.type, Entry.at, Entry.stream, Entry.sseq, Entry.subject),
    ),
)
_OPENING: Final = database.shape(
    Opening, (Opening.id, Opening.event_id, Opening.field, Opening.salt, Opening.value, Opening.person)
)
_NODE: Final = database.shape(Node, (Node.id, Node.trail, Node.level, Node.n, Node.hash))
_NEW_STREAM: Final = database.shape(StreamRow, (StreamRow.id, StreamRow.trail, StreamRow.name, StreamRow.tag, StreamRow.size))
_STREAM_SIZE: Final = database.shape(StreamRow, (StreamRow.trail, StreamRow.name, StreamRow.size), keys=2)
_HEAD: Final = database.shape(HeadRow, (HeadRow.trail, HeadRow.size, HeadRow.frontier, HeadRow.last_at), keys=1)


class _Opening(NamedTuple):
    """In the order of _OPENING."""

    id: UUID
    event_id: UUID
    field: str
    salt: bytes
    value: str
    person: UUID | None


@dataclass(slots=True)
class _Stream:
    """A stream that is written to; ``size`` counts up while entries are made."""

    tag: bytes
    size: int
    is_new: bool


class Record:
    """Collects what a unit of work must leave in the trail; called once for each thing that happened."""

    def __init__(self, viewer: Viewer | None) -> None:
        self._viewer = viewer
        self.happenings: list[Happening] = []
        self._is_unchanged = False

    def __call__(
        self,
        event: StrEnum,
        *,
        stream: str,
        subject: str,
        facts: Mapping[str, Any] | None = None,
        personal: Mapping[str, str] = NO_PERSONAL,
        about: UUID | None = None,
        trail: str | UUID | None = None,
    ) -> None:
        """``stream`` and ``subject`` are names from ``audit/log/subjects.py``.

        ``facts`` holds plain values, with what changed under "old" and "new"; each of ``personal`` (free text, names)
        is committed by itself, so that it can be erased alone: they are ``about`` the acting person unless another is
        named. ``trail`` is the viewer's school unless named.
        """
        viewer = self._viewer
        owner = str(trail or (viewer.school if viewer else OPERATOR))
        actor = _actor(viewer, owner)
        self.happenings.append(
            Happening(
                trail=owner,
                stream=stream,
                subject=subject,
                event=event,
                actor=actor,
                facts=facts or {},
                personal=personal,
                about=about or _known_person(actor),
            )
        )

    def by(self, viewer: Viewer | None) -> "Record":
        """The same record for a trail that knows somebody else as who did it, such as the person in another role; None is the
        service itself.
        """
        other = Record(viewer)
        other.happenings = self.happenings
        return other

    def unchanged(self) -> None:
        """Says that there was nothing to change: the unit ends without a commit and without an entry."""
        self._is_unchanged = True

    def require_something(self) -> None:
        """Raises what ends the unit when nothing happened in it."""
        if self.happenings:
            return
        if self._is_unchanged:
            raise _Unchanged
        raise NothingRecorded("a change must leave at least one trail entry, or say record.unchanged()")


@asynccontextmanager
async def recording(viewer: Viewer | None) -> AsyncIterator[Record]:
    """Opens the unit of work of one change; ``viewer`` None is the service itself. Raises NothingRecorded without an entry,
    SentBefore where this request did the same thing when it came before.
    """
    record = Record(viewer)
    try:
        async with database.write():
            await sendings.claim()
            yield record
            record.require_something()
            await _append(record.happenings)
    except _Unchanged:
        return


class _Unchanged(Exception):
    """Not an error: leaves the unit without a commit."""


def _actor(viewer: Viewer | None, owner: str) -> Mapping[str, str]:
    """Who did it, as far as this trail may know: nobody can tell from the operator's who added a supplier."""
    if viewer is None:
        return BY_ITSELF
    if owner == OPERATOR and not viewer.is_operator:
        return {"role": "school"}
    return {"role": viewer.role.value, "person": str(viewer.person), "name": viewer.name}


def _known_person(actor: Mapping[str, str]) -> UUID | None:
    return UUID(actor["person"]) if "person" in actor else None


async def _append(happenings: list[Happening]) -> None:
    named = await with_names(happenings)
    for owner, group in groupby(sorted(named, key=lambda h: h.trail), key=lambda h: h.trail):
        await _append_to_trail(owner, list(group))


async def _append_to_trail(owner: str, happenings: list[Happening]) -> None:
    """Three trips to the database: the lock, what the header needs to know, and all the rows together."""
    frontier, last_at = await _locked_head(owner)
    happenings = happenings if frontier.size else await begun(owner, happenings)
    origin, streams = await _streams(owner, {happening.stream for happening in happenings})
    moment = moments.after(last_at, owner)
    entries, openings, nodes = [], [], []
    for happening in happenings:
        stream = streams[happening.stream]
        event_id = uuid7(nanoseconds=1_000 * moment.clock)
        opened = _openings(event_id, happening, moment)
        place = entry.Place(origin, frontier.size, stream.tag, stream.size)
        header = entry.header(place, (entry.commitment(o.field, o.salt, o.value.encode()) for o in opened))
        leaf = merkle.leaf_hash(header)
        nodes += [(uuid4(), owner, *subtree) for subtree in frontier.push(leaf)]
        entries.append(_entry(happening, event_id, moment.at, place, header, leaf))
        openings += opened
        stream.size += 1
    known = [(owner, name, stream.size) for name, stream in streams.items() if not stream.is_new]
    fresh = [(uuid4(), owner, name, stream.tag, stream.size) for name, stream in streams.items() if stream.is_new]
    await database.write_together(
        (_ENTRY, entries),
        (_OPENING, openings),
        (_NODE, nodes),
        (_NEW_STREAM, fresh),
        (_STREAM_SIZE, known),
        (_HEAD, [(owner, frontier.size, frontier.hashes, moment.at)]),
    )


def _entry(happening: Happening, event_id: UUID, at: int, place: entry.Place, header: bytes, leaf: bytes) -> tuple[Any, ...]:
    """In the order of _ENTRY."""
    what = (happening.event.value, at, happening.stream, place.sseq, happening.subject)
    return (event_id, happening.trail, place.idx, header, leaf, *what)


def _openings(event_id: UUID, happening: Happening, moment: Moment) -> list[_Opening]:
    event = {
        "id": str(event_id),
        "type": happening.event.value,
        **moment.told,
        "stream": happening.stream,
        "subject": happening.subject,
    }
    fields: list[tuple[str, Any, UUID | None]] = [
        ("event", event, None),
        ("actor", dict(happening.actor), _known_person(happening.actor)),
        ("facts", dict(happening.facts), None),
        *((f"personal.{name}", value, happening.whom(name)) for name, value in happening.personal.items()),
    ]
    return [  # ids that rise with time touch one page of their index; random ones would touch one each
        _Opening(uuid7(), event_id, field, os.urandom(entry.SALT_BYTES), canonical_json(value).decode(), person)
        for field, value, person in fields
    ]


async def _locked_head(owner: str) -> tuple[merkle.Frontier, int]:
    """With the newest entry's time; locked until the unit ends, made at the first entry. Nothing of the trail is read before."""
    query = f"SELECT size, frontier, last_at FROM audit_head WHERE trail = $1 {database.row_lock()}"  # noqa: S608 - our own SQL
    rows = await database.select(query, owner)
    if not rows:
        await _start_trail(owner)
        rows = await database.select(query, owner)
    if not rows:
        raise RuntimeError(f"got no head for the trail {owner}, want one: run vouch trail fsck")
    return merkle.Frontier(rows[0]["size"], bytes(rows[0]["frontier"])), rows[0]["last_at"]


async def _start_trail(owner: str) -> None:
    """Two first writers may meet here on PostgreSQL: the second waits, then finds the first one's rows."""
    vkeys = [row["vkey"] for table in (PublicKeyRow, CosignerRow) for row in await table.select(table.vkey)]
    trail = Trail(owner=owner, origin=origins.new(), keys="".join(f"{subjects.key(vkey)}\n" for vkey in vkeys))
    await Trail.insert(trail).on_conflict(action="DO NOTHING")
    await HeadRow.insert(HeadRow(trail=owner, size=0, frontier=b"", last_at=0)).on_conflict(action="DO NOTHING")


async def _streams(owner: str, names: set[str]) -> tuple[str, dict[str, _Stream]]:
    """The origin to write under, and the streams by name, in one query.

    Not part of the query before: only what is read after the head was locked sees what the last writer left. The head's
    lock covers these rows too.
    """
    marks = ", ".join(f"${n}" for n in range(2, 2 + len(names)))
    rows = await database.select(
        f"""SELECT name, tag, size, NULL AS origin, 0 AS start FROM audit_stream WHERE trail = $1 AND name IN ({marks})
        UNION ALL SELECT NULL, NULL, NULL, origin, start FROM ({origins.OF_A_TRAIL}) AS origins""",  # noqa: S608 - our own SQL
        owner,
        *names,
    )
    known = {row["start"]: row["origin"] for row in rows if row["origin"]}
    if not known:
        raise RuntimeError(f"got no origin for the trail {owner}, want one: run vouch trail fsck")
    streams = {name: _Stream(os.urandom(entry.TAG_BYTES), size=0, is_new=True) for name in sorted(names)}
    streams |= {row["name"]: _Stream(bytes(row["tag"]), row["size"], is_new=False) for row in rows if row["name"]}
    return known[max(known)], streams
