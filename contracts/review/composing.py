"""Composes a report for one edition: which parts it has, in which order, and without whose names. Pure."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Final

from base.words import in_words
from contracts.review import record_sections as record
from contracts.review import service_sections as service
from contracts.review.gathered import Gathered
from contracts.review.promises import promise, sentence
from contracts.review.report import Cell, Edition, FigureRow, PromiseReport, ReportSection, ReviewReport

Made = ReportSection | Iterable[ReportSection]
COLLEAGUE: Final = "a colleague"
PERIODS_SHORT: Final = 2  # of a promise, in the edition of two pages
MOST_SHORT: Final = 4  # rows of a part, in the edition of two pages
LONGEST_SHORT: Final = 240  # characters of a cell in it
SHORTEST: Final = 4  # characters of a name that is taken out of texts: shorter ones are parts of words

# What each edition holds, in its order. Whoever adds a part decides here who reads it.
PARTS: Final[dict[Edition, tuple[Callable[[Gathered, Edition], Made], ...]]] = {
    Edition.MEETING: (
        record.agenda, record.actions, service.breaches, service.disputed, service.left_out, service.pauses, record.credits_,
        record.price, service.documents, record.variations, record.meetings, record.shared_topics, record.ahead,
        record.not_known, service.events, record.verify,
    ),
    Edition.GOVERNORS: (
        service.breaches, record.actions, record.credits_, record.price, record.decided, record.ahead, record.not_known,
        record.verify,
    ),
    Edition.FILE: (
        record.actions, service.breaches, service.disputed, service.left_out, service.pauses, record.credits_, record.price,
        service.documents, record.variations, record.meetings, record.all_topics, record.register_notes, record.ahead,
        record.award, record.at_its_end, record.not_known, service.events, record.verify,
    ),
}  # fmt: skip


def compose(found: Gathered, edition: Edition) -> ReviewReport:
    """Takes a second for ten thousand events: call it in a thread."""
    contract = found.contract
    days = f"{in_words(found.first)} to {in_words(found.last)}"
    report = ReviewReport(
        edition, contract.title, contract.supplier, contract.school, str(contract.values.get("officer") or ""), found.first,
        found.last, found.now.replace(microsecond=0), sentence(found.promises, contract.supplier, days),
        tuple(_promises(found, edition)), tuple(_sections(found, edition)),
    )  # fmt: skip
    return without(report, found.staff) if edition is Edition.MEETING else report


def _promises(found: Gathered, edition: Edition) -> Iterator[PromiseReport]:
    for one in found.promises:
        whole = promise(one, found.metrics, found.last)
        yield replace(whole, rows=whole.periods[-PERIODS_SHORT:]) if edition is Edition.GOVERNORS else whole


def without(report: ReviewReport, names: Iterable[str]) -> ReviewReport:
    """The report with "a colleague" wherever one of the names was typed, however it is written large and small."""
    there = [re.escape(name.strip()) for name in names if len(name.strip()) >= SHORTEST]
    if not there:
        return report
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(there)})(?!\w)", re.IGNORECASE)

    def plain(text: str) -> str:
        return pattern.sub(COLLEAGUE, text)

    def cell(value: Cell) -> Cell:
        return plain(value) if isinstance(value, str) else value

    sections = tuple(
        replace(one, lines=tuple(map(plain, one.lines)), rows=tuple(tuple(map(cell, row)) for row in one.rows))
        for one in report.sections
    )
    promises = tuple(_renamed(one, plain) for one in report.promises)
    return replace(
        report, title=plain(report.title), sentence=plain(report.sentence), promises=promises, sections=sections
    )  # fmt: skip


def _renamed(one: PromiseReport, plain: Callable[[str], str]) -> PromiseReport:
    def row(figure: FigureRow) -> FigureRow:
        return replace(figure, promise=plain(figure.promise))

    rows, latest = tuple(map(row, one.rows)), row(one.latest) if one.latest else None
    return replace(one, name=plain(one.name), clause=plain(one.clause), latest=latest, rows=rows)


def _sections(found: Gathered, edition: Edition) -> Iterator[ReportSection]:
    """Those that say something; the others are named, a line each, with what is missing."""
    made = list(_parts(found, edition))
    empty = tuple(f"{one.title}: not recorded." for one in made if one.is_empty)
    for one in made:
        if one.name == record.NOT_KNOWN:
            yield replace(one, lines=(*one.lines, *empty) or (record.NOTHING_MISSING,))
        elif not one.is_empty:
            yield _short(one) if edition is Edition.GOVERNORS else one


def _parts(found: Gathered, edition: Edition) -> Iterator[ReportSection]:
    for part in PARTS[edition]:
        made = part(found, edition)
        yield from (made,) if isinstance(made, ReportSection) else made


def _short(one: ReportSection) -> ReportSection:
    """As much of a part as two pages have room for."""
    rows = tuple(tuple(cell[:LONGEST_SHORT] if isinstance(cell, str) else cell for cell in row) for row in one.rows[:MOST_SHORT])
    more = len(one.rows) - len(rows)
    lines = tuple(line[:LONGEST_SHORT] for line in one.lines[:MOST_SHORT])
    return replace(one, rows=rows, lines=(*lines, f"{more:,} more are in the edition for the file.") if more else lines)
