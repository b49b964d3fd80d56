"""Our suppliers on screen: the list, adding one, being asked whether it is a known one, and changing an own one."""

from html import unescape
from uuid import UUID, uuid4

import pytest

import database
from base.viewer import Role
from suppliers.directory import directory
from suppliers.merging import decisions, duplicates
from suppliers.tables import Use
from tests.given.builders import a_person, a_school, signed_in, stranger
from tests.given.listed_suppliers import an_entry, manager
from tests.given.page_text import text_of

pytestmark = pytest.mark.usefixtures("db")


async def a_listed_supplier(name: str = "Brightwater Windows Ltd", **identifiers: str) -> str:
    return str(await an_entry(name, identifiers=identifiers))


@pytest.mark.both_engines
async def test_an_empty_list_says_what_to_do() -> None:
    async with signed_in(await manager()) as browser:
        answer = await browser.get("/suppliers")
    assert answer.status_code == 200
    assert "There is nobody on your list yet" in answer.text
    assert 'href="/suppliers/new"' in answer.text


async def test_a_supplier_that_resembles_nothing_is_added_at_once() -> None:
    async with signed_in(await manager()) as browser:
        form = {"name": "Brightwater & Sons", "categories": ["window-cleaning", "cleaning"], "phone": "01522 496000"}
        sent = await browser.post("/suppliers/new", data=form)
        assert sent.status_code == 303
        shown = await browser.get(sent.headers["location"])
        listed = await browser.get("/suppliers")
    text = unescape(shown.text)
    assert "Brightwater & Sons is added." in text
    assert "Window cleaning" in text
    assert "01522496000" in text
    assert "Only your school sees this supplier." in text
    assert sent.headers["location"] in listed.text


async def test_what_was_typed_is_shown_again_with_what_is_wrong() -> None:
    async with signed_in(await manager()) as browser:
        form = {"name": "Brightwater", "categories": "window-cleaning", "company_number": "XX9", "postcode": "LN1 1AA"}
        answer = await browser.post("/suppliers/new", data=form)
    assert answer.status_code == 422
    for kept in ('value="Brightwater"', 'value="XX9"', 'value="LN1 1AA"', 'value="window-cleaning" checked'):
        assert kept in answer.text
    assert 'href="#company_number"' in answer.text


async def test_without_javascript_a_likely_double_is_asked_about_first() -> None:
    listed = await a_listed_supplier(postcode="LN1 1AA")
    form = {"name": "Brightwater Window Ltd", "postcode": "ln11aa", "categories": ["cleaning", "window-cleaning"]}
    async with signed_in(ben := await manager("Beech Hill")) as browser:
        asked = await browser.post("/suppliers/new", data=form)
        assert asked.status_code == 200
        assert "None of these" in asked.text
        assert f'value="{listed}"' in asked.text
        for kept in ("ln11aa", "cleaning", "window-cleaning"):
            assert f'value="{kept}"' in asked.text
        overlooked = await browser.post("/suppliers/new", data=form | {"asked": "yes"})
        assert overlooked.status_code == 422
        assert "Choose which one it is" in overlooked.text
        taken = await browser.post("/suppliers/new", data=form | {"same_as": listed})
    assert taken.headers["location"] == f"/suppliers/{listed}"
    assert (await directory.supplier(ben, UUID(listed))).used_since is not None


async def test_none_of_these_adds_it() -> None:
    listed = await a_listed_supplier()
    async with signed_in(await manager("Beech Hill")) as browser:
        sent = await browser.post("/suppliers/new", data={"name": "Brightwater Window Ltd", "same_as": "none"})
    assert sent.status_code == 303
    assert listed not in sent.headers["location"]


@pytest.mark.parametrize("nonsense", ["x", "00000000-0000-0000-0000-000000000000"])
async def test_a_choice_that_was_never_offered_changes_nothing(nonsense: str) -> None:
    async with signed_in(await manager()) as browser:
        answer = await browser.post("/suppliers/new", data={"name": "Brightwater", "same_as": nonsense})
        assert answer.status_code in (404, 422)
        assert "nobody on your list yet" in (await browser.get("/suppliers")).text


async def test_the_panel_shows_who_may_be_meant_while_somebody_types() -> None:
    listed = await a_listed_supplier(postcode="LN1 1AA")
    async with signed_in(await manager("Beech Hill")) as browser:
        answer = await browser.get("/suppliers/suggestions", params={"name": "brightwater windws", "postcode": "LN1 1"})
        nothing = await browser.get("/suppliers/suggestions", params={"name": "zz"})
    assert "<html" not in answer.text
    assert f'formaction="/suppliers/{listed}/use"' in answer.text
    assert nothing.text.strip() == ""


async def test_suggestions_are_the_same_bytes_whatever_other_schools_keep() -> None:
    await a_listed_supplier()
    ann, ben = await manager(), await manager("Beech Hill")
    await directory.add(ann, name="Bright Windows")
    questions = ["brightwater", "bright windows", "zephyr", "brigt windws ltd"]
    async with signed_in(ann) as browser:
        before = [(await browser.get("/suppliers/suggestions", params={"name": name})).text for name in questions]
        for name in ("Brightwater Windows", "Bright Windows", "Zephyr Bright", "Windows Ltd", "Brigt"):
            await directory.add(ben, name=name)
        after = [(await browser.get("/suppliers/suggestions", params={"name": name})).text for name in questions]
    assert before == after


async def test_an_own_supplier_can_be_changed_and_a_directory_entry_not() -> None:
    ann = await manager()
    own, listed = (await directory.add(ann, name="Brightwater", aliases=["BW"])).id, await a_listed_supplier()
    async with signed_in(ann) as browser:
        assert "BW" in (await browser.get(f"/suppliers/{own}/edit")).text
        sent = await browser.post(
            f"/suppliers/{own}/edit", data={"name": "Brightwater Services", "aliases": "BW\r\nThe window people"}
        )
        assert sent.status_code == 303
        assert "The window people" in (await browser.get(f"/suppliers/{own}")).text
        assert (await browser.get(f"/suppliers/{listed}/edit")).status_code == 403
        assert (await browser.post(f"/suppliers/{listed}/edit", data={"name": "Mine now"})).status_code == 403


async def test_governors_see_the_list_and_no_buttons_to_change_it() -> None:
    school = await a_school()
    ann, gus = await a_person(school), await a_person(school, Role.GOVERNOR, "Gus Green")
    own = (await directory.add(ann, name="Brightwater")).id
    async with signed_in(gus) as browser:
        assert str(own) in (await browser.get("/suppliers")).text
        assert '<form method="post" action="/suppliers' not in (await browser.get(f"/suppliers/{own}")).text
        assert (await browser.get("/suppliers/new")).status_code == 403
        assert (await browser.post("/suppliers/new", data={"name": "Another"})).status_code == 403


async def test_strangers_are_sent_to_sign_in() -> None:
    async with stranger() as browser:
        for path in ("/suppliers", "/suppliers/new", f"/suppliers/{uuid4()}"):
            assert (await browser.get(path)).status_code == 303


@pytest.mark.both_engines
async def test_leaving_twice_leaves_one_use_ended() -> None:
    ann = await manager()
    own = (await directory.add(ann, name="Brightwater")).id
    async with signed_in(ann) as browser:
        for _ in range(2):
            assert (await browser.post(f"/suppliers/{own}/stop")).status_code == 303
    async with database.read():
        assert await Use.count().where(Use.school == ann.school) == 1


async def test_none_of_these_is_said_once_and_can_be_taken_back() -> None:
    ann = await a_person(await a_school("Oakfield Primary"))
    first = (await directory.add(ann, name="Ashby Boilers")).id
    async with signed_in(ann) as browser:
        asked = await browser.post("/suppliers/new", data={"name": "Ashby Boiler"})
        assert "Ashby Boilers" in text_of(asked.text)
        added = await browser.post("/suppliers/new", data={"name": "Ashby Boiler", "same_as": "none"})
        assert added.status_code == 303
        page = (await browser.get(added.headers["location"])).text
        assert "Ashby Boilers" not in text_of(page), "nobody asks again"
        assert "Ashby Boilers" not in text_of((await browser.get("/suppliers/duplicates")).text)
        second = UUID(added.headers["location"].rpartition("/")[2])
    assert await duplicates.alike(ann, second) == ()
    async with database.read():
        [decided] = await decisions.of(ann.school, {first})
    assert {decided.one, decided.other} == {first, second}
    await decisions.take_back(ann, decided.id)
    assert [one.supplier_id for one in await duplicates.alike(ann, second)] == [first]
