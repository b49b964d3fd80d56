"""A review says that it rests on logged jobs, and how many, only as its school chose and only where its rating is open."""

import asyncio
from datetime import date
from typing import Any
from uuid import UUID

import pytest

import database
from audit.tables import Entry
from base.refusals import Forbidden, Invalid, NotFound
from base.viewer import Role, Viewer
from contracts.backing import backing
from contracts.backing.backing import Says
from contracts.backing.tables import Backing
from contracts.fields.said import Said
from contracts.judging.kinds import Agreed, Side
from contracts.register import register
from contracts.service_events import agreeing, correcting
from contracts.service_events.agreeing import Agreement
from sharing.access.audiences import AudienceChoice, GrantChoice
from sharing.access.fields import ALL, Fields, GrantKind
from suppliers.directory import directory
from suppliers.opinions import reviews
from suppliers.opinions.opinion import Opinion
from suppliers.shares import shares
from suppliers.shares.shares import OpinionKind
from tests.given.builders import a_person, a_school, signed_in
from tests.given.page_text import without_number
from tests.given.served import a_call, a_colleague, a_fix_time, a_job
from tests.given.statements import listened_to

pytestmark = pytest.mark.usefixtures("db")

GOOD = Opinion(interest=None, rating=4)
MISSED = Agreement(Agreed.MISSED, date(2026, 2, 10), "Late.", "Ann", "Bo")
LEFT_OUT = Agreement(Agreed.LEFT_OUT, date(2026, 2, 10), "Recalled.", "Ann", "Bo")


@pytest.fixture
async def supplier(ann: Viewer) -> UUID:
    return (await directory.add(ann, name="Ashby Boilers Ltd")).id


@pytest.fixture
async def boilers(ann: Viewer, supplier: UUID) -> UUID:
    return await served_by(ann, supplier)


@pytest.fixture
async def review(ann: Viewer, supplier: UUID) -> UUID:
    return (await reviews.review(ann, supplier, opinion=GOOD, version=None)).id


async def served_by(viewer: Viewer, supplier: UUID, **more: Any) -> UUID:
    contract = await register.add(viewer, Said({"title": "Boilers", **more}, supplier=supplier))
    await a_fix_time(viewer, contract)
    return contract


async def seen(viewer: Viewer, review: UUID) -> str:
    found = (await backing.of_reviews(viewer, [review])).get(review)
    return found.sentence if found else ""


async def shared(viewer: Viewer, other: Viewer, review: UUID, fields: Fields) -> UUID:
    """The supplier's id, as everybody knows it from then on."""
    choice = AudienceChoice((GrantChoice(GrantKind.SCHOOL, other.school, fields=fields),))
    return (await shares.share(viewer, OpinionKind.REVIEW, review, choice)).supplier


async def test_it_says_what_its_school_chose_and_nothing_once_that_is_taken_back(
    ann: Viewer, bob: Viewer, boilers: UUID, review: UUID
) -> None:
    late, *_ = [await a_job(ann, boilers) for _ in range(3)]
    await agreeing.agree(ann, late, MISSED)
    await shared(ann, bob, review, Fields.RATING)
    for says, sentence in (
        (Says.NOTHING, ""),
        (Says.RESTS, "Rests on logged jobs."),
        (Says.COUNTS, "Rests on 3 logged jobs; both sides agreed that 1 of them was late."),
        (Says.NOTHING, ""),
    ):
        await backing.say(ann, review, says)
        assert (await seen(bob, review), await seen(ann, review)) == (sentence, sentence)
    async with database.read():
        told = await Entry.count().where(Entry.type == "review.rests_on_jobs")
    assert told == 3


async def test_a_page_of_reviews_is_counted_in_as_many_statements_as_one(ann: Viewer, supplier: UUID, review: UUID) -> None:
    elm = await a_person(await a_school("Elm Primary"), name="Eve Elm")
    heard, said = [], dict[UUID, str]()
    for viewer, jobs in ((ann, 2), (elm, 1)):
        contract = await served_by(viewer, supplier)
        its = review if viewer is ann else (await reviews.review(viewer, supplier, opinion=GOOD, version=None)).id
        for _ in range(jobs):
            await a_job(viewer, contract)
        await backing.say(viewer, its, Says.COUNTS)
        if viewer is ann:
            supplier = await shared(ann, elm, review, Fields.RATING)
        else:
            await shared(elm, ann, its, Fields.RATING)
        said[its] = f"Rests on {jobs} logged job{'s' if jobs > 1 else ''}; of none both sides agreed that it was late."
        with listened_to() as statements:
            found = await backing.of_reviews(ann, said)
        heard.append(len(statements))
        assert {its: one.sentence for its, one in found.items()} == said
    assert heard[0] == heard[1]


async def test_only_what_both_sides_agreed_is_late_and_what_was_left_out_or_claimed_is_not_counted(
    ann: Viewer, boilers: UUID, review: UUID
) -> None:
    jobs = [await a_job(ann, boilers, job_number=str(n)) for n in range(5)]
    await a_job(ann, boilers, claimed_by=Side.SUPPLIER)
    await agreeing.agree(ann, jobs[0], MISSED)
    await agreeing.agree(ann, jobs[1], LEFT_OUT)
    await agreeing.agree(ann, jobs[2], MISSED)
    await agreeing.agree(ann, jobs[2], Agreement(Agreed.MET, date(2026, 2, 11), "It was in time.", "Ann", "Bo"))
    await correcting.correct(ann, jobs[3], a_call(), row=jobs[3], reason="Twice.", is_withdrawn=True)
    found = (await backing.of_ours(ann, review)).counted
    assert (found.jobs, found.late) == (3, 1)


async def test_a_confidential_contract_a_draft_and_another_suppliers_are_not_counted(
    ann: Viewer, supplier: UUID, review: UUID
) -> None:
    other = (await directory.add(ann, name="Brook Cleaning Ltd")).id
    for contract in (await served_by(ann, supplier, is_confidential=True), await served_by(ann, other)):
        await a_job(ann, contract)
    with pytest.raises(Invalid):
        await backing.say(ann, review, Says.COUNTS)
    assert await backing.of_reviews(ann, [review]) == {}


async def test_it_is_silent_again_when_the_contract_becomes_confidential(
    ann: Viewer, bob: Viewer, boilers: UUID, supplier: UUID, review: UUID
) -> None:
    await a_job(ann, boilers)
    await shared(ann, bob, review, Fields.RATING)
    await backing.say(ann, review, Says.COUNTS)
    assert await seen(bob, review)
    await register.change(ann, boilers, Said({"title": "Boilers", "is_confidential": True}, supplier=supplier), version=1)
    assert await seen(bob, review) == ""


@pytest.mark.parametrize("fields", [one for one in ALL if one is not Fields.RATING], ids=str)
async def test_where_the_rating_is_not_open_two_worlds_look_alike(
    ann: Viewer, bob: Viewer, boilers: UUID, review: UUID, fields: Fields
) -> None:
    if fields is Fields.ATTACHMENTS or fields is Fields.CRITICISM:
        fields |= Fields.DATES
    supplier = await shared(ann, bob, review, fields)
    paths = (f"/suppliers/{supplier}", f"/api/v1/suppliers/{supplier}/reviews")
    before = await pages(bob, paths)
    await a_job(ann, boilers)
    await backing.say(ann, review, Says.COUNTS)
    assert await pages(bob, paths) == before
    assert await seen(bob, review) == ""


async def pages(viewer: Viewer, paths: tuple[str, ...]) -> list[str]:
    async with signed_in(viewer) as browser:
        return [without_number((await browser.get(path)).text) for path in paths]


async def test_the_suppliers_page_and_programs_read_it_beside_the_rating(
    ann: Viewer, bob: Viewer, boilers: UUID, review: UUID
) -> None:
    await a_job(ann, boilers)
    supplier = await shared(ann, bob, review, Fields.RATING)
    async with signed_in(ann) as browser:
        assert "Say that it rests on logged jobs" in (await browser.get(f"/suppliers/{supplier}")).text
        assert "1 logged job" in (await browser.get(f"/reviews/{review}/logged-jobs")).text
        await browser.post(f"/reviews/{review}/logged-jobs", data={"says": "counts"})
        ours = (await browser.get(f"/api/v1/reviews/{review}")).json()["rests_on"]
        asked = {"with": "school", "school": str(bob.school), "fields-school": "rating"}
        as_they_see = [
            (await browser.get(f"/reviews/{review}/share/check", params=asked)).text,
            (await browser.get(f"/reviews/{review}/who-can-see?school={bob.school}")).text,
        ]
    page, answer = await pages(bob, (f"/suppliers/{supplier}", f"/api/v1/suppliers/{supplier}/reviews"))
    said = "Rests on 1 logged job; of none both sides agreed that it was late."
    assert said in page
    assert said in answer
    assert [said in text for text in as_they_see] == [True, True]
    assert ours == {"sentence": said, "jobs": 1, "late": 0}


async def test_only_who_writes_reviews_of_the_school_says_it(ann: Viewer, bob: Viewer, boilers: UUID, review: UUID) -> None:
    await a_job(ann, boilers)
    for viewer in (await a_colleague(ann, Role.GOVERNOR), await a_colleague(ann, Role.SITE_STAFF, "Sam Sands")):
        with pytest.raises(Forbidden):
            await backing.say(viewer, review, Says.COUNTS)
    for change in (backing.say(bob, review, Says.COUNTS), backing.of_ours(bob, review)):
        with pytest.raises(NotFound):
            await change
    await reviews.withdraw(ann, review)
    with pytest.raises(NotFound):
        await backing.say(ann, review, Says.COUNTS)


async def test_of_two_colleagues_who_say_it_at_once_the_second_waits_and_changes_nothing(
    ann: Viewer, boilers: UUID, review: UUID
) -> None:
    await a_job(ann, boilers)
    hal = await a_colleague(ann, Role.HEAD)
    found = await asyncio.gather(*(backing.say(viewer, review, Says.COUNTS) for viewer in (ann, hal)))
    assert [one.says for one in found] == [Says.COUNTS, Says.COUNTS]
    async with database.read():
        assert await Backing.count().where(Backing.review == review) == 1
        assert await Entry.count().where(Entry.type == "review.rests_on_jobs") == 1
