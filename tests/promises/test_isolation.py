"""Whatever the route: nobody without a key to the door gets in, and another school's things are as if they were not there."""

import io
import zipfile
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import httpx
import pytest

from base import clock
from sharing.sign_in import sessions
from tests.given.acts import ACTS
from tests.given.builders import stranger
from tests.given.examples import whole_on_sqlite
from tests.given.routes import Route, read, reading, routes, send, shown
from tests.given.town import EVIDENCE, Town, rows_of_everything

# What of Oakfield's a name in a path may stand for. The register's schools and the directory are everybody's.
OAKFIELDS = {
    "supplier_id": ("boilers", "drains", "gates", "fencing"),
    "merge_id": ("merge",),
    "decision_id": ("decision",),
    "link_id": ("supplier_link",),
    "review_id": ("review", "shared_review", "vouch"),
    "note_id": ("note", "shared_note"),
    "contract_id": ("contract", "boiler_contract", "shared_contract"),
    "contract_link": ("contract_link",),
    "meeting_id": ("meeting",),
    "action_id": ("action",),
    "question_id": ("question",),
    "concern_id": ("concern",),
    "credit_id": ("credit",),
    "assessment_id": ("rating",),
    "metric_id": ("metric",),
    "job_id": ("job",),
    "photo_id": ("photo", "hidden_photo"),
    "stamp_id": ("stamp",),
    "document_id": ("boiler_contract_document", "shared_contract_document", "hidden_document"),
    "attachment_id": ("file", "shared_file"),
    "person": ("ann", "cleo"),
    "network": ("network",),
    "invitation": ("invitation", "sent_invitation"),
    "request_id": ("asked", "received"),
    "link": ("link",),
    "key": ("key",),
    "session": ("session",),
    "recipient": ("recipient",),
    "erasure_id": ("erasure",),
    "hold_id": ("hold",),
    "grant": ("grant",),
    "naming": ("naming",),  # Dale's: Oakfield has a head
    "asked": ("pair",),  # Gorse's, where one let the other in
    "waiting_id": ("waiting",),  # the erasure, as those see it who decide from outside
    "opening": ("opening",),  # Fern's
    "succession_id": ("succession",),  # Dale's
    "import_id": ("import",),
    "correction_id": ("correction",),
    "shared_review_id": ("review", "vouch", "hidden_review"),
    "enquiry_id": ("enquiry", "hidden_enquiry"),
    "shared_enquiry_id": ("enquiry", "hidden_enquiry"),
    "edit_id": ("edit",),  # a curator's
    "register_id": ("register",),
}
EVERYBODYS = {
    *("school", "token", "letter", "feed", "waiting_name"),  # a letter and feeds by their secrets
    *("name", "path", "which", "place", "named", "part", "question", "number"),
}
# Reached with a school that anybody may name, but about a link that only Oakfield has with it.
ABOUT_A_LINK = {
    "POST /schools/{school}/disconnect": "fern",
    "DELETE /api/v1/connections/{school}": "fern",
    "POST /schools/{school}/unblock": "gorse",
    "DELETE /api/v1/blocks/{school}": "gorse",
}
BROWSERS_ONLY = ("/people", "/erasures", "/auditors", "/account", "/api-keys", "/security-log", "/switch", "/criticism")
OPERATORS_ONLY = {
    "GET /people/invite-school", "POST /people/invite-school",
    "GET /people/break-glass", "POST /people/break-glass",
    "GET /people/new-heads", "GET /people/new-heads/new", "POST /people/new-heads",
    "GET /people/heads", "GET /people/heads/{naming}", "POST /people/heads/{naming}/confirm",
    "GET /people/two", "GET /people/two/{asked}", "POST /people/two/{asked}/confirm",
    "GET /people/published-address/{school}", "POST /people/published-address/{school}",
    "GET /erasures/outside", "GET /erasures/outside/{waiting_id}", "POST /erasures/outside/{waiting_id}/approve",
    "GET /directory/duplicates", "GET /directory/compare", "POST /directory/compare", "GET /directory/corrections",
    "POST /directory/corrections/{correction_id}/refuse", "POST /directory/edits/{edit_id}/undo",
    "GET /security-log", "POST /security-log", "GET /running",
}  # fmt: skip
CRITICISM = ("Dear in March", "Late in March")


async def ask(browser: httpx.AsyncClient, route: Route, town: Town, **instead: str) -> httpx.Response:
    """Reads, or sends the first of the route's requests."""
    if route.method == "GET":
        return await read(browser, route, town, **instead)
    return await send(browser, route, ACTS[route.key][0], town, content=None, **instead)


def things(route: Route) -> Iterator[tuple[str, str]]:
    """(name in the path, id of Oakfield's) for everything of Oakfield's that a route can be asked for."""
    for name in route.names:
        if name == "item_id":
            yield from ((name, id_name) for id_name in OAKFIELDS["review_id" if "/reviews/" in route.path else "note_id"])
        elif route.key in ABOUT_A_LINK:
            yield name, ABOUT_A_LINK[route.key]
        elif name not in EVERYBODYS:
            assert name in OAKFIELDS, (
                f"say in tests/promises/test_isolation.py which things of Oakfield's {{{name}}} is, for {route.key}"
            )
            yield from ((name, id_name) for id_name in OAKFIELDS[name])


WITH_THINGS = [route for route in routes() if list(things(route))]


@pytest.mark.pure
def test_most_routes_are_swept() -> None:
    assert len(WITH_THINGS) > 40
    assert {"GET", "POST", "PUT", "DELETE"} == {route.method for route in WITH_THINGS}


async def sweep(browser: httpx.AsyncClient, town: Town, swept: list[Route], *, may_see: tuple[str, ...] = ()) -> None:
    for route in swept:
        for name, id_name in things(route):
            if id_name not in may_see:
                theirs = await ask(browser, route, town, **{name: town.ids[id_name]})
                nobodys = await ask(browser, route, town, **{name: str(uuid4())})
                assert theirs.status_code == 404, f"{route.key} with {id_name}: {theirs.status_code}"
                assert shown(theirs) == shown(nobodys), f"{route.key} tells {id_name} from what is not there"


async def test_another_schools_things_are_as_if_they_were_not_there(town: Town) -> None:
    before = await rows_of_everything()
    async with town.browser("bob") as browser:
        await sweep(browser, town, WITH_THINGS)
    assert await rows_of_everything() == before


async def test_so_they_are_for_another_schools_api_key(town: Town) -> None:
    before = await rows_of_everything()
    async with town.program(town.keys["bob"]) as program:
        await sweep(program, town, [route for route in WITH_THINGS if route.key_scope])
    assert await rows_of_everything() == before


async def test_so_they_are_for_the_operator_of_the_installation(town: Town) -> None:
    """Her own school, Fern, was shared a file; she confirms heads and that two are two, is told what waits to be erased, and
    looks after the directory.
    """
    before = await rows_of_everything()
    async with town.browser("olive") as browser:
        swept = [route for route in whole_on_sqlite(WITH_THINGS) if route.key not in ABOUT_A_LINK]
        await sweep(
            browser,
            town,
            swept,
            may_see=(
                "shared_file",
                "enquiry",
                "shared_contract",
                "shared_contract_document",
                "naming",
                "pair",
                "waiting",
                "opening",
                "correction",
                "edit",
                "succession",
            ),
        )
    assert await rows_of_everything() == before


async def test_what_is_named_beside_the_address_is_as_hidden(town: Town) -> None:
    """Ids of another school in a query or a body."""
    before = await rows_of_everything()
    vouch = town.ids["bobs_vouch"]
    async with town.browser("bob") as browser:

        async def with_id(kind: str, their_id: str) -> httpx.Response:
            match kind:
                case "a note to make a review of":
                    return await browser.get(f"/suppliers/{town.ids['cleaning']}/review?note={their_id}")
                case "a school to switch to":
                    return await browser.post("/switch", data={"school": their_id})
                case _:
                    grant = {"kind": kind, "subject": their_id, "fields": ["rating"]}
                    return await browser.put(f"/api/v1/reviews/{vouch}/audience", json={"grants": [grant]})

        asked = [("a note to make a review of", "note"), ("a school to switch to", "oakfield"), ("network", "network")]
        for kind, id_name in asked:
            theirs, nobodys = await with_id(kind, town.ids[id_name]), await with_id(kind, str(uuid4()))
            assert theirs.status_code in (404, 422), kind
            told, expected = (answer.text.replace(town.ids[id_name], "") for answer in (theirs, nobodys))
            assert told == expected or kind == "a school to switch to", kind
    async with town.browser("ann") as browser:
        path = f"/api/v1/reviews/{town.ids['review']}/audience"
        grants = [{"kind": "school", "subject": town.ids["fern"]}]
        joins = [await browser.put(path, json={"grants": grants, "same_as": i}) for i in (town.ids["glazing"], str(uuid4()))]
        assert shown(joins[0]) == shown(joins[1])
        assert joins[0].status_code == 404
    assert await rows_of_everything() == before


DOORS = ("nobody", "forged cookie", "revoked key", "expired key", "key that never was", "empty key")


@asynccontextmanager
async def forged(town: Town) -> AsyncIterator[httpx.AsyncClient]:
    async with stranger() as browser:
        browser.cookies.set(sessions.cookie_name(), "forged-" + town.tokens["ann"][7:], domain="127.0.0.1")
        yield browser


@pytest.mark.parametrize("who", DOORS)
async def test_nothing_opens_to(town: Town, who: str) -> None:
    """To nobody no route; of the others each tries its part of the routes, and between them all."""
    keys = {
        "revoked key": town.keys["revoked"],
        "expired key": town.keys["expired"],
        "key that never was": "vk_x_y",
        "empty key": "",
    }
    door = town.program(keys[who]) if who in keys else forged(town) if who == "forged cookie" else town.browser("")
    place = DOORS.index(who)
    await refused_everywhere(door, town, routes()[place - 1 :: len(DOORS) - 1] if place else whole_on_sqlite(routes()))


async def test_nothing_opens_to_a_session_that_has_run_out(town: Town) -> None:
    with clock.at(clock.now() + sessions.ABSOLUTE + timedelta(seconds=1)):
        await refused_everywhere(town.browser("ann"), town, routes()[::5])


async def refused_everywhere(door: object, town: Town, tried: Iterable[Route]) -> None:
    before = await rows_of_everything()
    async with door as browser:  # type: ignore[attr-defined]
        for route in tried:
            if not route.is_public and "openapi" not in route.path:
                answer = await ask(browser, route, town)
                assert is_turned_away(answer, route), f"{route.key}: {answer.status_code}"
    assert await rows_of_everything() == before


def is_turned_away(answer: httpx.Response, route: Route) -> bool:
    """Programs hear why, browsers go to sign in; no key at all is asked about at pages that take none."""
    if answer.status_code == 403:
        return "authorization" in answer.request.headers and route.path.startswith(BROWSERS_ONLY)
    if route.is_api:
        return answer.status_code == 401
    return answer.status_code == 303 and answer.headers["location"].startswith("/sign-in")


@pytest.mark.one_engine
async def test_an_api_key_opens_no_page_about_accounts_and_people(town: Town) -> None:
    before = await rows_of_everything()
    async with town.program(town.keys["ann"]) as program:
        for route in routes():
            if route.path.startswith(BROWSERS_ONLY):
                assert (await ask(program, route, town)).status_code == 403, route.key
    assert await rows_of_everything() == before


async def test_only_the_operator_invites_to_other_schools_and_looks_after_the_directory(town: Town) -> None:
    async with town.browser("hal") as browser:
        for route in routes():
            if route.key in OPERATORS_ONLY:
                assert (await ask(browser, route, town)).status_code == 404


async def test_a_governor_reads_everything_but_criticism(town: Town) -> None:
    before, texts = await rows_of_everything(), []
    async with town.browser("gus") as browser:
        for route in reading():
            if route.key not in OPERATORS_ONLY and "openapi" not in route.path and "static" not in route.path:
                answer = await ask(browser, route, town)
                assert answer.status_code in (200, 303, 403, 404), f"{route.key}: {answer.status_code}"
                texts.append((route.key, answer.text))
    told = [key for key, text in texts for words in CRITICISM if words in text]
    assert not told, f"criticism in {told}"
    assert any("On time." in text for _, text in texts)
    assert await rows_of_everything() == before


@pytest.mark.one_engine
async def test_the_head_reads_that_criticism(town: Town) -> None:
    """So that the test above is not one that can't fail."""
    async with town.browser("hal") as browser:
        texts = [(await ask(browser, route, town)).text for route in reading()]
    assert all(any(words in text for text in texts) for words in CRITICISM)


@pytest.mark.one_engine
async def test_the_reference_of_evidence_is_read_by_its_own_school_alone(town: Town) -> None:
    """Others, who see every group of the review, and whoever runs the installation, learn that there is evidence, and no more."""
    told = await what_is_read_of_gravel("ann", town)
    assert {key for key, text in told if EVIDENCE in text} > {"GET /suppliers/{supplier_id}", "GET /api/v1/reviews/{review_id}"}
    for who in ("bob", "olive"):
        told = await what_is_read_of_gravel(who, town)
        assert [key for key, text in told if EVIDENCE in text or "kestrel" in text] == []
        given = {key for key, text in told if "Evidence given" in text or '"gives_evidence":true' in text}
        assert given == {"GET /suppliers/{supplier_id}", "GET /api/v1/suppliers/{supplier_id}/reviews"}


async def what_is_read_of_gravel(who: str, town: Town) -> list[tuple[str, str]]:
    """(route, what it answers) of every route that reads, asked for that review and supplier; what is in a zip is unpacked."""
    about = replace(town, ids=town.ids | {"boilers": town.ids["gravel"], "review": town.ids["wide_review"]})
    async with town.browser(who) as browser:
        return [(route.key, unpacked((await read(browser, route, about)).content)) for route in reading()]


def unpacked(content: bytes) -> str:
    if not content.startswith(b"PK"):
        return content.decode(errors="replace")
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return "".join(packed.read(name).decode(errors="replace") for name in packed.namelist())


@pytest.mark.pure
def test_every_route_that_asks_for_no_sign_in_is_meant_to() -> None:
    assert {route.path for route in routes() if route.is_public} == {
        "/api/v1/openapi.json", "/api/v1/openapi.json/openapi.json", "/api/v1/openapi.json/{path}",
        "/", "/about/api", "/about/privacy", "/about/ranking", "/about/reviews", "/about/{name}", "/robots.txt",
        "/.well-known/security.txt", "/static/{name}", "/healthz", "/readyz", "/api/v1/categories",
        "/sign-in", "/sign-out", "/forgot-password", "/join/{token}", "/new-password/{token}",
        "/outside/two-people/{token}", "/outside/erasure/{token}", "/letters/stop/{letter}", "/feeds/{feed}",
        "/feeds/waiting/{waiting_name}",
        "/verify", "/verify/keys", "/verify/keys.txt", "/verify/vouch-verify.html", "/verify/vouch_verify.py",
        "/api/v1/trail/keys",
        "/trail/origins/{number}",
    }  # fmt: skip
