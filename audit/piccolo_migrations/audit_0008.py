"""How long contracts that were signed as deeds are kept is a setting of its own."""

from typing import Final

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

import database
from database.migrations import ddl, make_anew

ID = "audit_0008"
VERSION = "1.38.0"
DESCRIPTION = "keeping of deeds"

OLD: Final = "kind IN ('contracts', 'opinions', 'notes', 'accounts')"
NEW: Final = "kind IN ('contracts', 'deeds', 'opinions', 'notes', 'accounts')"

POSTGRES: Final = (
    "ALTER TABLE audit_retention DROP CONSTRAINT audit_retention_kind_check",
    f"ALTER TABLE audit_retention ADD CONSTRAINT audit_retention_kind_check CHECK ({NEW})",
)


async def forwards() -> MigrationManager:
    manager = ddl(ID, both=(), postgres=POSTGRES)
    if not database.is_postgres():
        manager.add_raw(_make_anew)
    return manager


async def _make_anew() -> None:
    await make_anew("audit_retention", {OLD: NEW})
