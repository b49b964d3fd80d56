"""From home, and from a phone's home screen: a note on a supplier that one had to do with, and a vouch, by one tap."""

import json
import re
from uuid import UUID

import pytest

from base.viewer import Role
from sharing.tables import School
from suppliers.directory import directory
from suppliers.opinions import notes, reviews
from suppliers.opinions.notes import About
from suppliers.opinions.opinion import Opinion
from suppliers.ours.at_hand import MOST, at_hand
from tests.given.builders import a_person, a_school, signed_in
from tests.given.page_text import text_of

pytestmark = pytest.mark.usefixtures("db")


async def school_with(*names: str) -> tuple[School, dict[str, str]]:
    school = await a_school("Oakfield Primary")
    ann = await a_person(school)
    return school, {name: str((await directory.add(ann, name=name)).id) for name in names}


async def test_the_suppliers_that_somebody_noted_last_come_first() -> None:
    school, ids = await school_with("Ashby", "Birch", "Cobalt", "Dale", "Elm")
    ann, bob = await a_person(school), await a_person(school, Role.HEAD, "Bob Brown")
    governor = await a_person(school, Role.GOVERNOR, "Gil Gray")
    neighbour = await a_person(await a_school("Elmwood School"))
    for name in ("Dale", "Cobalt"):
        await notes.note(ann, UUID(ids[name]), about=About.PROBLEM, body="They came late.")
    await reviews.vouch(ann, UUID(ids["Ashby"]))
    await directory.stop_using(ann, UUID(ids["Birch"]))
    would_not = Opinion(interest=None, would_use_again=False)
    await reviews.review(ann, UUID(ids["Dale"]), opinion=would_not, version=None)
    assert [(one.name, one.may_vouch) for one in await at_hand(ann)] == [
        *(("Cobalt", True), ("Dale", False)),
        *(("Ashby", False), ("Elm", True)),
    ]
    async with signed_in(ann) as browser:
        for path in ("/", "/note", f"/suppliers/{ids['Dale']}"):
            assert f'action="/suppliers/{ids["Dale"]}/vouch"' not in (await browser.get(path)).text
    assert [one.name for one in await at_hand(bob, limit=2)] == ["Ashby", "Cobalt"]  # a colleague's notes move nothing
    assert [one.name for one in await at_hand(bob, text="dAl", limit=MOST)] == ["Dale"]
    assert [await at_hand(viewer, limit=MOST) for viewer in (governor, neighbour)] == [(), ()]


async def test_a_note_with_a_photo_is_four_taps_from_home() -> None:
    """The kind of the note, the photo in two, and saving it."""
    school, ids = await school_with("Ashby")
    about = f"/suppliers/{ids['Ashby']}/notes/new?about=problem"
    async with signed_in(await a_person(school)) as browser:
        home, short = (await browser.get("/")).text, (await browser.get("/note")).text
        form = (await browser.get(about)).text
        odd = (await browser.get(about.replace("problem", "nonsense"))).text
        found = (await browser.get("/note?text=birch")).text
        manifests = [re.search(r'<link rel="manifest" href="([^"]+)"', shown) for shown in (home, short)]
        told = [json.loads((await browser.get(found[1])).text) for found in manifests if found]
        icons = [(await browser.get(f"/static/{icon['src']}")).status_code for one in told for icon in one["icons"]]
    async with signed_in(await a_person(school, Role.SITE_STAFF, "Sam Stone")) as caretaker:
        assert (await caretaker.get("/note")).headers["location"] == "/suppliers/numbers"
    for shown in (home, short):
        assert f'href="{about}"' in shown
        assert f'action="/suppliers/{ids["Ashby"]}/vouch"' in shown
    assert re.search(r'name="about" type="radio" value="problem" checked', form)
    assert not re.search(r'name="about"[^>]* checked', odd)
    assert "None of your suppliers fits." in text_of(found)
    assert [one["start_url"] for one in told] == ["/", "/note"]
    assert "/note" in [one["url"] for one in told[0]["shortcuts"]]
    assert icons == [200] * 6
