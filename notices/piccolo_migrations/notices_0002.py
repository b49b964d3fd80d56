"""What is new to somebody since they looked, what waits for them in letters, and the feed of it.

None of these rows is kept for good: they are forgotten with a revoked feed, and with the person.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.migrations import ddl

ID = "notices_0002"
VERSION = "1.38.0"
DESCRIPTION = "what waits, and what is new"

MOST_BYTES = 16 * 1_000  # of ids that were in sight by name

BOTH = (
    f"""CREATE TABLE notices_looked (
        id UUID PRIMARY KEY NOT NULL, person UUID NOT NULL REFERENCES sharing_person(id),
        school UUID NOT NULL REFERENCES sharing_school(id), looked_at TIMESTAMPTZ NOT NULL,
        known {{bytes}} NOT NULL CHECK (length(known) <= {MOST_BYTES}))""",
    "CREATE UNIQUE INDEX notices_looked_once ON notices_looked (person, school)",
    "CREATE TABLE notices_asked (person UUID PRIMARY KEY NOT NULL REFERENCES sharing_person(id), asked_on DATE NOT NULL)",
    """CREATE TABLE notices_waiting_feed (
        person UUID PRIMARY KEY NOT NULL REFERENCES sharing_person(id), token_hash {bytes} NOT NULL UNIQUE,
        made_at TIMESTAMPTZ NOT NULL)""",
)


async def forwards() -> MigrationManager:
    return ddl(ID, both=BOTH)
