"""The numbers on a supplier's page: whoever declares an interest is shown, and counted in none of them."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from base import clock
from base.viewer import Viewer
from sharing.access.audiences import AudienceChoice, GrantChoice
from sharing.access.fields import Fields, GrantKind
from suppliers.directory import directory
from suppliers.opinions import notes, readable, reviews
from suppliers.opinions.notes import About
from suppliers.opinions.opinion import Opinion
from suppliers.opinions.readable import Opinions
from suppliers.record import newest_first
from suppliers.record.criteria import Criterion, Stage
from suppliers.shares import shares
from suppliers.shares.shares import OpinionKind
from tests.given.builders import a_person, a_school

pytestmark = pytest.mark.usefixtures("db")

EVERYONE = AudienceChoice((GrantChoice(GrantKind.EVERYONE, fields=Fields.RATING),))
GLOWING = Opinion(interest=None, rating=5, would_use_again=True)


@pytest.fixture
async def reader(db: object) -> Viewer:
    return await a_person(await a_school("Oakfield Primary"))


@pytest.fixture
async def boilers(reader: Viewer) -> UUID:
    """Listed in the directory by a note, so that others may rate it."""
    boilers = (await directory.add(reader, name="Ashby Boilers")).id
    note = await notes.note(reader, boilers, about=About.GOOD, body="They came at once.")
    await shares.share(reader, OpinionKind.NOTE, note, EVERYONE)
    return boilers


async def another_school_says(supplier: UUID, said: Opinion) -> None:
    bob = await a_person(await a_school("Elmwood School"), name="Bob Brown")
    await shares.share(bob, OpinionKind.REVIEW, (await reviews.review(bob, supplier, opinion=said, version=None)).id, EVERYONE)


async def page_of(reader: Viewer, supplier: UUID) -> Opinions:
    return await readable.about(reader, supplier)


async def test_a_rating_with_a_declared_interest_is_in_neither_the_mean_nor_its_count(reader: Viewer, boilers: UUID) -> None:
    for rating in (1, 2, 3):
        await another_school_says(boilers, Opinion(interest=None, rating=rating))
    await another_school_says(boilers, replace(GLOWING, interest="The chair's cousin owns it."))
    page = await page_of(reader, boilers)
    assert len(page.reviews) == 4
    assert page.pooled is not None
    assert (page.pooled.count, page.pooled.mean, page.pooled.spread) == (3, 2, {1: 1, 2: 1, 3: 1, 4: 0, 5: 0})


async def test_a_criterion_has_a_mean_of_its_own_from_three_of_the_pooled_schools_on(reader: Viewer, boilers: UUID) -> None:
    await another_school_says(boilers, Opinion(interest="My uncle's.", rating=5, value=5, reliability=5))
    for stars in (1, 2, 3):
        await another_school_says(
            boilers, Opinion(interest=None, rating=4, reliability=stars, value=stars if stars > 1 else None)
        )
    await another_school_says(boilers, Opinion(interest=None, would_use_again=True, value=5))
    pooled = (await page_of(reader, boilers)).pooled
    assert pooled is not None
    assert [(one.criterion, one.count, one.mean, one.spread) for one in pooled.criteria] == [
        (Criterion.RELIABILITY, 3, 2, {1: 1, 2: 1, 3: 1, 4: 0, 5: 0})
    ]


async def test_a_vouch_that_lapsed_leaves_what_was_said_by_criterion(reader: Viewer, boilers: UUID) -> None:
    await another_school_says(
        boilers, Opinion(interest=None, would_use_again=True, quality=4, stage=Stage.ENDED, evidence="INV 1")
    )
    await another_school_says(boilers, Opinion(interest=None, would_use_again=True, evidence="INV 2"))
    with clock.at(clock.now() + timedelta(days=366)):
        (left,) = (await page_of(reader, boilers)).reviews
    assert (left.would_use_again, left.criteria, left.stage, left.gives_evidence) == (None, {Criterion.QUALITY: 4}, None, True)


async def test_a_declared_interest_is_not_the_third_school_that_a_mean_needs(reader: Viewer, boilers: UUID) -> None:
    for said in (GLOWING, GLOWING, replace(GLOWING, interest="My brother works there.")):
        await another_school_says(boilers, said)
    assert (await page_of(reader, boilers)).pooled is None
    await another_school_says(boilers, GLOWING)
    assert (await page_of(reader, boilers)).pooled is not None


async def test_the_period_of_a_mean_is_that_of_the_ratings_in_it(reader: Viewer, boilers: UUID) -> None:
    """The first and the last to write declare an interest, so the period begins after the one and ends before the other."""
    interested = replace(GLOWING, interest="Our caretaker's firm.")
    for said in (interested, GLOWING, GLOWING, GLOWING, interested):
        await another_school_says(boilers, said)
    page = await page_of(reader, boilers)
    written = sorted(review.written_at for review in page.reviews)
    assert page.pooled is not None
    assert (page.pooled.since, page.pooled.until) == (written[1], written[3])


async def test_a_school_that_declares_an_interest_is_not_said_to_vouch(reader: Viewer, boilers: UUID) -> None:
    await another_school_says(boilers, replace(GLOWING, interest="The chair's cousin owns it."))
    assert (await page_of(reader, boilers)).vouching == 0
    await another_school_says(boilers, GLOWING)
    await another_school_says(boilers, replace(GLOWING, would_use_again=False))
    assert (await page_of(reader, boilers)).vouching == 1


async def test_a_school_counts_once_however_many_lines_bring_its_word(reader: Viewer, boilers: UUID) -> None:
    """To everyone and to the reader's school; to everyone by two lines; and by two of which neither is the rating, which only the
    reader's school gets.
    """
    to_us = GrantChoice(GrantKind.SCHOOL, subject=reader.school, fields=Fields.RATING)
    to_all = [GrantChoice(GrantKind.EVERYONE, fields=fields) for fields in (Fields.RATING, Fields.PRAISE, Fields.DATES)]
    for lines in ([to_all[0], to_us], to_all[:2], [*to_all[1:], to_us], [to_us]):
        bob = await a_person(await a_school("Elmwood School"), name="Bob Brown")
        said = await reviews.review(bob, boilers, opinion=GLOWING, version=None)
        await shares.share(bob, OpinionKind.REVIEW, said.id, AudienceChoice(tuple(lines)))
        if lines == [to_us]:
            await reviews.review(bob, boilers, opinion=replace(GLOWING, interest="Our caretaker's firm."), version=said.version)
    page = await page_of(reader, boilers)
    assert (page.vouching, page.pooled) == (3, None)
    await another_school_says(boilers, GLOWING)
    page = await page_of(reader, boilers)
    assert page.pooled is not None
    assert (page.vouching, page.pooled.count) == (4, 3)


async def test_pages_follow_each_other_by_what_the_reader_sees_however_many_were_revised(
    reader: Viewer, boilers: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of ten half were revised where the reader sees it and two where not: read by threes, three a page."""
    monkeypatch.setattr(newest_first, "REVISED_AT_ONCE", 3)
    written = []
    for number in range(10):
        bob = await a_person(await a_school(f"Elmwood {number}"), name="Bob Brown")
        said = await reviews.review(bob, boilers, opinion=GLOWING, version=None)
        await shares.share(bob, OpinionKind.REVIEW, said.id, EVERYONE)
        written.append((bob, said))
    changes = [GLOWING, *[replace(GLOWING, rating=4)] * 5, *[replace(GLOWING, criticism="Late.")] * 2]
    for (bob, said), change in zip(written[::-1], changes, strict=False):
        if change is not GLOWING:
            await reviews.review(bob, boilers, opinion=change, version=said.version)
    whole = [review.id for review in (await page_of(reader, boilers)).reviews]
    order = [said.id for _, said in written]
    assert whole == [*order[4:9], order[9], *order[3::-1]]
    monkeypatch.setattr(readable, "PAGE", 3)
    more = ""
    paged: list[UUID] = []
    while len(paged) < 10:
        page = await readable.about(reader, boilers, reviews_after=more)
        paged, more = [*paged, *(review.id for review in page.reviews)], page.more_reviews
    assert paged == whole
