"""What a number may be when somebody types nothing else into a search. Pure."""

import re
from contextlib import suppress
from typing import Final

from suppliers.matching.identifiers import LONGEST, NO_IDENTIFIERS, Identifiers, NotAnIdentifier, Scheme, parse

FEWEST_DIGITS: Final = 6  # of a number that stands for somebody: "Tapestry 2026" has none
_WHOSE: Final = re.compile(  # what people write before a number
    r"^(?:(?:company|charity|vat|registration|registered|reg|telephone|tel|phone|number|no)\b[.:]?\s*)+", re.IGNORECASE
)
READ: Final = (Scheme.COMPANY_NUMBER, Scheme.CHARITY_NUMBER, Scheme.VAT_NUMBER, Scheme.PHONE, Scheme.DOMAIN)


def is_number(text: str) -> bool:
    """Whether ``text`` is meant as a number or a web address rather than words, right or mistyped."""
    return _has_digits(text) or bool(typed_numbers(text).items())


def typed_numbers(text: str) -> Identifiers:
    """Each identifier that ``text`` may be: seven digits may be a company's number or a charity's. Web addresses too."""
    text = _WHOSE.sub("", text.strip())
    if len(text) > LONGEST or not (_has_digits(text) or "." in text):
        return NO_IDENTIFIERS
    read: dict[str, str] = {}
    for scheme in READ:
        with suppress(NotAnIdentifier):
            read[scheme.value] = parse(scheme, text)
    return Identifiers(**read)


def _has_digits(text: str) -> bool:
    return sum(map(str.isdigit, text)) >= FEWEST_DIGITS
