"""How many schools say the same of a supplier to every school: counts that triggers keep.

The indexes that all these were counted from are needed no more. What ends by itself gets smaller ones: words whose line has an
end, few, and vouches that lapse.
"""

from collections.abc import Iterator
from itertools import product
from typing import Final

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.migrations import ddl
from suppliers import word_counts

ID = "suppliers_0028"
VERSION = "1.38.0"
DESCRIPTION = "word counts"

TABLE: Final = """CREATE TABLE suppliers_word_count (
    supplier UUID NOT NULL, said BIGINT NOT NULL, many BIGINT NOT NULL, latest TIMESTAMPTZ NOT NULL"""
INSERT: Final = f"INSERT INTO suppliers_word_count ({word_counts.COLUMNS})"
FILL: Final = f"{INSERT} {word_counts.derived('suppliers_open_word w')}"
LAPSING: Final = "WHERE would_use_again AND is_first AND NOT interest AND fields IS NOT NULL AND lapses_at IS NOT NULL"
CHANGES: Final = (("made", "INSERT", "NEW", 1), ("gone", "DELETE", "OLD", -1))


def _sqlite() -> Iterator[str]:
    yield f"{TABLE}, part BIGINT NOT NULL DEFAULT 1, PRIMARY KEY (supplier, said)) WITHOUT ROWID"
    yield FILL
    for (what, kind), (name, event, row, by) in product(word_counts.KINDS.items(), CHANGES):
        yield f"""CREATE TRIGGER suppliers_word_count_{what}_{name} AFTER {event} ON suppliers_open_word FOR EACH ROW
            WHEN {kind.is_counted(row)} BEGIN
            {INSERT} VALUES ({row}.supplier, {kind.said.format(w=row)}, {by}, {row}.opens_at) ON CONFLICT (supplier, said)
            DO UPDATE SET many = many + excluded.many, latest = MAX(latest, excluded.latest); END"""


def _postgres() -> Iterator[str]:
    yield f"{TABLE}, part BIGINT GENERATED ALWAYS AS IDENTITY, PRIMARY KEY (supplier, said, part))"
    yield FILL
    for name, event, rows, by in CHANGES:
        # A row that another unit changes is passed over, and whoever finds all of them so makes one more.
        yield f"""CREATE FUNCTION suppliers_word_count_{name}() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
            DECLARE d RECORD; free BIGINT;
            BEGIN FOR d IN {word_counts.derived("changed_rows w")} LOOP
                SELECT c.part INTO free FROM suppliers_word_count c WHERE c.supplier = d.supplier AND c.said = d.said
                    ORDER BY c.part LIMIT 1 FOR UPDATE SKIP LOCKED;
                IF FOUND THEN
                    UPDATE suppliers_word_count c SET many = c.many + {by} * d.many, latest = GREATEST(c.latest, d.latest)
                        WHERE c.supplier = d.supplier AND c.said = d.said AND c.part = free;
                ELSE {INSERT} VALUES (d.supplier, d.said, {by} * d.many, d.latest);
                END IF;
            END LOOP; RETURN NULL; END $$"""  # noqa: S608
        yield f"""CREATE TRIGGER suppliers_word_count_{name} AFTER {event} ON suppliers_open_word
            REFERENCING {rows} TABLE AS changed_rows FOR EACH STATEMENT EXECUTE FUNCTION suppliers_word_count_{name}()"""


async def forwards() -> MigrationManager:
    return ddl(
        ID,
        both=(
            "DROP INDEX suppliers_open_word_pooled",
            "DROP INDEX suppliers_open_word_vouching",
            "CREATE INDEX suppliers_open_word_ending ON suppliers_open_word (supplier) WHERE closes_at IS NOT NULL",
        ),
        sqlite=(
            f"""CREATE INDEX suppliers_open_word_lapsing ON suppliers_open_word (supplier, lapses_at,
                school, audience, opens_at, closes_at, would_use_again, is_first, interest, fields) {LAPSING}""",
            *_sqlite(),
        ),
        postgres=(
            f"""CREATE INDEX suppliers_open_word_lapsing ON suppliers_open_word (supplier, lapses_at)
                INCLUDE (school, audience, opens_at, closes_at) {LAPSING}""",
            *_postgres(),
        ),
    )
