"""What stands where a supplier's name should, and is none: footers, accounts that are closed, values of another kind. Pure."""

import re
from typing import Final

from suppliers.matching.noise import CLOSED

_WHAT: Final = r"(?:suppliers?|creditors?|vendors?|payees?|records?|rows?|accounts?|lines?|items?|entries|invoices?|payments?)"
_REPORT: Final = r"(?:report|list(?:ing)?|data|file|extract|export|document)"
_MADE: Final = r"(?:generated|printed|produced|exported|extracted|created|downloaded|prepared|run)"
_DATE: Final = (
    r"(?:(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,? )?(?:\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}|\d{4}-\d{2}-\d{2}"
    r"|\d{1,2}(?:st|nd|rd|th)? [a-z]{3,9},? \d{4}|[a-z]{3,9} \d{1,2}, \d{4}))"
)
_HOUR: Final = r"(?:\d{1,2}:\d{2}(?::\d{2})?(?: ?[ap]m)?(?: (?:gmt|bst|utc))?)"
_MOMENT: Final = rf"(?:{_DATE}(?:,? (?:at )?{_HOUR})?|{_HOUR})"
_FIGURES: Final = r"[\s:=£$()-]*[\d.,]*[\s)]*"

_FOOTER: Final = re.compile(
    r"[\s*=_.-]*(?:"
    rf"(?:(?:grand|sub|report|overall|page|final|net|gross)[\s-]?)?totals?"
    rf"(?:\s(?:number of|no\.? of|of)?\s?(?:{_WHAT}|amount|value|spend|balance|net|gross|vat))?"
    rf"{_FIGURES}|totals?\s(?:for|of)\b.*|(?:number|count|no\.?) of {_WHAT}\b.*|(?:{_WHAT}|count|sum)\s*[:=]\s*[\d,.]+"
    rf"|[\d,]+ {_WHAT}(?: (?:found|listed|selected|printed|exported|in total))?\.?"
    rf"|end of (?:the )?{_REPORT}|{_REPORT} ends?|page \d+(?: ?(?:of|/) ?\d+)?|(?:continued|cont'?d)(?: (?:on|over|from).*)?"
    rf"|{_REPORT} {_MADE}\b.*|{_REPORT} (?:date|id|parameters|criteria|title|reference)\b.*"
    rf"|{_MADE}\b.{{0,60}}{_MOMENT}.*|{_MADE}(?: (?:by|on|at|from))?\s*:.*"
    rf"|(?:date|time) {_MADE}\b.*|run (?:date|time|by)\b.*|as (?:at|of) {_MOMENT}.*|{_MOMENT}"
    r"|(?:selection|filter|report|search|applied) (?:criteria|filters?|parameters)\b.*"
    r"|(?:filtered|sorted|ordered|selected) by\b.*"
    r"|\(?no (?:more )?(?:data|records|results|entries)(?: found)?\)?|(?:brought|carried) (?:forward|down)"
    r"|(?:strictly )?(?:private (?:and|&) )?confidential|copyright (?:©|\(c\)|\d{4}).*|©.*"
    r")[\s*=_.-]*",
    re.IGNORECASE,
)
_PERIOD: Final = re.compile(  # above the rows of a month: "September 2025", "Autumn term 2025", "Week ending 12/09/2025"
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?|(?:spring|summer|autumn)(?: term)?|q[1-4]|(?:quarter|term|period) \d{1,2})"
    r"[ -](?:19|20)\d{2}:?"
    r"|(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)-\d{2}"
    rf"|(?:week|month|period|quarter|year) (?:ending|ended|to) {_DATE}:?",
    re.IGNORECASE,
)
_RETIRED: Final = re.compile(
    r"\bdo not use\b|\bdon['\u2019]?t use\b|\bno longer (?:used|in use|trading|required)\b"
    rf"|^\W*(?:account |a/c |supplier )?{CLOSED}(?: account| a/c| supplier)?\s*[-:*)\]]"  # CLOSED - Moor Foods
    rf"|[-\u2013(\[*]\s*(?:account |a/c |supplier |now )?{CLOSED}(?: account| a/c| supplier| -.*)?\W*$"  # Moor Foods (OLD)
    r"|\b(?:closed|inactive|dormant|duplicate) (?:account|a/c|supplier)\W*$|\w\W+(?:inactive|duplicate)\W*$"
    r"|^[zx]{3,}[\s_.*-]",  # ZZZ Moor Foods
    re.IGNORECASE,
)
_WEB_ADDRESS: Final = re.compile(r"https?://\S+", re.IGNORECASE)
_MAIL_ADDRESS: Final = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_FORMULA: Final = re.compile(r"[=+@-]\s*[A-Za-z.]+\(.*")


def is_footer(cell: str) -> bool:
    """Whether a cell is a total, a page's number or what a report says of itself: "Total Suppliers: 1"."""
    return bool(_FOOTER.fullmatch(cell))


def is_period(name: str) -> bool:
    """Whether it is the month or term that the rows below it are of."""
    return bool(_PERIOD.fullmatch(name))


def is_retired(name: str) -> bool:
    """Whether the file itself says that the account is closed or not to be used."""
    return bool(_RETIRED.search(name))


def has_letters(name: str) -> bool:
    return any(character.isalpha() for character in name)


def other_kind(name: str) -> str:
    """What a text is that can't be a name, ending a sentence; "" where it can."""
    if _WEB_ADDRESS.fullmatch(name):
        return "the name is a web address"
    if _MAIL_ADDRESS.fullmatch(name):
        return "the name is an e-mail address"
    if _FORMULA.fullmatch(name):
        return "the name is a formula"
    is_number = not has_letters(name) and any(character.isdigit() for character in name)
    return "the name has no letters" if is_number else ""
