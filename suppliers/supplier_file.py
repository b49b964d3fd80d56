"""A file of supplier names read row by row, such as a ledger's list of creditors. Pure.

What can't be used is passed on as ``Rejected`` with its line and a reason, and the rest goes on; a file without a column
of names, or one that is damaged, raises Invalid.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from suppliers import taxonomy
from suppliers.facts import Facts
from suppliers.identifiers import NotAnIdentifier, Scheme, parse
from suppliers.names import LONGEST, Name, normalise
from web import text
from web.csv_file import Broken, Record, opened
from web.refusals import Invalid

MOST_ROWS: Final = 1_000_000  # every company that a region's councils ever paid is a fifth of it
CLEAR: Final = 1.0  # a label that says a category's own name; "leasing" or "salaries" say what was paid, not to whom
MOST_LABELS: Final = 10_000  # of categories, remembered: sixteen councils' ledgers hold 1,509
SHOWN: Final = 60  # characters of a rejected name

# What the columns may be called, folded; the first of a file that fits counts.
_COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "name": ("name", "supplier name", "supplier", "company name", "creditor", "beneficiary name", "payee"),
    "category": ("category", "categories"),
    Scheme.COMPANY_NUMBER: ("company number", "companies house number"),
    Scheme.CHARITY_NUMBER: ("charity number",),
    Scheme.VAT_NUMBER: ("vat number",),
    Scheme.DOMAIN: ("domain", "website", "web site"),
    Scheme.PHONE: ("phone", "telephone"),
    Scheme.POSTCODE: ("postcode", "post code"),
}
_SPREADSHEET_ERROR: Final = re.compile(r"#(?:REF!|N/A|NAME\?|VALUE!|DIV/0!|NULL!|NUM!|SPILL!|CALC!|#+)", re.IGNORECASE)
_REDACTED: Final = re.compile(r"\bredacted\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SupplierRow:
    line: int  # of the file, its header being line 1
    facts: Facts
    identity: str
    legal: str | None
    left_out: tuple[str, ...] = ()  # why an identifier was not taken, a sentence each


@dataclass(frozen=True, slots=True)
class Rejected:
    line: int
    reason: str  # ends a sentence that begins with the line number
    name: str = ""  # as far as it could be read


@dataclass(frozen=True, slots=True)
class SupplierFile:
    digest: str  # SHA-256 of the file's bytes, in hexadecimal
    rows: Iterator[SupplierRow | Rejected]


@contextmanager
def open_suppliers(path: Path) -> Iterator[SupplierFile]:
    """Raises Invalid or TooLarge with a sentence, here or while the rows are read."""
    with opened(path, expected="a list of suppliers", most_rows=MOST_ROWS) as source:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        yield SupplierFile(digest, _rows(source.records))


def _rows(records: Iterable[Record | Broken]) -> Iterator[SupplierRow | Rejected]:
    rest = iter(records)
    header = next(rest, None)
    columns = _columns(header.fields if isinstance(header, Record) else ())
    for record in rest:
        yield Rejected(record.line, record.reason) if isinstance(record, Broken) else _row(record, columns)


def _columns(header: Iterable[str]) -> dict[str, int]:
    titles = [" ".join(title.casefold().replace("_", " ").split()) for title in header]
    columns = {
        column: titles.index(fitting[0])
        for column, names in _COLUMNS.items()
        if (fitting := [name for name in names if name in titles])
    }
    if "name" not in columns:
        raise Invalid("This file has no column called name, so nothing was imported. Its first line should name the columns.")
    return columns


def _row(record: Record, columns: Mapping[str, int]) -> SupplierRow | Rejected:
    values = {column: record.fields[at].strip() for column, at in columns.items() if at < len(record.fields)}
    raw = values.get("name", "")
    try:
        name = _name(raw)
    except ValueError as error:
        return Rejected(record.line, str(error), "".join(c for c in raw[:SHOWN] if c.isprintable()))
    identifiers, left_out = _identifiers(values)
    read, facts = normalise(name), Facts(name, (), identifiers, _category(values.get("category", "")))
    if not read.exact:
        return Rejected(record.line, "the name has no letters or figures", name[:SHOWN])
    return SupplierRow(record.line, facts, identity(read), read.legal, left_out)


def identity(name: Name) -> str:
    """What two rows of one supplier share: the exact name, and whom a payment merely went through ("X via Y" is not X)."""
    return "\n".join((name.exact, *(alias.name.exact for alias in name.aliases if not alias.kind.is_own_name)))


def _name(raw: str) -> str:
    """Raises ValueError with the reason."""
    if not raw:
        raise ValueError("the name is empty")
    if len(raw) > LONGEST:
        raise ValueError(f"the name is longer than {LONGEST} characters")
    if _SPREADSHEET_ERROR.fullmatch(raw):
        raise ValueError("the name is a spreadsheet's error")
    if _REDACTED.search(raw):
        raise ValueError("the name is redacted")
    try:
        return text.line(raw, field="name", longest=LONGEST)
    except Invalid as error:
        raise ValueError("the name holds a character that can't be stored") from error


def _identifiers(values: Mapping[str, str]) -> tuple[tuple[tuple[Scheme, str], ...], tuple[str, ...]]:
    found: list[tuple[Scheme, str]] = []
    wrong: list[str] = []
    for scheme in Scheme:
        if values.get(scheme):
            try:
                found.append((scheme, parse(scheme, values[scheme])))
            except NotAnIdentifier as error:
                wrong.append(error.sentence)
    return tuple(found), tuple(wrong)


@lru_cache(maxsize=MOST_LABELS)
def _category(label: str) -> tuple[str, ...]:
    slugs = tuple(dict.fromkeys(slug for slug in re.split(r"[|;,\s]+", label) if slug in taxonomy.by_slug()))
    if slugs or not label:
        return slugs
    found = taxonomy.find(label, 1)
    return tuple(one.category.slug for one in found if one.score >= CLEAR)
