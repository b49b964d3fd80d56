"""A business manager opens the home page, finds that a school asks, and says yes; then nothing waits. What waits for the operator
alone stands under its own name.
"""

import re

import httpx

from base.settings import Settings
from base.viewer import Role
from sharing.networks import connections
from sharing.people import heads
from tests.given.builders import a_person, a_school, signed_in
from tests.given.consenting import agreed
from tests.given.page_text import text_of

ASKS = "1 school asks to connect with yours."


async def links_of(browser: httpx.AsyncClient, path: str) -> dict[str, str]:
    """Where the links of a page lead, by what they say."""
    found = re.findall(r'<a [^>]*href="([^"]+)"[^>]*>(.*?)</a>', (await browser.get(path)).text, re.DOTALL)
    return {" ".join(re.sub("<[^>]+>", "", said).split()): href for href, said in found}


async def test_from_home_to_a_connection_and_the_count_is_gone(db: Settings) -> None:
    ann, bob = await a_person(await a_school()), await a_person(await a_school("Elmwood"))
    await connections.ask(bob, ann.school)
    async with signed_in(ann) as browser:
        home = await links_of(browser, "/")
        assert home["Connections 1 waiting"] == "/connections"
        asking = await links_of(browser, home[f"Answer: {ASKS}"])
        assert asking["Connections 1 waiting"] == "/connections"
        (check,) = (href for href in asking.values() if href.endswith("/accept/check"))
        assert (await agreed(browser, check)).status_code == 303
        shown = (await browser.get("/")).text
        assert (ASKS in shown, "Nothing waits for you." in text_of(shown)) == (False, True)
        assert (await links_of(browser, "/search"))["Connections"] == "/connections"
        assert (await browser.get("/running")).status_code == 404


async def test_what_waits_for_whoever_runs_vouch_is_under_its_own_name(db: Settings) -> None:
    olive = await a_person(await a_school("Fern"), Role.HEAD, "Olive Osgood", operator=True)
    dee = await a_person(await a_school("Dale"))
    await heads.name(dee, dee.person)
    async with signed_in(olive) as browser:
        for path in ("/", "/running"):
            assert "Waiting for whoever runs this installation" in (await browser.get(path)).text
        running = await links_of(browser, "/running")
        assert running["Running Vouch 1 waiting"] == "/running"
        assert running["Confirm or refuse: 1 head of another school waits to be confirmed."] == "/people/heads"
        assert "Nothing waits for you." in (await browser.get("/")).text
    async with signed_in(dee) as browser:
        assert "to be confirmed" not in (await browser.get("/")).text
