"""On SQLite the ratings of a supplier are read from an index alone, as on PostgreSQL.

Of the 50 suppliers of a school's list each word was looked up in its table: 58 ms of the processor for 15,000 words, and 27 so.
"""

from typing import Final

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.migrations import ddl

ID = "suppliers_0025"
VERSION = "1.38.0"
DESCRIPTION = "ratings from an index"

RATINGS: Final = (
    "DROP INDEX suppliers_open_word_supplier",
    """CREATE INDEX suppliers_open_word_supplier ON suppliers_open_word (supplier, is_first, band, lon, school, fields, audience,
        opens_at, closes_at, rating, would_use_again, interest, lapses_at, rated_at)""",
)


async def forwards() -> MigrationManager:
    return ddl(ID, both=(), sqlite=RATINGS)
