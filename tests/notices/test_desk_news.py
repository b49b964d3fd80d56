"""What is new: what others said since somebody last looked, as far as they may see it, whoever changes what they may not."""

from datetime import timedelta
from pathlib import Path
from typing import Final
from uuid import UUID

import database
from base import clock
from base.viewer import Role, Viewer
from notices.desk import news, waiting
from notices.desk.news import AT_FIRST
from sharing.access.audiences import AudienceChoice, GrantChoice
from sharing.access.fields import ALL, WITHOUT_CRITICISM, Fields, GrantKind
from sharing.tables import School
from suppliers.directory import directory
from suppliers.opinions import interest, notes, reviews
from suppliers.opinions.notes import About
from suppliers.opinions.opinion import Opinion
from suppliers.shares import shares
from suppliers.shares.news import MOST_COUNTED
from suppliers.shares.shares import OpinionKind
from tests.conftest import Template
from tests.given.builders import a_person, signed_in
from tests.given.town import town_of
from vouch.wiring import NEWS, WAITS

EVERYONE: Final = AudienceChoice((GrantChoice(GrantKind.EVERYONE, fields=WITHOUT_CRITICISM),))

CRITICISM_TO_ALL: Final = AudienceChoice((GrantChoice(GrantKind.EVERYONE, fields=Fields.CRITICISM),))


async def new(viewer: Viewer) -> set[UUID]:
    return {one.id for one in await news.unseen(viewer, NEWS)}


async def counted(viewer: Viewer) -> int:
    return sum(one.number for one in await waiting.of(viewer, WAITS) if one.what == "news")


def to_school(school: UUID, fields: Fields = ALL) -> AudienceChoice:
    return AudienceChoice((GrantChoice(GrantKind.SCHOOL, school, fields=fields),))


async def test_what_is_by_name_is_new_by_whether_it_was_in_sight_and_once(template: Template, tmp_path: Path) -> None:
    async with town_of(template, tmp_path) as town:
        ann, olive, boilers = town.viewers["ann"], town.viewers["olive"], UUID(town.ids["boilers"])
        written_before = await notes.note(ann, UUID(town.ids["cleaning"]), about=About.GOOD, body="Swept.")
        problem = await notes.note(ann, boilers, about=About.PROBLEM, body="Cold.")
        first = await new(olive)
        assert first >= {UUID(town.ids[name]) for name in ("shared_review", "shared_note", "shared_contract")}
        assert await counted(olive) == len(first)
        shown, last = await news.look(olive, NEWS)
        async with signed_in(olive) as browser:
            assert {(await browser.get(one.page)).status_code for one in shown} == {200}
            assert "Nothing new." in (await browser.get("/news")).text
        assert ({one.id for one in shown}, last.at) == (first, None)
        assert (await new(olive), await counted(olive)) == (set(), 0)
        # Through an audience that has named Fern for long, and written before the look.
        await shares.share(ann, OpinionKind.NOTE, written_before, to_school(olive.school))
        assert await new(olive) == {written_before}
        # Criticism alone: to a school whose governor reads none of it.
        await shares.share(ann, OpinionKind.NOTE, problem, to_school(olive.school, Fields.CRITICISM))
        assert await new(olive) == {written_before, problem}
        async with database.read():
            fern = await School.objects().get(School.id == olive.school)
        assert fern is not None
        assert problem not in await new(await a_person(fern, Role.GOVERNOR, "Una Underhill"))
        await shares.unshare(ann, OpinionKind.NOTE, written_before)
        assert await new(olive) == {problem}
        assert {one.id for one in await news.lately(olive, NEWS)} >= {problem, UUID(town.ids["shared_note"])}


async def test_what_the_viewer_may_not_read_takes_no_place_among_the_words_that_are_counted(
    template: Template, tmp_path: Path
) -> None:
    async with town_of(template, tmp_path) as town:
        ann, bob, dee = (town.viewers[name] for name in ("ann", "bob", "dee"))
        async with database.read():
            theirs = await School.objects().get(School.id == dee.school)
        assert theirs is not None
        head = await a_person(theirs, Role.HEAD, "Hana Holt")
        boilers, cleaning = UUID(town.ids["alike"]), UUID(town.ids["cleaning"])
        for supplier in (boilers, cleaning):
            await directory.adopt(ann, supplier)
        hers = Opinion(interest="My brother owns it.", rating=3)
        await reviews.review(ann, boilers, opinion=hers, version=None)
        before = await new(ann)
        for n in range(MOST_COUNTED + 5):
            problem = await notes.note(dee, boilers, about=About.PROBLEM, body=f"Cold again, {n}.")
            await shares.share(head, OpinionKind.NOTE, problem, CRITICISM_TO_ALL)
        assert await new(ann) == before
        swept = await notes.note(bob, cleaning, about=About.GOOD, body="Swept.")
        await shares.share(bob, OpinionKind.NOTE, swept, EVERYONE)
        assert await new(ann) == before | {swept}
        await interest.withdraw(ann, boilers)
        assert len(await new(ann)) >= MOST_COUNTED


async def test_words_on_suppliers_that_we_use_are_new_by_when_they_were_written(template: Template, tmp_path: Path) -> None:
    async with town_of(template, tmp_path) as town:
        ann, bob, dee, gus = (town.viewers[name] for name in ("ann", "bob", "dee", "gus"))
        cleaning = UUID(town.ids["cleaning"])
        await directory.adopt(ann, cleaning)
        before = await new(gus)
        with clock.at(clock.now() - AT_FIRST - timedelta(days=1)):
            old = await notes.note(dee, cleaning, about=About.GOOD, body="Once.")
        late = await notes.note(bob, cleaning, about=About.GOOD, body="Lately.")
        kept_back = await notes.note(bob, cleaning, about=About.GOOD, body="Kind.")
        assert await new(gus) == before
        for viewer, note in ((dee, old), (bob, late)):
            await shares.share(viewer, OpinionKind.NOTE, note, EVERYONE)
        assert await new(gus) == before | {late}
        assert [one.page for one in await news.unseen(ann, NEWS) if one.id == late] == [f"/suppliers/{cleaning}"]
        await news.look(gus, NEWS)
        # Whom else it is shared with is no news to whoever could read it already.
        also = AudienceChoice((*EVERYONE.grants, *to_school(dee.school).grants))
        await shares.share(bob, OpinionKind.NOTE, late, also)
        assert (await new(gus), await counted(gus)) == (set(), 0)
        assert kept_back not in {one.id for one in await news.lately(gus, NEWS)}
        assert late in await new(ann)  # each of a school looks for themselves
