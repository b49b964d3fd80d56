"""Requests to erase, legal holds, and how long a school keeps what. What a school decided about keeping is append-only.

A request's ``sought`` holds names for as long as somebody has to decide about it, and nothing afterwards.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.migrations import ddl

ID = "audit_0003"
VERSION = "1.38.0"
DESCRIPTION = "erasure"

TABLES = (
    """CREATE TABLE audit_erasure (
        id UUID PRIMARY KEY NOT NULL,
        {text:trail:64},
        person UUID,
        {text:sought:2000},
        {text:chosen:20000},
        {text:reason:40},
        {text:words:500},
        asked_by UUID NOT NULL,
        asked_at TIMESTAMPTZ NOT NULL,
        decided_by UUID,
        applied_at TIMESTAMPTZ,
        withdrawn_at TIMESTAMPTZ,
        CONSTRAINT applied_or_withdrawn_never_both CHECK (applied_at IS NULL OR withdrawn_at IS NULL))""",
    "CREATE INDEX audit_erasure_trail ON audit_erasure (trail, asked_at)",
    """CREATE UNIQUE INDEX audit_one_open_erasure_of_a_person
        ON audit_erasure (trail, person) WHERE applied_at IS NULL AND withdrawn_at IS NULL""",
    """CREATE TABLE audit_hold (
        id UUID PRIMARY KEY NOT NULL,
        {text:trail:64},
        {text:about:60},
        {text:reason:500},
        placed_by UUID NOT NULL,
        placed_at TIMESTAMPTZ NOT NULL,
        lifted_by UUID,
        lifted_at TIMESTAMPTZ,
        CHECK ((lifted_by IS NULL) = (lifted_at IS NULL)))""",
    "CREATE UNIQUE INDEX audit_one_hold_on_a_thing ON audit_hold (trail, about) WHERE lifted_at IS NULL",
    """CREATE TABLE audit_retention (
        id UUID PRIMARY KEY NOT NULL,
        {text:trail:64},
        kind TEXT NOT NULL CHECK (kind IN ('contracts', 'opinions', 'notes', 'accounts')),
        years BIGINT NOT NULL CHECK (years BETWEEN 0 AND 50),
        from_date DATE NOT NULL,
        {text:source:300},
        set_by UUID NOT NULL,
        set_at TIMESTAMPTZ NOT NULL)""",
    "CREATE INDEX audit_retention_trail ON audit_retention (trail, kind, from_date)",
)

APPEND_ONLY = ("audit_retention",)
KEPT = ("audit_erasure", "audit_hold")

APPEND_ONLY = ("audit_retention",)
KEPT = ("audit_erasure", "audit_hold")  # decided and lifted, never deleted

SQLITE = (
    *(
        f"CREATE TRIGGER audit_retention_no_{verb} BEFORE {verb.upper()} ON audit_retention "
        "BEGIN SELECT RAISE(ABORT, 'audit_retention is append-only'); END"
        for verb in ("update", "delete")
    ),
    """CREATE TRIGGER audit_retention_once BEFORE INSERT ON audit_retention
        WHEN EXISTS (SELECT 1 FROM audit_retention WHERE id = NEW.id)
        BEGIN SELECT RAISE(ABORT, 'audit_retention is append-only'); END""",
    *(
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{table} is decided about, never deleted'); END"
        for table in KEPT
    ),
)

POSTGRES = (
    *(
        f"CREATE TRIGGER audit_retention_no_{verb} BEFORE {verb.upper()} ON audit_retention "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()"
        for verb in ("update", "delete", "truncate")
    ),
    *(
        f"ALTER TABLE audit_retention ENABLE ALWAYS TRIGGER audit_retention_no_{verb}"
        for verb in ("update", "delete", "truncate")
    ),
    *(
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()"
        for table in KEPT
    ),
    *(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_no_delete" for table in KEPT),
)


async def forwards() -> MigrationManager:
    return ddl(ID, both=TABLES, sqlite=SQLITE, postgres=POSTGRES)
