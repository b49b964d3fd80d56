"""Reviews that say that they rest on logged jobs."""

from typing import Final

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.migrations import ddl

ID = "contracts_0013"
VERSION = "1.38.0"
DESCRIPTION = "reviews that rest on logged jobs"

BOTH: Final = (
    """CREATE TABLE contracts_backing (
        review UUID PRIMARY KEY NOT NULL REFERENCES suppliers_review(id),
        school UUID NOT NULL REFERENCES sharing_school(id), shows_counts BOOLEAN NOT NULL,
        said_by UUID NOT NULL REFERENCES sharing_person(id), said_at TIMESTAMPTZ NOT NULL)""",
)


async def forwards() -> MigrationManager:
    return ddl(ID, both=BOTH)
