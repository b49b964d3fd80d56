"""What witnesses said of seals: their cosignatures, or that they were shown another history. Append-only."""

from typing import Final

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.migrations import ddl

ID = "audit_0014"
VERSION = "1.38.0"
DESCRIPTION = "cosignatures"

TABLES: Final = (
    """CREATE TABLE audit_cosignature (
        id UUID PRIMARY KEY NOT NULL,
        {text:trail:100},
        {text:origin:500},
        size BIGINT NOT NULL CHECK (size > 0),
        {text:witness:500},
        doubt TEXT NOT NULL CHECK (doubt IN ('', 'history', 'ahead')),
        lines {bytes} NOT NULL CHECK (length(lines) <= 65536 AND (length(lines) > 0) = (doubt = '')),
        at TIMESTAMPTZ NOT NULL)""",
    "CREATE UNIQUE INDEX audit_cosignature_of_seal ON audit_cosignature (origin, witness, size, doubt)",
)

APPEND_ONLY = ("audit_cosignature",)

SQLITE: Final = (
    *(
        f"CREATE TRIGGER audit_cosignature_no_{verb} BEFORE {verb.upper()} ON audit_cosignature "
        "BEGIN SELECT RAISE(ABORT, 'audit_cosignature is append-only'); END"
        for verb in ("update", "delete")
    ),
    """CREATE TRIGGER audit_cosignature_once BEFORE INSERT ON audit_cosignature
        WHEN EXISTS (SELECT 1 FROM audit_cosignature WHERE id = NEW.id OR rowid = NEW.rowid
            OR (origin = NEW.origin AND witness = NEW.witness AND size = NEW.size AND doubt = NEW.doubt))
        BEGIN SELECT RAISE(ABORT, 'audit_cosignature is append-only'); END""",
)

POSTGRES: Final = (
    *(
        f"CREATE TRIGGER audit_cosignature_no_{verb} BEFORE {verb.upper()} ON audit_cosignature "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()"
        for verb in ("update", "delete", "truncate")
    ),
    *(
        f"ALTER TABLE audit_cosignature ENABLE ALWAYS TRIGGER audit_cosignature_no_{verb}"
        for verb in ("update", "delete", "truncate")
    ),
)


async def forwards() -> MigrationManager:
    return ddl(ID, both=TABLES, sqlite=SQLITE, postgres=POSTGRES)
