"""The values of a register row: each function checks one and raises Unusable with what is wrong. Pure."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Final, TypeAlias

LONGEST_NAME: Final = 200  # the register's longest name is 96
LONGEST_VALUE: Final = 100  # a town or an authority; its longest is 39
LONGEST_WORD: Final = 60  # a phase or a type of school
LONGEST_CODE: Final = 20
LONGEST_POSTCODE: Final = 10

URN: Final = re.compile(r"[1-9][0-9]{4,6}")

_DOES_NOT_APPLY = frozenset({"", "not applicable", "does not apply"})
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_DATE = re.compile(r"(?P<d>\d{1,2})[-/](?P<m>\d{1,2})[-/](?P<y>\d{4})", re.ASCII)

Values: TypeAlias = Mapping[str, str]


class Status(StrEnum):
    OPEN = "open"
    CLOSED = "closed"


class Unusable(Exception):
    """The reason a row is rejected."""


def text(values: Values, column: str, longest: int = LONGEST_VALUE) -> str:
    """One line of NFC text, inner white space folded."""
    found = unicodedata.normalize("NFC", " ".join(values[column].split()))
    if len(found) > longest:
        raise Unusable(f"{column} is longer than {longest} characters")
    if _CONTROL.search(found):
        raise Unusable(f"{column} holds a character that can't be printed")
    return found


def name(values: Values, column: str) -> str:
    found = text(values, column, LONGEST_NAME)
    if not found:
        raise Unusable("the school has no name")
    return found


def shown(raw: str) -> str:
    """A rejected name, safe to print."""
    return "".join(character for character in raw[:LONGEST_NAME] if character.isprintable())


def urn(raw: str) -> int:
    digits = raw.strip()
    if not URN.fullmatch(digits):
        raise Unusable("the URN should be a number of 5 to 7 digits")
    return int(digits)


def ukprn(raw: str) -> int | None:
    if not raw:
        return None
    if not re.fullmatch(r"[1-9][0-9]{7}", raw):
        raise Unusable("the UKPRN should be a number of 8 digits")
    return int(raw)


def pupils(raw: str) -> int | None:
    if not raw.strip():
        return None
    if not re.fullmatch(r"[0-9]{1,5}", raw.strip()):
        raise Unusable("NumberOfPupils should be a whole number")
    return int(raw)


def is_rural(raw: str) -> bool | None:
    """The register has kinds of both, such as "(England/Wales) Rural village" and "Urban: Nearer to a major town or city"."""
    folded = raw.casefold()
    return True if "rural" in folded else False if "urban" in folded else None


def status(raw: str) -> Status:
    match raw.casefold():
        case "open" | "open, but proposed to close":
            return Status.OPEN
        case "closed":
            return Status.CLOSED
        case "proposed to open":
            raise Unusable("the school isn't open yet")
    raise Unusable("the status should be Open, Closed or Proposed to open")


def applies(found: str) -> str:
    return "" if found.casefold() in _DOES_NOT_APPLY else found


def day(values: Values, column: str) -> date | None:
    raw = values[column].strip()
    if not raw:
        return None
    parts = _DATE.fullmatch(raw)
    try:
        if parts:
            return date(int(parts["y"]), int(parts["m"]), int(parts["d"]))
        return date.fromisoformat(raw)
    except ValueError:
        raise Unusable(f"{column} should look like 31-08-2024") from None


def number(values: Values, column: str) -> float | None:
    raw = values[column].strip()
    if not raw:
        return None
    if not re.fullmatch(r"-?[0-9]{1,8}(\.[0-9]{1,12})?", raw):
        raise Unusable(f"{column} should be a number")
    return float(raw)
