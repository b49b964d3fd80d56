"""What a contract says over JSON: one field for each of contracts/fields/contract_fields.py, which a test compares."""

from datetime import date
from typing import Annotated, Literal

import msgspec

from contracts.fields.contract_fields import LONGEST_LINE, LONGEST_PROSE, MOST_COUNT, MOST_PENCE
from contracts.fields.typed import MOST_BREAK_DAYS

Line = Annotated[str, msgspec.Meta(max_length=LONGEST_LINE)]
Prose = Annotated[str, msgspec.Meta(max_length=LONGEST_PROSE)]
Choice = Annotated[str, msgspec.Meta(max_length=60)]
Pence = Annotated[int, msgspec.Meta(ge=0, le=MOST_PENCE)]
Count = Annotated[int, msgspec.Meta(ge=0, le=MOST_COUNT)]
Number = Annotated[int, msgspec.Meta(ge=0, le=10_000)]
Unit = Literal["days", "weeks", "months", "years", "working_days", "terms", "half_terms"]
DayOfYear = Annotated[str, msgspec.Meta(pattern="^[0-9]{2}-[0-9]{2}$")]


class PeriodJson(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    n: Number
    unit: Unit


class NoticeJson(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A length, or `by` a fixed day each year, such as 12-31. `clear`: the last day itself does not count."""

    n: Number | None = None
    unit: Unit | None = None
    by: DayOfYear | None = None
    clear: bool = False


class BreakJson(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """`on`: only these days; without any, every day from `from` on. `from` is where the contract starts, if left out."""

    opens: date | None = msgspec.field(name="from", default=None)
    on: Annotated[list[date], msgspec.Meta(max_length=MOST_BREAK_DAYS)] = []
    notice: NoticeJson
    cost_pence: Pence | None = None


class ExtensionJson(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An option to extend: by a length, or to a day; one of the two."""

    length: PeriodJson | None = None
    to_day: date | None = None
    is_taken: bool = False
    decided_on: date | None = None
    decided_by: Line = ""
    minute: Line = ""


class SaidJson(msgspec.Struct, kw_only=True):
    """Null is what is not known. Of several notices the earliest day counts."""

    title: Line
    description: Prose | None = None
    category: Choice | None = None
    supplier_name: Line | None = None
    form: Choice | None = None
    reference: Line | None = None
    ledger_reference: Line | None = None
    site: Line | None = None
    is_joint: bool | None = None
    notes: Prose | None = None
    officer: Line | None = None
    deputy: Line | None = None
    budget_holder: Line | None = None
    account_manager: Line | None = None
    account_manager_contact: Line | None = None
    starts_on: date | None = None
    term: PeriodJson | None = None
    ends_on: date | None = None
    renewal: Choice | None = None
    roll: PeriodJson | None = None
    most_rolls: Count | None = None
    notice: list[NoticeJson] | None = None
    receipt: Choice | None = None
    method: Choice | None = None
    deemed: PeriodJson | None = None
    lead: PeriodJson | None = None
    nation: Choice | None = None
    notice_clause: Line | None = None
    notice_address: Line | None = None
    notice_form: Line | None = None
    notice_signed_by: Line | None = None
    break_clause: BreakJson | None = None
    exit_penalty: Line | None = None
    annual_pence: Pence | None = None
    total_pence: Pence | None = None
    is_approximate: bool | None = None
    price_schedule: Line | None = None
    uplift: Line | None = None
    is_price_confidential: bool | None = None
    route: Choice | None = None
    framework_name: Line | None = None
    quotes: Count | None = None
    award_reason: Prose | None = None
    conflicts: Prose | None = None
    law: Choice | None = None
    has_kpis: bool | None = None
    approved_by: Line | None = None
    approved_on: date | None = None
    approval_limit_pence: Pence | None = None
    minute: Line | None = None
    signed_by: Line | None = None
    signed_on: date | None = None
    is_deed: bool | None = None
    has_lease: bool | None = None
    leased_asset: Line | None = None
    lessor: Line | None = None
    lease_payments: Line | None = None
    lease_consent: Line | None = None
    service_hours: Line | None = None
    credit_rule: Line | None = None
    reviewed: Choice | None = None
    review_due_on: date | None = None
    needs_data_agreement: bool | None = None
    is_confidential: bool | None = None
    exit_plan: Prose | None = None
    handover: Prose | None = None
    data_return: Prose | None = None
    lessons: Prose | None = None
