"""Which column of somebody's spreadsheet holds what: by its heading, misspelt or not, and by what its cells look like. Pure.

Finance systems put titles and merged headings above the real ones, so the headings are looked for too. What comes out is a
proposal: a person sees it with three values of each column, and may change it.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from base.spreadsheets.cells import SheetRow, column_letters
from suppliers.lists import header_row, heading_words, not_suppliers
from suppliers.lists.column_titles import LEFT_OUT, PERHAPS_NAMES, SupplierField
from suppliers.lists.header_row import LONGEST_TITLE, folded, header_of, meaning, with_merged
from suppliers.matching.identifiers import NotAnIdentifier, Scheme, parse

SAMPLED: Final = 200  # rows by which cells are judged
SHOWN: Final = 3  # values of a column that a person sees
MOSTLY: Final = 0.6  # share of a column's cells that have to look like what it is taken for without a heading
ADDRESSED: Final = 0.4  # the same share for addresses, many of which lack a postcode
TELLING: Final = 3  # cells: where none of so many is a VAT number, a ledger's "VAT" is an amount
AMOUNT_TOO: Final = "vat"  # a heading under which an amount is as likely as a number
VAGUE: Final = frozenset(
    {"number", "no", "contact", "contacts", "contact details", "details", "info"}
)  # may be a phone or e-mail
REACHED_BY: Final = frozenset({SupplierField.PHONE, SupplierField.EMAIL, SupplierField.WEBSITE})
FEW: Final = 2  # cells, of which fewer don't tell what a column is not
FLAGS: Final = frozenset({"true", "false", "yes", "no", "y", "n"})
LONGEST_JUDGED: Final = 300  # characters of a cell

DIVERSE: Final = 0.5  # a second column of names has at least so many different values for each of the first's

SEVERAL: Final = re.compile(  # between two numbers or addresses in a cell: a sign, or what the second one is
    r"\s*(?:[;,\n|]|\s/\s|\bor\b)\s*|\s+(?=(?:tel|telephone|phone|mob|mobile|office|home|work|main|fax|[tmf])\s?:)", re.IGNORECASE
)
POSTCODE_INSIDE: Final = re.compile(r"\b[A-Za-z]{1,2}\d[A-Za-z\d]?\s*\d[A-Za-z]{2}\b")
_EMAIL: Final = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_WEBSITE: Final = re.compile(
    r"(?:https?://|www\.)\S+|[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:co\.uk|com|org|org\.uk|net|uk)(?:/\S*)?", re.IGNORECASE
)
_FULL_PHONE: Final = re.compile(r"(?:\+44|0)[\d\s()/.-]{9,}")
_DATE: Final = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}(?:[ T].*)?")
_LETTERS: Final = re.compile(r"[A-Za-z]{2,}")
_A_NAMES_LETTERS: Final = re.compile(r"[^\W\d_]{3}|[^\W\d_].*[^\W\d_]{2}.*[^\W\d_]")  # "TR" and "E19" are codes


@dataclass(frozen=True, slots=True)
class Column:
    """``fits`` of ``filled`` sampled cells look like what the column is taken for."""

    letters: str
    title: str  # "" where there is none
    samples: tuple[str, ...]
    field: SupplierField | None
    filled: int = 0
    fits: int = 0


@dataclass(frozen=True, slots=True)
class Understood:
    """``header`` is the number of the row of headings, 0 for none."""

    header: int
    columns: tuple[Column, ...]

    @property
    def has_name(self) -> bool:
        return any(column.field is SupplierField.NAME for column in self.columns)

    @property
    def fields(self) -> tuple[SupplierField | None, ...]:
        return tuple(column.field for column in self.columns)


def understand(rows: Sequence[SheetRow], *, header: int | None = None) -> Understood:
    """Reads the first rows of a sheet. ``header``, where given, is the number of the row that a person named."""
    at = header_of(rows) if header is None else next((n for n, row in enumerate(rows) if row.number == header), None)
    titles = _titles(rows, at)
    body = [row for row in rows[0 if at is None else at + 1 :] if not row.problem][:SAMPLED]
    width = max([len(titles), *(len(row.cells) for row in body)], default=0)
    titles += [""] * (width - len(titles))
    values = [_values(body, n) for n in range(width)]
    fields = _proposed(titles, values)
    columns = (_column(n, titles[n], values[n], fields[n]) for n in range(width))
    return Understood(rows[at].number if at is not None else 0, tuple(columns))


def as_chosen(understood: Understood, rows: Sequence[SheetRow], fields: Sequence[SupplierField | None]) -> Understood:
    """The same columns as a person wants them read, with how many cells fit."""
    body = [row for row in rows if row.number > understood.header and not row.problem][:SAMPLED]
    columns = []
    for n, (column, field) in enumerate(zip(understood.columns, fields, strict=False)):
        columns.append(_column(n, column.title, _values(body, n), field))
    return Understood(understood.header, tuple(columns))


def field_of(title: str) -> SupplierField | None:
    """The field that a heading alone says; None where it says none."""
    found = meaning(folded(title))
    return found[0] if found else None


def _column(n: int, title: str, values: Sequence[str], field: SupplierField | None) -> Column:
    samples = tuple(dict.fromkeys(values))[:SHOWN]
    looks = _USES.get(field) or _LOOKS.get(field)
    fits = sum(map(looks, values)) if looks else len(values)
    return Column(column_letters(n), title, samples, field, len(values), fits)


def _values(body: Sequence[SheetRow], n: int) -> list[str]:
    return [row.cells[n][:LONGEST_JUDGED] for row in body if n < len(row.cells) and row.cells[n]]


def _titles(rows: Sequence[SheetRow], at: int | None) -> list[str]:
    """The headings; one that comes again gets a number."""
    titles = [" ".join(title.split())[:LONGEST_TITLE] for title in ([] if at is None else with_merged(rows, at))]
    seen: dict[str, int] = {}
    for n, title in enumerate(titles):
        seen[title] = seen.get(title, 0) + 1
        if title and seen[title] > 1:
            titles[n] = f"{title} ({seen[title]})"
    return titles


def _proposed(titles: Sequence[str], values: Sequence[Sequence[str]]) -> list[SupplierField | None]:
    words = [folded(title) for title in titles]
    meanings = [meaning(title) for title in words]
    fields: list[SupplierField | None] = [found[0] if found else None for found in meanings]
    for n, cells in enumerate(values):
        if meanings[n] is None and cells:
            fields[n] = _by_look(cells, of_dates=heading_words.is_of_dates(words[n]))
        elif words[n] in VAGUE and cells and (reached := _by_look(cells, of_dates=False)) in REACHED_BY:
            fields[n] = reached
        elif not _may_hold(fields[n], cells, words[n]):
            fields[n] = None
    chosen = _name_column(fields, words, [found[1] if found else 0.0 for found in meanings], values)
    for n, field in enumerate(fields):
        if field is SupplierField.NAME and n != chosen:
            fields[n] = SupplierField.OTHER_NAMES if _is_further_name(values[n], values[chosen or 0]) else None
    if chosen is not None:
        fields[chosen] = SupplierField.NAME
    return fields


def _may_hold(field: SupplierField | None, cells: Sequence[str], title: str = "") -> bool:
    """A ledger's "VAT" is an amount, and codes are no names, whatever stands above them."""
    if field in (SupplierField.NAME, SupplierField.OTHER_NAMES):
        worded = [cell for cell in cells if not_suppliers.has_letters(cell) and cell.casefold() not in FLAGS]
        return len(cells) < FEW or len(worded) > MOSTLY * len(cells)
    least = 1 if title == AMOUNT_TOO else TELLING
    return not (
        field is SupplierField.VAT_NUMBER and len(cells) >= least and not any(map(_LOOKS[SupplierField.VAT_NUMBER], cells))
    )


def _name_column(
    fields: Sequence[SupplierField | None], words: Sequence[str], sure: Sequence[float], values: Sequence[Sequence[str]]
) -> int | None:
    """The column whose heading says most clearly that it is the name's; else another name's, a contact's, or the wordiest."""
    said = [n for n, field in enumerate(fields) if field in (SupplierField.NAME, SupplierField.OTHER_NAMES)]
    telling = [n for n in said if sure[n] > header_row.BY_WORDS or not _is_the_same_throughout(values[n])]
    if telling:
        return max(telling, key=lambda n: (fields[n] is SupplierField.NAME, sure[n], len(values[n]), -n))
    perhaps = [n for n, title in enumerate(words) if title in PERHAPS_NAMES and _may_hold(SupplierField.NAME, values[n])]
    if perhaps:
        return min(perhaps, key=lambda n: PERHAPS_NAMES.index(words[n]))
    likeliest = _likeliest_name(fields, words, values)
    return next(iter(said), None) if likeliest is None else likeliest


def _is_the_same_throughout(cells: Sequence[str]) -> bool:
    """As what a trust's system calls the legal entity is: the school's own, and nobody who is paid."""
    return len(cells) >= TELLING and len(set(cells)) == 1


def _is_further_name(cells: Sequence[str], names: Sequence[str]) -> bool:
    """Whether a second column of names is the supplier's too: whoever paid is the same in every row."""
    return len(set(cells)) >= max(DIVERSE * len(set(names)), 2) and set(cells) != set(names)


def _likeliest_name(fields: Sequence[SupplierField | None], words: Sequence[str], values: Sequence[Sequence[str]]) -> int | None:
    """Where no heading says it: the column with most different words, among those that are nothing else."""
    free = [
        n for n, field in enumerate(fields)
        if field is None and words[n] not in LEFT_OUT and not heading_words.ends_otherwise(words[n])
    ]  # fmt: skip
    scored = [(len({cell for cell in values[n] if _A_NAMES_LETTERS.search(cell)}), -n) for n in free]
    best = max(scored, default=(0, 0))
    return -best[1] if best[0] else None


def _by_look(cells: Sequence[str], *, of_dates: bool) -> SupplierField | None:
    for field, looks in _LOOKS.items():
        needed = ADDRESSED if field is SupplierField.ADDRESS else MOSTLY
        if of_dates and field is SupplierField.PHONE:
            continue
        if field not in _BY_HEADING_ONLY and sum(map(looks, cells)) > needed * len(cells):
            return field
    return None


def _parses(scheme: Scheme) -> Callable[[str], bool]:
    def looks(cell: str) -> bool:
        try:
            parse(scheme, cell)
        except NotAnIdentifier:
            return False
        return True

    return looks


_is_phone: Final = _parses(Scheme.PHONE)
_LOOKS: Final[Mapping[SupplierField | None, Callable[[str], bool]]] = {
    SupplierField.POSTCODE: _parses(Scheme.POSTCODE),
    SupplierField.VAT_NUMBER: _parses(Scheme.VAT_NUMBER),
    SupplierField.EMAIL: lambda cell: bool(_EMAIL.fullmatch(cell)),
    SupplierField.WEBSITE: lambda cell: bool(_WEBSITE.fullmatch(cell)),
    SupplierField.PHONE: lambda cell: bool(_FULL_PHONE.fullmatch(cell)) and not _DATE.fullmatch(cell) and _is_phone(cell),
    SupplierField.ADDRESS: lambda cell: bool(POSTCODE_INSIDE.search(cell)),
    SupplierField.COMPANY_NUMBER: _parses(Scheme.COMPANY_NUMBER),
    SupplierField.CHARITY_NUMBER: _parses(Scheme.CHARITY_NUMBER),
    SupplierField.NAME: lambda cell: bool(_LETTERS.search(cell)),
}
# Where more can be used than what a column is known by: a number without its nought, several in a cell.
_USES: Final[Mapping[SupplierField | None, Callable[[str], bool]]] = {
    SupplierField.PHONE: lambda cell: any(map(_parses(Scheme.PHONE), SEVERAL.split(cell))),
    SupplierField.EMAIL: lambda cell: any(_EMAIL.fullmatch(piece) for piece in SEVERAL.split(cell)),
    SupplierField.WEBSITE: lambda cell: any(map(_parses(Scheme.DOMAIN), SEVERAL.split(cell))),
}
_BY_HEADING_ONLY: Final = frozenset(
    {SupplierField.COMPANY_NUMBER, SupplierField.CHARITY_NUMBER, SupplierField.NAME}
)  # any number could be one


def without_repeats(rows: Iterable[SheetRow], header: int, titles: Sequence[str]) -> Iterator[SheetRow]:
    """The rows below the headings, without headings that a printed report repeats on each page."""
    repeated = [folded(title) for title in titles]
    for row in rows:
        if row.number > header and not (header and [folded(cell) for cell in row.cells] == repeated[: len(row.cells)]):
            yield row
