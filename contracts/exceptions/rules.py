"""The exceptions themselves: facts of a contract in, questions out. Pure, so that a table of cases says what each rule means.

What is not known is asked, never taken for a fault: a rule whose facts are missing says that they are.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final
from uuid import UUID

from base.words import in_words
from contracts.exceptions.scheme import Scheme
from contracts.fields.pounds import shown as pounds


class Rule(StrEnum):
    """Told to programs: never change a value."""

    NO_SIGNED_COPY = "no_signed_copy"
    FEW_QUOTES = "few_quotes"
    NO_APPROVAL = "no_approval"
    LATE_APPROVAL = "late_approval"
    INTEREST_NOT_ASKED = "interest_not_asked"
    RENEWED_UNDECIDED = "renewed_undecided"
    ENDED_IN_USE = "ended_in_use"
    OVER_APPROVAL = "over_approval"
    SUPPLIER_OVER_LIMIT = "supplier_over_limit"
    DOCUMENT_OUT_OF_DATE = "document_out_of_date"
    NO_DATA_AGREEMENT = "no_data_agreement"
    REVIEW_OVERDUE = "review_overdue"
    OFFICER_GONE = "officer_gone"


WORDS: Final[Mapping[Rule, str]] = {
    Rule.NO_SIGNED_COPY: "No signed copy",
    Rule.FEW_QUOTES: "Fewer quotes than our rules ask",
    Rule.NO_APPROVAL: "No approval",
    Rule.LATE_APPROVAL: "Approved after the start",
    Rule.INTEREST_NOT_ASKED: "Interests not asked",
    Rule.RENEWED_UNDECIDED: "Renewed without a decision",
    Rule.ENDED_IN_USE: "Ended and still used",
    Rule.OVER_APPROVAL: "Worth more than was approved",
    Rule.SUPPLIER_OVER_LIMIT: "One supplier over the limit",
    Rule.DOCUMENT_OUT_OF_DATE: "A document out of date",
    Rule.NO_DATA_AGREEMENT: "No data-protection agreement",
    Rule.REVIEW_OVERDUE: "Review overdue",
    Rule.OFFICER_GONE: "Nobody looks after it",
}
COMPETED: Final = frozenset(
    {None, "quotes"}
)  # a framework, tender or direct award asks no quotes of its own; other rules ask why


@dataclass(frozen=True, slots=True)
class Facts:
    """Of one contract, as the register, its documents and its events have it. None is not known.

    ``value_pence`` is in all; ``renewals`` happened by themselves, undecided; ``undecided`` extensions taken with nobody named.
    ``officer``: named; ``officer_left``: was a person here, and is no more. ``documents`` are (kind in words, last day).
    """

    contract: UUID
    title: str
    school: str
    supplier: str = ""  # the same for the same supplier
    supplier_name: str = ""
    starts_on: date | None = None
    ended_on: date | None = None
    last_used_on: date | None = None
    value_pence: int | None = None
    annual_pence: int | None = None
    route: str | None = None
    quotes: int | None = None
    approved_by: str | None = None
    approved_on: date | None = None
    approval_limit_pence: int | None = None
    conflicts: str | None = None
    renewals: int = 0
    undecided: int = 0
    has_signed_copy: bool = False
    documents: tuple[tuple[str, date], ...] = ()
    needs_data_agreement: bool = False
    has_data_agreement: bool = False
    review_due_on: date | None = None
    officer: str | None = None
    officer_left: bool = False

    def is_over(self, today: date) -> bool:
        return self.ended_on is not None and self.ended_on < today


@dataclass(frozen=True, slots=True)
class Finding:
    """A question about a contract. ``sentence`` says what was found, with the figures that it rests on."""

    rule: Rule
    contract: UUID
    title: str
    school: str
    supplier_name: str
    sentence: str

    @property
    def words(self) -> str:
        return WORDS[self.rule]


def found(contracts: Iterable[Facts], scheme: Scheme, today: date) -> tuple[Finding, ...]:
    """In the order of the rules, then by school and title."""
    listed = tuple(contracts)
    each = [
        Finding(rule, facts.contract, facts.title, facts.school, facts.supplier_name, sentence)
        for rule, check in _CHECKS.items()
        for facts in listed
        for sentence in check(facts, scheme, today)
    ]
    each += _over_limit(listed, scheme, today)
    order = list(Rule)
    return tuple(sorted(each, key=lambda one: (order.index(one.rule), one.school, one.title, one.sentence)))


def _no_signed_copy(facts: Facts, _scheme: Scheme, today: date) -> Iterator[str]:
    if not facts.has_signed_copy and not facts.is_over(today):
        yield "No signed copy is kept with it."


def _few_quotes(facts: Facts, scheme: Scheme, _today: date) -> Iterator[str]:
    if facts.route not in COMPETED or facts.value_pence is None:
        return
    asked = scheme.quotes_for(facts.value_pence)
    if facts.quotes is None and asked:
        yield f"For {pounds(facts.value_pence)} our rules ask for {asked} quotes; how many there were is not written down."
    elif facts.quotes is not None and facts.quotes < asked:
        yield f"For {pounds(facts.value_pence)} our rules ask for {asked} quotes; there were {facts.quotes}."


def _no_approval(facts: Facts, scheme: Scheme, _today: date) -> Iterator[str]:
    if facts.approved_by is not None or facts.approved_on is not None:
        return
    limit, value = scheme.approval_pence, facts.value_pence
    if limit is not None and value is not None and value < limit:
        return
    worth = f"It is worth {pounds(value)}, and" if value is not None else "What it is worth is not written down, and"
    yield f"{worth} nobody is named who approved it."


def _late_approval(facts: Facts, _scheme: Scheme, _today: date) -> Iterator[str]:
    if facts.approved_on and facts.starts_on and facts.approved_on > facts.starts_on:
        yield f"It began on {in_words(facts.starts_on)} and was approved on {in_words(facts.approved_on)}."


def _interest_not_asked(facts: Facts, _scheme: Scheme, _today: date) -> Iterator[str]:
    if not facts.conflicts:
        yield "Nothing is written down about interests, not even that there were none."


def _renewed_undecided(facts: Facts, _scheme: Scheme, _today: date) -> Iterator[str]:
    if facts.renewals:
        times = "once" if facts.renewals == 1 else f"{facts.renewals} times"
        yield f"It renewed by itself {times}; no decision is written down."
    if facts.undecided:
        were = "was" if facts.undecided == 1 else "were"
        yield f"{facts.undecided} of its extensions {were} taken with nobody named who decided."


def _ended_in_use(facts: Facts, _scheme: Scheme, today: date) -> Iterator[str]:
    if facts.ended_on and facts.is_over(today) and facts.last_used_on and facts.last_used_on > facts.ended_on:
        yield f"It ended on {in_words(facts.ended_on)}; something was logged under it on {in_words(facts.last_used_on)}."


def _over_approval(facts: Facts, _scheme: Scheme, _today: date) -> Iterator[str]:
    limit = facts.approval_limit_pence
    if limit is not None and facts.value_pence is not None and facts.value_pence > limit:
        yield f"It is worth {pounds(facts.value_pence)} and was approved under a limit of {pounds(limit)}."


def _out_of_date(facts: Facts, _scheme: Scheme, today: date) -> Iterator[str]:
    if not facts.is_over(today):
        for kind, last in facts.documents:
            if last < today:
                yield f"{kind}: out of date since {in_words(last)}."


def _no_data_agreement(facts: Facts, _scheme: Scheme, today: date) -> Iterator[str]:
    if facts.needs_data_agreement and not facts.has_data_agreement and not facts.is_over(today):
        yield "It needs a data-protection agreement, and none is kept with it."


def _review_overdue(facts: Facts, _scheme: Scheme, today: date) -> Iterator[str]:
    if facts.review_due_on and facts.review_due_on < today and not facts.is_over(today):
        yield f"It was to be reviewed by {in_words(facts.review_due_on)}."


def _officer_gone(facts: Facts, _scheme: Scheme, today: date) -> Iterator[str]:
    if facts.is_over(today):
        return
    if facts.officer_left:
        yield "Who looked after it has left the school."
    elif not facts.officer:
        yield "Nobody is named who looks after it."


_CHECKS: Final[Mapping[Rule, Callable[[Facts, Scheme, date], Iterator[str]]]] = {
    Rule.NO_SIGNED_COPY: _no_signed_copy,
    Rule.FEW_QUOTES: _few_quotes,
    Rule.NO_APPROVAL: _no_approval,
    Rule.LATE_APPROVAL: _late_approval,
    Rule.INTEREST_NOT_ASKED: _interest_not_asked,
    Rule.RENEWED_UNDECIDED: _renewed_undecided,
    Rule.ENDED_IN_USE: _ended_in_use,
    Rule.OVER_APPROVAL: _over_approval,
    Rule.DOCUMENT_OUT_OF_DATE: _out_of_date,
    Rule.NO_DATA_AGREEMENT: _no_data_agreement,
    Rule.REVIEW_OVERDUE: _review_overdue,
    Rule.OFFICER_GONE: _officer_gone,
}


def _over_limit(contracts: Iterable[Facts], scheme: Scheme, today: date) -> Iterator[Finding]:
    """Of contracts that go on, by supplier; each of them is named."""
    if scheme.supplier_pence is None:
        return
    by_supplier: dict[str, list[Facts]] = defaultdict(list)
    for one in contracts:
        if one.supplier and one.annual_pence is not None and not one.is_over(today):
            by_supplier[one.supplier].append(one)
    for its in by_supplier.values():
        total = sum(one.annual_pence or 0 for one in its)
        if total > scheme.supplier_pence:
            schools = len({one.school for one in its})
            sentence = (
                f"{its[0].supplier_name or 'This supplier'} is paid {pounds(total)} a year under {len(its)} "
                f"contract{'' if len(its) == 1 else 's'} of {schools} school{'' if schools == 1 else 's'}; the limit is "
                f"{pounds(scheme.supplier_pence)}."
            )
            for one in its:
                yield Finding(
                    Rule.SUPPLIER_OVER_LIMIT, one.contract, one.title, one.school, one.supplier_name, sentence
                )  # fmt: skip
