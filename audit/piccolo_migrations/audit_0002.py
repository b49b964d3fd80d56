"""Seals and what they need: checkpoints, the origins that a recovered trail goes on under, the installation's public
keys, whom a school wants to have its seals, and which copies left. All but the recipients is append-only.

A key's end is not stored: it follows from the key that replaces it, so nothing need ever be updated. ``replaces`` is
"" for the first key and unique, so of two processes that both make a first key, one is refused.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.migrations import ddl

ID = "audit_0002"
VERSION = "1.38.0"
DESCRIPTION = "seals"

TABLES = (
    """CREATE TABLE audit_origin (
        {text:origin:200} PRIMARY KEY,
        {text:trail:64} REFERENCES audit_trail(owner),
        start BIGINT NOT NULL CHECK (start > 0))""",
    "CREATE UNIQUE INDEX audit_origin_start ON audit_origin (trail, start)",
    """CREATE TABLE audit_checkpoint (
        id UUID PRIMARY KEY NOT NULL,
        {text:trail:64} REFERENCES audit_trail(owner),
        {text:origin:200},
        size BIGINT NOT NULL CHECK (size > 0),
        root {bytes} NOT NULL CHECK (length(root) = 32),
        note {bytes} NOT NULL CHECK (length(note) <= 4096),
        sealed_at TIMESTAMPTZ NOT NULL)""",
    "CREATE UNIQUE INDEX audit_checkpoint_size ON audit_checkpoint (origin, size)",
    "CREATE INDEX audit_checkpoint_trail ON audit_checkpoint (trail, sealed_at)",
    """CREATE TABLE audit_key (
        {text:vkey:400} PRIMARY KEY,
        {text:name:200},
        {text:replaces:400},
        since TIMESTAMPTZ NOT NULL)""",
    "CREATE UNIQUE INDEX audit_key_replaces ON audit_key (replaces)",
    """CREATE TABLE audit_seal_recipient (
        id UUID PRIMARY KEY NOT NULL,
        {text:trail:64},
        {text:school_name:200},
        {text:email:254},
        added_at TIMESTAMPTZ NOT NULL)""",
    "CREATE UNIQUE INDEX audit_seal_recipient_email ON audit_seal_recipient (trail, email)",
    """CREATE TABLE audit_delivery (
        id UUID PRIMARY KEY NOT NULL,
        checkpoint UUID NOT NULL REFERENCES audit_checkpoint(id),
        {text:trail:64},
        how TEXT NOT NULL CHECK (how IN ('queued', 'mail', 'pack', 'file')),
        at TIMESTAMPTZ NOT NULL)""",
    "CREATE INDEX audit_delivery_trail ON audit_delivery (trail, at)",
    "CREATE INDEX audit_delivery_checkpoint ON audit_delivery (checkpoint)",
)

APPEND_ONLY = ("audit_origin", "audit_checkpoint", "audit_key", "audit_delivery")

# What makes two rows the same, for INSERT OR REPLACE, which passes UPDATE and DELETE triggers on SQLite.
TAKEN = {
    "audit_origin": "origin = NEW.origin OR (trail = NEW.trail AND start = NEW.start)",
    "audit_checkpoint": "id = NEW.id OR (origin = NEW.origin AND size = NEW.size)",
    "audit_key": "vkey = NEW.vkey OR replaces = NEW.replaces",
    "audit_delivery": "id = NEW.id",
}

SQLITE = (
    *(
        f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb.upper()} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        for table in APPEND_ONLY
        for verb in ("update", "delete")
    ),
    # OR IGNORE gets here too: whoever may lose a race looks first, in the same unit of work.
    *(
        f"CREATE TRIGGER {table}_once BEFORE INSERT ON {table} WHEN EXISTS (SELECT 1 FROM {table} WHERE {same}) "  # noqa: S608 - our own names
        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        for table, same in TAKEN.items()
    ),
)

POSTGRES = (
    *(
        f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb.upper()} ON {table} FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()"
        for table in APPEND_ONLY
        for verb in ("update", "delete", "truncate")
    ),
    *(
        f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_no_{verb}"
        for table in APPEND_ONLY
        for verb in ("update", "delete", "truncate")
    ),
)


async def forwards() -> MigrationManager:
    return ddl(ID, both=TABLES, sqlite=SQLITE, postgres=POSTGRES)
