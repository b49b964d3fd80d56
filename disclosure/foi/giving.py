"""Answers to requests under the Freedom of Information Act, out of a school's own records: made as a file, kept as an entry.

The entry says which columns were given, which were left out and under which section, of how many rows; whom it was for is a
reference, and why something was left out is in words: both may be erased. Names that were blanked are in neither.
"""

import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import partial
from typing import Any, BinaryIO, Final

import audit
from audit.log import subjects
from base import clock, text
from base.refusals import Forbidden, Invalid, refuse_together
from base.spreadsheets.writing import Csv, Xlsx
from base.viewer import Viewer, must_write
from base.words import count
from disclosure import collecting, sheets
from disclosure.events import Event
from disclosure.foi import answer
from disclosure.foi import reasons as reasons_of
from disclosure.foi.answer import GIVEN, NOT_ASKED, Answer, Wanted, places_about
from disclosure.foi.sections import Section, by_number
from disclosure.record_parts import Table
from disclosure.sheets import TITLES, Part
from web.http.downloads import digest_of

PARTS: Final = (
    *(Part.SUPPLIERS, Part.REVIEWS, Part.NOTES, Part.CONTRACTS, Part.PROMISES, Part.DOCUMENTS, Part.HAPPENED),
    *(Part.MEETINGS, Part.DECISIONS, Part.VARIATIONS, Part.CONCERNS, Part.CREDITS, Part.RATINGS),
    *(Part.QUESTIONS, Part.NOTICES, Part.ENQUIRIES, Part.ANSWERS),
)
NO_LIST: Final = "Choose at least one list."
LONGEST_REFERENCE: Final = 60
MOST_BLANKED: Final = 100  # names to take out
LONGEST_NAME: Final = 100
FIRST_WIDTH: Final = 36  # characters
LEFT_OUT: Final = (
    "List",
    "What was left out",
    "Section",
    "Heading in the Freedom of Information Act 2000",
    "Kind",
    "Where to read it",
    "Why",
)

KEPT_FROM_YOU: Final = (
    "Your school has criticism of suppliers that you don't read here, so your answer would leave it out unsaid. "
    "Ask a business manager or head who declared no interest in a supplier."
)


class AnswerFormat(StrEnum):
    XLSX = "xlsx"
    ZIP = "zip"  # of CSVs: each list, and what was left out

    @property
    def media_type(self) -> str:
        kind = "vnd.openxmlformats-officedocument.spreadsheetml.sheet" if self is AnswerFormat.XLSX else "zip"
        return f"application/{kind}"


@dataclass(frozen=True, slots=True)
class Asked:
    """Of what an answer is made: ``columns`` by list, each as ``Wanted`` has it; ``about`` a supplier or contract, "" for all.

    ``others`` says, by list, what becomes of the columns of which ``columns`` says nothing: NOT_ASKED or a section.
    """

    parts: tuple[Part, ...]
    columns: Mapping[Part, Mapping[int, str]]
    about: str = ""
    blank: Sequence[str] = ()
    reference: str = ""
    reasons: Mapping[str, str] = field(default_factory=dict)  # by ``Ask.of`` its section; days as ISO dates
    others: Mapping[Part, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Lists:
    """The lists that an answer is made of, whole. ``contracts`` has the titles of those with a supplier, by its name."""

    tables: Mapping[Part, Table]
    contracts: Mapping[str, frozenset[str]]

    @property
    def abouts(self) -> list[str]:
        """What an answer can be about alone: each supplier and contract that a list names."""
        named = {str(row[place]) for table in self.tables.values() for place in places_about(table) for row in table.rows}
        return sorted(named - {"", "None"}, key=str.casefold)

    def about(self, name: str) -> frozenset[str]:
        """What rows about it are called: with a supplier its contracts, which lists of what happened name alone."""
        return frozenset({name, *self.contracts.get(name, ())}) if name else frozenset()


async def lists_of(viewer: Viewer, parts: Sequence[Part]) -> Lists:
    """In the order of PARTS. Raises Forbidden for whoever doesn't read all of them, Invalid for none."""
    must_write(viewer)
    if not parts:
        raise Invalid(NO_LIST, list=NO_LIST)
    collected = await collecting.everything(viewer)
    if collected.records.kept_back and {Part.REVIEWS, Part.NOTES} & set(parts):
        raise Forbidden(KEPT_FROM_YOU)
    titles: dict[str, set[str]] = {}
    for one in collected.wholes:
        titles.setdefault(one.supplier, set()).add(str(one.said.values["title"]))
    tables = {part: sheets.of(collected, part) for part in PARTS if part in parts}
    return Lists(tables, {supplier: frozenset(its) for supplier, its in titles.items() if supplier})


async def give(viewer: Viewer, asked: Asked, *, made_as: str, to: BinaryIO) -> AnswerFormat:
    """Writes the answer to ``to`` and keeps the entry. Raises Invalid that names what is wrong, Forbidden."""
    lists = await lists_of(viewer, asked.parts)
    asked = _with_others(asked, lists)
    used, reasons = _used(asked, lists), dict[str, str]()
    refuse_together(
        lambda: text.line(
            asked.reference, field="reference", longest=LONGEST_REFERENCE, missing="Enter the reference of the request."
        ),
        lambda: _check_columns(asked, lists),
        lambda: _check_about(asked, lists),
        lambda: _check_names(asked),
        *(partial(_check_reasons, reasons, one, asked) for one in used),
        lambda: _format(made_as),
    )
    about, chosen = lists.about(asked.about), _format(made_as)
    found = {
        part: answer.of(table, Wanted(about, asked.columns.get(part, {}), asked.blank)) for part, table in lists.tables.items()
    }
    found = {part: one for part, one in found.items() if one.table.headings or one.left_out}
    _write(found, reasons, chosen, to)
    async with audit.recording(viewer) as record:
        subject = subjects.records(digest_of(to))
        personal = {"reference": text.line(asked.reference, field="reference")}
        personal |= {f"{ask}.{one.section}": reasons[ask.of(one.section)] for one in used for ask in one.asks}
        facts = _facts(found) | {"format": chosen.value, "sha256": digest_of(to)}
        record(Event.FOI_ANSWERED, stream=subjects.FOI, subject=subject, facts=facts, personal=personal)
    return chosen


def _with_others(asked: Asked, lists: Lists) -> Asked:
    """With a word on each column of the lists."""
    columns = {
        part: dict.fromkeys(range(len(table.headings)), asked.others.get(part, NOT_ASKED)) | dict(asked.columns.get(part, {}))
        for part, table in lists.tables.items()
    }
    return replace(asked, columns=columns)


def _facts(found: Mapping[Part, Answer]) -> dict[str, Any]:
    """Of the entry: columns by the name of their list."""
    return {
        "lists": [part.value for part in found],
        "given": [f"{part}: {heading}" for part, one in found.items() for heading in one.table.headings],
        "withheld": [f"{part}: {heading}: section {number}" for part, one in found.items() for heading, number in one.left_out],
        "rows": [f"{part}: {len(one.table.rows)}" for part, one in found.items()],
        "passages_blanked": sum(one.blanked for one in found.values()),
    }


def _used(asked: Asked, lists: Lists) -> tuple[Section, ...]:
    """The sections under which a column of one of the lists is left out, by their numbers."""
    chosen = {
        choice
        for part, table in lists.tables.items()
        for place, choice in asked.columns.get(part, {}).items()
        if place < len(table.headings)
    }
    return tuple(section for number, section in by_number().items() if number in chosen)


def _check_reasons(kept: dict[str, str], section: Section, asked: Asked) -> None:
    kept |= reasons_of.checked(section.asks, section.section, asked.reasons, clock.today())


def _check_about(asked: Asked, lists: Lists) -> None:
    if asked.about and asked.about not in lists.abouts:
        raise Invalid("Choose from the list.", about="Choose from the list what the answer is about.")


def _check_names(asked: Asked) -> None:
    if len(asked.blank) > MOST_BLANKED:
        sentence = f"Enter at most {MOST_BLANKED} names."
        raise Invalid(sentence, blank=sentence)
    for name in asked.blank:
        text.line(name, field="blank", longest=LONGEST_NAME)


def _check_columns(asked: Asked, lists: Lists) -> None:
    choices = {choice for columns in asked.columns.values() for choice in columns.values()}
    if choices - {GIVEN, NOT_ASKED, *by_number()} or GIVEN in asked.others.values():
        raise Invalid("Choose from the list what becomes of each column.", columns="Choose from the list.")
    given = (
        asked.columns.get(part, {}).get(place) == GIVEN
        for part, table in lists.tables.items()
        for place in range(len(table.headings))
    )
    if not any(given):
        sentence = "Give at least one column. Where nothing is given, answer by letter."
        raise Invalid(sentence, columns=sentence)


def _format(made_as: str) -> AnswerFormat:
    if made_as not in set(AnswerFormat):
        raise Invalid("Choose Excel or CSV.", format="Choose Excel or CSV.")
    return AnswerFormat(made_as)


def _left_out(found: Mapping[Part, Answer], reasons: Mapping[str, str]) -> Table:
    sections = by_number()
    rows = [[TITLES[part], heading, *_cited(sections[n], reasons)] for part, one in found.items() for heading, n in one.left_out]
    for part, one in found.items():
        if one.blanked:
            rows.append([TITLES[part], f"Names in texts, in {count(one.blanked, 'place')}", *_cited(sections["40"], {})])
    return Table(LEFT_OUT, rows)


def _cited(one: Section, reasons: Mapping[str, str]) -> tuple[str, ...]:
    why = reasons_of.in_a_sentence(one.asks, one.section, reasons)
    return f"section {one.section}", one.heading, one.kind, one.address, why


def _write(found: Mapping[Part, Answer], reasons: Mapping[str, str], made_as: AnswerFormat, to: BinaryIO) -> None:
    """Each list by itself, and one of what was left out of all of them. A list of which nothing is given is only there."""
    given = {part: one.table for part, one in found.items() if one.table.headings}
    if made_as is AnswerFormat.XLSX:
        book = Xlsx(to, sheet=TITLES[next(iter(given))], first_width=FIRST_WIDTH)
        for place, (part, table) in enumerate(given.items()):
            if place:
                book.begin(TITLES[part], first_width=FIRST_WIDTH)
            _add(book, table)
        book.begin("What was left out", first_width=FIRST_WIDTH)
        _add(book, _left_out(found, reasons))
        book.close()
        return
    named = {part.value: table for part, table in given.items()} | {"left-out": _left_out(found, reasons)}
    with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, table in named.items():
            with archive.open(f"{name}.csv", "w") as file:
                one = Csv(file)  # type: ignore[arg-type]
                _add(one, table)
                one.close()


def _add(to: Xlsx | Csv, table: Table) -> None:
    to.add(table.headings)
    for row in table.rows:
        to.add(row)
