"""What a ranking adds up of each open word, in narrow rows of their own that triggers keep.

Rows are put in by school before PostgreSQL makes their index. On SQLite the table is its own index.
"""

from collections.abc import Iterator
from typing import Final

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.migrations import ddl
from suppliers import ranked_words

ID = "suppliers_0024"
VERSION = "1.38.0"
DESCRIPTION = "ranked words"

KEY: Final = "PRIMARY KEY (school, supplier)"
TABLE: Final = """CREATE TABLE suppliers_ranked_word (
    school UUID NOT NULL, supplier UUID NOT NULL, reach BIGINT NOT NULL,
    opens_at TIMESTAMPTZ NOT NULL, closes_at TIMESTAMPTZ, lapses_at TIMESTAMPTZ,
    value DOUBLE PRECISION NOT NULL, lapsed_value DOUBLE PRECISION,
    strength DOUBLE PRECISION NOT NULL, strength_in_full DOUBLE PRECISION NOT NULL"""
INSERT: Final = f"INSERT INTO suppliers_ranked_word ({ranked_words.COLUMNS})"
FILL: Final = f"""{INSERT} SELECT {ranked_words.derived("w")} FROM suppliers_open_word w
    WHERE {ranked_words.is_ranked("w")} ORDER BY w.school, w.supplier"""  # noqa: S608 - here and below our own text


def _sqlite() -> Iterator[str]:
    yield f"{TABLE}, {KEY}) WITHOUT ROWID"
    yield FILL
    yield f"""CREATE TRIGGER suppliers_ranked_word_made AFTER INSERT ON suppliers_open_word FOR EACH ROW
        WHEN {ranked_words.is_ranked("NEW")} BEGIN {INSERT} VALUES ({ranked_words.derived("NEW")}); END"""  # noqa: S608
    yield f"""CREATE TRIGGER suppliers_ranked_word_gone AFTER DELETE ON suppliers_open_word FOR EACH ROW
        WHEN {ranked_words.is_ranked("OLD")} BEGIN
        DELETE FROM suppliers_ranked_word WHERE school = OLD.school AND supplier = OLD.supplier; END"""  # noqa: S608


def _postgres() -> Iterator[str]:
    yield f"{TABLE})"
    yield FILL
    others = ranked_words.COLUMNS.removeprefix("school, supplier, ")
    yield f"ALTER TABLE suppliers_ranked_word ADD {KEY} INCLUDE ({others})"
    made = f"{INSERT} SELECT {ranked_words.derived('w')} FROM new_rows w WHERE {ranked_words.is_ranked('w')}"  # noqa: S608
    gone = f"""DELETE FROM suppliers_ranked_word r USING old_rows w
        WHERE r.school = w.school AND r.supplier = w.supplier AND {ranked_words.is_ranked("w")}"""  # noqa: S608
    for name, event, rows, done in (
        ("made", "INSERT", "NEW TABLE AS new_rows", made),
        ("gone", "DELETE", "OLD TABLE AS old_rows", gone),
    ):
        # By indexes, even where a plan is first made while a table is empty.
        yield f"""CREATE FUNCTION suppliers_ranked_word_{name}() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
            BEGIN {done}; RETURN NULL; END $$"""
        yield f"""CREATE TRIGGER suppliers_ranked_word_{name} AFTER {event} ON suppliers_open_word
            REFERENCING {rows} FOR EACH STATEMENT EXECUTE FUNCTION suppliers_ranked_word_{name}()"""


async def forwards() -> MigrationManager:
    return ddl(ID, both=(), sqlite=tuple(_sqlite()), postgres=tuple(_postgres()))
