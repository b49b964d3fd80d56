"""Indexes by which few audiences and suppliers lead to few reviews. What every school may hear is made by 0017."""

from typing import Final

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.migrations import ddl

ID = "suppliers_0015"
VERSION = "1.38.0"
DESCRIPTION = "reviews by audience"

BOTH: Final = (
    "DROP INDEX suppliers_review_audience",
    "CREATE INDEX suppliers_review_audience ON suppliers_review (audience, supplier)",
    "CREATE INDEX sharing_audience_grant_owner ON sharing_audience_grant (kind, owner)",
    "DROP INDEX suppliers_supplies_category",
    "CREATE INDEX suppliers_supplies_category ON suppliers_supplies (category, supplier)",
)


async def forwards() -> MigrationManager:
    return ddl(ID, both=BOTH)
