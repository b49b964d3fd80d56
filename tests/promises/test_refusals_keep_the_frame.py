"""Whoever is signed in keeps menu and name on every page that says no, and the form with it where one was sent."""

from collections.abc import AsyncIterator
from functools import cache
from typing import Any, Final

import httpx
import pytest
from litestar import get
from litestar.params import FromPath
from litestar.types import ASGIApp

import database
from base import settings
from base.refusals import Busy, Conflict, Forbidden, Invalid, TooLarge, TooMany
from sharing.sign_in import sessions
from tests.given.builders import BROWSER
from tests.given.page_text import text_of
from tests.given.sent_forms import forms_of
from tests.given.town import Town
from vouch.app import create_app
from web.pages import marks

WORDS: Final = "Mr Ember came at once, and left the hall swept."
REFUSALS: Final[dict[str, Exception]] = {
    "forbidden": Forbidden("Governors read."),
    "conflict": Conflict("A colleague was first."),
    "large": TooLarge("Too large."),
    "invalid": Invalid("Look at the note again.", body="Say less in the note."),
    "many": TooMany("Wait a minute.", retry_after_seconds=60),
    "failure": RuntimeError("ours"),
    "busy": Busy(),
}


@get("/refuse/{name:str}")
async def show_refusal(name: FromPath[str]) -> str:
    raise REFUSALS[name]


@cache
def app() -> ASGIApp:
    return create_app(settings.current(), more_handlers=[show_refusal])


@pytest.fixture
async def browser(town: Town) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app(), raise_app_exceptions=False)  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url=settings.current().origin, headers=BROWSER) as made:
        made.cookies.set(sessions.cookie_name(), town.tokens["ann"], domain="127.0.0.1")
        yield made


def place(town: Town) -> str:
    return f"/suppliers/{town.ids['boilers']}/notes/new"


def sent(town: Town, **also: str) -> dict[str, str]:
    return {"about": "problem", "body": WORDS, marks.AT: place(town), marks.BY: marks.whose(town.viewers["ann"]), **also}


def typed_again(answer: httpx.Response, action: str) -> dict[str, str]:
    return next((dict(form.sends) for form in forms_of(answer.text, "") if form.action == action), {})


async def test_every_page_that_says_no_has_the_name_and_the_menu(town: Town, browser: httpx.AsyncClient) -> None:
    pages = [await browser.get(f"/refuse/{name}") for name in REFUSALS]
    pages += [await browser.get("/nowhere"), await browser.request("DELETE", "/search"), await browser.get(f"/{'x' * 5_000}")]
    pages += [await browser.post("/search", content=b"x" * (1024 * 1024 + 1))]
    assert {page.status_code for page in pages} >= {403, 404, 405, 409, 413, 414, 422, 429, 500, 503}
    assert [page.status_code for page in pages if "Ann Archer" not in page.text or 'href="/suppliers"' not in page.text] == []


async def test_what_is_not_there_looks_the_same_as_what_is_hidden(browser: httpx.AsyncClient, town: Town) -> None:
    hidden, nothing = f"/notes/{town.ids['elmwood']}", f"/notes/{town.ids['oakfield']}"
    assert (await browser.get(hidden)).content == (await browser.get(nothing)).content


async def test_a_form_that_its_handler_refuses_to_read_comes_back(town: Town, browser: httpx.AsyncClient) -> None:
    long = WORDS + "x" * 20_000
    answer = await browser.post(place(town), data=sent(town, body=long))
    assert answer.status_code == 422
    assert typed_again(answer, place(town))["body"] == long
    assert typed_again(answer, place(town))["about"] == "problem"
    assert answer.text.count("The text must be 20,000 characters or fewer.") == 2, "above, and at its question"
    assert 'aria-describedby="body-hint body-error"' in answer.text or 'aria-describedby="body-error"' in answer.text
    assert "<title>Error: " in answer.text


async def test_a_photo_of_any_size_costs_no_word(town: Town, browser: httpx.AsyncClient) -> None:
    for size in (11, 31, 49, 60):
        photo = ("a day out.jpg", bytes(size * 1024 * 1024))
        answer = await browser.post(place(town), data=sent(town), files={"file": photo})
        assert answer.status_code in (413, 422), size
        assert typed_again(answer, place(town))["body"] == WORDS, size
        assert "Ann Archer" in answer.text, size


async def test_words_that_have_no_form_any_more_are_told(town: Town, browser: httpx.AsyncClient) -> None:
    """The supplier is gone, or may not be seen any more: there is nothing to send them to, but they can be copied."""
    gone = place(town).replace(town.ids["boilers"], town.ids["oakfield"])
    answer = await browser.post(gone, data=sent(town) | {marks.AT: gone})
    assert answer.status_code == 404
    assert WORDS in text_of(answer.text)
    assert not typed_again(answer, gone)


async def test_with_the_database_away_the_words_are_there_to_be_sent_again(
    town: Town, browser: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def connection(_kind: Any) -> Any:
        raise TimeoutError

    with monkeypatch.context() as patch:
        patch.setattr(database.engine(), "connection", connection)
        answer = await browser.post(place(town), data=sent(town))
    assert answer.status_code == 503
    assert WORDS in text_of(answer.text)
    assert typed_again(answer, place(town))["body"] == WORDS


async def test_another_site_puts_no_words_into_anybodys_form(town: Town, browser: httpx.AsyncClient) -> None:
    other = {"Sec-Fetch-Site": "cross-site", "Origin": "https://other.example"}
    forged = sent(town) | {marks.BY: marks.whose(town.viewers["bob"])}
    answer = await browser.post(place(town), data=forged, headers=other)
    assert answer.status_code == 403
    assert WORDS not in answer.text
    ours = await browser.post(place(town), data=sent(town), headers=other)
    assert (ours.status_code, typed_again(ours, place(town))["body"]) == (403, WORDS), "an origin that a proxy spoilt"


async def test_a_refused_form_is_not_given_to_somebody_else_who_signed_in_meanwhile(
    town: Town, browser: httpx.AsyncClient
) -> None:
    answer = await browser.post(place(town), data=sent(town, body=WORDS + "x" * 20_000) | {marks.BY: "somebody else"})
    assert answer.status_code == 401
    assert WORDS not in answer.text
