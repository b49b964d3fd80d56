"""What surrounds every request: headers, limits, origins, HEAD, ids and the access log."""

import json
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from typing import Any

import httpx
import pytest
import structlog
from litestar import Request, get, post
from litestar.params import FromPath
from litestar.types import ASGIApp
from structlog.testing import capture_logs

from base import settings
from base.settings import Settings
from vouch.app import create_app
from web.http import bodies, gate

pytestmark = pytest.mark.pure

HERE = "http://127.0.0.1:8000"
SAME_SITE = {"Sec-Fetch-Site": "same-origin"}


@get("/sample/boom")
async def boom() -> str:
    raise RuntimeError("what somebody typed")


@get("/sample/join/{token:str}")
async def join(token: FromPath[str]) -> str:
    return f"welcome {len(token)}"


@post("/sample/save")
async def save(request: Request[Any, Any, Any]) -> str:
    return str(len(await request.body()))


@post("/sample/notes")
async def save_note(request: Request[Any, Any, Any]) -> str:
    return str(len(await request.body()))


@get("/sample/who")
async def who(request: Request[Any, Any, Any]) -> str:
    return request.client.host if request.client else ""


HANDLERS = (boom, join, save, save_note, who)


@cache  # putting one together takes half a second
def app_of(**changes: Any) -> ASGIApp:
    chosen: Settings = replace(settings.current(), **changes)
    return create_app(chosen, more_handlers=HANDLERS)


def browser(app: ASGIApp, base_url: str = HERE, **options: Any) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=base_url, **options)  # type: ignore[arg-type]


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with browser(app_of()) as made:
        yield made


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/about/privacy", 200),
        ("HEAD", "/about/privacy", 200),
        ("GET", "/no/such/page", 404),
        ("GET", "/static/nothing.css", 404),
        ("GET", "/api/v1/nothing", 404),
        ("DELETE", "/about/privacy", 405),
        ("GET", "/sample/boom", 500),
        ("GET", "/healthz", 200),
        ("GET", "/sample/who?q=%00", 422),
    ],
)
async def test_every_response_carries_the_security_headers(
    client: httpx.AsyncClient, method: str, path: str, status: int
) -> None:
    answer = await client.request(method, path, headers=SAME_SITE)
    assert answer.status_code == status
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["x-frame-options"] == "DENY"
    assert answer.headers["referrer-policy"] == "same-origin"
    assert answer.headers["cross-origin-opener-policy"] == "same-origin"
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"
    assert "camera=()" in answer.headers["permissions-policy"]
    assert answer.headers["cache-control"] == "private, no-store"
    assert "Cookie" in answer.headers["vary"]
    assert len(answer.headers["x-request-id"]) == 24
    assert "strict-transport-security" not in answer.headers  # this one is served over http


async def test_https_is_demanded_only_where_it_is_used() -> None:
    async with browser(app_of(origin="https://vouch.example.org"), "https://vouch.example.org") as client:
        assert "max-age" in (await client.get("/nope")).headers["strict-transport-security"]


async def test_head_answers_like_get_without_a_body(client: httpx.AsyncClient) -> None:
    got, head = await client.get("/about/privacy"), await client.head("/about/privacy")
    assert head.status_code == got.status_code == 200
    assert head.content == b""
    assert head.headers["content-length"] == str(len(got.content))


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"},
        {"Sec-Fetch-Site": "same-site", "Origin": HERE},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Cookie": "session=x"},
        {"Cookie": "session=x", "Authorization": "Bearer x"},
        {"Sec-Fetch-Site": "cross-site", "Authorization": "Basic x"},
    ],
)
async def test_a_change_that_another_site_asked_for_is_refused(client: httpx.AsyncClient, headers: dict[str, str]) -> None:
    answer = await client.post("/sample/save", content="x", headers=headers)
    assert answer.status_code == 403
    assert "came from another site" in answer.text


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "same-origin", "Cookie": "session=x"},
        {"Origin": HERE, "Cookie": "session=x"},
        {"Authorization": "Bearer key"},
        {},
    ],
)
async def test_a_change_that_our_own_page_or_a_key_asked_for_is_let_through(
    client: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    assert (await client.post("/sample/save", content="x", headers=headers)).status_code == 201


async def test_another_site_may_still_link_to_a_page(client: httpx.AsyncClient) -> None:
    assert (await client.get("/about/privacy", headers={"Sec-Fetch-Site": "cross-site"})).status_code == 200


async def test_two_hundred_megabytes_are_refused_without_being_read() -> None:
    taken = 0

    async def receive() -> dict[str, Any]:
        nonlocal taken
        taken += 1
        return {"type": "http.request", "body": b"x" * 65536, "more_body": True}

    sent = await _raw(app_of(), receive, [(b"content-length", b"209715200"), (b"sec-fetch-site", b"same-origin")])
    assert sent[0]["status"] == 413
    assert b"1 MB" in sent[1]["body"]
    assert taken == 0


async def test_a_body_that_declares_no_length_is_stopped_at_its_limit() -> None:
    taken = 0

    async def receive() -> dict[str, Any]:
        nonlocal taken
        taken += 1
        return {"type": "http.request", "body": b"x" * 65536, "more_body": True}

    sent = await _raw(app_of(), receive, [(b"sec-fetch-site", b"same-origin")])
    assert sent[0]["status"] == 413
    assert taken == bodies.USUAL_BODY // 65536 + 1


async def test_a_file_may_be_larger_than_a_form(client: httpx.AsyncClient) -> None:
    content = b"x" * (bodies.USUAL_BODY + 1)
    assert (await client.post("/sample/save", content=content, headers=SAME_SITE)).status_code == 413
    assert (await client.post("/sample/notes", content=content, headers=SAME_SITE)).text == str(len(content))
    too_large = b"x" * (bodies.FILE_BODY + 1)
    answer = await client.post("/sample/notes", content=too_large, headers=SAME_SITE | {"Accept": "application/json"})
    assert answer.status_code == 413
    assert "12 MB" in answer.json()["detail"]


async def test_an_endless_address_is_refused(client: httpx.AsyncClient) -> None:
    assert (await client.get("/about/privacy?q=" + "x" * gate.LONGEST_URL)).status_code == 414


async def test_endless_headers_are_refused(client: httpx.AsyncClient) -> None:
    assert (await client.get("/about/privacy", headers={"X-Long": "x" * gate.LARGEST_HEADERS})).status_code == 431
    many = {f"X-{number}": "x" for number in range(gate.MOST_HEADERS + 1)}
    assert (await client.get("/about/privacy", headers=many)).status_code == 431


@pytest.mark.parametrize("path", ["/sample/join/a%00b", "/search?q=a%00b"])
async def test_an_address_with_nul_gets_a_sentence(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.get(path)
    assert answer.status_code == 422
    assert "character that can&#39;t be used" in answer.text


async def test_only_the_address_people_type_is_answered() -> None:
    async with browser(app_of(origin="https://vouch.example.org"), "https://vouch.example.org") as client:
        assert (await client.get("/about/privacy")).status_code == 200
        assert (await client.get("/about/privacy", headers={"Host": "vouch.example.org:443"})).status_code == 200
        for host in ("evil.example", "vouch.example.org.evil.example", "127.0.0.1", "", "[oops"):
            answer = await client.get("/about/privacy", headers={"Host": host})
            assert answer.status_code == 421
            assert "https://vouch.example.org" in answer.text
        assert (await client.get("/healthz", headers={"Host": "10.0.0.7"})).status_code == 200


async def test_on_this_computer_any_of_its_names_and_ports_will_do(client: httpx.AsyncClient) -> None:
    for host in ("localhost:4000", "127.0.0.1:1", "[::1]:9"):
        assert (await client.get("/about/privacy", headers={"Host": host})).status_code == 200
    assert (await client.get("/about/privacy", headers={"Host": "rebound.example"})).status_code == 421


async def test_a_forwarded_address_is_believed_from_a_trusted_proxy_only() -> None:
    forwarded = {"X-Forwarded-For": "6.6.6.6, 203.0.113.9, 10.0.0.2"}
    async with browser(app_of()) as client:
        assert (await client.get("/sample/who", headers=forwarded)).text == "127.0.0.1"
    async with browser(app_of(trusted_proxies=("127.0.0.1", "10.0.0.0/8"))) as client:
        assert (await client.get("/sample/who", headers=forwarded)).text == "203.0.113.9"
        assert (await client.get("/sample/who", headers={"X-Forwarded-For": "nonsense"})).text == "127.0.0.1"


async def test_the_access_log_holds_no_query_cookie_body_or_one_time_link(client: httpx.AsyncClient) -> None:
    secret = "the-secret-of-ms-field"
    with capture_logs() as lines:
        await client.get(f"/sample/join/{secret}?q={secret}", headers={"Cookie": f"session={secret}"})
        await client.get(f"/nowhere/{secret}")
        await client.post("/sample/save", content=secret, headers=SAME_SITE)
    assert [(line["method"], line["path"], line["status"]) for line in lines] == [
        ("GET", "/sample/join/{token}", 200),
        ("GET", "(no such page)", 404),
        ("POST", "/sample/save", 201),
    ]
    assert all(line["ms"] >= 0 for line in lines)
    assert secret not in json.dumps(lines)


async def test_a_failure_is_logged_once_and_the_page_quotes_its_number(client: httpx.AsyncClient) -> None:
    with capture_logs(processors=[structlog.contextvars.merge_contextvars]) as lines:
        answer = await client.get("/sample/boom")
    failure = next(line for line in lines if line["log_level"] == "error")
    assert failure["request_id"] == answer.headers["x-request-id"]
    assert answer.headers["x-request-id"] in answer.text
    assert "what somebody typed" not in answer.text


async def test_a_log_that_can_not_be_written_spoils_no_answer(client: httpx.AsyncClient) -> None:
    with _broken_log():
        assert (await client.get("/about/privacy")).status_code == 200
        assert (await client.get("/sample/boom")).status_code == 500
        assert (await client.get("/nope")).status_code == 404


@contextmanager
def _broken_log() -> Iterator[None]:
    def full_disk(*_: Any) -> Any:
        raise OSError("No space left on device")

    before = structlog.get_config()
    structlog.configure(processors=[full_disk])
    try:
        yield
    finally:
        structlog.configure(**before)


async def _raw(app: ASGIApp, receive: Any, headers: list[tuple[bytes, bytes]]) -> list[dict[str, Any]]:
    sent: list[dict[str, Any]] = []

    async def send(message: Any) -> None:
        sent.append(message)

    scope: Any = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": "/sample/save",
        "raw_path": b"/sample/save",
        "query_string": b"",
        "root_path": "",
        "headers": [(b"host", b"127.0.0.1:8000"), *headers],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 8000),
    }
    await app(scope, receive, send)
    return sent
