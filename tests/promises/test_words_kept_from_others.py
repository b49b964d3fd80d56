"""What was typed before a session ended is given to whoever typed it, for a day, and to nobody else; and never a password."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Final
from uuid import uuid4

import httpx
import pytest

from base.viewer import Role, Viewer
from sharing.sign_in import keeping
from tests.conftest import Template
from tests.given.builders import PASSWORD, stranger
from tests.given.page_text import text_of
from tests.given.sent_forms import forms_of
from tests.given.town import Town, town_of
from vouch.wiring import SITE
from web.pages import marks
from web.pages.marks import Typed

WORDS: Final = "Mr Ember came at once, and left the hall swept."
SECRET_WORDS: Final = "a quiet river at dawn"


@pytest.fixture
async def town(template: Template, tmp_path: Path) -> AsyncIterator[Town]:
    async with town_of(template, tmp_path) as town:
        yield town


def note(town: Town, **also: str) -> dict[str, str]:
    at = f"/suppliers/{town.ids['boilers']}/notes/new"
    return {"about": "good", "body": WORDS, marks.AT: at, marks.BY: marks.whose(town.viewers["ann"]), **also}


async def signed_in_with(
    browser: httpx.AsyncClient, asked: httpx.Response, email: str, password: str = PASSWORD
) -> httpx.Response:
    [form] = [form for form in forms_of(asked.text, "/sign-in") if form.action == "/sign-in"]
    return await browser.post("/sign-in", data={**dict(form.sends), "email": email, "password": password})


async def test_the_words_are_kept_over_a_wrong_password_and_shown_to_nobody_else(town: Town) -> None:
    async with stranger() as browser:
        at = note(town)[marks.AT]
        asked = await browser.post(at, data=note(town))
        assert asked.status_code == 401
        assert "You were signed out before this was done." in text_of(asked.text)
        again = await signed_in_with(browser, asked, town.emails["ann"], "wrong")
        assert again.status_code == 422
        there = await signed_in_with(browser, again, town.emails["ann"])
        assert there.status_code == 200
        assert WORDS in there.text
        assert town.viewers["ann"].name in there.text
        saved = await browser.post(
            at, data={**note(town), "happened_on-day": "1", "happened_on-month": "9", "happened_on-year": "2026"}
        )
        assert saved.status_code == 303, "the session has begun"
    async with stranger() as browser:
        others = await signed_in_with(browser, again, town.emails["hal"])
        assert (others.status_code, others.headers["location"]) == (303, "/")
        assert WORDS not in asked.text + again.text + others.text


async def test_a_page_that_nobody_was_signed_in_to_keeps_nothing(town: Town) -> None:
    async with stranger() as browser:
        for data in (note(town) | {marks.BY: ""}, {"about": "good", "body": WORDS}):
            asked = await browser.post(note(town)[marks.AT], data=data)
            assert "vouch-kept" not in asked.text


async def test_no_password_is_kept(town: Town) -> None:
    sent = {"current": SECRET_WORDS, "new": SECRET_WORDS, "keep_keys": "yes", marks.AT: "/account/password"}
    async with stranger() as browser:
        asked = await browser.post("/account/password", data={**sent, marks.BY: marks.whose(town.viewers["ann"])})
        kept = dict(next(form for form in forms_of(asked.text, "") if form.action == "/sign-in").sends)[marks.KEPT]
        opened = keeping.opened(kept, town.viewers["ann"])
        assert opened is not None
        assert opened.fields == (("keep_keys", "yes"),)
        there = await signed_in_with(browser, asked, town.emails["ann"])
        assert SECRET_WORDS not in there.text


@pytest.mark.pure
async def test_what_is_sealed_opens_for_its_own_account_and_for_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    ann, bob = (Viewer(uuid4(), name, uuid4(), "Oakfield", Role.HEAD) for name in ("Ann", "Bob"))
    typed = Typed("/notes", marks.whose(ann), "/notes", (("body", WORDS),), ("photo.jpg",))
    kept = await keeping.sealed(typed)
    assert WORDS not in kept
    assert keeping.opened(kept, ann) == typed
    assert keeping.opened(kept, bob) is None
    assert keeping.opened(kept[:-3] + "AAA", ann) is None
    assert keeping.opened("", ann) is None
    monkeypatch.setattr(keeping, "LASTS", timedelta(seconds=-1))
    assert keeping.opened(kept, ann) is None


@pytest.mark.pure
async def test_what_does_not_fit_beside_a_password_is_not_kept_and_says_so() -> None:
    noise = "".join(str(uuid4()) for _ in range(60_000))
    assert await keeping.sealed(Typed("/notes", "x", "/notes", (("body", noise),))) == ""


@pytest.mark.pure
def test_a_password_box_of_any_page_has_a_name_that_is_never_kept() -> None:
    texts = [path.read_text() for folder in SITE.templates for path in folder.rglob("*.html")]
    names = {name for text in texts for name in re.findall(r'\{\{ password\("([^"]+)"', text)}
    assert names
    assert names <= marks.SECRET
    assert not any('type="password"' in text for text in texts), "made by the macro alone"
