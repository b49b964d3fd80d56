"""People and links from before addresses were proved stay as they were, and sign in as ever."""

# ruff: noqa: S608 - our own text

from contextlib import nullcontext
from pathlib import Path
from uuid import uuid4

import pytest

import database
from database import migrations
from sharing.sign_in import passwords, sign_in
from sharing.tables import Membership, OneTimeLink, Person, School
from tests.conftest import ENGINE, Template, _order, _renamed, opened
from tests.given.builders import PASSWORD

LONG_AGO = "2026-01-01 00:00:00+00:00"
SCHOOL, ANN, LINK, HERS = (f"{n}0000000-0000-4000-8000-000000000000" for n in (1, 2, 3, 4))


async def test_an_installation_from_before_goes_on(template: Template, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    known, name = migrations._known(), f"test_{uuid4().hex}"
    if ENGINE == "postgres":
        await _order(template.server, f'CREATE DATABASE "{name}"')
    url = _renamed(template.server, name) if ENGINE == "postgres" else f"sqlite:///{tmp_path / 'old.sqlite'}"
    async with opened(url):
        monkeypatch.setattr(
            migrations, "_known", lambda: [one for one in known if one[0] != "contracts" and one[1] < "sharing_0009"]
        )
        await migrations.migrate()
        await _before()
        monkeypatch.setattr(migrations, "_known", lambda: known)
        assert "sharing_0009" in await migrations.migrate()
        await _after()
    if ENGINE == "postgres":
        await _order(template.server, f'DROP DATABASE "{name}" WITH (FORCE)')


async def _before() -> None:
    async with database.write():
        await School.raw(f"""INSERT INTO sharing_school (id, kind, name, search_name, phase, status, local_authority, town,
            postcode, registered_at) VALUES ('{SCHOOL}', 'school', 'Oak', '', '', 'open', '', '', '', '{LONG_AGO}')""")
        await Person.raw(
            f"""INSERT INTO sharing_person (id, email, name, password_hash, is_operator, made_at)
            VALUES ('{ANN}', 'ann@oak.example', 'Ann', {{}}, FALSE, '{LONG_AGO}')""",
            passwords.argon2.make(PASSWORD),
        )
        await Membership.raw(f"""INSERT INTO sharing_membership (id, person, school, role, valid_from)
            VALUES ('{HERS}', '{ANN}', '{SCHOOL}', 'head', '{LONG_AGO}')""")
        await OneTimeLink.raw(
            f"""INSERT INTO sharing_one_time_link
            (id, token_hash, purpose, person, made_by, made_at, expires_at)
            VALUES ('{LINK}', {{}}, 'password', '{ANN}', '{ANN}', '{LONG_AGO}', '{LONG_AGO}')""",
            b"digest",
        )


async def _after() -> None:
    assert await sign_in.sign_in("ann@oak.example", PASSWORD, from_address="192.0.2.1")
    async with database.read():
        ann = await Person.objects().where(Person.id == ANN).first()
        link = await OneTimeLink.select(OneTimeLink.purpose, OneTimeLink.mailed_hash).first()
    assert ann is not None
    assert not ann.has_proved
    assert link == {"purpose": "password", "mailed_hash": None}
    async with database.write():  # another may claim it
        await _a_person("ann@oak.example", proved=False)
    for purpose, message in (("address", None), ("anything", "(?i)check")):
        with pytest.raises(Exception, match=message) if message else nullcontext():
            async with database.write():
                await OneTimeLink.update({OneTimeLink.purpose: purpose}).where(OneTimeLink.id == LINK)
    with pytest.raises(Exception, match=r"(?i)unique"):
        async with database.write():  # and only one may have proved it
            await _a_person("bob@oak.example", proved=True)
            await _a_person("bob@oak.example", proved=True)
    with pytest.raises(Exception, match=r"(?i)foreign"):
        async with database.write():
            await Person.delete().where(Person.id == ANN)


async def _a_person(email: str, *, proved: bool) -> None:
    columns, value = (", address_proved_at", f", '{LONG_AGO}'") if proved else ("", "")
    await Person.raw(
        f"""INSERT INTO sharing_person (id, email, name, password_hash, is_operator, made_at{columns})
        VALUES ('{uuid4()}', '{email}', 'Another', '', FALSE, '{LONG_AGO}'{value})"""
    )
