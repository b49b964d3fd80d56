"""Each head keeps the time of its newest entry, before which no later entry can be recorded.

One look-up by position for each trail, whatever its length.
"""

from typing import Final

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.migrations import ddl

ID = "audit_0011"
VERSION = "1.38.0"
DESCRIPTION = "the newest entry's time beside the head"

BOTH: Final = (
    "ALTER TABLE audit_head ADD COLUMN last_at BIGINT NOT NULL DEFAULT 0",
    """UPDATE audit_head SET last_at = coalesce((SELECT e.at FROM audit_entry e
        WHERE e.trail = audit_head.trail AND e.idx = audit_head.size - 1), 0)""",
)


async def forwards() -> MigrationManager:
    return ddl(ID, both=BOTH)
