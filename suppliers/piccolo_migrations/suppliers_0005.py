"""How far the search for pairs of directory entries has come."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.migrations import ddl

ID = "suppliers_0005"
VERSION = "1.38.0"
DESCRIPTION = "the search for pairs"

BOTH = (
    """CREATE TABLE suppliers_pair_search (
        id UUID PRIMARY KEY NOT NULL, {text:model:64}, begun_at TIMESTAMPTZ NOT NULL, up_to UUID, finished_at TIMESTAMPTZ)""",
)


async def forwards() -> MigrationManager:
    return ddl(ID, both=BOTH)
