"""What both sides left out is left out of every kind of figure, and the events that a figure names are those that it counted."""

import io
import json
from datetime import UTC, date, datetime
from typing import Any, Final
from uuid import UUID

import pytest

from base import clock
from base.viewer import Viewer
from contracts.attainment import attainment
from contracts.attainment.attainment import Days
from contracts.attainment.figures import PeriodAttained
from contracts.judging.kinds import Agreed
from contracts.promises import metrics
from contracts.promises.kinds import EventKind, MetricKind, Period
from contracts.promises.metric import Promise
from contracts.review import pack
from contracts.review.pack import PackFormat, PackOrder
from contracts.review.report import Edition
from contracts.service_events import agreeing, logging_one
from contracts.service_events.agreeing import Agreement
from contracts.service_events.logging_one import Logged
from tests.given.builders import signed_in
from tests.given.page_text import text_of
from tests.given.served import FROM, a_calendar_of_september, a_contract
from vouch.wiring import SOURCES

pytestmark = pytest.mark.usefixtures("db")

NOW: Final = datetime(2026, 3, 20, 12, tzinfo=UTC)


@pytest.fixture
async def ann(ann: Viewer) -> Viewer:
    await a_calendar_of_september(ann)
    return ann


async def promised(ann: Viewer, kind: MetricKind, terms: dict[str, Any]) -> tuple[UUID, UUID]:
    contract = await a_contract(ann)
    return contract, await metrics.add(ann, contract, Promise(kind, "Kept", terms, FROM, Period.MONTH))


async def january(ann: Viewer, contract: UUID) -> PeriodAttained:
    with clock.at(NOW):
        ((period,),) = [one.periods for one in await attainment.of_contract(ann, contract, Days(FIRST, LAST))]
    return period


FIRST, LAST = date(2026, 1, 1), date(2026, 1, 31)


async def test_a_delivery_that_both_sides_left_out_leaves_its_day_out(ann: Viewer) -> None:
    contract, metric = await promised(ann, MetricKind.QUANTITY, {"target": 100, "per_open_day": 8})
    days = [date(2026, 1, day) for day in range(5, 31) if date(2026, 1, day).weekday() < 5]
    logged = {day: await _delivered(ann, contract, metric, day, 2 if day == days[3] else 8) for day in days}
    before = (await january(ann, contract)).figure
    assert (before.n, before.breaches, before.said) == (20, 1, "not met")
    snow = Agreement(Agreed.LEFT_OUT, date(2026, 2, 1), "Snow", "Ann Ash", "Bo Birch")
    await agreeing.agree(ann, logged[days[3]], snow)
    after = await january(ann, contract)
    assert (after.figure.n, after.figure.breaches, after.figure.excluded, after.figure.said) == (19, 0, 1, "met")
    assert [one.event for one in after.left_out] == [logged[days[3]]]
    assert after.left_out[0].reason == "Snow"


async def _delivered(ann: Viewer, contract: UUID, metric: UUID, day: date, qty: int) -> UUID:
    return await logging_one.log(
        ann, contract, Logged(EventKind.DELIVERY, metric=metric, what="Hours", on_day=day, said={"qty": qty})
    )


async def test_an_answer_that_somebody_gave_anew_is_not_named_as_a_breach(ann: Viewer) -> None:
    contract, metric = await promised(ann, MetricKind.SURVEY, {"target": 100, "at_least": 4})
    scores = [("cook", 12, 2), ("head", 13, 1), ("head", 20, 5)]
    logged = [await _answered(ann, contract, metric, *one) for one in scores]
    found = await january(ann, contract)
    assert (found.figure.n, found.figure.breaches) == (2, 1)
    assert [one.event for one in found.breaches] == [logged[0]]


async def _answered(ann: Viewer, contract: UUID, metric: UUID, who: str, day: int, score: int) -> UUID:
    said = {"by": who, "score": score}
    return await logging_one.log(
        ann, contract, Logged(EventKind.SURVEY, metric=metric, what="Lunch", on_day=date(2026, 1, day), said=said)
    )


async def test_a_visit_that_both_sides_left_out_leaves_its_planned_day_out_and_is_named(ann: Viewer) -> None:
    planned = {"target": 100, "planned": ["2026-01-12", "2026-01-26"], "window_days": 2}
    contract, metric = await promised(ann, MetricKind.SCHEDULE, planned)
    late, _ = [await _visited(ann, contract, metric, day) for day in (16, 26)]
    before = await january(ann, contract)
    assert (before.figure.n, before.figure.breaches, before.left_out) == (2, 1, ())
    await agreeing.agree(ann, late, Agreement(Agreed.LEFT_OUT, date(2026, 2, 1), "Snow", "Ann Ash", "Bo Birch"))
    after = await january(ann, contract)
    assert (after.figure.n, after.figure.breaches, after.figure.excluded, after.figure.said) == (1, 0, 1, "met")
    assert [(one.event, one.reason) for one in after.left_out] == [(late, "Snow")]


async def _visited(ann: Viewer, contract: UUID, metric: UUID, day: int) -> UUID:
    new = Logged(EventKind.VISIT, metric=metric, what="Filters", on_day=date(2026, 1, day))
    return await logging_one.log(ann, contract, new)


async def test_a_document_that_both_sides_left_out_does_not_count_and_is_named_where_it_would_have(ann: Viewer) -> None:
    contract, metric = await promised(ann, MetricKind.DOCUMENT, {"target": 100, "kinds": ["insurance"]})
    said = {"kind": "insurance", "from": "2025-09-01", "to": "2026-08-31"}
    given = Logged(EventKind.DOCUMENT, metric=metric, what="Cover", on_day=date(2025, 9, 1), said=said)
    cover = await logging_one.log(ann, contract, given)
    assert (await january(ann, contract)).figure.said == "met"
    await agreeing.agree(ann, cover, Agreement(Agreed.LEFT_OUT, date(2026, 2, 1), "Of another firm", "Ann Ash", "Bo Birch"))
    after = await january(ann, contract)
    assert (after.figure.said, after.figure.missing) == ("not recorded", 1)
    assert [one.event for one in after.left_out] == [cover]
    async with signed_in(ann) as browser:
        page = text_of((await browser.get(f"/service-events/{cover}/agreed")).text)
    assert "As if it had not been given" in page
    file, order = io.BytesIO(), PackOrder(contract, Edition.FILE, FIRST, LAST, PackFormat.JSON)
    with clock.at(NOW):
        await pack.make(ann, order, to=file, sources=SOURCES)
    (section,) = [one for one in json.loads(file.getvalue())["sections"] if one["name"] == "left_out"]
    assert section["rows"] == [
        ["1 September 2025", "Cover", "Kept", "Of another firm", "Ann Ash", "Bo Birch", "Approved by the person who logged it"]
    ]
