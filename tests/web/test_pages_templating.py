"""Banners and the frame that every page shares."""

import base64
import hashlib
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from functools import cache
from typing import Any
from uuid import uuid4

import httpx
import pytest
from jinja2 import UndefinedError
from litestar import Request, get
from litestar.response import Redirect, Template
from litestar.types import ASGIApp

from base import settings
from base.refusals import Invalid
from base.viewer import Role, Viewer
from vouch.app import create_app
from vouch.wiring import SITE
from web.http import headers
from web.pages import templating

pytestmark = pytest.mark.pure

SAM = Viewer(uuid4(), "Sam <b>Field</b>", uuid4(), "Haven High", Role.BUSINESS_MANAGER)
ENVIRONMENT = templating.create_environment(settings.current(), SITE)


@get("/sample/done")
async def done() -> Redirect:
    return templating.redirect("/sample/page", done="Saved “Acme & Sons”; it is still <private>.")


@get("/sample/page")
async def sample_page(request: Request[Any, Any, Any]) -> Template:
    return templating.page("about/cookies.html", request=request, viewer=SAM, waits_beside={})


@get("/suppliers/sample")
async def refused(request: Request[Any, Any, Any]) -> Template:
    refusal = Invalid("Check your answers.", rating="Choose a rating")
    return templating.page("about/cookies.html", request=request, viewer=SAM, refusal=refusal, status_code=422, waits_beside={})


@cache
def app() -> ASGIApp:
    return create_app(settings.current(), more_handlers=[done, sample_page, refused])


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app())  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url=settings.current().origin) as made:
        yield made


async def test_a_success_is_told_once_and_escaped(client: httpx.AsyncClient) -> None:
    went = await client.get("/sample/done")
    assert (went.status_code, went.headers["location"]) == (303, "/sample/page")
    assert "HttpOnly" in went.headers["set-cookie"]
    assert "Saved “Acme &amp; Sons”; it is still &lt;private&gt;." in (await client.get("/sample/page")).text
    assert "Saved" not in (await client.get("/sample/page")).text


async def test_the_policy_allows_the_one_inline_script_and_the_page_has_no_other(client: httpx.AsyncClient) -> None:
    text = (await client.get("/sample/page")).text
    scripts = re.findall(r"<script(?![^>]*src)[^>]*>(.*?)</script>", text, re.DOTALL)
    digests = [base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts]
    assert [f"sha256-{digest}" for digest in digests] == [headers.TEMPLATE_SCRIPT]
    assert not re.search(r"<style|\sstyle=|\son\w+=", text)


async def test_a_page_asks_nothing_of_other_hosts_and_shows_nothing_of_gov_uk(client: httpx.AsyncClient) -> None:
    text = (await client.get("/sample/page")).text
    assert not re.search(r"""(src|href|action)="?(https?:)?//""", text)
    assert "crest" not in text
    assert "Not a government service" in text
    for path in re.findall(r'"(/static/[^"]+)"', text):
        asset = await client.get(path)
        assert asset.status_code == 200
        assert asset.headers["cache-control"] == "public, max-age=31536000, immutable"
        for foreign in ("GDS Transport", "crest", "#1d70b8", "sourceMappingURL", "@import url"):
            assert foreign not in asset.text


async def test_scripts_import_each_other_by_their_hashed_names(client: httpx.AsyncClient) -> None:
    text = (await client.get("/sample/page")).text
    own = re.search(r"/static/vouch\.\w+\.js", text)
    assert own
    imported = re.search(r'from "\./([^"]+)"', (await client.get(own.group())).text)
    assert imported
    assert (await client.get(f"/static/{imported.group(1)}")).status_code == 200


async def test_the_place_in_the_navigation_is_marked(client: httpx.AsyncClient) -> None:
    text = (await client.get("/suppliers/sample")).text
    assert re.search(r'href="/suppliers" aria-current="true"', text.replace("\n", " ").replace("  ", ""))
    assert text.count("aria-current") == 1


async def test_a_page_with_a_problem_says_so_in_its_title_and_links_to_the_field(client: httpx.AsyncClient) -> None:
    answer = await client.get("/suppliers/sample")
    assert answer.status_code == 422
    assert "<title>Error: Cookies - Vouch</title>" in answer.text
    assert 'href="#rating"' in answer.text
    assert ">Sam &lt;b&gt;Field&lt;/b&gt;</a>, business manager, Haven High" in answer.text


async def test_nobody_signed_in_sees_no_navigation(client: httpx.AsyncClient) -> None:
    text = (await client.get("/about/privacy")).text
    assert "Our suppliers" not in text
    assert "Sign out" not in text
    assert "Demo town" not in text


async def test_the_demo_says_that_it_is_fiction() -> None:
    app = create_app(replace(settings.current(), demo=True))
    transport = httpx.ASGITransport(app)  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url=settings.current().origin) as client:
        assert "fictional people, schools and suppliers" in (await client.get("/nope")).text


@pytest.mark.parametrize("name", ["accessibility", "privacy", "cookies", "source", "api"])
async def test_every_page_about_the_service_is_there(client: httpx.AsyncClient, name: str) -> None:
    answer = await client.get(f"/about/{name}")
    assert answer.status_code == 200
    assert answer.text.count("<h1") == 1


@pytest.mark.parametrize("path", ["//evil.example", "https://evil.example", "/\\evil.example", "", "evil", "/a\nb", "/a\\b"])
def test_a_redirect_never_leaves_the_site(path: str) -> None:
    with pytest.raises(ValueError, match="not a path of ours"):
        templating.redirect(path)


def test_a_slip_in_a_template_fails_loudly() -> None:
    for slip in ("{{ no_such_name }}", "{{ viewer.no_such_field }}", "{% if no_such_name %}{% endif %}"):
        with pytest.raises(UndefinedError):
            ENVIRONMENT.from_string(slip).render(viewer=SAM)
