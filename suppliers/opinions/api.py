"""Reviews, notes and who sees them, over JSON. Null is what a school keeps back or did not say: never which of the two.

Changes name the version that was read in If-Match; a stale one is 409, a missing one 428. Taking back may name it too.
"""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Router, delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from litestar.response import Response

from base.refusals import Conflict
from base.viewer import KeyScope
from suppliers.events import Event
from suppliers.opinions import readable, reviews, superseded
from suppliers.opinions.notes import About
from suppliers.opinions.opinion import LONGEST_INTEREST, LONGEST_TEXT, Opinion
from suppliers.opinions.our_note_api import get_note, revise_note, withdraw_note, write_note
from suppliers.opinions.readable import PeerReview, ShownNote
from suppliers.opinions.reviews import OurReview
from web.http.versions import ETAG, IfMatch, etag, version_of
from web.pages.beside import Beside, RestsOn
from web.pages.handlers import CurrentViewer, Cursor

Prose = Annotated[str, msgspec.Meta(max_length=LONGEST_TEXT)]


class ReviewIn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``interest`` must be answered: null says that the school has none in the supplier."""

    interest: Annotated[str, msgspec.Meta(max_length=LONGEST_INTEREST)] | None
    rating: Annotated[int, msgspec.Meta(ge=1, le=5)] | None = None
    would_use_again: bool | None = None
    praise: Prose = ""
    criticism: Prose = ""
    used_from: date | None = None
    used_until: date | None = None


class LoggedJobsSaid(msgspec.Struct, frozen=True, kw_only=True):
    """A review says that it rests on jobs that its school logged. ``jobs`` and ``late`` are null where it doesn't say how many;
    late are those of which both sides agreed that they were missed.
    """

    sentence: str
    jobs: int | None
    late: int | None


class OurReviewOut(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    supplier: UUID
    version: int
    rating: int | None
    would_use_again: bool | None
    interest: str | None
    praise: str
    criticism: str
    used_from: date | None
    used_until: date | None
    written_at: datetime
    lapses_at: datetime | None
    shared: bool
    rests_on: LoggedJobsSaid | None = None


class PeerReviewOut(msgspec.Struct, frozen=True, kw_only=True):
    """``why`` says why you can see it; ``author`` and every other value only where its school opens it to you."""

    id: UUID
    school: UUID
    school_name: str
    miles: float | None
    why: tuple[str, ...]
    rating: int | None
    would_use_again: bool | None
    interest: str | None
    praise: str | None
    criticism: str | None
    used_from: date | None
    used_until: date | None
    author: str | None
    written_at: datetime
    rests_on: LoggedJobsSaid | None = None


class NoteOut(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    school: UUID
    school_name: str
    ours: bool
    shared: bool
    about: About | None
    body: str | None
    happened_on: date | None
    author: str | None
    files: tuple[str, ...]
    written_at: datetime


class PooledOut(msgspec.Struct, frozen=True, kw_only=True):
    """Only ratings that their schools share with every school; nothing below three of them."""

    count: int
    mean: float
    since: datetime
    until: datetime


class OpinionsOut(msgspec.Struct, frozen=True, kw_only=True):
    """``vouching`` counts other schools whose vouch you can see. There is no mean of what happens to be visible."""

    ours: OurReviewOut | None
    vouching: int
    pooled: PooledOut | None
    reviews: tuple[PeerReviewOut, ...]
    notes: tuple[NoteOut, ...]
    next_reviews_cursor: str | None
    next_notes_cursor: str | None


@get(
    "/suppliers/{supplier_id:uuid}/reviews",
    operation_id="listOpinions",
    summary="Reviews and notes that you can see",
    key_scope=KeyScope.READ,
)
async def list_opinions(
    viewer: CurrentViewer,
    supplier_id: FromPath[UUID],
    beside: NamedDependency[Beside],
    reviews_cursor: Cursor = "",
    notes_cursor: Cursor = "",
) -> OpinionsOut:
    """Your school's own review first, then those of other schools as far as they open them to you."""
    found = await readable.about(viewer, supplier_id, reviews_after=reviews_cursor, notes_after=notes_cursor)
    pooled, rests = found.pooled, await beside.of_reviews(viewer, readable.with_rating(found))
    return OpinionsOut(
        ours=_ours(found.ours, rests.get(found.ours.id)) if found.ours else None,
        vouching=found.vouching,
        pooled=PooledOut(count=pooled.count, mean=pooled.mean, since=pooled.since, until=pooled.until) if pooled else None,
        reviews=tuple(_peer(one, rests.get(one.id)) for one in found.reviews),
        notes=tuple(map(_note, found.notes)),
        next_reviews_cursor=found.more_reviews or None,
        next_notes_cursor=found.more_notes or None,
    )


@post(
    "/suppliers/{supplier_id:uuid}/vouch",
    operation_id="vouch",
    summary="Say in one step that your school would use a supplier again",
    leaves=(Event.VOUCH_GIVEN, Event.VOUCH_RENEWED, Event.REVIEW_REVISED),
    key_scope=KeyScope.WRITE,
)
async def vouch(viewer: CurrentViewer, supplier_id: FromPath[UUID], beside: NamedDependency[Beside]) -> OurReviewOut:
    """Writes the school's first review of it, or says so in the one there is. Who may see that stays as it was."""
    there = await reviews.current(viewer, supplier_id)
    rests = await beside.of_reviews(viewer, (there.id,)) if there else {}  # before anything is saved: no answer can be lost
    given = await reviews.vouch(viewer, supplier_id)
    return _ours(given, rests.get(given.id))


@post(
    "/suppliers/{supplier_id:uuid}/reviews",
    operation_id="writeReview",
    summary="Write your school's first review of a supplier",
    leaves=(Event.REVIEW_WRITTEN, Event.VOUCH_GIVEN),
    key_scope=KeyScope.WRITE,
)
async def write_review(viewer: CurrentViewer, supplier_id: FromPath[UUID], data: JSONBody[ReviewIn]) -> OurReviewOut:
    """A school has one review of a supplier; where there is one, revise that. Nobody else sees it until you share it."""
    return _ours(await reviews.review(viewer, supplier_id, opinion=_opinion(data), version=None))


@get(
    "/reviews/{review_id:uuid}",
    operation_id="getReview",
    summary="One review of your school's own",
    response_headers=[ETAG],
    key_scope=KeyScope.READ,
)
async def get_review(viewer: CurrentViewer, review_id: FromPath[UUID], beside: NamedDependency[Beside]) -> Response[OurReviewOut]:
    """The `ETag` is what If-Match takes when you change it or take it back."""
    rests = await beside.of_reviews(viewer, (review_id,))
    found = _ours(await reviews.ours(viewer, review_id), rests.get(review_id))
    return Response(found, headers=etag(found.version))


@put(
    "/reviews/{review_id:uuid}",
    operation_id="reviseReview",
    summary="Revise your school's review; the earlier version is kept",
    leaves=(Event.REVIEW_REVISED, Event.SHARE_WITHDRAWN),
    key_scope=KeyScope.WRITE,
    needs_version=True,
)
async def revise_review(
    viewer: CurrentViewer,
    review_id: FromPath[UUID],
    data: JSONBody[ReviewIn],
    beside: NamedDependency[Beside],
    if_match: IfMatch = None,
) -> OurReviewOut:
    """Send the whole of it, and the version that you read in If-Match. Who may see it stays as it was."""
    current = await reviews.ours(viewer, review_id)
    if current.rests:
        raise Conflict(superseded.RESTS)
    rests = await beside.of_reviews(viewer, (review_id,))  # before anything is saved: no answer can be lost
    revised = await reviews.review(viewer, current.supplier, opinion=_opinion(data), version=version_of(if_match))
    return _ours(revised, rests.get(review_id))


@delete(
    "/reviews/{review_id:uuid}",
    operation_id="withdrawReview",
    summary="Take your school's review back",
    leaves=(Event.REVIEW_WITHDRAWN,),
    key_scope=KeyScope.WRITE,
)
async def withdraw_review(viewer: CurrentViewer, review_id: FromPath[UUID], if_match: IfMatch = None) -> None:
    """Nobody sees it any more, whoever it was shared with. Your trail keeps that it was there."""
    await reviews.withdraw(viewer, review_id, version=version_of(if_match) if if_match is not None else None)


def _opinion(data: ReviewIn) -> Opinion:
    return Opinion(**msgspec.structs.asdict(data))


def _said(rests: RestsOn | None) -> LoggedJobsSaid | None:
    if rests is None or not rests.sentence:
        return None
    return LoggedJobsSaid(sentence=rests.sentence, jobs=rests.jobs, late=rests.late)


def _ours(found: OurReview, rests: RestsOn | None = None) -> OurReviewOut:
    said = found.said
    return OurReviewOut(
        id=found.id, supplier=found.supplier, version=found.version, rating=said.rating,
        would_use_again=said.would_use_again, interest=said.interest, praise=said.praise, criticism=said.criticism,
        used_from=said.used_from, used_until=said.used_until, written_at=found.written_at, lapses_at=found.lapses_at,
        shared=found.is_shared, rests_on=_said(rests),
    )  # fmt: skip


def _peer(found: PeerReview, rests: RestsOn | None) -> PeerReviewOut:
    return PeerReviewOut(
        id=found.id, school=found.by.school, school_name=found.by.name, miles=found.by.miles, why=found.by.why,
        rating=found.rating, would_use_again=found.would_use_again, interest=found.interest, praise=found.praise,
        criticism=found.criticism, used_from=found.used_from, used_until=found.used_until, author=found.author,
        written_at=found.written_at, rests_on=_said(rests),
    )  # fmt: skip


def _note(found: ShownNote) -> NoteOut:
    return NoteOut(
        id=found.id, school=found.by.school, school_name=found.by.name, ours=found.is_ours, shared=found.is_shared,
        about=found.about, body=found.body, happened_on=found.happened_on, author=found.author,
        files=tuple(file.name for file in found.files), written_at=found.written_at,
    )  # fmt: skip


api = Router(
    path="/api/v1",
    route_handlers=[
        list_opinions, vouch, write_review, get_review, revise_review, withdraw_review, write_note, get_note,
        revise_note, withdraw_note,
    ],
    tags=["Reviews and notes"],
)  # fmt: skip
