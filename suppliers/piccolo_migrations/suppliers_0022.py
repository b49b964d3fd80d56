"""On PostgreSQL what every school may hear is derived once for each statement, not for each row it writes; indexes for the page
of a supplier that the whole country reviews.

A list of 50,000 suppliers was 50,000 questions, each by a plan made while the tables were empty, which read all of them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.migrations import ddl
from suppliers import open_words, whole_categories

ID = "suppliers_0022"
VERSION = "1.38.0"
DESCRIPTION = "open words by statement"

_NEW: Final = {"INSERT": "NEW TABLE AS new_rows", "DELETE": "OLD TABLE AS old_rows"}
ROWS: Final = _NEW | {"UPDATE": f"{_NEW['DELETE']} {_NEW['INSERT']}"}
MOVED: Final = "new_rows n JOIN old_rows o ON o.id = n.id"


@dataclass(frozen=True, slots=True)
class Watched:
    """A table whose changes change derived rows: on which events, the ids that these are told by, and what is done to them."""

    table: str
    events: tuple[str, ...]
    ids: str  # a SELECT from new_rows and old_rows
    done: tuple[str, ...]


def _words(gone: str, made: str) -> tuple[str, str]:
    select = open_words.derived(made, is_postgres=True)
    insert = f"INSERT INTO suppliers_open_word ({open_words.COLUMNS}) {select} ON CONFLICT DO NOTHING"
    return f"DELETE FROM suppliers_open_word WHERE {gone}", insert  # noqa: S608 - here and below our own text


def _categories() -> tuple[str, str]:
    """Of the suppliers ``ids``; rows that stay as they are aren't touched."""
    its = "(m.id = suppliers_whole_category.supplier OR m.joined_to = suppliers_whole_category.supplier)"
    same = " AND ".join(f"d.{one} = suppliers_whole_category.{one}" for one in whole_categories.COLUMNS.split(", "))
    kept = f"SELECT 1 FROM ({whole_categories.derived(its, is_postgres=True)}) d WHERE {same}"  # noqa: S608
    anew = whole_categories.derived("(m.id = ANY (ids) OR m.joined_to = ANY (ids))", is_postgres=True)
    return (
        f"DELETE FROM suppliers_whole_category WHERE supplier = ANY (ids) AND NOT EXISTS ({kept})",  # noqa: S608
        f"INSERT INTO suppliers_whole_category ({whole_categories.COLUMNS}) {anew} ON CONFLICT DO NOTHING",
    )


def _wholes(rows: str) -> str:
    """The suppliers of those rows, and those that they are part of."""
    part_of = f"SELECT s.joined_to FROM suppliers_supplier s JOIN {rows} n ON n.supplier = s.id WHERE s.joined_to IS NOT NULL"  # noqa: S608
    return f"SELECT supplier FROM {rows} UNION {part_of}"  # noqa: S608


READ: Final = (
    "audience, opens_at, closes_at, rating, would_use_again, interest, lapses_at, said_at, said_in_full_at, strength,"
    " strength_in_full"
)
JUDGED: Final = "value IS NOT NULL OR reliability IS NOT NULL OR quality IS NOT NULL OR communication IS NOT NULL"

# "filed" and "unfiled" follow from changes of whole categories, a category at a time: of a supplier whose others stay, their
# words stay too.
WATCHED: Final = {
    "review": Watched(
        "suppliers_review", ("INSERT", "UPDATE"), "SELECT id FROM new_rows", _words("review = ANY (ids)", "r.id = ANY (ids)")
    ),
    "line": Watched(
        "sharing_audience_grant", ("INSERT", "UPDATE"), "SELECT DISTINCT audience FROM new_rows WHERE kind = 'everyone'",
        _words("audience = ANY (ids)", "r.audience = ANY (ids)"),
    ),
    "school": Watched(
        "sharing_school", ("UPDATE",),
        f"SELECT n.id FROM {MOVED} WHERE (n.lat, n.lon) IS DISTINCT FROM (o.lat, o.lon)",  # noqa: S608
        _words("school = ANY (ids)", "r.school = ANY (ids)"),
    ),
    "joined": Watched(
        "suppliers_supplier", ("UPDATE",),
        f"""SELECT DISTINCT e.id FROM {MOVED} CROSS JOIN unnest(ARRAY[n.id, n.joined_to, o.joined_to]) e(id)
        WHERE e.id IS NOT NULL AND (n.joined_to, n.owner) IS DISTINCT FROM (o.joined_to, o.owner)""",  # noqa: S608
        (*_categories(), *_words(
            "supplier = ANY (ids) AND supplier IN (SELECT id FROM new_rows)",
            "r.supplier = ANY (ids) AND r.supplier IN (SELECT id FROM new_rows)",
        )),
    ),
    "supplies": Watched("suppliers_supplies", ("INSERT",), _wholes("new_rows"), _categories()),
    "supplied": Watched("suppliers_supplies", ("DELETE",), _wholes("old_rows"), _categories()),
    "filed": Watched(
        "suppliers_whole_category", ("INSERT",), "SELECT DISTINCT supplier FROM new_rows",
        _words(
            "supplier = ANY (ids) AND (category = '' OR (supplier, category) IN (SELECT supplier, category FROM new_rows))",
            "r.supplier = ANY (ids) AND (k.supplier, k.category) IN (SELECT supplier, category FROM new_rows)",
        ),
    ),
    "unfiled": Watched(
        "suppliers_whole_category", ("DELETE",), "SELECT DISTINCT supplier FROM old_rows",
        _words(
            "supplier = ANY (ids) AND (supplier, category) IN (SELECT supplier, category FROM old_rows)",
            "r.supplier = ANY (ids) AND k.category IS NULL",
        ),
    ),
}  # fmt: skip


def _texts() -> Iterator[str]:
    for name, one in WATCHED.items():
        done = " ".join(f"{step};" for step in one.done)
        for event in one.events:
            yield f"DROP TRIGGER suppliers_open_word_{name}_{event.lower()} ON {one.table}"
        yield f"DROP FUNCTION suppliers_open_word_{name}()"
        # By indexes, even where a plan is first made while a table is empty.
        yield f"""CREATE FUNCTION suppliers_open_word_{name}() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
            DECLARE ids uuid[] := ARRAY({one.ids}); BEGIN IF cardinality(ids) > 0 THEN {done} END IF; RETURN NULL; END $$"""
        for event in one.events:
            yield f"""CREATE TRIGGER suppliers_open_word_{name}_{event.lower()} AFTER {event} ON {one.table}
                REFERENCING {ROWS[event]} FOR EACH STATEMENT EXECUTE FUNCTION suppliers_open_word_{name}()"""


INDEXES: Final = (
    "CREATE INDEX suppliers_review_revised ON suppliers_review (supplier, revised_at, id) WHERE revised_at IS NOT NULL",
    "CREATE INDEX suppliers_note_revised ON suppliers_note (supplier, revised_at, id) WHERE revised_at IS NOT NULL",
    f"""CREATE INDEX suppliers_review_judged ON suppliers_review (supplier, id, value, reliability, quality, communication)
    WHERE {JUDGED}""",
)
# With when it was rated, so that the ratings of a supplier are read from the index alone.
RATINGS: Final = (
    "DROP INDEX suppliers_open_word_supplier",
    f"""CREATE INDEX suppliers_open_word_supplier ON suppliers_open_word (supplier, is_first, band, lon)
    INCLUDE (school, fields, {READ}, rated_at)""",
)


async def forwards() -> MigrationManager:
    return ddl(ID, both=INDEXES, postgres=(*RATINGS, *_texts()))
