"""A browser that signed in before is never slowed down by strangers, and its token is worth nothing to anybody else."""

import io
import json
import random
import zipfile
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from datetime import timedelta

import httpx
import pytest

import database
from audit.erasing.erasure import ErasureReason
from base import clock, settings
from base.refusals import Busy, Invalid, TooMany
from base.settings import Settings
from base.viewer import Role, Viewer
from privacy import erasure, subject_access
from sharing.accounts import new_passwords
from sharing.joining import joining
from sharing.people import people
from sharing.sign_in import known_browsers, passwords, sessions, sign_in, throttle
from sharing.sign_in.passwords import argon2
from sharing.tables import KnownBrowser, Throttle
from tests.given.builders import PASSWORD, a_person, a_school, an_invitation, email_of, signed_in, stranger, token_in, travel

ANOTHER = "violet tractor hums gently"
PAGES_ADDRESS = "127.0.0.1"  # where the test's own browsers come from


@asynccontextmanager
async def a_known_browser(viewer: Viewer) -> AsyncIterator[httpx.AsyncClient]:
    """A browser that signed in with the form, and is signed in still."""
    async with stranger() as browser:
        assert (await signs_in(browser, viewer)).status_code == 303
        yield browser


async def signs_in(browser: httpx.AsyncClient, viewer: Viewer, password: str = PASSWORD) -> httpx.Response:
    return await browser.post("/sign-in", data={"email": await email_of(viewer), "password": password})


async def is_attacked(viewer: Viewer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Eight wrong tries at the account, each from a new address and as soon as the wait is over: the ninth waits 32 s."""
    email = await email_of(viewer)
    for n in range(8):
        travel(monkeypatch, seconds=2 ** max(0, n - 3) if n >= throttle.FREE else 0)
        with pytest.raises(Invalid):
            await sign_in.sign_in(email, "not the right one", from_address=f"198.51.100.{n}")


async def slips_from_here() -> None:
    """Thirty wrong tries at as many accounts, by any pupil on the school's network."""
    for n in range(throttle.FREE_OF_AN_ADDRESS):
        with pytest.raises(Invalid):
            await sign_in.sign_in(f"pupil{n}@oakfield.example", "guess", from_address=PAGES_ADDRESS)


@pytest.mark.parametrize("signed_in_still", [True, False], ids=["with a session", "signed out"])
async def test_tries_from_ever_new_addresses_do_not_slow_down_a_browser_that_signed_in_before(
    db: Settings, monkeypatch: pytest.MonkeyPatch, signed_in_still: bool
) -> None:
    ann = await a_person(await a_school())
    async with a_known_browser(ann) as browser, stranger() as unknown:
        if not signed_in_still:
            await browser.post("/sign-out")
        await is_attacked(ann, monkeypatch)
        assert (await signs_in(unknown, ann)).status_code == 429, "the guesser is slowed down as ever"
        assert (await signs_in(browser, ann)).status_code == 303
        assert (await browser.get("/people")).status_code == 200
        assert (await signs_in(unknown, ann)).status_code == 429, "and nobody's success begins his count anew"


async def test_thirty_slips_from_one_address_do_not_lock_out_the_schools_own_browsers(db: Settings) -> None:
    oakfield = await a_school()
    ann, bob = await a_person(oakfield), await a_person(oakfield, Role.HEAD, "Bob Brown")
    async with a_known_browser(ann) as anns, a_known_browser(bob) as bobs, stranger() as unknown:
        await slips_from_here()
        assert (await signs_in(unknown, ann)).status_code == 429
        assert (await signs_in(anns, ann)).status_code == 303
        assert (await signs_in(bobs, bob)).status_code == 303


@pytest.mark.parametrize("known", [True, False], ids=["known", "with a session only"])
async def test_strangers_do_not_keep_anybody_from_changing_the_password(
    db: Settings, monkeypatch: pytest.MonkeyPatch, known: bool
) -> None:
    ann = await a_person(await a_school())
    async with a_known_browser(ann) if known else signed_in(ann) as browser:
        await is_attacked(ann, monkeypatch)
        await slips_from_here()
        changed = await browser.post("/account/password", data={"current": PASSWORD, "new": ANOTHER})
        assert changed.status_code == 303
        assert (await signs_in(browser, ann, ANOTHER)).status_code == 303, "it is known again, by the new password"


@pytest.mark.parametrize("known", [True, False], ids=["known", "with a session only"])
async def test_who_guesses_with_a_session_at_its_password_waits(db: Settings, known: bool) -> None:
    ann = await a_person(await a_school())
    async with a_known_browser(ann) if known else signed_in(ann) as browser:
        answers = [
            (await browser.post("/account/password", data={"current": "wrong", "new": ANOTHER})).status_code for _ in range(4)
        ]
        assert answers == [422, 422, 422, 429]


async def test_strangers_do_not_keep_anybody_from_joining_one_more_school(db: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    ann = await a_person(await a_school())
    elm = await a_school("Elm")
    invitation = await an_invitation(elm, Role.GOVERNOR, await email_of(ann))
    page = f"/join/{token_in(invitation.address)}"
    async with a_known_browser(ann) as browser, stranger() as unknown:
        await is_attacked(ann, monkeypatch)
        await slips_from_here()
        assert (await unknown.post(page, data={"account": "yes", "password": PASSWORD})).status_code == 429
        assert (await browser.post(page, data={"account": "yes", "password": PASSWORD})).status_code == 303


async def test_a_known_browsers_own_failures_slow_down_itself_and_nobody_else(db: Settings) -> None:
    ann = await a_person(await a_school())
    async with a_known_browser(ann) as browser, a_known_browser(ann) as other, stranger() as unknown:
        answers = [(await signs_in(browser, ann, "wrong")).status_code for _ in range(4)]
        assert answers == [422, 422, 422, 429]
        assert (await signs_in(browser, ann)).status_code == 429
        assert (await signs_in(other, ann)).status_code == 303
        assert (await signs_in(unknown, ann)).status_code == 303


async def test_a_success_forgives_a_known_browser_its_failures(db: Settings) -> None:
    ann = await a_person(await a_school())
    async with a_known_browser(ann) as browser:
        for _ in range(3):
            assert (await signs_in(browser, ann, "wrong")).status_code == 422
            assert (await signs_in(browser, ann, "wrong")).status_code == 422
            assert (await signs_in(browser, ann)).status_code == 303


async def test_a_token_of_another_account_or_a_forged_one_is_no_use(db: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    oakfield = await a_school()
    ann, bob = await a_person(oakfield), await a_person(oakfield, name="Bob Brown")
    async with a_known_browser(bob) as bobs:
        his = known_by(bobs)
        await is_attacked(ann, monkeypatch)
        assert (await signs_in(bobs, ann)).status_code == 429
    for forged in (his[:-1] + ("A" if his[-1] != "A" else "B"), "x" * 43, "\u00e9", "." * 2_000, f"{his}.{'y' * 43}", ""):
        with pytest.raises(TooMany):
            await sign_in.sign_in(await email_of(ann), PASSWORD, from_address="192.0.2.9", known_by=forged)


async def test_a_planted_token_is_not_taken_over(db: Settings) -> None:
    oakfield = await a_school()
    ann, bob = await a_person(oakfield), await a_person(oakfield, name="Bob Brown")
    async with a_known_browser(bob) as bobs, stranger() as anns:
        anns.cookies.set(known_browsers.cookie_name(), known_by(bobs), domain=PAGES_ADDRESS)
        await signs_in(anns, ann)
        assert known_by(anns).split(".")[0] != known_by(bobs)
        assert await is_known(known_by(anns), ann)
        assert not await is_known(known_by(bobs), ann)


async def test_with_a_copied_token_one_still_waits_like_any_guesser(db: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    ann = await a_person(await a_school())
    async with a_known_browser(ann) as browser:
        copied, asked = known_by(browser), 0
        began = clock.now()
        while clock.now() - began < timedelta(hours=2):
            try:
                await sign_in.sign_in(await email_of(ann), "wrong", from_address="192.0.2.9", known_by=copied)
            except TooMany as refused:
                travel(monkeypatch, seconds=int(refused.headers["Retry-After"]))
            except Invalid:
                asked += 1
        assert 20 < asked < 40, "one guess in five minutes, after the first dozen"


@pytest.mark.parametrize("by", ["changing", "a link"])
async def test_a_new_password_makes_every_other_browser_a_stranger(
    db: Settings, monkeypatch: pytest.MonkeyPatch, by: str
) -> None:
    oakfield = await a_school()
    ann, bob = await a_person(oakfield), await a_person(oakfield, Role.HEAD, "Bob Brown")
    async with a_known_browser(ann) as lost, a_known_browser(ann) as browser:
        if by == "changing":
            await browser.post("/account/password", data={"current": PASSWORD, "new": ANOTHER})
        else:
            link = token_in(await new_passwords.make_link(bob, ann.person))
            assert (await browser.post(f"/new-password/{link}", data={"password": ANOTHER})).status_code == 303
        await is_attacked(ann, monkeypatch)
        assert (await signs_in(lost, ann, ANOTHER)).status_code == 429
        assert (await signs_in(browser, ann, ANOTHER)).status_code == 303


async def test_a_link_for_a_new_password_lets_a_new_browser_past_a_stranger(
    db: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    oakfield = await a_school()
    ann, bob = await a_person(oakfield), await a_person(oakfield, Role.HEAD, "Bob Brown")
    await is_attacked(ann, monkeypatch)
    link = token_in(await new_passwords.make_link(bob, ann.person))
    async with stranger() as new:
        assert (await signs_in(new, ann)).status_code == 429
        await new.post(f"/new-password/{link}", data={"password": ANOTHER})
        assert (await signs_in(new, ann, ANOTHER)).status_code == 303


async def test_whoever_joins_has_a_known_browser(db: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    oakfield = await a_school()
    invitation = await an_invitation(oakfield, Role.GOVERNOR, "new@oakfield.example")
    async with stranger() as browser:
        await browser.post(f"/join/{token_in(invitation.address)}", data={"name": "Nia New", "password": PASSWORD})
        await slips_from_here()
        sent = await browser.post("/sign-in", data={"email": "new@oakfield.example", "password": PASSWORD})
        assert sent.status_code == 303


async def test_a_browser_is_known_for_180_days_from_its_last_sign_in(db: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    ann = await a_person(await a_school())
    async with a_known_browser(ann) as browser:
        first = known_by(browser)
        travel(monkeypatch, days=179)
        await signs_in(browser, ann)
        assert known_by(browser) == first, "renewed, not another"
        travel(monkeypatch, days=179)
        assert await is_known(first, ann)
        travel(monkeypatch, days=2)
        assert not await is_known(first, ann)
    async with a_known_browser(ann):
        assert len(await kept()) == 1, "what has run out is deleted"


async def test_an_account_knows_ten_browsers_and_forgets_the_one_used_longest_ago(
    db: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann = await a_person(await a_school())
    async with a_known_browser(ann) as first:
        tokens = [known_by(first)]
        for _ in range(known_browsers.MOST_OF_ONE):
            travel(monkeypatch, minutes=1)
            async with a_known_browser(ann) as browser:
                tokens.append(known_by(browser))
    assert [await is_known(token, ann) for token in tokens] == [False] + [True] * known_browsers.MOST_OF_ONE


async def test_people_who_share_a_computer_are_each_known_there_and_the_database_cannot_tell(db: Settings) -> None:
    oakfield = await a_school()
    everybody = [await a_person(oakfield, name=f"Person {n}") for n in range(known_browsers.MOST_TOGETHER + 1)]
    async with stranger() as shared:
        for one in everybody:
            await signs_in(shared, one)
        brought = known_by(shared)
    assert [await is_known(brought, one) for one in everybody] == [False] + [True] * known_browsers.MOST_TOGETHER
    rows = await kept()
    assert len({row["token_hash"] for row in rows}) == len(rows) == len(everybody)
    assert not set(brought.split(".")) & {str(row["token_hash"]) for row in rows}


async def test_who_is_turned_away_as_busy_has_not_failed(db: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    ann = await a_person(await a_school())
    email = await email_of(ann)
    with full_line_of_strangers():
        for _ in range(40):
            with pytest.raises(Busy):
                await sign_in.sign_in(email, PASSWORD, from_address=PAGES_ADDRESS)
    async with database.read():
        assert await Throttle.select() == []
    await is_attacked(ann, monkeypatch)
    travel(monkeypatch, seconds=32)
    with full_line_of_strangers(), pytest.raises(Busy):
        await sign_in.sign_in(email, PASSWORD, from_address=PAGES_ADDRESS)
    assert await sign_in.sign_in(email, PASSWORD, from_address=PAGES_ADDRESS), "nor does the wait begin anew"


async def test_a_flood_of_strangers_leaves_room_for_known_browsers_and_links(db: Settings) -> None:
    oakfield = await a_school()
    ann, bob = await a_person(oakfield), await a_person(oakfield, Role.HEAD, "Bob Brown")
    async with a_known_browser(ann) as browser, stranger() as unknown:
        link = token_in(await new_passwords.make_link(bob, ann.person))
        with full_line_of_strangers():
            assert (await signs_in(unknown, ann)).status_code == 503
            assert (await signs_in(browser, ann)).status_code == 303
            await joining.set_password(link, password=ANOTHER)


@pytest.mark.parametrize("back", [timedelta(minutes=1), timedelta(hours=1), timedelta(days=40)], ids=str)
async def test_a_clock_that_steps_back_blocks_nobody(db: Settings, monkeypatch: pytest.MonkeyPatch, back: timedelta) -> None:
    oakfield = await a_school()
    ann, bob = await a_person(oakfield), await a_person(oakfield, name="Bob Brown")
    await sign_in.sign_in(await email_of(bob), PASSWORD, from_address=PAGES_ADDRESS)
    with pytest.raises(Invalid):
        await sign_in.sign_in(await email_of(ann), "a slip", from_address=PAGES_ADDRESS)
    travel(monkeypatch, seconds=-back.total_seconds())
    for one in (ann, bob):
        assert await sign_in.sign_in(await email_of(one), PASSWORD, from_address=PAGES_ADDRESS)


async def test_a_wait_does_not_grow_when_the_clock_steps_back_nor_is_it_forgiven(
    db: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann = await a_person(await a_school())
    email = await email_of(ann)
    await is_attacked(ann, monkeypatch)
    travel(monkeypatch, hours=-1)
    with pytest.raises(TooMany, match="Wait 32 seconds"):
        await sign_in.sign_in(email, PASSWORD, from_address=PAGES_ADDRESS)
    travel(monkeypatch, seconds=32)
    assert await sign_in.sign_in(email, PASSWORD, from_address=PAGES_ADDRESS)


async def test_a_browser_is_remembered_by_a_clock_that_was_put_back(db: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    ann = await a_person(await a_school())
    for _ in range(known_browsers.MOST_OF_ONE):
        async with a_known_browser(ann):
            pass
    travel(monkeypatch, days=-1)
    async with a_known_browser(ann) as browser:
        assert await is_known(known_by(browser), ann)


@pytest.mark.parametrize("seed", range(6))
async def test_whatever_strangers_and_the_clock_do_a_known_browser_signs_in_at_once(
    db: Settings, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    chance, oakfield = random.Random(seed), await a_school()  # noqa: S311 - a test that can be run again
    ann, bob = await a_person(oakfield), await a_person(oakfield, name="Bob Brown")
    emails = [await email_of(ann), await email_of(bob), "nobody@oakfield.example"]
    async with a_known_browser(ann) as browser:
        for _ in range(40):
            travel(monkeypatch, seconds=chance.choice([0, 0, 1, 30, 300, -1, -400, -90_000]))
            for _ in range(chance.randint(0, 3)):
                try:
                    await sign_in.sign_in(
                        chance.choice(emails),
                        "guess",
                        from_address=chance.choice([PAGES_ADDRESS, f"198.51.100.{chance.randint(0, 250)}"]),
                        known_by=chance.choice(["", "x" * 43]),
                    )
                except (Invalid, TooMany):
                    pass
            assert (await signs_in(browser, ann)).status_code == 303


async def test_signing_out_leaves_the_browser_known_and_signs_nobody_in(db: Settings) -> None:
    ann = await a_person(await a_school())
    async with a_known_browser(ann) as browser:
        await browser.post("/sign-out")
        assert await is_known(known_by(browser), ann)
        assert (await browser.get("/people")).status_code == 303
        browser.cookies.set(sessions.cookie_name(), known_by(browser), domain=PAGES_ADDRESS)
        assert (await browser.get("/people")).status_code == 303, "its token is no session"


@pytest.mark.pure
def test_with_https_no_other_site_of_the_domain_can_set_the_cookie(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOUCH_ORIGIN", "https://vouch.example.org")
    settings.current.cache_clear()
    try:
        cookie = known_browsers.cookie("token")
    finally:
        monkeypatch.undo()
        settings.current.cache_clear()
    assert (cookie.key, cookie.path, cookie.domain) == ("__Host-vouch-known", "/", None)
    assert (cookie.secure, cookie.httponly, cookie.samesite) == (True, True, "lax")
    assert cookie.max_age == 180 * 24 * 60 * 60


async def test_known_browsers_are_in_the_copy_of_what_is_held_and_go_with_the_account(db: Settings) -> None:
    oakfield = await a_school()
    ann, bob = await a_person(oakfield), await a_person(oakfield, Role.HEAD, "Bob Brown")
    eve = await a_person(oakfield, name="Eve Evans")
    async with a_known_browser(eve) as browser:
        await signs_in(browser, eve, "a slip, which is counted")
    held = json.loads(zipfile.ZipFile(io.BytesIO(await subject_access.give(ann, eve.person))).read("what-is-held.json"))
    assert [set(row) for row in held["known_browsers"]] == [{"signed_in_at"}]
    await people.remove(bob, eve.person)
    chosen = [offer.find.key for offer in (await erasure.look(ann, person=eve.person, typed="")).offers]
    asked = await erasure.ask(
        ann, person=eve.person, typed="", chosen=chosen, reason=ErasureReason.ASKED, words="Asked in writing."
    )
    await erasure.approve(bob, asked)
    async with database.read():
        assert await KnownBrowser.count() == 0
        assert await Throttle.count().where(Throttle.key.not_like("address:%")) == 0


def known_by(browser: httpx.AsyncClient) -> str:
    return browser.cookies[known_browsers.cookie_name()]


async def is_known(brought: str, viewer: Viewer) -> bool:
    async with database.read():
        return await known_browsers.of_person(viewer.person, brought) is not None


async def kept() -> list[dict[str, object]]:
    async with database.read():
        rows: list[dict[str, object]] = await KnownBrowser.select()
    return rows


def full_line_of_strangers() -> ExitStack:
    """As many waiting to be hashed as may."""
    with ExitStack() as stack:
        for _ in range(passwords.MOST_WAITING):
            stack.enter_context(argon2.turn(reserved=False))
        return stack.pop_all()
