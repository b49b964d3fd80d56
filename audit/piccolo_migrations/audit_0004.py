"""SQLite: ``INSERT OR REPLACE`` may name a row by its rowid, or by its place in a stream, and so overwrite an entry.

Every table that is append-only refuses a row that would take another's place by any key; ``NEW.rowid`` is -1 where an
INSERT names none. PostgreSQL has neither.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.migrations import ddl

ID = "audit_0004"
VERSION = "1.38.0"
DESCRIPTION = "no row in another's place"

GUARDED = (
    "audit_trail",
    "audit_entry",
    "audit_node",
    "audit_opening",
    "audit_origin",
    "audit_checkpoint",
    "audit_key",
    "audit_delivery",
    "audit_retention",
)

SQLITE = (
    *(
        f"""CREATE TRIGGER {table}_own_place BEFORE INSERT ON {table}
            WHEN EXISTS (SELECT 1 FROM {table} WHERE rowid = NEW.rowid)
            BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"""  # noqa: S608 - our own names
        for table in GUARDED
    ),
    """CREATE TRIGGER audit_entry_next_in_stream BEFORE INSERT ON audit_entry
        WHEN EXISTS (SELECT 1 FROM audit_entry WHERE trail = NEW.trail AND stream = NEW.stream AND sseq = NEW.sseq)
        BEGIN SELECT RAISE(ABORT, 'audit_entry takes only the next position'); END""",
)


async def forwards() -> MigrationManager:
    return ddl(ID, both=(), sqlite=SQLITE)
