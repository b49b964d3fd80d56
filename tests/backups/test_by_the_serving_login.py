"""On PostgreSQL the login that serves may make the nightly backup: it reads all that it writes, and where each sequence is."""

from dataclasses import replace
from pathlib import Path

import pytest

from backups import making
from base import settings
from database import migrations
from suppliers.directory import directory
from tests import conftest
from tests.given import postgres_logins
from tests.given.builders import a_person, a_school
from tests.given.postgres import client_programs

pytestmark = pytest.mark.postgres


async def test_after_the_whole_chain_of_migrations_the_serving_login_backs_up(
    template: conftest.Template, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen = replace(settings.current(), data=tmp_path / "data", keys=tmp_path / "keys", pg_bin=client_programs())
    monkeypatch.setattr(settings, "current", lambda: chosen)
    async with postgres_logins.place(template, admin_may="CREATEROLE") as place:
        async with conftest.opened(place.as_login(place.admin)):
            await migrations.migrate_with_roles(serve_as=place.serving)
        async with conftest.opened(place.as_login(place.serving)) as serving:
            ann = await a_person(await a_school("Oakfield Primary"), name="Ann Archer")
            await directory.add(ann, name="Fenland Boilers Ltd")
            made = await making.back_up(serving, tmp_path / "night.vouch")
    assert made.manifest.trails[str(ann.school)].size > 0
