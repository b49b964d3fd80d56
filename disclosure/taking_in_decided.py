"""Takes in what was talked about, decided, varied and complained of under contracts, which are there already.

Nothing of it is done anew: a decision is about the end that it was about, and a contract follows no variation twice.
"""

from typing import Final

from contracts.access import served
from contracts.changes import varying
from contracts.changes.varying import Agreed
from contracts.improvement import concerns
from contracts.improvement.concerns import Next, Outcome, Raised, Step
from contracts.judging.kinds import Side
from contracts.register import register
from contracts.reminders import decisions
from contracts.reminders.decisions import Choice, Deciding
from contracts.review import meetings
from contracts.review.meetings import Minutes, ToDo
from contracts.review.topics import TOPICS
from disclosure.decided_records import ConcernRecord, DecisionRecord, MeetingRecord, VariationRecord
from disclosure.record_format import Records
from disclosure.taking import ERASED, Taking, about

_TOPICS: Final = frozenset(one.name for one in TOPICS)


async def take(taking: Taking, records: Records) -> None:
    for meeting in records.meetings:
        await _meeting(taking, meeting)
    for decision in records.decisions:
        await _decision(taking, decision)
    for variation in records.variations:
        await _variation(taking, variation)
    for concern in records.concerns:
        await _concern(taking, concern)


async def _meeting(taking: Taking, one: MeetingRecord) -> None:
    with about(f"the meeting of {one.held_on}"):
        if unknown := sorted(set(one.words) - _TOPICS):
            raise ValueError(unknown)
        contract = await served.contract(taking.viewer, taking.contracts[one.contract], lock=True)
        to_do = tuple(ToDo(each.what, each.owner or ERASED, Side(each.side), each.due_on) for each in one.actions)
        minutes = Minutes(one.held_on, one.ours or ERASED, one.theirs or ERASED, one.words, one.next_on, to_do)
        _, actions = await meetings.hold_one(taking.record, taking.viewer, contract, minutes)
        for action, said in zip(actions, one.actions, strict=True):
            if said.done_on:
                await meetings.settle_one(taking.record, taking.viewer, action, said.done_on, said.note)
    taking.counts["meetings"] += 1


async def _decision(taking: Taking, one: DecisionRecord) -> None:
    with about(f"the decision of {one.decided_on}"):
        row = await register.own(taking.viewer, taking.contracts[one.contract])
        new = Deciding(Choice(one.choice), one.decided_on, one.reason, one.minute)
        await decisions.decide_one(taking.record, taking.viewer, row, new, one.end_on, one.decide_by)
    taking.counts["decisions"] += 1


async def _variation(taking: Taking, one: VariationRecord) -> None:
    with about(f"the variation of {one.agreed_on}"):
        row = await register.own(taking.viewer, taking.contracts[one.contract])
        what, record, viewer = one.what or ERASED, taking.record, taking.viewer
        agreed = Agreed(one.agreed_on, what, one.agreed_by, one.supplier_agreed_by, one.annual_pence, one.new_end)
        await varying.keep_one(record, viewer, row, agreed, price_before=one.annual_before_pence, end_before=one.end_before)
    taking.counts["variations"] += 1


async def _concern(taking: Taking, one: ConcernRecord) -> None:
    with about(f"the concern of {one.raised_on}"):
        contract = await served.contract(taking.viewer, taking.contracts[one.contract], lock=True)
        promise = taking.promises[one.promise_id] if one.promise_id else None
        raised = Raised(one.raised_on, one.what or ERASED, one.how or ERASED, one.answer_by, promise)
        concern = await concerns.raise_one(taking.record, taking.viewer, contract, raised, since=None)
        for each in one.steps:
            kind, outcome = Step(each.kind), Outcome(each.outcome) if each.outcome else None
            what = each.what or (ERASED if kind in (Step.PLANNED, Step.REASSESSED) else "")
            await concerns.step_one(taking.record, taking.viewer, concern, Next(kind, each.on_day, what, each.due_on, outcome))
    taking.counts["concerns"] += 1
