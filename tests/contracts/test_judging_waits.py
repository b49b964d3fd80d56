"""A wait ends when they went on or fixed it: what is back again waits for nobody, and a fix that did not last is none."""

import csv
import io
import json
from datetime import UTC, date, datetime
from typing import Any, Final
from uuid import UUID

import pytest

from base import clock
from base.refusals import Invalid
from base.viewer import Viewer
from contracts.attainment import attainment
from contracts.attainment.attainment import Days
from contracts.judging.kinds import PauseReason, StampKind
from contracts.promises import metrics
from contracts.promises.kinds import EventKind, MetricKind, Period
from contracts.promises.metric import Promise
from contracts.review import pack
from contracts.review.pack import PackFormat, PackOrder
from contracts.review.report import Edition
from contracts.service_events import correcting, export, logging_one, reading
from contracts.service_events.logging_one import Logged
from tests.given.served import FROM, a_calendar_of_september, a_contract, a_fix_time, a_job, moment, stamped
from vouch.wiring import SOURCES

pytestmark = pytest.mark.usefixtures("db")

NOW: Final = datetime(2026, 3, 20, 12, tzinfo=UTC)
US: Final = {"reason": PauseReason.US}


@pytest.fixture
async def boilers(ann: Viewer) -> UUID:
    contract = await a_contract(ann)
    await a_calendar_of_september(ann)
    await a_fix_time(ann, contract)
    return contract


async def walked(ann: Viewer, contract: UUID, *steps: tuple[StampKind, str]) -> UUID:
    job = await a_job(ann, contract, "2026-01-20 09:00")
    for kind, at in steps:
        await stamped(ann, job, kind, f"2026-01-20 {at}", **(US if kind is StampKind.WAITING else {}))
    return job


async def verdict(ann: Viewer, job: UUID) -> Any:
    with clock.at(NOW):
        (said,) = (await reading.event(ann, job)).event.verdicts
    return said


BROKE_AGAIN: Final = ((StampKind.WAITING, "09:30"), (StampKind.FIXED, "10:00"), (StampKind.BACK_AGAIN, "11:00"))


async def test_a_job_that_is_back_again_waits_for_nobody(ann: Viewer, boilers: UUID) -> None:
    job = await walked(ann, boilers, *BROKE_AGAIN)
    said = await verdict(ann, job)
    assert said.word == "overdue"
    assert said.due == moment("2026-01-20 14:30")  # half an hour before the wait, and three and a half since it was back
    assert not (await reading.event(ann, job)).event.job.is_waiting
    await stamped(ann, job, StampKind.WAITING, "2026-01-20 12:00", **US)
    await stamped(ann, job, StampKind.FIXED, "2026-01-20 16:00")
    assert (await verdict(ann, job)).word == "met"


async def test_one_wait_after_another_in_the_same_minute_is_two(ann: Viewer, boilers: UUID) -> None:
    first = (StampKind.WAITING, "09:30"), (StampKind.RESUMED, "12:00")
    second = (StampKind.WAITING, "12:00"), (StampKind.RESUMED, "14:00")
    said = await verdict(ann, await walked(ann, boilers, *first, *second, (StampKind.FIXED, "15:00")))
    assert said.word == "met"
    assert said.explanation.minutes == 90


async def test_when_they_went_on_can_be_written_down_after_the_fix_that_ended_the_wait(ann: Viewer, boilers: UUID) -> None:
    job = await walked(ann, boilers, (StampKind.WAITING, "09:30"), (StampKind.FIXED, "14:00"))
    assert (await verdict(ann, job)).explanation.minutes == 30
    await stamped(ann, job, StampKind.RESUMED, "2026-01-20 12:00")
    assert (await verdict(ann, job)).explanation.minutes == 150
    with pytest.raises(Invalid, match="Nobody is waiting"):
        await stamped(ann, job, StampKind.RESUMED, "2026-01-20 13:00")


async def test_what_was_kept_when_a_fix_ended_no_wait_can_be_kept_again(ann: Viewer, boilers: UUID) -> None:
    """A copy of an earlier version has the end of a wait where it was asked for, after it was back again."""
    job = await walked(ann, boilers, *BROKE_AGAIN, (StampKind.RESUMED, "12:00"), (StampKind.FIXED, "13:00"))
    said = await verdict(ann, job)
    assert (said.word, said.explanation.minutes) == ("met", 30 + 120)
    back_again = (await reading.event(ann, job)).event.job.stamps[2]
    await correcting.correct_stamp(ann, job, back_again.id, at=moment("2026-01-20 11:30"), reason="Half an hour later.")
    assert (await verdict(ann, job)).explanation.minutes == 30 + 90


async def test_a_resumption_that_was_asked_for_after_a_fix_can_still_be_corrected_around(ann: Viewer, boilers: UUID) -> None:
    job = await walked(ann, boilers, (StampKind.RESPONDED, "09:10"), (StampKind.WAITING, "09:30"), (StampKind.FIXED, "14:00"))
    await stamped(ann, job, StampKind.RESUMED, "2026-01-20 13:00")
    responded = (await reading.event(ann, job)).event.job.stamps[0]
    await correcting.correct_stamp(ann, job, responded.id, at=moment("2026-01-20 09:20"), reason="Ten minutes later.")
    assert (await reading.event(ann, job)).event.job.stamps[0].at == moment("2026-01-20 09:20")


async def test_a_fix_that_did_not_last_is_none_in_a_list_and_a_wait_that_it_ended_is_over_in_a_pack(
    ann: Viewer, boilers: UUID
) -> None:
    await walked(ann, boilers, *BROKE_AGAIN)
    with clock.at(NOW):
        rows = list(csv.DictReader(io.StringIO(export.as_csv(await reading.page(ann, boilers)).decode("utf-8-sig"))))
        file = io.BytesIO()
        order = PackOrder(boilers, Edition.MEETING, date(2026, 1, 5), date(2026, 3, 20), PackFormat.JSON)
        await pack.make(ann, order, to=file, sources=SOURCES)
    assert [row["Fixed"] for row in rows] == [""]
    parts = {part["name"]: part for part in json.loads(file.getvalue())["sections"]}
    assert [dict(zip(parts["events"]["headings"], row, strict=True))["Fixed"] for row in parts["events"]["rows"]] == [""]
    assert parts["pauses"]["rows"] == [["Waiting for us", "Yes", 1, "30 min", 0]]


async def test_what_is_back_again_is_down_from_then_and_not_in_between(ann: Viewer, boilers: UUID) -> None:
    up = Promise(MetricKind.AVAILABILITY, "Works", {"target": 90}, FROM, Period.MONTH)
    metric = await metrics.add(ann, boilers, up)
    watched = {"what": "watched", "to": "2026-02-01T00:00:00+00:00"}
    await logging_one.log(ann, boilers, an_outage(metric, "2026-01-01 00:00", **watched))
    job = await logging_one.log(ann, boilers, an_outage(metric, "2026-01-20 09:00", what="down"))
    for kind, at in ((StampKind.FIXED, "10:00"), (StampKind.BACK_AGAIN, "14:00"), (StampKind.FIXED, "15:00")):
        await stamped(ann, job, kind, f"2026-01-20 {at}")
    with clock.at(NOW):
        found = await attainment.of_contract(ann, boilers, Days(date(2026, 1, 1), date(2026, 1, 31)))
    (works,) = [one for one in found if one.metric == metric]
    january = works.periods[0].figure
    assert january.n == 20 * 9 * 60
    assert january.measured == 98.8  # two hours of 180, where six would be 96.6


def an_outage(metric: UUID, at: str, **said: str) -> Logged:
    return Logged(EventKind.OUTAGE, what="The boiler", metric=metric, happened_at=moment(at), said=said)
