"""As what the second person decided about an erasure, when the operator was told that one waits; and which texts are hidden."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.migrations import ddl

ID = "audit_0006"
VERSION = "1.38.0"
DESCRIPTION = "seconds from outside, hidden texts"

SECONDS = (
    """ALTER TABLE audit_erasure ADD COLUMN decided_as TEXT
        CHECK (decided_as IN ('colleague', 'trust', 'chair', 'operator'))""",
    "ALTER TABLE audit_erasure ADD COLUMN told_at TIMESTAMPTZ",
    """CREATE TABLE audit_hidden (
        id UUID PRIMARY KEY NOT NULL, {text:trail:100}, {text:subject:200}, event_id UUID, {text:field:200:null})""",
    "CREATE INDEX audit_hidden_trail ON audit_hidden (trail)",
)


async def forwards() -> MigrationManager:
    return ddl(ID, both=SECONDS)
