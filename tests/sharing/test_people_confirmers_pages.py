"""The buttons by which a head names who confirms criticism, and ends it; nobody else has them."""

from base.settings import Settings
from base.viewer import Role
from sharing.people import confirmers
from tests.given.builders import a_person, a_school, events_of, signed_in
from tests.given.page_text import text_of


async def test_a_head_names_a_colleague_on_their_page_and_ends_it_on_the_list(db: Settings) -> None:
    oakfield = await a_school()
    head, ann = await a_person(oakfield, Role.HEAD, "Hal Hart"), await a_person(oakfield)
    async with signed_in(head) as browser:
        assert "Name to confirm criticism" in (await browser.get(f"/people/{ann.person}")).text
        assert (await browser.post(f"/people/{ann.person}/name-confirmer")).status_code == 303
        assert "Ann Archer, named by Hal Hart, until" in text_of((await browser.get("/people")).text)
        assert (await browser.post("/people/confirmer/end")).status_code == 303
        assert "Confirms criticism beside the head" not in (await browser.get("/people")).text
        assert (await browser.post("/people/confirmer/end")).status_code == 404
    assert (await events_of(oakfield.id))[-2:] == ["confirmer.named", "confirmer.ended"]
    assert await confirmers.named(head) is None


async def test_nobody_else_names_or_ends(db: Settings) -> None:
    oakfield = await a_school()
    head, ann = await a_person(oakfield, Role.HEAD, "Hal Hart"), await a_person(oakfield)
    gus, eve = await a_person(oakfield, Role.GOVERNOR, "Gus Gray"), await a_person(await a_school("Elm"), Role.HEAD, "Eve Elm")
    await confirmers.name(head, ann.person)
    for somebody, status in ((ann, 403), (gus, 403), (eve, 404)):
        async with signed_in(somebody) as browser:
            assert (await browser.post("/people/confirmer/end")).status_code == status
            assert (await browser.post(f"/people/{gus.person}/name-confirmer")).status_code == status
    async with signed_in(head) as browser:
        assert (await browser.post(f"/people/{gus.person}/name-confirmer")).status_code == 403  # reads no criticism
    found = await confirmers.named(head)
    assert found is not None
    assert found.person == ann.person
