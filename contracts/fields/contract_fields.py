"""The one list of what a contract of the register can say: each field with its label, kind, place and who may be shown it.

Sources: the columns of the schools financial value standard's contract register, a county's register for its schools, and what
buyers' registers in public bodies hold. Pure.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from contracts.clock.contract import Renewal

LONGEST_LINE: Final = 200  # characters
LONGEST_PROSE: Final = 10_000
MOST_PENCE: Final = 10**11  # a thousand million pounds
MOST_COUNT: Final = 1_000


class Kind(StrEnum):
    LINE = "line"
    PROSE = "prose"
    PENCE = "pence"
    COUNT = "count"
    DAY = "day"
    YES_NO = "yes_no"
    CHOICE = "choice"
    PERIOD = "period"  # {"n": 3, "unit": "months"}
    NOTICE = "notice"  # a notice of docs/reference/sla-rules.md, D: one, or a list of which the earliest counts
    BREAK = "break"  # a break clause, as there


class Part(StrEnum):
    """Where on the form and the page."""

    IDENTITY = "What it is"
    PEOPLE = "Who looks after it"
    DATES = "Start and end"
    NOTICE = "Notice and renewal"
    BREAK = "Leaving early"
    MONEY = "Money"
    ROUTE = "How it was chosen"
    SIGNING = "Approved and signed"
    LEASE = "Lease"
    SERVICE = "Service"
    END = "When it ends"


class Opened(StrEnum):
    """By which group of a share; what is not in one of them is never shared."""

    TERMS = "terms"
    DATES = "dates"
    NEVER = "never"


NONE: Final[Mapping[str, str]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class ContractField:
    """``is_words``: free text or a name, which the trail commits apart from the facts so that it can be erased."""

    name: str  # of the column, and in the API
    label: str
    kind: Kind
    part: Part
    opened: Opened = Opened.NEVER
    hint: str = ""
    choices: Mapping[str, str] = field(default_factory=lambda: NONE)

    @property
    def is_words(self) -> bool:
        return self.kind in (Kind.LINE, Kind.PROSE)

    @property
    def longest(self) -> int:
        """Characters, of words."""
        return LONGEST_PROSE if self.kind is Kind.PROSE else LONGEST_LINE


RENEWAL: Final = {
    Renewal.EXPIRES.value: "Ends by itself",
    Renewal.ROLLS.value: "Renews by itself unless we say no",
    Renewal.EXPRESS.value: "Goes on only if we ask",
    Renewal.OPEN.value: "Goes on until somebody ends it",
}
RECEIPT: Final = {"working_day": "Any day counts, so we plan for the working day before", "business_days": "Business days only"}
METHOD: Final = {
    "email": "By e-mail", "hand": "By hand", "portal": "In the supplier's portal", "post": "By post",
    "recorded": "By recorded delivery",
}  # fmt: skip
NATIONS: Final = {"ENG": "England", "WLS": "Wales", "SCT": "Scotland", "NIR": "Northern Ireland"}
ROUTE: Final = {
    "quotes": "Quotes", "framework": "Framework", "tender": "Tender", "direct_award": "Direct award", "other": "Another way",
}  # fmt: skip
LAW: Final = {
    "below": "Below the threshold", "act_2023": "Procurement Act 2023", "regulations_2015": "Public Contracts Regulations 2015",
}  # fmt: skip
FORM: Final = {
    "contract": "A contract", "framework": "A framework", "call_off": "A call-off from a framework",
    "concession": "A concession", "light_touch": "A light-touch contract",
}  # fmt: skip
REVIEWED: Final = {
    "monthly": "Every month", "half_termly": "Every half-term", "termly": "Every term", "yearly": "Every year",
}  # fmt: skip

_T, _D = Opened.TERMS, Opened.DATES
_F = ContractField

FIELDS: Final[tuple[ContractField, ...]] = (
    _F("title", "What it is for", Kind.LINE, Part.IDENTITY, _T, "For example, Photocopiers"),
    _F("description", "Description", Kind.PROSE, Part.IDENTITY),
    _F("category", "Category", Kind.CHOICE, Part.IDENTITY, _T),  # of suppliers/record/taxonomy.py
    _F("supplier_name", "Supplier's name on the contract", Kind.LINE, Part.IDENTITY, _T),
    _F("form", "Kind of contract", Kind.CHOICE, Part.IDENTITY, _T, choices=FORM),
    _F("reference", "Contract reference", Kind.LINE, Part.IDENTITY),
    _F("ledger_reference", "Order or ledger reference", Kind.LINE, Part.IDENTITY),
    _F("site", "Sites covered", Kind.LINE, Part.IDENTITY),
    _F("is_joint", "Negotiated as a group of schools", Kind.YES_NO, Part.IDENTITY, _T),
    _F("notes", "Notes", Kind.PROSE, Part.IDENTITY),
    _F("officer", "Responsible officer", Kind.LINE, Part.PEOPLE, hint="A name or a job title"),
    _F("deputy", "Deputy", Kind.LINE, Part.PEOPLE),
    _F("budget_holder", "Budget holder", Kind.LINE, Part.PEOPLE),
    _F("account_manager", "The supplier's account manager", Kind.LINE, Part.PEOPLE),
    _F("account_manager_contact", "How to reach them", Kind.LINE, Part.PEOPLE),
    _F("starts_on", "First day", Kind.DAY, Part.DATES, _D),
    _F("term", "Length", Kind.PERIOD, Part.DATES, _D, "This, or the last day"),
    _F("ends_on", "Last day", Kind.DAY, Part.DATES, _D, "Of the first term, before any extension"),
    _F("renewal", "At the end it", Kind.CHOICE, Part.NOTICE, _D, choices=RENEWAL),
    _F("roll", "It renews for", Kind.PERIOD, Part.NOTICE, _D),
    _F("most_rolls", "How often it may renew", Kind.COUNT, Part.NOTICE, _D),
    _F("notice", "Notice to end it", Kind.NOTICE, Part.NOTICE, _D),
    _F("receipt", "Days on which notice counts as received", Kind.CHOICE, Part.NOTICE, _D, choices=RECEIPT),
    _F("method", "How notice is sent", Kind.CHOICE, Part.NOTICE, _D, choices=METHOD),
    _F("deemed", "A letter counts as received after", Kind.PERIOD, Part.NOTICE, _D, "As the contract says; days or working days"),
    _F("lead", "Time we need to decide", Kind.PERIOD, Part.NOTICE, _D, "For quotes, governors and a handover"),
    _F("nation", "Whose bank holidays", Kind.CHOICE, Part.NOTICE, _D, choices=NATIONS),
    _F("notice_clause", "Clause", Kind.LINE, Part.NOTICE),
    _F("notice_address", "Address for notices", Kind.LINE, Part.NOTICE),
    _F("notice_form", "Form of the notice", Kind.LINE, Part.NOTICE, hint="For example, in writing and signed"),
    _F("notice_signed_by", "Who must sign a notice", Kind.LINE, Part.NOTICE),
    _F("break_clause", "Break clause", Kind.BREAK, Part.BREAK, _D),
    _F("exit_penalty", "What else leaving early costs", Kind.LINE, Part.BREAK, hint="In the contract's words"),
    _F("annual_pence", "Value a year", Kind.PENCE, Part.MONEY),
    _F("total_pence", "Value in all", Kind.PENCE, Part.MONEY, hint="Over the whole length, extensions included"),
    _F("is_approximate", "These are estimates", Kind.YES_NO, Part.MONEY),
    _F("price_schedule", "Price schedule", Kind.LINE, Part.MONEY, hint="Where it is kept"),
    _F("uplift", "How the price rises", Kind.LINE, Part.MONEY),
    _F("is_price_confidential", "The price is confidential", Kind.YES_NO, Part.MONEY),
    _F("route", "Route to purchase", Kind.CHOICE, Part.ROUTE, _T, choices=ROUTE),
    _F("framework_name", "Framework", Kind.LINE, Part.ROUTE, _T),
    _F("quotes", "Number of quotes", Kind.COUNT, Part.ROUTE),
    _F("award_reason", "Why this supplier", Kind.PROSE, Part.ROUTE),
    _F("conflicts", "Interests declared", Kind.PROSE, Part.ROUTE, hint="Who, what, and who stood back; write None if none"),
    _F("law", "Bought under", Kind.CHOICE, Part.ROUTE, choices=LAW),
    _F("has_kpis", "Key performance indicators were set", Kind.YES_NO, Part.ROUTE),
    _F("approved_by", "Approved by", Kind.LINE, Part.SIGNING),
    _F("approved_on", "Approved on", Kind.DAY, Part.SIGNING),
    _F("approval_limit_pence", "Under the limit of", Kind.PENCE, Part.SIGNING, hint="Of the scheme of delegation"),
    _F("minute", "Minute reference", Kind.LINE, Part.SIGNING),
    _F("signed_by", "Signed by", Kind.LINE, Part.SIGNING),
    _F("signed_on", "Signed on", Kind.DAY, Part.SIGNING),
    _F("is_deed", "Signed as a deed", Kind.YES_NO, Part.SIGNING),
    _F("has_lease", "It contains a lease", Kind.YES_NO, Part.LEASE),
    _F("leased_asset", "What is leased", Kind.LINE, Part.LEASE),
    _F("lessor", "Lessor", Kind.LINE, Part.LEASE),
    _F("lease_payments", "Lease payments", Kind.LINE, Part.LEASE),
    _F("lease_consent", "Consent to the lease", Kind.LINE, Part.LEASE, hint="Whose, and when"),
    _F("service_hours", "Service hours", Kind.LINE, Part.SERVICE),
    _F("credit_rule", "Service credits", Kind.LINE, Part.SERVICE, hint="What the supplier pays back, and when"),
    _F("reviewed", "Reviewed with the supplier", Kind.CHOICE, Part.SERVICE, choices=REVIEWED),
    _F("review_due_on", "Next review", Kind.DAY, Part.SERVICE),
    _F("needs_data_agreement", "Needs a data-protection agreement", Kind.YES_NO, Part.SERVICE),
    _F("is_confidential", "What it says is confidential", Kind.YES_NO, Part.SERVICE),
    _F("exit_plan", "Exit plan", Kind.PROSE, Part.END),
    _F("handover", "Handover", Kind.PROSE, Part.END),
    _F("data_return", "Return of data", Kind.PROSE, Part.END),
    _F("lessons", "Lessons", Kind.PROSE, Part.END),
)
BY_NAME: Final[Mapping[str, ContractField]] = {one.name: one for one in FIELDS}
