"""With which keys there each trail began: it need not be told that these took the place of others."""

from typing import Final

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.migrations import ddl

ID = "audit_0018"
VERSION = "1.38.0"
DESCRIPTION = "the keys that a trail began with"

# Nobody knows it of trails from before, which can't be changed either: of these, times are compared.
COLUMNS: Final = ("ALTER TABLE audit_trail ADD COLUMN keys TEXT",)


async def forwards() -> MigrationManager:
    return ddl(ID, both=COLUMNS, sqlite=(), postgres=())
