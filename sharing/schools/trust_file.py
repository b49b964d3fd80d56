"""Which school is in which trust, read row by row: the department's file of group links, a list of trusts, or links by company.

Columns are found by their headings, in any order; others are not looked at. What can't be used is passed on as ``RejectedLink``
with its line and a reason. Groups that are no academy trusts are counted by their type. Pure.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Final

from base.refusals import Invalid
from base.spreadsheets.csv_file import BrokenRecord, CsvRecord, opened
from sharing.schools import register_values as value

EXPECTED: Final = "a file of trusts and their schools"
MOST_ROWS: Final = 200_000  # the department's file of all groups has about 40,000 links, closed ones included

# Each column, and the headings that it goes by, in lower case with single spaces.
HEADINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "urn": ("urn", "establishment urn", "school urn"),
    "school": ("establishmentname", "establishment name", "school name"),
    "uid": ("group uid", "uid", "trust uid"),
    "name": ("group name", "trust name"),
    "type": ("group type", "group type (name)"),
    "company": ("companies house number", "company number", "group companies house number"),
    "joined": ("joined date", "date joined", "date joined group"),
    "left": ("left date", "date left", "date left group"),
    "closed": ("closed date", "group closed date"),
    "status": ("group status", "group status (name)"),
}
DATES: Final = {"joined": "Joined date", "left": "Left date", "closed": "Closed date"}

_UID: Final = re.compile(r"[1-9][0-9]{0,7}")
_COMPANY: Final = re.compile(r"[0-9]{8}|[A-Z]{2}[0-9]{6}")


@dataclass(frozen=True, slots=True)
class TrustName:
    """A trust as one row names it: by UID, company number, or both."""

    uid: str | None
    company_number: str | None  # eight characters
    name: str

    @property
    def keys(self) -> tuple[str, ...]:
        """What two rows of one trust have in common."""
        return tuple(key for key in (self.uid, self.company_number and company_code(self.company_number)) if key)


@dataclass(frozen=True, slots=True)
class TrustRow:
    line: int
    trust: TrustName
    closed_on: date | None = None  # of the trust
    is_closed: bool = False  # likewise
    urn: int | None = None  # None: the row is about the trust alone
    school: str = ""
    joined_on: date | None = None
    left_on: date | None = None  # the school, from the trust


@dataclass(frozen=True, slots=True)
class RejectedLink:
    line: int  # of the file, its header being line 1
    reason: str  # ends a sentence that begins with the line number
    name: str = ""  # of the school, or of the trust
    urn: int | None = None


@dataclass(slots=True)
class TrustFile:
    digest: str  # SHA-256 of the file's bytes, in hexadecimal
    rows: Iterator[TrustRow | RejectedLink]
    other_groups: Counter[str] = field(default_factory=Counter)  # rows about them, by type; complete once ``rows`` is read


def company_code(company_number: str) -> str:
    """What stands for the UID of a trust that only its company number is known of. No UID begins with letters."""
    return f"CH{company_number}"


@contextmanager
def open_trusts(path: Path) -> Iterator[TrustFile]:
    """Raises Invalid or TooLarge with one sentence, here or while ``rows`` are read."""
    with opened(path, expected=EXPECTED, most_rows=MOST_ROWS) as source:
        header = next(source.records, None)
        columns = _columns(header)
        with path.open("rb") as whole:
            found = TrustFile(hashlib.file_digest(whole, "sha256").hexdigest(), iter(()))
        width = len(header.fields) if isinstance(header, CsvRecord) else 0
        found.rows = _rows(source.records, columns, width, found.other_groups)
        yield found


def _columns(header: CsvRecord | BrokenRecord | None) -> dict[str, int]:
    """The index of each column that is there, by our name for it."""
    if not isinstance(header, CsvRecord):
        raise Invalid(f"This is no file of trusts: it doesn't start with a line of column names. Choose {EXPECTED}.")
    titles = [" ".join(title.replace("_", " ").split()).casefold() for title in header.fields]
    columns = {
        column: next(index for index, title in enumerate(titles) if title in known)
        for column, known in HEADINGS.items()
        if set(known) & set(titles)
    }
    missing = [HEADINGS[column][0] for column in ("name",) if column not in columns]
    if not {"uid", "company"} & columns.keys():
        missing.append("group uid or companies house number")
    if "group name" in titles and "type" not in columns:
        missing.append("group type, without which trusts can't be told from federations")
    if missing:
        raise Invalid(f"The file has no column named {' and none named '.join(missing)}, so nothing was imported.")
    return columns


def _rows(
    records: Iterable[CsvRecord | BrokenRecord], columns: Mapping[str, int], width: int, other_groups: Counter[str]
) -> Iterator[TrustRow | RejectedLink]:
    for record in records:
        if isinstance(record, BrokenRecord):
            yield RejectedLink(record.line, record.reason)
            continue
        if len(record.fields) != width:
            yield RejectedLink(record.line, f"it has {len(record.fields)} columns, where the header has {width}")
            continue
        values = {column: record.fields[columns[column]] if column in columns else "" for column in HEADINGS}
        other = _other_type(values) if "type" in columns else ""
        if other:
            other_groups[other] += 1
            continue
        try:
            yield _row(record.line, values, about_schools="urn" in columns)
        except value.Unusable as unusable:
            digits = values["urn"].strip()
            known = int(digits) if value.URN.fullmatch(digits) else None
            yield RejectedLink(record.line, str(unusable), value.shown(values["school"] or values["name"]), known)


def _other_type(values: value.Values) -> str:
    """The type of a group that is no academy trust; "" for one, and for no type, which `_row` refuses."""
    found = value.shown(" ".join(values["type"].split()))
    return "" if not found or found.casefold().replace("-", " ").endswith("academy trust") else found


def _row(line: int, values: value.Values, *, about_schools: bool) -> TrustRow:
    if not values["type"].strip() and values["uid"].strip():
        raise value.Unusable("the group has no type, so it can't be told whether it is a trust")
    dates = {column: _day(values, column, title) for column, title in DATES.items()}
    return TrustRow(
        line=line,
        trust=_trust(values),
        closed_on=dates["closed"],
        is_closed=_is_closed(values["status"]) or dates["closed"] is not None,
        urn=value.urn(values["urn"]) if about_schools else None,
        school=value.text(values, "school", value.LONGEST_NAME),
        joined_on=dates["joined"],
        left_on=dates["left"],
    )


def _trust(values: value.Values) -> TrustName:
    name = value.text(values, "name", value.LONGEST_NAME)
    if not name:
        raise value.Unusable("the trust has no name")
    uid, company = values["uid"].strip(), "".join(values["company"].split()).upper()
    if uid and not _UID.fullmatch(uid):
        raise value.Unusable("the UID of the group should be a number of at most 8 digits")
    if company.isdecimal():
        company = company.zfill(8)  # a spreadsheet drops the noughts at the front
    if company and not _COMPANY.fullmatch(company):
        raise value.Unusable("the company number should have 8 characters, such as 07595434")
    if not uid and not company:
        raise value.Unusable("the trust has neither a UID nor a company number")
    return TrustName(uid or None, company or None, name)


def _day(values: value.Values, column: str, title: str) -> date | None:
    return value.day({title: values[column]}, title)


def _is_closed(status: str) -> bool:
    match " ".join(status.split()).casefold():
        case "" | "open" | "open, but proposed to close" | "proposed to close":
            return False
        case "closed":
            return True
    raise value.Unusable("the status of the group should be Open or Closed")
