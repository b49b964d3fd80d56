"""Who is paid and is no supplier: tax, pensions, petty cash, employees, people who got something back. Pure.

Nothing of it is left out without a person: they start unticked, with the reason. A person who trades is a supplier.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from suppliers.matching.names import normalise
from suppliers.record import taxonomy

SURE: Final = 0.9  # of a category that a single word says
MOST_WORDS: Final = 3  # of a person's name, behind the title
SHORT: Final = 4  # letters of a word that says no trade

_PAID_BACK: Final = r"(?:expenses?|mileage|reimbursements?|staff|employee|payroll|salary|wages|supply(?: teacher)?|cover)"
_PAYEES: Final = r"(?: (?:suppliers?|creditors?|payees?|vendors?|items?|account))?"
_REASONS: Final = tuple((re.compile("|".join(patterns), re.IGNORECASE), why) for why, *patterns in (
    (
        "it is tax",
        r"\bhm ?r ?c\b", r"\bh\.?m\.? ?revenue\b", r"\binland revenue\b", r"\bcustoms (?:and|&) excise\b", r"^paye\b",
        r"\bnational insurance\b", r"^vat (?:return|account|control|payment)", r"^(?:income|corporation) tax\b",
        r"\bapprenticeship levy\b", r"^cis (?:tax|deductions?)",
    ),
    (
        "it is a pension", r"\bpensions?(?: fund| scheme| trust| contributions?| agency| payments?|$)", r"\bsuperannuation\b",
        r"\blgps\b", r"\bteachers['\u2019]? pensions?\b", r"^nest(?: pension.*)?$",
    ),
    (
        "it is the bank's charge, or money between accounts", r"^bank (?:charges?|fees?|interest|transfers?)\b",
        r"^(?:bank |loan |credit |debit )?interest(?: (?:paid|received|charges?))?$", r"^transfers? (?:to|from|between)\b",
        r"^(?:overdraft|card|merchant|transaction) (?:charges?|fees?)$", r"^(?:opening|closing) balance\b",
    ),
    (
        "it is a grant", r"\b(?:esfa|dfe)\b.*\b(?:gag|grants?|funding|recoupment|allocations?)\b",
        r"^(?:pupil|sports?) premium\b", r"^(?:general annual|devolved formula(?: capital)?|capital|revenue) grants?\b",
    ),
    (
        "it is a trade union", r"^(?:the )?(?:neu|nasuwt|unison|gmb)(?: (?:union|subs(?:criptions?)?|dues))?$",
        r"\b(?:teachers?['\u2019]?|education|education staff|trade|headteachers?['\u2019]?) union\b",
    ),
    ("it is petty cash", r"\bpetty cash\b", r"\bimprest\b", r"\bcash float\b", r"^cash(?: account| advance)?$"),
    (
        "it stands for several, and is none of them", r"^suspense\b", r"^(?:control|clearing) account\b",
        r"^(?:bacs|vat|paye|creditors?|debtors?|(?:purchase|sales) ledger|cash|bank) control(?: account| a/c)?$",
        rf"^(?:sundr(?:y|ies)|misc(?:ellaneous)?|various|one[- ]off|general|dummy|test|unknown|other)\b{_PAYEES}$",
    ),
    (
        "it is an employee, or pay", r"^expenses$", r"\bunion (?:dues|subs)\b", rf"[-\u2013(,:]\s*{_PAID_BACK}\)?$",
        rf"\b(?:staff|employee|governor|teacher)s?['\u2019]? (?:{_PAID_BACK}|travel|salaries|loan)\b",
        r"^(?:net )?(?:pay(?:roll)?|wages|salar(?:y|ies))(?: (?:control|account|payments?|run|net pay))?$",
    ),
    (
        "it is somebody who got something back", r"^refunds?\b", r"[-\u2013(]\s*refund\)?$", r"\b(?:bursary|bursaries)\b",
        r"\b(?:parents?|pupils?|students?|trips?|dinner money|lunch|customer)['\u2019]? refunds?\b",
    ),
))  # fmt: skip
_TITLE: Final = re.compile(
    r"^(?:(?:mr|dr) (?:and|&) (?:mrs|ms|dr)|mr|mrs|ms|miss|mx|dr|prof(?:essor)?|rev(?:d|erend)?|cllr|sir|lady)\b\.?\s+(.+)$",
    re.IGNORECASE,
)
_INITIALS: Final = re.compile(
    r"^(?:[A-Z](?:\.\s?|\s)){1,3}[A-Z][A-Za-z'\u2019-]{2,}$|^[A-Z][A-Za-z'\u2019-]{2,},?\s(?:[A-Z](?:\.\s?|\s|$)){1,3}$"
)
_TRADES: Final = re.compile(
    r"\b(?:t/?a|trading as|and (?:sons?|co|partners|daughters?)|services?|associates|partnership|solutions|developments|motors"
    r"|council|[md]\.b\.c)\b|&",
    re.IGNORECASE,
)
_NAME: Final = r"[a-z'\u2019-]{2,}"
_TITLES: Final = r"(?:mr|mrs|ms|miss|mx|dr|prof|rev)"
_TITLE_BEHIND: Final = re.compile(  # "SMITH JOHN MR", "Smith, J (Mrs)", "Smith, Mrs J"
    rf"^(?P<name>{_NAME},?(?:\s[a-z'\u2019.-]+){{1,2}}),?\s\(?{_TITLES}\)?\.?$"
    rf"|^(?P<family>{_NAME})(?:,\s{_TITLES}|,?\s\({_TITLES}\))\.?\s[a-z'\u2019.-]+$",
    re.IGNORECASE,
)
_BRACKETS: Final = re.compile(r"\s*\(([^)]*)\)")
# What a column of kinds says, in a list that has more than suppliers in it.
_OTHERS: Final = frozenset({
    "employee", "employees", "staff", "staff member", "member of staff", "teacher", "governor", "governors", "trustee", "pupil",
    "pupils", "student", "students", "parent", "parents", "customer", "customers", "debtor", "debtors", "client", "tax authority",
})  # fmt: skip
PERSON: Final = "it looks like a person, not a business"
TRADER: Final = "a person who trades"


@dataclass(frozen=True, slots=True)
class Doubt:
    """``starts_out``: it is added only if somebody ticks it. ``why`` ends a sentence that begins with the row."""

    why: str
    starts_out: bool


def other_kind(cells: Sequence[str], kinds: Sequence[int]) -> str:
    """What the file itself calls a payee that is no supplier, in one of the columns ``kinds``; "" where it doesn't."""
    said = (cells[at] for at in kinds if at < len(cells))
    return next((f"the file calls it “{cell}”" for cell in said if cell.casefold() in _OTHERS), "")


def doubt(name: str, called: str = "") -> Doubt | None:
    """What makes it doubtful that a payee is a supplier, or worth a mark; ``called`` is what `other_kind` found."""
    if called:
        return Doubt(called, starts_out=True)
    for pattern, why in _REASONS:
        if pattern.search(name) and not normalise(name).legal:
            return Doubt(why, starts_out=True)
    return _of_a_person(name)


def _of_a_person(name: str) -> Doubt | None:
    if normalise(name).legal:
        return None
    behind = _TITLE_BEHIND.match(name)
    bare = (behind["name"] or behind["family"]) if behind else _BRACKETS.sub("", name).strip()
    titled = _TITLE.match(bare)
    rest = titled[1] if titled else bare
    is_named = bool(titled or behind)
    is_person = (is_named and len(rest.split()) <= MOST_WORDS) or _INITIALS.match(bare)
    if not (is_named or is_person):
        return None
    inside = "" if behind else " ".join(_BRACKETS.findall(name))  # "D. J. Pugh (Tree Surgeon)"
    if _TRADES.search(rest) or _says_a_trade(rest) or _says_a_trade(inside):
        return Doubt(TRADER, starts_out=False) if is_named or inside else None
    return Doubt(PERSON, starts_out=True) if is_person else None


def _says_a_trade(rest: str) -> bool:
    """Whether a word of it, or the last two, are a need that schools have: "Mr J Smith Plumbing"."""
    words = rest.split()
    asked = [word for word in words if len(word) > SHORT] + ([" ".join(words[-2:])] if len(words) > 1 else [])
    return any(found.score >= SURE for word in asked for found in taxonomy.find(word, 1))
