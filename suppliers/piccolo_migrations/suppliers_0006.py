"""Who uses a supplier, whichever school: a merge or an undo asks it, and would read every school's uses."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.migrations import ddl

ID = "suppliers_0006"
VERSION = "1.38.0"
DESCRIPTION = "uses by supplier"

BOTH = ("CREATE INDEX suppliers_use_supplier ON suppliers_use (supplier)",)


async def forwards() -> MigrationManager:
    return ddl(ID, both=BOTH)
