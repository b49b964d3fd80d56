"""Lea leads on contracts at Rose Trust, whose academy is Ivy: she reads no private note and no criticism, of either."""

import io
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

import pytest

import database
from base import clock
from base.viewer import KeyScope, Role
from sharing.access.audiences import AudienceChoice, GrantChoice
from sharing.access.fields import ALL, GrantKind
from sharing.people import people, trust_leads
from sharing.sign_in import api_keys
from sharing.tables import NetworkMember
from suppliers.directory import directory
from suppliers.opinions import notes, reviews
from suppliers.opinions.attachments import Upload
from suppliers.opinions.notes import About
from suppliers.opinions.opinion import Opinion
from suppliers.shares import shares
from suppliers.shares.shares import OpinionKind
from tests.conftest import Template
from tests.given.routes import path_of, read, reading
from tests.given.town import Town, town_of

KEPT = ("plover", "heron", "lapwing", "curlew", "dunlin")


@pytest.fixture
async def town(template: Template, tmp_path: Path) -> AsyncIterator[Town]:
    """The trust's team and its academy have said, in a word each, what a lead is not to read."""
    async with town_of(template, tmp_path) as town:
        tess, ida = town.viewers["tess"], town.viewers["ida"]
        files = [Upload("dunlin.txt", b"dunlin")]
        town.ids["trusts_own"] = str((await directory.add(tess, name="Teal Tiles")).id)
        tiles = UUID(town.ids["trusts_own"])
        said = Opinion(interest=None, rating=2, praise="Cheap.", criticism="A plover.")
        town.ids["trusts_review"] = str((await reviews.review(tess, tiles, opinion=said, version=None)).id)
        private = await notes.note(tess, tiles, about=About.RECORD, body="A heron.", files=files)
        town.ids["trusts_note"] = str(private)
        town.ids["trusts_file"] = str((await notes.ours(tess, private)).files[0].id)
        town.ids["trusts_problem"] = str(await notes.note(tess, tiles, about=About.PROBLEM, body="A lapwing."))
        ivys = (await directory.add(ida, name="Ivy Iron")).id
        await notes.note(ida, ivys, about=About.GOOD, body="A curlew.")
        yield town


async def what_is_told(town: Town, who: str) -> dict[str, str]:
    own = {"supplier_id": "trusts_own", "review_id": "trusts_review", "note_id": "trusts_note", "item_id": "trusts_review"}
    own["attachment_id"] = "trusts_file"
    told = {}
    async with town.browser(who) as browser:
        for route in reading():
            told[route.key] = (await read(browser, route, town)).text
            told[f"{route.key} of the trust's own"] = (await browser.get(path_of(route, town, own))).text
        of_it = f"supplier:{town.ids['trusts_own']}"
        for path, query in (("/trail", "stream"), ("/trail/as-of", "subject"), ("/api/v1/trail/entries", "stream")):
            told[path] = (await browser.get(path, params={query: of_it})).text
        told["problem"] = (await browser.get(f"/notes/{town.ids['trusts_problem']}")).text
        pack = {"what": "chosen", "streams": of_it, "grade": "complete"}
        packed = zipfile.ZipFile(io.BytesIO((await browser.post("/trail/packs", data=pack)).content))
        told |= {f"pack: {name}": packed.read(name).decode("latin-1") for name in packed.namelist()}
        told["table"] = (await browser.post("/trail/download", data={"format": "csv", "stream": of_it})).text
    return told


async def test_no_page_and_no_answer_to_a_program_tells_a_trust_lead_what_is_kept_from_them(town: Town) -> None:
    told = await what_is_told(town, "lea")
    assert {name: word for name, text in told.items() for word in KEPT if word in text} == {}


async def test_the_same_reading_finds_it_for_whoever_may(town: Town) -> None:
    """Otherwise the test above would find nothing, whatever a lead is told."""
    told = await what_is_told(town, "tess")
    found = {word for text in told.values() for word in KEPT if word in text}
    assert found == set(KEPT) - {"curlew"}, "the academy's own nobody at the trust reads"


async def test_a_note_that_the_team_shared_is_private_no_more(town: Town) -> None:
    to_ivy = AudienceChoice((GrantChoice(GrantKind.SCHOOL, UUID(town.ids["ivy"]), fields=ALL),))
    await shares.share(town.viewers["tess"], OpinionKind.NOTE, UUID(town.ids["trusts_note"]), to_ivy)
    async with town.browser("lea") as browser:
        assert "A heron." in (await browser.get(f"/notes/{town.ids['trusts_note']}")).text


async def test_a_key_of_a_trust_lead_reads_no_more(town: Town) -> None:
    key = await api_keys.create(town.viewers["lea"], name="Ours", days=30, scopes=set(KeyScope))
    async with town.program(key) as program:
        for route in reading():
            if route.key_scope:
                answer = await program.get(path_of(route, town, {"note_id": "trusts_note", "supplier_id": "trusts_own"}))
                assert not [word for word in KEPT if word in answer.text], route.key


async def test_each_academy_is_shown_who_its_leads_are_and_no_other_school_is(town: Town) -> None:
    for who, is_shown in (("ida", True), ("ann", False), ("bob", False)):
        async with town.browser(who) as browser:
            assert ("Lea Long" in (await browser.get("/people")).text) == is_shown, who


async def test_what_a_lead_reads_of_an_academy_ends_with_its_place_in_the_trust(town: Town) -> None:
    lea, ida, ivy = town.viewers["lea"], town.viewers["ida"], UUID(town.ids["ivy"])
    async with database.read():
        assert await trust_leads.schools_led(lea) == {ivy}
        assert await trust_leads.schools_led(town.viewers["tess"]) == frozenset()
    async with database.write():
        await NetworkMember.update({NetworkMember.until_at: clock.now()}).where(NetworkMember.school == ivy)
    async with database.read():
        assert await trust_leads.schools_led(lea) == frozenset()
    assert await trust_leads.of_school(ida) == ()


async def test_a_lead_who_left_is_named_no_more(town: Town) -> None:
    await people.remove(town.viewers["tess"], town.viewers["lea"].person)
    assert await trust_leads.of_school(town.viewers["ida"]) == ()


async def test_the_form_offers_the_role_at_a_trust_only(town: Town) -> None:
    async with town.browser("ann") as school, town.browser("tom") as team:
        assert 'value="trust_lead"' not in (await school.get("/people/invite")).text
        assert 'value="trust_lead"' in (await team.get("/people/invite")).text
    assert Role.TRUST_LEAD not in await people.may_offer(town.viewers["hal"], town.viewers["hal"].school)
