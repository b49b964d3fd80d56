"""How a sheet is laid out: where its headings are, and which column is which."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from contracts.register_file.headings import Field, Meaning, is_alien, meaning
from contracts.register_file.lines import Line
from contracts.register_file.wording import plain

LOOKED_AT: Final = 60  # first rows in which headings may stand
LEAST: Final = 3  # different fields that a row of headings has, one of them the title, the supplier or the school
ENOUGH: Final = 4  # known headings, however many others stand beside them
LEAST_OWN: Final = 2  # headings that stand in the row itself rather than above it
_NAMES: Final = {Field.TITLE, Field.SUPPLIER}


@dataclass(frozen=True, slots=True)
class Column:
    """``meaning`` None: what it holds isn't known. ``is_used`` False: it is known, but not taken, or not imported."""

    at: int
    title: str
    meaning: Meaning | None
    is_used: bool = True


@dataclass(frozen=True, slots=True)
class Table:
    header: int
    columns: tuple[Column, ...]

    def of(self, name: Field) -> Column | None:
        """The column that is taken for a field."""
        return next((one for one in self.columns if one.is_used and one.meaning and one.meaning.field is name), None)

    def all_of(self, name: Field) -> list[Column]:
        return [one for one in self.columns if one.is_used and one.meaning and one.meaning.field is name]


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a person said of a sheet: where its headings are, 0 for a sheet to leave out, and what some of its columns hold.

    ``held`` is by column; None: what it holds isn't known.
    """

    header: int
    held: Mapping[int, Field | None] = field(default_factory=dict)


def understood(rows: Sequence[Line], chosen: Chosen | None = None) -> Table | None:
    """The table that begins in the first rows, or as somebody said; None where no row holds enough headings."""
    if chosen is not None:
        return _as_chosen(rows, chosen)
    best, most, at = 0, 0, None
    for n in range(min(len(rows), LOOKED_AT)):
        score, own = _score(rows[n], headings(rows, n))
        if score > best or (score == best and at == n - 1 and own >= most):  # the lower line of two
            best, most, at = score, own, n
    if at is None or best < LEAST:
        return None
    return Table(rows[at].number, _chosen(headings(rows, at), rows[at + 1 :]))


def _as_chosen(rows: Sequence[Line], chosen: Chosen) -> Table | None:
    at = next((n for n, row in enumerate(rows[:LOOKED_AT]) if row.number == chosen.header), None)
    if at is None:
        return None
    taken = {name for name in chosen.held.values() if name}
    columns = []
    for one in _chosen(headings(rows, at), rows[at + 1 :]):
        if one.at in chosen.held:
            columns.append(_holding(one, chosen.held[one.at]))
        else:
            is_displaced = one.meaning is not None and one.meaning.field in taken and one.meaning.field is not Field.NOTES
            columns.append(replace(one, is_used=one.is_used and not is_displaced))
    return Table(rows[at].number, tuple(columns))


def _holding(one: Column, name: Field | None) -> Column:
    is_so = one.meaning is not None and one.meaning.field is name
    times = 1 if name is Field.ANNUAL else None
    meaning = one.meaning if is_so else Meaning(name, times=times) if name else None
    return replace(one, meaning=meaning, is_used=True)


def _score(row: Line, columns: Sequence[Column]) -> tuple[int, int]:
    """How many different fields the columns hold, and how many headings stand in the row itself.

    0 fields where it can't be a row of headings, as its own cells have to be, four of them or the half.
    """
    fields = {column.meaning.field for column in columns if column.meaning}
    filled = [column for column in columns if column.at < len(row.cells) and row.cells[column.at]]
    own = sum(bool(column.meaning) for column in filled)
    if not fields & _NAMES or own < LEAST_OWN or (own < ENOUGH and own * 2 < len(filled)):
        return 0, own
    return len(fields), own


def headings(rows: Sequence[Line], at: int) -> list[Column]:
    """Each cell of a row as a heading; one that means nothing by itself, with the heading above it."""
    above = _above(rows, at)
    found = []
    for n in range(max(len(rows[at].cells), len(above) if _score_of_cells(rows[at]) else 0)):
        lower = _line(rows[at].cells[n] if n < len(rows[at].cells) else "")
        upper = _line(above[n] if n < len(above) else "")
        found.append(_heading(n, lower, upper))
    return _numbered(found)


def _score_of_cells(row: Line) -> int:
    return sum(bool(meaning(_line(cell))) for cell in row.cells if cell)


def _heading(n: int, lower: str, upper: str) -> Column:
    if not lower:
        return Column(n, upper, meaning(upper)) if upper else Column(n, "", None)
    alone = None if is_alien(upper) else meaning(lower)
    if upper and upper != lower and (alone is None or alone.field is Field.SUM):
        together = meaning(f"{upper} {lower}")
        if together:
            return Column(n, f"{upper} {lower}", together)
    return Column(n, lower, alone)


def _above(rows: Sequence[Line], at: int) -> list[str]:
    """The row above the headings, where it is one of groups: each name over the columns that follow until the next."""
    if at == 0 or rows[at - 1].number != rows[at].number - 1:
        return []
    cells = list(rows[at - 1].cells)
    if sum(map(bool, cells)) < 2 or any(len(cell) > 60 for cell in cells):
        return []
    width = max(len(cells), len(rows[at].cells))
    own = cells + [""] * (width - len(cells))
    wide = rows[at - 1].wide
    carried = _carried(own) if wide is None else _spread(own, wide)
    lower = list(rows[at].cells) + [""] * (width - len(rows[at].cells))
    return [carried[n] if lower[n] else own[n] for n in range(width)]


def _carried(cells: Sequence[str]) -> list[str]:
    """Each name over the columns that follow until the next."""
    found, name = [], ""
    for cell in cells:
        name = cell or name
        found.append(name)
    return found


def _spread(cells: Sequence[str], wide: Mapping[int, int]) -> list[str]:
    """Each name over the columns of its merged cell."""
    found = list(cells)
    for first, last in wide.items():
        for n in range(first, min(last + 1, len(found))):
            found[n] = found[n] or cells[first]
    return found


def _numbered(columns: Sequence[Column]) -> list[Column]:
    """A heading that comes again gets a number."""
    seen: dict[str, int] = {}
    found = []
    for one in columns:
        seen[one.title] = seen.get(one.title, 0) + 1
        again = one.title and seen[one.title] > 1
        found.append(replace(one, title=f"{one.title} ({seen[one.title]})") if again else one)
    return found


def _chosen(columns: Sequence[Column], body: Sequence[Line]) -> tuple[Column, ...]:
    """Of several columns of one field the plainest is used, the fuller of equals; a second title is a description."""
    columns = _roll_beside_renewal(columns)
    filled = {one.at: sum(1 for row in body if one.at < len(row.cells) and row.cells[one.at]) for one in columns}
    columns = [_by_neighbours(one, columns) for one in columns]
    taken: dict[Field, Column] = {}
    for one in columns:
        if one.meaning and (before := taken.get(one.meaning.field)):
            better = (one.meaning.rank, -min(filled[one.at], 1)) < (before.meaning.rank, -min(filled[before.at], 1))  # type: ignore[union-attr]
            taken[one.meaning.field] = one if better else before
        elif one.meaning:
            taken[one.meaning.field] = one
    return tuple(_settled(one, taken, columns) for one in columns)


def _roll_beside_renewal(columns: Sequence[Column]) -> list[Column]:
    """Beside "Auto-renew Y/N", "Renewal term" is by how much."""
    of_renewal = [one for one in columns if one.meaning and one.meaning.field is Field.RENEWAL]
    lengths = [one for one in of_renewal if set(plain(one.title).split()) & {"term", "period", "length"}]
    is_beside = len(lengths) == 1 and len(of_renewal) == 2
    return [replace(one, meaning=Meaning(Field.ROLL)) if is_beside and one is lengths[0] else one for one in columns]


def _settled(one: Column, taken: Mapping[Field, Column], columns: Sequence[Column]) -> Column:
    if one.meaning is None or one.meaning.field is Field.NOTES:
        return one
    name = one.meaning.field
    if name in {Field.TRIGGER, Field.REVIEW} or (name is Field.RENEWAL_DAY and Field.END in taken):
        return replace(one, is_used=False)
    if name is Field.TITLE and taken[name] is not one:
        return replace(one, meaning=Meaning(Field.DESCRIPTION))
    in_doubt = name in {Field.ANNUAL, Field.TOTAL} and _are_years(name, columns)
    return replace(one, is_used=taken[name] is one and not in_doubt)


def _are_years(name: Field, columns: Sequence[Column]) -> bool:
    """Whether all columns of a sum are of single years ("Annual cost 24/25", "Annual cost 25/26"): then none is the sum now."""
    of_field = [one for one in columns if one.meaning and one.meaning.field is name]
    return len(of_field) > 1 and all(re.search(r"[0-9]{2}", one.title) for one in of_field)


def _by_neighbours(one: Column, columns: Sequence[Column]) -> Column:
    """A value or cost that doesn't say of how long is a year's beside a total, and the total beside a year's."""
    if one.meaning is None:
        return one
    fields = {other.meaning.field for other in columns if other.meaning}
    words = {word for other in columns for word in plain(other.title).split()}
    if (
        one.meaning.field is Field.TOTAL
        and "vat" in words & {"vat"}
        and any(plain(o.title) in {"vat", "net", "vat amount"} for o in columns)
    ):
        return replace(one, meaning=None) if plain(one.title) in {"total", "total cost", "total amount", "total price"} else one
    if one.meaning.field is Field.SUM and Field.TOTAL in fields and Field.ANNUAL not in fields:
        return replace(one, meaning=replace(one.meaning, field=Field.ANNUAL, times=1))
    if one.meaning.field is Field.SUM and Field.ANNUAL in fields:
        is_value = "value" in plain(one.title) and Field.TOTAL not in fields
        return replace(one, meaning=replace(one.meaning, field=Field.TOTAL)) if is_value else replace(one, is_used=False)
    return one


def is_repeated(row: Line, table: Table) -> bool:
    """Whether the headings stand here once more."""
    titles = {plain(one.title) for one in table.columns if one.title}
    cells = {plain(_line(cell)) for cell in row.own if cell}
    return len(cells) > 1 and cells <= titles


def _line(cell: str) -> str:
    return " ".join(cell.split())
