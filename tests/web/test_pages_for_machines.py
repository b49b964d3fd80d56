"""The two files that machines look for at fixed addresses."""

from datetime import datetime, timedelta

import httpx
import pytest

from base import clock, settings
from tests.given.builders import stranger

pytestmark = pytest.mark.pure


async def asked(path: str) -> httpx.Response:
    async with stranger() as browser:
        return await browser.get(path)


async def test_no_search_engine_is_to_keep_any_page() -> None:
    answer = await asked("/robots.txt")
    assert (answer.headers["content-type"], answer.text) == ("text/plain; charset=utf-8", "User-agent: *\nDisallow: /\n")


@pytest.mark.parametrize(
    ("contact", "address"),
    [("it@ashby.example", "mailto:it@ashby.example"), ("https://ashby.example/security", "https://ashby.example/security")],
)
async def test_whom_to_tell_of_a_weakness_is_in_security_txt(monkeypatch: pytest.MonkeyPatch, contact: str, address: str) -> None:
    monkeypatch.setenv("VOUCH_SECURITY_CONTACT", contact)
    settings.current.cache_clear()
    answer = await asked("/.well-known/security.txt")
    monkeypatch.undo()
    settings.current.cache_clear()
    fields = dict(line.split(": ", 1) for line in answer.text.splitlines())
    assert fields["Contact"] == address
    assert fields["Canonical"] == "http://127.0.0.1:8000/.well-known/security.txt"
    assert clock.now() < datetime.fromisoformat(fields["Expires"]) < clock.now() + timedelta(days=365)  # RFC 9116, 2.5.5


async def test_without_anybody_to_tell_there_is_no_such_file() -> None:
    assert (await asked("/.well-known/security.txt")).status_code == 404
