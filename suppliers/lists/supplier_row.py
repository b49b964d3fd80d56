"""One row of somebody's spreadsheet as a supplier, or why it can't be one. Pure."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice
from typing import Final

from base import text
from base.refusals import Invalid
from base.spreadsheets.cells import SheetRow
from suppliers.lists import composite, header_row, not_suppliers
from suppliers.lists.column_titles import SupplierField
from suppliers.lists.columns import POSTCODE_INSIDE, SEVERAL
from suppliers.matching.identifiers import SHARED_DOMAINS, NotAnIdentifier, Scheme, parse
from suppliers.matching.names import LONGEST, Name, normalise
from suppliers.record import taxonomy
from suppliers.record.facts import MOST_ALIASES, MOST_CATEGORIES, Facts

CLEAR: Final = 1.0  # a label that says a category's own name; "leasing" or "salaries" say what was paid, not to whom
MEANT: Final = 0.85  # what search is sure of; below it a word was not understood, or means several things
LONGEST_LABEL: Final = 100  # characters
MOST_LABELS: Final = 10_000  # of categories, remembered: sixteen councils' ledgers hold 1,509
YES: Final = frozenset({"y", "yes", "true", "t", "1", "x"})
NO: Final = frozenset({"n", "no", "false", "f", "0"})
CLOSED: Final = frozenset(
    {"inactive", "closed", "dormant", "archived", "on hold", "hold", "suspended", "deleted", "obsolete", "ceased", "do not use",
     "not active", "not in use", "removed", "dissolved"}
)  # fmt: skip
FOOTER: Final = "it is a total or a footnote, not a supplier"
HEADINGS: Final = "it holds the headings of another table"
SHOWN: Final = 60  # characters of a rejected name
NO_CATEGORY: Final = "“{}” is no category that Vouch knows."
MOST_PIECES: Final = 5  # phone numbers or addresses in one cell

_SPREADSHEET_ERROR: Final = re.compile(r"#(?:REF!|N/A|NAME\?|VALUE!|DIV/0!|NULL!|NUM!|SPILL!|CALC!|#+)", re.IGNORECASE)
_NOTHING: Final = re.compile(
    r"\(?(?:n/?a|n\.a\.|tbc|tba|tbd|to be (?:confirmed|advised|agreed|announced|decided|found)|none|null|nil|blank|empty|vacant"
    r"|unknown|not known|not applicable|not (?:yet )?(?:appointed|awarded|decided)|in[- ]house|[-?.*_x ]+|0+)\)?",
    re.IGNORECASE,
)
_MARKED_AS_TEXT: Final = re.compile(r"^'(?=[=+@-])")  # by us, where a spreadsheet would have run it
_REDACTED: Final = re.compile(r"\bredacted\b", re.IGNORECASE)
_CUT_SHORT: Final = re.compile(r"\d(?:\.\d+)?E\+?\d{1,2}", re.IGNORECASE)

_SCHEMES: Final[Mapping[SupplierField, Scheme]] = {
    SupplierField.COMPANY_NUMBER: Scheme.COMPANY_NUMBER,
    SupplierField.CHARITY_NUMBER: Scheme.CHARITY_NUMBER,
    SupplierField.VAT_NUMBER: Scheme.VAT_NUMBER,
    SupplierField.WEBSITE: Scheme.DOMAIN,
    SupplierField.EMAIL: Scheme.DOMAIN,
    SupplierField.PHONE: Scheme.PHONE,
    SupplierField.POSTCODE: Scheme.POSTCODE,
    SupplierField.ADDRESS: Scheme.POSTCODE,
}
_SEVERAL_IN_A_CELL: Final = (SupplierField.WEBSITE, SupplierField.EMAIL, SupplierField.PHONE)


@dataclass(frozen=True, slots=True)
class SupplierRow:
    line: int  # of the file, its header being line 1
    facts: Facts
    identity: str
    legal: str | None
    left_out: tuple[str, ...] = ()  # why an identifier was not taken, a sentence each


@dataclass(frozen=True, slots=True)
class RejectedSupplierRow:
    line: int
    reason: str  # ends a sentence that begins with the line number
    name: str = ""  # as far as it could be read
    is_noise: bool = False  # a total, a footnote, an account that is closed: nothing that anybody has to mend
    cells: tuple[str, ...] = ()  # as they were


def supplier_row(
    row: SheetRow, fields: Sequence[SupplierField | None], *, for_import: bool = True, as_search: bool = False
) -> SupplierRow | RejectedSupplierRow:
    """``fields`` say what each column holds, None what is left out.

    A name that can be compared and not imported (a closed account, a number) is rejected only ``for_import``. Categories are
    understood ``as_search`` understands them where a person looks at what comes of it, else only by their own names.
    """
    read = _read(row, fields, for_import=for_import, as_search=as_search)
    return replace(read, cells=row.cells) if isinstance(read, RejectedSupplierRow) else read


def _read(
    row: SheetRow, fields: Sequence[SupplierField | None], *, for_import: bool, as_search: bool
) -> SupplierRow | RejectedSupplierRow:
    if row.problem:
        return RejectedSupplierRow(row.number, row.problem, _shown(" ".join(row.cells)))
    values, several = composite.taken_apart(_values(row.cells, fields))
    raw = " ".join(values.get(SupplierField.NAME, ("",))[0].split())
    if noise := _noise(row, raw, values, for_import=for_import):
        return RejectedSupplierRow(row.number, noise, _shown(raw), is_noise=True)
    try:
        name = _name(raw, for_import=for_import)
    except ValueError as error:
        return RejectedSupplierRow(row.number, str(error), _shown(raw))
    read = normalise(name)
    if not read.exact:
        return RejectedSupplierRow(row.number, "the name has no letters or figures", _shown(name))
    identifiers, left_out = _identifiers(values)
    categories, unknown = _categories(values, as_search=as_search)
    facts = Facts(name, _aliases(name, values), identifiers, categories)
    return SupplierRow(row.number, facts, identity(read), read.legal, (*several, *left_out, *unknown))


def identity(name: Name) -> str:
    """What two rows of one supplier share: the exact name, and whom a payment merely went through ("X via Y" is not X)."""
    return "\n".join((name.exact, *(alias.name.exact for alias in name.aliases if not alias.kind.is_own_name)))


def _values(cells: Sequence[str], fields: Sequence[SupplierField | None]) -> dict[SupplierField, list[str]]:
    values: dict[SupplierField, list[str]] = {}
    for cell, field in zip(cells, fields, strict=False):
        if field and cell:
            values.setdefault(field, []).append(_MARKED_AS_TEXT.sub("", cell))
    return values


def _noise(row: SheetRow, raw: str, values: Mapping[SupplierField, list[str]], *, for_import: bool) -> str:
    """Why this row is no supplier and nobody's mistake either; "" when it is not so."""
    if not_suppliers.is_footer(raw) or not_suppliers.is_period(raw):
        return FOOTER
    if header_row.holds_headings(row.cells, raw):
        return HEADINGS
    if for_import and (not_suppliers.is_retired(raw) or _is_marked_closed(values)):
        return "the file itself says that it is closed or not to be used"
    said = (cell for cell in row.cells if not_suppliers.has_letters(cell))  # a day alone is one of its values
    if not not_suppliers.has_letters(raw) and any(map(not_suppliers.is_footer, said)):
        return FOOTER
    if raw:
        return ""
    return "" if values else "there is nothing in the columns that are read"


def _is_marked_closed(values: Mapping[SupplierField, list[str]]) -> bool:
    """By a column such as Inactive, On hold, Active or Status."""
    inactive, active = values.get(SupplierField.INACTIVE, ()), values.get(SupplierField.ACTIVE, ())
    words = {cell.casefold().strip() for cell in (*inactive, *active)}
    yes, no = {cell.casefold().strip() for cell in inactive} & YES, {cell.casefold().strip() for cell in active} & NO
    return bool(yes or no or words & CLOSED)


def _name(raw: str, *, for_import: bool = True) -> str:
    """Raises ValueError with the reason."""
    if not raw:
        raise ValueError("the name is empty")
    if len(raw) > LONGEST:
        raise ValueError(f"the name is longer than {LONGEST} characters")
    if _SPREADSHEET_ERROR.fullmatch(raw):
        raise ValueError("the name is a spreadsheet's error")
    if _REDACTED.search(raw):
        raise ValueError("the name is redacted")
    if _NOTHING.fullmatch(raw) and any(c.isalnum() for c in raw):
        raise ValueError("the name says that there is none")
    if not for_import:
        return raw
    if other := not_suppliers.other_kind(raw):
        raise ValueError(other)
    try:
        return text.line(raw, field="name", longest=LONGEST)
    except Invalid as error:
        raise ValueError("the name holds a character that can't be stored") from error


def _aliases(name: str, values: Mapping[SupplierField, list[str]]) -> tuple[str, ...]:
    """The other names. What can't be a name is left out without a word: another name is an extra."""
    found: dict[str, None] = {}
    for cell in values.get(SupplierField.OTHER_NAMES, ()):
        for piece in re.split(r"[;\n|]", cell):
            try:
                alias = _name(" ".join(piece.split()))
            except ValueError:
                continue
            if alias.casefold() != name.casefold() and normalise(alias).exact:
                found.setdefault(alias)
    return tuple(islice(found, MOST_ALIASES))


def _identifiers(values: Mapping[SupplierField, list[str]]) -> tuple[tuple[tuple[Scheme, str], ...], tuple[str, ...]]:
    found: dict[tuple[Scheme, str], None] = {}
    wrong: dict[str, None] = {}
    for field, scheme in _SCHEMES.items():
        for cell in values.get(field, ()):
            if not (_NOTHING.fullmatch(cell) or _SPREADSHEET_ERROR.fullmatch(cell)):
                _take(field, scheme, cell, lambda value, scheme=scheme: found.setdefault((scheme, value)), wrong)  # type: ignore[misc]
    in_order = sorted(found, key=lambda one: list(Scheme).index(one[0]))
    return tuple(in_order), tuple(wrong)


def _take(field: SupplierField, scheme: Scheme, cell: str, take: Callable[[str], None], wrong: dict[str, None]) -> None:
    for piece in _pieces(field, cell):
        try:
            take(parse(scheme, piece))
        except NotAnIdentifier as error:
            if field is SupplierField.EMAIL and piece.rpartition("@")[2].casefold().strip() in SHARED_DOMAINS:
                continue  # nothing is wrong with it: it just tells nothing
            if _CUT_SHORT.fullmatch(piece):
                wrong.setdefault(f"{piece} was cut short by the spreadsheet. Format the column as text, and type it again.")
            else:
                wrong.setdefault(error.sentence)


def _pieces(field: SupplierField, cell: str) -> Iterator[str]:
    if field is SupplierField.ADDRESS:
        yield from (found[0] for found in list(POSTCODE_INSIDE.finditer(cell))[-1:])  # the last one; without one, nothing
    elif field in _SEVERAL_IN_A_CELL:
        yield from (piece for piece in SEVERAL.split(cell)[:MOST_PIECES] if piece)
    else:
        yield cell


def _categories(values: Mapping[SupplierField, list[str]], *, as_search: bool) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The slugs, and, where a person will look, a sentence for each label that says none."""
    found, unknown = dict[str, None](), dict[str, None]()
    for label in values.get(SupplierField.CATEGORY, ()):
        slugs = searched_category(label) if as_search else category(label)
        found |= dict.fromkeys(slugs)
        if as_search and not slugs and not _NOTHING.fullmatch(label):
            unknown.setdefault(NO_CATEGORY.format(_shown(label)))
    return tuple(islice(found, MOST_CATEGORIES)), tuple(unknown)


@lru_cache(maxsize=MOST_LABELS)
def category(label: str) -> tuple[str, ...]:
    """The slugs that a label names, or the one category that it clearly is."""
    return _slugs(label) or (_likeliest(label, CLEAR) if label else ())


@lru_cache(maxsize=MOST_LABELS)
def searched_category(label: str) -> tuple[str, ...]:
    """The slugs that a label names, or what a search for it, or for each part of it, takes it to mean."""
    whole = _slugs(label) or _likeliest(label, MEANT)
    if whole or not label:
        return whole
    return tuple(dict.fromkeys(slug for part in re.split(r"[/;|,&]+|\band\b", label) for slug in _likeliest(part, MEANT)))


def _slugs(label: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(slug for slug in re.split(r"[|;,\s]+", label) if slug in taxonomy.by_slug()))


def _likeliest(label: str, floor: float) -> tuple[str, ...]:
    found = taxonomy.find(label[:LONGEST_LABEL].strip(), 1) if label.strip() else ()
    return tuple(one.category.slug for one in found if one.score >= floor)


def _shown(raw: str) -> str:
    return "".join(c for c in raw[:SHOWN] if c.isprintable())
