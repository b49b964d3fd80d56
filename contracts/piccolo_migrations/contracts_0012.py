"""From when a document of a contract holds, and which of the documents that the contract promises it is."""

from typing import Final

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.migrations import ddl

ID = "contracts_0012"
VERSION = "1.38.0"
DESCRIPTION = "documents answer what is promised"

BOTH: Final = (
    "ALTER TABLE contracts_document ADD COLUMN begins_on DATE",
    "ALTER TABLE contracts_document ADD COLUMN answers TEXT CHECK (length(answers) <= 60)",  # empty: none of those promised
)


async def forwards() -> MigrationManager:
    return ddl(ID, both=BOTH)
