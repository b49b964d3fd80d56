"""What a review did for other schools is said back to its own: a number, and a name only where the other says so."""

import pytest

from base.refusals import Forbidden, NotFound
from base.viewer import Role, Viewer
from suppliers.helped import helped
from suppliers.helped.helped import Came, Said
from suppliers.shares import shares
from suppliers.shares.shares import OpinionKind
from tests.given.builders import a_person, a_school, events_of, signed_in
from tests.given.every_check import findings
from tests.given.page_text import text_of
from tests.given.searching import a_supplier, ask, says

pytestmark = pytest.mark.usefixtures("db")


async def somebody_at(name: str, role: Role = Role.BUSINESS_MANAGER) -> Viewer:
    return await a_person(await a_school(name, lat=53.29, lon=-0.54), role)


async def test_its_school_reads_how_many_say_so_and_who_wants_to_be_named() -> None:
    bob, ann, cleo = [await somebody_at(name) for name in ("Elmwood School", "Oakfield Primary", "Fern Primary")]
    supplier = await a_supplier(bob)
    review = await says(bob, supplier)
    before = await ask(cleo, "boilers")
    both = Said(helped=True, asked_for_quote=True, tells_who=True)
    await helped.say(ann, review, Said(helped=True))
    for _ in range(2):
        await helped.say(cleo, review, both)
    assert await helped.came_of(bob, review) == Came(2, 1, (cleo.school_name,))
    assert await ask(cleo, "boilers") == before, "it moves no order and no number"
    await helped.say(cleo, review, Said(tells_who=True))
    assert await helped.came_of(bob, review) == Came(1, 0, ())
    assert [event for event in await events_of(cleo.school) if event.startswith("help.")] == ["help.said", "help.taken_back"]
    assert (await helped.shown(ann, review)).said == Said(helped=True)
    assert await findings() == ()
    for viewer in (ann, cleo):
        with pytest.raises(NotFound):
            await helped.came_of(viewer, review)


async def test_nobody_says_it_of_what_they_don_t_see_or_wrote_themselves() -> None:
    bob, ann, gus = [await somebody_at("Elmwood School"), await somebody_at("Oak"), await somebody_at("Ash", Role.GOVERNOR)]
    private = await says(bob, await a_supplier(bob), share=None)
    for viewer in (bob, ann):
        with pytest.raises(NotFound):
            await helped.say(viewer, private, Said(helped=True))
    with pytest.raises(Forbidden):
        await helped.say(gus, private, Said(helped=True))


async def test_on_pages_it_is_a_link_a_form_and_a_sentence() -> None:
    bob, ann = await somebody_at("Elmwood School"), await somebody_at("Oakfield Primary")
    supplier = await a_supplier(bob)
    review = await says(bob, supplier)
    async with signed_in(ann) as browser:
        page = await browser.get(f"/suppliers/{supplier}")
        assert f'href="/reviews/{review}/helped"' in page.text
        form = await browser.get(f"/reviews/{review}/helped")
        assert "In a tender or quotation only your stated criteria count." in text_of(form.text)
        sent = await browser.post(f"/reviews/{review}/helped", data={"asked_for_quote": "yes", "tells_who": "yes"})
        assert (sent.status_code, sent.headers["location"]) == (303, f"/suppliers/{supplier}")
        none = await browser.post(f"/reviews/{review}/helped", data={"tells_who": "yes"})
        assert (none.status_code, "Tick what this review did for you." in none.text) == (422, True)
        form = await browser.get(f"/reviews/{review}/helped")
        assert 'name="tells_who" type="checkbox" value="yes" checked' in form.text
        assert 'name="nothing" value="yes"' in form.text
    async with signed_in(bob) as browser:
        told = text_of((await browser.get(f"/suppliers/{supplier}")).text)
    assert f"Because of it 1 school asked them for a quote. So says {ann.school_name}." in told


@pytest.mark.both_engines
async def test_it_can_be_taken_back_when_the_review_is_seen_no_more_and_nothing_else_can_be_said_then() -> None:
    bob, ann, cleo = [await somebody_at(name) for name in ("Elmwood School", "Oakfield Primary", "Fern Primary")]
    supplier = await a_supplier(bob)
    review = await says(bob, supplier)
    await helped.say(ann, review, Said(helped=True, tells_who=True))
    await shares.unshare(bob, OpinionKind.REVIEW, review)
    with pytest.raises(NotFound):
        await helped.say(ann, review, Said(helped=True, asked_for_quote=True))
    for _ in range(2):
        with pytest.raises(NotFound):
            await helped.say(cleo, review, Said())
    assert await helped.came_of(bob, review) == Came(1, 0, (ann.school_name,))
    async with signed_in(ann) as browser, signed_in(cleo) as other:
        page = await browser.get(f"/reviews/{review}/helped")
        assert "You no longer see this review, which Elmwood School wrote." in text_of(page.text)
        assert 'name="helped"' not in page.text
        assert (await other.get(f"/reviews/{review}/helped")).status_code == 404
        done = await browser.post(f"/reviews/{review}/helped", data={"nothing": "yes"})
        assert (done.status_code, done.headers["location"]) == (303, "/")
        assert (await browser.get(f"/reviews/{review}/helped")).status_code == 404, "nothing is left to take back"
    assert await helped.came_of(bob, review) == Came()
    assert [event for event in await events_of(ann.school) if event.startswith("help.")] == ["help.said", "help.taken_back"]
    assert await findings() == ()
