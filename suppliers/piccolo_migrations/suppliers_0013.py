"""What a school said of a list is remembered: what its columns hold, and which of its rows are left out, or whose they are."""

from typing import Final

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.migrations import ddl

ID = "suppliers_0013"
VERSION = "1.38.0"
DESCRIPTION = "what a school said of a list"

REMEMBERED: Final = (
    """CREATE TABLE suppliers_import_remembered (
        id UUID PRIMARY KEY NOT NULL, school UUID NOT NULL REFERENCES sharing_school(id),
        key {bytes} NOT NULL CHECK (length(key) = 32), {text:answer:60000}, at TIMESTAMPTZ NOT NULL)""",
    "CREATE UNIQUE INDEX suppliers_import_remembered_key ON suppliers_import_remembered (school, key)",
    "CREATE INDEX suppliers_import_remembered_at ON suppliers_import_remembered (school, at)",
)


async def forwards() -> MigrationManager:
    return ddl(ID, both=REMEMBERED)
