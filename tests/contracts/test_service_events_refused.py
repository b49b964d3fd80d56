"""What can't have happened is refused, with a sentence that names the field, and nothing is kept of it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

import pytest
from piccolo.table import Table

import audit
import database
from base import clock
from base.refusals import Conflict, Invalid, NotFound, Refusal
from base.viewer import Viewer
from contracts.clock.clock import MOST_PAUSES
from contracts.events import Event
from contracts.judging.kinds import Agreed, Discussed, PauseReason, StampKind
from contracts.promises import metrics
from contracts.promises.kinds import EventKind, How, MetricKind
from contracts.promises.metric import Promise, Rules
from contracts.promises.tables import Metric
from contracts.service_events import agreeing, correcting, logging_one, stamping, stored
from contracts.service_events.agreeing import Agreement, Discussion
from contracts.service_events.logging_one import Logged
from contracts.service_events.tables import Outcome, ServiceEvent, Stamp
from tests.given.builders import a_person, a_school
from tests.given.served import FIX, FROM, a_call, a_contract, a_fix_time, moment, stamped

pytestmark = pytest.mark.usefixtures("db")

NOW: Final = datetime(2026, 3, 3, 12, tzinfo=UTC)
NOWHERE: Final = uuid4()


@dataclass(frozen=True, slots=True)
class Given:
    """Ann's contract with a promise of time, one of checks, a call that is responded to, and one that is fixed."""

    ann: Viewer
    contract: UUID
    fix: UUID
    checks: UUID
    job: UUID
    responded: UUID
    fixed: UUID


@pytest.fixture
async def given(db: object) -> Any:
    with clock.at(NOW):
        ann = await a_person(await a_school("Oakfield Primary"))
        contract = await a_contract(ann)
        rules = Rules(same_job_days=5)
        fix = await a_fix_time(ann, contract, rules=rules)
        checks = await metrics.add(
            ann, contract, Promise(MetricKind.SAMPLE_RATIO, "Checks", {"target": 90, "mostly": 80}, FROM)
        )  # fmt: skip
        job, fixed = [await logging_one.log(ann, contract, a_call()) for _ in range(2)]
        responded = await stamped(ann, job, StampKind.RESPONDED, "2026-01-20 10:00")
        await stamped(ann, fixed, StampKind.FIXED, "2026-01-20 12:00")
        yield Given(ann, contract, fix, checks, job, responded, fixed)


Attempt = Callable[[Given], Awaitable[Any]]


def logs(new: Logged) -> Attempt:
    return lambda given: logging_one.log(given.ann, given.contract, new)


def a_check(**more: Any) -> Attempt:
    def attempt(given: Given) -> Awaitable[Any]:
        said: dict[str, Any] = {"metric": given.checks, "on_day": date(2026, 1, 20), "said": {"passed": True}, **more}
        return logging_one.log(given.ann, given.contract, Logged(EventKind.SAMPLE, what="Hall", **said))

    return attempt


def stamps(kind: StampKind, at: str = "2026-01-20 11:00", *, on: str = "job", **more: Any) -> Attempt:
    return lambda given: stamped(given.ann, getattr(given, on), kind, at, **more)


def promises(terms: Mapping[str, Any], kind: MetricKind = MetricKind.TIME_TO_EVENT, **more: Any) -> Attempt:
    new: dict[str, Any] = {"name": "Fixed", "from_day": FROM, **more}
    return lambda given: metrics.add(given.ann, given.contract, Promise(kind, terms=terms, **new))


def agrees(**more: Any) -> Attempt:
    said: dict[str, Any] = {"outcome": Agreed.MET, "on_day": NOW.date(), "reason": "So.", "ours": "Ann", "theirs": "Bo", **more}
    return lambda given: agreeing.agree(given.ann, given.job, Agreement(**said))


async def waits_twice(given: Given) -> None:
    await stamped(given.ann, given.job, StampKind.WAITING, "2026-01-20 11:00", reason=PauseReason.US)
    await stamped(given.ann, given.job, StampKind.WAITING, "2026-01-20 12:00", reason=PauseReason.US)


async def ends_before_it_began(given: Given) -> None:
    await stamped(given.ann, given.job, StampKind.WAITING, "2026-01-20 11:00", reason=PauseReason.US)
    await stamped(given.ann, given.job, StampKind.RESUMED, "2026-01-20 10:59")


async def waits_inside_a_wait(given: Given) -> None:
    await stamped(given.ann, given.job, StampKind.WAITING, "2026-01-20 11:00", reason=PauseReason.US)
    await stamped(given.ann, given.job, StampKind.RESUMED, "2026-01-20 12:00")
    await stamped(given.ann, given.job, StampKind.WAITING, "2026-01-20 11:30", reason=PauseReason.US)


async def the_thousand_and_first_wait(given: Given) -> None:
    first = moment("2026-01-20 10:00")
    async with audit.recording(given.ann) as record:
        for n in range(MOST_PAUSES):
            for kind, minute in ((StampKind.WAITING, 2 * n), (StampKind.RESUMED, 2 * n + 1)):
                await Stamp(
                    id=uuid4(), job=given.job, contract=given.contract, kind=kind.value, at=first + timedelta(minutes=minute),
                    reason="us" if kind is StampKind.WAITING else None, claimed_by="school", is_withdrawn=False,
                    author=given.ann.person, recorded_at=clock.now(), priority=None, agrees=None, corrects=None,
                ).save()  # fmt: skip
        record(Event.SERVICE_STAMPED, stream=f"contract:{given.contract}", subject=f"contract:{given.contract}")
    await stamped(given.ann, given.job, StampKind.WAITING, "2026-03-01 10:00", reason=PauseReason.US)


async def moves_a_fix_before_it_happened(given: Given) -> None:
    async with database.read():
        (job,) = await stored.jobs(given.contract, stored.named(given.fixed), 1)
    await correcting.correct_stamp(given.ann, given.fixed, job.stamps[0].id, at=moment("2026-01-20 09:00"), reason="So.")


async def corrects_it_after_the_steps(given: Given) -> None:
    async with database.read():
        (job,) = await stored.jobs(given.contract, stored.named(given.job), 1)
    await correcting.correct(given.ann, given.job, a_call("2026-01-20 10:30"), row=job.row, reason="So.")


async def makes_a_check_of_it(given: Given) -> None:
    async with database.read():
        (job,) = await stored.jobs(given.contract, stored.named(given.job), 1)
    check = Logged(EventKind.SAMPLE, metric=given.checks, on_day=date(2026, 1, 20), said={"passed": True}, what="Hall")
    await correcting.correct(given.ann, given.job, check, row=job.row, reason="So.")


async def as_somebody_elsewhere(given: Given) -> None:
    bob = await a_person(await a_school("Elmwood Primary"))
    await logging_one.log(bob, given.contract, a_call())


async def agrees_to_what_counts(given: Given) -> None:
    await stamping.agree(given.ann, given.job, given.responded)


REFUSED: Final[Mapping[str, tuple[Attempt, str]]] = {
    "in the future": (logs(a_call("2026-03-03 12:10")), "This is in the future"),
    "told in the future": (logs(a_call(told_at=moment("2026-03-04 09:00"))), "This is in the future"),
    "told before it happened": (logs(a_call(told_at=moment("2026-01-20 09:29"))), "told them before it happened"),
    "told without how": (logs(a_call(told_how=None)), "both when and how"),
    "how without when": (logs(a_call(told_at=None)), "both when and how"),
    "twelve years ago": (logs(a_call("2014-01-20 09:30")), "more than ten years ago"),
    "no time": (logs(a_call(happened_at=None, told_at=None, told_how=None)), "Enter when it happened"),
    "no words": (logs(a_call(what="  ")), "Enter what happened"),
    "words without an end": (logs(a_call(what="x" * 201)), "200 characters"),
    "a character that is none": (logs(a_call(what="No\x00heat")), "character that can't be stored"),
    "notes without an end": (logs(a_call(notes="x" * 4_001)), "4,000 characters"),
    "a job number without an end": (logs(a_call(job_number="7" * 61)), "60 characters"),
    "no priority": (logs(a_call(priority=None)), "Choose how bad it is"),
    "a priority that there is not": (logs(a_call(priority="P9")), "Choose how bad it is"),
    "a priority without a promise": (logs(a_call(priority="P4")), "promises nothing for this priority. It has 1, 2"),
    "a promise that there is not": (logs(a_call(metric=NOWHERE)), "no such promise on that day"),
    "before the promise": (a_check(on_day=date(2025, 8, 31)), "no such promise on that day"),
    "a check of nothing": (a_check(metric=None), "Choose what this belongs to"),
    "a check of a promise of time": (lambda given: a_check(metric=given.fix)(given), "Choose what this belongs to"),
    "a check without a day": (a_check(on_day=None), "Enter the day"),
    "a check of tomorrow": (a_check(on_day=date(2026, 3, 4)), "This is in the future"),
    "a check that passed perhaps": (a_check(said={"passed": "perhaps"}), "A sample passed, did not"),
    "a check that says too much": (a_check(said={"passed": True, "more": "x" * 2_100}), "more than can be kept"),
    "fixed before it happened": (stamps(StampKind.FIXED, "2026-01-20 09:29"), "lies before it happened"),
    "fixed tomorrow": (stamps(StampKind.FIXED, "2026-03-04 09:00"), "This is in the future"),
    "fixed twice": (stamps(StampKind.FIXED, "2026-01-20 13:00", on="fixed"), "It is fixed already"),
    "responded twice": (stamps(StampKind.RESPONDED, "2026-01-20 13:00"), "is logged already"),
    "back again before it was fixed": (stamps(StampKind.BACK_AGAIN), "It was not fixed yet"),
    "back again before the fix": (stamps(StampKind.BACK_AGAIN, "2026-01-20 11:59", on="fixed"), "before it was fixed"),
    "back again after too long": (stamps(StampKind.BACK_AGAIN, "2026-01-26 09:00", on="fixed"), "more than 5 days is a new job"),
    "a wait for nothing": (stamps(StampKind.WAITING), "Choose what they wait for"),
    "a wait after the fix": (
        stamps(StampKind.WAITING, "2026-01-20 13:00", on="fixed", reason=PauseReason.US), "It is fixed, so nobody waits",
    ),
    "a wait in a wait": (waits_twice, "They are waiting already"),
    "a wait that begins in the last one": (waits_inside_a_wait, "before the one before it ended"),
    "a wait that ended before it began": (ends_before_it_began, "ended before it began"),
    "an end without a wait": (stamps(StampKind.RESUMED), "Nobody is waiting"),
    "the 1,001st wait": (the_thousand_and_first_wait, "1,000 waits at most"),
    "no new priority": (stamps(StampKind.PRIORITY), "Choose priority 1 to 4"),
    "the same priority": (stamps(StampKind.PRIORITY, priority="P1"), "has this priority already"),
    "a new priority without a promise": (stamps(StampKind.PRIORITY, priority="P3"), "promises nothing for this priority"),
    "a step that is none": (stamps(StampKind.AGREED), "Choose what happened"),
    "a note without an end": (stamps(StampKind.FIXED, note="x" * 501), "500 characters"),
    "a correction without a reason": (
        lambda given: correcting.correct_stamp(given.ann, given.job, given.responded, at=NOW, reason=" "), "Say why",
    ),
    "a fix moved before it happened": (moves_a_fix_before_it_happened, "lies before it happened"),
    "an event moved behind its steps": (corrects_it_after_the_steps, "at work before this"),
    "another kind of event": (makes_a_check_of_it, "another kind of event"),
    "agreed tomorrow": (agrees(on_day=date(2026, 3, 4)), "This is in the future"),
    "agreed before it happened": (agrees(on_day=date(2026, 1, 19)), "before it happened"),
    "agreed without a reason": (agrees(reason=""), "Enter why you agreed this"),
    "agreed by nobody here": (agrees(ours=""), "who agreed for the school"),
    "agreed by nobody there": (agrees(theirs=""), "who agreed for the supplier"),
    "agreed on no promise": (agrees(metric=NOWHERE), "no such promise"),
    "disputed without a word": (
        lambda given: agreeing.discuss(given.ann, given.job, Discussion(Discussed.DISPUTED, NOW.date())), "in their words",
    ),
    "a lower bound above the target": (promises({**FIX, "target": 80}), "lower bound lies above the target"),
    "a target above a hundred": (promises({**FIX, "target": 101}), "0 to 100"),
    "a promise without times": (promises({**FIX, "targets": {}}), "at least one priority"),
    "a time of less than nothing": (promises({**FIX, "targets": {"P1": {"minutes": -1}}}), "whole number of 0 or more"),
    "minutes and days": (promises({**FIX, "targets": {"P1": {"minutes": 1, "business_days": 1}}}), "minutes or in business days"),
    "a fifth priority": (promises({**FIX, "targets": {"P5": {"minutes": 1}}}), "Priorities are 1 to 4"),
    "no stage": (promises({**FIX, "stage": "vanished"}), "what the time ends with"),
    "a promise of too many words": (promises(FIX, name="x" * 201), "200 characters"),
    "a promise without a name": (promises(FIX, name=""), "Enter what is promised"),
    "what no such promise has": (promises({**FIX, "colour": "red"}), "has no “colour”"),
    "an hour that is none": (promises(FIX, rules=Rules(cut_off="25:00")), "the hour on the 24-hour clock"),
    "a way that is none": (promises(FIX, rules=Rules(told_by=("pigeon",))), "no way of telling a supplier"),
    "days without an end": (promises(FIX, rules=Rules(same_job_days=400)), "0 to 366"),
    "a day of the year 1066": (promises(FIX, from_day=date(1066, 10, 14)), "Enter a real day"),
    "visits on 31 September": (promises({"target": 90, "planned": ["2026-09-31"]}, MetricKind.SCHEDULE), "no day of the"),
    "no documents": (promises({"target": 100, "kinds": []}, MetricKind.DOCUMENT), "at least one kind of document"),
    "money that is neither": (promises({"measure": "about", "target_pence": 1}, MetricKind.MONEY), "at least or at most"),
    "less than no money": (promises({"measure": "at_most", "target_pence": -1}, MetricKind.MONEY), "whole number of 0 or more"),
    "credits for nothing": (promises({"measure": "credits", "per_breach_pence": 1}, MetricKind.MONEY), "promise that they"),
    "a score of nine": (promises({"target": 80, "at_least": 9}, MetricKind.SURVEY), "Scores go from 1 to 5"),
    "days reckoned from nothing": (promises({"anchors": {}}, MetricKind.MILESTONE), "at least one day"),
}  # fmt: skip


WRITE_FIRST: Final = (waits_twice, waits_inside_a_wait, ends_before_it_began, the_thousand_and_first_wait)


async def rows(*tables: type[Table]) -> list[int]:
    async with database.read():
        return [int(await table.count()) for table in tables]


async def refused(given: Given, name: str) -> None:
    attempt, sentence = REFUSED[name]
    with pytest.raises(Invalid) as refusal:
        await attempt(given)
    said = [refusal.value.sentence, *refusal.value.fields.values()]
    assert any(sentence in one for one in said), (name, said)
    assert refusal.value.fields or "heading" in refusal.value.sentence, name


async def test_what_can_not_be_is_refused_with_a_sentence_and_nothing_is_kept(given: Given) -> None:
    before = await rows(Metric, ServiceEvent, Outcome, Stamp)
    for name in (name for name, (attempt, _) in REFUSED.items() if attempt not in WRITE_FIRST):
        await refused(given, name)
        assert await rows(Metric, ServiceEvent, Outcome, Stamp) == before, name


@pytest.mark.parametrize("name", [name for name, (attempt, _) in REFUSED.items() if attempt in WRITE_FIRST])
async def test_so_it_is_after_what_can_be(given: Given, name: str) -> None:
    before = await rows(Metric, ServiceEvent, Outcome)
    await refused(given, name)
    assert await rows(Metric, ServiceEvent, Outcome) == before


def test_there_are_forty_or_more_of_them() -> None:
    assert len(REFUSED) >= 40


@pytest.mark.parametrize(
    ("attempt", "refusal"),
    [
        (as_somebody_elsewhere, NotFound),
        (agrees_to_what_counts, Conflict),
        (lambda given: stamping.agree(given.ann, given.job, NOWHERE), NotFound),
        (lambda given: stamped(given.ann, NOWHERE, StampKind.FIXED, "2026-01-20 10:00"), NotFound),
        (lambda given: stamped(given.ann, given.responded, StampKind.FIXED, "2026-01-20 10:00"), NotFound),
        (lambda given: logging_one.log(given.ann, NOWHERE, a_call(told_how=How.EMAIL)), NotFound),
        (lambda given: metrics.end(given.ann, NOWHERE, NOW.date()), NotFound),
    ],
)
async def test_what_is_not_there_or_not_ours_is_not_found(given: Given, attempt: Attempt, refusal: type[Refusal]) -> None:
    before = await rows()
    with pytest.raises(refusal):
        await attempt(given)
    assert await rows() == before
