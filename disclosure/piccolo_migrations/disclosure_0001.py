"""Shares that came along with a school's records, until a head confirms or drops them."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.migrations import ddl

ID = "disclosure_0001"
VERSION = "1.38.0"
DESCRIPTION = "shares to confirm"

BOTH = (
    """CREATE TABLE disclosure_share_to_confirm (
        id UUID PRIMARY KEY NOT NULL, school UUID NOT NULL REFERENCES sharing_school(id),
        what TEXT NOT NULL CHECK (what IN ('review', 'note', 'contract')), about UUID NOT NULL, {text:reader:4000},
        made_at TIMESTAMPTZ NOT NULL)""",
    "CREATE INDEX disclosure_share_to_confirm_school ON disclosure_share_to_confirm (school, made_at)",
)


async def forwards() -> MigrationManager:
    return ddl(ID, both=BOTH)
