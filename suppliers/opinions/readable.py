"""What a viewer may read of a supplier: our own review and notes, what other schools show us, and honest numbers.

Every row comes through ``visibility.visible`` and every value through its mask. "View as" is the same reading with
another school's eyes, of our own rows only.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, TypeVar
from uuid import UUID

import database
from base import cursor
from base.refusals import NotFound
from base.viewer import Viewer
from sharing.access import visibility
from sharing.access.fields import Fields
from sharing.access.visibility import Principals, masked
from sharing.schools.places import Place, miles_between
from sharing.tables import Person, School
from suppliers.directory import directory
from suppliers.opinions import attachments, averages, reviews
from suppliers.opinions.attachments import Attached
from suppliers.opinions.averages import Pooled
from suppliers.opinions.notes import About
from suppliers.tables import Note, Review

PAGE: Final = 20  # what a busy person scrolls through on a phone


@dataclass(frozen=True, slots=True)
class Byline:
    """Whose opinion it is."""

    school: UUID
    name: str
    town: str
    miles: float | None  # from the viewer's school; None when the register has no place for one of the two
    why: tuple[str, ...]  # why the viewer can see it, in sentences


@dataclass(frozen=True, slots=True)
class PeerReview:
    """Another school's review. None or blank where it keeps the field back, or said nothing: never which of the two."""

    id: UUID
    by: Byline
    opens: Fields
    rating: int | None
    would_use_again: bool | None
    interest: str | None
    praise: str | None
    criticism: str | None
    used_from: date | None
    used_until: date | None
    author: str | None
    written_at: datetime
    is_revised: bool


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
    vouching: int  # other schools whose vouch the viewer may see
    pooled: Pooled | None
    reviews: tuple[PeerReview, ...]  # other schools', newest first
    more_reviews: str  # the cursor of the next page; "" at the end
    notes: tuple[ShownNote, ...]  # ours and other schools', newest first
    more_notes: str


async def about(viewer: Viewer, supplier_id: UUID, *, reviews_after: str = "", notes_after: str = "") -> Opinions:
    """Everything that the supplier's page says. The cursors are ``more_reviews`` and ``more_notes`` of the page before."""
    ours = await reviews.current(viewer, supplier_id)
    async with database.read():
        supplier = await directory.must_see(viewer, supplier_id)
        principals = await visibility.principals(viewer)
        reader = _Reader(principals, hides_criticism=await reviews.declares_interest(viewer, supplier.id))
        others = (Review.supplier == supplier.id) & (Review.school != viewer.school) & averages.not_lapsed(principals)
        peer_reviews, more_reviews = await _reviews(reader, others, after=reviews_after)
        notes, more_notes = await _notes(reader, Note.supplier == supplier.id, after=notes_after)
        return Opinions(
            ours=ours,
            vouching=await averages.vouching(principals, others),
            pooled=await averages.pooled(principals, supplier.id),
            reviews=peer_reviews,
            more_reviews=more_reviews,
            notes=notes,
            more_notes=more_notes,
        )


async def as_seen_by(
    viewer: Viewer, school: UUID, supplier_id: UUID, *, person: UUID | None = None
) -> tuple[tuple[PeerReview, ...], tuple[ShownNote, ...]]:
    """Our own review and notes of a supplier as another school sees them, or one ``person`` there, who must be a reader of them.

    Says nothing of anybody else's.
    """
    async with database.read():
        supplier = await directory.must_see(viewer, supplier_id)
        as_person = await visibility.principals_of_member(school, person) if person else None
        principals = as_person or await visibility.principals_of_school(school)
        reader = _Reader(principals)
        our_review = (Review.supplier == supplier.id) & (Review.school == viewer.school) & averages.not_lapsed(principals)
        our_notes = (Note.supplier == supplier.id) & (Note.school == viewer.school)
        shown_reviews, _ = await _reviews(reader, our_review)
        shown_notes, _ = await _notes(reader, our_notes)
    return shown_reviews, shown_notes


async def as_opened(viewer: Viewer, table: type[Review] | type[Note], item_id: UUID, fields: Fields) -> PeerReview | ShownNote:
    """Our own review or note as somebody to whom exactly ``fields`` are open will see it. Raises NotFound."""
    async with database.read():
        principals = await visibility.principals(viewer)
        is_own = (table.id == item_id) & (table.school == viewer.school)
        row = await table.select(*table.all_columns()).where(visibility.visible(principals, table), is_own).first()
        if row is None:
            raise NotFound
        row["mask"] = fields & principals.fields
        beside = await _beside(principals, table, [row])
    return _peer_review(row, beside) if table is Review else _shown_note(row, beside)


@dataclass(frozen=True, slots=True)
class _Reader:
    """Whose eyes rows are read with."""

    principals: Principals
    hides_criticism: bool = False


async def _reviews(reader: _Reader, where: Any, *, after: str = "") -> tuple[tuple[PeerReview, ...], str]:
    return await _page(reader, Review, where, after, _peer_review)


async def _notes(reader: _Reader, where: Any, *, after: str = "") -> tuple[tuple[ShownNote, ...], str]:
    shown, more = await _page(reader, Note, where, after, _shown_note)
    return shown, more


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
    query = table.select(*table.all_columns(), mask).where(visibility.visible(reader.principals, table), where)
    if after:
        at, last = _place_in_list(after)
        query = query.where((table.written_at < at) | ((table.written_at == at) & (table.id < last)))
    rows = await query.order_by(table.written_at, table.id, ascending=False).limit(PAGE + 1)
    page, has_more = rows[:PAGE], len(rows) > PAGE
    beside = await _beside(reader.principals, table, page)
    more = cursor.encode(page[-1]["written_at"].isoformat(), str(page[-1]["id"])) if has_more else ""
    return tuple(show(row, beside) for row in page), more


def _place_in_list(after: str) -> tuple[datetime, UUID]:
    written_at, last = cursor.decode(after, keys=2)
    try:
        return datetime.fromisoformat(str(written_at)), cursor.an_id(last)
    except ValueError as error:
        raise cursor.nonsense() from error


async def _beside(principals: Principals, table: type[Review] | type[Note], rows: Sequence[Mapping[str, Any]]) -> _Beside:
    authors = {row["author"] for row in rows if masked(True, row["mask"], Fields.AUTHOR)}
    people = await Person.select(Person.id, Person.name).where(database.among(Person.id, authors)) if authors else []
    with_files = [row["id"] for row in rows if masked(True, row["mask"], Fields.ATTACHMENTS)] if table is Note else []
    return _Beside(
        bylines=await _bylines(principals, {(row["school"], row["audience"]) for row in rows}),
        authors={person["id"]: person["name"] for person in people},
        files=await attachments.of_notes(with_files),
        principals=principals,
    )


async def _bylines(principals: Principals, pairs: Iterable[tuple[UUID, UUID | None]]) -> dict[tuple[UUID, UUID | None], Byline]:
    wanted = set(pairs)
    if not wanted:
        return {}
    columns = (School.id, School.name, School.town, School.lat, School.lon)
    schools = {
        s["id"]: s for s in await School.select(*columns).where(database.among(School.id, [school for school, _ in wanted]))
    }
    return {
        (school, audience): Byline(
            school=school,
            name=schools[school]["name"],
            town=schools[school]["town"],
            miles=_miles(principals.place, schools[school]),
            why=await visibility.explain(principals, school=school, audience=audience),
        )
        for school, audience in wanted
    }


def _miles(place: Place | None, school: Mapping[str, Any]) -> float | None:
    if place is None or school["lat"] is None:
        return None
    return miles_between(place, Place(school["name"], school["lat"], school["lon"]))


def _peer_review(row: Mapping[str, Any], beside: _Beside) -> PeerReview:
    def shown(name: str, field: Fields) -> Any:
        return masked(row[name], row["mask"], field)

    return PeerReview(
        id=row["id"],
        by=beside.bylines[row["school"], row["audience"]],
        opens=Fields(row["mask"]),
        rating=shown("rating", Fields.RATING),
        would_use_again=shown("would_use_again", Fields.RATING),
        interest=shown("interest", Fields.RATING),
        praise=shown("praise", Fields.PRAISE) or None,
        criticism=shown("criticism", Fields.CRITICISM) or None,
        used_from=shown("used_from", Fields.DATES),
        used_until=shown("used_until", Fields.DATES),
        author=beside.authors.get(row["author"]) if shown("author", Fields.AUTHOR) else None,
        written_at=row["written_at"],
        is_revised=row["version"] > 1,
    )


def _shown_note(row: Mapping[str, Any], beside: _Beside) -> ShownNote:
    """What a note is about goes with its text: that there is a problem is itself criticism."""
    about, mask = About(row["about"]), row["mask"]
    opens_text = bool(masked(True, mask, about.text_is))
    is_ours = row["school"] == beside.principals.school
    return ShownNote(
        id=row["id"],
        by=beside.bylines[row["school"], row["audience"]],
        is_ours=is_ours,
        is_shared=is_ours and row["audience"] is not None,
        about=about if opens_text else None,
        body=row["body"] if opens_text else None,
        happened_on=masked(row["happened_on"], mask, Fields.DATES),
        author=beside.authors.get(row["author"]) if masked(True, mask, Fields.AUTHOR) else None,
        files=beside.files.get(row["id"], ()) if opens_text or about is not About.PROBLEM else (),
        written_at=row["written_at"],
    )
