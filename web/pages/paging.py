"""Where the links under a list lead that comes in pages: on, and back to the first."""

from typing import Any, Final
from urllib.parse import urlencode

ALONE: Final[dict[str, Any]] = {"next_url": "", "first_url": ""}  # the one page that there is


def after(here: str, after: object, next_after: str | int | None) -> dict[str, Any]:
    """For a list whose pages go on ``after`` something; "" or 0 is the first. ``here`` is its address, with what was asked."""
    return {"next_url": _with(here, "after", next_after) if next_after else "", "first_url": here if after else ""}


def numbered(here: str, number: int, *, has_more: bool) -> dict[str, Any]:
    """For a list whose pages have a number, from 1."""
    return {"next_url": _with(here, "number", number + 1) if has_more else "", "first_url": here if number > 1 else ""}


def _with(here: str, name: str, value: str | int) -> str:
    return f"{here}{'&' if '?' in here else '?'}{urlencode({name: value})}"
