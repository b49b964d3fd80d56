"""API keys from before there were scopes: they go on reading and writing, for 90 days, under the membership of then."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest

import database
from base import clock
from base.refusals import SignInNeeded
from base.viewer import KeyScope, Role
from database import migrations
from sharing.sign_in import api_keys
from sharing.sign_in.sessions import digest_of
from sharing.tables import ApiKey, Membership, Person, School
from tests.conftest import ENGINE, Template, _order, _renamed, opened
from tests.given.builders import program, signed_in

ASH, BEA = uuid4(), uuid4()
NOW = clock.now()


def at(days: int) -> datetime:
    return NOW + timedelta(days=days)


@pytest.fixture
async def before(template: Template, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    """Open, with Bea at Ash, in a database where keys have no scopes."""
    known, name = migrations._known(), f"test_{uuid4().hex}"
    if ENGINE == "postgres":
        await _order(template.server, f'CREATE DATABASE "{name}"')
    url = _renamed(template.server, name) if ENGINE == "postgres" else f"sqlite:///{tmp_path / 'old.sqlite'}"
    async with opened(url):
        monkeypatch.setattr(migrations, "_known", lambda: [one for one in known if one[1] != "sharing_0010"])
        await migrations.migrate()
        async with database.write():
            await School.raw(
                """INSERT INTO sharing_school (id, kind, name, search_name, phase, status, local_authority, town, postcode,
                registered_at) VALUES ({}, 'school', 'Ash Primary', '', '', 'open', '', '', '', {})""", ASH, at(-90),
            )  # fmt: skip
            await Person(id=BEA, email="b@b.example", name="Bea Birch", password_hash="", made_at=at(-90)).save()
        yield
    if ENGINE == "postgres":
        await _order(template.server, f'DROP DATABASE "{name}" WITH (FORCE)')


async def a_membership(since: int, until: int | None = None) -> None:
    async with database.write():
        ends = None if until is None else at(until)
        await Membership(id=uuid4(), person=BEA, school=ASH, role="head", valid_from=at(since), valid_until=ends).save()


async def an_old_key(key: str, *, made: int, expires: int) -> UUID:
    made_as = uuid4()
    async with database.write():
        await ApiKey.raw(
            """INSERT INTO sharing_api_key (id, key_hash, prefix, name, person, school, made_at, expires_at)
            VALUES ({}, {}, 'abcdefgh', {}, {}, {}, {}, {})""",
            made_as, digest_of(key), key, BEA, ASH, at(made), at(expires),
        )  # fmt: skip
    return made_as


async def upgraded(monkeypatch: pytest.MonkeyPatch) -> dict[str, datetime]:
    """When each key ends after the upgrade, by its name."""
    monkeypatch.undo()
    assert "sharing_0010" in await migrations.migrate()
    async with database.read():
        return {row["name"]: row["expires_at"] for row in await ApiKey.select(ApiKey.name, ApiKey.expires_at)}


@pytest.mark.usefixtures("before")
async def test_it_reads_and_writes_and_nothing_else_and_is_marked(monkeypatch: pytest.MonkeyPatch) -> None:
    await a_membership(-80)
    await an_old_key("old", made=-70, expires=290)
    await upgraded(monkeypatch)
    found = await api_keys.asking("old")
    assert found.scopes == {KeyScope.READ, KeyScope.WRITE}
    async with program("old") as client:
        assert (await client.get("/api/v1/schools")).status_code == 200
        assert (await client.post("/api/v1/suppliers", json={"name": "Elm Electrics"})).status_code == 201
        assert (await client.get("/api/v1/trail/entries")).status_code == 403
        assert (await client.post("/api/v1/blocks", json={"school": str(ASH)})).status_code == 403
    async with signed_in(found.viewer) as browser:
        page = (await browser.get("/api-keys")).text
    assert "From before keys were limited" in page


@pytest.mark.usefixtures("before")
async def test_it_ends_ninety_days_after_the_upgrade_unless_it_ended_before(monkeypatch: pytest.MonkeyPatch) -> None:
    await a_membership(-80)
    await an_old_key("a year", made=-70, expires=290)
    await an_old_key("a month", made=-10, expires=20)
    await an_old_key("over", made=-70, expires=-40)
    ends = await upgraded(monkeypatch)
    assert timedelta(0) <= ends["a year"] - at(90) < timedelta(hours=2)
    assert (ends["a month"], ends["over"]) == (at(20), at(-40))
    later = ends["a year"]
    monkeypatch.setattr(clock, "now", lambda: later - timedelta(seconds=1))
    assert (await api_keys.asking("a year")).viewer.role is Role.HEAD
    monkeypatch.setattr(clock, "now", lambda: later + timedelta(seconds=1))
    with pytest.raises(SignInNeeded):
        await api_keys.asking("a year")


@pytest.mark.usefixtures("before")
async def test_one_made_under_a_membership_that_ended_opens_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    await a_membership(-80, -60)
    await a_membership(-20)
    await an_old_key("of then", made=-70, expires=290)
    await an_old_key("of now", made=-10, expires=290)
    await upgraded(monkeypatch)
    with pytest.raises(SignInNeeded):
        await api_keys.asking("of then")
    assert (await api_keys.asking("of now")).viewer.person == BEA
