"""When somebody last opened a supplier's page, so that it can say what is new."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.migrations import ddl

ID = "suppliers_0016"
VERSION = "1.38.0"
DESCRIPTION = "last look"

BOTH = (
    """CREATE TABLE suppliers_look (
        id UUID PRIMARY KEY NOT NULL, person UUID NOT NULL REFERENCES sharing_person(id),
        school UUID NOT NULL REFERENCES sharing_school(id),
        supplier UUID NOT NULL REFERENCES suppliers_supplier(id) ON DELETE CASCADE,
        looked_at TIMESTAMPTZ NOT NULL, before_at TIMESTAMPTZ)""",
    "CREATE UNIQUE INDEX suppliers_look_once ON suppliers_look (person, school, supplier)",
    "CREATE INDEX suppliers_look_latest ON suppliers_look (person, school, looked_at)",
)


async def forwards() -> MigrationManager:
    return ddl(ID, both=BOTH)
