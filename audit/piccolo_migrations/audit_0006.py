"""As what the second person decided about an erasure, and when the operator was told that one waits."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.migrations import ddl

ID = "audit_0006"
VERSION = "1.38.0"
DESCRIPTION = "seconds from outside"

SECONDS = (
    """ALTER TABLE audit_erasure ADD COLUMN decided_as TEXT
        CHECK (decided_as IN ('colleague', 'trust', 'chair', 'operator'))""",
    "ALTER TABLE audit_erasure ADD COLUMN told_at TIMESTAMPTZ",
)


async def forwards() -> MigrationManager:
    return ddl(ID, both=SECONDS)
