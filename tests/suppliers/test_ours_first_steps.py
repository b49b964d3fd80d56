"""A new school's home page says what to do first and who is around it, until it has shared something."""

from dataclasses import replace
from datetime import timedelta

from base import clock
from base.settings import Settings
from base.viewer import Role
from suppliers.ours.first_steps import NEW_FOR, FirstSteps, first_steps
from suppliers.search.near_us import NearUs, near_us
from tests.given.builders import a_person, a_school, signed_in
from tests.given.page_text import text_of
from tests.given.searching import a_supplier, says


async def test_three_steps_until_something_is_shared(db: Settings) -> None:
    oak = await a_person(await a_school("Oakfield Primary"))
    elm = await a_person(await a_school("Elm Primary", lat=53.3), name="Eve Elm")
    await a_person(await a_school("Far Primary", lat=53.5), name="Fay Far")
    await a_school("Nobody's Primary")
    assert await first_steps(oak) == FirstSteps(has_suppliers=False, review=None)
    assert await near_us(oak) == NearUs(10, on_vouch=1, heard=0)
    await says(elm, await a_supplier(elm), share=None)
    assert await near_us(oak) == NearUs(10, on_vouch=1, heard=0), "what is private moves nothing"
    async with signed_in(oak) as browser:
        told = text_of((await browser.get("/")).text)
        assert "Three steps to begin with" in told
        assert "1 other school within 10 miles is on Vouch. None of them shares anything with you yet" in told
        assert "Done" not in told
        await says(elm, await a_supplier(elm, "Elm Boilers"))
        assert await near_us(oak) == NearUs(10, on_vouch=1, heard=1)
        review = await says(oak, await a_supplier(oak, "Ashby Heating"), share=None)
        assert await first_steps(oak) == FirstSteps(has_suppliers=True, review=review)
        page = (await browser.get("/")).text
        assert "You can see what 1 of them says of suppliers" in text_of(page)
        assert f'href="/reviews/{review}/share"' in page
        assert text_of(page).count("Done") == 2
        await says(oak, await a_supplier(oak, "Ashby Plumbing"))
        assert await first_steps(oak) is None
        assert "Three steps" not in (await browser.get("/")).text


async def test_only_who_may_write_at_a_new_school_is_shown_them(db: Settings) -> None:
    oak = await a_person(await a_school("Oakfield Primary", lat=None, lon=None, local_authority=""))
    assert await near_us(oak) is None
    assert await first_steps(replace(oak, role=Role.GOVERNOR)) is None
    with clock.at(clock.now() + NEW_FOR - timedelta(hours=1)):
        assert await first_steps(oak) is not None
    with clock.at(clock.now() + NEW_FOR + timedelta(hours=1)):
        assert await first_steps(oak) is None
