"""A review may judge by four criteria, say at which stage it was written, and keep a reference to its evidence."""

from typing import Final

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.migrations import ddl

ID = "suppliers_0012"
VERSION = "1.38.0"
DESCRIPTION = "criteria, stage and evidence of reviews"

COLUMNS: Final = (
    *(f"{one} BIGINT CHECK ({one} BETWEEN 1 AND 5)" for one in ("value", "reliability", "quality", "communication")),
    "stage TEXT CHECK (stage IN ('quote', 'in_service', 'ended'))",
    "{text:evidence:120:null}",
)
ADDED: Final = tuple(
    f"ALTER TABLE {table} ADD COLUMN {column}" for table in ("suppliers_review", "suppliers_past_review") for column in COLUMNS
)


async def forwards() -> MigrationManager:
    return ddl(ID, both=ADDED)
