"""Nobody loses a word: every form of every page, found by itself, filled, sent too late, and there again with all of it."""

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
from asyncpg import DiskFullError

import database
from database.units import UnitKind
from tests.conftest import Template
from tests.given.acts import ACTS
from tests.given.builders import PASSWORD, stranger
from tests.given.routes import changing, path_of, read, reading
from tests.given.sent_forms import forms_of
from tests.given.town import Town, rows_of_everything, town_of
from web.pages import marks

WHO: Final = ("ann", "hal", "olive", "dee", "")  # between them they are shown every form that the town has
AN_ID: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|(?<=/)[\w-]{22,}")
OPEN: Final = ("/sign-in", "/sign-out")  # where nobody's session can have ended
PHOTO: Final = ("photo.jpg", b"\xff\xd8\xff\xe0" + bytes(100))


@dataclass
class Found:
    """One form as ``who`` filled it, on the page ``at``."""

    who: str
    at: str
    action: str
    pairs: list[tuple[str, str]]
    is_multipart: bool = False


async def found_forms(town: Town) -> list[Found]:
    """Each kind of form once: those that go to the same address, but for ids, and ask the same. A page is read by whoever is the
    first of WHO to be shown it.
    """
    found, kinds, shown, words = list[Found](), set[Any](), set[str](), count()
    for who in WHO:
        async with town.browser(who) as browser:
            for route in reading():
                if route.is_api or route.key in shown:
                    continue
                page = await read(browser, route, town)
                if page.status_code != 200 or not page.headers["content-type"].startswith("text/html"):
                    continue
                shown.add(route.key)
                at = str(page.url.raw_path, "ascii")
                for form in forms_of(page.text, at):
                    kind = (AN_ID.sub("-", form.action), *(question.name for question in form.asked))
                    if form.asked and form.method == "post" and form.action not in OPEN and kind not in kinds:
                        kinds.add(kind)
                        found.append(Found(who, at, form.action, form.filled(words), is_multipart=form.is_multipart))
    return found


def tried(town: Town) -> Iterator[Found]:
    """The forms of every route as tests send them: those that no page shows by itself, such as the second of two steps, too."""
    for route in changing():
        act = next((act for act in ACTS.get(route.key, ()) if act.form), None)
        if act is not None and act.form and act.who and not route.is_api and not route.is_public:
            mine = [(marks.AT, "/"), (marks.BY, marks.whose(town.viewers[act.who]))]
            pairs = [*town.filled(act.form).items(), *mine]
            yield Found(act.who, "/", path_of(route, town, act.ids), pairs)


def is_public(one: Found) -> bool:
    """Whether the form may be sent by whoever is not signed in."""
    path = one.action.partition("?")[0]
    return any(re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", route.path), path) for route in changing() if route.is_public)


async def sent(browser: httpx.AsyncClient, one: Found) -> httpx.Response:
    data: dict[str, list[str]] = {}
    for name, value in one.pairs:
        data.setdefault(name, []).append(value)
    return await browser.post(one.action, data=data, files={"file": PHOTO} if one.is_multipart else None)


def emptied(one: Found) -> Found:
    return replace(one, pairs=[(name, "" if value.startswith("typed by hand") else value) for name, value in one.pairs])


def lost(one: Found, answer: httpx.Response) -> list[tuple[str, str]]:
    """What was sent and no form of the answer sends again, passwords and marks apart."""
    wanted = Counter(pair for pair in one.pairs if pair[0] not in marks.SECRET | marks.MARKS and pair[1].strip())
    again = [Counter(form.sends) for form in forms_of(answer.text, one.at) if form.action == one.action]
    return min((list((wanted - sends).elements()) for sends in again), key=len, default=list(wanted.elements()))


async def sent_too_late(town: Town, one: Found) -> httpx.Response:
    """The page after: the form is sent without a session, and whoever typed it signs in."""
    async with stranger() as browser:
        asked = await sent(browser, one)
        assert asked.status_code == 401, one
        assert not [value for _, value in one.pairs if value.startswith("typed by hand") and value in asked.text], one
        [form] = [form for form in forms_of(asked.text, "/sign-in") if form.action == "/sign-in"]
        given = {"email": town.emails[one.who], "password": PASSWORD}
        return await browser.post("/sign-in", data={**dict(form.sends), **given})


async def test_whatever_form_a_session_ends_under_is_there_again_after_signing_in(template: Template, tmp_path: Path) -> None:
    async with town_of(template, tmp_path) as town:
        found = await found_forms(town)
        before, reached = await rows_of_everything(), {AN_ID.sub("-", one.action.partition("?")[0]) for one in found}
        for one in (*found, *(one for one in tried(town) if AN_ID.sub("-", one.action) not in reached)):
            if not is_public(one):
                answer = await sent_too_late(town, one)
                assert (answer.status_code, lost(one, answer)) == (200, []), one
                assert "signed in again" in answer.text, one
                assert "photo.jpg" in answer.text or not one.is_multipart, one
        await nothing_is_lost_while_nothing_can_be_saved(town, found)
        assert await rows_of_everything() == before
    assert len(found) > 70


async def nothing_is_lost_while_nothing_can_be_saved(town: Town, found: list[Found]) -> None:
    """Whether a form is refused for what it says, or because the disk is full: menu, name and every word are there."""
    refused = 0
    for who in WHO:
        async with town.browser(who) as browser:
            for one in (one for one in found if one.who == who):
                with unwritable():
                    answer = await sent(browser, one)
                if answer.status_code >= 400:
                    assert lost(one, answer) == [], (one, answer.status_code)
                    assert_errors_lead_down_the_page(answer.text)
                    assert is_public(one) or town.viewers[who].name in answer.text, one
                    refused += 1
                with unwritable():
                    answer = await sent(browser, emptied(one))
                assert_errors_lead_down_the_page(answer.text)
    assert refused > 60


def assert_errors_lead_down_the_page(html: str) -> None:
    """Each line of the summary leads to its question, and their order is that of the questions."""
    summary = html.partition('class="govuk-error-summary"')[2].partition("</ul>")[0]
    places = {name: html.find(f' id="{name}"') for name in re.findall(r'<a href="#([^"]+)"', summary)}
    assert -1 not in places.values(), places
    assert list(places.values()) == sorted(places.values()), places


@contextmanager
def unwritable() -> Iterator[None]:
    """The disk is full: what begins to write fails."""
    real = database.engine().begin

    async def begin(connection: Any, kind: UnitKind) -> None:
        if kind is not UnitKind.READ:
            raise DiskFullError("no space left on device")
        await real(connection, kind)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(database.engine(), "begin", begin)
        yield
