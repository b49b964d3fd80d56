"""What was talked about, decided, varied and complained of under a school's own contracts, as records."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

import database
from base.viewer import Viewer
from contracts.changes import varying
from contracts.changes.varying import Varied
from contracts.improvement import concerns
from contracts.improvement.concerns import ConcernView, Taken
from contracts.reminders import decisions
from contracts.reminders.decisions import Decision
from contracts.review import meetings
from contracts.review.stored import AgreedAction, HeldMeeting, Reviews
from disclosure.decided_records import (
    ActionRecord,
    ConcernRecord,
    DecisionRecord,
    MeetingRecord,
    StepRecord,
    VariationRecord,
)


@dataclass(frozen=True, slots=True)
class Decided:
    meetings: tuple[MeetingRecord, ...]
    decisions: tuple[DecisionRecord, ...]
    variations: tuple[VariationRecord, ...]
    concerns: tuple[ConcernRecord, ...]


async def everything(viewer: Viewer, contracts: Iterable[UUID]) -> Decided:
    """Of these, which are the viewer's school's own. Opens read units."""
    held, decided, varied, raised = [], [], [], []
    for contract in contracts:
        _, reviews = await meetings.of_contract(viewer, contract)
        async with database.read():
            said, complained = await decisions.of(contract), await concerns.of_contract(viewer, contract)
        agreed = await varying.variations(viewer, contract)
        held += [
            _meeting(contract, one, reviews) for one in sorted(reviews.meetings, key=lambda one: (one.held_on, one.recorded_at))
        ]
        decided += [_decision(contract, one) for one in sorted(said, key=lambda one: one.recorded_at)]
        varied += [_variation(contract, one) for one in sorted(agreed, key=lambda one: (one.agreed_on, one.written_at))]
        raised += [_concern(contract, one) for one in sorted(complained, key=lambda one: (one.raised_on, one.recorded_at))]
    return Decided(tuple(held), tuple(decided), tuple(varied), tuple(raised))


def _meeting(contract: UUID, one: HeldMeeting, reviews: Reviews) -> MeetingRecord:
    actions = sorted(reviews.of_meeting(one.id), key=lambda each: (each.due_on, each.what, each.owner))
    return MeetingRecord(
        contract=contract,
        held_on=one.held_on,
        next_on=one.next_on,
        ours=one.ours,
        theirs=one.theirs,
        words=dict(one.words),
        actions=tuple(map(_action, actions)),
    )


def _action(one: AgreedAction) -> ActionRecord:
    return ActionRecord(
        what=one.what, owner=one.owner, side=one.side.value, due_on=one.due_on, done_on=one.done_on, note=one.note
    )


def _decision(contract: UUID, one: Decision) -> DecisionRecord:
    return DecisionRecord(
        contract=contract,
        choice=one.choice.value,
        end_on=one.end_on,
        decide_by=one.decide_by,
        decided_on=one.decided_on,
        reason=one.reason,
        minute=one.minute,
    )


def _variation(contract: UUID, one: Varied) -> VariationRecord:
    return VariationRecord(
        contract=contract,
        agreed_on=one.agreed_on,
        what=one.what,
        agreed_by=one.agreed_by,
        supplier_agreed_by=one.supplier_agreed_by,
        annual_before_pence=one.annual_before_pence,
        annual_pence=one.annual_pence,
        end_before=one.end_before,
        new_end=one.new_end,
    )


def _concern(contract: UUID, one: ConcernView) -> ConcernRecord:
    return ConcernRecord(
        contract=contract,
        promise_id=one.metric,
        raised_on=one.raised_on,
        answer_by=one.answer_by,
        what=one.what,
        how=one.how,
        steps=tuple(map(_step, sorted(one.steps, key=lambda each: each.recorded_at))),
    )


def _step(one: Taken) -> StepRecord:
    outcome = one.outcome.value if one.outcome else None
    return StepRecord(kind=one.kind.value, on_day=one.on_day, due_on=one.due_on, outcome=outcome, what=one.what)
