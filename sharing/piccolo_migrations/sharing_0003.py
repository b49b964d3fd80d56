"""Browsers that signed in to an account before, which strangers' wrong guesses don't slow down."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.migrations import ddl

ID = "sharing_0003"
VERSION = "1.38.0"
DESCRIPTION = "known browsers"

KNOWN_BROWSERS = (
    """CREATE TABLE sharing_known_browser (
        id UUID PRIMARY KEY NOT NULL, token_hash {bytes} NOT NULL UNIQUE,
        person UUID NOT NULL REFERENCES sharing_person(id), signed_in_at TIMESTAMPTZ NOT NULL)""",
    "CREATE INDEX sharing_known_browser_person ON sharing_known_browser (person)",
    "CREATE INDEX sharing_known_browser_signed_in_at ON sharing_known_browser (signed_in_at)",
)


async def forwards() -> MigrationManager:
    return ddl(ID, both=KNOWN_BROWSERS)
