"""What Bob may not see takes the same statements as what is not there, and gives the same bytes, on every route with an id."""

from dataclasses import replace
from datetime import timedelta

import httpx
import pytest

from sharing.sign_in import sessions
from tests.given.acts import ACTS, Act
from tests.given.routes import NAMED, NO_IDS, Route, changing, path_of, reading, routes, send, shown
from tests.given.statements import listened_to
from tests.given.town import Town

NOBODY = "00000000-0000-4000-8000-000000000000"
# Ids of what every signed-in school sees, or may name: the directory's things, and schools of the register.
FOR_EVERYBODY = {"school"}
READS = Act(who="bob")


def ids_of(route: Route) -> list[str]:
    return [name for name in route.names if name not in NAMED and name not in FOR_EVERYBODY]


def cases() -> list[tuple[Route, Act]]:
    """Every route whose path names something by an id, each with what is sent to it."""
    read = [(route, READS) for route in reading() if ids_of(route)]
    changed = [(route, act) for route in changing() if ids_of(route) for act in ACTS[route.key][:1]]
    return [*read, *changed]


async def asked(browser: httpx.AsyncClient, route: Route, act: Act, town: Town, instead: dict[str, str]) -> httpx.Response:
    if route.method == "GET":
        return await browser.get(path_of(route, town, NO_IDS, **instead))
    return await send(browser, route, replace(act, ids={}), town, content=None, **instead)


async def test_hidden_and_missing_give_the_same_bytes_and_run_the_same_statements(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions, "SEEN_EVERY", timedelta(days=1))  # or the minute decides who is noted as seen
    different, compared = [], 0
    for route, act in cases():
        if route.is_public:
            continue
        seen = []
        everywhere: tuple[dict[str, str], ...] = ({}, dict.fromkeys(ids_of(route), NOBODY))
        for instead in everywhere:
            async with town.browser("bob") as browser:
                with listened_to() as statements:
                    answer = await asked(browser, route, act, town, instead)
            seen.append((shown(answer), list(statements)))
        (hidden, of_hidden), (missing, of_missing) = seen
        if hidden[0] not in (403, 404):
            different.append(f"{route.key}: {hidden[0]}, which is not hidden")
            continue
        compared += 1
        assert of_hidden, route.key
        if hidden != missing:
            different.append(f"{route.key}: {hidden[0]} and {missing[0]}")
        if of_hidden != of_missing:
            extra = [one for one in of_hidden if one not in of_missing] or [one for one in of_missing if one not in of_hidden]
            different.append(f"{route.key}: {len(of_hidden)} and {len(of_missing)} statements, such as {extra[:2]}")
    assert not different, "\n".join(different)
    assert compared > 60


@pytest.mark.pure
def test_every_route_with_an_id_is_compared() -> None:
    with_ids = {route.key for route in routes() if ids_of(route)}
    assert {route.key for route, _ in cases()} == with_ids
