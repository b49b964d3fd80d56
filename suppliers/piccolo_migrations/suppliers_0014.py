"""A school may say what another school's review did for it."""

from typing import Final

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.migrations import ddl

ID = "suppliers_0014"
VERSION = "1.38.0"
DESCRIPTION = "what reviews of other schools were good for"

BOTH: Final = (
    """CREATE TABLE suppliers_helped (
        id UUID PRIMARY KEY NOT NULL, school UUID NOT NULL REFERENCES sharing_school(id),
        review UUID NOT NULL REFERENCES suppliers_review(id), helped BOOLEAN NOT NULL, asked_for_quote BOOLEAN NOT NULL,
        tells_who BOOLEAN NOT NULL, said_at TIMESTAMPTZ NOT NULL)""",
    "CREATE UNIQUE INDEX suppliers_helped_once ON suppliers_helped (review, school)",
    "CREATE INDEX suppliers_helped_school ON suppliers_helped (school)",
)
KEPT = ("suppliers_helped",)


async def forwards() -> MigrationManager:
    return ddl(ID, both=BOTH)
