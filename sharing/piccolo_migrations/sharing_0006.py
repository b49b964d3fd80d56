"""When somebody's e-mail address was found to be theirs, and by whom where it was confirmed in person."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.migrations import ddl

ID = "sharing_0006"
VERSION = "1.38.0"
DESCRIPTION = "proved addresses"

PROVED_ADDRESSES = (
    "ALTER TABLE sharing_person ADD COLUMN address_proved_at TIMESTAMPTZ",
    "ALTER TABLE sharing_person ADD COLUMN address_proved_by UUID REFERENCES sharing_person(id)",
)


async def forwards() -> MigrationManager:
    return ddl(ID, both=PROVED_ADDRESSES)
