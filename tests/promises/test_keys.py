"""An API key does exactly what its scopes and its person's role both allow: every route, every scope, every role."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from base import clock
from base.viewer import KeyScope, Role
from sharing.people import people
from sharing.sign_in import api_keys
from sharing.sign_in.sign_in import NO_KEY
from tests.conftest import Template
from tests.given.acts import ACTS, Act
from tests.given.examples import whole_on_sqlite
from tests.given.routes import Route, changing, read, reading, routes, send
from tests.given.town import Town, rows_of_everything, town_of

ROLES = ("ann", "hal", "gus")  # business manager, head and governor of one school

# What no key does, whatever its scopes: each of these says so itself, with key_scope=None.
BY_NO_KEY = {
    "POST /api/v1/connections",
    "POST /api/v1/connections/requests/{request_id}",
    "DELETE /api/v1/connections/requests/{request_id}",
    "DELETE /api/v1/connections/{school}",
    "POST /api/v1/blocks",
    "DELETE /api/v1/blocks/{school}",
}
# What is not under /api/ and takes a key all the same: the files of notes, of which the API tells the ids.
FILES = {"GET /attachments/{attachment_id}": KeyScope.READ}


def own_api() -> tuple[Route, ...]:
    """Every route of the API but the description of it, which nobody asks who reads."""
    return tuple(route for route in routes() if route.is_api and "openapi.json" not in route.path)


async def key_of(town: Town, who: str, *scopes: KeyScope) -> str:
    return await api_keys.create(town.viewers[who], name="Tried", days=30, scopes=scopes)


@pytest.mark.pure
@pytest.mark.parametrize("route", own_api(), ids=lambda route: route.key)
def test_every_route_of_the_api_says_which_scope_a_key_needs_or_that_none_will_do(route: Route) -> None:
    assert route.is_public or route.names_a_scope, f"{route.key} must say key_scope=KeyScope.…, or key_scope=None for no key"
    if route.key in BY_NO_KEY:
        assert route.key_scope is None


@pytest.mark.pure
def test_no_page_takes_a_key_and_reading_never_needs_more_than_reading() -> None:
    pages = {route.key: route.key_scope for route in routes() if not route.is_api and route.key_scope}
    assert pages == FILES
    for route in own_api():
        if route.method == "GET" and not route.is_public:
            assert route.key_scope in (KeyScope.READ, KeyScope.TRAIL), route.key


@pytest.mark.pure
def test_what_no_scope_names_is_named_by_none() -> None:
    """By the events that a route leaves: nothing about people, keys, passwords, auditors, links, seals, holds or erasure."""
    never = ("person.", "invitation.", "role.", "head.", "head_naming.", "password", "api_key.", "auditor", "connection.",
             "school.", "network.", "seal_recipient.", "erasure.", "hold.", "retention.", "operator.")  # fmt: skip
    for route in routes():
        if route.key_scope:
            assert not [event for event in route.leaves or () if event.startswith(never)], route.key


def refused_with(answer: Any, needed: KeyScope | None, key: str) -> None:
    """403 in one sentence that names what is missing; programs find it in a header too."""
    assert answer.status_code == 403, f"{key}: {answer.status_code} {answer.text}"
    if needed is None:
        assert NO_KEY in answer.text, key
        return
    assert f"lacks the scope “{needed}”" in answer.text, key
    assert answer.headers["www-authenticate"] == f'Bearer error="insufficient_scope", scope="{needed}"', key


def an_act(route: Route) -> Iterable[Act]:
    return ACTS.get(route.key, ()) if route.method != "GET" else (Act(),)


@pytest.mark.parametrize("who", ROLES)
@pytest.mark.parametrize("scope", KeyScope)
async def test_a_key_without_the_scope_does_nothing_whatever_the_role(town: Town, who: str, scope: KeyScope) -> None:
    """Each role tries a third of the routes, and between them all: what a key lacks is said before anybody looks at a role."""
    key = await key_of(town, who, scope)
    before = await rows_of_everything()
    async with town.program(key) as program:
        program.headers["Accept"] = "application/json"
        refusing = [r for r in routes() if not (r.is_public or "openapi.json" in r.path or r.key_scope is scope)]
        for route in whole_on_sqlite(refusing[ROLES.index(who) :: len(ROLES)]):
            for act in an_act(route):
                answer = await (read(program, route, town) if route.method == "GET" else send(program, route, act, town))
                refused_with(answer, route.key_scope, f"{scope} {who} {route.key}")
    assert await rows_of_everything() == before


@pytest.mark.parametrize("who", ROLES)
async def test_a_key_with_the_scope_reads_what_its_person_reads(town: Town, who: str, monkeypatch: pytest.MonkeyPatch) -> None:
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now)
    for scope in (KeyScope.READ, KeyScope.TRAIL):
        key = await key_of(town, who, scope)
        async with town.program(key) as program, town.browser(who) as browser:
            program.headers["Accept"] = browser.headers["Accept"] = "application/json"
            for route in reading():
                if route.key_scope is scope:
                    by_key, by_person = [await read(one, route, town) for one in (program, browser)]
                    assert (by_key.status_code, by_key.content) == (by_person.status_code, by_person.content), route.key


async def test_a_key_with_the_scope_changes_what_its_person_may(template: Template, tmp_path: Path) -> None:
    """As many requests in one town as get along with each other; each has to work at the latest in a fresh one."""
    waiting = [(route, act) for route in changing() if route.key_scope for act in ACTS[route.key]]
    while waiting:
        left = []
        async with town_of(template, tmp_path) as town:
            keys = {(act.who, route.key_scope): "" for route, act in waiting}
            for who, scope in keys:
                assert scope is not None
                keys[who, scope] = await key_of(town, who, scope)
            for route, act in waiting:
                async with town.program(keys[act.who, route.key_scope]) as program:
                    answer = await send(program, route, act, town)
                if act.no_key:
                    assert answer.status_code == 403, route.key
                elif answer.status_code not in (200, 201, 204):
                    assert (route, act) != waiting[0], f"{route.key}: {answer.status_code} {answer.text}"
                    left.append((route, act))
        waiting = left


async def test_a_governors_key_changes_nothing_whatever_its_scopes(town: Town) -> None:
    key = await key_of(town, "gus", *KeyScope)
    before = await rows_of_everything()
    async with town.program(key) as program:
        for route in changing():
            for act in ACTS[route.key]:
                if route.key_scope and not act.governors_too:
                    answer = await send(program, route, act, town)
                    assert answer.status_code in (403, 404), f"{route.key}: {answer.status_code}"
    assert await rows_of_everything() == before


async def test_a_key_outlives_no_change_of_the_role(town: Town) -> None:
    """Scopes and role are both asked at the moment of use."""
    key = await key_of(town, "cleo", KeyScope.WRITE)
    async with town.program(key) as program:
        assert (await program.post("/api/v1/suppliers", json={"name": "Elm Electrics"})).status_code == 201
        await people.change_role(town.viewers["hal"], town.viewers["cleo"].person, Role.GOVERNOR)
        assert (await program.post("/api/v1/suppliers", json={"name": "Fir Fencing"})).status_code == 403


async def test_the_description_for_programs_names_the_scope_of_each_operation(town: Town) -> None:
    async with town.browser("") as program:
        document = (await program.get("/api/v1/openapi.json")).json()
    for route in own_api():
        operation = document["paths"][route.path][route.method.lower()]
        if route.is_public:
            assert operation["security"] == [], route.key
        elif route.key_scope:
            assert operation["security"][0] == {"apiKey": [route.key_scope]}, route.key
            assert f"`{route.key_scope}`" in operation["description"], route.key
        else:
            assert operation["security"] == [{"session": []}], route.key
