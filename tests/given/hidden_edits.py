"""Schools that show Elmwood a review and a note each, by every mask there is, and then edit exactly what it keeps back.

Each edit is a colleague's, a minute after the one before; what stood there is changed, taken away, or added where nothing was.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import Enum, auto
from typing import Any
from uuid import UUID

from base import clock
from base.viewer import Viewer
from sharing.access.audiences import AudienceChoice, GrantChoice
from sharing.access.fields import Fields, GrantKind
from suppliers.opinions import notes, reviews
from suppliers.opinions.attachments import Upload
from suppliers.opinions.notes import About
from suppliers.opinions.opinion import Opinion
from suppliers.record.criteria import Stage
from suppliers.shares import shares
from suppliers.shares.shares import OpinionKind
from tests.given.builders import a_person, a_school
from tests.given.town import Town

OF_REVIEWS = (Fields.RATING, Fields.PRAISE, Fields.CRITICISM, Fields.DATES, Fields.AUTHOR)
OF_NOTES = (Fields.PRAISE, Fields.CRITICISM, Fields.DATES, Fields.AUTHOR, Fields.ATTACHMENTS)
MASKS = range(2 ** len(OF_REVIEWS))
AT_FIRST = date(2024, 9, 1)
LATER = date(2025, 1, 6)


class Edit(Enum):
    """What becomes of what is hidden, each at a supplier of its own."""

    CHANGES = auto()
    GOES = auto()
    COMES = auto()


@dataclass(frozen=True)
class Row:
    writer: Viewer
    supplier: UUID
    edit: Edit
    review: UUID
    note: UUID
    review_mask: Fields
    note_mask: Fields


FULL = Opinion(
    interest=None, rating=4, would_use_again=True, praise="On time.", criticism="Dear in March.", used_from=AT_FIRST,
    reliability=4, stage=Stage.IN_SERVICE, evidence="Invoice 7",
)  # fmt: skip
STARTS = {
    Edit.CHANGES: replace(FULL, extras={"same_people": "often"}),
    Edit.GOES: replace(FULL, extras={"comes_soon": "later"}),
    Edit.COMES: Opinion(interest=None, would_use_again=True),
}
BECOMES = {
    Edit.CHANGES: replace(
        FULL,
        rating=1,
        praise="Late.",
        criticism="Never came.",
        used_from=LATER,
        reliability=1,
        stage=Stage.ENDED,
        extras={"same_people": "rarely"},
    ),
    Edit.GOES: replace(FULL, rating=None, praise="", criticism="", used_from=None, reliability=None, stage=None, evidence=None),
    Edit.COMES: replace(FULL, used_until=LATER),
}
# Which groups of a mask let a part of a review be seen: an interest is seen along with two.
SEEN_BY = {
    "rating": Fields.RATING,
    "would_use_again": Fields.RATING,
    "interest": Fields.RATING | Fields.PRAISE,
    "praise": Fields.PRAISE,
    "criticism": Fields.CRITICISM,
    "used_from": Fields.DATES,
    "used_until": Fields.DATES,
    "reliability": Fields.RATING,
    "stage": Fields.DATES,
    "evidence": Fields.RATING,
    "extras": Fields.RATING,
}


async def every_mask(town: Town) -> list[Row]:
    """One school a mask, each with a review and a note of three suppliers that everybody knows."""
    suppliers = dict(zip(Edit, (UUID(town.ids[name]) for name in ("cleaning", "alike", "glazed")), strict=True))
    rows = []
    for n in MASKS:
        school = await a_school(f"Mask {n:02} Primary", lat=53.2 + n / 1000, lon=-0.5)
        writer = await a_person(school, name=f"Writer {n:02}")
        await a_person(school, name=f"Colleague {n:02}")
        rows += [await _row(writer, supplier, edit, n, UUID(town.ids["elmwood"])) for edit, supplier in suppliers.items()]
    return rows


async def _row(writer: Viewer, supplier: UUID, edit: Edit, n: int, reader: UUID) -> Row:
    about = About.PROBLEM if edit is Edit.GOES else About.GOOD
    files = [Upload("bill.txt", b"Paid twice.")] if edit is Edit.CHANGES else []
    review = (await reviews.review(writer, supplier, opinion=STARTS[edit], version=None)).id
    note = await notes.note(writer, supplier, about=about, body="It rained.", happened_on=AT_FIRST, files=files)
    row = Row(writer, supplier, edit, review, note, _mask(OF_REVIEWS, n), _mask(OF_NOTES, n))
    for kind, item, fields in (
        (OpinionKind.REVIEW, review, row.review_mask),
        (OpinionKind.NOTE, note, row.note_mask),
    ):
        await shares.share(writer, kind, item, AudienceChoice((_grant(fields, reader),)))
    return row


def _mask(groups: tuple[Fields, ...], n: int) -> Fields:
    return Fields(sum(group for bit, group in enumerate(groups) if n >> bit & 1))


def _grant(fields: Fields, reader: UUID) -> GrantChoice:
    """Every school where that may be chosen by anybody, so that ratings are pooled too."""
    if Fields.CRITICISM in fields:
        return GrantChoice(GrantKind.SCHOOL, reader, fields=fields)
    return GrantChoice(GrantKind.EVERYONE, fields=fields)


async def edit_all(rows: list[Row], people: Mapping[str, UUID]) -> datetime:
    """Edits what each row hides, and nothing else; returns when the last edit was. ``people`` are ids by name."""
    at = clock.now()
    for row in rows:
        colleague = replace(row.writer, person=people[row.writer.name.replace("Writer", "Colleague")])
        for edit in (_edit_review, _edit_note):
            at += timedelta(minutes=1)
            with clock.at(at):
                await edit(colleague, row)
    return at


async def _edit_review(colleague: Viewer, row: Row) -> None:
    said, becomes = STARTS[row.edit], BECOMES[row.edit]
    hidden = [name for name, groups in SEEN_BY.items() if not groups & row.review_mask]
    changed = replace(said, **{name: getattr(becomes, name) for name in hidden})
    if "interest" in hidden and row.edit is Edit.CHANGES:
        changed = replace(changed, interest="My uncle works there.")
    if row.edit is Edit.CHANGES:
        changed = replace(changed, evidence="Invoice 8")  # that there is some stays as it was
    await reviews.review(colleague, row.supplier, opinion=changed, version=1)


async def _edit_note(colleague: Viewer, row: Row) -> None:
    values = dict(_edited(row))
    about = About.PROBLEM if row.edit is Edit.GOES else About.GOOD
    said: dict[str, Any] = {"about": about, "body": "It rained.", "happened_on": AT_FIRST} | values
    await notes.revise(colleague, row.note, version=1, **said)


def _edited(row: Row) -> Iterator[tuple[str, Any]]:
    is_problem, mask = row.edit is Edit.GOES, row.note_mask
    if (Fields.CRITICISM if is_problem else Fields.PRAISE) not in mask:
        yield "body", "It poured."
        if not is_problem:
            yield "about", About.RECORD
    if Fields.DATES not in mask:
        yield "happened_on", LATER
    if Fields.ATTACHMENTS not in mask or (is_problem and Fields.CRITICISM not in mask):
        yield "files", [Upload("letter.txt", b"Dear all.")]
