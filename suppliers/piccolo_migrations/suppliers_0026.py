"""Stars by criterion and answers to extra questions, as every school may hear them, in narrow rows that triggers keep.

Rows are put in by supplier before PostgreSQL makes their index. On SQLite the table is its own index. The indexes of reviews
that were read for them are needed no more.
"""

from collections.abc import Iterator
from typing import Final

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.migrations import ddl
from suppliers import judged_words

ID = "suppliers_0026"
VERSION = "1.38.0"
DESCRIPTION = "judged words"

KEY: Final = "PRIMARY KEY (supplier, school)"
TABLE: Final = """CREATE TABLE suppliers_judged_word (
    supplier UUID NOT NULL, school UUID NOT NULL, audience UUID NOT NULL,
    opens_at TIMESTAMPTZ NOT NULL, closes_at TIMESTAMPTZ,
    value BIGINT, reliability BIGINT, quality BIGINT, communication BIGINT, extras TEXT"""
INSERT: Final = f"INSERT INTO suppliers_judged_word ({judged_words.COLUMNS})"


def _made(rows: str) -> str:
    """Puts in what the ``rows`` of open words, called w, come to."""
    return f"""{INSERT} SELECT {judged_words.derived("w", "r")} FROM {rows} JOIN suppliers_review r ON r.id = w.review
        WHERE {judged_words.is_judged("w", "r")}"""  # noqa: S608 - here and below our own text


FILL: Final = f"{_made('suppliers_open_word w')} ORDER BY w.supplier, w.school"


def _sqlite() -> Iterator[str]:
    yield f"{TABLE}, {KEY}) WITHOUT ROWID"
    yield FILL
    yield f"""CREATE TRIGGER suppliers_judged_word_made AFTER INSERT ON suppliers_open_word FOR EACH ROW
        WHEN NEW.is_first BEGIN {INSERT} SELECT {judged_words.derived("NEW", "r")} FROM suppliers_review r
        WHERE r.id = NEW.review AND {judged_words.is_judged("NEW", "r")}; END"""  # noqa: S608
    yield """CREATE TRIGGER suppliers_judged_word_gone AFTER DELETE ON suppliers_open_word FOR EACH ROW
        WHEN OLD.is_first BEGIN
        DELETE FROM suppliers_judged_word WHERE supplier = OLD.supplier AND school = OLD.school; END"""


def _postgres() -> Iterator[str]:
    yield f"{TABLE})"
    yield FILL
    others = judged_words.COLUMNS.removeprefix("supplier, school, ")
    yield f"ALTER TABLE suppliers_judged_word ADD {KEY} INCLUDE ({others})"
    gone = """DELETE FROM suppliers_judged_word j USING old_rows w
        WHERE j.supplier = w.supplier AND j.school = w.school AND w.is_first"""
    for name, event, rows, done in (
        ("made", "INSERT", "NEW TABLE AS new_rows", _made("new_rows w")),
        ("gone", "DELETE", "OLD TABLE AS old_rows", gone),
    ):
        # By indexes, even where a plan is first made while a table is empty.
        yield f"""CREATE FUNCTION suppliers_judged_word_{name}() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
            BEGIN {done}; RETURN NULL; END $$"""
        yield f"""CREATE TRIGGER suppliers_judged_word_{name} AFTER {event} ON suppliers_open_word
            REFERENCING {rows} FOR EACH STATEMENT EXECUTE FUNCTION suppliers_judged_word_{name}()"""


async def forwards() -> MigrationManager:
    return ddl(
        ID,
        both=("DROP INDEX suppliers_review_judged", "DROP INDEX suppliers_review_extras"),
        sqlite=tuple(_sqlite()),
        postgres=tuple(_postgres()),
    )
