"""What happens under a contract is logged, stamped, corrected and agreed upon: only ever added, each an entry in the trail."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest

import database
from base import clock
from base.refusals import Conflict, Forbidden, NotFound
from base.viewer import Role, Viewer
from contracts.judging.kinds import Agreed, Discussed, PauseReason, Side, StampKind
from contracts.promises import metrics
from contracts.promises.kinds import EventKind, MetricKind
from contracts.promises.metric import Promise
from contracts.service_events import agreeing, correcting, logging_one, reading, stamping
from contracts.service_events.agreeing import Agreement, Discussion
from contracts.service_events.logging_one import Logged
from contracts.service_events.tables import ServiceEvent, Stamp
from tests.given.builders import a_person, a_school
from tests.given.served import FROM, a_call, a_colleague, a_contract, a_fix_time, a_job, moment, stamped

pytestmark = pytest.mark.usefixtures("db")


async def rows_of(table: Any) -> int:
    async with database.read():
        return int(await table.count())


async def test_what_was_logged_is_read_back_with_its_stamps(ann: Viewer, boilers: UUID) -> None:
    job = await a_job(ann, boilers, job_number="AB 77", notes="Hall and two classes.")
    await stamped(ann, job, StampKind.RESPONDED, "2026-01-20 09:50")
    await stamped(ann, job, StampKind.FIXED, "2026-01-20 14:00")
    whole = await reading.event(ann, job)
    assert whole.event.title == "No heating"
    assert whole.event.job.job_number == "AB 77"
    assert [one.kind for one in whole.event.job.stamps] == [StampKind.RESPONDED, StampKind.FIXED]
    assert whole.contract.title == "Boilers"
    (listed,) = (await reading.page(ann, boilers)).events
    assert listed == whole.event


async def test_a_correction_stands_in_place_of_its_row_which_stays(ann: Viewer, boilers: UUID) -> None:
    job = await a_job(ann, boilers)
    before = (await reading.event(ann, job)).event.job
    await correcting.correct(ann, job, a_call("2026-01-20 08:30"), row=before.row, reason="The caretaker rang earlier.")
    whole = await reading.event(ann, job)
    assert whole.event.job.happened_at == moment("2026-01-20 08:30")
    assert "corrected" in whole.event.flags
    assert [(one.is_replaced, one.reason) for one in whole.history] == [(True, ""), (False, "The caretaker rang earlier.")]
    assert await rows_of(ServiceEvent) == 2
    with pytest.raises(Conflict, match="corrected this after"):
        await correcting.correct(ann, job, a_call("2026-01-20 08:31"), row=before.row, reason="Again.")


async def test_what_was_logged_by_mistake_is_taken_back_and_not_listed(ann: Viewer, boilers: UUID) -> None:
    job = await a_job(ann, boilers)
    row = (await reading.event(ann, job)).event.job.row
    await correcting.correct(ann, job, a_call(), row=row, reason="Another school's boiler.", is_withdrawn=True)
    assert (await reading.page(ann, boilers)).events == ()
    with pytest.raises(NotFound):
        await reading.event(ann, job)


async def test_a_stamp_is_corrected_with_a_reason(ann: Viewer, boilers: UUID) -> None:
    job = await a_job(ann, boilers)
    fixed = await stamped(ann, job, StampKind.FIXED, "2026-01-20 14:00")
    await correcting.correct_stamp(ann, job, fixed, at=moment("2026-01-20 13:00"), reason="By their sheet.")
    (stamp,) = (await reading.event(ann, job)).event.job.stamps
    assert (stamp.at, stamp.is_correction) == (moment("2026-01-20 13:00"), True)
    await correcting.correct_stamp(ann, job, stamp.id, at=stamp.at, reason="Not fixed at all.", is_withdrawn=True)
    assert (await reading.event(ann, job)).event.job.stamps == ()
    assert await rows_of(Stamp) == 3


async def test_a_suppliers_pause_counts_once_we_agree(ann: Viewer, boilers: UUID) -> None:
    job = await a_job(ann, boilers)
    claim = await stamped(
        ann, job, StampKind.WAITING, "2026-01-20 10:00", reason=PauseReason.US, claimed_by=Side.SUPPLIER
    )  # fmt: skip
    assert [one.id for one in (await reading.event(ann, job)).event.job.claims] == [claim]
    await stamping.agree(ann, job, claim)
    found = (await reading.event(ann, job)).event
    assert found.job.claims == ()
    assert "claimed by the supplier" in found.flags


async def test_a_priority_that_the_supplier_lowers_alone_is_a_claim_and_one_that_it_raises_counts(
    ann: Viewer, boilers: UUID
) -> None:
    job = await a_job(ann, boilers)
    await stamped(ann, job, StampKind.PRIORITY, "2026-01-20 10:00", priority="P2", claimed_by=Side.SUPPLIER)
    assert (await reading.event(ann, job)).event.job.current_priority == "P1"
    other = await a_job(ann, boilers, priority="P2")
    await stamped(ann, other, StampKind.PRIORITY, "2026-01-20 10:00", priority="P1", claimed_by=Side.SUPPLIER)
    assert (await reading.event(ann, other)).event.job.current_priority == "P1"


async def test_an_agreed_outcome_stands_beside_the_verdict_and_says_if_one_person_did_both(ann: Viewer, boilers: UUID) -> None:
    job = await a_job(ann, boilers)
    before = (await reading.event(ann, job)).event.verdicts
    await agreeing.discuss(ann, job, Discussion(Discussed.DISPUTED, clock.today(), "The gate was locked."))
    agreed = Agreement(Agreed.LEFT_OUT, clock.today(), "The gate was locked.", "Ann Ash", "Bo Brook", clause="9.1")
    await agreeing.agree(ann, job, agreed)
    found = (await reading.event(ann, job)).event
    assert [one.word for one in found.verdicts] == [one.word for one in before]
    said = found.job.discussed()
    assert said is not None
    assert said.state is Discussed.DISPUTED
    assert {"left out", "approved by the person who logged it"} <= set(found.flags)
    hal = await a_colleague(ann, Role.HEAD)
    other = await a_job(ann, boilers)
    await agreeing.agree(hal, other, agreed)
    assert "approved by the person who logged it" not in (await reading.event(ann, other)).event.flags


async def test_site_staff_log_and_read_what_they_logged_themselves(ann: Viewer, boilers: UUID) -> None:
    sam = await a_colleague(ann, Role.SITE_STAFF)
    anns, sams = await a_job(ann, boilers), await a_job(sam, boilers)
    assert [one.job.job for one in (await reading.page(sam, boilers)).events] == [sams]
    assert {one.job.job for one in (await reading.page(ann, boilers)).events} == {anns, sams}
    with pytest.raises(NotFound):
        await reading.event(sam, anns)
    with pytest.raises(NotFound):
        await stamped(sam, anns, StampKind.RESPONDED, "2026-01-20 10:00")
    with pytest.raises(Forbidden):
        await a_fix_time(sam, boilers)


async def test_governors_read_and_write_nothing(ann: Viewer, boilers: UUID) -> None:
    gus = await a_colleague(ann, Role.GOVERNOR)
    job = await a_job(ann, boilers)
    assert (await reading.event(gus, job)).event.job.job == job
    with pytest.raises(Forbidden):
        await a_job(gus, boilers)
    with pytest.raises(Forbidden):
        await agreeing.discuss(gus, job, Discussion(Discussed.AGREED, clock.today()))


async def test_another_school_finds_nothing(ann: Viewer, boilers: UUID) -> None:
    bob, job = await a_person(await a_school("Elmwood Primary")), await a_job(ann, boilers)
    for attempt in (
        lambda: a_job(bob, boilers),
        lambda: reading.event(bob, job),
        lambda: reading.page(bob, boilers),
        lambda: stamped(bob, job, StampKind.FIXED, "2026-01-20 12:00"),
        lambda: a_fix_time(bob, boilers),
    ):
        with pytest.raises(NotFound):
            await attempt()


async def test_a_check_is_logged_by_its_day_and_counts(ann: Viewer) -> None:
    contract = await a_contract(ann, "Cleaning")
    checks = Promise(MetricKind.SAMPLE_RATIO, "Rooms pass our check", {"target": 90, "mostly": 50, "least": 2}, FROM)
    metric = await metrics.add(ann, contract, checks)
    for day, passed in ((12, True), (13, True), (14, False)):
        said = {"passed": passed}
        await logging_one.log(
            ann, contract, Logged(EventKind.SAMPLE, metric=metric, on_day=date(2026, 1, day), said=said, what="Hall")
        )  # fmt: skip
    answer = await reading.attained(ann, contract, metric, date(2026, 1, 1), date(2026, 1, 31))
    assert (answer["n"], answer["breaches"], answer["verdict"]) == (3, 1, "mostly met")
