"""The security log: what is in it, what is never in it, how it is followed, and that nobody fills the disk with it."""

import json
import stat
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
import structlog

import database
from base import clock, settings
from base.refusals import NotFound
from base.settings import Settings
from base.viewer import KeyScope, Role, Viewer
from sharing.accounts import new_passwords
from sharing.people import people
from sharing.sign_in import api_keys, digests, security_log, sessions, sign_in
from sharing.sign_in.security_log import Kind
from sharing.sign_in.tables import SecurityEvent
from tests.given.builders import (
    PASSWORD,
    a_person,
    a_school,
    application,
    email_of,
    events_of,
    program,
    signed_in,
    token_in,
    travel,
)
from vouch import jobs

NEW = "a quiet river at dawn"


async def rows(kind: Kind | None = None) -> list[dict[str, Any]]:
    """Everything that is kept, oldest first."""
    async with database.read():
        query = SecurityEvent.select().order_by(SecurityEvent.first_at)
        found: list[dict[str, Any]] = await (query.where(SecurityEvent.kind == kind.value) if kind else query)
    return found


def counted(found: list[dict[str, Any]]) -> list[tuple[str, int]]:
    return [(row["account"], row["times"]) for row in found]


async def tried(email: str, password: str, *, from_address: str = "192.0.2.7") -> int:
    transport = httpx.ASGITransport(app=application(), client=(from_address, 1))
    headers = {"Accept": "text/html", "Sec-Fetch-Site": "same-origin"}
    async with httpx.AsyncClient(transport=transport, base_url=settings.current().origin, headers=headers) as browser:
        return (await browser.post("/sign-in", data={"email": email, "password": password})).status_code


async def test_a_sign_in_a_failure_and_a_lockout_are_of_one_account_and_one_network(db: Settings) -> None:
    ann = await a_person(await a_school())
    email, account = await email_of(ann), digests.of_person(ann.person)
    assert await tried(email, PASSWORD) == 303
    assert [await tried(email.upper(), "wrong") for _ in range(4)] == [422, 422, 422, 429]
    assert counted(await rows(Kind.SIGNED_IN)) == [(account, 1)]
    assert counted(await rows(Kind.SIGN_IN_FAILED)) == [(account, 3)]
    assert counted(await rows(Kind.LOCKED_OUT)) == [(account, 1)]
    assert {row["network"] for row in await rows()} == {digests.of_address("192.0.2.200")}, "neighbours are one network"


async def test_a_try_at_an_account_that_is_not_there_looks_the_same(db: Settings) -> None:
    await tried("nobody@school.example", "wrong")
    (row,) = await rows(Kind.SIGN_IN_FAILED)
    assert row["account"] == digests.of_email("Nobody@School.example")
    assert digests.is_digest(row["account"])


async def test_a_refusal_is_counted_where_it_is_raised_and_where_a_page_says_it(db: Settings) -> None:
    ann = await a_person(await a_school(), Role.GOVERNOR)
    async with signed_in(ann) as browser:
        assert (await browser.get("/people/invite")).status_code == 403
        invited = await browser.post("/people/invite", data={"email": "x@y.example", "role": "governor"})
        assert invited.status_code == 403
    assert [(row["place"], row["account"]) for row in await rows(Kind.REFUSED)] == [
        ("GET /people/invite", digests.of_person(ann.person)),
        ("POST /people/invite", digests.of_person(ann.person)),
    ]


async def test_the_right_password_of_somebody_who_left_is_a_refusal(db: Settings) -> None:
    oakfield = await a_school()
    hal, ann = await a_person(oakfield, Role.HEAD, "Hal Hall"), await a_person(oakfield)
    await people.remove(hal, ann.person)
    assert await tried(await email_of(ann), PASSWORD) == 403
    (row,) = await rows(Kind.REFUSED)
    assert (row["account"], row["place"]) == (digests.of_person(ann.person), "POST /sign-in")


async def test_a_key_is_followed_from_its_making_to_its_use_when_it_is_dead(db: Settings) -> None:
    ann = await a_person(await a_school())
    key = await api_keys.create(ann, name="finance system", days=30, scopes={KeyScope.READ})
    async with program(key) as client:
        assert (await client.get("/api/v1/trail/entries")).status_code == 403
        await api_keys.revoke(ann, (await api_keys.mine(ann))[0].id)
        assert (await client.get("/api/v1/schools")).status_code == 401
    followed = [row for row in await rows() if row["api_key"] == digests.of_key(digests.prefix_of(key))]
    assert [row["kind"] for row in followed] == ["key_made", "refused", "key_ended", "dead_key"]
    assert {row["account"] for row in followed} == {digests.of_person(ann.person)}


async def test_an_invented_key_is_nobodys(db: Settings) -> None:
    for invented in ("vk_aaaaaaaa_nonsense", "x", "?"):
        async with program(invented) as client:
            assert (await client.get("/api/v1/schools")).status_code == 401
    (row,) = await rows(Kind.DEAD_KEY)
    assert (row["account"], row["api_key"], row["times"]) == ("", "", 3)


async def test_sessions_and_passwords_that_end_are_in_it(db: Settings) -> None:
    oakfield = await a_school()
    hal, ann = await a_person(oakfield, Role.HEAD, "Hal Hall"), await a_person(oakfield)
    account = digests.of_person(ann.person)
    async with signed_in(ann) as browser:
        await sessions.start(ann.person, ann.school)
        await browser.post("/account/sign-out-elsewhere")
        await browser.post("/sign-out")
    await sign_in.change_password(ann, current=PASSWORD, new=NEW)
    link = token_in(await new_passwords.make_link(hal, ann.person))
    async with signed_in(hal) as browser:
        await browser.post(f"/new-password/{link}", data={"password": "a slower river at dusk"})
    await sessions.start(ann.person, ann.school)
    await people.remove(hal, ann.person)
    assert counted(await rows(Kind.SESSION_ENDED)) == [(account, 2), (account, 1)]
    assert counted(await rows(Kind.PASSWORD_CHANGED)) == [(account, 1)]
    assert counted(await rows(Kind.PASSWORD_RESET)) == [(account, 1)]


async def test_it_holds_no_name_no_address_and_no_secret_and_neither_do_its_lines(db: Settings) -> None:
    ann = await a_person(await a_school(), name="Ann Archer")
    key = await api_keys.create(ann, name="finance system", days=30, scopes={KeyScope.READ})
    with structlog.testing.capture_logs() as lines:
        await tried(await email_of(ann), "wrong", from_address="198.51.100.23")
        async with program(key) as client:
            await client.get("/api/v1/trail/entries")
    told = [line for line in lines if line["event"] == "security"]
    assert [(line["kind"], line["account"]) for line in told] == [
        ("sign_in_failed", digests.of_person(ann.person)),
        ("refused", digests.of_person(ann.person)),
    ]
    kept = json.dumps([await rows(), told], default=str)
    for secret in ("Archer", "@school", "198.51", "wrong", str(ann.person), digests.prefix_of(key), key[12:], "finance"):
        assert secret not in kept, secret


async def test_of_a_change_that_is_not_saved_no_line_is_said_and_of_a_failure_always_one(db: Settings) -> None:
    ann = await a_person(await a_school())
    with structlog.testing.capture_logs() as lines:
        with pytest.raises(ZeroDivisionError):
            async with database.housekeeping():
                await security_log.add(Kind.SESSION_ENDED, person=ann.person)
                _ = 1 / 0
        async with database.read():  # where it can't be written
            await security_log.note(Kind.SIGN_IN_FAILED, person=ann.person)
        async with database.housekeeping():
            await security_log.add(Kind.SESSION_ENDED, person=ann.person)
    told = [line["kind"] for line in lines if line["event"] == "security"]
    assert (told, counted(await rows())) == (["sign_in_failed", "session_ended"], [(digests.of_person(ann.person), 1)])


async def test_a_digest_can_not_be_worked_out_without_the_secret_which_is_a_file_of_its_own(db: Settings) -> None:
    person = uuid4()
    before = digests.of_person(person), digests.of_address("192.0.2.1")
    file = settings.current().keys / digests.FILE
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    digests._secret.cache_clear()
    assert (digests.of_person(person), digests.of_address("192.0.2.1")) == before, "read again, not made anew"
    file.unlink()
    digests._secret.cache_clear()
    assert digests.of_person(person) != before[0]
    assert digests.of_address("192.0.2.1") != before[1]


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("192.0.2.1", "192.0.2.254", True),
        ("192.0.2.1", "192.0.3.1", False),
        ("2001:db8:1::1", "2001:db8:1:ffff::9", True),
        ("2001:db8:1::1", "2001:db8:2::1", False),
        ("::ffff:192.0.2.1", "192.0.2.9", True),
    ],
)
def test_a_network_is_what_one_provider_gives_to_one_place(db: Settings, one: str, other: str, is_same: bool) -> None:
    assert (digests.of_address(one) == digests.of_address(other)) == is_same


async def test_a_secret_that_can_not_be_kept_stops_nobody(db: Settings, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert digests._secret(tmp_path / "file" / "folder") != digests._secret(tmp_path / "file" / "other")
    (tmp_path / digests.FILE).write_text("no hex")
    with structlog.testing.capture_logs() as lines:
        assert len(digests._secret(tmp_path)) == digests.SECRET_BYTES
    assert [line["event"] for line in lines] == ["security_log_secret_unusable"]


async def test_what_is_alike_within_an_hour_is_one_row_and_then_another(db: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    hour = clock.now().replace(minute=0, second=0, microsecond=0)
    for minutes in (0, 1, 59, 60):
        monkeypatch.setattr(clock, "now", lambda minutes=minutes: hour + timedelta(minutes=minutes))
        await security_log.note(Kind.SIGN_IN_FAILED, email="a@b.example")
    assert [(row["times"], row["last_at"] - row["first_at"]) for row in await rows()] == [
        (3, timedelta(minutes=59)),
        (1, timedelta()),
    ]


async def test_a_flood_ends_in_one_row_and_the_accounts_that_are_there_keep_their_own(
    db: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(security_log, "MOST_TOGETHER", 5)
    ann = uuid4()
    for n in range(20):
        await security_log.note(Kind.SIGN_IN_FAILED, email=f"{n}@b.example")
    for _ in range(3):
        await security_log.note(Kind.SIGN_IN_FAILED, person=ann)
    found = counted(await rows())
    assert len(found) == 7
    assert ("", 15) in found
    assert (digests.of_person(ann), 3) in found


async def test_one_account_fills_no_more_than_its_part(db: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(security_log, "MOST_OF_ONE", 3)
    ann = uuid4()
    for n in range(10):
        await security_log.note(Kind.REFUSED, person=ann, place=f"GET /{n}")
    assert [(row["place"], row["times"]) for row in await rows()] == [("GET /0", 1), ("GET /1", 1), ("GET /2", 1), ("", 7)]


async def test_it_is_forgotten_after_a_year(db: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    await security_log.note(Kind.SIGN_IN_FAILED, email="a@b.example")
    travel(monkeypatch, days=364)
    await jobs.run_due()
    assert len(await rows()) == 1
    travel(monkeypatch, days=2)
    assert (await jobs.run_due()).failed == ()
    assert await rows() == []


async def an_operator() -> Viewer:
    return await a_person(await a_school("Fern"), Role.HEAD, "Olive Osgood", operator=True)


async def test_the_operator_follows_one_account_one_key_and_one_network(db: Settings) -> None:
    olive = await an_operator()
    ann = await a_person(await a_school())
    email = await email_of(ann)
    key = await api_keys.create(ann, name="Ours", days=30, scopes={KeyScope.READ})
    await tried(email, "wrong", from_address="198.51.100.23")
    await tried("other@school.example", "wrong", from_address="198.51.100.99")
    async with signed_in(olive) as browser:
        everything = (await browser.get("/security-log")).text
        pages = {}
        for who in (email, key, f"vk_{digests.prefix_of(key)}", "198.51.100.1", digests.of_person(ann.person)):
            sent = await browser.post("/security-log", data={"kind": "", "who": who})
            assert sent.status_code == 303
            assert who not in sent.headers["location"] or digests.is_digest(who)
            pages[who] = (await browser.get(sent.headers["location"])).text
        failed = (await browser.get("/security-log?kind=sign_in_failed")).text
        assert (await browser.post("/security-log", data={"kind": "nonsense"})).status_code == 422
    titles = [part.partition("<")[0].strip() for part in everything.split('vouch-card__title">')[1:]]
    assert titles.index("Wrong password, or no such account") < titles.index("API key made"), "newest first"
    for who in (email, digests.of_person(ann.person)):
        assert pages[who].count("vouch-card__title") == 2
        assert "API key made" in pages[who]
    for who in (key, f"vk_{digests.prefix_of(key)}"):
        assert pages[who].count("vouch-card__title") == 1
    assert pages["198.51.100.1"].count("vouch-card__title") == 2, "both tries came from that network"
    assert failed.count("vouch-card__title") == 2
    assert email not in everything + failed


async def test_it_comes_in_pages(db: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(security_log, "PAGE", 2)
    olive = await an_operator()
    for n in range(5):
        await security_log.note(Kind.DEAD_KEY, person=uuid4(), key=f"key{n}")
    seen, after = [], ""
    while True:
        found = await security_log.page(olive, kind="dead_key", after=after)
        seen += [row.id for row in found.rows]
        after = found.next_cursor
        if not after:
            break
    assert len(seen) == len(set(seen)) == 5
    async with signed_in(olive) as browser:
        assert "after=" in (await browser.get("/security-log?kind=dead_key")).text
        assert (await browser.get("/security-log?after=nonsense")).status_code == 422


async def test_nobody_else_reads_it(db: Settings) -> None:
    await an_operator()
    hal = await a_person(await a_school(), Role.HEAD, "Hal Hall")
    with pytest.raises(NotFound):
        await security_log.page(hal)
    async with signed_in(hal) as browser:
        assert (await browser.get("/security-log")).status_code == 404
        assert (await browser.post("/security-log", data={"kind": "", "who": "a@b.example"})).status_code == 404
        assert "/security-log" not in (await browser.get("/account")).text


async def test_it_leaves_nothing_in_any_trail(db: Settings) -> None:
    ann = await a_person(await a_school())
    before = await events_of(ann.school)
    await tried(await email_of(ann), "wrong")
    assert await events_of(ann.school) == before
