"""Which column of somebody's spreadsheet holds what: by its heading, misspelt or not, and by what its cells look like. Pure.

Finance systems put titles and merged headings above the real ones, so the headings are looked for too. What comes out is a
proposal: a person sees it with three values of each column, and may change it.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from rapidfuzz import fuzz, process

from base.spreadsheets.cells import SheetRow, column_letters
from suppliers.lists.column_titles import LEFT_OUT, TITLES, SupplierField
from suppliers.matching.identifiers import NotAnIdentifier, Scheme, parse

LOOKED_AT: Final = 40  # first rows in which headings may stand
SAMPLED: Final = 200  # rows by which cells are judged
SHOWN: Final = 3  # values of a column that a person sees
LIKE: Final = 86  # of 100: "Suplier name" is 96 like "supplier name", "Post town" 71 like "post code"
MOSTLY: Final = 0.6  # share of a column's cells that have to look like what it is taken for without a heading
ADDRESSED: Final = 0.4  # the same share for addresses, many of which lack a postcode
TELLING: Final = 3  # cells: where none of so many is a VAT number, a ledger's "VAT" is an amount
LONGEST_TITLE: Final = 80
LONGEST_JUDGED: Final = 300  # characters of a cell
SHORT: Final = 5  # characters: a heading as short as VAT or Web has to be exact
UPWARDS: Final = 2  # rows above the headings that may hold the upper part of them

_PARENTHESIS: Final = re.compile(r"\([^)]*\)|\[[^\]]*\]")
_WORDS: Final = re.compile(r"[^a-z0-9]+")
SEVERAL: Final = re.compile(r"\s*(?:[;,\n|]|\s/\s|\bor\b)\s*")  # between two numbers or addresses in a cell
POSTCODE_INSIDE: Final = re.compile(r"\b[A-Za-z]{1,2}\d[A-Za-z\d]?\s*\d[A-Za-z]{2}\b")
_EMAIL: Final = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_WEBSITE: Final = re.compile(
    r"(?:https?://|www\.)\S+|[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:co\.uk|com|org|org\.uk|net|uk)(?:/\S*)?", re.IGNORECASE
)
_FULL_PHONE: Final = re.compile(r"(?:\+44|0)[\d\s()/.-]{9,}")
_LETTERS: Final = re.compile(r"[A-Za-z]{2,}")


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
    at = _header(rows) if header is None else next((n for n, row in enumerate(rows) if row.number == header), None)
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
    found = _meaning(_folded(title))
    return found[0] if found else None


def _column(n: int, title: str, values: Sequence[str], field: SupplierField | None) -> Column:
    samples = tuple(dict.fromkeys(values))[:SHOWN]
    looks = _USES.get(field) or _LOOKS.get(field)
    fits = sum(map(looks, values)) if looks else len(values)
    return Column(column_letters(n), title, samples, field, len(values), fits)


def _values(body: Sequence[SheetRow], n: int) -> list[str]:
    return [row.cells[n][:LONGEST_JUDGED] for row in body if n < len(row.cells) and row.cells[n]]


def _header(rows: Sequence[SheetRow]) -> int | None:
    """The row that holds most headings we know, the first of equals; one heading alone must be the name's."""
    best, at = 0, None
    for n, row in enumerate(rows[:LOOKED_AT]):
        if not any(_meaning(_folded(cell)) for cell in row.cells):
            continue
        known = [found for title in _with_merged(rows, n) if (found := _meaning(_folded(title)))]
        names = sum(field is SupplierField.NAME for field, _ in known)
        score = len(known) + (1 if names else 0)
        if score > best and (names or len(known) > 1):
            best, at = score, n
    return at


def _titles(rows: Sequence[SheetRow], at: int | None) -> list[str]:
    """The headings; one that comes again gets a number."""
    titles = [" ".join(title.split())[:LONGEST_TITLE] for title in ([] if at is None else _with_merged(rows, at))]
    seen: dict[str, int] = {}
    for n, title in enumerate(titles):
        seen[title] = seen.get(title, 0) + 1
        if title and seen[title] > 1:
            titles[n] = f"{title} ({seen[title]})"
    return titles


def _with_merged(rows: Sequence[SheetRow], at: int) -> list[str]:
    """The cells of a row; an empty one takes the text of a merged cell above it."""
    titles = list(rows[at].cells)
    for above in reversed(rows[max(0, at - UPWARDS) : at]):
        if sum(map(bool, above.cells)) > 1:
            titles += [""] * (len(above.cells) - len(titles))
            titles = [title or (above.cells[n] if n < len(above.cells) else "") for n, title in enumerate(titles)]
    return titles


def _proposed(titles: Sequence[str], values: Sequence[Sequence[str]]) -> list[SupplierField | None]:
    meanings = [_meaning(_folded(title)) for title in titles]
    fields: list[SupplierField | None] = [meaning[0] if meaning else None for meaning in meanings]
    for n, cells in enumerate(values):
        if meanings[n] is None and cells:
            fields[n] = _by_look(cells)
        elif (
            fields[n] is SupplierField.VAT_NUMBER
            and len(cells) >= TELLING
            and not any(map(_LOOKS[SupplierField.VAT_NUMBER], cells))
        ):
            fields[n] = None
    named = [n for n, field in enumerate(fields) if field is SupplierField.NAME]
    if len(named) > 1:
        chosen = max(named, key=lambda n: (meanings[n][1] if meanings[n] else 0, len(values[n]), -n))  # type: ignore[index]
        for n in named:
            fields[n] = SupplierField.NAME if n == chosen else None
    likely = None if named else _likeliest_name(fields, titles, values)
    if likely is not None:
        fields[likely] = SupplierField.NAME
    return fields


def _likeliest_name(fields: Sequence[SupplierField | None], titles: Sequence[str], values: Sequence[Sequence[str]]) -> int | None:
    """Where no heading says it: the column with most different words, among those that are nothing else."""
    free = [n for n, field in enumerate(fields) if field is None and _folded(titles[n]) not in LEFT_OUT]
    scored = [(len({cell for cell in values[n] if _LETTERS.search(cell)}), -n) for n in free]
    best = max(scored, default=(0, 0))
    return -best[1] if best[0] else None


@lru_cache(maxsize=4_096)
def _meaning(folded: str) -> tuple[SupplierField | None, float] | None:
    """The field of a heading (None where its column is left out), and how sure that is; None for what is no heading."""
    if not folded or len(folded) > LONGEST_TITLE:
        return None
    if folded in _ALL_TITLES:
        field = _ALL_TITLES[folded]
        rank = TITLES[field].index(folded) if field else 0
        return field, 101 - rank / 100
    if len(folded) <= SHORT:
        return None
    found = process.extractOne(folded, _ALL_TITLES.keys(), scorer=fuzz.ratio, score_cutoff=LIKE)
    return (_ALL_TITLES[found[0]], found[1]) if found else None


_ALL_TITLES: Final[dict[str, SupplierField | None]] = {
    **dict.fromkeys(LEFT_OUT),
    **{title: field for field, titles in TITLES.items() for title in titles},
}


def _folded(title: str) -> str:
    return _WORDS.sub(" ", _PARENTHESIS.sub(" ", title.casefold())).strip()


def _by_look(cells: Sequence[str]) -> SupplierField | None:
    for field, looks in _LOOKS.items():
        needed = ADDRESSED if field is SupplierField.ADDRESS else MOSTLY
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


_LOOKS: Final[Mapping[SupplierField | None, Callable[[str], bool]]] = {
    SupplierField.POSTCODE: _parses(Scheme.POSTCODE),
    SupplierField.VAT_NUMBER: _parses(Scheme.VAT_NUMBER),
    SupplierField.EMAIL: lambda cell: bool(_EMAIL.fullmatch(cell)),
    SupplierField.WEBSITE: lambda cell: bool(_WEBSITE.fullmatch(cell)),
    SupplierField.PHONE: lambda cell: bool(_FULL_PHONE.fullmatch(cell)),
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
    folded = [_folded(title) for title in titles]
    for row in rows:
        if row.number > header and not (header and [_folded(cell) for cell in row.cells] == folded[: len(row.cells)]):
            yield row
