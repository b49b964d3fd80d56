"""Takes in what was kept beside contracts, which are there already.

Nothing of it is done anew: a decision is about the end that it was about, a contract follows no variation twice, and a
rating says what was signed.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from base.words import in_words
from contracts.access import served
from contracts.changes import linking, varying
from contracts.changes.varying import NewVariation
from contracts.endings import ending
from contracts.endings.ending import Sends
from contracts.exceptions import exceptions
from contracts.exceptions.scheme import Band, Scheme
from contracts.improvement import assessment, concerns, crediting
from contracts.improvement.concerns import Next, Outcome, Raised, Step
from contracts.improvement.crediting import Proposed, State
from contracts.judging.kinds import Side
from contracts.register import register
from contracts.reminders import decisions, governors_questions, timing
from contracts.reminders.decisions import Choice, Deciding
from contracts.reminders.governors_questions import Answer
from contracts.reminders.timing import SchoolTiming
from contracts.review import meetings
from contracts.review.meetings import Minutes, ToDo
from contracts.review.topics import TOPICS
from disclosure.beside import records as kept
from disclosure.record_format import Records
from disclosure.taking import ERASED, Taking, about, past

OF_THE_TRUST: Final = "Governors' questions about contracts of the trust, which are not yours."
DECIDES_ALREADY: Final = "When your school decides, and when its governors meet: that is set here already."
RULES_ALREADY: Final = "Rules of buying: your school has some here already."
_TOPICS: Final = frozenset(one.name for one in TOPICS)


async def take(taking: Taking, records: Records) -> None:
    for part, taken in _TAKEN.items():
        for one in getattr(records, part):
            await taken(taking, one)


async def _meeting(taking: Taking, one: kept.MeetingRecord) -> None:
    with about(f"the meeting of {in_words(one.held_on)}"):
        if unknown := sorted(set(one.words) - _TOPICS):
            raise ValueError(unknown)
        contract = await served.contract(taking.viewer, taking.contracts[one.contract], lock=True)
        to_do = tuple(ToDo(each.what, each.owner or ERASED, Side(each.side), each.due_on) for each in one.actions)
        minutes = Minutes(one.held_on, one.ours or ERASED, one.theirs or ERASED, one.words, one.next_on, to_do)
        _, actions = await meetings.hold_one(taking.record, taking.viewer, contract, minutes)
        for action, said in zip(actions, one.actions, strict=True):
            if said.done_on:
                await meetings.settle_one(taking.record, taking.viewer, action, said.done_on, said.note)
    taking.done("meetings")


async def _decision(taking: Taking, one: kept.DecisionRecord) -> None:
    with about(f"the decision of {in_words(one.decided_on)}"):
        row = await register.own(taking.viewer, taking.contracts[one.contract])
        new = Deciding(Choice(one.choice), one.decided_on, one.reason, one.minute)
        await decisions.decide_one(taking.record, taking.viewer, row, new, one.end_on, one.decide_by)
    taking.done("decisions")


async def _variation(taking: Taking, one: kept.VariationRecord) -> None:
    with about(f"the variation of {in_words(one.agreed_on)}"):
        row = await register.own(taking.viewer, taking.contracts[one.contract])
        what, record, viewer = one.what or ERASED, taking.record, taking.viewer
        agreed = NewVariation(one.agreed_on, what, one.agreed_by, one.supplier_agreed_by, one.annual_pence, one.new_end)
        await varying.keep_one(record, viewer, row, agreed, price_before=one.annual_before_pence, end_before=one.end_before)
    taking.done("variations")


async def _concern(taking: Taking, one: kept.ConcernRecord) -> None:
    with about(f"the concern of {in_words(one.raised_on)}"):
        contract = await served.contract(taking.viewer, taking.contracts[one.contract], lock=True)
        promise = taking.promises[one.promise_id] if one.promise_id else None
        raised = Raised(one.raised_on, one.what or ERASED, one.how or ERASED, one.answer_by, promise)
        concern = await concerns.raise_one(taking.record, taking.viewer, contract, raised, since=None)
        for each in one.steps:
            kind, outcome = Step(each.kind), Outcome(each.outcome) if each.outcome else None
            what = each.what or (ERASED if kind in (Step.PLANNED, Step.REASSESSED) else "")
            await concerns.step_one(taking.record, taking.viewer, concern, Next(kind, each.on_day, what, each.due_on, outcome))
    taking.done("concerns")


async def _credit(taking: Taking, one: kept.CreditRecord) -> None:
    first, *later = one.states
    with about(f"the service credit of {in_words(first.on_day)}"):
        if first.state != State.PROPOSED:
            raise ValueError(first.state)
        contract = await served.contract(taking.viewer, taking.contracts[one.contract], lock=True)
        promise = taking.promises[one.promise_id] if one.promise_id else None
        new = Proposed(first.pence, first.on_day, one.why or ERASED, promise)
        credit = await crediting.propose_one(taking.record, taking.viewer, contract, new, since=None)
        for each in later:
            state = State(each.state)
            await crediting.move_one(taking.record, taking.viewer, credit, state, on_day=each.on_day, pence=each.pence)
    taking.done("credits")


async def _rating(taking: Taking, one: kept.RatingRecord) -> None:
    with about(f"the performance rating of {in_words(one.first_day)} to {in_words(one.last_day)}"):
        contract = await served.contract(taking.viewer, taking.contracts[one.contract], lock=True)
        its = one.indicators
        await assessment.keep_signed(taking.record, taking.viewer, contract, its, one.first_day, one.last_day)
    taking.done("ratings")


async def _question(taking: Taking, one: kept.QuestionRecord) -> None:
    if one.contract is None:
        taking.left_out[OF_THE_TRUST] += 1
        return
    with about(f"the question of {in_words(one.asked_at)}"):
        contract = await served.contract(taking.viewer, taking.contracts[one.contract], lock=True)
        said = one.question or ERASED
        asked = await governors_questions.ask_one(taking.record, taking.viewer, contract, said, at=past(one.asked_at))
        if one.answered_on:
            answer = Answer(one.answer or ERASED, one.answered_on, one.minute)
            await governors_questions.answer_one(taking.record, taking.viewer, asked, answer)
    taking.done("questions")


async def _link(taking: Taking, one: kept.LinkRecord) -> None:
    with about("a link of two contracts"):
        these = taking.contracts[one.contract], taking.contracts[one.other]
        await linking.link_one(taking.record, taking.viewer, *these, one.kind)
    taking.done("links")


async def _notice(taking: Taking, one: kept.NoticeRecord) -> None:
    with about(f"the notice of {in_words(one.sent_on)}"):
        new = Sends(one.sent_on, one.how, one.to_end_on, one.sent_to, one.note)
        await ending.sent_one(taking.record, taking.viewer, taking.contracts[one.contract], new)
    taking.done("notices")


async def _deciding(taking: Taking, one: kept.DecidingRecord) -> None:
    if await timing.of_school(taking.viewer.school) != SchoolTiming():
        taking.left_out[DECIDES_ALREADY] += 1
        return
    with about("when the school decides"):
        await timing.choose_one(taking.record, taking.viewer, SchoolTiming(one.months, one.meetings))
    taking.done("deciding")


async def _buying_rules(taking: Taking, one: kept.BuyingRulesRecord) -> None:
    if await exceptions.has_scheme(taking.viewer.school):
        taking.left_out[RULES_ALREADY] += 1
        return
    with about("the rules of buying"):
        bands = tuple(Band(each.from_pence, each.quotes) for each in one.bands)
        scheme = Scheme(bands, one.approval_pence, one.supplier_pence)
        await exceptions.save_one(taking.record, taking.viewer, scheme, version=0)
    taking.done("buying_rules")


_TAKEN: Final[Mapping[str, Callable[[Taking, Any], Awaitable[None]]]] = {
    "meetings": _meeting,
    "decisions": _decision,
    "variations": _variation,
    "concerns": _concern,
    "credits": _credit,
    "ratings": _rating,
    "questions": _question,
    "links": _link,
    "notices": _notice,
    "deciding": _deciding,
    "buying_rules": _buying_rules,
}
