"""A grant that an auditor holds is not made longer than it may be, whoever changes the row."""

from datetime import timedelta
from typing import Any

import pytest

import database
from base import clock
from base.viewer import Role
from sharing.auditors import auditors
from sharing.tables import AuditorGrant
from tests.given.builders import a_person, a_school

pytestmark = pytest.mark.usefixtures("db")


async def test_a_grant_is_not_made_longer_by_changing_its_row() -> None:
    hal = await a_person(await a_school(), Role.HEAD)
    await auditors.grant(hal, email="olga@audit.example", reason="Yearly.", until=clock.today() + timedelta(days=30))
    async with database.read():
        row = await AuditorGrant.select().first()
    assert row is not None
    begins, mine = row["valid_from"], AuditorGrant.id == row["id"]
    later: dict[Any, Any] = {AuditorGrant.valid_until: begins + timedelta(days=91)}
    earlier: dict[Any, Any] = {AuditorGrant.valid_from: begins - timedelta(days=91)}
    for changed in (later, earlier):
        with pytest.raises(Exception, match=r"90 days at most|lasts_90_days"):
            async with database.write():
                await AuditorGrant.update(changed).where(mine)
    async with database.write():
        await AuditorGrant.update({AuditorGrant.valid_until: begins + timedelta(days=80)}).where(mine)
        await AuditorGrant.update({AuditorGrant.email: ""}).where(mine)
