"""Figures are reckoned anew: a wait that a fix ended stops no clock any more, and what was back again is down anew."""

from typing import Final

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.migrations import ddl

ID = "contracts_0015"
VERSION = "1.38.0"
DESCRIPTION = "figures that are kept are reckoned anew"

KEPT_ANEW: Final = ("DELETE FROM contracts_attained",)


async def forwards() -> MigrationManager:
    return ddl(ID, both=KEPT_ANEW)
