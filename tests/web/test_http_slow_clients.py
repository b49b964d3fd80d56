"""Clients that are slow, stop half-way, take more than their share, or leave: over real sockets, with short deadlines."""

import asyncio
from collections.abc import AsyncIterator
from functools import cache
from typing import Any

import pytest
import uvicorn
from litestar import Request, get, post
from litestar.response import Stream
from litestar.types import ASGIApp
from structlog.testing import capture_logs

from base import settings
from tests.given.patience import until
from tests.given.raw_http import client, listening, request
from vouch.app import create_app
from web.http import bodies, connections

pytestmark = [pytest.mark.pure, pytest.mark.fault]

SHORT = 0.8  # seconds; a busy machine may stop for most of it


@get("/sample/slow")
async def slow() -> str:
    await asyncio.sleep(3 * SHORT)
    return "at last"


@get("/sample/large")
async def large() -> Stream:
    return Stream(iter([b"x" * 1024 * 1024] * 64))


@post("/sample/save")
async def save(request: Request[Any, Any, Any]) -> str:
    return str(len(await request.body()))


@cache
def app() -> ASGIApp:
    return create_app(settings.current(), more_handlers=[slow, large, save])


@pytest.fixture
async def server(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[uvicorn.Server]:
    monkeypatch.setattr(connections, "HEADER_SECONDS", SHORT)
    monkeypatch.setattr(connections, "READ_SECONDS", SHORT)
    monkeypatch.setattr(bodies, "SILENT_SECONDS", SHORT)
    async with listening(app()) as server:
        yield server


async def test_headers_that_drip_in_are_ended_with_a_sentence(server: uvicorn.Server) -> None:
    async with client(server) as slow_one:
        assert (await slow_one.drip("GET /healthz HTTP/1.1\r\nX-Slow: " + "x" * 60)).startswith("HTTP/1.1 408 ")
        assert await slow_one.is_closed()


async def test_a_connection_that_says_nothing_is_closed_without_a_word(server: uvicorn.Server) -> None:
    async with client(server) as silent:
        assert await silent.head() == ""


async def test_an_answer_may_take_longer_than_a_request_and_the_connection_serves_on(server: uvicorn.Server) -> None:
    async with client(server) as patient:
        for _ in range(2):
            await patient.send(request("GET", "/sample/slow"))
            assert (await patient.head()).startswith("HTTP/1.1 200 ")


async def test_a_second_request_that_drips_in_is_ended_like_the_first(server: uvicorn.Server) -> None:
    async with client(server) as slow_one:
        await slow_one.send(request("GET", "/healthz"))
        assert (await slow_one.head()).startswith("HTTP/1.1 200 ")
        assert (await slow_one.drip("GET /healthz HTTP/1.1\r\nX-Slow: " + "x" * 60)).startswith("HTTP/1.1 408 ")


async def test_half_a_body_and_then_silence_is_ended_with_a_sentence(server: uvicorn.Server) -> None:
    async with client(server) as slow_one:
        await slow_one.send(request("POST", "/sample/save", "Content-Length: 1000") + "half")
        assert (await slow_one.head()).startswith("HTTP/1.1 408 ")
        assert await slow_one.is_closed()


async def test_a_body_that_drips_in_never_silent_is_ended_all_the_same(server: uvicorn.Server) -> None:
    async with client(server) as slow_one:
        await slow_one.send(request("POST", "/sample/save", "Content-Length: 900000"))
        assert (await slow_one.drip("x" * 900_000)).startswith("HTTP/1.1 408 ")


async def test_a_body_at_a_fair_pace_may_take_longer_than_one_silence(
    server: uvicorn.Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bodies, "SLOWEST", 10)
    async with client(server) as steady:
        await steady.send(request("POST", "/sample/save", "Content-Length: 40"))
        assert (await steady.drip("x" * 40, every=0.04)).startswith("HTTP/1.1 201 ")  # for 1.6 s, at 25 bytes a second


async def test_a_body_that_goes_on_after_the_answer_is_ended(server: uvicorn.Server) -> None:
    async with client(server) as talker:
        await talker.send(request("POST", "/no/such/page", "Content-Length: 1000"))
        assert (await talker.head()).startswith("HTTP/1.1 404 ")
        assert await talker.drip("x" * 900) == ""


@pytest.mark.parametrize("path", ["/sample/save", "/sign-in"])
async def test_an_upload_that_is_broken_off_is_no_failure_of_ours(server: uvicorn.Server, path: str) -> None:
    kind = "Content-Type: multipart/form-data; boundary=b"
    with capture_logs() as lines:
        async with client(server) as leaver:
            await leaver.send(request("POST", path, "Content-Length: 100000", kind) + "--b\r\nContent-Disposition: form-data")
            await asyncio.sleep(0.05)
            leaver.leave()
            await until(lambda: logged(lines))
    assert [(line["status"], line["log_level"]) for line in lines] == [(499, "info")]


async def logged(lines: list[Any]) -> bool:
    return any(line["event"] == "request" for line in lines)


async def test_who_never_reads_the_answer_is_cut_off(server: uvicorn.Server) -> None:
    async with client(server) as deaf:
        deaf._reader._transport.pause_reading()  # type: ignore[attr-defined]
        await deaf.send(request("GET", "/sample/large"))
        await until(lambda: holds(server, 0))


async def holds(server: uvicorn.Server, number: int) -> bool:
    return len(server.server_state.connections) == number


async def test_one_address_may_not_take_every_connection(server: uvicorn.Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "OF_ONE_ADDRESS", 3)
    async with client(server), client(server), client(server):
        await until(lambda: holds(server, 3))
        async with client(server) as fourth:
            assert (await fourth.head()).startswith("HTTP/1.1 503 ")
    await until(lambda: holds(server, 0))
    async with client(server) as later:
        await later.send(request("GET", "/healthz"))
        assert (await later.head()).startswith("HTTP/1.1 200 ")


async def test_a_proxy_that_we_trust_may_have_as_many_as_it_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "OF_ONE_ADDRESS", 1)
    async with listening(app(), trusted_proxies=("127.0.0.0/8",)) as server, client(server), client(server) as second:
        await second.send(request("GET", "/healthz"))
        assert (await second.head()).startswith("HTTP/1.1 200 ")


async def test_a_request_with_two_lengths_is_refused_and_nothing_after_it_is_read(server: uvicorn.Server) -> None:
    async with client(server) as smuggler:
        both = request("POST", "/sample/save", "Content-Length: 5", "Transfer-Encoding: chunked")
        await smuggler.send(f"{both}0\r\n\r\n{request('GET', '/healthz')}")
        head = await smuggler.head()
        assert head.startswith("HTTP/1.1 400 ")
        assert "connection: close" in head.lower()
        assert await smuggler.is_closed()
