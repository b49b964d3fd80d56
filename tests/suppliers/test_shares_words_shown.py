"""Who shares says yes to the words that were shown: others, written meanwhile, go to nobody by that."""

import asyncio
from dataclasses import replace
from uuid import UUID

import pytest

from base.refusals import Conflict, Invalid
from base.viewer import Role, Viewer
from sharing.access.audiences import AudienceChoice, GrantChoice
from sharing.access.fields import ALL, Fields, GrantKind
from suppliers.directory import directory
from suppliers.opinions import notes, readable, reviews
from suppliers.opinions.notes import About
from suppliers.opinions.opinion import Opinion
from suppliers.shares import choosing, shares
from suppliers.shares.shares import OpinionKind
from tests.given.builders import a_person, a_school, signed_in
from tests.given.page_text import sent_on, text_of

pytestmark = pytest.mark.usefixtures("db")

SAID = Opinion(interest=None, rating=2, criticism="A day late in March.")
WORSE = replace(SAID, criticism="They steal from schools.")
TO_EVERYONE = AudienceChoice((GrantChoice(GrantKind.EVERYONE, fields=Fields.RATING | Fields.CRITICISM),))


class Town:
    """Ann is business manager of Oakfield and Hal its head; Bob is of another school."""

    def __init__(self, ann: Viewer, hal: Viewer, bob: Viewer, boilers: UUID) -> None:
        self.ann, self.hal, self.bob, self.boilers = ann, hal, bob, boilers

    async def criticism_read_by_bob(self) -> list[str | None]:
        return [one.criticism for one in (await readable.about(self.bob, self.boilers)).reviews]


@pytest.fixture
async def town(db: object) -> Town:
    oakfield = await a_school("Oakfield Primary")
    ann, hal = await a_person(oakfield), await a_person(oakfield, Role.HEAD, "Hal Hart")
    bob = await a_person(await a_school("Elmwood School"), name="Bob Brown")
    return Town(ann, hal, bob, (await directory.add(ann, name="Ashby Boilers")).id)


async def test_a_head_who_read_other_words_confirms_none_by_sharing(town: Town) -> None:
    review = (await reviews.review(town.ann, town.boilers, opinion=SAID, version=None)).id
    base = f"/reviews/{review}/share"
    async with signed_in(town.hal) as browser:
        asked = {"with": "everyone", "fields-everyone": ["rating", "criticism"]}
        shown = await browser.get(f"{base}/check", params=asked)
        assert SAID.criticism in shown.text
        await reviews.review(town.ann, town.boilers, opinion=WORSE, version=1)
        again = await browser.post(base, data=sent_on(shown.text))
        assert again.status_code == 409
        assert choosing.CHANGED in text_of(again.text)
        assert WORSE.criticism in again.text
        assert not (await shares.state(town.hal, OpinionKind.REVIEW, review)).choice.grants
        assert (await browser.post(base, data=sent_on(again.text))).status_code == 303
    assert await town.criticism_read_by_bob() == [WORSE.criticism]


async def test_nor_by_sharing_a_note_that_says_something_else_now(town: Town) -> None:
    note = await notes.note(town.ann, town.boilers, about=About.PROBLEM, body=SAID.criticism)
    base = f"/notes/{note}/share"
    async with signed_in(town.hal) as browser:
        shown = await browser.get(f"{base}/check", params={"with": "everyone", "fields-everyone": "criticism"})
        assert SAID.criticism in shown.text
        day = (await notes.ours(town.ann, note)).happened_on
        await notes.revise(town.ann, note, about=About.PROBLEM, body=WORSE.criticism, happened_on=day, version=1)
        assert (await browser.post(base, data=sent_on(shown.text))).status_code == 409
    assert not (await shares.state(town.hal, OpinionKind.NOTE, note)).choice.grants


async def test_the_words_are_looked_at_in_the_unit_that_shares_them(town: Town) -> None:
    review = (await reviews.review(town.ann, town.boilers, opinion=SAID, version=None)).id
    await reviews.review(town.ann, town.boilers, opinion=WORSE, version=1)
    with pytest.raises(Conflict):
        await shares.share(town.hal, OpinionKind.REVIEW, review, TO_EVERYONE, version=1)
    await shares.share(town.hal, OpinionKind.REVIEW, review, TO_EVERYONE, version=2)
    assert await town.criticism_read_by_bob() == [WORSE.criticism]


@pytest.mark.both_engines
async def test_whoever_changes_the_words_while_a_head_shares_them_sends_no_others_out(town: Town) -> None:
    """Whichever of the two comes first: the share is refused, or the new words wait for the head."""
    review = (await reviews.review(town.ann, town.boilers, opinion=SAID, version=None)).id
    await asyncio.gather(
        shares.share(town.hal, OpinionKind.REVIEW, review, TO_EVERYONE, version=1),
        reviews.review(town.ann, town.boilers, opinion=WORSE, version=1),
        return_exceptions=True,
    )
    if (await shares.state(town.hal, OpinionKind.REVIEW, review)).choice.grants:
        assert WORSE.criticism not in await town.criticism_read_by_bob()


@pytest.mark.both_engines
async def test_of_two_who_tell_criticism_at_once_neither_gets_past_three_schools(town: Town) -> None:
    others = [(await a_school(f"School {n}")).id for n in range(4)]
    written = [await notes.note(town.ann, town.boilers, about=About.PROBLEM, body=f"Late, {n}.") for n in range(2)]

    async def tell(note: UUID, schools: list[UUID]) -> object:
        to_them = AudienceChoice(tuple(GrantChoice(GrantKind.SCHOOL, school, fields=ALL) for school in schools))
        return await shares.share(town.ann, OpinionKind.NOTE, note, to_them)

    told = await asyncio.gather(tell(written[0], others[:2]), tell(written[1], others[2:]), return_exceptions=True)
    assert sorted(isinstance(one, Invalid) for one in told) == [False, True], told
