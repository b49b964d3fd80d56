"""The main line with JavaScript turned off: every page is a page, every button a form."""

import pytest

from tests.given import journey
from tests.given.browser import PHONE, Window, chromium, served, window
from tests.given.builders import email_of
from tests.given.journey import LISTED

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("db")]


async def test_the_main_line_works_on_a_small_phone_without_javascript() -> None:
    schools = await journey.three_schools()
    async with served() as origin, chromium() as browser, window(browser, origin, width=PHONE, script=False) as ann:
        await ann.sign_in(await email_of(schools.ann))
        await is_asked_about_a_likely_double(ann)
        supplier = await journey.adds_boilers(ann)
        await journey.vouches(ann)
        await journey.reviews(ann)
        await journey.notes_with_a_photo(ann)
        await journey.shares_praise_with_every_school(ann, supplier)
        await journey.shares_criticism_with_fern(ann, supplier)
        async with window(browser, origin, schools.bob, width=PHONE, script=False) as bob:
            await journey.searches(bob)
            await journey.sees_praise_alone(bob)
            await journey.stops_sharing(ann, supplier)
            await bob.page.reload()
            assert "Oakfield" not in await bob.page.content()
        await journey.checks_her_trail(ann)


async def is_asked_about_a_likely_double(ann: Window) -> None:
    """By a page of its own, which takes an answer before anything is added."""
    await ann.open("/suppliers/new")
    await ann.page.get_by_label("Name of the supplier").fill("Brightwater Window")
    await ann.press("Add the supplier")
    assert "Is “Brightwater Window” one of these?" in await ann.reads()
    await ann.press("Continue")
    assert "Choose which one it is, or none of these." in await ann.reads()
    await ann.page.get_by_label(LISTED, exact=True).check()
    await ann.press("Continue")
    assert "Your school uses this supplier. Nobody else can tell." in await ann.reads()
    assert await ann.page.get_by_role("heading", name=LISTED).is_visible()
