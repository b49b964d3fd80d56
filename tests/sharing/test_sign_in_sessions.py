"""How long a session lasts, at which school, and what its cookie can't do."""

from datetime import datetime
from uuid import UUID, uuid4

import pytest
from litestar.datastructures import Cookie

import database
from base import settings
from base.settings import Settings
from base.viewer import Viewer
from sharing.sign_in import sessions, sign_in
from sharing.tables import Session
from tests.given.builders import (
    PASSWORD,
    a_membership,
    a_person,
    a_school,
    email_of,
    signed_in,
    stranger,
    travel,
)

HERE = "192.0.2.1"


@pytest.mark.parametrize("cookie", ["x", "", "a" * 3000, "..%00..", "\u00e9", str(uuid4())])
async def test_a_forged_cookie_is_signed_out_and_never_an_error(db: Settings, cookie: str) -> None:
    async with stranger() as browser:
        answer = await browser.get("/people", headers={b"Cookie": f"{sessions.cookie_name()}={cookie}".encode()})
    assert answer.status_code in (303, 422)
    assert answer.headers.get("location", "/sign-in").startswith("/sign-in")


async def test_signing_out_ends_the_session_and_takes_the_cookie_away(db: Settings) -> None:
    ann = await a_person(await a_school())
    async with signed_in(ann) as browser:
        token = browser.cookies[sessions.cookie_name()]
        answer = await browser.post("/sign-out")
        assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
        assert (await browser.get("/people")).status_code == 303
    assert await sessions.viewer_of(token) is None


async def test_a_session_ends_after_two_idle_hours(db: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    ann = await a_person(await a_school())
    token = await sessions.start(ann.person, ann.school)
    travel(monkeypatch, hours=1, minutes=59)
    assert await sessions.viewer_of(token) is not None
    travel(monkeypatch, hours=1, minutes=59)
    assert await sessions.viewer_of(token) is not None, "being used kept it alive"
    travel(monkeypatch, hours=2, seconds=1)
    assert await sessions.viewer_of(token) is None


async def test_a_session_ends_after_twelve_hours_however_busy(db: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    ann = await a_person(await a_school())
    token = await sessions.start(ann.person, ann.school)
    for _ in range(11):
        travel(monkeypatch, hours=1)
        assert await sessions.viewer_of(token) is not None
    travel(monkeypatch, hours=1)
    assert await sessions.viewer_of(token) is None


async def test_the_time_last_seen_is_written_once_a_minute_at_most(db: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    ann = await a_person(await a_school())
    token = await sessions.start(ann.person, ann.school)
    started = await _seen_at()
    travel(monkeypatch, seconds=59)
    await sessions.viewer_of(token)
    assert await _seen_at() == started
    travel(monkeypatch, seconds=2)
    await sessions.viewer_of(token)
    assert await _seen_at() > started


async def test_only_a_digest_of_the_token_is_kept(db: Settings) -> None:
    ann = await a_person(await a_school())
    token = await sessions.start(ann.person, ann.school)
    async with database.read():
        rows = await Session.select()
    assert [bytes(row["token_hash"]) for row in rows] == [sessions.digest_of(token)]
    assert token not in str(rows)


async def test_signing_in_leads_to_the_school_used_last(db: Settings) -> None:
    oakfield, elm = await a_school("Oakfield"), await a_school("Elm")
    ann = await a_membership(await a_person(oakfield), elm)
    email = await email_of(ann)

    async def school() -> str:
        viewer = await sessions.viewer_of(await sign_in.sign_in(email, PASSWORD, from_address=HERE))
        assert viewer is not None
        return viewer.school_name

    assert await school() == "Oakfield"
    async with signed_in(await _as_member(ann, oakfield.id)) as browser:
        assert "Switch school" in (await browser.get("/account")).text
        old = browser.cookies[sessions.cookie_name()]
        answer = await browser.post("/switch", data={"school": str(elm.id)})
        assert answer.status_code == 303
        assert browser.cookies[sessions.cookie_name()] != old
        assert "People at Elm" in (await browser.get("/people")).text
    assert await sessions.viewer_of(old) is None
    assert await school() == "Elm"


async def test_nobody_switches_to_a_school_that_is_not_theirs(db: Settings) -> None:
    ann, elm = await a_person(await a_school("Oakfield")), await a_school("Elm")
    async with signed_in(ann) as browser:
        answer = await browser.post("/switch", data={"school": str(elm.id)})
        assert answer.status_code == 422
        assert "People at Oakfield" in (await browser.get("/people")).text


async def test_switching_does_not_start_the_twelve_hours_again(db: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    oakfield, elm = await a_school("Oakfield"), await a_school("Elm")
    ann = await a_membership(await a_person(oakfield), elm)
    token = await sessions.start(ann.person, oakfield.id)
    for _ in range(7):
        travel(monkeypatch, hours=1, minutes=50)
        viewer = await sessions.viewer_of(token)
        if viewer is None:
            break
        token = await sign_in.switch_school(viewer, elm.id if viewer.school == oakfield.id else oakfield.id, token=token)
    assert await sessions.viewer_of(token) is None


async def test_signing_out_everywhere_else_keeps_this_session(db: Settings) -> None:
    ann = await a_person(await a_school())
    elsewhere = await sessions.start(ann.person, ann.school)
    async with signed_in(ann) as browser:
        assert "Sign out there" in (await browser.get("/account")).text
        await browser.post("/account/sign-out-elsewhere")
        assert "Sign out there" not in (await browser.get("/account")).text
    assert await sessions.viewer_of(elsewhere) is None


async def test_with_https_no_other_site_of_the_domain_can_set_the_cookie(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOUCH_ORIGIN", "https://vouch.example.org")
    settings.current.cache_clear()
    try:
        cookie = sessions.cookie("token")
    finally:
        settings.current.cache_clear()
    assert isinstance(cookie, Cookie)
    assert (cookie.key, cookie.path, cookie.domain) == ("__Host-vouch", "/", None)
    assert (cookie.secure, cookie.httponly, cookie.samesite) == (True, True, "lax")


async def _seen_at() -> datetime:
    async with database.read():
        rows = await Session.select(Session.seen_at)
    seen: datetime = rows[0]["seen_at"]
    return seen


async def _as_member(viewer: Viewer, school: UUID) -> Viewer:
    member = await sessions.viewer_of(await sessions.start(viewer.person, school))
    assert member is not None
    return member


@pytest.mark.both_engines
async def test_a_session_of_a_clock_that_was_ahead_ends_as_any_does(db: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    ann = await a_person(await a_school())
    travel(monkeypatch, hours=5)
    token = await sessions.start(ann.person, ann.school)
    travel(monkeypatch, hours=-5)
    assert await sessions.viewer_of(token) is not None, "an hour or five put back sign nobody out"
    travel(monkeypatch, hours=2, seconds=1)
    assert await sessions.viewer_of(token) is None


async def test_a_session_is_none_that_began_more_than_a_day_of_work_from_now(
    db: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    ann = await a_person(await a_school())
    travel(monkeypatch, days=400)
    token = await sessions.start(ann.person, ann.school)
    travel(monkeypatch, days=-400)
    assert await sessions.viewer_of(token) is None
    await sessions.start(ann.person, ann.school)
    async with database.read():
        assert await Session.count() == 1
