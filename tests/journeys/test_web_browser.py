"""The frame and every kind of question in a real browser: phone and desktop, with and without JavaScript."""

from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from axe_playwright_python.async_playwright import Axe
from litestar import Request, get
from litestar.response import Response
from playwright.async_api import Browser, Page

from base import settings
from base.refusals import Invalid
from base.viewer import Role, Viewer
from tests.given.browser import chromium, served
from vouch.app import create_app
from vouch.wiring import SITE
from web.http.problems import environment_of
from web.pages import templating
from web.pages.charts import Dot, dot_map

pytestmark = pytest.mark.browser

LONG_WORD = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch" * 2

COLOURS = """[...document.querySelectorAll('*')].flatMap(element => {
    const style = getComputedStyle(element)
    return [style.color, style.backgroundColor, style.borderTopColor]
})"""

EVERYTHING = """
{% extends "layout.html" %}
{% import "forms.html" as forms %}{% import "charts.html" as charts %}{% import "parts.html" as parts %}
{% block title %}Everything{% endblock %}
{% block before %}<a href="/" class="govuk-back-link">Back</a>{% endblock %}
{% block content %}
<h1 class="govuk-heading-l">{{ long_word }}</h1>
{{ parts.filter_tags([("Within 10 miles", "/a")], "/b") }}
{{ parts.stars(4) }}{{ parts.share_sentence("Only your school sees this.", private=true) }}
{{ parts.timeline([{"title": "Shared", "by": long_word, "at": now, "late": "Recorded late"}]) }}
{{ parts.nothing_yet("Nothing yet.", "/c", "Add one") }}
{{ charts.small_bars("ratings", "Ratings", "Most gave 5.", [("5 stars", 1, "3"), ("1 star", 0, "0")]) }}
{{ charts.bar_chart("sla", "In time", "Mostly in time.", [(long_word, 71, "mostly")], unit="%", most=100) }}
{{ charts.dot_map(map, "Schools within 10 miles.", ("near", "linked with yours")) }}
<form method="post" enctype="multipart/form-data">
{{ forms.text("name", "Name", {"name": long_word}, refusal, hint="As on the invoice") }}
{{ forms.area("praise", "What went well?", none, refusal) }}
{{ forms.radios("rating", "How was it?", [("5", "Very good"), ("1", "Poor", "Not again")], none, refusal) }}
{{ forms.checkboxes("fields", "Share what?", [("a", "Rating"), ("b", long_word)], {"fields": ["a"]}, refusal) }}
{{ forms.tick("sure", "I am sure", none, refusal) }}
{{ forms.select("miles", "Within", [("5", "5 miles")], none, refusal) }}
{{ forms.day("when", "When?", {"when-day": "31"}, refusal) }}
{{ forms.file("photo", "Photo or file", refusal) }}
{{ forms.password("password", "Password", refusal) }}
{{ forms.confirm("Save") }}{{ forms.confirm("Delete", "warning") }}
</form>
{{ forms.pagination("/next", "/first") }}
{% endblock %}
"""
MAP = dot_map([Dot(1, 2, LONG_WORD, is_second=True), Dot(-3, -1, "Elmwood", is_second=False)])
ASKED = ("name", "praise", "rating", "fields", "sure", "miles", "when", "photo", "password")


@get("/sample/everything", sync_to_thread=False)
def everything(request: Request[Any, Any, Any]) -> Response[str]:
    refusal = Invalid("Check your answers.", **{name: f"Answer {name}" for name in ASKED})
    viewer = Viewer(uuid4(), "Sam Field", uuid4(), "Haven High Academy", Role.BUSINESS_MANAGER, several_schools=True)
    text = (
        environment_of(request)
        .from_string(EVERYTHING)
        .render(
            viewer=viewer, path="/search", done="Saved.", refusal=refusal, now=datetime.now(UTC), long_word=LONG_WORD, map=MAP
        )
    )
    return Response(text, media_type="text/html")


def sampled() -> AbstractAsyncContextManager[str]:
    return served(create_app(settings.current(), more_handlers=[everything]))


async def opened(browser: Browser, url: str, width: int, *, script: bool = True) -> tuple[Page, list[str]]:
    """The page, and what went wrong on it: errors, warnings and requests to other hosts."""
    context = await browser.new_context(viewport={"width": width, "height": 800}, java_script_enabled=script)
    page, wrong = await context.new_page(), list[str]()
    page.on("console", lambda message: wrong.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("request", lambda asked: None if asked.url.startswith(url.rpartition("/sample")[0]) else wrong.append(asked.url))
    await page.goto(url, wait_until="networkidle")
    return page, wrong


async def test_every_kind_of_question_fits_a_phone_and_passes_axe() -> None:
    async with sampled() as origin, chromium() as browser:
        for width in (320, 1200):
            page, wrong = await opened(browser, f"{origin}/sample/everything", width)
            assert await page.evaluate("document.documentElement.scrollWidth") <= width
            results = await Axe().run(page)
            assert [violation["id"] for violation in results.response["violations"]] == []
            assert wrong == []
            assert await page.evaluate("typeof htmx") == "object"
        assert await page.evaluate("document.body.className.includes('govuk-frontend-supported')")


async def test_an_error_link_leads_to_its_question_without_script() -> None:
    async with sampled() as origin, chromium() as browser:
        page, wrong = await opened(browser, f"{origin}/sample/everything", 320, script=False)
        for name in ASKED:
            await page.click(f'.govuk-error-summary a[href="#{name}"]')
            assert await page.locator(f"#{name}").count() == 1
        assert await page.locator(".govuk-service-navigation__link").first.is_visible()
        assert wrong == []


async def test_the_header_and_footer_use_our_own_colours() -> None:
    assert templating.create_environment(settings.current(), SITE).globals["themeColor"] == "#0d4f4b"
    async with sampled() as origin, chromium() as browser:
        page, _ = await opened(browser, f"{origin}/sample/everything", 1200)
        colours = await page.evaluate(COLOURS)
        fonts = await page.evaluate("[...document.querySelectorAll('*')].map(e => getComputedStyle(e).fontFamily)")
    assert "rgb(29, 112, 184)" not in colours  # GOV.UK's blue
    assert not any("GDS" in font for font in fonts)
