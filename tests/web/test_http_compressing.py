"""HTML goes out compressed where the browser takes it, at a length that tells nobody what is in it."""

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from base.settings import Settings
from tests.given.builders import a_person, a_school, signed_in, stranger
from tests.given.page_text import without_number
from web.http import compressing


def takes(*accepted: str, method: str = "GET") -> bool:
    headers = [(b"accept-encoding", one.encode()) for one in accepted]
    return compressing.takes_gzip({"method": method, "headers": headers})  # type: ignore[typeddict-item]


@pytest.mark.pure
@given(content=st.binary(max_size=5_000))
def test_what_is_unpacked_is_what_was_packed(content: bytes) -> None:
    assert gzip.decompress(compressing.gzipped(content)) == content


@pytest.mark.pure
def test_the_same_page_has_many_lengths() -> None:
    lengths = {len(compressing.gzipped(b"the same page " * 500)) for _ in range(200)}
    assert len(lengths) > 50
    assert max(lengths) - min(lengths) <= compressing.LONGEST_NAME


@pytest.mark.pure
def test_only_who_says_so_gets_gzip() -> None:
    assert takes("gzip, deflate, br")
    assert takes("br;q=1.0", "GZIP;q=0.5")
    for refused in ("", "identity", "br", "gzip;q=0", "gzip; q=0.000, br"):
        assert not takes(refused), refused
    assert not takes()
    assert not takes("gzip", method="HEAD")


async def test_pages_are_smaller_and_everything_else_is_as_it_was(db: Settings) -> None:
    ann = await a_person(await a_school())
    async with signed_in(ann) as browser:
        plain = await browser.get("/suppliers/new")
        browser.headers["Accept-Encoding"] = "gzip"
        packed = await browser.get("/suppliers/new")
        assert without_number(packed.text) == without_number(plain.text)
        assert packed.headers["content-encoding"] == "gzip"
        assert "content-encoding" not in plain.headers
        assert plain.headers["vary"] == packed.headers["vary"]
        assert "Accept-Encoding" in plain.headers["vary"]
        assert int(packed.headers["content-length"]) < len(plain.content) / 3
        assert packed.headers["content-security-policy"] == plain.headers["content-security-policy"]
        refused = await browser.get("/no/such/page")
        assert (refused.status_code, refused.headers["content-encoding"]) == (404, "gzip")
        assert "content-encoding" not in (await browser.get("/api/v1/networks")).headers
        assert "content-encoding" not in (await browser.head("/suppliers/new")).headers
    async with stranger() as browser:
        assert "content-encoding" not in (await browser.get("/healthz", headers={"Accept-Encoding": "gzip"})).headers
