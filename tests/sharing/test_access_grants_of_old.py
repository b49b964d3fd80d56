"""Grants to a person from before they named a school: each is bound to the place that was meant, or opens nothing."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest

import database
from base import clock
from base.viewer import Role, Viewer
from database import migrations
from sharing.access import audiences, readers
from sharing.tables import Audience, AudienceGrant, AuditorGrant, Membership, Person, School
from tests.conftest import ENGINE, Template, _order, _renamed, opened

ASH, BIRCH, DALE, BEA = (uuid4() for _ in range(4))
NOW = clock.now().replace(microsecond=0)


@pytest.fixture
async def before(template: Template, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    """Open, with three schools and Bea in a database where a grant names a person alone."""
    known, name = migrations._known(), f"test_{uuid4().hex}"
    if ENGINE == "postgres":
        await _order(template.server, f'CREATE DATABASE "{name}"')
    url = _renamed(template.server, name) if ENGINE == "postgres" else f"sqlite:///{tmp_path / 'old.sqlite'}"
    async with opened(url):
        monkeypatch.setattr(
            migrations, "_known", lambda: [one for one in known if one[0] != "contracts" and one[1] < "sharing_0004"]
        )
        await migrations.migrate()
        async with database.write():
            for school, title in ((ASH, "Ash Primary"), (BIRCH, "Birch Primary"), (DALE, "Dale Primary")):
                await School.raw(
                    """INSERT INTO sharing_school (id, kind, name, search_name, phase, status, local_authority, town, postcode,
                    registered_at) VALUES ({}, 'school', {}, '', '', 'open', '', '', '', {})""", school, title, at(-90),
                )  # fmt: skip
            await Person.raw(
                """INSERT INTO sharing_person (id, email, name, password_hash, is_operator, made_at)
                VALUES ({}, 'b@b.example', 'Bea Birch', '', {}, {})""", BEA, False, at(-90),
            )  # fmt: skip
            await Audience(id=ASH, owner=ASH, digest="old", made_at=at(-90)).save()
        yield
    if ENGINE == "postgres":
        await _order(template.server, f'DROP DATABASE "{name}" WITH (FORCE)')


def at(days: int) -> datetime:
    return NOW + timedelta(days=days)


async def belongs(school: UUID, since: int, until: int | None = None, *, auditor: bool = False) -> UUID:
    """The id of a membership of Bea's; days from now."""
    made, grant = uuid4(), uuid4()
    async with database.write():
        if auditor:
            begins, ends = at(since), at(until or 1)
            await AuditorGrant.raw(
                """INSERT INTO sharing_auditor_grant (id, granted_by, made_by, email, reason, valid_from, valid_until)
                VALUES ({}, {}, {}, '', '', {}, {})""", grant, school, BEA, begins, ends,
            )  # fmt: skip
        await Membership.raw(
            """INSERT INTO sharing_membership (id, person, school, role, valid_from, valid_until, auditor_grant)
            VALUES ({}, {}, {}, {}, {}, {}, {})""",
            made, BEA, school, "auditor" if auditor else "head", at(since), None if until is None else at(until),
            grant if auditor else None,
        )  # fmt: skip
    return made


async def was_given(kind: str, subject: UUID | None, day: int) -> None:
    async with database.write():
        await AudienceGrant.raw(
            """INSERT INTO sharing_audience_grant (id, audience, owner, kind, subject, fields, valid_from)
            VALUES ({}, {}, {}, {}, {}, 4, {})""", uuid4(), ASH, ASH, kind, subject, at(day),
        )  # fmt: skip


async def bound(monkeypatch: pytest.MonkeyPatch) -> list[tuple[UUID | None, UUID | None]]:
    """Where each grant is after the upgrade, by its time."""
    monkeypatch.undo()
    assert "sharing_0004" in await migrations.migrate()
    async with database.read():
        rows = await AudienceGrant.select(AudienceGrant.at_school, AudienceGrant.membership).order_by(AudienceGrant.valid_from)
    return [(row["at_school"], row["membership"]) for row in rows]


async def named() -> list[str]:
    async with database.read():
        found = await readers.who_can_see(Viewer(uuid4(), "Ann", ASH, "Ash Primary", Role.HEAD), ASH)
    return [reader.name for reader in found.named]


@pytest.mark.usefixtures("before")
async def test_each_is_bound_to_the_one_school_where_the_person_was_when_it_was_given(monkeypatch: pytest.MonkeyPatch) -> None:
    birch, dale = await belongs(BIRCH, -60, -20), await belongs(DALE, -15)
    await belongs(ASH, -60)
    await belongs(BIRCH, -16, 1, auditor=True)
    await was_given("person", BEA, -30)
    await was_given("person", BEA, -10)
    assert await bound(monkeypatch) == [(BIRCH, birch), (DALE, dale)]
    assert await named() == ["Bea Birch at Dale Primary"]


@pytest.mark.usefixtures("before")
async def test_one_that_may_mean_two_schools_or_none_opens_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    await belongs(BIRCH, -60)
    await belongs(DALE, -20)
    await was_given("person", BEA, -70)
    await was_given("person", BEA, -10)
    await was_given("school", DALE, -5)
    assert await bound(monkeypatch) == [(None, None)] * 3
    assert await named() == ["Dale Primary"]
    async with database.read():
        assert {"kind": "person", "subject": str(BEA), "fields": 4} in (await audiences.choice_of(ASH)).facts()


@pytest.mark.usefixtures("before")
async def test_the_database_refuses_half_a_place_and_a_place_for_a_school(monkeypatch: pytest.MonkeyPatch) -> None:
    birch = await belongs(BIRCH, -60)
    await was_given("person", BEA, -30)
    await was_given("school", DALE, -20)
    await bound(monkeypatch)
    for where, change in (("person", "membership = NULL"), ("school", f"at_school = '{BIRCH}', membership = '{birch}'")):
        with pytest.raises(Exception, match=r"(?i)check|only_a_person"):
            async with database.write():
                await AudienceGrant.raw(f"UPDATE sharing_audience_grant SET {change} WHERE kind = '{where}'")  # noqa: S608
