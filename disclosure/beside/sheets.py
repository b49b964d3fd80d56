"""What a school keeps beside its contracts, as tables: a contract is named by its title. Pure."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from base import clock
from base.spreadsheets.writing import Cell
from base.words import in_words
from contracts.fields import pounds
from contracts.fields.contract_fields import METHOD
from contracts.improvement.concerns import OUTCOME_WORDS, STEP_WORDS, Outcome, Step
from contracts.improvement.crediting import STATE_WORDS, State
from contracts.reminders.decisions import Choice
from contracts.review.topics import TOPICS
from disclosure.beside.records import ActionRecord, BandRecord, StepRecord
from disclosure.record_format import Records
from disclosure.record_parts import Table

Titles = Mapping[UUID, str]  # of contracts


def meetings(records: Records, titles: Titles) -> Table:
    columns = (
        "Contract",
        "Held on",
        "Next meeting",
        "For the school",
        "For the supplier",
        *(one.label for one in TOPICS),
        "Actions",
    )
    rows = [
        [titles[one.contract], one.held_on, one.next_on, one.ours, one.theirs,
         *(one.words.get(topic.name, "") for topic in TOPICS), "\n".join(map(_action, one.actions))]
        for one in records.meetings
    ]  # fmt: skip
    return Table(columns, rows)


def _action(one: ActionRecord) -> str:
    done = f" Done on {in_words(one.done_on)}." if one.done_on else ""
    return f"{one.what} ({one.owner}, by {in_words(one.due_on)}).{done}{' ' + one.note if one.note else ''}"


def decisions(records: Records, titles: Titles) -> Table:
    rows = [
        [titles[one.contract], one.decided_on, Choice(one.choice).words, one.end_on, one.decide_by, one.reason, one.minute]
        for one in records.decisions
    ]
    return Table(("Contract", "Decided on", "Decision", "About the end on", "Decide by", "Why", "Minute"), rows)


def variations(records: Records, titles: Titles) -> Table:
    columns = ("Contract", "Agreed on", "What was agreed", "Agreed by", "For the supplier", "Price a year before", "Price a year")
    rows = [
        [titles[one.contract], one.agreed_on, one.what, one.agreed_by, one.supplier_agreed_by,
         _pounds(one.annual_before_pence), _pounds(one.annual_pence), one.end_before, one.new_end]
        for one in records.variations
    ]  # fmt: skip
    return Table((*columns, "End before", "New end"), rows)


def concerns(records: Records, titles: Titles) -> Table:
    names = _promises(records)
    rows = [
        [titles[one.contract], names[one.promise_id] if one.promise_id else None, one.raised_on, one.answer_by, one.what,
         one.how, "\n".join(map(_step, one.steps))]
        for one in records.concerns
    ]  # fmt: skip
    return Table(("Contract", "Promise", "Told on", "Answer by", "What is wrong", "How they were told", "What came of it"), rows)


def _step(one: StepRecord) -> str:
    due = f", to be looked at again on {in_words(one.due_on)}" if one.due_on else ""
    found = f" ({OUTCOME_WORDS[Outcome(one.outcome)].lower()})" if one.outcome else ""
    return f"{in_words(one.on_day)}: {STEP_WORDS[Step(one.kind)]}{due}{found}.{' ' + one.what if one.what else ''}"


def credits_(records: Records, titles: Titles) -> Table:
    """A state in a row."""
    names = _promises(records)
    rows = [
        [titles[one.contract], names[one.promise_id] if one.promise_id else None, one.why, STATE_WORDS[State(each.state)],
         each.on_day, _pounds(each.pence)]
        for one in records.credits
        for each in one.states
    ]  # fmt: skip
    return Table(("Contract", "Promise", "What it is for", "State", "On", "Amount"), rows)


def ratings(records: Records, titles: Titles) -> Table:
    """An indicator in a row."""
    rows: list[list[Cell]] = [
        [titles[one.contract], one.first_day, one.last_day, *(each[name] for name in _RATED)]
        for one in records.ratings
        for each in one.indicators
    ]
    return Table(("Contract", "From", "Until", *_RATED.values()), rows)


_RATED: Final[Mapping[str, str]] = {
    "indicator": "Indicator", "rating": "Rating", "reason": "Why", "signed_by": "Signed by", "signed_on": "Signed on",
    "procurement_title": "Procurement", "procurement_identifier": "Its identifier", "contract_identifier": "The contract's",
    "supplier_name": "Supplier", "supplier_postal_address": "Address", "supplier_email": "E-mail address",
    "supplier_identifier": "Numbers",
}  # fmt: skip


def questions(records: Records, _titles: Titles) -> Table:
    rows = [
        [one.title, one.question, clock.day_of(one.asked_at), one.answer, one.answered_on, one.minute]
        for one in records.questions
    ]  # fmt: skip
    return Table(("Contract", "What was asked", "Asked on", "Answer", "Answered on", "Minute"), rows)


def links(records: Records, titles: Titles) -> Table:
    rows = [[titles[one.contract], _LINKED[one.kind], titles[one.other]] for one in records.links]
    return Table(("Contract", "How they belong together", "The other contract"), rows)


_LINKED: Final[Mapping[str, str]] = {"together": "Belongs together with", "call_off": "A call-off from"}


def notices(records: Records, titles: Titles) -> Table:
    rows = [[titles[one.contract], one.sent_on, METHOD[one.how], one.to_end_on, one.sent_to, one.note] for one in records.notices]
    return Table(("Contract", "Sent on", "How", "To end on", "Sent to", "Note"), rows)


def deciding(records: Records, _titles: Titles) -> Table:
    rows: list[list[Cell]] = [
        [", ".join(map(str, one.months)), "; ".join(map(in_words, one.meetings))] for one in records.deciding
    ]  # fmt: skip
    return Table(("Told so many months before, beside the usual", "Governors meet on"), rows)


def buying_rules(records: Records, _titles: Titles) -> Table:
    rows = [
        ["; ".join(map(_band, one.bands)), _pounds(one.approval_pence), _pounds(one.supplier_pence)]
        for one in records.buying_rules
    ]
    return Table(("Quotes", "Somebody approves from", "Most for one supplier in a year"), rows)


def _band(one: BandRecord) -> str:
    return f"{one.quotes} from {_pounds(one.from_pence)}"


def _promises(records: Records) -> dict[UUID, str]:
    return {one.id: one.name for one in records.promises}


def _pounds(pence: int | None) -> str:
    return "" if pence is None else pounds.shown(pence)
