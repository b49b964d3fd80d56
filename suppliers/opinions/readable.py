"""What a viewer may read of a supplier: our own review and notes, what other schools show us, and honest numbers.

Every row comes through ``visibility.visible`` and every value through its mask. "View as" is the same reading with
another school's eyes, of our own rows only, and shows no more than the asker's own role reads. Date, order, cursor and writer
are of what the viewer sees (`suppliers/record/field_groups.py`): an edit of anything else moves none of them.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any, Final, TypeVar
from uuid import UUID

import database
from base import cursor
from base.refusals import NotFound
from base.viewer import Role, Viewer
from sharing.access import visibility
from sharing.access.fields import ALL, WITHOUT_CRITICISM, Fields
from sharing.access.visibility import Principals, masked
from sharing.schools.places import Place
from suppliers.directory import directory
from suppliers.opinions import attachments, averages, reviews
from suppliers.opinions.attachments import Attached
from suppliers.opinions.averages import Again, Answered, Pooled
from suppliers.opinions.notes import About
from suppliers.record import bylines, criteria, extras, field_groups, interests, newest_first
from suppliers.record.bylines import Byline
from suppliers.record.criteria import Criterion, Stage
from suppliers.record.extras import Said
from suppliers.tables import Note, Review

PAGE: Final = 20  # what a busy person scrolls through on a phone


@dataclass(frozen=True, slots=True)
class PeerReview:
    """Another school's review. None or blank where it keeps the field back, or said nothing: never which of the two."""

    id: UUID
    supplier: UUID
    by: Byline
    opens: Fields
    rating: int | None
    would_use_again: bool | None
    interest: str | None
    praise: str | None
    criticism: str | None
    used_from: date | None
    used_until: date | None
    criteria: Mapping[Criterion, int]
    extras: Said
    stage: Stage | None
    gives_evidence: bool  # never which: the reference is its school's alone
    author: str | None
    written_at: datetime
    is_revised: bool

    @property
    def extras_in_words(self) -> Mapping[str, str]:
        return extras.in_words(self.extras)


@dataclass(frozen=True, slots=True)
class ShownNote:
    """A note of ours or another school's, as far as the viewer may read it."""

    id: UUID
    by: Byline
    is_ours: bool
    is_shared: bool  # of ours only: whether anybody else can see it
    about: About | None
    body: str | None
    happened_on: date | None
    author: str | None
    files: tuple[Attached, ...]
    written_at: datetime


Readable = TypeVar("Readable", PeerReview, ShownNote)


@dataclass(frozen=True, slots=True)
class Opinions:
    ours: reviews.OurReview | None
    declares_interest: bool  # the viewer: so no criticism is among what follows
    again: Again
    pooled: Pooled | None
    answered: tuple[Answered, ...]  # extra questions, by other schools
    reviews: tuple[PeerReview, ...]  # other schools', newest first
    more_reviews: str  # the cursor of the next page; "" at the end
    notes: tuple[ShownNote, ...]  # ours and other schools', newest first
    more_notes: str
    here: Place | None  # of the viewer's school

    @property
    def vouching(self) -> int:
        """Other schools whose vouch the viewer may see."""
        return self.again.would


async def about(viewer: Viewer, supplier_id: UUID, *, reviews_after: str = "", notes_after: str = "") -> Opinions:
    """Everything that the supplier's page says. The cursors are ``more_reviews`` and ``more_notes`` of the page before."""
    async with database.read():
        supplier = await directory.must_see(viewer, supplier_id)
        principals = await visibility.principals(viewer)
        interested = await interests.declares(viewer, supplier.id)
        reader = _Reader(principals, hides_criticism=interested)
        others = (Review.supplier == supplier.id) & (Review.school != viewer.school)
        peer_reviews, more_reviews = await _reviews(reader, others, after=reviews_after)
        again, pooled, answered = await averages.averages(principals, supplier.id)
        notes, more_notes = await _page(reader, Note, Note.supplier == supplier.id, notes_after, _shown_note)
        return Opinions(
            ours=await reviews.current_of(viewer, supplier.id),
            declares_interest=interested,
            again=again,
            pooled=pooled,
            answered=answered,
            reviews=peer_reviews,
            more_reviews=more_reviews,
            notes=notes,
            more_notes=more_notes,
            here=principals.place,
        )


def with_rating(found: Opinions) -> tuple[UUID, ...]:
    """The reviews of them whose rating is open to the viewer."""
    ours = (found.ours.id,) if found.ours else ()
    return (*ours, *(one.id for one in found.reviews if Fields.RATING in one.opens))


async def as_seen_by(
    viewer: Viewer, school: UUID, supplier_id: UUID, *, person: UUID | None = None, role: Role = Role.BUSINESS_MANAGER
) -> tuple[tuple[PeerReview, ...], tuple[ShownNote, ...]]:
    """Our own review and all notes of a supplier as somebody in ``role`` at another school sees them, or one ``person`` there.

    That person must be a reader of them. Says nothing of anybody else's, nor whether anybody there declared an interest,
    which would hide criticism from them.
    """
    async with database.read():
        supplier = await directory.must_see(viewer, supplier_id)
        principals = await visibility.principals_as(school, role, person)
        reader = _Reader(principals, hides_criticism=await _reads_no_criticism(viewer, supplier.id))
        our_review = (Review.supplier == supplier.id) & (Review.school == viewer.school)
        our_notes = (Note.supplier == supplier.id) & (Note.school == viewer.school)
        shown_reviews, _ = await _reviews(reader, our_review)
        shown_notes, more = await _page(reader, Note, our_notes, "", _shown_note)
        while more:
            page, more = await _page(reader, Note, our_notes, more, _shown_note)
            shown_notes += page
    return shown_reviews, shown_notes


async def as_opened(viewer: Viewer, table: type[Review] | type[Note], item_id: UUID, fields: Fields) -> PeerReview | ShownNote:
    """Our own review or note as somebody to whom exactly ``fields`` are open will see it. Raises NotFound."""
    async with database.read():
        principals = await visibility.principals(viewer)
        is_own = (table.id == item_id) & (table.school == viewer.school)
        row = await table.select(database.all_of(table)).where(visibility.visible(principals, table), is_own).first()
        if row is None:
            raise NotFound
        hides = await _reads_no_criticism(viewer, row["supplier"])
        row["mask"] = int(fields & (WITHOUT_CRITICISM if hides else ALL))
        beside = await _beside(principals, table, [row])
    return _peer_review(row, beside) if table is Review else _shown_note(row, beside)


async def _reads_no_criticism(viewer: Viewer, supplier: UUID) -> bool:
    return not viewer.role.reads_criticism or await interests.declares(viewer, supplier)


@dataclass(frozen=True, slots=True)
class _Reader:
    """Whose eyes rows are read with."""

    principals: Principals
    hides_criticism: bool = False


async def _reviews(reader: _Reader, where: Any, *, after: str = "") -> tuple[tuple[PeerReview, ...], str]:
    holds = averages.holds(reader.principals, hides_criticism=reader.hides_criticism)
    return await _page(reader, Review, where & holds, after, _peer_review)


async def lately(principals: Principals, schools: Collection[UUID], since: datetime, most: int) -> tuple[PeerReview, ...]:
    """What these schools said from then on, of any supplier and without criticism, the newest first. Inside a read unit."""
    reader, found, after = _Reader(principals, hides_criticism=True), list[PeerReview](), ""
    such = database.among(Review.school, schools) & ((Review.written_at >= since) | (Review.revised_at >= since))
    while len(found) < most:
        page, after = await _reviews(reader, such, after=after)
        found += [one for one in page if one.written_at >= since]
        if not after or page[-1].written_at < since:
            break
    return tuple(found[:most])


@dataclass(frozen=True, slots=True)
class _Beside:
    """What a page of rows needs from other tables."""

    bylines: Mapping[tuple[UUID, UUID | None], Byline]  # (school, audience)
    authors: Mapping[UUID, str]
    files: Mapping[UUID, tuple[Attached, ...]]
    principals: Principals


async def _page(
    reader: _Reader,
    table: type[Review] | type[Note],
    where: Any,
    after: str,
    show: Callable[[Mapping[str, Any], _Beside], Readable],
) -> tuple[tuple[Readable, ...], str]:
    """One page, newest first, and the cursor of the next ("" at the end)."""
    mask = visibility.mask(reader.principals, table, hidden_criticism=reader.hides_criticism)
    names: Iterable[str] = field_groups.REVIEW if table is Review else field_groups.NOTE
    about = () if table is Review else ("about",)
    columns = database.some_of(table, "id", *about, "revised_at", "written_at", *(f"{group}_at" for group in names))
    seen = visibility.visible(reader.principals, table)
    such = database.put_together(where & seen)
    places = await newest_first.places(
        table, lambda: table.select(columns, mask).where(such), partial(_open_groups, table), PAGE + 1, after
    )
    chosen = [item_id for _, item_id in places[:PAGE]]
    if not chosen:
        return (), ""
    rows = await table.select(database.all_of(table), mask).where(seen, database.among(table.id, chosen))
    page = sorted(rows, key=lambda row: chosen.index(row["id"]))
    beside = await _beside(reader.principals, table, page)
    more = cursor.encode(places[PAGE - 1][0].isoformat(), str(chosen[-1])) if len(places) > PAGE else ""
    return tuple(show(row, beside) for row in page), more


def _open_groups(table: type[Review] | type[Note], row: Mapping[str, Any]) -> tuple[str, ...]:
    if table is Review:
        return field_groups.open_of_review(row["mask"])
    return field_groups.open_of_note(row["mask"], is_problem=row["about"] == About.PROBLEM)


async def _beside(principals: Principals, table: type[Review] | type[Note], rows: Sequence[Mapping[str, Any]]) -> _Beside:
    authors = {field_groups.shown_by(row, _open_groups(table, row)) for row in rows if masked(True, row["mask"], Fields.AUTHOR)}
    with_files = [row["id"] for row in rows if masked(True, row["mask"], Fields.ATTACHMENTS)] if table is Note else []
    return _Beside(
        bylines=await bylines.of(principals, {(row["school"], row["audience"]) for row in rows}),
        authors=await bylines.names(authors),
        files=await attachments.of_notes(with_files),
        principals=principals,
    )


def _peer_review(row: Mapping[str, Any], beside: _Beside) -> PeerReview:
    def shown(name: str, field: Fields) -> Any:
        return masked(row[name], row["mask"], field)

    groups = field_groups.open_of_review(row["mask"])
    at = field_groups.shown_at(row, groups)
    has_lapsed = row["lapses_at"] is not None and row["lapses_at"] <= beside.principals.now
    return PeerReview(
        id=row["id"],
        supplier=row["supplier"],
        by=beside.bylines[row["school"], row["audience"]],
        opens=Fields(row["mask"]),
        rating=shown("rating", Fields.RATING),
        would_use_again=None if has_lapsed else shown("would_use_again", Fields.RATING),
        interest=row["interest"] if "interest" in groups else None,
        praise=shown("praise", Fields.PRAISE) or None,
        criticism=shown("criticism", Fields.CRITICISM) or None,
        used_from=shown("used_from", Fields.DATES),
        used_until=shown("used_until", Fields.DATES),
        criteria=criteria.said_in(row) if "rating" in groups else {},
        extras=extras.of_column(row["extras"]) if "rating" in groups else {},
        stage=Stage(row["stage"]) if row["stage"] and "dates" in groups else None,
        gives_evidence="rating" in groups and row["evidence"] is not None,
        author=beside.authors.get(field_groups.shown_by(row, groups)) if shown("author", Fields.AUTHOR) else None,
        written_at=at,
        is_revised=at > row["written_at"],
    )


def _shown_note(row: Mapping[str, Any], beside: _Beside) -> ShownNote:
    """What a note is about goes with its text: that there is a problem is itself criticism."""
    about, mask = About(row["about"]), row["mask"]
    groups = field_groups.open_of_note(mask, is_problem=about is About.PROBLEM)
    opens_text = "text" in groups
    is_ours = row["school"] == beside.principals.school
    return ShownNote(
        id=row["id"],
        by=beside.bylines[row["school"], row["audience"]],
        is_ours=is_ours,
        is_shared=is_ours and row["audience"] is not None,
        about=about if opens_text else None,
        body=row["body"] if opens_text else None,
        happened_on=masked(row["happened_on"], mask, Fields.DATES),
        author=beside.authors.get(field_groups.shown_by(row, groups)) if masked(True, mask, Fields.AUTHOR) else None,
        files=beside.files.get(row["id"], ()) if "files" in groups else (),
        written_at=field_groups.shown_at(row, groups),
    )
