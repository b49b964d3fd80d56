"""To log something takes as long among a million events as among ten."""

import re
from uuid import UUID

import pytest

import database
from base.viewer import Viewer
from contracts.judging.kinds import StampKind
from contracts.service_events.tables import ServiceEvent
from tests.given.builders import signed_in
from tests.given.served import a_job, stamped
from tests.given.statements import listened_to

pytestmark = pytest.mark.usefixtures("db")

MOST = 10  # three to know who asks, seven of the unit that logs; two more are written together

IS_THERE = re.compile(r"WHEN EXISTS \((.*?)\)\s+BEGIN", re.DOTALL)


async def test_whether_a_row_is_there_already_is_found_by_indexes_when_nothing_was_corrected(ann: Viewer, boilers: UUID) -> None:
    """SQLite's statistics say then that all rows have the same in the column that says what they correct: nothing."""
    if database.is_postgres():  # there a role may not change rows, and no trigger asks
        pytest.skip("SQLite's triggers")
    for n in range(12):
        await stamped(ann, await a_job(ann, boilers, f"2026-01-20 09:{n:02}"), StampKind.FIXED, "2026-01-20 14:00")
    async with database.write():
        await database.engine().run_ddl("ANALYZE")
    async with database.read():
        made = await ServiceEvent.raw("SELECT tbl_name, sql FROM sqlite_master WHERE name LIKE 'contracts_service%_once'")
        asked = {row["tbl_name"]: found[1] for row in made if (found := IS_THERE.search(row["sql"]))}
        assert {"contracts_service_event", "contracts_service_stamp"} <= set(asked)
        for table, question in asked.items():
            filled = re.sub(r"NEW\.\w+", "'x'", question)
            plan = "\n".join(row["detail"] for row in await ServiceEvent.raw(f"EXPLAIN QUERY PLAN {filled}"))
            assert "SCAN" not in plan, (table, plan)


async def test_logging_asks_the_database_few_things(ann: Viewer, boilers: UUID) -> None:
    body = {"what": "No heating", "priority": "P1", "told_how": "not_yet", "happened_time": "09:00"}
    body |= {"happened-day": "20", "happened-month": "1", "happened-year": "2026"}
    async with signed_in(ann) as browser:
        await browser.post(f"/contracts/{boilers}/log", data=body)
        with listened_to() as statements:
            answer = await browser.post(f"/contracts/{boilers}/log", data=body)
    assert answer.status_code == 303
    assert len(statements) <= MOST + 2 * database.is_postgres(), statements
