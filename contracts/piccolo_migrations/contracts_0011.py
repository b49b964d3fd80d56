"""What a service did is read by indexes and from what is kept, however much happened.

Nearly every row corrects nothing. In an index of all of them SQLite takes the column for one that tells nothing apart, as soon as
its statistics say so, and reads the whole table before each new row, to see whether it is there already.
"""

from typing import Final

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.migrations import ddl

ID = "contracts_0011"
VERSION = "1.38.0"
DESCRIPTION = "corrections by an index of their own, and what is said of kept figures"

CORRECTED_ONCE: Final = {
    "contracts_service_event": "contracts_an_event_is_corrected_once",
    "contracts_service_stamp": "contracts_a_stamp_is_corrected_once",
    "contracts_meeting": "contracts_a_meeting_is_corrected_once",
}
CORRECTED: Final = tuple(
    statement
    for table, index in CORRECTED_ONCE.items()
    for statement in (
        f"DROP INDEX {index}",
        f"CREATE UNIQUE INDEX {index} ON {table} (corrects) WHERE corrects IS NOT NULL",
    )
)
# What a trust's page counts and sorts by stands beside the figures. They are made from events at any time, and are so once more.
KEPT_ANEW: Final = (
    "DELETE FROM contracts_attained",
    "ALTER TABLE contracts_attained ADD COLUMN said TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE contracts_attained ADD COLUMN share DOUBLE PRECISION NOT NULL DEFAULT 0",
)


async def forwards() -> MigrationManager:
    return ddl(ID, both=(*CORRECTED, *KEPT_ANEW))
