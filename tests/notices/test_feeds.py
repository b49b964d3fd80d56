"""A calendar feed: an address that is a secret, days that say little, and nobody who left reads on."""

import json
from datetime import UTC, date, datetime
from typing import Any, Final
from urllib.parse import urlsplit

import icalendar
import pytest
import structlog

import database
from base import calendar_file
from base.due import FeedDate
from base.refusals import NotFound
from base.settings import Settings
from base.viewer import Role, Viewer
from notices import feeds
from notices.desk import waiting_feed
from notices.tables import Feed
from sharing.accounts import new_passwords
from sharing.joining import joining
from sharing.people import people
from sharing.sign_in import sign_in
from tests.given.builders import PASSWORD, a_membership, a_person, a_school, events_of, signed_in, stranger, token_in
from vouch import wiring

NEW = "a quiet river at dawn"
CHANGED = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
DECIDE = FeedDate("contract:1:decide-by", date(2026, 12, 31), "Cleaning: decide", 3, CHANGED)
REVIEW = FeedDate("contract:1:review", date(2026, 12, 1), "Cleaning; review, part\n2", 0, CHANGED)


async def dates(viewer: Viewer) -> tuple[FeedDate, ...]:
    return (DECIDE, REVIEW) if viewer.school_name.startswith("Oak") else ()


def events(content: bytes) -> list[Any]:
    return list(icalendar.Calendar.from_ical(content).walk("VEVENT"))


@pytest.mark.pure
def test_a_day_is_a_whole_one_and_says_where_to_sign_in() -> None:
    content = calendar_file.built([DECIDE, REVIEW], shows_titles=False, origin="https://vouch.example")
    review, decide = events(content)
    assert (review["DTSTART"].dt, review["DTEND"].dt) == (date(2026, 12, 1), date(2026, 12, 2))
    assert decide["DTEND"].dt == date(2027, 1, 1)
    assert b"DTSTART;VALUE=DATE:20261231" in content
    assert {event["SUMMARY"] for event in (review, decide)} == {"A contract date: sign in"}
    assert (decide["UID"], decide["SEQUENCE"], decide["URL"]) == (
        "contract:1:decide-by@vouch.example",
        3,
        "https://vouch.example",
    )
    assert b"Cleaning" not in content
    assert content == calendar_file.built([REVIEW, DECIDE], shows_titles=False, origin="https://vouch.example")


@pytest.mark.pure
def test_a_title_shows_only_where_somebody_turned_it_on_and_adds_no_line_of_its_own() -> None:
    content = calendar_file.built([REVIEW], shows_titles=True, origin="https://vouch.example")
    (event,) = events(content)
    assert event["SUMMARY"] == REVIEW.title
    assert b"\r\n2" not in content


@pytest.mark.pure
def test_with_nothing_to_show_it_is_a_whole_calendar_all_the_same() -> None:
    content = calendar_file.built([], shows_titles=True, origin="https://vouch.example")
    calendar = icalendar.Calendar.from_ical(content)
    assert (calendar["VERSION"], bool(calendar["PRODID"]), events(content)) == ("2.0", True, [])
    assert [one.name for one in calendar.subcomponents] == ["VTIMEZONE"], "one component at least, or it is no calendar"
    assert b"VTIMEZONE" not in calendar_file.built([REVIEW], shows_titles=True, origin="https://vouch.example")


async def test_the_address_opens_what_its_person_may_see_for_as_long_as_they_belong_there(db: Settings) -> None:
    school = await a_school()
    hal = await a_person(school, Role.HEAD, "Hal Hart")
    ann = await a_person(school)
    name = token_in(await feeds.make(ann, shows_titles=True))
    assert [event["SUMMARY"] for event in events(await feeds.read(name, dates))] == [REVIEW.title, DECIDE.title]
    await a_membership(ann, await a_school("Elmwood Primary"))
    await people.remove(hal, ann.person)
    assert events(await feeds.read(name, dates)) == []
    with pytest.raises(NotFound):
        await feeds.read(name.removesuffix(".ics"), dates)


async def test_whoever_belongs_nowhere_any_more_has_no_feed(db: Settings) -> None:
    school = await a_school()
    hal, ann = await a_person(school, Role.HEAD, "Hal Hart"), await a_person(school)
    name = token_in(await feeds.make(ann, shows_titles=False))
    await people.remove(hal, ann.person)
    with pytest.raises(NotFound):
        await feeds.read(name, dates)


async def test_a_new_feed_ends_the_old_one_and_revoking_ends_it(db: Settings) -> None:
    ann = await a_person(await a_school())
    old, new = [token_in(await feeds.make(ann, shows_titles=False)) for _ in range(2)]
    with pytest.raises(NotFound):
        await feeds.read(old, dates)
    await feeds.read(new, dates)
    await feeds.revoke(ann)
    for gone in (feeds.read(new, dates), feeds.revoke(ann)):
        with pytest.raises(NotFound):
            await gone
    assert (await events_of(ann.school))[-3:] == ["feed.made", "feed.made", "feed.revoked"]


ENDED: Final = ["feed.revoked", "waiting_feed.revoked"]


async def feeds_of(ann: Viewer) -> list[str]:
    """The paths of both feeds that somebody makes."""
    return [urlsplit(one).path for one in (await feeds.make(ann, shows_titles=False), await waiting_feed.make(ann))]


async def answers(paths: list[str]) -> list[int]:
    async with stranger() as program:
        return [(await program.get(path)).status_code for path in paths]


@pytest.mark.both_engines
async def test_both_feeds_end_with_the_password_unless_they_are_to_be_kept(db: Settings) -> None:
    """Whoever had learned it could have made them."""
    ann = await a_person(await a_school())
    paths = await feeds_of(ann)
    await sign_in.change_password(ann, current=PASSWORD, new=NEW, keep_keys=True)
    assert await answers(paths) == [200, 200]
    await sign_in.change_password(ann, current=NEW, new=PASSWORD)
    assert await answers(paths) == [404, 404]
    assert set(ENDED) <= set((await events_of(ann.school))[-3:])


async def test_both_end_with_a_new_password_by_a_link(db: Settings) -> None:
    school = await a_school()
    hal, ann = await a_person(school, Role.HEAD, "Hal Hart"), await a_person(school)
    paths, link = await feeds_of(ann), token_in(await new_passwords.make_link(hal, ann.person))
    await joining.set_password(link, password=NEW)
    assert await answers(paths) == [404, 404]
    assert set(ENDED) <= set((await events_of(ann.school))[-3:])


async def test_only_the_digest_of_the_secret_is_kept_and_it_has_32_bytes(db: Settings) -> None:
    address = await feeds.make(await a_person(await a_school()), shows_titles=False)
    secret = token_in(address).removesuffix(".ics")
    assert len(bytes.fromhex(secret)) == 32
    async with database.read():
        row = await Feed.select().first()
    assert row is not None
    assert bytes(row["token_hash"]) != bytes.fromhex(secret)
    assert secret not in str(row)


async def test_the_page_shows_the_address_once_and_a_calendar_reads_it_without_a_cookie(
    db: Settings, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    ann = await a_person(await a_school())
    monkeypatch.setattr("vouch.app.DATES", dates)
    async with signed_in(ann) as browser:
        made = (await browser.post("/account/calendar", data={"titles": "yes"})).text
        path = made.partition("http://127.0.0.1:8000")[2].partition("<")[0]
        assert path.partition("/feeds/")[2] not in (await browser.get("/account/calendar")).text
    async with stranger() as program:
        answer = await program.get(path)
        again = await program.get(path, headers={"If-None-Match": answer.headers["etag"]})
        head = await program.head(path)
        other = await program.get(path.replace("/feeds/", "/feeds/0"))
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert answer.headers["cache-control"] == "private, no-cache"
    assert len(events(answer.content)) == 2
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", answer.headers["etag"])
    assert (head.status_code, head.content) == (200, b"")
    assert other.status_code == 404
    assert path.partition("/feeds/")[2] not in capsys.readouterr().out


async def test_the_log_says_which_page_was_asked_for_and_never_the_secret(db: Settings) -> None:
    address = await feeds.make(await a_person(await a_school()), shows_titles=False)
    secret = token_in(address)
    with structlog.testing.capture_logs() as lines:
        async with stranger() as program:
            for path in (f"/feeds/{secret}", f"/feeds/{secret}x", f"/feeds/{secret}/more", f"/letters/stop/{secret}"):
                await program.get(path)
    logged = json.dumps(lines, default=str)
    assert "/feeds/{feed}" in logged
    assert secret[:32] not in logged


async def test_a_feed_that_nobody_fills_yet_is_empty(db: Settings) -> None:
    ann = await a_person(await a_school())
    assert await wiring.DATES(ann) == ()
