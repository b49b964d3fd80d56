"""Keys that sign seals beside the others, by ML-DSA-44; and room for their lines on a seal. Append-only.

``beside`` is the key of audit_key with which one signs and ends. There may be several beside one: the newest signs.
"""

from typing import Final

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

import database
from database.migrations import ddl, make_anew

ID = "audit_0013"
VERSION = "1.38.0"
DESCRIPTION = "keys by ML-DSA-44"

TABLES: Final = (
    """CREATE TABLE audit_cosigner (
        {text:vkey:2200} PRIMARY KEY,
        {text:beside:400} REFERENCES audit_key(vkey),
        since TIMESTAMPTZ NOT NULL)""",
)

APPEND_ONLY = ("audit_cosigner",)
OLD: Final = "length(note) <= 4096"
NEW: Final = "length(note) <= 65536"

SQLITE: Final = (
    *(
        f"CREATE TRIGGER audit_cosigner_no_{verb} BEFORE {verb.upper()} ON audit_cosigner "
        "BEGIN SELECT RAISE(ABORT, 'audit_cosigner is append-only'); END"
        for verb in ("update", "delete")
    ),
    """CREATE TRIGGER audit_cosigner_once BEFORE INSERT ON audit_cosigner
        WHEN EXISTS (SELECT 1 FROM audit_cosigner WHERE vkey = NEW.vkey OR rowid = NEW.rowid)
        BEGIN SELECT RAISE(ABORT, 'audit_cosigner is append-only'); END""",
)

POSTGRES: Final = (
    *(
        f"CREATE TRIGGER audit_cosigner_no_{verb} BEFORE {verb.upper()} ON audit_cosigner "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()"
        for verb in ("update", "delete", "truncate")
    ),
    *(f"ALTER TABLE audit_cosigner ENABLE ALWAYS TRIGGER audit_cosigner_no_{verb}" for verb in ("update", "delete", "truncate")),
    "ALTER TABLE audit_checkpoint DROP CONSTRAINT audit_checkpoint_note_check",
    f"ALTER TABLE audit_checkpoint ADD CONSTRAINT audit_checkpoint_note_check CHECK ({NEW})",
)


async def forwards() -> MigrationManager:
    manager = ddl(ID, both=TABLES, sqlite=SQLITE, postgres=POSTGRES)
    if not database.is_postgres():
        manager.add_raw(_make_anew)
    return manager


async def _make_anew() -> None:
    await make_anew("audit_checkpoint", {OLD: NEW})
