"""What every school may hear of a supplier, in rows that triggers keep with each change of what they derive from."""

from dataclasses import dataclass
from typing import Final

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.migrations import ddl
from suppliers.open_words import COLUMNS, derived

ID = "suppliers_0015"
VERSION = "1.38.0"
DESCRIPTION = "open words"

TABLE: Final = """CREATE TABLE suppliers_open_word (
    review UUID PRIMARY KEY NOT NULL REFERENCES suppliers_review(id) ON DELETE CASCADE,
    supplier UUID NOT NULL, school UUID NOT NULL, audience UUID NOT NULL, lat DOUBLE PRECISION, lon DOUBLE PRECISION,
    fields BIGINT, opens_at TIMESTAMPTZ NOT NULL, closes_at TIMESTAMPTZ,
    rating BIGINT, would_use_again BOOLEAN, interest BOOLEAN, lapses_at TIMESTAMPTZ, rated_at TIMESTAMPTZ,
    said_at TIMESTAMPTZ NOT NULL, said_in_full_at TIMESTAMPTZ NOT NULL,
    strength DOUBLE PRECISION NOT NULL, strength_in_full DOUBLE PRECISION NOT NULL)"""
# With all that a search adds up, so that a row need not be looked up elsewhere: by supplier and place, and by school.
READ: Final = "audience, fields, opens_at, closes_at, rating, would_use_again, interest, lapses_at, strength, strength_in_full"
INDEXES: Final = (
    "CREATE UNIQUE INDEX suppliers_one_open_word_a_school ON suppliers_open_word (supplier, school)",
    "CREATE INDEX suppliers_open_word_audience ON suppliers_open_word (audience)",
    "CREATE INDEX suppliers_open_word_mixed ON suppliers_open_word (review) WHERE fields IS NULL",
    "DROP INDEX suppliers_review_audience",
    "CREATE INDEX suppliers_review_audience ON suppliers_review (audience, supplier)",
    "CREATE INDEX sharing_audience_grant_owner ON sharing_audience_grant (kind, owner)",
    "DROP INDEX suppliers_supplies_category",
    "CREATE INDEX suppliers_supplies_category ON suppliers_supplies (category, supplier)",
)
SQLITE_INDEXES: Final = (
    f"CREATE INDEX suppliers_open_word_place ON suppliers_open_word (supplier, lat, lon, school, {READ})",
    f"CREATE INDEX suppliers_open_word_school ON suppliers_open_word (school, supplier, lat, lon, {READ})",
)
POSTGRES_INDEXES: Final = (
    f"CREATE INDEX suppliers_open_word_place ON suppliers_open_word (supplier, lat, lon) INCLUDE (school, {READ})",
    f"CREATE INDEX suppliers_open_word_school ON suppliers_open_word (school, supplier) INCLUDE (lat, lon, {READ})",
)


@dataclass(frozen=True, slots=True)
class Watched:
    """A table whose changes change words: on which events, when (in each engine's words), and which."""

    table: str
    events: tuple[str, ...]
    matters: str
    gone: str
    made: str
    matters_on_sqlite: str = ""


WATCHED: Final = {
    "review": Watched("suppliers_review", ("INSERT", "UPDATE"), "TRUE", "review = NEW.id", "r.id = NEW.id"),
    "line": Watched("sharing_audience_grant", ("INSERT", "UPDATE"), "NEW.kind = 'everyone'",
        "audience = NEW.audience", "r.audience = NEW.audience"),
    "school": Watched("sharing_school", ("UPDATE",), "NEW.lat IS DISTINCT FROM OLD.lat OR NEW.lon IS DISTINCT FROM OLD.lon",
        "school = NEW.id", "r.school = NEW.id", "NEW.lat IS NOT OLD.lat OR NEW.lon IS NOT OLD.lon"),
}  # fmt: skip


def _anew(one: Watched, *, is_postgres: bool) -> str:
    return f"DELETE FROM suppliers_open_word WHERE {one.gone}; {_fill(one.made, is_postgres=is_postgres)};"  # noqa: S608 - our own text


def _fill(made: str, *, is_postgres: bool) -> str:
    return f"INSERT INTO suppliers_open_word ({COLUMNS}) {derived(made, is_postgres=is_postgres)}"


def _sqlite() -> tuple[str, ...]:
    return tuple(
        f"CREATE TRIGGER suppliers_open_word_{name}_{event.lower()} AFTER {event} ON {one.table} FOR EACH ROW"
        f" WHEN {one.matters_on_sqlite or one.matters} BEGIN {_anew(one, is_postgres=False)} END"
        for name, one in WATCHED.items()
        for event in one.events
    )


def _postgres() -> tuple[str, ...]:
    functions = tuple(
        f"""CREATE FUNCTION suppliers_open_word_{name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF {one.matters} THEN {_anew(one, is_postgres=True)} END IF; RETURN NULL; END $$"""
        for name, one in WATCHED.items()
    )
    triggers = tuple(
        f"""CREATE TRIGGER suppliers_open_word_{name}_{event.lower()} AFTER {event} ON {one.table}
        FOR EACH ROW EXECUTE FUNCTION suppliers_open_word_{name}()"""
        for name, one in WATCHED.items()
        for event in one.events
    )
    return (*functions, *triggers)


BOTH: Final = (TABLE, *INDEXES)
SQLITE: Final = (*SQLITE_INDEXES, _fill("TRUE", is_postgres=False), *_sqlite())
POSTGRES: Final = (*POSTGRES_INDEXES, _fill("TRUE", is_postgres=True), *_postgres())


async def forwards() -> MigrationManager:
    return ddl(ID, both=BOTH, sqlite=SQLITE, postgres=POSTGRES)
