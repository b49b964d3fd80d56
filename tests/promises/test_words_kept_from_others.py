"""What was typed before a session ended is given to whoever typed it, for a day, and to nobody else; and never a password. What a
page of one account or school sends is never saved as another's.
"""

import re
from datetime import timedelta
from typing import Final
from uuid import uuid4

import httpx
import pytest

from base.viewer import Role, Viewer
from sharing.sign_in import keeping
from tests.given.acts import ACTS
from tests.given.builders import PASSWORD, stranger
from tests.given.letters import letters_are_sent
from tests.given.page_text import text_of
from tests.given.routes import changing, path_of
from tests.given.sent_forms import forms_of
from tests.given.town import Town, rows_of_everything
from vouch.wiring import SITE
from web.pages import marks
from web.pages.marks import Typed

WORDS: Final = "Mr Ember came at once, and left the hall swept."
SECRET_WORDS: Final = "a quiet river at dawn"


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


def as_form(town: Town, who: str, **also: str) -> dict[str, str]:
    viewer = town.viewers[who]
    return {marks.AT: "/", marks.BY: marks.whose(viewer), marks.SCHOOL: str(viewer.school), **also}


async def test_no_form_of_one_accounts_page_is_saved_as_anothers(town: Town) -> None:
    """Whatever the route reads of it, a button's too; and nobody but its writer gets the words."""
    before = await rows_of_everything()
    tried = 0
    async with town.browser("hal") as hal:
        for route in changing():
            act = next((act for act in ACTS.get(route.key, ()) if act.who), None)
            if act is not None and not route.is_api and not route.is_public and route.method == "POST":
                answer = await hal.post(path_of(route, town, act.ids), data={**as_form(town, "bob"), "body": WORDS})
                assert (answer.status_code, WORDS in answer.text) == (401, False), route.key
                assert "The page was another account’s, so nothing was saved." in answer.text, route.key
                tried += 1
    assert await rows_of_everything() == before
    assert tried > 100


@pytest.mark.parametrize("files", [None, {"file": ("photo.jpg", b"\xff\xd8\xff\xe0" + bytes(100))}])
async def test_the_words_of_a_page_that_was_anothers_wait_for_its_writer(
    town: Town, files: dict[str, tuple[str, bytes]] | None
) -> None:
    async with town.browser("hal") as browser:
        asked = await browser.post(note(town)[marks.AT], data=note(town), files=files)
        assert f"{town.viewers['hal'].name} of" in text_of(asked.text)
        there = await signed_in_with(browser, asked, town.emails["ann"])
        assert WORDS in there.text
        assert town.viewers["ann"].name in (await browser.get("/account")).text


async def test_a_page_made_at_one_school_saves_nothing_at_another(town: Town) -> None:
    """Hal is of Oakfield and audits Gorse: after switching, the form goes back with him, and signing in leads to its school."""
    at = f"/suppliers/{town.ids['boilers']}/notes/new"
    sent = as_form(town, "hal", about="good", body=WORDS) | {marks.AT: at}
    before = await rows_of_everything()
    async with town.browser("hal") as browser:
        await browser.post("/switch", data={"school": str(town.ids["gorse"])})
        asked = await browser.post(at, data=sent)
        assert asked.status_code == 409
        assert "You went over to another school since the page was opened, so nothing was saved." in text_of(asked.text)
        [back] = [form for form in forms_of(asked.text, at) if form.action == "/switch"]
        there = await browser.post("/switch", data=dict(back.sends))
        assert (there.status_code, WORDS in there.text) == (200, True)
        assert "You are back, and what you typed is here." in there.text
        await browser.post("/switch", data={"school": str(town.ids["gorse"])})
        await browser.post("/sign-out")
        again = await signed_in_with(browser, await browser.post(at, data=sent), town.emails["hal"])
        assert (again.status_code, WORDS in again.text) == (200, True)
        assert f'value="{town.viewers["hal"].school}"' in again.text
    kept = {name: rows for name, rows in before.items() if "note" in name}
    assert {name: rows for name, rows in (await rows_of_everything()).items() if "note" in name} == kept


async def test_the_words_go_along_with_a_password_that_was_forgotten(town: Town) -> None:
    async with stranger() as browser:
        asked = await browser.post(note(town)[marks.AT], data=note(town))
        with letters_are_sent():
            [to_forgotten] = [form for form in forms_of(asked.text, "/sign-in") if form.action == "/forgot-password"]
            page = await browser.post("/forgot-password", data=dict(to_forgotten.sends))
            [ask] = [form for form in forms_of(page.text, "") if form.action == "/forgot-password"]
            refused = await browser.post("/forgot-password", data={**dict(ask.sends), "email": "no address"})
            [ask] = [form for form in forms_of(refused.text, "") if form.action == "/forgot-password"]
            told = await browser.post("/forgot-password", data={**dict(ask.sends), "email": town.emails["ann"]})
        assert "What you typed is kept in this page" in told.text
        assert WORDS not in page.text + refused.text + told.text
        there = await signed_in_with(browser, told, town.emails["ann"])
        assert (there.status_code, WORDS in there.text) == (200, True)


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
