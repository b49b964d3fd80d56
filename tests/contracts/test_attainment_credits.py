"""Credits are due for the breaches that their promise shows: by each of its targets, with its documents, or not to be told."""

from datetime import UTC, date, datetime
from typing import Any, Final
from uuid import UUID

import pytest

from base import clock
from base.viewer import Viewer
from contracts.attainment import attainment
from contracts.attainment.attainment import Days
from contracts.attainment.figures import MetricAttained
from contracts.documents import documents
from contracts.documents.answering import What
from contracts.documents.kinds import DocumentKind
from contracts.judging.kinds import StampKind
from contracts.promises import metrics, stored_metrics
from contracts.promises.kinds import MetricKind, Period
from contracts.promises.metric import Promise
from suppliers.opinions.attachments import Upload
from tests.given.served import FIX, FROM, a_calendar_of_september, a_contract, a_fix_time, a_job, stamped

pytestmark = pytest.mark.usefixtures("db")

NOW: Final = datetime(2026, 3, 20, 12, tzinfo=UTC)
FEBRUARY: Final = Days(date(2026, 2, 1), date(2026, 2, 28))


@pytest.fixture
async def contract(ann: Viewer) -> UUID:
    return await a_contract(ann)


async def owed(ann: Viewer, contract: UUID, of: UUID) -> None:
    terms = {"measure": "credits", "of": str(of), "per_breach_pence": 10_000}
    await metrics.add(ann, contract, Promise(MetricKind.MONEY, "Credits", terms, FROM, Period.MONTH))


async def read(ann: Viewer, contract: UUID) -> tuple[MetricAttained, MetricAttained]:
    """The credits, and the promise for which they are due, in February."""
    with clock.at(NOW):
        found = await attainment.of_contract(ann, contract, FEBRUARY)
    credits_ = next(one for one in found if one.name == "Credits")
    return credits_, next(one for one in found if one is not credits_)


@pytest.mark.both_engines
async def test_a_target_that_changed_in_the_period_counts_from_its_day(ann: Viewer, contract: UUID) -> None:
    await a_calendar_of_september(ann)
    fixed = await a_fix_time(ann, contract, period=Period.MONTH)
    for day in (3, 24):  # in two hours, of four that were promised then
        await stamped(ann, await a_job(ann, contract, f"2026-02-{day:02} 09:00"), StampKind.FIXED, f"2026-02-{day:02} 11:00")
    await owed(ann, contract, fixed)
    credits_, promise = await read(ann, contract)
    assert credits_.periods[0].figure.target == 0
    _, there = await stored_metrics.metric_versions(ann, contract)
    version = there.versions_of(fixed)[0].version
    tighter: dict[str, Any] = {**FIX, "targets": {"P1": {"minutes": 60}}}
    new = Promise(MetricKind.TIME_TO_EVENT, "Fixed", tighter, date(2026, 2, 16), Period.MONTH)
    await metrics.change(ann, fixed, new, version=version)
    credits_, promise = await read(ann, contract)
    assert [one.figure.breaches for one in promise.periods] == [0, 1]
    assert [one.figure.target for one in credits_.periods] == [10_000]


@pytest.mark.both_engines
async def test_a_document_that_is_kept_with_the_contract_owes_nothing(ann: Viewer, contract: UUID) -> None:
    terms: dict[str, Any] = {"target": 100, "kinds": ["Public liability insurance"]}
    insured = await metrics.add(ann, contract, Promise(MetricKind.DOCUMENT, "Insured", terms, FROM, Period.MONTH))
    await owed(ann, contract, insured)
    cover = Upload("cover.pdf", b"%PDF-1.7 insured")
    what = What(DocumentKind.INSURANCE, date(2027, 8, 31), FROM, "Public liability insurance")
    await documents.add(ann, contract, cover, what, is_letter=True)
    credits_, promise = await read(ann, contract)
    assert promise.periods[0].figure.breaches == 0
    assert credits_.periods[0].figure.target == 0


async def test_where_breaches_can_not_be_counted_nobody_says_that_nothing_is_due(ann: Viewer, contract: UUID) -> None:
    fixed = await a_fix_time(ann, contract, period=Period.MONTH)
    await stamped(ann, await a_job(ann, contract, "2026-02-03 09:00"), StampKind.FIXED, "2026-02-03 11:00")
    await owed(ann, contract, fixed)
    credits_, promise = await read(ann, contract)
    assert "calendar" in promise.periods[0].problem
    assert credits_.periods[0].problem == promise.periods[0].problem
