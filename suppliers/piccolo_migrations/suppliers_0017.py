"""What every school may hear of a supplier, by its categories, in rows that triggers keep.

Rows are put in before the indexes are made, which takes a tenth of the time. An earlier version of 0015 made a table without
categories, of which nothing is kept.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.migrations import ddl
from suppliers import open_words, whole_categories

ID = "suppliers_0017"
VERSION = "1.38.0"
DESCRIPTION = "open words by category"

EARLIER: Final = {
    "review": ("suppliers_review", ("insert", "update")),
    "line": ("sharing_audience_grant", ("insert", "update")),
    "school": ("sharing_school", ("update",)),
}
TABLES: Final = (
    """CREATE TABLE suppliers_whole_category (
        supplier UUID NOT NULL, category TEXT NOT NULL, is_first BOOLEAN NOT NULL, PRIMARY KEY (supplier, category))""",
    """CREATE TABLE suppliers_open_word (
        review UUID NOT NULL REFERENCES suppliers_review(id) ON DELETE CASCADE,
        category TEXT NOT NULL, is_first BOOLEAN NOT NULL,
        supplier UUID NOT NULL, school UUID NOT NULL, audience UUID NOT NULL,
        band BIGINT, lat DOUBLE PRECISION, lon DOUBLE PRECISION,
        fields BIGINT, opens_at TIMESTAMPTZ NOT NULL, closes_at TIMESTAMPTZ,
        rating BIGINT, would_use_again BOOLEAN, interest BOOLEAN, lapses_at TIMESTAMPTZ, rated_at TIMESTAMPTZ,
        said_at TIMESTAMPTZ NOT NULL, said_in_full_at TIMESTAMPTZ NOT NULL,
        strength DOUBLE PRECISION NOT NULL, strength_in_full DOUBLE PRECISION NOT NULL, PRIMARY KEY (review, category))""",
)
# With all that a search adds up, so that a row need not be looked up elsewhere. PostgreSQL reads the words of a place and joins
# the schools to them; SQLite, which joins by looking up, goes from school to school of those that may say something.
READ: Final = (
    "audience, opens_at, closes_at, rating, would_use_again, interest, lapses_at, said_at, said_in_full_at, strength,"
    " strength_in_full"
)
SQLITE_INDEXES: Final = (
    "CREATE INDEX suppliers_open_word_need ON suppliers_open_word (category, band, lon, school, fields)",
    "CREATE INDEX suppliers_open_word_supplier ON suppliers_open_word (supplier, is_first, band, lon, school, fields)",
    f"CREATE INDEX suppliers_open_word_school ON suppliers_open_word (school, category, is_first, supplier, fields, {READ})",
)
POSTGRES_INDEXES: Final = (
    f"""CREATE INDEX suppliers_open_word_need ON suppliers_open_word (category, band, lon) INCLUDE (supplier, school, {READ})
    WHERE fields IS NOT NULL""",
    f"""CREATE INDEX suppliers_open_word_place ON suppliers_open_word (band, lon) INCLUDE (category, supplier, school, {READ})
    WHERE fields IS NOT NULL AND is_first""",
    f"""CREATE INDEX suppliers_open_word_supplier ON suppliers_open_word (supplier, is_first, band, lon)
    INCLUDE (school, fields, {READ})""",
    "CREATE INDEX suppliers_open_word_school ON suppliers_open_word (school, category)",
)
INDEXES: Final = (
    "CREATE INDEX suppliers_whole_category_category ON suppliers_whole_category (category, supplier)",
    "CREATE INDEX suppliers_open_word_audience ON suppliers_open_word (audience)",
    "CREATE INDEX suppliers_open_word_mixed ON suppliers_open_word (review) WHERE fields IS NULL",
    "CREATE INDEX suppliers_merge_leaves_out ON suppliers_merge (from_supplier) WHERE undone_at IS NULL AND dropped <> '[]'",
)


@dataclass(frozen=True, slots=True)
class Watched:
    """A table whose changes change derived rows: on which events, when it matters (in each engine's words), and what is done."""

    table: str
    events: tuple[str, ...]
    done: tuple[str, ...]  # NEW and OLD stand for the row; {category} for the SELECT of what is derived anew
    matters: str = "TRUE"
    matters_on_sqlite: str = ""


def _words(gone: str, made: str) -> tuple[str, str]:
    return f"DELETE FROM suppliers_open_word WHERE {gone}", f"words:{made}"  # noqa: S608


def _categories(of: str) -> tuple[str, str]:
    """Of the suppliers ``of`` and those that they are part of; rows that stay as they are aren't touched."""
    roots = f"{of}, (SELECT r.joined_to FROM suppliers_supplier r WHERE r.id = {of.split(', ', maxsplit=1)[0]})"  # noqa: S608
    return f"DELETE FROM suppliers_whole_category WHERE supplier IN ({roots}) AND NOT EXISTS (kept:{roots})", f"kinds:{roots}"  # noqa: S608


WATCHED: Final = {
    "review": Watched("suppliers_review", ("INSERT", "UPDATE"), _words("review = NEW.id", "r.id = NEW.id")),
    "line": Watched(
        "sharing_audience_grant", ("INSERT", "UPDATE"), _words("audience = NEW.audience", "r.audience = NEW.audience"),
        "NEW.kind = 'everyone'",
    ),
    "school": Watched(
        "sharing_school", ("UPDATE",), _words("school = NEW.id", "r.school = NEW.id"),
        "NEW.lat IS DISTINCT FROM OLD.lat OR NEW.lon IS DISTINCT FROM OLD.lon",
        "NEW.lat IS NOT OLD.lat OR NEW.lon IS NOT OLD.lon",
    ),
    "joined": Watched(
        "suppliers_supplier", ("UPDATE",),
        (*_categories("NEW.id, NEW.joined_to, OLD.joined_to"), *_words("supplier = NEW.id", "r.supplier = NEW.id")),
        "NEW.joined_to IS DISTINCT FROM OLD.joined_to OR NEW.owner IS DISTINCT FROM OLD.owner",
        "NEW.joined_to IS NOT OLD.joined_to OR NEW.owner IS NOT OLD.owner",
    ),
    "supplies": Watched("suppliers_supplies", ("INSERT",), _categories("NEW.supplier")),
    "supplied": Watched("suppliers_supplies", ("DELETE",), _categories("OLD.supplier")),
    "filed": Watched(
        "suppliers_whole_category", ("INSERT",),
        _words(
            "supplier = NEW.supplier AND category IN ('', NEW.category)",
            "r.supplier = NEW.supplier AND k.category = NEW.category",
        ),
    ),
    "unfiled": Watched(
        "suppliers_whole_category", ("DELETE",),
        _words("supplier = OLD.supplier AND category = OLD.category", "r.supplier = OLD.supplier AND k.category IS NULL"),
    ),
}  # fmt: skip


def _fill_words(made: str, *, is_postgres: bool) -> str:
    select = open_words.derived(made, is_postgres=is_postgres)
    return f"INSERT INTO suppliers_open_word ({open_words.COLUMNS}) {select} ON CONFLICT DO NOTHING"


def _fill_categories(which: str, *, is_postgres: bool) -> str:
    select = whole_categories.derived(which, is_postgres=is_postgres)
    rows = f"SELECT * FROM ({select}) d WHERE TRUE"  # noqa: S608 - SQLite takes ON for that of a join without a WHERE
    return f"INSERT INTO suppliers_whole_category ({whole_categories.COLUMNS}) {rows} ON CONFLICT DO NOTHING"


def _of(roots: str) -> str:
    return f"(m.id IN ({roots}) OR m.joined_to IN ({roots}))"


def _said(step: str, *, is_postgres: bool) -> str:
    """A step of ``done`` in full."""
    if step.startswith("words:"):
        return _fill_words(step.removeprefix("words:"), is_postgres=is_postgres)
    if step.startswith("kinds:"):
        return _fill_categories(_of(step.removeprefix("kinds:")), is_postgres=is_postgres)
    head, kept, roots = step.partition("(kept:")
    if not kept:
        return step
    anew = whole_categories.derived(_of(roots.removesuffix(")")), is_postgres=is_postgres)
    same = " AND ".join(f"d.{one} = suppliers_whole_category.{one}" for one in whole_categories.COLUMNS.split(", "))
    return f"{head}(SELECT 1 FROM ({anew}) d WHERE {same})"  # noqa: S608


def _texts(*, is_postgres: bool) -> Iterator[str]:
    for name, one in WATCHED.items():
        done = " ".join(f"{_said(step, is_postgres=is_postgres)};" for step in one.done)
        if is_postgres:
            yield f"""CREATE FUNCTION suppliers_open_word_{name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                IF {one.matters} THEN {done} END IF; RETURN NULL; END $$"""
        for event in one.events:
            trigger = f"CREATE TRIGGER suppliers_open_word_{name}_{event.lower()} AFTER {event} ON {one.table} FOR EACH ROW"
            does = f"EXECUTE FUNCTION suppliers_open_word_{name}()" if is_postgres else f"BEGIN {done} END"
            yield trigger + (" " if is_postgres else f" WHEN {one.matters_on_sqlite or one.matters} ") + does


def _before(*, is_postgres: bool) -> Iterator[str]:
    for name, (table, events) in EARLIER.items():
        for event in events:
            yield f"DROP TRIGGER IF EXISTS suppliers_open_word_{name}_{event}" + (f" ON {table}" if is_postgres else "")
        if is_postgres:
            yield f"DROP FUNCTION IF EXISTS suppliers_open_word_{name}()"
    yield "DROP TABLE IF EXISTS suppliers_open_word"


def _steps(*, is_postgres: bool) -> tuple[str, ...]:
    filled = (_fill_categories("TRUE", is_postgres=is_postgres), _fill_words("TRUE", is_postgres=is_postgres))
    return (
        *_before(is_postgres=is_postgres), *TABLES, *filled, *INDEXES, *(POSTGRES_INDEXES if is_postgres else SQLITE_INDEXES),
        *_texts(is_postgres=is_postgres),
    )  # fmt: skip


async def forwards() -> MigrationManager:
    return ddl(ID, both=(), sqlite=_steps(is_postgres=False), postgres=_steps(is_postgres=True))
