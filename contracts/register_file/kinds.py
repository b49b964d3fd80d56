"""Which rows of a register are contracts, and what the others are: titles, headings, totals, remarks."""

import re
from collections.abc import Sequence
from enum import StrEnum
from typing import Final

from contracts.register_file.headings import Field
from contracts.register_file.layout import Table, is_repeated
from contracts.register_file.lines import Line
from contracts.register_file.wording import is_nothing, plain

MANY_WORDS: Final = 7  # a heading among the rows has fewer
_TOTAL: Final = re.compile(
    r"(?:grand |sub[ -]?|overall |annual |running )?totals?\b.{0,60}|sum|.{1,40}(?:\b|sub[ -]?)totals?:?"
    r"|(?:average|mean|budget|balance|variance|difference|remaining|savings?)\b:?.{0,40}"
)
_REMARK: Final = re.compile(
    r"(?:key|nb|n\.b\.?|notes?|please|see|source|printed|page|updated|last updated|colou?rs?|red|amber|green|prices)\b.*"
    r"|[*†‡(].*|.*[.!?=]$|.*=.*"
)
_SUM: Final = re.compile(r"[£\s(-]*[0-9][0-9,]*(?:\.[0-9]+)?k?[)\s]*")
_NUMBERED: Final = re.compile(r"[A-Za-z]{0,4}[ /.-]?[0-9]{1,6}[.)]?|[xX]|false|£?\s?-|£?0+(?:\.0+)?")


class LineKind(StrEnum):
    CONTRACT = "contract"
    TITLE = "title"
    EMPTY = "empty"
    HEADING = "heading"
    TOTAL = "total"
    REMARK = "remark"


def kinds(rows: Sequence[Line], table: Table) -> list[LineKind]:
    """What each row below the headings is."""
    found = [_kind(row, table) for row in rows]
    last = max((n for n, kind in enumerate(found) if kind is LineKind.CONTRACT), default=-1)
    return [
        LineKind.REMARK if kind is LineKind.HEADING and n > last and not is_repeated(rows[n], table) else kind
        for n, kind in enumerate(found)
    ]


def _kind(row: Line, table: Table) -> LineKind:
    filled = {n: cell for n, cell in enumerate(row.own) if cell} | dict.fromkeys((n for n in row.formulas if n >= 0), "=")
    if is_repeated(row, table):
        return LineKind.HEADING
    if all(_says_nothing(n, cell, table) for n, cell in filled.items()):
        return LineKind.EMPTY
    if _is_total(row, filled, table):
        return LineKind.TOTAL
    names = [_own(row, table, name) for name in (Field.TITLE, Field.SUPPLIER)]
    if len(filled) == 1:
        at, cell = next(iter(filled.items()))
        return _alone(row, table, at, cell)
    carried = [_shared(row, table, name) for name in (Field.TITLE, Field.SUPPLIER)]
    return LineKind.CONTRACT if any(names) or any(carried) or _has_dates(row, table) else LineKind.REMARK


def _alone(row: Line, table: Table, at: int, cell: str) -> LineKind:
    """A cell that stands alone in its row."""
    if any(_shared(row, table, name) for name in (Field.TITLE, Field.SUPPLIER)):
        return LineKind.CONTRACT
    supplier, first = table.of(Field.SUPPLIER), min((one.at for one in table.columns if one.meaning), default=0)
    if supplier and at == supplier.at and at > first:
        return LineKind.CONTRACT
    text = plain(cell)
    is_remark = bool(_REMARK.fullmatch(text)) or len(text.split()) > MANY_WORDS
    title = table.of(Field.TITLE)
    stands_where_names_do = at <= first or (title is not None and at == title.at)
    return LineKind.HEADING if stands_where_names_do and not is_remark else LineKind.REMARK


def _is_total(row: Line, filled: dict[int, str], table: Table) -> bool:
    labels = [n for n, cell in filled.items() if _TOTAL.fullmatch(plain(cell))]
    notes = {one.at for one in table.all_of(Field.NOTES)}
    others = [cell for n, cell in filled.items() if n not in labels and n not in notes]
    are_sums = all(cell == "=" or _SUM.fullmatch(cell) for cell in others)
    if not are_sums or _has_dates(row, table, but=labels):
        return False
    return bool(labels) or (bool(others) and not _names(row, table))


def _says_nothing(n: int, cell: str, table: Table) -> bool:
    column = next((one for one in table.columns if one.at == n), None)
    name = column.meaning.field if column and column.meaning else None
    if is_nothing(plain(cell)):
        return True
    return (name is Field.REFERENCE and any(c.isdigit() for c in cell)) or (
        name not in {Field.TITLE, Field.SUPPLIER} and cell != "=" and _is_filler(name, cell)
    )


def _is_filler(name: Field | None, cell: str) -> bool:
    """What stands in rows that were prepared and never filled in: a number, a nought, a cross."""
    return (
        name in {None, Field.ANNUAL, Field.TOTAL, Field.SUM}
        and bool(_NUMBERED.fullmatch(cell))
        and (name is None or cell.strip("£. 0") + "0" == "0")
    )


def _has_dates(row: Line, table: Table, but: Sequence[int] = ()) -> bool:
    columns = [table.of(name) for name in (Field.START, Field.END, Field.NOTICE, Field.TERM)]
    return any(one.at < len(row.own) and row.own[one.at] for one in columns if one and one.at not in but)


def _names(row: Line, table: Table) -> bool:
    return any(_own(row, table, name) for name in (Field.TITLE, Field.SUPPLIER))


def _own(row: Line, table: Table, name: Field) -> str:
    column = table.of(name)
    return row.own[column.at] if column and column.at < len(row.own) else ""


def _shared(row: Line, table: Table, name: Field) -> bool:
    column = table.of(name)
    return bool(column and column.at in row.shared)
