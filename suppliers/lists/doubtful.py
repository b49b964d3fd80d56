"""Who is paid and is no supplier: tax, pensions, petty cash, employees, people who got something back. Pure.

Nothing of it is left out without a person: they start unticked, with the reason. A person who trades is a supplier.
"""

import re
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
    ("it is petty cash", r"\bpetty cash\b", r"\bimprest\b", r"\bcash float\b", r"^cash(?: account| advance)?$"),
    (
        "it stands for several, and is none of them", r"^suspense\b", r"^(?:control|clearing) account\b",
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
_BRACKETS: Final = re.compile(r"\s*\([^)]*\)")
PERSON: Final = "it looks like a person, not a business"
TRADER: Final = "a person who trades"


@dataclass(frozen=True, slots=True)
class Doubt:
    """``starts_out``: it is added only if somebody ticks it. ``why`` ends a sentence that begins with the row."""

    why: str
    starts_out: bool


def doubt(name: str) -> Doubt | None:
    """What makes it doubtful that a payee is a supplier, or worth a mark."""
    for pattern, why in _REASONS:
        if pattern.search(name) and not normalise(name).legal:
            return Doubt(why, starts_out=True)
    return _of_a_person(name)


def _of_a_person(name: str) -> Doubt | None:
    if normalise(name).legal:
        return None
    bare = _BRACKETS.sub("", name).strip()
    titled = _TITLE.match(bare)
    rest = titled[1] if titled else bare
    if titled and (_TRADES.search(rest) or _says_a_trade(rest)):
        return Doubt(TRADER, starts_out=False)
    if titled and len(rest.split()) <= MOST_WORDS:
        return Doubt(PERSON, starts_out=True)
    if _INITIALS.match(bare) and not _TRADES.search(bare) and not _says_a_trade(bare):
        return Doubt(PERSON, starts_out=True)
    return None


def _says_a_trade(rest: str) -> bool:
    """Whether a word of it, or the last two, are a need that schools have: "Mr J Smith Plumbing"."""
    words = rest.split()
    asked = [word for word in words if len(word) > SHORT] + ([" ".join(words[-2:])] if len(words) > 1 else [])
    return any(found.score >= SURE for word in asked for found in taxonomy.find(word, 1))
