"""How many schools say the same of a supplier to every school: counts that are kept, and what is in none of them."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from uuid import UUID

import pytest

import audit
import database
from base import clock
from base.viewer import Viewer
from sharing.access import visibility
from sharing.access.audiences import AudienceChoice, GrantChoice
from sharing.access.fields import Fields, GrantKind
from sharing.networks import connections
from suppliers import word_counts
from suppliers.directory import directory
from suppliers.events import Event
from suppliers.opinions import rating_sums, reviews
from suppliers.opinions.opinion import Opinion
from suppliers.shares import shares
from suppliers.shares.shares import OpinionKind
from suppliers.tables import Review, WordCount
from tests.conftest import ENGINE
from tests.given.builders import a_person, a_school

pytestmark = pytest.mark.usefixtures("db")

VOUCH = Opinion(interest=None, would_use_again=True)
RATED = Opinion(interest=None, rating=4, would_use_again=True)
SOON = 20  # seconds: much longer than it takes, much less than somebody who waits would wait


@pytest.fixture
async def boilers(ann: Viewer) -> UUID:
    boilers = (await directory.add(ann, name="Ashby Boilers")).id
    await rates(ann, boilers, 3)
    return boilers


async def says(viewer: Viewer, supplier: UUID, said: Opinion, *beside: GrantChoice, until: datetime | None = None) -> UUID:
    """To every school, and by the lines ``beside``."""
    review = (await reviews.review(viewer, supplier, opinion=said, version=None)).id
    everyone = GrantChoice(GrantKind.EVERYONE, fields=Fields.RATING, expires_at=until)
    await shares.share(viewer, OpinionKind.REVIEW, review, AudienceChoice((everyone, *beside)))
    return review


async def rates(viewer: Viewer, supplier: UUID, rating: int, *, until: datetime | None = None) -> UUID:
    return await says(viewer, supplier, Opinion(interest=None, rating=rating), until=until)


async def counted(viewer: Viewer, supplier: UUID) -> Mapping[int, int]:
    async with database.read():
        principals = await visibility.principals(viewer)
        return (await rating_sums.pooled(principals, [supplier])).get(supplier, {})


async def vouching(viewer: Viewer, supplier: UUID) -> int:
    async with database.read():
        found = await rating_sums.in_brief(await visibility.principals(viewer), [supplier])
    return found[supplier].vouching if supplier in found else 0


@asynccontextmanager
async def by_hand() -> AsyncIterator[None]:
    async with audit.recording(None) as record:
        record(Event.SUPPLIERS_IMPORTED, stream="world", subject="world", trail="operator")
        yield


async def test_a_rating_whose_line_ends_counts_until_then(ann: Viewer, bob: Viewer, boilers: UUID) -> None:
    await rates(bob, boilers, 3, until=clock.now() + timedelta(days=7))
    assert await counted(ann, boilers) == {3: 2}
    with clock.at(clock.now() + timedelta(days=8)):
        assert await counted(ann, boilers) == {3: 1}


async def test_a_rating_does_not_count_before_its_line_holds(ann: Viewer, bob: Viewer, boilers: UUID) -> None:
    with clock.at(clock.now() + timedelta(days=1)):
        await rates(bob, boilers, 3)
        assert await counted(ann, boilers) == {3: 2}
    assert await counted(ann, boilers) == {3: 1}


async def test_the_rating_of_a_school_that_blocks_the_viewer_does_not_count(ann: Viewer, bob: Viewer, boilers: UUID) -> None:
    await rates(bob, boilers, 3)
    await connections.block(bob, ann.school)
    assert await counted(ann, boilers) == {3: 1}
    assert await counted(bob, boilers) == {3: 2}


async def test_a_count_follows_every_change_and_ends_with_the_last(ann: Viewer, bob: Viewer, boilers: UUID) -> None:
    review = await rates(bob, boilers, 5)
    assert await counted(ann, boilers) == {3: 1, 5: 1}
    await reviews.review(bob, boilers, opinion=Opinion(interest=None, rating=3), version=1)
    assert await counted(ann, boilers) == {3: 2}
    await reviews.review(bob, boilers, opinion=Opinion(interest="My uncle's.", rating=3), version=2)
    assert await counted(ann, boilers) == {3: 1}
    await reviews.withdraw(bob, review)
    assert (await counted(ann, boilers), await word_counts.faults()) == ({3: 1}, ())


async def test_a_vouch_counts_until_it_lapses_and_the_own_schools_never(ann: Viewer, bob: Viewer, boilers: UUID) -> None:
    await says(bob, boilers, VOUCH)
    await says(await a_person(await a_school("Beech Juniors"), name="Gus Green"), boilers, VOUCH)
    assert [await vouching(viewer, boilers) for viewer in (ann, bob)] == [2, 1]
    with clock.at(clock.now() + timedelta(days=400)):
        assert [await vouching(viewer, boilers) for viewer in (ann, bob)] == [0, 0]


async def test_a_rating_and_would_use_again_count_for_good(ann: Viewer, bob: Viewer, boilers: UUID) -> None:
    await says(bob, boilers, RATED)
    with clock.at(clock.now() + timedelta(days=4_000)):
        assert [await vouching(viewer, boilers) for viewer in (ann, bob)] == [1, 0]
    await connections.block(bob, ann.school)
    assert await vouching(ann, boilers) == 0


async def test_a_vouch_that_is_told_by_another_line_too_counts_once(ann: Viewer, bob: Viewer, boilers: UUID) -> None:
    await says(bob, boilers, RATED, GrantChoice(GrantKind.SCHOOL, ann.school))
    assert await vouching(ann, boilers) == 1


async def test_a_count_that_somebody_changed_by_hand_is_a_fault(boilers: UUID) -> None:
    async with by_hand():
        await WordCount.update({WordCount.many: 2}).where(WordCount.supplier == boilers)
    assert await word_counts.faults() == ("how many schools say the same is not what they say, in 2 rows",)


@pytest.mark.skipif(ENGINE == "sqlite", reason="there one writes at a time, whatever they write")
async def test_nobody_waits_for_another_who_rates_the_same_supplier_alike(ann: Viewer, bob: Viewer, boilers: UUID) -> None:
    gus = await a_person(await a_school("Beech Juniors"), name="Gus Green")
    await rates(bob, boilers, 3)
    async with by_hand():
        await Review.update({Review.rating: 4}).where(Review.school == bob.school)
        await asyncio.wait_for(asyncio.create_task(rates(gus, boilers, 3)), SOON)
    assert (await counted(ann, boilers), await word_counts.faults()) == ({3: 2, 4: 1}, ())
