"""Housekeeping, which no trail tells of, reads and writes the rows of its own tables and can do nothing else."""

import pytest

import database
from database import UnitMisuse
from database.guarded import HOUSEKEEPING_TABLES
from sharing.tables import Throttle

pytestmark = pytest.mark.usefixtures("db")


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO sharing_person (name) VALUES ('x')",
        "  update \"sharing_person\" SET name = 'x'",
        "\n DELETE\n FROM sharing_audience_grant",
        "INSERT INTO audit_entry SELECT * FROM audit_entry",
    ],
)
async def test_no_row_of_another_table_is_written(statement: str) -> None:
    with pytest.raises(UnitMisuse, match=r"may not write (sharing_person|sharing_audience_grant|audit_entry)"):
        async with database.housekeeping():
            await database.select(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "WITH gone AS (SELECT 1) DELETE FROM sharing_person",
        "REPLACE INTO sharing_person (name) VALUES ('x')",
        "/* tidy */ UPDATE sharing_person SET name = 'x'",
        "-- tidy\nDELETE FROM sharing_person",
        "DROP TABLE sharing_throttle",
        "ALTER TABLE audit_entry DISABLE TRIGGER ALL",
        "TRUNCATE sharing_throttle",
        "PRAGMA writable_schema = 1",
        "MERGE INTO sharing_person USING sharing_throttle ON false WHEN NOT MATCHED THEN DO NOTHING",
        "",
    ],
)
async def test_nothing_that_is_neither_reading_nor_writing_rows_is_run(statement: str) -> None:
    with pytest.raises(UnitMisuse, match="reads and writes rows, nothing else"):
        async with database.housekeeping():
            await database.select(statement)


async def test_another_table_is_not_filled_in_bulk_either() -> None:
    from sharing.tables import Person  # noqa: PLC0415 - beside the one use

    with pytest.raises(UnitMisuse, match="sharing_person"):
        async with database.housekeeping():
            await database.insert_rows(Person, [Person.name], [["x"]])


async def test_what_it_may_do_it_does() -> None:
    async with database.housekeeping():
        await database.select(
            "INSERT INTO sharing_throttle (key, failures, last_at) VALUES ('a', 1, '2026-11-22 09:00:00+00:00')"
        )
        assert [row["key"] for row in await database.select("select key FROM sharing_throttle")] == ["a"]
    async with database.read():
        assert await Throttle.count() == 1


def test_no_table_of_opinions_people_or_entries_is_among_them() -> None:
    """A new name here is a decision: what these tables lose or gain, no trail tells."""
    assert {name.partition("_")[0] for name in HOUSEKEEPING_TABLES} == {"sharing", "audit", "suppliers", "contracts", "notices"}
    kept = {"sharing_person", "sharing_membership", "sharing_audience", "audit_entry", "audit_opening", "suppliers_review"}
    assert kept & HOUSEKEEPING_TABLES == set()
