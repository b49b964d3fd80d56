"""What else the register says of a school, by which schools like ours are found."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.migrations import ddl

ID = "sharing_0019"
VERSION = "1.38.0"
DESCRIPTION = "how many pupils a school has, and whether it is rural"


async def forwards() -> MigrationManager:
    both = (
        "ALTER TABLE sharing_school ADD COLUMN pupils BIGINT CHECK (pupils BETWEEN 0 AND 100000)",
        "ALTER TABLE sharing_school ADD COLUMN is_rural BOOLEAN",
    )
    return ddl(ID, both=both)
