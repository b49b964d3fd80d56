"""Which passwords may be chosen, and how they are kept and changed."""

from uuid import UUID

import pytest
from argon2 import PasswordHasher
from hypothesis import given
from hypothesis import strategies as st

import database
from base import emails
from base.refusals import Invalid
from base.settings import Settings
from sharing.sign_in import passwords, sessions, sign_in
from sharing.sign_in.passwords import argon2
from sharing.tables import Person
from tests.given.builders import (
    PASSWORD,
    a_person,
    a_school,
    email_of,
    signed_in,
    stranger,
)

HERE = "192.0.2.1"


async def test_a_password_stored_in_an_older_form_is_renewed_at_sign_in(db: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    ann = await a_person(await a_school())
    before = await _stored(ann.person)
    monkeypatch.setattr(argon2, "hasher", PasswordHasher(time_cost=2, memory_cost=16, parallelism=1))
    await sign_in.sign_in(await email_of(ann), PASSWORD, from_address=HERE)
    after = await _stored(ann.person)
    assert "m=8,t=1" in before
    assert "m=16,t=2" in after
    assert await sign_in.sign_in(await email_of(ann), PASSWORD, from_address=HERE)


async def test_changing_the_password_ends_every_other_session(db: Settings) -> None:
    ann = await a_person(await a_school())
    elsewhere = await sessions.start(ann.person, ann.school)
    async with signed_in(ann) as browser:
        before = browser.cookies[sessions.cookie_name()]
        wrong = await browser.post("/account/password", data={"current": "no", "new": "violet tractor hums gently"})
        assert wrong.status_code == 422
        assert await sessions.viewer_of(elsewhere) is not None
        right = await browser.post("/account/password", data={"current": PASSWORD, "new": "violet tractor hums gently"})
        assert right.status_code == 303
        assert browser.cookies[sessions.cookie_name()] != before
        assert (await browser.get("/account")).status_code == 200
    assert await sessions.viewer_of(elsewhere) is None
    assert await sessions.viewer_of(before) is None
    assert await sign_in.sign_in(await email_of(ann), "violet tractor hums gently", from_address=HERE)


@pytest.mark.pure
@pytest.mark.parametrize(
    "password",
    [
        "short",
        "x" * 129,
        "password123",
        "Password2026!",
        "qwertyuiop",
        "aaaaaaaaaaaa",
        "abcdefghijkl",
        "121212121212",
        "Oakfield2026",
        "vouch-oakfield-1",
        "ann.archer@oakfield",
    ],
)
def test_what_is_easily_guessed_is_refused(password: str) -> None:
    with pytest.raises(Invalid) as refused:
        passwords.chosen(password, context=("ann.archer@oakfield.example", "Ann Archer", "Oakfield Primary School"))
    assert set(refused.value.fields) == {"password"}


@pytest.mark.pure
@pytest.mark.parametrize(
    "password", [PASSWORD, "we vouch for the oakfield choir", "zwölf Boxkämpfer jagen", "\u4e00" * 3 + "kx7#Qd-pw"]
)
def test_long_and_unlikely_passwords_need_no_capitals_or_digits(password: str) -> None:
    assert passwords.chosen(password, context=("ann@oakfield.example", "Oakfield Primary")) == password


@pytest.mark.pure
@given(st.text(max_size=300), st.lists(st.text(max_size=40), max_size=4))
def test_any_text_at_all_is_a_password_or_refused_with_a_sentence(password: str, context: list[str]) -> None:
    try:
        answer = passwords.chosen(password, context=context)
    except Invalid as refused:
        answer = refused.sentence
    assert answer == password or answer.endswith(".")


async def test_a_password_typed_on_another_keyboard_is_the_same_password() -> None:
    composed, decomposed = "caf\u00e9 tractor hums", "cafe\u0301 tractor hums"
    with argon2.turn(reserved=True) as turn:
        assert await turn.which(decomposed, [await turn.hashed(composed)]) == 0


@pytest.mark.pure
@pytest.mark.parametrize(
    "raw",
    [
        "",
        "ann",
        "ann@",
        "@b.example",
        "a b@c.example",
        "ann@localhost",
        "a@b.example\n",
        "a" * 250 + "@b.example",
        "<a@b.example>",
    ],
)
def test_what_cannot_be_an_e_mail_address_is_refused(raw: str) -> None:
    if raw.strip() != raw:
        assert emails.address(raw) == raw.strip()
        return
    with pytest.raises(Invalid):
        emails.address(raw)


async def test_every_form_about_passwords_lets_a_password_manager_help(db: Settings) -> None:
    ann = await a_person(await a_school())
    async with stranger() as browser:
        page = (await browser.get("/sign-in")).text
    assert 'autocomplete="username"' in page
    assert 'autocomplete="current-password"' in page
    assert "onpaste" not in page
    async with signed_in(ann) as browser:
        page = (await browser.get("/account/password")).text
    assert 'autocomplete="new-password"' in page


async def _stored(person: UUID) -> str:
    async with database.read():
        return str((await Person.select(Person.password_hash).where(Person.id == person))[0]["password_hash"])
