"""A supplier's list of jobs becomes events that the supplier claims, and of each row it is said what became of it."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from base import clock
from base.viewer import Viewer
from contracts.judging.kinds import Side
from contracts.service_events import reading
from tests.given.builders import signed_in
from tests.given.served import a_calendar, a_contract, a_fix_time

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture(autouse=True)
def march() -> Any:
    with clock.at(datetime(2026, 3, 3, 12, tzinfo=UTC)):
        yield


@pytest.fixture
async def boilers(ann: Viewer) -> UUID:
    await a_calendar(ann)
    contract = await a_contract(ann)
    await a_fix_time(ann, contract)
    return contract


async def test_the_suppliers_list_becomes_claims_and_what_is_not_understood_is_said(ann: Viewer, boilers: UUID) -> None:
    rows = (
        "Ticket,Description,Priority,Date logged,Completed,Engineer\n"
        "A1,No heating,P1,20/01/2026 09:30,20/01/2026 12:00,Bo\n"
        "A2,No hot water,high,20/01/2026 09:30,,Bo\n"
        "A3,Leak,2,20/01/2026,,Bo\n"
        "A4,Leak,2,21/01/2026 10:00,20/01/2026 10:00,Bo\n"
    )
    async with signed_in(ann) as browser:
        sent: dict[str, Any] = {"files": {"file": ("jobs.csv", rows.encode())}, "data": {"how": "telephone"}}
        answer = await browser.post(f"/contracts/{boilers}/job-list", **sent)
        assert answer.status_code == 200
        assert "1 job logged" in answer.text
        assert "3 rows not logged" in answer.text
        assert "none of 1 to 4" in answer.text
        assert "no day with a time" in answer.text
        assert "lies before it happened" in answer.text
        assert "“Engineer”" in answer.text
        again = await browser.post(f"/contracts/{boilers}/job-list", **sent)
        assert "A job with this number is logged already" in again.text
        unknown = {**sent, "files": {"file": ("jobs.csv", rows.replace("Date logged", "When").encode())}}
        asked = await browser.post(f"/contracts/{boilers}/job-list", **unknown)
        assert "Nothing is logged yet" in asked.text
        assert "column_told" in asked.text
    (one,) = (await reading.page(ann, boilers)).events
    assert one.job.claimed_by is Side.SUPPLIER
    assert "claimed by the supplier" in one.flags
    assert [stamp.claimed_by for stamp in one.job.stamps] == [Side.SUPPLIER]
