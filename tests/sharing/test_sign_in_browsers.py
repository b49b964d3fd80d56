"""The list of one's own sessions: in which browser, when last used, and ending one by itself."""

from uuid import UUID, uuid4

import pytest

import database
from base.settings import Settings
from sharing.sign_in import browsers, sessions
from sharing.tables import Session
from tests.given.builders import PASSWORD, a_person, a_school, email_of, signed_in, stranger

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/604.1"
)
EDGE = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0 Safari/537.36 Edg/138.0"
TABLET = "Mozilla/5.0 (Linux; Android 15; SM-X200) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0 Safari/537.36"


@pytest.mark.pure
@pytest.mark.parametrize(
    ("sent", "words"),
    [
        (FIREFOX, "Firefox on Windows"),
        (IPHONE, "Safari on an iPhone"),
        (EDGE, "Edge on Windows"),
        (TABLET, "Chrome on Android"),
        ("Firefox", "Firefox"),
        ("curl/8.5", browsers.UNKNOWN),
        ("", browsers.UNKNOWN),
        ("<script>alert(1)</script>", browsers.UNKNOWN),
    ],
)
def test_a_browser_is_named_in_our_words(sent: str, words: str) -> None:
    assert browsers.in_words(sent) == words


async def test_the_account_lists_each_session_by_its_browser_and_keeps_no_more_of_it(db: Settings) -> None:
    ann = await a_person(await a_school())
    form = {"email": await email_of(ann), "password": PASSWORD}
    async with stranger() as phone, stranger() as office:
        for browser, agent in ((phone, IPHONE), (office, FIREFOX)):
            browser.headers["User-Agent"] = agent
            assert (await browser.post("/sign-in", data=form)).status_code == 303
        page = (await office.get("/account")).text
    assert "<strong>Here</strong>: Firefox on Windows" in page
    assert "Safari on an iPhone" in page
    async with database.read():
        kept = {row["browser"] for row in await Session.select()}
    assert kept == {"Firefox on Windows", "Safari on an iPhone"}


async def test_one_session_ends_and_the_others_go_on(db: Settings) -> None:
    ann = await a_person(await a_school())
    lost, other = await sessions.start(ann.person, ann.school), await sessions.start(ann.person, ann.school)
    lost_id = (await sessions.of_person(ann.person, lost))[0].id
    async with signed_in(ann) as browser:
        page = (await browser.get("/account")).text
        assert f"/account/sessions/{lost_id}/end" in page
        assert page.count("Sign out there") == 2, "this one ends by signing out"
        assert (await browser.post(f"/account/sessions/{lost_id}/end")).status_code == 303
        assert (await browser.get("/account")).status_code == 200
    assert await sessions.viewer_of(lost) is None
    assert await sessions.viewer_of(other) is not None


async def test_nobody_ends_a_session_of_somebody_else(db: Settings) -> None:
    oakfield = await a_school()
    ann, bob = await a_person(oakfield), await a_person(oakfield, name="Bob Brown")
    token = await sessions.start(ann.person, ann.school)
    hers = (await sessions.of_person(ann.person, token))[0].id
    async with signed_in(bob) as browser:
        for session in (hers, uuid4(), UUID(int=0)):
            assert (await browser.post(f"/account/sessions/{session}/end")).status_code == 404
    assert await sessions.viewer_of(token) is not None
