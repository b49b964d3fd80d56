"""Whether a key of this installation took the place of one that was lost, whose signature nobody is promised any more; and for
each other that took another's place, the note that both signed. Append-only.
"""

from typing import Final

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.migrations import ddl

ID = "audit_0012"
VERSION = "1.38.0"
DESCRIPTION = "keys that were lost, and notes of rotations"

TABLES: Final = (
    "ALTER TABLE audit_key ADD COLUMN after_loss BOOLEAN NOT NULL DEFAULT FALSE",
    """CREATE TABLE audit_rotation (
        {text:vkey:400} PRIMARY KEY REFERENCES audit_key(vkey),
        note {bytes} NOT NULL CHECK (length(note) <= 8192))""",
)

APPEND_ONLY = ("audit_rotation",)

SQLITE: Final = (
    *(
        f"CREATE TRIGGER audit_rotation_no_{verb} BEFORE {verb.upper()} ON audit_rotation "
        "BEGIN SELECT RAISE(ABORT, 'audit_rotation is append-only'); END"
        for verb in ("update", "delete")
    ),
    """CREATE TRIGGER audit_rotation_once BEFORE INSERT ON audit_rotation
        WHEN EXISTS (SELECT 1 FROM audit_rotation WHERE vkey = NEW.vkey OR rowid = NEW.rowid)
        BEGIN SELECT RAISE(ABORT, 'audit_rotation is append-only'); END""",
)

POSTGRES: Final = (
    *(
        f"CREATE TRIGGER audit_rotation_no_{verb} BEFORE {verb.upper()} ON audit_rotation "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()"
        for verb in ("update", "delete", "truncate")
    ),
    *(f"ALTER TABLE audit_rotation ENABLE ALWAYS TRIGGER audit_rotation_no_{verb}" for verb in ("update", "delete", "truncate")),
)


async def forwards() -> MigrationManager:
    return ddl(ID, both=TABLES, sqlite=SQLITE, postgres=POSTGRES)
