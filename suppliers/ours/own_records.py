"""Suppliers of ours and what we said of them, whole, for a copy to take away: as far as the viewer's role reads it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

import database
from base.refusals import TooLarge
from base.viewer import Viewer
from sharing.access import audiences, visibility
from suppliers.opinions import attachments, interest
from suppliers.opinions.attachments import Attached
from suppliers.opinions.notes import About
from suppliers.opinions.opinion import Opinion, of_row
from suppliers.record import facts, field_groups, interests
from suppliers.record.facts import Facts
from suppliers.shares import there, words
from suppliers.shares.there import There
from suppliers.tables import Note, Review, Supplier, Use

MOST: Final = 20_000  # of each kind: what fits memory and a worksheet; the largest council has some thousands of suppliers


@dataclass(frozen=True, slots=True)
class OurSupplier:
    id: UUID
    known: Facts
    is_listed: bool  # in the directory
    in_use_since: datetime | None  # None: not used now


@dataclass(frozen=True, slots=True)
class CopiedReview:
    id: UUID
    supplier: UUID
    said: Opinion
    written_at: datetime  # when its rating was last said
    audience: UUID | None


@dataclass(frozen=True, slots=True)
class CopiedNote:
    id: UUID
    supplier: UUID
    about: About
    body: str
    happened_on: date
    written_at: datetime  # when its text was last said
    files: tuple[Attached, ...]
    audience: UUID | None


@dataclass(frozen=True, slots=True)
class Shared:
    """One line of whom something is shared with; ``grant`` is as the trail tells it."""

    what: str
    id: UUID
    sentence: str
    grant: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class OurRecords:
    """``kept_back`` is how many reviews and notes are without their criticism, or left out, as the viewer doesn't read it;
    ``there`` is what there is to see of each review and note, by id.
    """

    suppliers: tuple[OurSupplier, ...]
    reviews: tuple[CopiedReview, ...]
    notes: tuple[CopiedNote, ...]
    kept_back: int
    there: Mapping[UUID, There]


def too_many() -> TooLarge:
    return TooLarge(f"There are more than {MOST:,} of a kind, the most that a copy holds.")


async def ours(viewer: Viewer, also: Collection[UUID] = ()) -> OurRecords:
    """All of them, as of one moment: suppliers by name, those in ``also`` too, the others in the order of writing.

    Raises TooLarge beyond MOST.
    """
    async with database.read():
        interested = await interests.suppliers_of(viewer)
        principals = await visibility.principals(viewer)
        of_reviews = visibility.visible(principals, Review), Review.school == viewer.school
        review_rows = await Review.objects().where(*of_reviews).order_by(Review.written_at, Review.id).limit(MOST + 1)
        of_notes = visibility.visible(principals, Note), Note.school == viewer.school
        note_rows = await Note.objects().where(*of_notes).order_by(Note.written_at, Note.id).limit(MOST + 1)
        used = await _used(viewer)
        named = {*(row.supplier for row in review_rows), *(row.supplier for row in note_rows), *also}
        roots = await _roots(named | set(used))
        known = await facts.load(set(roots.values()))
        listed = await _listed(list(known))
        withheld = [row for row in note_rows if row.about == About.PROBLEM and not _reads(viewer, row.supplier in interested)]
        notes = [row for row in note_rows if row not in withheld]
        files = await attachments.of_notes([row.id for row in notes])
        reviews = [row for row in review_rows if roots[row.supplier] == row.supplier]  # an older one rests beside a newer
        said = {row.id: await _said(viewer, row, row.supplier in interested) for row in reviews}
        seen = await there.of_rows(viewer, [*reviews, *notes], interested)
    if max(len(review_rows), len(note_rows), len(known)) > MOST:
        raise too_many()
    kept_back = len(withheld) + sum(1 for row in reviews if said[row.id].criticism != row.criticism)
    suppliers = sorted(
        (OurSupplier(one, known[one], one in listed, used.get(one)) for one in known), key=lambda one: (one.known.exact, one.id)
    )
    return OurRecords(
        tuple(suppliers),
        tuple(_review(row, said[row.id]) for row in reviews),
        tuple(_note(row, roots[row.supplier], files.get(row.id, ())) for row in notes),
        kept_back,
        seen,
    )


async def names_of(suppliers: Collection[UUID]) -> dict[UUID, str]:
    """By id, as their records are called. Inside the caller's unit."""
    rows = await Supplier.select(Supplier.id, Supplier.name).where(database.among(Supplier.id, suppliers))
    return {row["id"]: row["name"] for row in rows}


async def shares(viewer: Viewer, what: str, seen: Mapping[UUID, There], of: Mapping[UUID, UUID | None]) -> tuple[Shared, ...]:
    """Whom things of a kind are shared with: ``of`` has the audience of each, ``seen`` what there is to see of it."""
    async with database.read():
        choices = await audiences.choices_of({audience for audience in of.values() if audience})
        lines = {one: await words.lines(viewer, choice, there.A_REVIEW) for one, choice in choices.items()}
    shared = ((which, line) for which, audience in of.items() if audience for line in words.about(lines[audience], seen[which]))
    return tuple(Shared(what, which, line.sentence, line.grant.facts()) for which, line in shared)


def _reads(viewer: Viewer, is_interested: bool) -> bool:
    return viewer.reads_criticism and not is_interested


async def _said(viewer: Viewer, row: Review, is_interested: bool) -> Opinion:
    said = of_row(row)
    hides = not viewer.reads_criticism or (is_interested and await interest.hides_criticism(viewer, row))
    return replace(said, criticism="") if hides else said


def _review(row: Review, said: Opinion) -> CopiedReview:
    return CopiedReview(row.id, row.supplier, said, field_groups.last_said(row, "rating")[0], row.audience)


def _note(row: Note, supplier: UUID, files: tuple[Attached, ...]) -> CopiedNote:
    written_at = field_groups.last_said(row, "text")[0]
    return CopiedNote(row.id, supplier, About(row.about), row.body, row.happened_on, written_at, files, row.audience)


async def _used(viewer: Viewer) -> dict[UUID, datetime | None]:
    """Whom the school uses, since when, or has used."""
    found: dict[UUID, datetime | None] = {}
    for row in await Use.select(Use.supplier, Use.since_at, Use.until_at).where(Use.school == viewer.school):
        found[row["supplier"]] = row["since_at"] if row["until_at"] is None else found.get(row["supplier"])
    return found


async def _roots(suppliers: set[UUID]) -> dict[UUID, UUID]:
    """What each is part of now."""
    rows = await Supplier.select(Supplier.id, Supplier.joined_to).where(database.among(Supplier.id, suppliers))
    return {row["id"]: row["joined_to"] or row["id"] for row in rows}


async def _listed(suppliers: list[UUID]) -> set[UUID]:
    listed = database.among(Supplier.id, suppliers) & Supplier.owner.is_null()
    return set(await Supplier.select(Supplier.id).where(listed).output(as_list=True))
