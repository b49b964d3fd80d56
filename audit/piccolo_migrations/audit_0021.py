"""How much is kept of one account's answers is counted."""

from typing import Final

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.migrations import ddl

ID = "audit_0021"
VERSION = "1.38.0"
DESCRIPTION = "whose a sending is, by a digest"

SENDER: Final = (
    "ALTER TABLE audit_sending ADD COLUMN sender UUID",
    "CREATE INDEX audit_sending_sender ON audit_sending (sender)",
)


async def forwards() -> MigrationManager:
    return ddl(ID, both=SENDER)
