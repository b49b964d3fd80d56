"""Grants open contracts too: two more field groups. One grant is never of both, an opinion's words and a contract's terms."""

from typing import Final

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

import database
from database.migrations import ddl, make_anew

ID = "sharing_0015"
VERSION = "1.38.0"
DESCRIPTION = "field groups of contracts"

OLD: Final = "fields BETWEEN 0 AND 63"
# 64 and 128 are a contract's alone; 1, 2, 4 and 16 an opinion's; 8 and 32 (dates, files) either's.
NEW: Final = "fields BETWEEN 0 AND 255 AND (fields < 64 OR (fields & 23) = 0)"

POSTGRES: Final = (
    "ALTER TABLE sharing_audience_grant DROP CONSTRAINT sharing_audience_grant_fields_check",
    f"ALTER TABLE sharing_audience_grant ADD CONSTRAINT sharing_audience_grant_fields_check CHECK ({NEW})",
)


async def forwards() -> MigrationManager:
    manager = ddl(ID, both=(), postgres=POSTGRES)
    if not database.is_postgres():
        manager.add_raw(_make_anew)
    return manager


async def _make_anew() -> None:
    await make_anew("sharing_audience_grant", {OLD: NEW})
