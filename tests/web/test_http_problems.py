"""One refusal, three shapes: page, fragment, problem+json; and what nobody may learn from them."""

from collections.abc import AsyncIterator
from functools import cache
from typing import Annotated, Any
from uuid import UUID

import httpx
import msgspec
import pytest
from litestar import get, post
from litestar.di import NamedDependency
from litestar.exceptions import HTTPException
from litestar.params import FromPath, FromQuery, JSONBody
from litestar.types import ASGIApp

from base import settings
from base.refusals import Busy, Conflict, Forbidden, Invalid, NotFound, SignInNeeded, TooLarge, TooMany
from vouch.app import create_app

pytestmark = pytest.mark.pure

REFUSALS = {
    "invalid": Invalid("Check your answers.", rating="Choose a rating from 1 to 5"),
    "forbidden": Forbidden("Governors read; ask your head to share."),
    "missing": NotFound(),
    "conflict": Conflict("Somebody else changed this review."),
    "large": TooLarge("The file must be smaller than 10 MB."),
    "many": TooMany("Too many tries. Wait a minute.", retry_after_seconds=60),
    "busy": Busy(),
    "sign-in": SignInNeeded(),
}


class Thing(msgspec.Struct):
    rating: int


@get("/sample/refuse/{name:str}")
async def refuse(name: FromPath[str]) -> str:
    raise REFUSALS[name]


@get("/api/v1/sample/refuse/{name:str}")
async def refuse_api(name: FromPath[str]) -> str:
    raise REFUSALS[name]


@get("/api/v1/sample/thing/{key:uuid}")
async def read_thing(key: FromPath[UUID], size: FromQuery[int] = 1) -> str:
    raise NotFound


@post("/api/v1/sample/thing")
async def write_thing(data: JSONBody[Thing]) -> str:
    return str(data.rating)


class Named(msgspec.Struct, forbid_unknown_fields=True):
    titles: Annotated[str, msgspec.Meta(max_length=3)]


@post("/api/v1/sample/named")
async def write_named(data: JSONBody[Named], titles: NamedDependency[Any]) -> str:
    return data.titles


@get("/sample/teapot")
async def teapot() -> str:
    raise HTTPException(status_code=418, detail="secret detail")


@get("/sample/decode")
async def decode() -> str:
    msgspec.json.decode(b'{"rating": "secret"}', type=Thing)
    return ""


HANDLERS = (refuse, refuse_api, read_thing, write_thing, write_named, teapot, decode)


@cache
def app() -> ASGIApp:
    return create_app(settings.current(), more_handlers=HANDLERS)


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app())  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url=settings.current().origin) as made:
        yield made


@pytest.mark.parametrize("name", sorted(REFUSALS.keys() - {"sign-in"}))
async def test_a_refusal_says_the_same_sentence_as_page_fragment_and_json(client: httpx.AsyncClient, name: str) -> None:
    refusal = REFUSALS[name]
    page = await client.get(f"/sample/refuse/{name}")
    fragment = await client.get(f"/sample/refuse/{name}", headers={"HX-Request": "true"})
    problem = await client.get(f"/api/v1/sample/refuse/{name}")
    assert page.status_code == fragment.status_code == problem.status_code == refusal.status
    assert refusal.sentence in page.text
    assert f"<title>{refusal.title.replace(chr(39), '&#39;')} - Vouch</title>" in page.text
    assert refusal.sentence in fragment.text
    assert "<html" not in fragment.text
    assert problem.headers["content-type"] == "application/problem+json"
    assert problem.json()["detail"] == refusal.sentence
    assert problem.json()["status"] == refusal.status
    assert problem.json()["type"] == "about:blank"
    assert problem.json().get("errors", {}) == refusal.fields


async def test_a_wait_is_told_in_the_header_too(client: httpx.AsyncClient) -> None:
    assert (await client.get("/sample/refuse/many")).headers["retry-after"] == "60"
    assert (await client.get("/api/v1/sample/refuse/busy")).headers["retry-after"] == "2"


async def test_a_script_that_asks_for_json_gets_it_on_any_path(client: httpx.AsyncClient) -> None:
    answer = await client.get("/sample/refuse/conflict", headers={"Accept": "application/json"})
    assert answer.json()["detail"] == "Somebody else changed this review."
    as_browser = "text/html,application/xhtml+xml,application/json;q=0.9"
    assert "<html" in (await client.get("/sample/refuse/conflict", headers={"Accept": as_browser})).text


async def test_not_there_and_not_visible_are_the_same_bytes(client: httpx.AsyncClient) -> None:
    some_id = "0198f6b0-0000-7000-8000-000000000000"
    problems = [
        await client.get(path)
        for path in (
            f"/api/v1/sample/thing/{some_id}",
            "/api/v1/sample/thing/no-id",
            "/api/v1/nowhere",
            "/api/v1/sample/refuse/missing",
        )
    ]
    pages = [await client.get(path) for path in ("/sample/refuse/missing", "/nowhere", "/static/nothing", "/about/nothing")]
    for answers in (problems, pages):
        assert {answer.status_code for answer in answers} == {404}
        assert len({answer.content for answer in answers}) == 1
        by_chance = ("x-request-id", "content-length")  # the length of what goes out compressed
        assert len({frozenset(h for h in a.headers.items() if h[0] not in by_chance) for a in answers}) == 1


async def test_a_browser_is_sent_to_sign_in_and_back_to_its_page(client: httpx.AsyncClient) -> None:
    answer = await client.get("/sample/refuse/sign-in?miles=5&need=a b")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/sign-in?next=/sample/refuse/sign-in%3Fmiles%3D5%26need%3Da%2520b"
    fragment = await client.get("/sample/refuse/sign-in", headers={"HX-Request": "true"})
    assert fragment.status_code == 401
    assert fragment.headers["hx-redirect"] == "/sign-in"
    assert (await client.get("/api/v1/sample/refuse/sign-in")).status_code == 401


async def test_a_wrong_method_is_told_which_ones_work(client: httpx.AsyncClient) -> None:
    answer = await client.request("DELETE", "/sample/teapot", headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == 405
    assert {"GET", "HEAD"} <= set(answer.headers["allow"].split(", "))


async def test_json_of_the_wrong_shape_names_the_field(client: httpx.AsyncClient) -> None:
    answer = await client.post("/api/v1/sample/thing", json={"rating": "good"}, headers={"Authorization": "Bearer x"})
    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == ["rating"]


@pytest.mark.parametrize(
    ("sent", "field"),
    [({"titles": "four"}, "titles"), ({"titles": 4}, "titles"), ({}, "titles"), ({"titles": "two", "mood": "good"}, "mood")],
)
async def test_a_fault_in_json_is_told_by_its_field_whatever_a_handler_calls_what_it_asks_for(
    client: httpx.AsyncClient, sent: object, field: str
) -> None:
    answer = await client.post("/api/v1/sample/named", json=sent, headers={"Authorization": "Bearer x"})
    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])


@pytest.mark.parametrize("body", [b"{", b"", b"\xff", b"[" * 5000])
async def test_json_that_can_not_be_read_gets_a_sentence(client: httpx.AsyncClient, body: bytes) -> None:
    headers = {"Authorization": "Bearer x", "Content-Type": "application/json"}
    answer = await client.post("/api/v1/sample/thing", content=body, headers=headers)
    assert answer.status_code == 400
    assert answer.json()["detail"] == "What was sent can't be read. Go back, check it and try again."


async def test_a_query_of_the_wrong_type_is_not_echoed(client: httpx.AsyncClient) -> None:
    answer = await client.get("/api/v1/sample/thing/0198f6b0-0000-7000-8000-000000000000?size=secret-words")
    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == ["size"]
    assert "secret-words" not in answer.text


@pytest.mark.parametrize(("path", "status"), [("/sample/teapot", 418), ("/sample/decode", 400)])
async def test_what_a_library_says_about_itself_is_not_shown(client: httpx.AsyncClient, path: str, status: int) -> None:
    answer = await client.get(path)
    assert answer.status_code == status
    assert "secret" not in answer.text
