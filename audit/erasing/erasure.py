"""The trail's half of an erasure: which openings there are about somebody, and taking them out for good.

An opening is value and salt together; its commitment stays in the header, so every proof still holds. What went is
listed in an entry of each stream that it was taken from. Composed by privacy/erasure.py, inside its unit of work.
"""

import json
from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

import database
from audit import Record, entry
from audit.events import Event
from audit.log import streams
from audit.log.subjects import ERASURES, Subject
from audit.tables import Entry, Erasure, Hold, Opening, Recipient
from base import clock

MOST_LISTED: Final = 150  # erased openings in one entry: an item takes some 150 characters, and a stored value has 40,000
AT_A_TIME: Final = 2_000  # entries whose openings are read together: a long trail is searched in bounded memory
NEVER_ERASED: Final = ("event", "facts")
PERSONAL: Final = "personal."
FILE_NAME: Final = "personal.filename."  # with the place of the file among those of the entry
TABLES: Final = (Opening, Erasure, Hold, Recipient)  # what an erasure takes rows or words from

OpeningKey = tuple[UUID, str]  # (event id, field): what names an opening


class ErasureReason(StrEnum):
    """Why something is erased, as the UK GDPR's article 17 has it. The values are stored."""

    ASKED = "asked"
    NOT_NEEDED = "not_needed"
    WRONG = "wrong"
    LAW = "law"

    @property
    def words(self) -> str:
        return _REASONS[self]


_REASONS: Final = {
    ErasureReason.ASKED: "The person asked, and there is no reason to keep it",
    ErasureReason.NOT_NEEDED: "It is no longer needed for what it was kept for",
    ErasureReason.WRONG: "It should not have been written down",
    ErasureReason.LAW: "A law or a court says so",
}


@dataclass(frozen=True, slots=True)
class EntryOpening:
    """One opening that may be erased, and the entry that it belongs to."""

    event_id: UUID
    idx: int
    type: str
    stream: str
    subject: str
    at: datetime
    field: str
    value: Any
    person: UUID | None

    @property
    def key(self) -> OpeningKey:
        return self.event_id, self.field


@dataclass(frozen=True, slots=True)
class Applied:
    """What goes with every erasure.applied entry of one erasure. ``facts`` are for people, such as who approved."""

    trail: str
    erasure: UUID
    reason: ErasureReason
    facts: Mapping[str, Any]


_OPENED: Final = """
    SELECT o.event_id AS event_id, e.idx AS idx, e.type AS type, e.stream AS stream, e.subject AS subject, e.at AS at,
        o.field AS field, o.value AS value, o.person AS person
    FROM audit_opening o JOIN audit_entry e ON e.event_id = o.event_id
    WHERE e.trail = {} AND """


async def about(trail: str, person: UUID) -> tuple[EntryOpening, ...]:
    """Every opening of a trail that is marked as being about a person: as who acted, or as whom it concerns."""
    rows = await Opening.raw(f"{_OPENED} o.person = {{}} ORDER BY e.idx, o.field", trail, person)
    return tuple(_opened(row) for row in rows)


async def texts(trail: str) -> AsyncIterator[EntryOpening]:
    """Every personal opening of a trail, oldest first."""
    for start in range(0, await streams.size_of(trail), AT_A_TIME):
        within = f"{_OPENED} e.idx >= {{}} AND e.idx < {{}} AND o.field LIKE {{}} ORDER BY e.idx, o.field"
        for row in await Opening.raw(within, trail, start, start + AT_A_TIME, f"{PERSONAL}%"):
            yield _opened(row)


async def of_subject(trail: str, subject: str) -> tuple[EntryOpening, ...]:
    """Every opening of the entries about one thing, their facts included."""
    rows = await Opening.raw(f"{_OPENED} e.subject = {{}} ORDER BY e.idx, o.field", trail, subject)
    return tuple(_opened(row) for row in rows)


async def names_of_file(trail: str, subject: str, digest: str) -> set[OpeningKey]:
    """The openings of entries about one thing that hold the names under which a file came with it, by its SHA-256 in hex.

    Every copy of it, whoever added which: what is erased of a file is erased of all.
    """
    return await _names(trail, subject, "sha256", digest)


async def names_of_attachment(trail: str, subject: str, attachment: UUID) -> set[OpeningKey]:
    """The same of one copy, by its id: another copy of the same bytes keeps its name."""
    return await _names(trail, subject, "id", str(attachment))


async def _names(trail: str, subject: str, key: str, value: str) -> set[OpeningKey]:
    opened = await of_subject(trail, subject)
    places = {
        (one.event_id, f"{FILE_NAME}{n}")
        for one in opened
        if one.field == "facts"
        for n, file in enumerate(one.value.get("attachments", ()), start=1)
        if file[key] == value
    }
    return places & {one.key for one in opened}


async def still_there(trail: str, keys: Iterable[OpeningKey]) -> tuple[EntryOpening, ...]:
    """The openings that ``keys`` name and that are still stored."""
    wanted = set(keys)
    found: list[EntryOpening] = []
    ids = sorted({event_id for event_id, _ in wanted}, key=str)
    for start in range(0, len(ids), MOST_LISTED):
        part = ids[start : start + MOST_LISTED]
        marks = ", ".join("{}" for _ in part)
        rows = await Opening.raw(f"{_OPENED} o.event_id IN ({marks}) ORDER BY e.idx, o.field", trail, *part)
        found += [opened for row in rows if (opened := _opened(row)).key in wanted]
    return tuple(found)


async def apply(record: Record, done: Applied, openings: Sequence[EntryOpening], evidence: Mapping[str, Sequence[str]]) -> None:
    """Deletes the openings and says so in each stream. ``evidence``: digests of the files that went, by stream."""
    if any(opened.field in NEVER_ERASED for opened in openings):
        raise ValueError("what happened and its facts are never erased")
    listed: dict[str, list[dict[str, Any]]] = {stream: [] for stream in evidence}
    if not openings and not evidence:
        listed[ERASURES] = []
    for start in range(0, len(openings), MOST_LISTED):
        part = openings[start : start + MOST_LISTED]
        for opened, item in zip(part, await _items(part), strict=True):
            listed.setdefault(opened.stream, []).append(item)
            await _blank_own(opened)
    for stream, items in sorted(listed.items()):
        await _tell(record, done, stream, items, list(evidence.get(stream, ())))


async def _items(part: Sequence[EntryOpening]) -> list[dict[str, Any]]:
    """Deletes these openings; returns what the trail will say of each."""
    rows = await Opening.select().where(database.among(Opening.event_id, [opened.event_id for opened in part]))
    stored = {(row["event_id"], row["field"]): row for row in rows}
    items, ids = [], []
    for opened in part:
        row = stored[opened.key]
        made = entry.commitment(opened.field, bytes(row["salt"]), row["value"].encode())
        items.append({"idx": opened.idx, "field": opened.field, "commitment": made.hex()})
        ids.append(row["id"])
    await Opening.delete().where(database.among(Opening.id, ids))
    return items


async def _tell(record: Record, done: Applied, stream: str, items: list[dict[str, Any]], evidence: list[str]) -> None:
    for start in range(0, max(len(items), len(evidence), 1), MOST_LISTED):
        part, files = items[start : start + MOST_LISTED], evidence[start : start + MOST_LISTED]
        record(
            Event.ERASURE_APPLIED,
            stream=stream,
            subject=Subject.ERASURE.of(done.erasure),
            facts={
                "erased": part, "evidence": files, "reason": done.reason.words,
                "values_erased": len(part), **done.facts,
            },
            trail=done.trail,
        )  # fmt: skip


async def _blank_own(opened: EntryOpening) -> None:
    """Blanks the words of a hold or a request, which a row of this slice holds as well."""
    hold, request = Subject.HOLD.id_in(opened.subject), Subject.ERASURE.id_in(opened.subject)
    if hold and opened.field == f"{PERSONAL}reason":
        await Hold.update({Hold.reason: ""}).where(Hold.id == hold)
    if request and opened.field == f"{PERSONAL}words":
        await Erasure.update({Erasure.words: ""}).where(Erasure.id == request)


async def forget_address(trail: str, email: str) -> None:
    """Nobody sends the school's seals there any more. Inside the caller's unit of work, which records it."""
    await Recipient.delete().where((Recipient.trail == trail) & (Recipient.email == email))


def _opened(row: Mapping[str, Any]) -> EntryOpening:
    return EntryOpening(**{**row, "at": clock.of_microseconds(row["at"]), "value": json.loads(row["value"])})


async def listed(trail: str, streams: Collection[str], *, size: int | None = None) -> dict[int, dict[str, str]]:
    """What entries of these streams, among the first ``size``, say was erased: entry → commitment (hex) → field."""
    if not streams:
        return {}
    applied = (Entry.trail == trail) & (Entry.type == Event.ERASURE_APPLIED.value) & database.among(Entry.stream, sorted(streams))
    query = Entry.select(Entry.event_id).where(applied if size is None else applied & (Entry.idx < size))
    ids, found = await query.output(as_list=True), dict[int, dict[str, str]]()
    for start in range(0, len(ids), MOST_LISTED):
        part = database.among(Opening.event_id, ids[start : start + MOST_LISTED]) & (Opening.field == "facts")
        for row in await Opening.select(Opening.value).where(part):
            for one in json.loads(row["value"]).get("erased", ()):
                found.setdefault(one["idx"], {})[one["commitment"]] = one["field"]
    return found


async def plain_facts(trail: str) -> AsyncIterator[str]:
    """The facts of every entry, as they are stored, oldest first."""
    for start in range(0, await streams.size_of(trail), AT_A_TIME):
        within = f"{_OPENED} e.idx >= {{}} AND e.idx < {{}} AND o.field = 'facts'"
        for row in await Opening.raw(within, trail, start, start + AT_A_TIME):
            yield row["value"]


async def concerning(trail: str, person: UUID) -> tuple[EntryOpening, ...]:
    """Every opening of the entries that somebody made or that are about them, other people's fields included."""
    rows = await Opening.raw(
        f"{_OPENED} (e.subject = {{}} OR e.event_id IN (SELECT t.event_id FROM audit_opening t WHERE t.person = {{}}))"  # noqa: S608 - our own text
        " ORDER BY e.idx, o.field",
        trail,
        Subject.PERSON.of(person),
        person,
    )
    return tuple(_opened(row) for row in rows)
