"""What a number may be when somebody types nothing else into a search. Pure."""

import re
from contextlib import suppress
from typing import Final

from suppliers.matching.identifiers import LONGEST, NO_IDENTIFIERS, Identifiers, NotAnIdentifier, Scheme, parse

FEWEST_DIGITS: Final = 6  # of a number that stands for somebody: "Tapestry 2026" has none
MOST_LETTERS: Final = 3  # of a number: GB, SC, NIC; "catering tender 2026-2029" has more
_WHOSE: Final = re.compile(  # what people write before a number
    r"^(?:(?:company|co|companies house|crn|charity|commission|vat|registration|registered|reg|telephone|tel|phone|mobile|mob|fax"
    r"|freephone|ring|call|number|no)\b[.:]?\s*)+",
    re.IGNORECASE,
)
_PARTED: Final = re.compile(r"\d(?:[. -]*\d){7}", re.ASCII)  # eight figures, as 012.345.67
_DAY_OR_YEARS: Final = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}|(?:19|20)\d\d\s*[-/]\s*(?:19|20)\d\d", re.ASCII)
READ: Final = (Scheme.COMPANY_NUMBER, Scheme.CHARITY_NUMBER, Scheme.VAT_NUMBER, Scheme.PHONE, Scheme.DOMAIN)


def is_number(text: str) -> bool:
    """Whether ``text`` is meant as a number or a web address rather than words, right or mistyped."""
    bare = _WHOSE.sub("", text.strip())
    letters = sum(map(str.isalpha, bare))
    is_meant_so = _has_digits(bare) and letters <= MOST_LETTERS and not _DAY_OR_YEARS.fullmatch(bare)
    return is_meant_so or bool(typed_numbers(text).items())


def typed_numbers(text: str) -> Identifiers:
    """Each identifier that ``text`` may be: seven digits may be a company's number or a charity's. Web addresses too."""
    text = _WHOSE.sub("", text.strip())
    if len(text) > LONGEST or not (_has_digits(text) or "." in text) or _DAY_OR_YEARS.fullmatch(text):
        return NO_IDENTIFIERS
    if _PARTED.fullmatch(text):
        text = re.sub(r"[. -]", "", text)
    read: dict[str, str] = {}
    for scheme in READ:
        with suppress(NotAnIdentifier):
            read[scheme.value] = parse(scheme, text)
    return Identifiers(**read)


def _has_digits(text: str) -> bool:
    return sum(map(str.isdigit, text)) >= FEWEST_DIGITS
