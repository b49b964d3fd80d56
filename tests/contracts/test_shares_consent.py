"""Before a school connects or joins, the page lists the contracts that become visible; the home page counts them afterwards."""

import pytest

from base.settings import Settings
from base.viewer import Role, Viewer
from contracts.fields.said import Said
from contracts.register import register
from contracts.shares import shares
from sharing.access.audiences import AudienceChoice, GrantChoice
from sharing.access.fields import Fields, GrantKind
from sharing.networks import connections
from tests.given.builders import a_person, a_school, signed_in
from tests.given.consenting import agreed, the_form
from tests.given.page_text import text_of

TO_CONNECTIONS = GrantChoice(GrantKind.CONNECTED, fields=Fields.TERMS | Fields.DATES)


@pytest.fixture
async def ann(db: Settings) -> Viewer:
    return await a_person(await a_school("Oakfield Primary"), Role.HEAD)


@pytest.fixture
async def eve(db: Settings) -> Viewer:
    return await a_person(await a_school("Elm Primary"), Role.HEAD, "Eve Elm")


async def a_shared_contract(viewer: Viewer, *grants: GrantChoice, title: str = "Boilers") -> None:
    await shares.share(viewer, await register.add(viewer, Said({"title": title})), AudienceChoice(grants))


async def test_the_page_lists_the_contracts_that_the_other_school_will_see(ann: Viewer, eve: Viewer) -> None:
    await a_shared_contract(eve, TO_CONNECTIONS)
    await register.add(eve, Said({"title": "Payroll"}))
    request = await connections.ask(ann, eve.school)
    async with signed_in(eve) as browser:
        asked = text_of((await browser.get(f"/connections/{request}/accept/check")).text)
        assert "shares with the schools connected to it: 1 contract." in asked
        assert (
            "Your contract Boilers : what it is for and, once you add them, the supplier, how it was chosen and its dates"
            in asked
        )
        assert "Payroll" not in asked
        assert (await agreed(browser, f"/connections/{request}/accept/check")).status_code == 303


async def test_a_contract_shared_meanwhile_is_shown_before_anything_is_done(ann: Viewer, eve: Viewer) -> None:
    request = await connections.ask(ann, eve.school)
    async with signed_in(eve) as browser:
        action, seen = await the_form(browser, f"/connections/{request}/accept/check")
        await a_shared_contract(eve, TO_CONNECTIONS)
        shown = await browser.post(action, data={"seen": seen})
        assert (shown.status_code, "Boilers" in shown.text) == (409, True)


async def test_contracts_of_an_earlier_connection_stay_ended_unless_it_says_so(ann: Viewer, eve: Viewer) -> None:
    await a_shared_contract(eve, TO_CONNECTIONS)
    request = await connections.ask(ann, eve.school)
    await connections.accept(eve, request)
    await connections.end(eve, ann.school)
    again = await connections.ask(ann, eve.school)
    async with signed_in(eve) as browser:
        asked = text_of((await browser.get(f"/connections/{again}/accept/check")).text)
    assert "1 contract that your school shared before this last ended" in asked
