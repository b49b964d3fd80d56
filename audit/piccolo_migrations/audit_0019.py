"""Entries are found by their type, and by who made them."""

from typing import Final

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.migrations import ddl

ID = "audit_0019"
VERSION = "1.38.0"
DESCRIPTION = "entries by type, and by person"

INDEXES: Final = (
    "CREATE INDEX audit_entry_type ON audit_entry (trail, type, idx)",
    "CREATE INDEX audit_opening_actor ON audit_opening (person, event_id) WHERE field = 'actor'",
)


async def forwards() -> MigrationManager:
    return ddl(ID, both=INDEXES, sqlite=(), postgres=())
