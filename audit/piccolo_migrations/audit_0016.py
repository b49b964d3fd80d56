"""What a time-stamping service said of seals (RFC 3161): at most one answer for each. Append-only."""

from typing import Final

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.migrations import ddl

ID = "audit_0016"
VERSION = "1.38.0"
DESCRIPTION = "time stamps"

TABLES: Final = (
    """CREATE TABLE audit_time_stamp (
        id UUID PRIMARY KEY NOT NULL,
        {text:trail:100},
        {text:origin:500},
        size BIGINT NOT NULL CHECK (size > 0),
        {text:by:500},
        at TIMESTAMPTZ NOT NULL,
        answer {bytes} NOT NULL CHECK (length(answer) BETWEEN 1 AND 65536))""",
    "CREATE UNIQUE INDEX audit_time_stamp_of_seal ON audit_time_stamp (origin, size)",
)

APPEND_ONLY = ("audit_time_stamp",)

SQLITE: Final = (
    *(
        f"CREATE TRIGGER audit_time_stamp_no_{verb} BEFORE {verb.upper()} ON audit_time_stamp "
        "BEGIN SELECT RAISE(ABORT, 'audit_time_stamp is append-only'); END"
        for verb in ("update", "delete")
    ),
    """CREATE TRIGGER audit_time_stamp_once BEFORE INSERT ON audit_time_stamp
        WHEN EXISTS (SELECT 1 FROM audit_time_stamp WHERE id = NEW.id OR rowid = NEW.rowid
            OR (origin = NEW.origin AND size = NEW.size))
        BEGIN SELECT RAISE(ABORT, 'audit_time_stamp is append-only'); END""",
)

POSTGRES: Final = (
    *(
        f"CREATE TRIGGER audit_time_stamp_no_{verb} BEFORE {verb.upper()} ON audit_time_stamp "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()"
        for verb in ("update", "delete", "truncate")
    ),
    *(
        f"ALTER TABLE audit_time_stamp ENABLE ALWAYS TRIGGER audit_time_stamp_no_{verb}"
        for verb in ("update", "delete", "truncate")
    ),
)


async def forwards() -> MigrationManager:
    return ddl(ID, both=TABLES, sqlite=SQLITE, postgres=POSTGRES)
