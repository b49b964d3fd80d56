"""One row of a register as a contract: every field by its reader, what cells say of each other, and the questions."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final

from base.spreadsheets.cells import column_letters
from base.words import in_words
from contracts.clock.contract import Renewal
from contracts.register_file import date_order, naming, stretch
from contracts.register_file.cells import FORMULA, Cells
from contracts.register_file.days import read_day
from contracts.register_file.extending import Extension, read_extensions
from contracts.register_file.headings import Field
from contracts.register_file.layout import Table
from contracts.register_file.lines import Line
from contracts.register_file.notices import NoticeRead, read_method, read_notice
from contracts.register_file.questions import Answer, Asked, Code, Question, asked, quoted
from contracts.register_file.renewing import Renewing, read_renewing, with_length
from contracts.register_file.stretch import CellSaid, Stretch, combined
from contracts.register_file.sums import sums_of
from contracts.register_file.wording import is_nothing, plain

ORDER: Final = (
    *("title", "supplier", "start", "end", "extensions", "notice", "method", "annual", "total"),
    *("renewal", "route", "schools", "status"),
)


@dataclass(frozen=True, slots=True)
class ContractRow:
    """``parsed`` and ``questions`` as docs/reference/sla-rules.md, R, says; ``also`` is what else the row holds, as it stands.

    ``beside`` are the cells of columns that weren't understood or weren't taken, by their headings.
    """

    row: int
    parsed: dict[str, Any]
    questions: tuple[tuple[str, Question], ...]
    also: dict[str, str] = field(default_factory=dict)
    beside: dict[str, str] = field(default_factory=dict)


def contract_of(row: Line, table: Table, schools: Collection[str]) -> ContractRow:
    """``schools`` are the names that stand alone in the column of schools, in small letters."""
    cells, questions = Cells(row, table), Asked()
    parsed: dict[str, Any] = {
        "title": _named(cells, Field.TITLE, questions, "what is the contract for"),
        "supplier": _named(cells, Field.SUPPLIER, questions, "who is the supplier"),
    }
    _ask_what_is_disputed(cells, questions)
    if parsed["title"] is None and parsed["supplier"] is None:
        questions.ask("title", Code.NO_NAME, "Nothing says what this contract is for, or with whom.")
    ends, said = _stretch(cells, questions)
    extensions = _extensions(cells, ends, said, questions)
    notice = _notice(cells, questions)
    renewal_cell = _renewal_cell(cells)
    notice, renewal_cell = _notice_in_the_renewal(cells, notice, renewal_cell, questions)
    sums = sums_of(cells, ends, questions)
    renewing = _renewing(renewal_cell, [notice.renewing, *(one.renewing for one in said)], ends, questions)
    parsed |= {
        "start": _iso(ends.start),
        "end": _iso(ends.end),
        "renewal": renewing.mode.value if renewing else None,
        "roll": renewing.roll.json if renewing and renewing.roll else None,
        "notice": notice.json,
        "method": _method(cells, notice, questions),
        "extensions": [one.json for one in extensions] or None,
        "annual_pence": sums.annual,
        "total_pence": sums.total,
        "approximate": sums.approximate,
        "officer": naming.read_name(cells.of(Field.OFFICER)),
        "route": questions.take("route", naming.read_route(cells.of(Field.ROUTE))),
        "schools": questions.take("schools", naming.read_schools(cells.of(Field.SCHOOLS), schools)),
        "status": questions.take("status", naming.read_status(cells.of(Field.STATUS))),
        "notes": _notes(cells),
    }
    in_order = sorted(questions.found, key=lambda one: ORDER.index(one[0]))
    return ContractRow(row.number, parsed, tuple(in_order), _also(cells), _beside(cells))


def _named(cells: Cells, name: Field, questions: Asked, what: str) -> str | None:
    if cells.is_formula(name):
        questions.ask(name.value, Code.NO_NAME, FORMULA)
    return questions.take(name.value, naming.read_party(cells.of(name), what))


DISPUTED: Final = {
    Field.SUPPLIER: ("supplier", Code.NO_NAME),
    Field.START: ("start", Code.TERM_AND_END_DISAGREE),
    Field.END: ("end", Code.TERM_AND_END_DISAGREE),
    Field.TERM: ("end", Code.TERM_AND_END_DISAGREE),
    Field.EXTENSIONS: ("extensions", Code.NOT_A_PERIOD),
    Field.NOTICE: ("notice", Code.A_RANGE),
    Field.METHOD: ("method", Code.NOT_A_RULE),
    Field.TOTAL: ("total", Code.NOT_A_SUM),
    Field.SUM: ("annual", Code.NOT_A_SUM),
    Field.RENEWAL: ("renewal", Code.NOT_A_RULE),
    Field.ROLL: ("renewal", Code.ROLL_LENGTH),
    Field.ROUTE: ("route", Code.NOT_A_RULE),
    Field.STATUS: ("status", Code.NOT_A_RULE),
}


def _ask_what_is_disputed(cells: Cells, questions: Asked) -> None:
    for name, (what, code) in DISPUTED.items():
        if cells.is_disputed(name):
            titles = ", ".join(one.title for one in cells.every(name))
            questions.ask(what, code, f"The columns {titles} say different things: which is right?")


def _stretch(cells: Cells, questions: Asked) -> tuple[Stretch, list[CellSaid]]:
    end_is = Field.END if cells.column(Field.END) else Field.RENEWAL_DAY
    said = [
        _said(cells, Field.START, stretch.read_start(cells.of(Field.START)), Code.NOT_A_DATE),
        _said(cells, end_is, stretch.read_end(cells.of(end_is)), Code.NOT_A_DATE),
        _said(cells, Field.TERM, stretch.read_length(cells.of(Field.TERM), unit=cells.unit(Field.TERM)), Code.NOT_A_PERIOD),
    ]
    found = combined(*said, end_is_renewal=end_is is Field.RENEWAL_DAY)
    questions.found += [("start", one) for one in found.start_questions] + [("end", one) for one in found.end_questions]
    return found, said


def _said(cells: Cells, name: Field, said: CellSaid, code: Code) -> CellSaid:
    column = cells.column(name)
    if column and column.meaning and column.meaning.month_first and said != CellSaid():
        return CellSaid(
            questions=(Question(code, f"{column.title} has the month first, Vouch the day: which day is {cells.of(name)}?"),)
        )
    days = date_order.both_ways(cells.of(name)) if column and column.meaning and column.meaning.is_in_doubt else None
    if days:
        either = f"{in_words(days[0])} or {in_words(days[1])}"
        asks = f"Other days of this sheet have the month first: is {quoted(cells.of(name))} {either}?"
        return CellSaid(questions=(Question(code, asks),))
    return CellSaid(questions=(Question(code, FORMULA),)) if cells.is_formula(name) else said


def _extensions(cells: Cells, ends: Stretch, said: Sequence[CellSaid], questions: Asked) -> tuple[Extension, ...]:
    months = stretch.whole_months(ends.start, ends.end) if ends.start and ends.end else 0
    years = months // 12 if months and months % 12 == 0 else None
    cell, column = cells.of(Field.EXTENSIONS), cells.column(Field.EXTENSIONS)
    if column and "extended" in column.title.casefold() and "extended" not in cell.casefold() and read_day(cell).value:
        cell = f"extended to {cell}"
    answer = read_extensions(cell, years=years, unit=cells.unit(Field.EXTENSIONS))
    if cells.is_formula(Field.EXTENSIONS):
        answer = asked(Code.NOT_A_PERIOD, FORMULA)
    own = questions.take("extensions", answer) or ()
    others = {one.extensions for one in said if one.extensions}
    if len(others | ({own} if own else set())) > 1:
        questions.ask("extensions", Code.NOT_A_PERIOD, "Its cells name different extensions: which are right?")
        return ()
    found = own or (others.pop() if others and not answer.questions else ())
    if ends.end and any(one.to and one.to <= ends.end for one in found):
        questions.ask("extensions", Code.END_BEFORE_START, "It is extended to a day that is not after its end: when does it end?")
        return ()
    return found


def _notice(cells: Cells, questions: Asked) -> NoticeRead:
    if cells.is_formula(Field.NOTICE):
        questions.ask("notice", Code.NOT_A_PERIOD, FORMULA)
        return NoticeRead()
    return questions.take("notice", read_notice(cells.of(Field.NOTICE), unit=cells.unit(Field.NOTICE))) or NoticeRead()


def _renewal_cell(cells: Cells) -> Answer[Renewing]:
    if cells.is_formula(Field.RENEWAL):
        return asked(Code.NOT_A_RULE, FORMULA)
    column = cells.column(Field.RENEWAL)
    found = read_renewing(cells.of(Field.RENEWAL), is_length=bool(column and column.meaning and column.meaning.is_length))
    return _with_its_length(found, cells.of(Field.ROLL)) if cells.of(Field.ROLL) else found


def _with_its_length(renewal: Answer[Renewing], cell: str) -> Answer[Renewing]:
    """``cell`` is that of a column "Renewal term" beside the one that says whether it renews."""
    length, of_renewal = read_renewing(cell, is_length=True), renewal.value
    if of_renewal is None or of_renewal.mode is not Renewal.ROLLS or is_nothing(plain(cell)):
        return renewal
    roll = length.value.roll if length.value and length.value.mode is Renewal.ROLLS else None
    if of_renewal.roll and roll != of_renewal.roll:
        return with_length(Renewing(Renewal.ROLLS), cell)
    return with_length(Renewing(Renewal.ROLLS, roll), cell)


def _notice_in_the_renewal(
    cells: Cells, notice: NoticeRead, renewal: Answer[Renewing], questions: Asked
) -> tuple[NoticeRead, Answer[Renewing]]:
    """As "Auto renews annually unless 60 days notice" may stand in the column of renewals, too."""
    cell = cells.of(Field.RENEWAL)
    if "notice" not in cell.casefold() or not renewal.questions:
        return notice, renewal
    beside = read_notice(cell)
    if beside.questions or beside.value is None or beside.value.renewing is None or not beside.value.lengths:
        return notice, renewal
    if notice.lengths and notice.lengths != beside.value.lengths:
        questions.ask("notice", Code.A_RANGE, "Two of its cells name different lengths of notice: which is right?")
        return replace(notice, lengths=()), with_length(beside.value.renewing, cell)
    has_been_asked = any(what == "notice" for what, _ in questions.found)
    lengths = () if has_been_asked else beside.value.lengths
    return replace(notice, lengths=notice.lengths or lengths, method=notice.method or beside.value.method), with_length(
        beside.value.renewing, cell
    )


def _renewing(own: Answer[Renewing], others: Sequence[Renewing | None], ends: Stretch, questions: Asked) -> Renewing | None:
    """What the renewal column says and what other cells do, made one."""
    every = [one for one in (own.value, *others) if one]
    modes = {one.mode for one in every}
    unsure = [one for one in own.questions if one.code is Code.NOT_A_RULE]
    if unsure:
        questions.found += [("renewal", one) for one in unsure]
        return None
    if len(modes) > 1 or (modes == {Renewal.OPEN} and ends.end):
        sentence = "Its cells contradict each other: does it end by itself, renew by itself, or go on until somebody ends it?"
        questions.ask("renewal", Code.NOT_A_RULE, sentence)
        return None
    if not every:
        return None
    rolls = [one.roll for one in every if one.roll]
    are_one = len({(one.months or one.n, bool(one.months) or one.unit) for one in rolls}) == 1
    return questions.take("renewal", with_length(Renewing(every[0].mode, rolls[0] if are_one else None), ""))


def _method(cells: Cells, notice: NoticeRead, questions: Asked) -> str | None:
    own = questions.take("method", read_method(cells.of(Field.METHOD)))
    if own and notice.method and own != notice.method:
        questions.ask(
            "method", Code.NOT_A_RULE, f"Two of its cells say how notice is given, {own} and {notice.method}: which is right?"
        )
        return None
    return own or notice.method


def _notes(cells: Cells) -> str | None:
    found = []
    for column in cells.table.all_of(Field.NOTES):
        cell = cells.row.cells[column.at].strip() if column.at < len(cells.row.cells) else ""
        found += [cell] if cell and naming.read_name(cell) else []
    return "\n".join(dict.fromkeys(found)) or None


WITHOUT_A_PLACE: Final = {Field.DESCRIPTION, Field.REFERENCE, Field.TRIGGER, Field.REVIEW}


def _also(cells: Cells) -> dict[str, str]:
    """What is known and has no place in ``parsed``, by its heading."""
    columns = (one for one in cells.table.columns if one.meaning and one.meaning.field in WITHOUT_A_PLACE)
    return {one.title: cells.row.cells[one.at] for one in columns if one.at < len(cells.row.cells) and cells.row.cells[one.at]}


def _beside(cells: Cells) -> dict[str, str]:
    found = {}
    for one in cells.table.columns:
        is_placed = one.meaning is not None and (one.is_used or one.meaning.field in WITHOUT_A_PLACE)
        cell = cells.row.cells[one.at].strip() if one.at < len(cells.row.cells) else ""
        if cell and not is_placed:
            found[one.title or column_letters(one.at)] = cell
    return found


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
