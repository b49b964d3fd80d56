"""Figures say when they were reckoned: what a clock that was ahead made of a period is no figure of today."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.migrations import ddl

ID = "contracts_0017"
VERSION = "1.38.0"
DESCRIPTION = "when figures were reckoned"


async def forwards() -> MigrationManager:
    return ddl(ID, both=("ALTER TABLE contracts_attained ADD COLUMN reckoned_at TIMESTAMPTZ",))
