"""Nobody is shown a link to a page that is not for them."""

from pathlib import Path

from tests.conftest import Template
from tests.given.links import walk
from tests.given.routes import path_of, reading
from tests.given.town import town_of

WHO = ("lea", "tom", "gus", "ida")  # site staff and auditors have tests of their own


async def test_every_link_that_somebody_is_shown_opens(template: Template, tmp_path: Path) -> None:
    dead: dict[tuple[str, str], list[object]] = {}
    async with town_of(template, tmp_path) as town:
        for who in WHO:
            async with town.browser(who) as browser:
                found = await walk(browser, *(path_of(route, town) for route in reading() if not route.is_api))
            dead |= {(who, link): rest for link, *rest in found.dead}
    assert dead == {}
