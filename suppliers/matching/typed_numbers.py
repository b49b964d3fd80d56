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


def typed_numbers(text: str) -> Identifiers:
    """Each identifier that ``text`` may be: seven digits may be a company's number or a charity's. Web addresses too."""
    text = _WHOSE.sub("", text.strip())
    if len(text) > LONGEST or (sum(map(str.isdigit, text)) < FEWEST_DIGITS and "." not in text):
        return NO_IDENTIFIERS
    read: dict[str, str] = {}
    for scheme in READ:
        with suppress(NotAnIdentifier):
            read[scheme.value] = parse(scheme, text)
    return Identifiers(**read)
