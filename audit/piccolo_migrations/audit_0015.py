"""More nodes of each trail are kept: those of every fourth level of its tree, not of every eighth.

What a trail lacks is added afterwards and behind its newest nodes, so a node's place is no longer the next of its level: it is
one that is not taken.
"""

from typing import Final

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

import database
from database.migrations import ddl, make_anew

ID = "audit_0015"
VERSION = "1.38.0"
DESCRIPTION = "nodes of every fourth level"

OLD: Final = "CHECK (level IN (8, 16, 24))"
NEW: Final = "CHECK (level IN (4, 8, 12, 16, 20, 24, 28, 32))"

SQLITE: Final = (
    "DROP TRIGGER audit_node_next",
    """CREATE TRIGGER audit_node_once BEFORE INSERT ON audit_node
        WHEN EXISTS (SELECT 1 FROM audit_node
            WHERE id = NEW.id OR rowid = NEW.rowid OR (trail = NEW.trail AND level = NEW.level AND n = NEW.n))
        BEGIN SELECT RAISE(ABORT, 'audit_node is append-only'); END""",
)

POSTGRES: Final = (
    "DROP TRIGGER audit_node_next ON audit_node",
    "DROP FUNCTION audit_node_next()",
    "ALTER TABLE audit_node DROP CONSTRAINT audit_node_level_check",
    f"ALTER TABLE audit_node ADD CONSTRAINT audit_node_level_check {NEW}",
)


async def forwards() -> MigrationManager:
    manager = ddl(ID, both=(), sqlite=SQLITE, postgres=POSTGRES)
    if not database.is_postgres():
        manager.add_raw(_make_anew)
    return manager


async def _make_anew() -> None:
    await make_anew("audit_node", {OLD: NEW})
