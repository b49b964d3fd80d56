"""Meetings about contracts, decisions, variations and formal concerns, as records. The earliest is first in each list."""

from datetime import date
from typing import Annotated
from uuid import UUID

import msgspec

from contracts.fields.contract_fields import MOST_PENCE
from contracts.improvement.concerns import MOST_STEPS
from contracts.review.meetings import MOST_ACTIONS
from disclosure.record_parts import Code

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
