""" "View as" shows to the byte what that reader's own page shows of ours: a head, a governor, a person named in the share."""

import re
from dataclasses import replace
from uuid import UUID

import httpx
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from base.settings import Settings
from base.viewer import Role, Viewer
from sharing.access.audiences import AudienceChoice, GrantChoice
from sharing.access.fields import ALL, Fields, GrantKind
from suppliers.directory import directory
from suppliers.opinions import notes, readable, reviews
from suppliers.opinions.attachments import Upload
from suppliers.opinions.notes import About
from suppliers.opinions.opinion import Opinion
from suppliers.shares import shares
from suppliers.shares.shares import OpinionKind
from tests.given.builders import a_person, a_school, signed_in
from tests.given.examples import IS_THE_SUITE, examples, fewer_on_postgres
from tests.given.page_text import text_of

SAID = Opinion(interest=None, rating=4, praise="On time.", criticism="Dear in March.")
Lines = dict[str, Fields]  # whom it is shared with, and which fields


class Ash:
    """Ash's review and three notes of its boilers. At Birch are a head, a business manager and two governors."""

    def __init__(self, ann: Viewer, head: Viewer, bea: Viewer, gus: Viewer, gil: Viewer) -> None:
        self.ann, self.head, self.bea, self.gus, self.gil = ann, head, bea, gus, gil
        self.boilers = self.review = UUID(int=0)
        self.notes: list[UUID] = []

    async def share(self, what: OpinionKind, item: UUID, lines: Lines) -> None:
        grants = {
            "everyone": GrantChoice(GrantKind.EVERYONE),
            "school": GrantChoice(GrantKind.SCHOOL, self.head.school),
            "bea": GrantChoice(GrantKind.PERSON, self.bea.person, at_school=self.bea.school),
            "gus": GrantChoice(GrantKind.PERSON, self.gus.person, at_school=self.gus.school),
        }
        choice = AudienceChoice(tuple(replace(grants[whom], fields=fields) for whom, fields in lines.items()))
        await shares.share(self.ann, what, item, choice)

    async def own_page_of(self, reader: Viewer) -> list[str]:
        """What the reader's page of the supplier shows, on all its pages; nobody but Ash wrote of it."""
        async with signed_in(reader) as browser:
            page = (await browser.get(f"/suppliers/{self.boilers}")).text
            found = said_on(page)
            while more := re.search(r'href="(\?notes=[^"#]+)#notes"', page):
                page = (await browser.get(f"/suppliers/{self.boilers}{more[1]}")).text
                found += said_on(page.partition('id="notes"')[2])
        return found

    async def view_as(self, browser: httpx.AsyncClient, person: Viewer | None = None, *, governor: bool = False) -> list[str]:
        params = {"school": str(self.head.school)} | ({"governor": "true"} if governor else {})
        params |= {"person": str(person.person)} if person else {}
        answer = await browser.get(f"/reviews/{self.review}/who-can-see", params=params)
        assert answer.status_code == 200
        return said_on(answer.text)


def said_on(page: str) -> list[str]:
    """Without what the reader may do with a review, which is not said in it."""
    said = re.sub(r'<p class="govuk-body-s vouch-no-print">.*?</p>', "", page)
    return re.findall(r'<article class="vouch-review">.*?</article>', said, re.DOTALL)


@pytest.fixture
async def ash(db: Settings) -> Ash:
    ann = await a_person(await a_school("Ash Primary"), Role.HEAD, "Ann Ash")
    birch = await a_school("Birch Primary", lat=53.26)
    roles = (Role.HEAD, Role.BUSINESS_MANAGER, Role.GOVERNOR, Role.GOVERNOR)
    found = Ash(ann, *[await a_person(birch, role, "Bea Birch") for role in roles])
    found.boilers = (await directory.add(ann, name="Ashby Boilers")).id
    found.review = (await reviews.review(ann, found.boilers, opinion=SAID, version=None)).id
    gauge = [Upload("gauge.txt", b"Two bar.")]
    for about in (About.GOOD, About.PROBLEM, About.RECORD):
        found.notes.append(await notes.note(ann, found.boilers, about=about, body=f"About {about}.", files=gauge))
    return found


masks = st.integers(0, int(ALL)).map(Fields)
others = {"everyone": masks, "school": masks}
of_review = st.fixed_dictionaries({"bea": masks, "gus": masks}, optional=others)
of_note = st.fixed_dictionaries({}, optional={"bea": masks, "gus": masks, **others})


@settings(
    max_examples=fewer_on_postgres(examples(6)),  # who may read what, one predicate says for both
    phases=[Phase.explicit, Phase.generate],  # dozens of requests an example: to shrink one takes minutes
    derandomize=IS_THE_SUITE,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(review=of_review, about=st.tuples(of_note, of_note, of_note))
async def test_it_is_what_each_reader_sees_to_the_byte(ash: Ash, review: Lines, about: tuple[Lines, ...]) -> None:
    await ash.share(OpinionKind.REVIEW, ash.review, review)
    for note, lines in zip(ash.notes, about, strict=True):
        await ash.share(OpinionKind.NOTE, note, lines)
    async with signed_in(ash.ann) as browser:
        assert await ash.view_as(browser) == await ash.own_page_of(ash.head)
        assert await ash.view_as(browser, governor=True) == await ash.own_page_of(ash.gil)
        assert await ash.view_as(browser, ash.bea) == await ash.own_page_of(ash.bea)
        assert await ash.view_as(browser, ash.gus, governor=True) == await ash.own_page_of(ash.gus)


async def test_a_governor_is_shown_without_the_criticism_that_the_head_sees(ash: Ash) -> None:
    await ash.share(OpinionKind.REVIEW, ash.review, {"school": ALL})
    base = f"/reviews/{ash.review}/who-can-see"
    async with signed_in(ash.ann) as browser:
        listed = (await browser.get(base)).text
        assert f'href="{base}?school={ash.head.school}&amp;governor=true#as"' in listed
        assert f'href="{base}?school={ash.head.school}#as"' in listed
        as_head, as_governor = [
            text_of((await browser.get(f"{base}?school={ash.head.school}{end}")).text) for end in ("", "&governor=true")
        ]
    assert "As a head or business manager of Birch Primary sees it" in as_head
    assert "As a governor of Birch Primary sees it" in as_governor
    assert "Dear in March." in as_head
    assert "Dear in March." not in as_governor


async def test_a_long_list_of_notes_is_shown_whole(ash: Ash, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readable, "PAGE", 2)
    for note in ash.notes:
        await ash.share(OpinionKind.NOTE, note, {"school": ALL})
    async with signed_in(ash.ann) as browser:
        shown = await ash.view_as(browser)
    assert len(shown) == 3
    assert shown == await ash.own_page_of(ash.head)


async def test_the_role_of_somebody_named_is_not_told(ash: Ash) -> None:
    """Both ways to see it are offered for a business manager and for a governor, and look the same."""
    await ash.share(OpinionKind.REVIEW, ash.review, {"bea": ALL, "gus": ALL})
    async with signed_in(ash.ann) as browser:
        for governor in (False, True):
            assert await ash.view_as(browser, ash.bea, governor=governor) == await ash.view_as(
                browser, ash.gus, governor=governor
            )
