"""What was sent once and may come again, for a day, with its answer, which only its sender can open."""

from typing import Final

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.migrations import ddl

ID = "audit_0020"
VERSION = "1.38.0"
DESCRIPTION = "sendings"

TABLES: Final = (
    """CREATE TABLE audit_sending (
        id UUID PRIMARY KEY,
        said {bytes} NOT NULL CHECK (length(said) = 32),
        made_at TIMESTAMPTZ NOT NULL,
        answer {bytes} CHECK (length(answer) <= 262144))""",
    "CREATE INDEX audit_sending_made ON audit_sending (made_at)",
)


async def forwards() -> MigrationManager:
    return ddl(ID, both=TABLES, sqlite=(), postgres=())
