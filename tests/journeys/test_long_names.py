"""A name without a space to break at makes no page wider than a phone."""

import pytest

from base.viewer import Viewer
from suppliers.directory import directory
from tests.given.accessibility import sideways
from tests.given.browser import chromium, served, window
from tests.given.served import a_contract

pytestmark = [pytest.mark.usefixtures("db"), pytest.mark.browser]

NAME = "Nameofsixtylettersandmorethathasnowheretobreakuntilitreachesitsend Ltd"
PAGES = (
    "/suppliers",
    "/suppliers/{supplier}",
    "/suppliers/numbers",
    "/note",
    "/contracts",
    "/contracts/{contract}",
    "/contracts/governors",
    "/trail",
)


async def test_a_name_that_breaks_nowhere_makes_no_list_wider_than_a_phone(ann: Viewer) -> None:
    ids = {"supplier": (await directory.add(ann, name=NAME)).id, "contract": await a_contract(ann, NAME, officer=NAME[:65])}
    async with served() as origin, chromium() as browser, window(browser, origin, ann) as shown:
        for path in PAGES:
            assert await shown.open(path.format_map(ids)) == 200
            assert await sideways(shown) == [], path
