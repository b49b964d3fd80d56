"""Nothing is to be decided by a day once notice was given, nor after the end: such contracts come last, and none is counted."""

from typing import Final

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.migrations import ddl

ID = "contracts_0016"
VERSION = "1.38.0"
DESCRIPTION = "no day to decide by once notice was given, nor after the end"

DECIDED: Final = (
    "UPDATE contracts_dates_from SET due = '9999-12-31' WHERE state IN ('notice_given', 'ended')",
    "UPDATE contracts_dates_from SET due = '9999-12-31' WHERE is_missed AND next_decide_by IS NULL",
)


async def forwards() -> MigrationManager:
    return ddl(ID, both=DECIDED)
