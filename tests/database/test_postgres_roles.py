"""`vouch migrate` on PostgreSQL: who owns the tables, who serves, and what is said where it may not arrange that."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest

import audit
import database
from audit.log import fsck
from audit.seals import keys, sealing
from audit.tables import Entry, Opening
from base import settings
from base.settings import SettingsError
from database import migrations
from privacy import erasure
from tests import conftest
from tests.given import postgres_logins
from tests.given.builders import signed_in
from tests.given.entries import Event, a_viewer, do
from tests.given.erasing import a_world, ask

pytestmark = pytest.mark.postgres

OWNERS = (
    "SELECT DISTINCT pg_get_userbyid(relowner) FROM pg_class WHERE relkind = 'r' AND relname ~ '^(audit|sharing|suppliers|migra)'"
)


@pytest.fixture
async def place(template: conftest.Template) -> AsyncIterator[postgres_logins.Place]:
    """Its first login may make roles."""
    async with postgres_logins.place(template, admin_may="CREATEROLE") as made:
        yield made


@pytest.fixture
async def bound(template: conftest.Template) -> AsyncIterator[postgres_logins.Place]:
    """Its first login owns the database and may make no roles."""
    async with postgres_logins.place(template, admin_may="") as made:
        yield made


async def migrated(place: postgres_logins.Place, login: str, serve_as: str | None = None) -> migrations.Migrated:
    async with conftest.opened(place.as_login(login)):
        return await migrations.migrate_with_roles(serve_as=serve_as)


async def owners(place: postgres_logins.Place) -> set[str]:
    connection = await asyncpg.connect(place.url)
    try:
        return {row[0] for row in await connection.fetch(OWNERS)}
    finally:
        await connection.close()


async def works(place: postgres_logins.Place, login: str) -> None:
    """The login does what serving needs: recording, reading, erasing an opening."""
    async with conftest.opened(place.as_login(login)):
        viewer = a_viewer()
        await do(viewer, n=2)
        async with audit.recording(viewer) as record:
            await Opening.delete().where(Opening.field == "personal.body")
            record(Event.THING_DONE, stream="x", subject="y")
        async with database.read():
            assert await Entry.count().where(Entry.trail == str(viewer.school)) == 3


async def test_a_role_that_may_makes_two_others_and_serving_works_through_the_second(place: postgres_logins.Place) -> None:
    ran = await migrated(place, place.admin, place.serving)
    assert "audit_0001" in ran.ids
    assert ran.roles is not None
    assert (ran.roles.sql, ran.roles.served) == ((), True)
    assert await owners(place) == {f"{place.name}_owner"}
    await works(place, place.serving)


async def test_what_people_and_the_clock_do_works_as_the_app_role(
    place: postgres_logins.Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Reviews, notes with files, leaving, an erasure, a session, a seal: every kind of right that serving needs."""
    chosen = replace(settings.current(), data=tmp_path / "data", keys=tmp_path / "keys")
    monkeypatch.setattr(settings, "current", lambda: chosen)
    await migrated(place, place.admin, place.serving)
    async with conftest.opened(place.as_login(place.serving)):
        world = await a_world()
        await erasure.approve(world.hal, await ask(world))
        async with signed_in(world.ann) as browser:
            assert (await browser.get("/trail")).status_code == 200
        await sealing.seal_some([str(world.ann.school)], await keys.signing())
        assert (await fsck.check(str(world.ann.school))).finding is None


async def test_the_serving_login_is_no_risk_and_the_migrating_one_is_told_why_it_is(place: postgres_logins.Place) -> None:
    await migrated(place, place.admin, place.serving)
    async with conftest.opened(place.as_login(place.serving)):
        assert await migrations.serving_risk() is None
    async with conftest.opened(place.as_login(place.admin)):
        assert "because it owns the table audit_checkpoint" in str(await migrations.serving_risk())
    async with conftest.opened(place.url):
        assert "because it is a superuser" in str(await migrations.serving_risk())


async def test_migrating_again_changes_nothing(place: postgres_logins.Place) -> None:
    first = await migrated(place, place.admin, place.serving)
    again = await migrated(place, place.admin)
    assert again == migrations.Migrated((), first.roles)


async def test_nobody_serving_yet_is_told(place: postgres_logins.Place) -> None:
    ran = await migrated(place, place.admin)
    assert ran.roles is not None
    assert (ran.roles.sql, ran.roles.served) == ((), False)


async def test_an_installation_whose_login_owns_everything_is_taken_over(place: postgres_logins.Place) -> None:
    async with conftest.opened(place.as_login(place.admin)):
        await migrations.migrate()
        await do(a_viewer(), n=3)
    await place.order(f"ALTER DEFAULT PRIVILEGES GRANT ALL ON TABLES TO {place.serving}", login=place.admin)
    await place.order(f"GRANT ALL ON ALL TABLES IN SCHEMA public TO {place.serving}", login=place.admin)
    ran = await migrated(place, place.admin, place.serving)
    assert ran.ids == ()
    assert await owners(place) == {f"{place.name}_owner"}
    await works(place, place.serving)
    connection = await asyncpg.connect(place.as_login(place.serving))
    try:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute("UPDATE audit_entry SET at = 0")
    finally:
        await connection.close()


async def test_a_role_that_may_not_migrates_all_the_same_and_says_what_to_run(bound: postgres_logins.Place) -> None:
    ran = await migrated(bound, bound.admin, bound.serving)
    assert "audit_0001" in ran.ids
    assert ran.roles is not None
    assert ran.roles.sql[:2] == (f'CREATE ROLE "{bound.name}_owner" NOLOGIN', f'CREATE ROLE "{bound.name}_app" NOLOGIN')
    await works(bound, bound.admin)

    await bound.order(*ran.roles.sql)  # by the server's superuser
    await works(bound, bound.serving)
    async with conftest.opened(bound.as_login(bound.serving)):
        assert await migrations.serving_risk() is None

    again = await migrated(bound, bound.admin)
    assert again.roles is not None
    assert (again.ids, again.roles.sql, again.roles.served) == ((), (), True)


async def test_a_table_that_a_later_version_brings_belongs_to_the_owner_and_is_open_to_the_app(
    place: postgres_logins.Place,
) -> None:
    await migrated(place, place.admin, place.serving)
    await place.order(f'SET ROLE "{place.name}_owner"', "CREATE TABLE suppliers_later (id INT PRIMARY KEY)", login=place.admin)
    await place.order("INSERT INTO suppliers_later VALUES (1)", login=place.serving)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await place.order("UPDATE suppliers_later SET id = 2", login=place.serving)
    await migrated(place, place.admin)
    await place.order("UPDATE suppliers_later SET id = 2", login=place.serving)


@pytest.mark.parametrize("which", ["missing", "admin", "superuser"])
async def test_a_login_that_could_alter_the_trail_anyway_is_not_let_serve(place: postgres_logins.Place, which: str) -> None:
    names = {"missing": f"nobody{uuid4().hex}", "admin": place.admin, "superuser": f"{place.name}_super"}
    await place.order(f"CREATE ROLE {place.name}_super LOGIN SUPERUSER")
    with pytest.raises(SettingsError, match="There is no login" if which == "missing" else "must not serve"):
        await migrated(place, place.admin, names[which])
    async with conftest.opened(place.as_login(place.admin)):
        assert not await migrations.is_current()  # nothing was half done


async def test_a_role_that_may_not_even_make_tables_is_told(place: postgres_logins.Place) -> None:
    with pytest.raises(SettingsError, match="may not make tables"):
        await migrated(place, place.serving)
    assert settings.current().is_sqlite is False
