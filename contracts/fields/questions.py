"""What is not known of a contract and matters: each question with the fields that answer it. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from contracts.clock.contract import Renewal

SUPPLIER: Final = "supplier"  # answered with a supplier of our list, or a name


@dataclass(frozen=True, slots=True)
class Question:
    """``name`` is that of the field that matters most; ``fields`` are all that its page asks for."""

    name: str
    code: str
    sentence: str
    why: str
    fields: tuple[str, ...]
    is_about_dates: bool = False  # without an answer, a date can't be told or isn't sure


_DATES: Final = ("starts_on", "term", "ends_on")
START: Final = Question(
    "starts_on", "no_start", "What is its first day?", "Without it no date can be worked out.", _DATES, is_about_dates=True
)
END: Final = Question(
    "ends_on", "no_end", "How long does it run?",
    "Without its length or last day, nobody is told when to decide. "
    "If it goes on until somebody ends it, say so below.",
    ("term", "ends_on", "renewal"), is_about_dates=True,
)  # fmt: skip
RENEWS: Final = Question(
    "renewal", "renewal_unknown", "What happens at the end?",
    "Until somebody looks it up, Vouch plans as if it may renew by itself: the dates shown are the safe ones.",
    ("renewal", "roll", "most_rolls"), is_about_dates=True,
)  # fmt: skip
ROLL: Final = Question(
    "roll", "roll_unknown", "For how long does it renew?", "Without it, Vouch can't say what a missed notice costs.",
    ("roll", "most_rolls"), is_about_dates=True,
)  # fmt: skip
NOTICE: Final = Question(
    "notice", "no_notice", "How much notice ends it?",
    "Look under termination. Until it is known there is no date by which to say no, and Vouch makes none up.",
    ("notice", "receipt", "method", "deemed", "notice_clause"), is_about_dates=True,
)  # fmt: skip
WHO: Final = Question(SUPPLIER, "no_supplier", "Who is the supplier?", "So that the contract stands on their page.", (SUPPLIER,))
WHICH: Final = Question(
    SUPPLIER,
    "supplier_not_matched",
    "Which supplier of your list is it?",
    "So that the contract stands on their page.",
    (SUPPLIER,),
)
OFFICER: Final = Question(
    "officer", "no_officer", "Who looks after it?", "Somebody has to know the dates. A job title will do.", ("officer", "deputy")
)
VALUE: Final = Question(
    "annual_pence", "no_value", "What does it cost?", "An estimate will do; tick that it is one.",
    ("annual_pence", "total_pence", "is_approximate"),
)  # fmt: skip
APPROVED: Final = Question(
    "approved_on", "not_approved", "Who approved it, and when?", "Governors and auditors ask.",
    ("approved_by", "approved_on", "approval_limit_pence", "minute"),
)  # fmt: skip
SIGNED: Final = Question(
    "signed_on", "not_signed", "Who signed it, and when?", "A contract is kept six years after its end, a deed twelve.",
    ("signed_by", "signed_on", "is_deed"),
)  # fmt: skip
INTERESTS: Final = Question(
    "conflicts",
    "interests_not_asked",
    "Did anybody have an interest in the supplier?",
    "Write None if nobody had.",
    ("conflicts",),
)
ALL: Final = (START, END, RENEWS, ROLL, NOTICE, WHO, WHICH, OFFICER, VALUE, APPROVED, SIGNED, INTERESTS)


def of(
    values: Mapping[str, object], *, has_supplier: bool, is_draft: bool = False, has_ceased: bool = False
) -> tuple[Question, ...]:
    """The questions of a contract, those about its dates first; none once it ceased. ``values`` were checked."""
    return () if has_ceased else (*_about_dates(values), *_about_the_record(values, has_supplier=has_supplier, is_draft=is_draft))


def _about_dates(values: Mapping[str, object]) -> Iterator[Question]:
    renewal = values["renewal"]
    if values["starts_on"] is None:
        yield START
    if renewal != Renewal.OPEN and values["ends_on"] is None and values["term"] is None:
        yield END
    if renewal is None:
        yield RENEWS
    if renewal == Renewal.ROLLS and values["roll"] is None:
        yield ROLL
    if renewal in (None, Renewal.ROLLS, Renewal.OPEN) and not values["notice"]:
        yield NOTICE


def _about_the_record(values: Mapping[str, object], *, has_supplier: bool, is_draft: bool) -> Iterator[Question]:
    if not has_supplier:
        yield WHICH if values["supplier_name"] else WHO
    if values["officer"] is None:
        yield OFFICER
    if values["annual_pence"] is None and values["total_pence"] is None:
        yield VALUE
    if not is_draft:
        if values["approved_by"] is None and values["approved_on"] is None:
            yield APPROVED
        if values["signed_by"] is None and values["signed_on"] is None:
            yield SIGNED
        if values["conflicts"] is None:
            yield INTERESTS
