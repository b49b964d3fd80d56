"""E-mail addresses: folded to one spelling, checked for being one at all. Pure."""

import re
from typing import Final

from base.refusals import Invalid

LONGEST: Final = 254  # RFC 5321's path
_ADDRESS: Final = re.compile(r"[^\s@<>\"(),:;\\\[\]]{1,64}@[^\s@<>\"(),:;\\\[\]]+\.[^\s@<>\"(),:;\\\[\].]{2,}")
_SENTENCE: Final = "Enter an e-mail address like name@school.example."


def folded(raw: str) -> str:
    """The one spelling that an address is found by."""
    return raw.strip().lower()


def address(raw: str, *, field: str = "email") -> str:
    """The address, folded. Raises Invalid for what can't be one."""
    found = folded(raw)
    if len(found) > LONGEST or not found.isprintable() or not _ADDRESS.fullmatch(found):
        raise Invalid(_SENTENCE, **{field: _SENTENCE})
    return found
