"""Suppliers that are ticked on a list to be put side by side: how many fit, and the way back to that list, where they don't."""

from collections.abc import Collection, Sequence
from typing import Final
from urllib.parse import parse_qsl, urlencode

from litestar.datastructures import MultiDict

from base.refusals import Invalid
from web.pages.templating import is_local

MOST: Final = 4  # columns that a sheet of paper holds
FEWEST: Final = 2
TOO_FEW: Final = "Tick two suppliers at least, and four at most."
TOO_MANY: Final = "Tick four suppliers at most, so that they fit beside each other."
LISTS: Final = ("/search", "/suppliers")
SENT_BACK: Final = "sent_back"  # in the address of a list: its ticks were refused
LONGEST: Final = 2_000  # characters of a list's address


def problem(suppliers: Collection[object]) -> str:
    """What is said of so many; "" where they fit."""
    return TOO_MANY if len(suppliers) > MOST else TOO_FEW if len(suppliers) < FEWEST else ""


def the_list(typed: str) -> str:
    """The address of the list on which they were ticked; "" for what is none of ours."""
    path, _, query = typed.partition("?")
    if path not in LISTS or not is_local(typed) or len(typed) > LONGEST:
        return ""
    kept = [(name, value) for name, value in parse_qsl(query) if name not in (SENT_BACK, "supplier")]
    return f"{path}?{urlencode(kept)}" if kept else path


def back_to(address: str, ticked: Sequence[str]) -> str:
    """The list as it was, with what was ticked, to say there what is wrong."""
    asked = urlencode([*(("supplier", one) for one in ticked[: MOST + 1]), (SENT_BACK, "yes")])
    return f"{address}{'&' if '?' in address else '?'}{asked}"


def refused(asked: MultiDict[str], first: str) -> Invalid | None:
    """What a list says that was sent back, at its ``first`` box; None where it was not. ``asked`` is its query."""
    sentence = problem(set(asked.getall("supplier", []))) if SENT_BACK in asked else ""
    return Invalid(sentence, **{first: sentence}) if sentence else None
