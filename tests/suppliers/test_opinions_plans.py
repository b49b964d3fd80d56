"""What every school may hear of a supplier is counted from an index alone, and no page reads what all schools say of all."""

import re
import sqlite3
from collections.abc import Collection
from contextlib import closing
from typing import Final
from uuid import uuid4

import pytest

import database
from base.settings import Settings
from sharing.access import visibility
from sharing.access.visibility import NEVER, Reaching
from suppliers import word_counts
from suppliers.opinions import rating_sums
from suppliers.search import told
from suppliers.search.around import Around
from suppliers.search.wanted import Way
from suppliers.tables import OpenWord
from tests.given.builders import a_person, a_school, signed_in
from tests.given.searching import a_supplier, says
from tests.given.statements import listened_to

# A whole index of words, from its first row to the last; that of audiences with several lines holds hardly any.
_WHOLE: Final = re.compile(r"SCAN (suppliers_review|\S+ USING (COVERING )?INDEX suppliers_(review|open_word)_(?!mixed))")

_OF_EACH_SCHOOL: Final = re.compile(r"SEARCH w USING (COVERING )?INDEX suppliers_open_word_school \(school=\?\)")

# What SQLite's planner knows of 500,000 reviews: of no audience with several lines there is anything to
# know. The order is its own, and counts.
_COUNTRY: Final = (
    ("suppliers_review", "suppliers_review_supplier", "575280 3 1"),
    ("suppliers_review", "suppliers_review_revised", "28875 2 1 1"),
    ("suppliers_review", "suppliers_review_audience", "1580000 45 2"),
    ("suppliers_review", "suppliers_one_current_review_a_school", "595350 101 1"),
    ("suppliers_review", "sqlite_autoindex_suppliers_review_1", "536690 1"),
    ("suppliers_open_word", "suppliers_open_word_supplier", "186048 3 3 2 1 1 1 1 1 1 1 1 1 1 1"),
    ("suppliers_open_word", "suppliers_open_word_school", "267540 58 2 2 1 1 1 1 1 1 1 1 1 1 1 1 1"),
    ("suppliers_open_word", "suppliers_open_word_need", "112659 401 24 2 2 2"),
    ("suppliers_open_word", "suppliers_open_word_audience", "227994 51"),
    ("suppliers_open_word", "sqlite_autoindex_suppliers_open_word_1", "233160 1 1"),
)


@pytest.mark.one_engine  # PostgreSQL reads so few rows whatever index there is
async def test_ratings_are_counted_from_an_index_alone(db: object) -> None:
    ann = await a_person(await a_school("Oakfield Primary"))
    async with database.read():
        query = rating_sums._everyones(await visibility.principals(ann), [uuid4()], [])
        steps = [row["detail"] for row in await OpenWord.raw("EXPLAIN QUERY PLAN {}", query)]
    assert [step for step in steps if " w " in step] == [
        "SEARCH w USING COVERING INDEX suppliers_open_word_supplier (supplier=?)"
    ]


@pytest.mark.one_engine  # as above
async def test_a_list_reads_no_words_but_those_that_end_by_themselves(db: object) -> None:
    ann = await a_person(await a_school("Oakfield Primary"))
    async with database.read():
        principals, some = await visibility.principals(ann), [uuid4(), uuid4()]
        counted = (*word_counts.stars(principals, some), *word_counts.vouches(principals, some, []))
        steps = [row["detail"] for one in counted for row in await OpenWord.raw("EXPLAIN QUERY PLAN {}", one)]
    of_no_line_yet = "SEARCH w USING COVERING INDEX suppliers_open_word_supplier (supplier=?)"  # as a rule of none
    ending = "SEARCH w USING INDEX suppliers_open_word_ending (supplier=?)"
    assert [step for step in steps if " w " in step] == [
        of_no_line_yet,
        ending,
        of_no_line_yet,
        ending,
        "SEARCH w USING COVERING INDEX suppliers_open_word_school (school=?)",  # the own one's, which counts for nothing
        "SEARCH w USING COVERING INDEX suppliers_open_word_lapsing (supplier=? AND lapses_at>?)",
    ]


@pytest.mark.one_engine  # as above
async def test_no_page_reads_every_word_of_the_country(db: Settings) -> None:
    ann, ben = [await a_person(await a_school(name), name=name) for name in ("Oakfield Primary", "Brook Primary")]
    boilers = await a_supplier(ann)
    await says(ann, boilers)
    await says(ben, boilers, rating=4)
    pages = ("/", "/suppliers", f"/suppliers/{boilers}", "/search?need=heating", "/search", "/search?rating=4")
    async with signed_in(ann) as browser:
        with listened_to() as asked:
            assert {(await browser.get(page)).status_code for page in pages} == {200}
    assert _doing(_WHOLE, db, asked) == {}


@pytest.mark.one_engine  # as above
async def test_the_words_of_named_suppliers_are_not_looked_for_among_all_that_schools_near_by_say(db: Settings) -> None:
    ann = await a_person(await a_school("Oakfield Primary"))
    await says(ann, await a_supplier(ann, name="Fenland Boilers Ltd"))
    async with signed_in(ann) as browser:
        with listened_to() as asked:
            assert "Fenland Boilers Ltd" in (await browser.get("/search?need=Fenland Boilers")).text
    assert _doing(_OF_EACH_SCHOOL, db, asked) == {}


def _doing(step: re.Pattern[str], db: Settings, asked: Collection[str]) -> dict[str, list[str]]:
    """The SELECTs of what was asked that take such a step where words are a country's, with these steps."""
    statements = {one for one in asked if one.startswith(("SELECT", "WITH"))}
    with closing(sqlite3.connect(db.sqlite_path)) as told:
        told.execute("ANALYZE")
        told.execute("DELETE FROM sqlite_stat1 WHERE tbl IN ('suppliers_open_word', 'suppliers_review')")
        told.executemany("INSERT INTO sqlite_stat1 VALUES (?, ?, ?)", _COUNTRY)
        told.commit()
    found = {}
    with closing(sqlite3.connect(db.sqlite_path)) as planning:
        for sql in statements:
            many = max(map(int, re.findall(r"\?(\d+)", sql)), default=sql.count("?"))
            steps = [one for *_, one in planning.execute(f"EXPLAIN QUERY PLAN {sql}", [None] * many)]
            if taken := [one for one in steps if step.match(one)]:
                found[sql] = taken
    return found


@pytest.mark.postgres
async def test_what_is_told_of_a_few_suppliers_is_never_looked_up_by_the_supplier(db: object) -> None:
    """Of whom the country may have said a lot: not even where nothing may be asked for each audience."""
    ann = await a_person(await a_school("Oakfield Primary"))
    async with database.read():
        hearing = told.Listener(await visibility.principals(ann), (Reaching(uuid4(), uuid4(), 63),))
        asked = told.told(hearing, Around(None, 0, frozenset()), (Way(NEVER, suppliers=(uuid4(), uuid4())),))
        await OpenWord.raw("SELECT set_config('enable_nestloop', 'off', true), set_config('enable_seqscan', 'off', true)")
        plan = "\n".join(row["QUERY PLAN"] for row in await OpenWord.raw("EXPLAIN {}", asked))
    assert re.search(r"Join Filter: .*suppliers_review_1\.supplier = ANY", plan), plan
