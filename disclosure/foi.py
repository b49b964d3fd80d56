"""Answers to requests under the Freedom of Information Act, out of a school's own records: made as a file, kept as an entry.

The entry says which columns were given, which were left out and under which section, of how many rows; whom it was for is a
reference, and may be erased. Names that were blanked are in neither.
"""

import zipfile
from enum import StrEnum
from typing import BinaryIO, Final

import audit
from audit.log import subjects
from base import text
from base.refusals import Forbidden, Invalid, refuse_together
from base.spreadsheets.writing import Csv, Xlsx
from base.viewer import Viewer, must_write
from base.words import count
from disclosure import answer, collecting, sheets
from disclosure.answer import GIVEN, NOT_ASKED, Answer, Wanted
from disclosure.events import Event
from disclosure.foi_sections import Section, by_number
from disclosure.sheets import TITLES, Part, Table
from web.http.downloads import digest_of

PARTS: Final = (Part.SUPPLIERS, Part.REVIEWS, Part.NOTES, Part.CONTRACTS, Part.HAPPENED)
LONGEST_REFERENCE: Final = 60
MOST_BLANKED: Final = 100  # names to take out
LONGEST_NAME: Final = 100
FIRST_WIDTH: Final = 36  # characters
ABOUT: Final = ("Supplier", "Contract")  # the columns that say what a row is about
LEFT_OUT: Final = ("What was left out", "Section", "Heading in the Freedom of Information Act 2000", "Kind", "Where to read it")

KEPT_FROM_YOU: Final = (
    "Your school has criticism of suppliers that you don't read here, so your answer would leave it out unsaid. "
    "Ask a business manager or head who declared no interest in a supplier."
)


class AnswerFormat(StrEnum):
    XLSX = "xlsx"
    ZIP = "zip"  # of two CSVs: the answer, and what was left out

    @property
    def media_type(self) -> str:
        kind = "vnd.openxmlformats-officedocument.spreadsheetml.sheet" if self is AnswerFormat.XLSX else "zip"
        return f"application/{kind}"


async def table_of(viewer: Viewer, part: Part) -> Table:
    """The list that an answer is made of, whole. Raises Forbidden for whoever doesn't read all of it."""
    must_write(viewer)
    collected = await collecting.everything(viewer)
    if collected.records.kept_back and part in (Part.REVIEWS, Part.NOTES):
        raise Forbidden(KEPT_FROM_YOU)
    return sheets.of(collected, part)


async def give(viewer: Viewer, part: Part, wanted: Wanted, *, reference: str, made_as: str, to: BinaryIO) -> AnswerFormat:
    """Writes the answer to ``to`` and keeps the entry. Raises Invalid that names what is wrong, Forbidden."""
    table = await table_of(viewer, part)
    refuse_together(
        lambda: text.line(reference, field="reference", longest=LONGEST_REFERENCE, missing="Enter the reference of the request."),
        lambda: _check_columns(wanted, table),
        lambda: _check_about(wanted, table),
        lambda: _check_names(wanted),
        lambda: _format(made_as),
    )
    found, chosen = answer.of(table, wanted), _format(made_as)
    _write(found, TITLES[part], chosen, to)
    facts = {
        "list": part.value,
        "given": list(found.table.headings),
        "withheld": [f"{heading}: section {section}" for heading, section in found.left_out],
        "rows": len(found.table.rows),
        "passages_blanked": found.blanked,
        "format": chosen.value,
        "sha256": digest_of(to),
    }
    personal = {"reference": text.line(reference, field="reference")}
    async with audit.recording(viewer) as record:
        subject = subjects.records(digest_of(to))
        record(Event.FOI_ANSWERED, stream=subjects.FOI, subject=subject, facts=facts, personal=personal)
    return chosen


def abouts(table: Table) -> list[tuple[str, str]]:
    """What an answer can be about alone: each supplier, or contract, of the list."""
    place = next((place for place, heading in enumerate(table.headings) if heading in ABOUT), None)
    named = {str(row[place]) for row in table.rows if place is not None and row[place]}
    return [(name, name) for name in sorted(named, key=str.casefold)]


def _check_about(wanted: Wanted, table: Table) -> None:
    if wanted.about and (wanted.about, wanted.about) not in abouts(table):
        raise Invalid("Choose from the list.", about="Choose from the list what the answer is about.")


def _check_names(wanted: Wanted) -> None:
    if len(wanted.blank) > MOST_BLANKED:
        sentence = f"Enter at most {MOST_BLANKED} names."
        raise Invalid(sentence, blank=sentence)
    for name in wanted.blank:
        text.line(name, field="blank", longest=LONGEST_NAME)


def _check_columns(wanted: Wanted, table: Table) -> None:
    if any(choice not in (GIVEN, NOT_ASKED) and choice not in by_number() for choice in wanted.columns.values()):
        raise Invalid("Choose from the list what becomes of each column.", columns="Choose from the list.")
    if not any(wanted.columns.get(place) == GIVEN for place in range(len(table.headings))):
        sentence = "Give at least one column. Where nothing is given, answer by letter."
        raise Invalid(sentence, columns=sentence)


def _format(made_as: str) -> AnswerFormat:
    if made_as not in set(AnswerFormat):
        raise Invalid("Choose Excel or CSV.", format="Choose Excel or CSV.")
    return AnswerFormat(made_as)


def _left_out(found: Answer) -> Table:
    sections = by_number()
    rows = [
        [heading, f"section {n}", sections[n].heading, sections[n].kind, sections[n].address] for heading, n in found.left_out
    ]
    if found.blanked:
        rows.append([f"Names in texts, in {count(found.blanked, 'place')}", *_cited(sections["40"])])
    return Table(LEFT_OUT, rows)


def _cited(one: Section) -> tuple[str, ...]:
    return f"section {one.section}", one.heading, one.kind, one.address


def _write(found: Answer, title: str, made_as: AnswerFormat, to: BinaryIO) -> None:
    if made_as is AnswerFormat.XLSX:
        book = Xlsx(to, sheet=title, first_width=FIRST_WIDTH)
        _add(book, found.table)
        book.begin("What was left out", first_width=FIRST_WIDTH)
        _add(book, _left_out(found))
        book.close()
        return
    with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, table in (("answer.csv", found.table), ("left-out.csv", _left_out(found))):
            with archive.open(name, "w") as file:
                one = Csv(file)  # type: ignore[arg-type]
                _add(one, table)
                one.close()


def _add(to: Xlsx | Csv, table: Table) -> None:
    to.add(table.headings)
    for row in table.rows:
        to.add(row)
