"""Signing in: what a stranger can learn or plant, and how guessing is slowed down."""

from datetime import timedelta
from typing import Literal

import pytest
from argon2 import Parameters, PasswordHasher, extract_parameters

import database
from base import clock
from base.refusals import Forbidden, Invalid, TooMany
from base.settings import Settings
from base.viewer import Role
from sharing.people import people
from sharing.sign_in import sessions, sign_in, throttle
from sharing.sign_in.pages import local
from sharing.sign_in.passwords import argon2
from sharing.tables import Person, Throttle
from tests.given.builders import (
    PASSWORD,
    a_person,
    a_school,
    email_of,
    stranger,
    travel,
)
from tests.given.page_text import without_number

HERE = "192.0.2.1"


async def test_the_right_password_opens_the_page_that_was_asked_for(db: Settings) -> None:
    ann = await a_person(await a_school())
    async with stranger() as browser:
        refused = await browser.get("/people?x=1")
        assert (refused.status_code, refused.headers["location"]) == (303, "/sign-in?next=/people%3Fx%3D1")
        form = await browser.get(refused.headers["location"])
        assert 'value="/people?x=1"' in form.text
        sent = await browser.post("/sign-in", data={"email": await email_of(ann), "password": PASSWORD, "next": "/people?x=1"})
        assert (sent.status_code, sent.headers["location"]) == (303, "/people?x=1")
        assert "Ann Archer" in (await browser.get("/people?x=1")).text


async def test_an_e_mail_may_be_typed_in_capitals_and_with_spaces(db: Settings) -> None:
    ann = await a_person(await a_school(), email="ann@oakfield.example")
    token = await sign_in.sign_in("  Ann@OAKFIELD.example ", PASSWORD, from_address=HERE)
    viewer = await sessions.viewer_of(token)
    assert viewer is not None
    assert viewer.person == ann.person


async def test_an_unknown_account_answers_like_a_wrong_password(db: Settings) -> None:
    ann = await a_person(await a_school(), email="ann@oakfield.example")
    async with stranger() as browser:
        known = await browser.post("/sign-in", data={"email": await email_of(ann), "password": "not the right one"})
        unknown = await browser.post("/sign-in", data={"email": "bob@oakfield.example", "password": "not the right one"})
    assert known.status_code == unknown.status_code == 422
    ours, others = (without_number(answer.text) for answer in (known, unknown))
    assert ours.replace("ann@oakfield.example", "") == others.replace("bob@oakfield.example", "")
    assert "not the right one" not in known.text


class Counting(PasswordHasher):
    """Notes what each hash that it computes costs."""

    def __init__(self) -> None:
        super().__init__(time_cost=2, memory_cost=1024, parallelism=1)
        self.costs: list[Parameters] = []

    def hash(self, password: str | bytes, *, salt: bytes | None = None) -> str:
        made = super().hash(password, salt=salt)
        self.costs.append(extract_parameters(made))
        return made

    def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:  # noqa: A002 - argon2's name
        self.costs.append(extract_parameters(str(hash)))
        return super().verify(hash, password)


async def test_an_unknown_account_takes_as_long_as_a_known_one(db: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Counted, not timed: whatever else the machine does, one hash with the same parameters takes as long as another."""
    hasher = Counting()
    monkeypatch.setattr(argon2, "hasher", hasher)
    emails = (await email_of(await a_person(await a_school())), "nobody@oakfield.example")
    with argon2.turn(reserved=False) as turn:
        await turn.which("makes nobody's hash, once for all", [])
    hasher.costs.clear()
    for email in emails:
        with pytest.raises(Invalid):
            await sign_in.sign_in(email, "not the right one", from_address=HERE)
    known, unknown = hasher.costs
    assert known == unknown


async def test_signing_in_never_adopts_the_session_id_that_the_browser_brought(db: Settings) -> None:
    ann = await a_person(await a_school())
    planted = "chosen-by-somebody-else"
    async with stranger() as browser:
        browser.cookies.set(sessions.cookie_name(), planted, domain="127.0.0.1")
        await browser.post("/sign-in", data={"email": await email_of(ann), "password": PASSWORD})
    assert await sessions.viewer_of(planted) is None
    async with stranger() as attacker:
        attacker.cookies.set(sessions.cookie_name(), planted, domain="127.0.0.1")
        assert (await attacker.get("/people")).status_code == 303


async def test_signing_in_again_ends_the_session_before(db: Settings) -> None:
    ann = await a_person(await a_school())
    first = await sign_in.sign_in(await email_of(ann), PASSWORD, from_address=HERE)
    second = await sign_in.sign_in(await email_of(ann), PASSWORD, from_address=HERE, instead_of=first)
    assert first != second
    assert await sessions.viewer_of(first) is None
    assert await sessions.viewer_of(second) is not None


async def test_guessing_is_slowed_down_more_and_more_and_a_success_resets_it(
    db: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann = await a_person(await a_school())
    email = await email_of(ann)
    async with database.write():  # while others may claim the address, a success of one is no other's
        await Person.update({Person.address_proved_at: clock.now()}).where(Person.id == ann.person)
    waits: list[int] = []
    for _ in range(7):
        travel(monkeypatch, seconds=waits[-1] if waits else 0)
        with pytest.raises(Invalid):
            await sign_in.sign_in(email, "not the right one", from_address=HERE)
        waits.append(await _wait_of(email))
    assert waits == [0, 0, 1, 2, 4, 8, 16]
    with pytest.raises(TooMany, match="Wait 16 seconds"):
        await sign_in.sign_in(email, PASSWORD, from_address="198.51.100.7")
    travel(monkeypatch, seconds=16)
    assert await sign_in.sign_in(email, PASSWORD, from_address=HERE)
    assert await _wait_of(email) == 0


async def test_nobody_is_ever_locked_out_for_longer_than_five_minutes(db: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    email = await email_of(await a_person(await a_school()))
    for _ in range(25):
        travel(monkeypatch, minutes=5)
        with pytest.raises(Invalid):
            await sign_in.sign_in(email, "not the right one", from_address=HERE)
    travel(monkeypatch, minutes=5)
    assert await sign_in.sign_in(email, PASSWORD, from_address=HERE)


async def test_one_address_guessing_at_many_accounts_waits_too(db: Settings) -> None:
    for n in range(30):
        await throttle.attempt(throttle.of_stranger(f"{n}@oakfield.example", HERE))
    with pytest.raises(TooMany):
        await throttle.attempt(throttle.of_stranger("another@oakfield.example", HERE))
    await throttle.attempt(throttle.of_stranger("another@oakfield.example", "198.51.100.7"))


async def test_a_network_of_ipv6_addresses_counts_as_one(db: Settings) -> None:
    for n in range(30):
        await throttle.attempt(throttle.of_stranger(f"{n}@oakfield.example", f"2001:db8:1:2::{n:x}"))
    with pytest.raises(TooMany):
        await throttle.attempt(throttle.of_stranger("another@oakfield.example", "2001:db8:1:2:ffff::1"))
    await throttle.attempt(throttle.of_stranger("another@oakfield.example", "2001:db8:1:3::1"))


async def test_a_whole_school_behind_one_address_can_sign_in(db: Settings) -> None:
    for n in range(40):
        await throttle.attempt(throttle.of_stranger(f"{n}@oakfield.example", HERE))
        await throttle.succeeded(throttle.of_stranger(f"{n}@oakfield.example", HERE))
    email = await email_of(await a_person(await a_school()))
    assert await sign_in.sign_in(email, PASSWORD, from_address=HERE)


async def test_the_page_says_how_long_to_wait_and_keeps_what_was_typed(db: Settings) -> None:
    async with stranger() as browser:
        for _ in range(3):
            await browser.post("/sign-in", data={"email": "ann@oakfield.example", "password": "wrong"})
        answer = await browser.post("/sign-in", data={"email": "ann@oakfield.example", "password": "wrong"})
    assert answer.status_code == 429
    assert answer.headers["retry-after"] == "1"
    assert "Wait 1 second, then try again" in answer.text
    assert 'value="ann@oakfield.example"' in answer.text


async def test_the_throttle_keeps_no_e_mail_and_no_address(db: Settings) -> None:
    await throttle.attempt(throttle.of_stranger("ann@oakfield.example", HERE))
    async with database.read():
        kept = str(await Throttle.select())
    assert "ann" not in kept
    assert HERE not in kept


async def test_somebody_who_left_every_school_cannot_sign_in(db: Settings) -> None:
    oakfield = await a_school()
    ann, bob = await a_person(oakfield), await a_person(oakfield, Role.HEAD, "Bob Brown")
    await people.remove(bob, ann.person)
    with pytest.raises(Forbidden, match="belongs to no school"):
        await sign_in.sign_in(await email_of(ann), PASSWORD, from_address=HERE)


@pytest.mark.pure
@pytest.mark.parametrize("path", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:x", "", "/a\nb"])
def test_after_signing_in_nobody_is_sent_to_another_site(path: str) -> None:
    assert local(path) == "/"


async def _wait_of(email: str) -> int:
    async with database.read():
        limit = throttle.of_stranger(email, HERE)[0]
        row = await Throttle.objects().where(Throttle.key == limit.key).first()
    if row is None:
        return 0
    return max(0, round((throttle._wait_ends(row, limit) - clock.now()) / timedelta(seconds=1)))
