"""PostgreSQL: a temporary table named as ours comes first in the search path, and would be asked what the next position is."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.migrations import ddl

ID = "audit_0005"
VERSION = "1.38.0"
DESCRIPTION = "triggers read our tables, not somebody's temporary ones"

POSTGRES = tuple(
    f"DO $$ BEGIN EXECUTE format('ALTER FUNCTION {name}() SET search_path = %I, pg_temp', current_schema()); END $$"
    for name in ("audit_entry_next", "audit_node_next")
)


async def forwards() -> MigrationManager:
    return ddl(ID, both=(), postgres=POSTGRES)
