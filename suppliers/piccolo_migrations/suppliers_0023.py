"""A review may answer extra questions, which are asked of suppliers of some categories alone: JSON, by record/extras.py."""

from typing import Final

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.migrations import ddl

ID = "suppliers_0023"
VERSION = "1.38.0"
DESCRIPTION = "answers to extra questions"

BOTH: Final = (
    *(f"ALTER TABLE {table} ADD COLUMN {{text:extras:300:null}}" for table in ("suppliers_review", "suppliers_past_review")),
    "CREATE INDEX suppliers_review_extras ON suppliers_review (supplier, id, extras) WHERE extras IS NOT NULL",
)


async def forwards() -> MigrationManager:
    return ddl(ID, both=BOTH)
