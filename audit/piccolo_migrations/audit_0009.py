"""Signed lists of the origins that the trails of one school have had here. Append-only."""

from typing import Final

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.migrations import ddl

ID = "audit_0009"
VERSION = "1.38.0"
DESCRIPTION = "lists of origins"

TABLES: Final = (
    """CREATE TABLE audit_origins_note (
        id UUID PRIMARY KEY NOT NULL,
        {text:about:100},
        note {bytes} NOT NULL CHECK (length(note) <= 65536),
        made_at TIMESTAMPTZ NOT NULL)""",
    "CREATE INDEX audit_origins_note_about ON audit_origins_note (about, made_at)",
)

APPEND_ONLY = ("audit_origins_note",)

SQLITE: Final = (
    *(
        f"CREATE TRIGGER audit_origins_note_no_{verb} BEFORE {verb.upper()} ON audit_origins_note "
        "BEGIN SELECT RAISE(ABORT, 'audit_origins_note is append-only'); END"
        for verb in ("update", "delete")
    ),
    """CREATE TRIGGER audit_origins_note_once BEFORE INSERT ON audit_origins_note
        WHEN EXISTS (SELECT 1 FROM audit_origins_note WHERE id = NEW.id OR rowid = NEW.rowid)
        BEGIN SELECT RAISE(ABORT, 'audit_origins_note is append-only'); END""",
)

POSTGRES: Final = (
    *(
        f"CREATE TRIGGER audit_origins_note_no_{verb} BEFORE {verb.upper()} ON audit_origins_note "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()"
        for verb in ("update", "delete", "truncate")
    ),
    *(
        f"ALTER TABLE audit_origins_note ENABLE ALWAYS TRIGGER audit_origins_note_no_{verb}"
        for verb in ("update", "delete", "truncate")
    ),
)


async def forwards() -> MigrationManager:
    return ddl(ID, both=TABLES, sqlite=SQLITE, postgres=POSTGRES)
