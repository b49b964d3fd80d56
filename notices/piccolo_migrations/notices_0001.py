"""Letters that remind, and calendar feeds.

None of these rows is kept for good: they are forgotten with time, with a revoked feed, and with the person.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.migrations import ddl

ID = "notices_0001"
VERSION = "1.38.0"
DESCRIPTION = "letters and calendar feeds"

BOTH = (
    """CREATE TABLE notices_choice (
        person UUID PRIMARY KEY NOT NULL REFERENCES sharing_person(id),
        often TEXT NOT NULL CHECK (often IN ('none', 'daily', 'weekly')),
        weekday INTEGER NOT NULL CHECK (weekday BETWEEN 1 AND 5), chosen_at TIMESTAMPTZ NOT NULL)""",
    """CREATE TABLE notices_letter (
        key TEXT PRIMARY KEY NOT NULL CHECK (length(key) <= 300), person UUID NOT NULL REFERENCES sharing_person(id),
        token_hash {bytes} NOT NULL UNIQUE, made_at TIMESTAMPTZ NOT NULL, written_at TIMESTAMPTZ)""",
    "CREATE INDEX notices_letter_person ON notices_letter (person, made_at)",
    "CREATE INDEX notices_letter_unwritten ON notices_letter (key) WHERE written_at IS NULL",
    """CREATE TABLE notices_told (
        key TEXT PRIMARY KEY NOT NULL CHECK (length(key) <= 300), {text:about:100},
        person UUID NOT NULL REFERENCES sharing_person(id), day DATE NOT NULL,
        letter TEXT NOT NULL REFERENCES notices_letter(key), told_at TIMESTAMPTZ NOT NULL)""",
    "CREATE INDEX notices_told_about ON notices_told (person, about)",
    "CREATE INDEX notices_told_letter ON notices_told (letter)",
    """CREATE TABLE notices_refused (
        person UUID PRIMARY KEY NOT NULL REFERENCES sharing_person(id), refused_at TIMESTAMPTZ NOT NULL)""",
    "CREATE TABLE notices_lease (name TEXT PRIMARY KEY NOT NULL, holder UUID NOT NULL, until_at TIMESTAMPTZ NOT NULL)",
    """CREATE TABLE notices_feed (
        person UUID PRIMARY KEY NOT NULL REFERENCES sharing_person(id), token_hash {bytes} NOT NULL UNIQUE,
        shows_titles BOOLEAN NOT NULL, made_at TIMESTAMPTZ NOT NULL)""",
)


async def forwards() -> MigrationManager:
    return ddl(ID, both=BOTH)
