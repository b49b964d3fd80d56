"""To whom a seal was put into the outbox: the next letter to the same person proves that its seal continues that one."""

from typing import Final

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.migrations import ddl

ID = "audit_0017"
VERSION = "1.38.0"
DESCRIPTION = "whom a letter with a seal is for"

# Nobody in rows of seals that left otherwise, and of letters from before it was kept: those were for all who were named then.
COLUMNS: Final = ("ALTER TABLE audit_delivery ADD COLUMN recipient UUID",)


async def forwards() -> MigrationManager:
    return ddl(ID, both=COLUMNS, sqlite=(), postgres=())
