"""The journeys that must always work, in a real browser: from one school's word to another school's choice and back."""

from itertools import islice

import pytest
from playwright.async_api import Browser

from sharing.joining import joining
from sharing.schools.register import SHIPPED, open_register
from sharing.schools.register_import import import_register
from tests.given import journey
from tests.given.browser import Window, chromium, served, window
from tests.given.builders import PASSWORD, email_of, link_in, token_in
from tests.given.journey import BOILERS, CRITICISM, LISTED, PRAISE, Schools

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("db")]


async def test_one_school_s_word_reaches_another_as_far_as_it_was_shared_and_no_further() -> None:
    schools = await journey.three_schools()
    async with served() as origin, chromium() as browser, window(browser, origin) as ann:
        await ann.sign_in(await email_of(schools.ann))
        await uses_a_supplier_that_is_known(ann)
        supplier = await journey.adds_boilers(ann)
        await journey.vouches(ann)
        await journey.reviews(ann)
        await journey.notes_with_a_photo(ann)
        async with window(browser, origin, schools.bob) as bob:
            assert await bob.open(supplier) == 404
            await journey.shares_praise_with_every_school(ann, supplier)
            await journey.shares_criticism_with_fern(ann, supplier)
            await journey.searches(bob)
            await journey.sees_praise_alone(bob)
            await fern_sees_criticism(browser, origin, schools, supplier)
            await journey.checks_her_trail(ann)
            await journey.stops_sharing(ann, supplier)
            await bob.page.reload()
            told = await bob.page.content()
            assert PRAISE not in told
            assert "Oakfield" not in told


async def uses_a_supplier_that_is_known(ann: Window) -> None:
    """While its name is typed, the one in the directory is offered with reasons."""
    await ann.open("/suppliers/new")
    await ann.page.get_by_label("Name of the supplier").press_sequentially("Brightwater Window", delay=5)
    offered = ann.page.locator("#suggestions")
    await offered.get_by_text("It is almost certainly the same: ").wait_for()  # the more is typed, the surer it is
    told = await offered.inner_text()
    assert "Is it one of these?" in told
    assert LISTED in told
    await ann.press("It’s this one")
    told = await ann.reads()
    assert "Your school uses this supplier. Nobody else can tell." in told
    assert LISTED in told


async def fern_sees_criticism(browser: Browser, origin: str, schools: Schools, supplier: str) -> None:
    async with window(browser, origin, schools.fay) as fay:
        await fay.open(supplier)
        told = await fay.reads()
        assert PRAISE in told
        assert CRITICISM in told
        await fay.open("/search?need=boilers")
        assert BOILERS in await fay.reads()


async def test_the_first_hour_of_an_installation_ends_with_two_colleagues_signed_in() -> None:
    await two_schools_of_the_shipped_register()
    link = await joining.first_link()
    assert link is not None
    async with served() as origin, chromium() as browser, window(browser, origin) as ann:
        await makes_the_first_account(ann, link)
        invitation = await invites_a_colleague(ann)
        async with window(browser, origin, width=390) as hal:
            await hal.open(f"/join/{token_in(invitation)}")
            await hal.page.get_by_label("Your name").fill("Hal Hart")
            await hal.page.get_by_label("Password", exact=True).fill(PASSWORD)
            await hal.press("Join")
            assert "Welcome to Vouch. You have joined The Aldgate School." in await hal.reads()
            await hal.page.get_by_role("button", name="Sign out").click()
            await hal.sign_in("hal@aldgate.example")
            assert "Who is a good supplier near The Aldgate School?" in await hal.reads()
            await asks_to_be_head(hal, confirmed_by=ann)
        await ann.open("/people")
        assert "Named as head, not yet confirmed" in await ann.reads()


async def two_schools_of_the_shipped_register() -> None:
    """Its first two schools, in a tenth of the time that all of it takes."""
    with open_register(SHIPPED) as shipped:
        await import_register(None, list(islice(shipped.rows, 2)), digest=shipped.digest)


async def makes_the_first_account(ann: Window, link: str) -> None:
    await ann.open(f"/join/{token_in(link)}")
    await ann.page.get_by_label("Find the school").fill("aldgate schol")
    await ann.press("Find")
    await ann.follow("The Aldgate School")
    await ann.page.get_by_label("Your name").fill("Ann Archer")
    await ann.page.get_by_label("Business manager").check()
    await ann.page.get_by_label("E-mail address").fill("ann@aldgate.example")
    await ann.page.get_by_label("Choose a password", exact=True).fill("password")
    await ann.press("Make the account")
    assert "There is a problem" in await ann.reads()
    assert await ann.page.get_by_label("Your name").input_value() == "Ann Archer"
    await ann.page.get_by_label("Choose a password", exact=True).fill(PASSWORD)
    await ann.press("Make the account")
    assert "Welcome to Vouch. You have joined The Aldgate School." in await ann.reads()


async def asks_to_be_head(hal: Window, *, confirmed_by: Window) -> None:
    """He names himself; whoever let him in, and runs the installation too, can't be the one who confirms it."""
    await hal.open("/people")
    async with hal.page.expect_navigation():
        await hal.page.get_by_role("main").get_by_role("link", name="Hal Hart").click()  # above it is his account
    await hal.press("Name as head")
    assert "Named as head, not yet confirmed" in await hal.reads()
    await confirmed_by.open("/running")
    await confirmed_by.follow("Heads to confirm")
    await confirmed_by.follow("Hal Hart")
    await confirmed_by.page.get_by_label("I asked The Aldgate School, and Hal Hart is its head").check()
    await confirmed_by.press("Confirm")
    refused = await confirmed_by.reads()
    assert "Nobody from outside the school has confirmed yet that Ann Archer and Hal Hart are two people" in refused


async def invites_a_colleague(ann: Window) -> str:
    """The link that Ann is to send."""
    await ann.follow("People")
    await ann.press("Invite somebody")
    await ann.page.get_by_label("Their e-mail address").fill("hal@aldgate.example")
    assert await ann.page.get_by_label("Head", exact=True).count() == 0, "she is none herself"
    await ann.page.get_by_label("Business manager").check()
    await ann.press("Make the link")
    return link_in(await ann.page.get_by_label("What to send").input_value())
