"""Somebody to whom a short list of routes is open: all others refuse them alike and change nothing, and no link leads there."""

from collections.abc import Callable

from tests.given.acts import ACTS
from tests.given.links import walk
from tests.given.routes import Route, read, reading, routes, send
from tests.given.town import Town, rows_of_everything

STRANGERS_TOO = "/api/v1/openapi.json"  # Litestar's own route
NOBODYS = "00000000-0000-4000-8000-000000000000"
CASES = [(route, act) for route in routes() if route.method != "GET" for act in ACTS.get(route.key, ())]

IsOpen = Callable[[Route], bool]


async def refused_with_the_same_bytes(town: Town, who: str, is_open: IsOpen) -> None:
    """Every other page, whatever is asked for: what is there, and what is not."""
    before, told = await rows_of_everything(), set()
    async with town.browser(who) as browser:
        for route in reading():
            if not is_open(route) and not route.path.startswith(STRANGERS_TOO):
                ids = [name for name in route.names if name != "place"]  # that is a number
                for instead in ({}, dict.fromkeys(ids, NOBODYS)):
                    answer = await read(browser, route, town, **instead)
                    assert answer.status_code == 403, route.key
                    told.add((route.is_api, answer.content))
    assert len(told) == 2, "one page and one problem document for all of them"
    assert await rows_of_everything() == before


async def changes_nothing(town: Town, who: str, is_open: IsOpen) -> None:
    """Every other request."""
    before = await rows_of_everything()
    async with town.browser(who) as browser:
        for route, act in CASES:
            if not is_open(route):
                assert (await send(browser, route, act, town)).status_code == 403, route.key
    assert await rows_of_everything() == before


async def followed(town: Town, who: str, *starts: str) -> set[str]:
    """Every page that is reached by links from where they start: each opens."""
    async with town.browser(who) as browser:
        found = await walk(browser, *starts)
    assert found.dead == [], found.dead
    assert found.opened >= set(starts)
    return found.opened
