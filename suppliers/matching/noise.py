"""What ledgers and exports put into a supplier's name that is no part of it: each rule with its example. Pure.

Texts are folded (lower-case ASCII) except for `mended`, which comes before folding.
"""

import re
from collections.abc import Iterator
from typing import Final

WIDTHS: Final = frozenset({22, 25, 30, 35, 40})  # letters of the columns in which finance systems and card payments cut names off

_ESCAPED: Final = re.compile(r"\\x(?:60|91|92|b4)", re.IGNORECASE)

_HALF_LOST: Final = re.compile(r"(?<=\w)Ã(?!\w)")  # "CAFÃ LTD": of an accented letter at the end one byte of two is left

_WEB: Final = re.compile(
    r"\b(?:https?://)?(?:www\.)?([a-z0-9][a-z0-9-]+)"
    r"\.(?:co\.uk|org\.uk|ac\.uk|gov\.uk|sch\.uk|com|net|org|uk|biz|info|eu|tv|io|shop|store|online|london)\b(?:/\S*)?"
)
_WEB_CUT: Final = re.compile(  # where a ledger's column ended: one web address in three
    r"\b(?:https?://)?w{2,4}\.([a-z0-9][a-z0-9-]+)(?:\.[a-z.]{0,5})?$|\b([a-z0-9][a-z0-9-]{2,})\.co?(?:\.u?)?$"
)

_ONLY: Final = re.compile(r"(?<=\w)\s*\([^()]* only\)?$|(?<=\w)\s+- ?[^-]* only$")  # "Moor Uniforms (schools only)"
_SPACED_WEB: Final = re.compile(r"^(?:www )?([a-z0-9-]{3,}) co uk(?= ltd$| limited$|$)")  # "Moorfoods Co Uk"

_STATE: Final = r"(?:do not use|in (?:\w+ )?liquidation|in admin(?:istration)?|dormant)"
_STATES: Final = ("do not use", "liquidation", "in admin", "dormant")  # one of them is in every text that has a state
_OF_STATE: Final = (
    re.compile(rf"^{_STATE}\W+(?=\w)"),  # "In Administration - Elder Homes"
    re.compile(rf"(?<=\w)[\s(/*-]*\b{_STATE}\b.*$"),  # "Moor Foods (DO NOT USE)"
)
# What says that an account is no longer used, where a sign or "account" beside it shows that it is no word of the name.
CLOSED: Final = (
    r"(?:closed|inactive|dormant|obsolete|archived|deleted|superseded|suspended|ceased(?: trading)?|duplicated?|dup|old"
    r"|not (?:in )?used?)"
)
_CLOSED_BEGIN: Final = (
    "close",
    "inactiv",
    "dormant",
    "obsol",
    "archiv",
    "delet",
    "supers",
    "suspend",
    "ceas",
    "dup",
    "old",
    "not ",
)
_OF_CLOSED: Final = (
    re.compile(
        rf"^\W*(?:account |a/c |supplier )?{CLOSED}(?: account| a/c| supplier)?\s*[-:*)\]]+\s*(?=\w)"
    ),  # "CLOSED - Moor Foods"
    re.compile(rf"(?<=\w)\W*(?:[(\[*]|\s-)\s*(?:account |a/c |supplier |now )?{CLOSED}(?: account| a/c| supplier| -.*)?\W*$"),
    re.compile(r"(?<=\w)\W+(?:(?:closed|inactive|dormant|duplicate) (?:account|a/c|supplier)|inactive|duplicate)\W*$"),
)
_WAYS_TO_PAY: Final = ("bacs", "chaps")
_OF_PAYMENT: Final = (
    re.compile(r"(?<=\w)[\s(/*-]*\b(?:bacs|chaps)(?: (?:only|payments?|receipts?))?[\s)*]*$"),  # "Moor Foods BACS"
)
_FIGURE: Final = re.compile(r"\d")
_OF_FIGURES: Final = (
    re.compile(r"(?<=\w)[\s(/*-]*\buse ?(?:site)? ?[a-z]{0,2}\d[a-z0-9]*[\s)]*$"),  # "Moor University use L1056": another's code
    re.compile(r"(?<=\w)[\s(/*-]*\b(?:a/c|acc|account|ref)(?: no)?[.:]?\s*\w*\d\w*[\s)]*$"),  # "Moor Foods a/c 4711"
    re.compile(r"(?<=[\w.])\s*\(\s*[a-z]{0,2}\d{3,}\s*\)\s*$"),  # "Moor Foods (4024)"
    re.compile(r"(?<=[a-z])\s?\d{5,}$"),  # "Moor Foods44021300"
    re.compile(r"(?<=[a-z]{4})0\d{2,}$"),  # "Moor Council002"
    re.compile(r"^[a-z]{1,3}\d{2,}\s+(?=\S+ \S)"),  # "HA92368 Moor Hospital"
    re.compile(r"^(?:\d{4,}|0\d{2,}|r[a-z0-9]\d)(?=[a-z]{4})"),  # "000038Moor Partnership", "RX7Moor Ambulance"
)

# What a council is paid, and who in a body is paid: it is the body that stands in front.
_COUNCILS: Final = ("council", "borough", "city of", "lb of")
_OWED: Final = ("rate", "council tax", "unitary")
_OF_COUNCILS: Final = (  # "Moor Borough Council Business Rates", "Moor Council Rates and Council Tax", "Moor Council Unitary"
    re.compile(r"(?<=\w)[\s(/*-]*\b(?:(?:b|bui?si?ness|national non[- ]domestic) ?)?rates?(?: (?:and|&) council tax)?[\s)]*$"),
    re.compile(r"(?<=council)[\s(/*-]+(?:council tax|unitary)[\s)]*$"),
    re.compile(r"(?<=council)[\s(/*-]+(?:\w+ )?(?:rates\w*|tax(?:rates)?)(?: only)?[\s)]*$"),
)
_PUBLIC: Final = ("council", "hosp", "nhs", "university")
_COURSES: Final = ("course", "courses", "fin", "finance", "income", "incomes", "payroll", "tuition", "tuitions")
_OF_PUBLIC: Final = (re.compile(rf"(?<=\w\w\w\w)[\s(/*-]+(?:{'|'.join(_COURSES)})$"),)  # "Moor NHS Trust Finance"
_OFFICES: Final = ("dep", "team", "section", "division", "office")
_OF_OFFICES: Final = (  # "University of Moor Finance Dept"
    re.compile(
        r"(?<=[a-z]{4})[\s(/,*-]+(?:finance|accounts?(?: payable| receivable)?|payroll|payments?)"
        r" (?:dept?|department|division|office|section|team)[.\s)]*$"
    ),
)

# Whoever takes a card payment for a supplier writes itself and a star in front of the name. Those of the first line are in
# ledgers of councils, those of the second in bank statements. No brands, where what was bought stands behind ("Google *ads").
_CARD_PAYMENT: Final = re.compile(  # "Iz *moor Foods", "Ppoint_*moor Foods"; not PayPal's own "Pp*4711code"
    r"^(?:2checkout|2co\.com|3c|act|allpay|amz|bls|crv|dri|fh|iz|klarna|mol|mollie|ncx|nochex|nya|pcs|pp|ppoint|skr|tst|wpy|ztl"
    r"|i?zettle|paypal|sp|sq|stripe|sum ?up)[ ._]*\*[ *]*(?!\d{4}code$)(?=[^a-z]*[a-z])"
)

# Ledgers of health bodies glue the codes of organisations to their names: O1G, 0DF, USE251019, 15E.
_HEALTH_WORDS: Final = ("nhs", "clinical", "care trust", "pct", "hospital")
_HEALTH: Final = re.compile(r"\bnhs|\bclinical commissioning\b|\bprimary care trust\b|\bpct\b|\bhospitals?\b")
_HEALTH_CODE: Final = re.compile(r"\b(?=[a-z0-9]*[a-z])(?:(?=[a-z0-9]*\d)[a-z0-9]{3,4}|[a-z]+\d{2,}|\d{3,}[a-z]+)\b")


def mended(text: str) -> str:
    r"""UTF-8 that was read as cp1252, and an apostrophe written out, as they were meant: "PRÃ‰" is "PRÉ", "\xB4S" is "'S"."""
    if "\\" in text:
        text = _ESCAPED.sub("'", text)
    if "Ã" in text or "â€" in text:
        try:
            return text.encode("cp1252").decode("utf-8")
        except UnicodeError:
            return _HALF_LOST.sub("É", text)
    return text


def without_noise(text: str) -> str:
    """The name alone, never empty unless it was; of a web address the name in it: "moor-foods.co.uk" is "moor-foods"."""
    for noise in _likely_in(text):
        text = noise.sub("", text)
    if " co uk" in text:
        text = _SPACED_WEB.sub(r"\1", text)
    if "." in text:
        text = _WEB_CUT.sub(r"\1\2", _WEB.sub(r"\1", text))
    if any(word in text for word in _HEALTH_WORDS) and _HEALTH.search(text):
        coded = _HEALTH_CODE.sub(" ", text)
        text = coded if coded.strip() else text
    return text


def _likely_in(text: str) -> Iterator[re.Pattern[str]]:
    """The patterns that may fit: looking first for a word that each of them needs is ten times as fast."""
    if "*" in text:
        yield _CARD_PAYMENT
    if text.endswith(("only", "only)")):
        yield _ONLY
    if any(state in text for state in _STATES):
        yield from _OF_STATE
    if any(begin in text for begin in _CLOSED_BEGIN):
        yield from _OF_CLOSED
    if any(way in text for way in _WAYS_TO_PAY):
        yield from _OF_PAYMENT
    if any(owed in text for owed in _OWED) and any(council in text for council in _COUNCILS):
        yield from _OF_COUNCILS
    if text.endswith(_COURSES) and any(public in text for public in _PUBLIC):
        yield from _OF_PUBLIC
    if any(office in text for office in _OFFICES):
        yield from _OF_OFFICES
    if _FIGURE.search(text):
        yield from _OF_FIGURES
