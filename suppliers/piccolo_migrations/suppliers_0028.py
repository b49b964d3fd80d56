"""How many schools share each rating of a supplier with every school: counts that triggers keep.

The index that these were counted from is needed no more; words whose line has an end, few, get one of their own.
"""

from collections.abc import Iterator
from typing import Final

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.migrations import ddl
from suppliers import pooled_ratings

ID = "suppliers_0028"
VERSION = "1.38.0"
DESCRIPTION = "pooled ratings"

TABLE: Final = """CREATE TABLE suppliers_pooled_rating (
    supplier UUID NOT NULL, rating BIGINT NOT NULL, many BIGINT NOT NULL, latest TIMESTAMPTZ NOT NULL"""
INSERT: Final = f"INSERT INTO suppliers_pooled_rating ({pooled_ratings.COLUMNS})"
FILL: Final = f"{INSERT} {pooled_ratings.derived('suppliers_open_word w')}"
CHANGES: Final = (("made", "INSERT", "NEW", 1), ("gone", "DELETE", "OLD", -1))


def _sqlite() -> Iterator[str]:
    yield f"{TABLE}, PRIMARY KEY (supplier, rating)) WITHOUT ROWID"
    yield FILL
    for name, event, row, by in CHANGES:
        yield f"""CREATE TRIGGER suppliers_pooled_rating_{name} AFTER {event} ON suppliers_open_word FOR EACH ROW
            WHEN {pooled_ratings.is_counted(row)} BEGIN {INSERT} VALUES ({row}.supplier, {row}.rating, {by}, {row}.opens_at)
            ON CONFLICT (supplier, rating) DO UPDATE
            SET many = many + excluded.many, latest = MAX(latest, excluded.latest); END"""  # noqa: S608 - here and below our own text


def _postgres() -> Iterator[str]:
    yield f"{TABLE}, part BIGINT GENERATED ALWAYS AS IDENTITY, PRIMARY KEY (supplier, rating, part))"
    yield FILL
    for name, event, rows, by in CHANGES:
        # A row that another unit changes is passed over, and whoever finds all of them so makes one more.
        yield f"""CREATE FUNCTION suppliers_pooled_rating_{name}() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
            DECLARE d RECORD; free BIGINT;
            BEGIN FOR d IN {pooled_ratings.derived("changed_rows w")} LOOP
                SELECT c.part INTO free FROM suppliers_pooled_rating c WHERE c.supplier = d.supplier AND c.rating = d.rating
                    ORDER BY c.part LIMIT 1 FOR UPDATE SKIP LOCKED;
                IF FOUND THEN
                    UPDATE suppliers_pooled_rating c SET many = c.many + {by} * d.many, latest = GREATEST(c.latest, d.latest)
                        WHERE c.supplier = d.supplier AND c.rating = d.rating AND c.part = free;
                ELSE {INSERT} VALUES (d.supplier, d.rating, {by} * d.many, d.latest);
                END IF;
            END LOOP; RETURN NULL; END $$"""  # noqa: S608
        yield f"""CREATE TRIGGER suppliers_pooled_rating_{name} AFTER {event} ON suppliers_open_word
            REFERENCING {rows} TABLE AS changed_rows FOR EACH STATEMENT EXECUTE FUNCTION suppliers_pooled_rating_{name}()"""


async def forwards() -> MigrationManager:
    return ddl(
        ID,
        both=(
            "DROP INDEX suppliers_open_word_pooled",
            "CREATE INDEX suppliers_open_word_ending ON suppliers_open_word (supplier) WHERE closes_at IS NOT NULL",
        ),
        sqlite=tuple(_sqlite()),
        postgres=tuple(_postgres()),
    )
