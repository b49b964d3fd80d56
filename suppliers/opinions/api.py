"""Reviews, notes and who sees them, over JSON. Null is what a school keeps back or did not say: never which of the two.

Changes name the version that was read in If-Match; a stale one is 409, a missing one 428. Taking back may name it too.
"""

from uuid import UUID

from litestar import Router, delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from litestar.response import Response

from base.refusals import Conflict
from base.viewer import KeyScope
from suppliers.events import Event
from suppliers.opinions import interest, readable, reviews, shapes, superseded
from suppliers.opinions.our_note_api import get_note, revise_note, withdraw_note, write_note
from suppliers.opinions.shapes import OpinionsOut, OurReviewOut, ReviewIn
from web.http.versions import ETAG, IfMatch, etag, version_of
from web.pages.beside import Beside
from web.pages.handlers import CurrentViewer, Cursor


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
    rests = await beside.of_reviews(viewer, readable.with_rating(found))
    return OpinionsOut(
        ours=shapes.ours(found.ours, rests.get(found.ours.id)) if found.ours else None,
        vouching=found.vouching,
        pooled=shapes.pooled(found.pooled) if found.pooled else None,
        extras=shapes.answered(found.answered),
        reviews=tuple(shapes.peer(one, rests.get(one.id)) for one in found.reviews),
        notes=tuple(map(shapes.note, found.notes)),
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
    """Writes the school's first review of it, or says so in the one there is. Who may see that stays as it was.

    409 where that review says that you would not use it again: revise the review if that is different now.
    """
    there = await reviews.current(viewer, supplier_id)
    rests = await beside.of_reviews(viewer, (there.id,)) if there else {}  # before anything is saved: no answer can be lost
    given = await reviews.vouch(viewer, supplier_id)
    return shapes.ours(given, rests.get(given.id))


@post(
    "/suppliers/{supplier_id:uuid}/reviews",
    operation_id="writeReview",
    summary="Write your school's first review of a supplier",
    leaves=(Event.REVIEW_WRITTEN, Event.VOUCH_GIVEN),
    key_scope=KeyScope.WRITE,
)
async def write_review(viewer: CurrentViewer, supplier_id: FromPath[UUID], data: JSONBody[ReviewIn]) -> OurReviewOut:
    """A school has one review of a supplier; where there is one, revise that. Nobody else sees it until you share it."""
    return shapes.ours(await reviews.review(viewer, supplier_id, opinion=shapes.opinion_of(data), version=None))


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
    found = shapes.ours(await reviews.ours(viewer, review_id), rests.get(review_id))
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
    revised = await reviews.review(viewer, current.supplier, opinion=shapes.opinion_of(data), version=version_of(if_match))
    return shapes.ours(revised, rests.get(review_id))


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


@delete(
    "/suppliers/{supplier_id:uuid}/interest",
    operation_id="withdrawInterest",
    summary="Withdraw the interest that you declared in a supplier",
    key_scope=KeyScope.WRITE,
    leaves=(Event.INTEREST_WITHDRAWN,),
)
async def withdraw_interest(viewer: CurrentViewer, supplier_id: FromPath[UUID]) -> None:
    """An interest is declared with a review, and is yours whoever changes the review. Until you withdraw it nobody's criticism
    of the supplier is shown to you.
    """
    await interest.withdraw(viewer, supplier_id)


api = Router(
    path="/api/v1",
    route_handlers=[
        list_opinions, vouch, write_review, get_review, revise_review, withdraw_review, write_note, get_note,
        revise_note, withdraw_note, withdraw_interest,
    ],
    tags=["Reviews and notes"],
)  # fmt: skip
