"""A school's reviews, notes and their files as they are today, to be held against what its trail tells of them."""

from collections.abc import AsyncIterator, Iterable
from typing import Any, Final

import database
from audit.checking import compared
from audit.checking.compared import Compared, Fields, Page
from audit.log.subjects import Subject
from sharing.access import audiences
from suppliers.events import Event
from suppliers.opinions.notes import About
from suppliers.record import extras
from suppliers.record.criteria import Criterion
from suppliers.tables import Attachment, Note, Review

SHARES: Final = frozenset({Event.SHARE_GIVEN.value, Event.SHARE_WITHDRAWN.value})
OF_REVIEWS: Final = ("version", "rating", "would_use_again", "praise", "criticism", "interest", "stage", "evidence", *Criterion)


async def _reviews(trail: str) -> AsyncIterator[Page]:
    school = compared.school_of(trail)
    if school is None:
        return
    live = (Review.school == school) & Review.withdrawn_at.is_null()
    days = (Review.used_from, Review.used_until, Review.lapses_at)
    columns = (*(getattr(Review, name) for name in OF_REVIEWS), *days, Review.extras, Review.audience)
    async for rows in compared.pages(Review, live, *columns):
        choices = await audiences.choices_of(row["audience"] for row in rows)
        yield {Subject.REVIEW.of(row["id"]): _review(row) | {"grants": choices[row["audience"]].facts()} for row in rows}


def _review(row: dict[str, Any]) -> dict[str, Any]:
    days = {name: row[name].isoformat() if row[name] else None for name in ("used_from", "used_until")}
    lapses_on = row["lapses_at"].date().isoformat() if row["lapses_at"] else None
    same = {name: row[name] for name in OF_REVIEWS}
    told = {"declares_interest": row["interest"] is not None, "gives_evidence": True if row["evidence"] is not None else None}
    return {**same, **days, **told, "lapses_on": lapses_on, **extras.of_column(row["extras"])}


async def _notes(trail: str) -> AsyncIterator[Page]:
    school = compared.school_of(trail)
    if school is None:
        return
    live = (Note.school == school) & Note.withdrawn_at.is_null()
    async for rows in compared.pages(Note, live, Note.version, Note.about, Note.body, Note.happened_on, Note.audience):
        choices = await audiences.choices_of(row["audience"] for row in rows)
        yield {Subject.NOTE.of(row["id"]): _note(row) | {"grants": choices[row["audience"]].facts()} for row in rows}


def _note(row: dict[str, Any]) -> dict[str, Any]:
    text = {About(row["about"]).trail_field: row["body"]}
    return {"version": row["version"], "about": row["about"], "happened_on": row["happened_on"].isoformat(), **text}


async def _files(trail: str) -> AsyncIterator[Page]:
    school = compared.school_of(trail)
    if school is None:
        return
    async for notes in compared.pages(Note, Note.school == school):
        of_them = database.among(Attachment.note, [note["id"] for note in notes])
        async for rows in compared.pages(Attachment, of_them):
            yield await compared.digests(Attachment, [row["id"] for row in rows])


def files_of(_subject: str, facts: Fields) -> Iterable[tuple[str, Fields]]:
    """An entry tells of each file that it brought."""
    return [(one["id"], {"sha256": one["sha256"]}) for one in facts.get("attachments", ())]


REVIEWS: Final = Compared(
    "review",
    begins=frozenset({Event.VOUCH_GIVEN.value, Event.REVIEW_WRITTEN.value}),
    changes=frozenset({Event.VOUCH_RENEWED.value, Event.REVIEW_REVISED.value, Event.REVIEW_SAID_AGAIN.value}) | SHARES,
    ends=frozenset({Event.REVIEW_WITHDRAWN.value}),
    fields=frozenset(
        {
            *OF_REVIEWS,
            "used_from",
            "used_until",
            "declares_interest",
            "gives_evidence",
            "lapses_on",
            "grants",
            *extras.questions(),
        }
    ),
    rows=_reviews,
)
NOTES: Final = Compared(
    "note",
    begins=frozenset({Event.NOTE_WRITTEN.value}),
    changes=frozenset({Event.NOTE_REVISED.value}) | SHARES,
    ends=frozenset({Event.NOTE_WITHDRAWN.value}),
    fields=frozenset({"version", "about", "happened_on", "grants", *(about.trail_field for about in About)}),
    rows=_notes,
)
FILES: Final = Compared(
    "file of a note",
    begins=frozenset({Event.NOTE_WRITTEN.value, Event.NOTE_REVISED.value}),
    fields=frozenset({"sha256"}),
    records=files_of,
    rows=_files,
)
