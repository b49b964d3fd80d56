"""A published address counts after five weekdays, and the one before counts meanwhile: a school may have two.

Those that were set before count as they did.
"""

from typing import Final

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.migrations import ddl

ID = "sharing_0013"
VERSION = "1.38.0"
DESCRIPTION = "a published address counts after five weekdays"

BOTH: Final = (
    """CREATE TABLE sharing_published_address_anew (
        id UUID PRIMARY KEY NOT NULL, school UUID NOT NULL REFERENCES sharing_school(id), {text:email:254},
        set_by UUID NOT NULL REFERENCES sharing_person(id), set_at TIMESTAMPTZ NOT NULL, counts_from TIMESTAMPTZ NOT NULL)""",
    """INSERT INTO sharing_published_address_anew (id, school, email, set_by, set_at, counts_from)
        SELECT school, school, email, set_by, set_at, set_at FROM sharing_published_address""",
    "DROP TABLE sharing_published_address",
    "ALTER TABLE sharing_published_address_anew RENAME TO sharing_published_address",
    "CREATE INDEX sharing_published_address_school ON sharing_published_address (school)",
)


async def forwards() -> MigrationManager:
    return ddl(ID, both=BOTH)
