"""The trail's tables. Entries, nodes and streams' names are append-only on both engines, whoever writes.

SQLite: ``INSERT OR REPLACE`` passes UPDATE and DELETE triggers, so a BEFORE INSERT trigger demands the next position.
PostgreSQL: TRUNCATE needs its own trigger, and ``ENABLE ALWAYS`` keeps them all on under ``session_replication_role``.
Openings may be deleted (that is erasure), never changed.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.migrations import ddl

ID = "audit_0001"
VERSION = "1.38.0"
DESCRIPTION = "the trail"

TABLES = (
    "CREATE TABLE audit_trail ({text:owner:64} PRIMARY KEY, {text:origin:200} UNIQUE)",
    """CREATE TABLE audit_head (
        {text:trail:64} PRIMARY KEY REFERENCES audit_trail(owner),
        size BIGINT NOT NULL CHECK (size >= 0),
        frontier {bytes} NOT NULL CHECK (length(frontier) % 32 = 0))""",
    """CREATE TABLE audit_stream (
        id UUID PRIMARY KEY NOT NULL,
        {text:trail:64} REFERENCES audit_trail(owner),
        {text:name:200},
        tag {bytes} NOT NULL CHECK (length(tag) = 16),
        size BIGINT NOT NULL CHECK (size >= 0))""",
    "CREATE UNIQUE INDEX audit_stream_name ON audit_stream (trail, name)",
    "CREATE UNIQUE INDEX audit_stream_tag ON audit_stream (trail, tag)",
    """CREATE TABLE audit_entry (
        event_id UUID PRIMARY KEY NOT NULL,
        {text:trail:64} REFERENCES audit_trail(owner),
        idx BIGINT NOT NULL CHECK (idx >= 0),
        header {bytes} NOT NULL CHECK (length(header) <= 16384),
        leaf_hash {bytes} NOT NULL CHECK (length(leaf_hash) = 32),
        {text:type:64},
        at BIGINT NOT NULL,
        {text:stream:200},
        sseq BIGINT NOT NULL CHECK (sseq >= 0),
        {text:subject:200})""",
    "CREATE UNIQUE INDEX audit_entry_idx ON audit_entry (trail, idx)",
    "CREATE UNIQUE INDEX audit_entry_sseq ON audit_entry (trail, stream, sseq)",
    "CREATE INDEX audit_entry_subject ON audit_entry (trail, subject, idx)",
    """CREATE TABLE audit_node (
        id UUID PRIMARY KEY NOT NULL,
        {text:trail:64} REFERENCES audit_trail(owner),
        level BIGINT NOT NULL CHECK (level IN (8, 16, 24)),
        n BIGINT NOT NULL CHECK (n >= 0),
        hash {bytes} NOT NULL CHECK (length(hash) = 32))""",
    "CREATE UNIQUE INDEX audit_node_place ON audit_node (trail, level, n)",
    """CREATE TABLE audit_opening (
        id UUID PRIMARY KEY NOT NULL,
        event_id UUID NOT NULL,
        {text:field:64},
        salt {bytes} NOT NULL CHECK (length(salt) = 32),
        {text:value:40000},
        person UUID)""",
    "CREATE UNIQUE INDEX audit_opening_field ON audit_opening (event_id, field)",
    "CREATE INDEX audit_opening_person ON audit_opening (person)",
)

APPEND_ONLY = ("audit_trail", "audit_entry", "audit_node")
UNCHANGING = (*APPEND_ONLY, "audit_opening")
KEPT = ("audit_head", "audit_stream")  # no trigger: on PostgreSQL the app role is not granted DELETE

SQLITE = (
    *(
        f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        for table in UNCHANGING
    ),
    *(
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        for table in APPEND_ONLY
    ),
    """CREATE TRIGGER audit_entry_next BEFORE INSERT ON audit_entry
        WHEN NEW.idx <> (SELECT coalesce(max(idx) + 1, 0) FROM audit_entry WHERE trail = NEW.trail)
          OR EXISTS (SELECT 1 FROM audit_entry WHERE event_id = NEW.event_id)
        BEGIN SELECT RAISE(ABORT, 'audit_entry takes only the next position'); END""",
    """CREATE TRIGGER audit_node_next BEFORE INSERT ON audit_node
        WHEN NEW.n <> (SELECT coalesce(max(n) + 1, 0) FROM audit_node WHERE trail = NEW.trail AND level = NEW.level)
          OR EXISTS (SELECT 1 FROM audit_node WHERE id = NEW.id)
        BEGIN SELECT RAISE(ABORT, 'audit_node takes only the next position'); END""",
    """CREATE TRIGGER audit_trail_once BEFORE INSERT ON audit_trail
        WHEN EXISTS (SELECT 1 FROM audit_trail WHERE owner = NEW.owner OR origin = NEW.origin)
        BEGIN SELECT RAISE(ABORT, 'audit_trail is append-only'); END""",
    """CREATE TRIGGER audit_opening_once BEFORE INSERT ON audit_opening
        WHEN EXISTS (SELECT 1 FROM audit_opening WHERE id = NEW.id OR (event_id = NEW.event_id AND field = NEW.field))
        BEGIN SELECT RAISE(ABORT, 'audit_opening is never changed'); END""",
)

POSTGRES = (
    """CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$""",
    """CREATE FUNCTION audit_entry_next() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF NEW.idx <> (SELECT coalesce(max(idx) + 1, 0) FROM audit_entry WHERE trail = NEW.trail) THEN
            RAISE EXCEPTION 'audit_entry takes only the next position';
        END IF; RETURN NEW; END $$""",
    """CREATE FUNCTION audit_node_next() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF NEW.n <> (SELECT coalesce(max(n) + 1, 0) FROM audit_node WHERE trail = NEW.trail AND level = NEW.level) THEN
            RAISE EXCEPTION 'audit_node takes only the next position';
        END IF; RETURN NEW; END $$""",
    *(
        f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()"
        for table in UNCHANGING
    ),
    *(
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()"
        for table in APPEND_ONLY
    ),
    *(
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()"
        for table in UNCHANGING
    ),
    "CREATE TRIGGER audit_entry_next BEFORE INSERT ON audit_entry FOR EACH ROW EXECUTE FUNCTION audit_entry_next()",
    "CREATE TRIGGER audit_node_next BEFORE INSERT ON audit_node FOR EACH ROW EXECUTE FUNCTION audit_node_next()",
    *(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_no_update" for table in UNCHANGING),
    *(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_no_truncate" for table in UNCHANGING),
    *(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_no_delete" for table in APPEND_ONLY),
    "ALTER TABLE audit_entry ENABLE ALWAYS TRIGGER audit_entry_next",
    "ALTER TABLE audit_node ENABLE ALWAYS TRIGGER audit_node_next",
)


async def forwards() -> MigrationManager:
    return ddl(ID, both=TABLES, sqlite=SQLITE, postgres=POSTGRES)
