"""What a school keeps beside its contracts, as records. The earliest is first in each list."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

import msgspec

from contracts.fields.contract_fields import MOST_PENCE
from contracts.improvement.assessment import MOST
from contracts.improvement.concerns import MOST_STEPS
from contracts.reminders.timing import MOST_MEETINGS
from contracts.review.meetings import MOST_ACTIONS
from disclosure.record_parts import Code, Line

Pence = Annotated[int, msgspec.Meta(ge=0, le=MOST_PENCE)]


class ActionRecord(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`side` of whoever does it is school or supplier; `note` says how it was done."""

    what: str
    owner: str
    side: Code
    due_on: date
    done_on: date | None
    note: str


class MeetingRecord(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """As it was corrected last. `words` by topic, those that say something."""

    contract: UUID
    held_on: date
    next_on: date | None
    ours: str
    theirs: str
    words: Annotated[dict[Code, str], msgspec.Meta(max_length=50)]
    actions: Annotated[tuple[ActionRecord, ...], msgspec.Meta(max_length=MOST_ACTIONS)]


class DecisionRecord(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`end_on` is the end that it is about, `decide_by` the day by which it was wanted, as both stood then."""

    contract: UUID
    choice: Code
    end_on: date | None
    decide_by: date | None
    decided_on: date
    reason: str
    minute: str


class VariationRecord(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`annual_pence` and `new_end` null: they stayed as they were."""

    contract: UUID
    agreed_on: date
    what: str
    agreed_by: str
    supplier_agreed_by: str
    annual_before_pence: Pence | None
    annual_pence: Pence | None
    end_before: date | None
    new_end: date | None


class StepRecord(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What came of a concern: `kind` is answered, planned, reassessed or withdrawn; in the order of writing it down."""

    kind: Code
    on_day: date
    due_on: date | None
    outcome: Code | None
    what: str


class ConcernRecord(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    contract: UUID
    promise_id: UUID | None
    raised_on: date
    answer_by: date | None
    what: str
    how: str
    steps: Annotated[tuple[StepRecord, ...], msgspec.Meta(max_length=MOST_STEPS)]


class CreditStateRecord(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    state: Code
    on_day: date
    pence: Pence


class CreditRecord(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A service credit: proposed, then agreed, received or dropped, each state in `states` in that order."""

    contract: UUID
    promise_id: UUID | None
    why: str
    states: Annotated[tuple[CreditStateRecord, ...], msgspec.Meta(min_length=1, max_length=4)]


class RatingRecord(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A performance rating as it was signed: in `indicators` one for each, with every field that regulation 39(4) asks for."""

    contract: UUID
    first_day: date
    last_day: date
    indicators: Annotated[tuple[dict[Code, str], ...], msgspec.Meta(max_length=MOST)]


class QuestionRecord(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a governor asked. `contract` null: one of the trust, called `title`. `answer` "": nobody has answered it."""

    contract: UUID | None
    title: Line
    question: str
    asked_at: datetime
    answer: str
    minute: str
    answered_on: date | None


class LinkRecord(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`kind` together: both should end together; call_off: `contract` was bought under the framework `other`."""

    contract: UUID
    other: UUID
    kind: Code


class NoticeRecord(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A notice that was sent; `how` as the API names it, `to_end_on` the day that it names."""

    contract: UUID
    sent_on: date
    how: Code
    to_end_on: date | None
    sent_to: str
    note: str


class DecidingRecord(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When the school decides: how many `months` before it hears of an end beside the usual, and when its governors meet."""

    months: Annotated[tuple[int, ...], msgspec.Meta(max_length=12)]
    meetings: Annotated[tuple[date, ...], msgspec.Meta(max_length=MOST_MEETINGS)]


class BandRecord(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """From this value on, so many quotes."""

    from_pence: Pence
    quotes: int


class BuyingRulesRecord(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The rules of buying as they are now: null is no such rule."""

    bands: Annotated[tuple[BandRecord, ...], msgspec.Meta(max_length=20)]
    approval_pence: Pence | None
    supplier_pence: Pence | None
