"""A database of yesterday: who let whom in is read from the links that were used, so of no member it is unknown."""

import gzip
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

import database
from database import migrations
from sharing.tables import Membership, OneTimeLink
from sharing.two_people.tables import WayIn
from tests.conftest import Template, opened
from tests.given import checkout

pytestmark = pytest.mark.pure


@pytest.fixture
async def yesterday(template: Template, tmp_path: Path) -> AsyncIterator[None]:
    file = tmp_path / "vouch.sqlite"
    file.write_bytes(gzip.decompress((checkout.DATA / "yesterday" / "vouch.sqlite.gz").read_bytes()))
    async with opened(f"sqlite:///{file}"):
        await migrations.migrate()
        yield


async def test_every_member_has_a_way_in_by_the_link_that_they_used(yesterday: None) -> None:
    async with database.read():
        members = await Membership.select(Membership.person, Membership.school).where(Membership.auditor_grant.is_null())
        first = await OneTimeLink.exists().where(OneTimeLink.purpose == "first")
        ways = {(row["person"], row["school"]): row["given_by"] for row in await WayIn.select()}
    unknown = [row for row in members if (row["person"], row["school"]) not in ways]
    assert len(members) > 2
    assert len(unknown) == first, "nobody let the first person of all in"


async def test_a_password_link_that_a_colleague_made_and_somebody_used_is_a_way_in_everywhere(yesterday: None) -> None:
    used = (OneTimeLink.purpose == "password") & OneTimeLink.used_at.is_not_null() & OneTimeLink.made_by.is_not_null()
    async with database.read():
        links = {row["id"]: row["made_by"] for row in await OneTimeLink.select().where(used)}
        ways = {row["id"]: row["given_by"] for row in await WayIn.select().where(WayIn.school.is_null())}
    assert ways == links
