"""A number as somebody types it into a form. Pure. A comma stands before three figures: "7,5" is asked about, and never 75."""

import re
from typing import Final

LONGEST: Final = 14  # characters
_NUMBER: Final = re.compile(r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]*)?|\.[0-9]+")


def number(typed: str) -> int | float | None:
    """None for what is no number, or may be two."""
    if len(typed) > LONGEST or not _NUMBER.fullmatch(typed):
        return None
    plain = typed.replace(",", "")
    return float(plain) if "." in plain else int(plain)
