"""One current review a school and supplier: vouched, written, revised, withdrawn; its earlier versions and its trail."""

import asyncio
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

import database
from audit.tables import Entry, Opening
from base import clock
from base.refusals import Conflict, Forbidden, Invalid, NotFound
from base.viewer import Role, Viewer
from suppliers.opinions import reviews
from suppliers.opinions.opinion import VOUCH, Opinion
from suppliers.opinions.reviews import OurReview
from suppliers.tables import PastReview, Review

pytestmark = pytest.mark.usefixtures("db")

GOOD = Opinion(interest=None, rating=4, would_use_again=True, praise="On time, tidy.", criticism="Dear.")


async def rows() -> int:
    async with database.read():
        found: int = await Review.count()
        return found


async def trail_of(viewer: Viewer, subject: str) -> list[str]:
    async with database.read():
        entries = (
            await Entry.select(Entry.type).where(Entry.trail == str(viewer.school), Entry.subject == subject).order_by(Entry.idx)
        )
    return [entry["type"] for entry in entries]


async def last_opening(subject: str, field: str) -> str:
    async with database.read():
        entry = (
            await Entry.select(Entry.event_id)
            .where(Entry.subject == subject)
            .order_by(Entry.at, Entry.idx, ascending=False)
            .first()
        )
        assert entry is not None
        opening = await Opening.select(Opening.value).where(Opening.event_id == entry["event_id"], Opening.field == field).first()
    return str(opening["value"]) if opening else ""


def in_days(monkeypatch: pytest.MonkeyPatch, days: int) -> None:
    now = clock.now() + timedelta(days=days)
    monkeypatch.setattr(clock, "now", lambda: now)


async def test_a_vouch_says_would_use_again_and_no_rating_is_made_up(ann: Viewer, boilers: UUID) -> None:
    await reviews.vouch(ann, boilers)
    current = await reviews.current(ann, boilers)
    assert current is not None
    assert (current.said.would_use_again, current.said.rating, current.is_shared) == (True, None, False)


async def test_a_vouch_lapses_after_a_year_and_tapping_again_renews_it(
    ann: Viewer, boilers: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    review = (await reviews.vouch(ann, boilers)).id
    first = await reviews.ours(ann, review)
    in_days(monkeypatch, 300)
    await reviews.vouch(ann, boilers)
    renewed = await reviews.ours(ann, review)
    assert first.lapses_at is not None
    assert renewed.lapses_at is not None
    assert (renewed.lapses_at - first.lapses_at).days == 300
    assert await trail_of(ann, f"review:{review}") == ["vouch.given", "vouch.renewed"]


async def test_tapping_vouch_twice_is_one_vouch(ann: Viewer, boilers: UUID) -> None:
    review = (await reviews.vouch(ann, boilers)).id
    assert (await reviews.vouch(ann, boilers)).id == review
    assert await trail_of(ann, f"review:{review}") == ["vouch.given"]


async def test_a_tap_never_turns_would_not_use_again_round(ann: Viewer, boilers: UUID) -> None:
    review = (await reviews.review(ann, boilers, opinion=replace(GOOD, would_use_again=False), version=None)).id
    with pytest.raises(Conflict, match="would not use them again"):
        await reviews.vouch(ann, boilers)
    assert (await reviews.ours(ann, review)).said.would_use_again is False


async def test_vouching_keeps_what_the_review_says(ann: Viewer, boilers: UUID) -> None:
    said = replace(GOOD, would_use_again=None)
    review = (await reviews.review(ann, boilers, opinion=said, version=None)).id
    await reviews.vouch(ann, boilers)
    current = await reviews.ours(ann, review)
    assert current.said == GOOD
    assert current.lapses_at is None


async def test_writing_again_revises_the_one_review_and_keeps_the_earlier_version(ann: Viewer, boilers: UUID) -> None:
    review = (await reviews.review(ann, boilers, opinion=GOOD, version=None)).id
    await reviews.review(ann, boilers, opinion=replace(GOOD, rating=2, praise=""), version=1)
    current = await reviews.ours(ann, review)
    (earlier,) = await reviews.past(ann, review)
    assert (current.version, current.said.rating, current.said.praise) == (2, 2, "")
    assert (earlier.version, earlier.said, earlier.author) == (1, GOOD, "Ann Archer")
    assert await rows() == 1


async def test_the_trail_holds_what_changed_old_and_new_and_every_text_by_itself(ann: Viewer, boilers: UUID) -> None:
    review = (await reviews.review(ann, boilers, opinion=GOOD, version=None)).id
    subject = f"review:{review}"
    assert await last_opening(subject, "personal.criticism") == '"Dear."'
    await reviews.review(ann, boilers, opinion=replace(GOOD, rating=2, praise="Tidy."), version=1)
    assert await trail_of(ann, subject) == ["review.written", "review.revised"]
    assert await last_opening(subject, "facts") == '{"new":{"rating":2,"version":2},"old":{"rating":4,"version":1}}'
    assert await last_opening(subject, "personal.praise") == '"Tidy."'
    assert await last_opening(subject, "personal.praise.old") == '"On time, tidy."'
    assert await last_opening(subject, "personal.criticism") == ""


async def test_sending_the_same_words_again_changes_nothing(ann: Viewer, boilers: UUID) -> None:
    review = (await reviews.review(ann, boilers, opinion=GOOD, version=None)).id
    await reviews.review(ann, boilers, opinion=GOOD, version=1)
    assert (await reviews.ours(ann, review)).version == 1
    assert await reviews.past(ann, review) == ()
    assert await trail_of(ann, f"review:{review}") == ["review.written"]


async def test_a_review_written_from_an_old_page_is_refused_and_nothing_is_lost(ann: Viewer, boilers: UUID) -> None:
    review = (await reviews.review(ann, boilers, opinion=GOOD, version=None)).id
    await reviews.review(ann, boilers, opinion=replace(GOOD, rating=3), version=1)
    for stale in (None, 1):
        with pytest.raises(Conflict):
            await reviews.review(ann, boilers, opinion=replace(GOOD, rating=1), version=stale)
    assert (await reviews.ours(ann, review)).said.rating == 3


@pytest.mark.parametrize("tries", range(3))
async def test_the_same_review_sent_twice_at_once_is_one_review(ann: Viewer, boilers: UUID, tries: int) -> None:
    sends = [reviews.review(ann, boilers, opinion=GOOD, version=None) for _ in range(2)]
    first, second = sorted(await asyncio.gather(*sends, return_exceptions=True), key=lambda r: isinstance(r, Exception))
    assert isinstance(first, OurReview)
    assert isinstance(second, Conflict)
    assert await rows() == 1
    assert await trail_of(ann, f"review:{first.id}") == ["review.written"]


async def test_two_colleagues_revising_at_once_leave_one_revision_and_one_is_told(ann: Viewer, boilers: UUID) -> None:
    review = (await reviews.review(ann, boilers, opinion=GOOD, version=None)).id
    sends = [reviews.review(ann, boilers, opinion=replace(GOOD, rating=rating), version=1) for rating in (1, 2)]
    results = await asyncio.gather(*sends, return_exceptions=True)
    assert sorted(type(result).__name__ for result in results) == ["Conflict", "OurReview"]
    assert (await reviews.ours(ann, review)).version == 2


async def test_a_withdrawn_review_is_gone_and_a_new_one_can_be_written(ann: Viewer, boilers: UUID) -> None:
    review = (await reviews.review(ann, boilers, opinion=GOOD, version=None)).id
    await reviews.withdraw(ann, review)
    assert await reviews.current(ann, boilers) is None
    assert await trail_of(ann, f"review:{review}") == ["review.written", "review.withdrawn"]
    assert (await reviews.review(ann, boilers, opinion=GOOD, version=None)).id != review


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"rating": None, "would_use_again": None}, "rating"),
        ({"rating": 6}, "rating"),
        ({"rating": 0}, "rating"),
        ({"praise": "x" * 4_001}, "praise"),
        ({"criticism": "\x07"}, "criticism"),
        ({"interest": "  "}, "interest"),
        ({"used_from": date(2999, 1, 1)}, "used_from"),
        ({"used_from": date(2020, 5, 2), "used_until": date(2020, 5, 1)}, "used_until"),
        ({"used_until": date(2999, 1, 1)}, "used_until"),
    ],
)
async def test_what_cannot_be_used_is_refused_with_its_field(
    ann: Viewer, boilers: UUID, wrong: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        await reviews.review(ann, boilers, opinion=replace(GOOD, **wrong), version=None)
    assert field in refusal.value.fields
    assert await rows() == 0


async def test_every_wrong_answer_is_named_at_once(ann: Viewer, boilers: UUID) -> None:
    wrong = replace(GOOD, rating=9, praise="x" * 5_000, interest="")
    with pytest.raises(Invalid) as refusal:
        await reviews.review(ann, boilers, opinion=wrong, version=None)
    assert set(refusal.value.fields) == {"rating", "praise", "interest"}


async def test_governors_read_without_criticism_and_write_nothing(ann: Viewer, boilers: UUID) -> None:
    review = (await reviews.review(ann, boilers, opinion=GOOD, version=None)).id
    await reviews.review(ann, boilers, opinion=replace(GOOD, rating=3), version=1)
    governor = replace(ann, role=Role.GOVERNOR)
    assert (await reviews.ours(governor, review)).said.criticism == ""
    assert [past.said.criticism for past in await reviews.past(governor, review)] == [""]
    writes = (
        reviews.vouch(governor, boilers),
        reviews.review(governor, boilers, opinion=GOOD, version=2),
        reviews.withdraw(governor, review),
    )
    for write in writes:
        with pytest.raises(Forbidden):
            await write
    assert (await reviews.ours(ann, review)).version == 2


async def test_another_schools_review_is_not_there(ann: Viewer, bob: Viewer, boilers: UUID) -> None:
    review = (await reviews.review(ann, boilers, opinion=GOOD, version=None)).id
    asks = (
        reviews.ours(bob, review),
        reviews.past(bob, review),
        reviews.withdraw(bob, review),
        reviews.vouch(bob, boilers),
        reviews.review(bob, boilers, opinion=GOOD, version=None),
        reviews.current(bob, boilers),
    )
    for ask in asks:
        with pytest.raises(NotFound):
            await ask
    assert await rows() == 1
    assert (await reviews.ours(ann, review)).version == 1


async def test_a_vouch_that_fails_half_way_leaves_neither_row_nor_entry(
    ann: Viewer, boilers: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    review = (await reviews.review(ann, boilers, opinion=GOOD, version=None)).id

    async def fails(*_: object) -> None:
        raise OSError("the disk went away")

    monkeypatch.setattr("audit.log.recording._append", fails)
    with pytest.raises(OSError, match="disk"):
        await reviews.review(ann, boilers, opinion=VOUCH, version=1)
    monkeypatch.undo()
    assert (await reviews.ours(ann, review)).said == GOOD
    async with database.read():
        assert await PastReview.count() == 0
