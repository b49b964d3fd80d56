"""What a request may say of itself and does not mean: an address that is none is refused, and OPTIONS tells the truth."""

from collections.abc import AsyncIterator
from dataclasses import replace
from functools import cache
from typing import Any

import httpx
import pytest

from base import settings
from base.settings import Settings
from tests.given.routes import routes
from vouch.app import create_app

pytestmark = pytest.mark.pure

NO_HOSTS = (
    "127.0.0.1:99999", "127.0.0.1:0", "127.0.0.1:abc", "127.0.0.1:-1", "127.0.0.1:8000:8000", "[::1", "[::1]:99999",
    "user@127.0.0.1", "127.0.0.1/x", "127.0.0.1?x", "127.0.0.1#x", "127.0.0.1\\x", " 127.0.0.1", "localhost:\x80",
)  # fmt: skip
NO_ORIGINS = ("http://[::1", "http://127.0.0.1:99999", "null", "http://127.0.0.1:abc", "\x80", "")
NO_LENGTHS = ("-1", "abc", "1e3", "9" * 400, "", "\x80", "+1", "1 1")
FORWARDED = ("[::1", "10.0.0.1:99999", "\x80", ",,,", "1.2.3.4.5", "unknown")


@cache  # putting one together takes half a second
def app_of(chosen: Settings) -> Any:
    return create_app(chosen)


def client_of(**changes: Any) -> httpx.AsyncClient:
    chosen = replace(settings.current(), **changes)
    transport = httpx.ASGITransport(app_of(chosen))
    return httpx.AsyncClient(transport=transport, base_url=chosen.origin)


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(trusted_proxies=("127.0.0.1",)) as made:
        yield made


@pytest.mark.parametrize("host", NO_HOSTS)
@pytest.mark.parametrize("path", ["/about/privacy", "/api/v1/categories", "/sign-in", "/nope"])
async def test_a_host_that_is_none_is_refused_and_breaks_nothing(client: httpx.AsyncClient, host: str, path: str) -> None:
    answer = await client.get(path, headers=[(b"host", host.encode("latin-1"))])
    assert answer.status_code == 421


@pytest.mark.parametrize("host", NO_HOSTS)
async def test_whoever_watches_the_process_takes_no_slip_of_theirs_for_our_fault(client: httpx.AsyncClient, host: str) -> None:
    answer = await client.get("/healthz", headers=[(b"host", host.encode("latin-1"))])
    assert answer.status_code in (200, 400)


@pytest.mark.parametrize(
    ("header", "value", "statuses"),
    [("origin", one, {403}) for one in NO_ORIGINS[:-1]]
    + [("content-length", one, {422}) for one in NO_LENGTHS]
    + [("x-forwarded-for", one, {401, 403, 303}) for one in FORWARDED],
)
async def test_other_headers_that_say_nothing_are_no_failure_of_ours(
    client: httpx.AsyncClient, header: str, value: str, statuses: set[int]
) -> None:
    sent = [(header.encode(), value.encode("latin-1"))]
    sent.append((b"cookie", b"vouch=none") if header == "origin" else (b"sec-fetch-site", b"same-origin"))
    answer = await client.request("POST", "/api/v1/suppliers", headers=sent)
    assert answer.status_code in statuses


async def test_options_lists_every_method_of_a_path_and_405_the_same(client: httpx.AsyncClient) -> None:
    by_path: dict[str, set[str]] = {}
    for route in routes():
        by_path.setdefault(route.path, set()).add(route.method)
    assert len(by_path) > 100
    for path, methods in by_path.items():
        real = (
            path.replace("{name}", "privacy")
            .replace("{path}", "vouch.css")
            .replace("{token}", "x")
            .replace("{which}", "new")
            .replace("{place}", "1")
        )
        for name in [part[1:-1] for part in real.split("/") if part.startswith("{")]:
            real = real.replace(f"{{{name}}}", "6b2f3a6e-4b1d-4b53-9d8a-0123456789ab")
        told = await client.options(real)
        expected = {*methods, "OPTIONS", *({"HEAD"} if "GET" in methods else ())}
        assert (told.status_code, set(told.headers["allow"].split(", "))) == (204, expected), real
        refused = await client.request("PATCH", real, headers={"Sec-Fetch-Site": "same-origin"})
        assert (refused.status_code, set(refused.headers["allow"].split(", "))) == (405, expected), real


async def test_subdomains_are_bound_to_https_only_where_the_operator_says_so() -> None:
    asked = {}
    for said in (False, True):
        async with client_of(origin="https://vouch.example.org", hsts_subdomains=said) as client:
            asked[said] = (await client.get("/healthz")).headers["strict-transport-security"]
    assert asked == {False: "max-age=31536000", True: "max-age=31536000; includeSubDomains"}
    async with client_of(hsts_subdomains=True) as client:
        assert "strict-transport-security" not in (await client.get("/healthz")).headers
