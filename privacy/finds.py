"""What a school holds that names somebody: texts and files, each with the passage, in its rows and in its trail.

A key names one find for as long as it exists. Of a note, an enquiry or a decision it is the name that the trail has for it; of a
review or a contract that name with the field, "review:<id>:<field>"; of what a supplier is called "supplier:<id>:<field>";
"calendar:terms" are the names of terms; then there are "file:<SHA-256>" and a field of an entry, "entry:<event id>:<field>".
Reads the asking school's own rows and trail only.
"""

import re
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

import database
from audit.erasing import erasure
from audit.erasing.erasure import EntryOpening, OpeningKey
from audit.erasing.retention import RecordKind
from audit.log.subjects import ENQUIRIES, Subject
from base import clock, text
from base.refusals import Invalid
from base.viewer import Viewer
from contracts.documents.tables import Document
from contracts.service_events.tables import Photo
from contracts.texts import texts as contract_texts
from privacy import passages, places
from privacy.passages import Passage
from privacy.places import REVIEW_TEXTS
from suppliers.asking.tables import Enquiry
from suppliers.merging.tables import Decision
from suppliers.record import interests
from suppliers.tables import Attachment, Note, PastReview, Review

MOST_NAMES: Final = 10  # spellings of one person's name
SHORTEST_NAME: Final = 3  # characters: two find half the words there are
LONGEST_NAME: Final = 120
ALIKE: Final = ("'\u2018\u2019\u02bc\u0060\u00b4", "-\u2010\u2011\u2013")  # marks that one name is written with
MOST_FOUND: Final = 100  # as many boxes as one form takes; the rest is found by looking again
READ_AS_TEXT: Final = ("text/plain", "message/rfc822")


@dataclass(slots=True)
class Find:
    """``stream`` is what it is about; ``day`` is when the newest of it was recorded, from which its keeping counts."""

    key: str
    what: str  # for people: "Review: what is good", "Note", "File: gate.pdf"
    kind: RecordKind
    stream: str
    day: date
    passages: list[Passage] = field(default_factory=list)
    texts: set[str] = field(default_factory=set)  # the exact words that go, wherever they are
    openings: set[OpeningKey] = field(default_factory=set)
    files: set[UUID] = field(default_factory=set)
    places: int = 0  # how many entries and versions it is in
    is_kept_back: bool = False  # from the viewer, by their interest in the supplier; then without passages
    is_in_a_row: bool = False  # of a contract, where a name often stands by itself
    ended_on: date | None = None  # of a contract: its end, from which its keeping counts instead

    @property
    def counts_from(self) -> date:
        return self.ended_on or self.day

    @property
    def is_critical(self) -> bool:
        """Whether it is, or may be, criticism: its words are shown to nobody who declared an interest in the supplier."""
        review = places.review_text(self.key)
        return review is None or review[1] == "criticism"


def names(typed: str) -> tuple[str, ...]:
    """The names to look for, one on a line. Raises Invalid that names the field "text"."""
    lines = [text.line(one, field="text", longest=LONGEST_NAME) for one in typed.splitlines() if one.strip()]
    if len(lines) > MOST_NAMES:
        raise _invalid(f"Look for at most {MOST_NAMES} names at a time.")
    if any(len(one) < SHORTEST_NAME for one in lines):
        raise _invalid(f"A name to look for needs at least {SHORTEST_NAME} characters.")
    return tuple(lines)


def pattern(sought: Iterable[str]) -> re.Pattern[str]:
    """Finds any of the names whatever its capitals, spaces, apostrophes and hyphens; nothing when there is none. A name ends
    where a word ends.
    """
    spelt = [r"\s+".join(map(_whatever_the_marks, one.split())) for one in sought if one.strip()]
    return re.compile(rf"(?<!\w)(?:{'|'.join(spelt)})(?!\w)" if spelt else r"(?!)", re.IGNORECASE)


def _whatever_the_marks(word: str) -> str:
    """A phone writes O’Brien where a computer writes O'Brien."""
    return "".join(next((f"[{alike}]" for alike in ALIKE if mark in alike), re.escape(mark)) for mark in word)


async def find(viewer: Viewer, sought: Sequence[str]) -> tuple[Find, ...]:
    """All that names one of ``sought``, the newest first. Inside the caller's unit."""
    looked_for, found = pattern(sought), _Found()
    async for opened in erasure.texts(str(viewer.school)):
        if not opened.field.startswith(erasure.FILE_NAME) and isinstance(opened.value, str) and looked_for.search(opened.value):
            found.add_opening(opened, looked_for)
    await _live_texts(viewer, looked_for, found)
    await _files(viewer, looked_for, found)
    await _documents(viewer, looked_for, found)
    await _count_from_the_end(viewer, found)
    closed = {Subject.SUPPLIER.of(supplier) for supplier in await interests.suppliers_of(viewer)}
    for one in found.finds.values():
        one.is_kept_back = one.stream in closed and one.is_critical
        if one.is_kept_back:
            one.passages.clear()
            one.what = one.what.partition(":")[0] if one.files else one.what
    return tuple(sorted(found.finds.values(), key=lambda one: (one.day, one.key), reverse=True))


def of_openings(openings: Iterable[EntryOpening]) -> tuple[Find, ...]:
    """The texts that openings hold, with all of their words; for erasing again what was erased once."""
    found = _Found()
    for opened in openings:
        if isinstance(opened.value, str) and not opened.field.startswith(erasure.FILE_NAME):
            found.add_opening(opened, pattern([]))
    return tuple(found.finds.values())


async def in_plain_facts(viewer: Viewer, sought: Sequence[str]) -> int:
    """How many entries have a name among their facts, which are never erased: mostly older ones, of a supplier's own name."""
    looked_for, count = pattern(sought), 0
    async for value in erasure.plain_facts(str(viewer.school)):
        count += bool(looked_for.search(value))
    return count


class _Found:
    """Finds by key, filled from the trail first and then from the rows."""

    def __init__(self) -> None:
        self.finds: dict[str, Find] = {}

    def add_opening(self, opened: EntryOpening, looked_for: re.Pattern[str]) -> None:
        key, what, kind = places.place_of(opened)
        find = self.at(key, what, kind, opened.stream, opened.at.astimezone(clock.LONDON).date())
        find.openings.add(opened.key)
        _add_text(find, opened.value, looked_for)

    def at(self, key: str, what: str, kind: RecordKind, stream: str, day: date) -> Find:
        find = self.finds.setdefault(key, Find(key, what, kind, stream, day))
        find.day = max(find.day, day)
        return find


def _add_text(find: Find, value: str, looked_for: re.Pattern[str]) -> None:
    find.places += 1
    if value in find.texts:
        return
    find.texts.add(value)
    hit = looked_for.search(value)
    if hit is not None:
        find.passages.append(passages.around(hit))


async def _live_texts(viewer: Viewer, looked_for: re.Pattern[str], found: _Found) -> None:
    """Adds what rows hold now and in earlier versions; most of it is in the trail as well, and is listed once."""
    reviews = await Review.select().where(Review.school == viewer.school)
    streams = {row["id"]: _stream(row) for row in reviews}
    past = await PastReview.select().where(database.among(PastReview.review, streams)) if streams else []
    for row in (*reviews, *past):
        for name in REVIEW_TEXTS:
            review = row.get("review", row["id"])
            place = (places.review_key(review, name), places.REVIEW_WORDS[name], RecordKind.OPINIONS, streams[review])
            _live(found, place, row, row[name] or "", looked_for)
    for row in await Note.select().where(Note.school == viewer.school):
        _live(found, (Subject.NOTE.of(row["id"]), "Note", RecordKind.NOTES, _stream(row)), row, row["body"], looked_for)
    for row in await Enquiry.select().where(Enquiry.school == viewer.school):
        place = (Subject.ENQUIRY.of(row["id"]), places.ENQUIRY, RecordKind.NOTES, ENQUIRIES)
        _live(found, place, {"written_at": row["asked_at"]}, row["words"], looked_for)
    for row in await Decision.select().where(Decision.owner == viewer.school):
        place = (Subject.DECISION.of(row["id"]), places.DECISION, RecordKind.NOTES, Subject.SUPPLIER.of(row["left_supplier"]))
        _live(found, place, {"written_at": row["decided_at"]}, row["reason"], looked_for)

    for text_of in await contract_texts.of_school(viewer.school):
        # A term's name is no record of a contract: its days are, and stay.
        kind = RecordKind.CONTRACTS if Subject.CONTRACT.id_in(text_of.stream) else RecordKind.NOTES
        place = (text_of.key, text_of.label, kind, text_of.stream)
        if looked_for.search(text_of.value):
            find = found.at(*place, text_of.written_on)
            find.is_in_a_row = True
            _add_text(find, text_of.value, looked_for)


async def _count_from_the_end(viewer: Viewer, found: _Found) -> None:
    """A contract is kept from its end on, and a deed for longer."""
    kept = await contract_texts.kept_from(viewer.school)
    for one in found.finds.values():
        contract = Subject.CONTRACT.id_in(one.stream)
        if contract in kept:
            one.ended_on = kept[contract].day
            one.kind = RecordKind.DEEDS if kept[contract].is_deed else RecordKind.CONTRACTS


def _stream(row: dict[str, Any]) -> str:
    """The stream of the supplier that a row was written for, whatever that was merged into since."""
    return Subject.SUPPLIER.of(row["written_for"] or row["supplier"])


def _live(
    found: _Found, place: tuple[str, str, RecordKind, str], row: dict[str, Any], value: str, looked_for: re.Pattern[str]
) -> None:
    if looked_for.search(value):
        key, what, kind, stream = place
        _add_text(found.at(key, what, kind, stream, _day(row)), value, looked_for)


def _day(row: dict[str, Any]) -> date:
    """The day of the version that a row holds."""
    at: datetime = row.get("revised_at") or row["written_at"]
    return at.astimezone(clock.LONDON).date()


_FILE_COLUMNS: Final = (Attachment.id, Attachment.note, Attachment.filename, Attachment.media_type, Attachment.digest)


async def _files(viewer: Viewer, looked_for: re.Pattern[str], found: _Found) -> None:
    """Files whose name or plain text names the person, and those of notes that do. Every copy of a file counts as one."""
    notes = {row["id"]: row for row in await Note.select().where(Note.school == viewer.school)}
    async for row in _mentioning(viewer, looked_for, found):
        digest, note = bytes(row["digest"]).hex(), notes[row["note"]]
        find = found.at(f"file:{digest}", f"File: {row['filename']}", RecordKind.NOTES, _stream(note), _day(note))
        find.files.add(row["id"])
        find.places += 1
        find.openings |= await erasure.names_of_file(str(viewer.school), Subject.NOTE.of(row["note"]), digest)


async def _mentioning(viewer: Viewer, looked_for: re.Pattern[str], found: _Found) -> AsyncIterator[dict[str, Any]]:
    rows = await Attachment.select(*_FILE_COLUMNS).where(Attachment.school == viewer.school).order_by(Attachment.id)
    named = {
        bytes(row["digest"]) for row in rows if looked_for.search(row["filename"]) or Subject.NOTE.of(row["note"]) in found.finds
    }
    for row in rows:
        if bytes(row["digest"]) not in named and await _is_named_in(Attachment, row, looked_for):
            named.add(bytes(row["digest"]))
    for row in rows:
        if bytes(row["digest"]) in named:
            yield row


async def _documents(viewer: Viewer, looked_for: re.Pattern[str], found: _Found) -> None:
    """The same of contracts' documents, and of the photos and files of what happened under contracts."""
    for table in (Document, Photo):
        await _of_contracts(viewer, looked_for, found, table)


async def _of_contracts(viewer: Viewer, looked_for: re.Pattern[str], found: _Found, table: type[Document | Photo]) -> None:
    columns = (table.id, table.contract, table.filename, table.media_type, table.digest, table.added_at)
    for row in await table.select(*columns).where(table.school == viewer.school).order_by(table.id):
        if not (looked_for.search(row["filename"]) or await _is_named_in(table, row, looked_for)):
            continue
        digest, stream = bytes(row["digest"]).hex(), Subject.CONTRACT.of(row["contract"])
        day = row["added_at"].astimezone(clock.LONDON).date()
        find = found.at(f"file:{digest}", f"File: {row['filename']}", RecordKind.CONTRACTS, stream, day)
        find.files.add(row["id"])
        find.places += 1
        find.openings |= await erasure.names_of_file(str(viewer.school), stream, digest)


async def _is_named_in(table: type[Attachment | Document | Photo], row: dict[str, Any], looked_for: re.Pattern[str]) -> bool:
    if row["media_type"] not in READ_AS_TEXT:
        return False
    content = await table.select(table.data).where(table.id == row["id"]).first()
    return bool(content and looked_for.search(bytes(content["data"]).decode("utf-8", errors="replace")))


def _invalid(sentence: str) -> Invalid:
    return Invalid(sentence, text=sentence)
