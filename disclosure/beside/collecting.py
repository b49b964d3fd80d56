"""What a school keeps beside its contracts, read into records: as far as the viewer reads it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any
from uuid import UUID

import database
from base.viewer import Viewer
from contracts.changes import linking, varying
from contracts.changes.varying import Varied
from contracts.endings import ending
from contracts.endings.ending import Sent
from contracts.exceptions import exceptions
from contracts.improvement import assessment, concerns, crediting
from contracts.improvement.assessment import Signed
from contracts.improvement.concerns import ConcernView, Taken
from contracts.improvement.crediting import CreditView
from contracts.reminders import decisions, governors_questions, timing
from contracts.reminders.decisions import Decision
from contracts.reminders.governors_questions import Question
from contracts.review import meetings
from contracts.review.stored import AgreedAction, HeldMeeting, Reviews
from disclosure.beside import records as kept


@dataclass(frozen=True, slots=True)
class RecordsBeside:
    """By the names that the parts of a copy have."""

    meetings: tuple[kept.MeetingRecord, ...]
    decisions: tuple[kept.DecisionRecord, ...]
    variations: tuple[kept.VariationRecord, ...]
    concerns: tuple[kept.ConcernRecord, ...]
    credits: tuple[kept.CreditRecord, ...]
    ratings: tuple[kept.RatingRecord, ...]
    questions: tuple[kept.QuestionRecord, ...]
    links: tuple[kept.LinkRecord, ...]
    notices: tuple[kept.NoticeRecord, ...]
    deciding: tuple[kept.DecidingRecord, ...]
    buying_rules: tuple[kept.BuyingRulesRecord, ...]

    def parts(self) -> Mapping[str, tuple[Any, ...]]:
        return {one.name: getattr(self, one.name) for one in fields(self)}


async def everything(viewer: Viewer, contracts: Collection[UUID]) -> RecordsBeside:
    """Of these, which are the viewer's school's own. Opens read units."""
    held, decided, varied, raised, credited, rated, sent = [], [], [], [], [], [], []
    for contract in contracts:
        _, reviews = await meetings.of_contract(viewer, contract)
        async with database.read():
            said, complained = await decisions.of(contract), await concerns.of_contract(viewer, contract)
            owed = await crediting.of_contract(viewer, contract) if viewer.role.reads_prices else ()
            signed = await assessment.of_contract(viewer, contract)
        agreed = await varying.variations(viewer, contract)
        held += [
            _meeting(contract, one, reviews) for one in sorted(reviews.meetings, key=lambda one: (one.held_on, one.recorded_at))
        ]
        decided += [_decision(contract, one) for one in sorted(said, key=lambda one: one.recorded_at)]
        varied += [_variation(contract, one) for one in sorted(agreed, key=lambda one: (one.agreed_on, one.written_at))]
        raised += [_concern(contract, one) for one in sorted(complained, key=lambda one: (one.raised_on, one.recorded_at))]
        credited += [_credit(contract, one) for one in reversed(owed)]
        rated += [_rating(contract, one) for one in signed]
        sent += [_notice(contract, one) for one in sorted(await ending.sendings(viewer, contract), key=_when)]
    async with database.read():
        links = await linking.among(contracts)
    return RecordsBeside(
        *(tuple(held), tuple(decided), tuple(varied), tuple(raised), tuple(credited), tuple(rated)),
        questions=await _questions(viewer, contracts),
        links=tuple(kept.LinkRecord(contract=one, other=other, kind=kind.value) for one, other, kind in links),
        notices=tuple(sent),
        deciding=await _deciding(viewer),
        buying_rules=await _buying_rules(viewer),
    )


def _when(one: Sent) -> tuple[date, datetime]:
    return one.sent_on, one.written_at


async def _questions(viewer: Viewer, contracts: Collection[UUID]) -> tuple[kept.QuestionRecord, ...]:
    if not viewer.role.reads_prices:
        return ()
    found = sorted(await governors_questions.listed(viewer), key=lambda one: (one.asked_at, str(one.id)))
    return tuple(_question(one, is_ours=one.contract in contracts) for one in found)


async def _deciding(viewer: Viewer) -> tuple[kept.DecidingRecord, ...]:
    found = await timing.look(viewer)
    return (kept.DecidingRecord(months=found.months, meetings=found.meetings),) if found.months or found.meetings else ()


async def _buying_rules(viewer: Viewer) -> tuple[kept.BuyingRulesRecord, ...]:
    if not viewer.role.reads_prices:
        return ()
    found, _ = await exceptions.scheme_of(viewer)
    if found.is_empty:
        return ()
    bands = tuple(kept.BandRecord(from_pence=one.from_pence, quotes=one.quotes) for one in found.bands)
    return (kept.BuyingRulesRecord(bands=bands, approval_pence=found.approval_pence, supplier_pence=found.supplier_pence),)


def _meeting(contract: UUID, one: HeldMeeting, reviews: Reviews) -> kept.MeetingRecord:
    actions = sorted(reviews.of_meeting(one.id), key=lambda each: (each.due_on, each.what, each.owner))
    return kept.MeetingRecord(
        contract=contract,
        held_on=one.held_on,
        next_on=one.next_on,
        ours=one.ours,
        theirs=one.theirs,
        words=dict(one.words),
        actions=tuple(map(_action, actions)),
    )


def _action(one: AgreedAction) -> kept.ActionRecord:
    return kept.ActionRecord(
        what=one.what, owner=one.owner, side=one.side.value, due_on=one.due_on, done_on=one.done_on, note=one.note
    )


def _decision(contract: UUID, one: Decision) -> kept.DecisionRecord:
    return kept.DecisionRecord(
        contract=contract,
        choice=one.choice.value,
        end_on=one.end_on,
        decide_by=one.decide_by,
        decided_on=one.decided_on,
        reason=one.reason,
        minute=one.minute,
    )


def _variation(contract: UUID, one: Varied) -> kept.VariationRecord:
    return kept.VariationRecord(
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


def _concern(contract: UUID, one: ConcernView) -> kept.ConcernRecord:
    return kept.ConcernRecord(
        contract=contract,
        promise_id=one.metric,
        raised_on=one.raised_on,
        answer_by=one.answer_by,
        what=one.what,
        how=one.how,
        steps=tuple(map(_step, sorted(one.steps, key=lambda each: each.recorded_at))),
    )


def _step(one: Taken) -> kept.StepRecord:
    outcome = one.outcome.value if one.outcome else None
    return kept.StepRecord(kind=one.kind.value, on_day=one.on_day, due_on=one.due_on, outcome=outcome, what=one.what)


def _credit(contract: UUID, one: CreditView) -> kept.CreditRecord:
    states = (kept.CreditStateRecord(state=state.value, on_day=day, pence=one.amounts[state]) for state, day in one.days.items())
    return kept.CreditRecord(contract=contract, promise_id=one.metric, why=one.why, states=tuple(states))


def _rating(contract: UUID, one: Signed) -> kept.RatingRecord:
    return kept.RatingRecord(contract=contract, first_day=one.first, last_day=one.last, indicators=tuple(map(dict, one.rows)))


def _notice(contract: UUID, one: Sent) -> kept.NoticeRecord:
    return kept.NoticeRecord(
        contract=contract, sent_on=one.sent_on, how=one.how, to_end_on=one.to_end_on, sent_to=one.sent_to, note=one.note
    )


def _question(one: Question, *, is_ours: bool) -> kept.QuestionRecord:
    return kept.QuestionRecord(
        contract=one.contract if is_ours else None,
        title=one.title,
        question=one.question,
        asked_at=one.asked_at,
        answer=one.answer,
        minute=one.minute,
        answered_on=one.answered_on,
    )
