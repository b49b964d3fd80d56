"""How long an auditor's grant may last holds when it is changed too, and what keeps grants from being deleted always fires."""

from typing import Final

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.migrations import ddl

ID = "sharing_0016"
VERSION = "1.38.0"
DESCRIPTION = "limits of grants that hold when they are changed"

# PostgreSQL has a constraint, which holds for both. Only these columns: a grant from before must still take what is erased of it.
SQLITE: Final = (
    """CREATE TRIGGER sharing_auditor_grant_not_made_too_long
        BEFORE UPDATE OF valid_from, valid_until, decided_by ON sharing_auditor_grant
        WHEN julianday(new.valid_until) - julianday(new.valid_from)
            > CASE WHEN new.decided_by IS NULL THEN 90.0001 ELSE 366.0001 END
        BEGIN SELECT RAISE(ABORT, 'a grant lasts 90 days at most, a trust''s for its own schools 366'); END""",
)
POSTGRES: Final = tuple(
    f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_no_delete"
    for table in ("sharing_audience_grant", "sharing_auditor_grant", "sharing_auditor_scope")
)


async def forwards() -> MigrationManager:
    return ddl(ID, both=(), sqlite=SQLITE, postgres=POSTGRES)
