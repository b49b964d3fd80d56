"""What a contract costs a year and in all, of the columns that say so."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from contracts.register_file import money, stretch
from contracts.register_file.cells import FORMULA, Cells
from contracts.register_file.headings import Field
from contracts.register_file.money import Sum, read_sum
from contracts.register_file.questions import Asked, Code
from contracts.register_file.stretch import Stretch


@dataclass(frozen=True, slots=True)
class Sums:
    annual: int | None = None
    total: int | None = None
    approximate: bool = False


def sums_of(cells: Cells, ends: Stretch, questions: Asked) -> Sums:
    months = stretch.whole_months(ends.start, ends.end) if ends.start and ends.end else 0
    annual, total = _annual(cells, questions), _sum(cells, Field.TOTAL, "total", questions)
    if cells.column(Field.SUM) and not annual and not total:
        return _of_either(cells, months, questions)
    if total and total.times:
        questions.ask(
            "total", Code.NOT_A_SUM, "A sum that is paid again and again is no total: what does the contract cost in all?"
        )
        total = None
    approximate = bool((annual and annual.approximate) or (total and total.approximate))
    total_pence = total.pence if total else None
    if annual and annual.in_all:
        length = annual.over.months if annual.over else months
        return Sums(_of_total(annual.pence, length, questions), total_pence, approximate)
    if annual:
        return Sums(_a_year(cells, Field.ANNUAL, annual), total_pence, approximate)
    is_blank = (
        not any(map(cells.text, cells.every(Field.ANNUAL)))
        and not cells.is_formula(Field.ANNUAL)
        and not cells.is_shared(Field.ANNUAL)
    )
    if total and total_pence is not None and is_blank:
        length = total.over.months if total.over else months
        return Sums(_of_total(total_pence, length, questions), total_pence, approximate)
    return Sums(None, total_pence, approximate)


def _annual(cells: Cells, questions: Asked) -> Sum | None:
    """Of the columns of sums that come again and again; of several, such as a month's and a year's, what they agree on."""
    every = [one for one in cells.every(Field.ANNUAL) if cells.text(one)]
    read = [(one, read_sum(cells.text(one)).value) for one in every]
    sums = {found.pence * (found.times or one.meaning.times or 1) for one, found in read if found and one.meaning}
    if len(every) < 2 and cells.column(Field.ANNUAL):
        return _sum(cells, Field.ANNUAL, "annual", questions)
    if len(sums) > 1 or (every and cells.table.of(Field.ANNUAL) is None):
        titles = ", ".join(one.title for one in every)
        questions.ask("annual", Code.NOT_A_SUM, f"The columns {titles} don't give one sum: what does it cost a year now?")
        return None
    return _sum(cells, Field.ANNUAL, "annual", questions)


def _sum(cells: Cells, name: Field, what: str, questions: Asked) -> Sum | None:
    column = cells.column(name)
    if column is None or column.meaning is None:
        return None
    if cells.is_formula(name):
        questions.ask(what, Code.NOT_A_SUM, FORMULA)
        return None
    if cells.is_shared(name) and cells.of(name):
        first, last = cells.row.shared[column.at]
        questions.ask(what, Code.NOT_A_SUM, f"One sum is given for rows {first} to {last} together: how much is it for this one?")
        return None
    cell = cells.text(column) if name is Field.ANNUAL else cells.of(name)
    return questions.take(what, read_sum(cell, thousands=column.meaning.thousands))


def _a_year(cells: Cells, name: Field, found: Sum) -> int:
    column = cells.column(name)
    times = found.times or (column.meaning.times if column and column.meaning else None) or money.YEAR
    return found.pence * times


def _of_either(cells: Cells, months: int, questions: Asked) -> Sums:
    """A column headed "Cost" doesn't say whether it is a year's: the cell may, and a contract of one year leaves no choice."""
    found = _sum(cells, Field.SUM, "annual", questions)
    if found is None:
        return Sums()
    if found.in_all:
        return Sums(
            _of_total(found.pence, found.over.months if found.over else months, questions), found.pence, found.approximate
        )
    if found.times is None and found.pence and (months != 12 or cells.of(Field.FREQUENCY)):
        sentence = f"Is £{found.pence / 100:,.2f} for a year, or for the whole contract?"
        questions.ask("annual", Code.NO_UNIT, sentence)
    return Sums(found.a_year, None, found.approximate)


def _of_total(pence: int, months: int, questions: Asked) -> int | None:
    """A year's part of a sum for so many months; asked about in any case."""
    if not months:
        questions.ask("annual", Code.FROM_THE_TOTAL, f"£{pence / 100:,.2f} is for the whole contract: what does it cost a year?")
        return None
    annual = int((Decimal(pence) * 12 / months).quantize(Decimal(1), ROUND_HALF_UP))
    sentence = f"£{pence / 100:,.2f} for {months} months is £{annual / 100:,.2f} a year: is that what it costs?"
    questions.ask("annual", Code.FROM_THE_TOTAL, sentence)
    return annual
