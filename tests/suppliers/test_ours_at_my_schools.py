"""One list of suppliers over the schools that a person belongs to, each as they read it there."""

from dataclasses import replace

import pytest

from base.viewer import Role
from suppliers.directory import directory
from suppliers.opinions import reviews
from suppliers.opinions.opinion import Opinion
from suppliers.ours import at_my_schools
from tests.given.builders import a_membership, a_person, a_school, signed_in
from tests.given.page_text import text_of

pytestmark = pytest.mark.usefixtures("db")


async def test_the_list_has_what_the_person_reads_at_each_school_and_nothing_of_others() -> None:
    ann = await a_person(await a_school("Oakfield Primary"))
    elm = await a_membership(ann, await a_school("Elm School"))
    gorse = await a_school("Gorse School")
    await a_membership(ann, gorse, Role.SITE_STAFF)
    gil = await a_person(gorse, name="Gil Gray")
    bob = await a_person(await a_school("Fern School"), name="Bob Brown")
    lifts = (await directory.add(ann, name="Harrow Lifts")).id
    drains = (await directory.add(elm, name="Dene Drains")).id
    await reviews.review(elm, drains, opinion=Opinion(interest=None, rating=4), version=None)
    for other, name in ((gil, "Not hers to list"), (bob, "Another school's")):
        await directory.add(other, name=name)
    found = await at_my_schools.ours(replace(ann, several_schools=True))
    assert found.schools == ("Elm School", "Oakfield Primary")
    assert [(one.supplier, one.is_here, [school for school, _ in one.at]) for one in found.suppliers] == [
        (drains, False, ["Elm School"]),
        (lifts, True, ["Oakfield Primary"]),
    ]
    async with signed_in(ann) as browser:
        assert "/suppliers/at-my-schools" in (await browser.get("/suppliers")).text
        told = text_of((await browser.get("/suppliers/at-my-schools")).text)
        fewer = text_of((await browser.get("/suppliers/at-my-schools?text=lifts")).text)
    assert "Elm School: 4 out of 5" in told
    assert "Oakfield Primary: no word yet" in told
    assert "Dene Drains" not in fewer
    async with signed_in(bob) as browser:
        alone = await browser.get("/suppliers/at-my-schools")
        assert "/suppliers/at-my-schools" not in (await browser.get("/suppliers")).text
    assert alone.headers["location"] == "/suppliers", "who has one school has a list of its own"
