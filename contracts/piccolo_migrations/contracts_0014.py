"""The name of a term can be erased: a version of a calendar may go, and comes again without it."""

from typing import Final

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.migrations import ddl

ID = "contracts_0014"
VERSION = "1.38.0"
DESCRIPTION = "erasing words of calendars; what happened at a school"

# What was written at a school under another's contract is looked for by the school.
BOTH: Final = ("CREATE INDEX contracts_service_event_school ON contracts_service_event (school, contract)",)
SQLITE: Final = ("DROP TRIGGER contracts_calendar_version_no_delete",)
POSTGRES: Final = ("DROP TRIGGER contracts_calendar_version_no_delete ON contracts_calendar_version",)


async def forwards() -> MigrationManager:
    return ddl(ID, both=BOTH, sqlite=SQLITE, postgres=POSTGRES)
