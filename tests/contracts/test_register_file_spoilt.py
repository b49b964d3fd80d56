"""Whatever stands in a cell: never a crash, never a value that can't be found in the cell, and every row is accounted for."""

import csv
import io
import re
import tempfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from base.refusals import Refusal
from base.spreadsheets.cells import SheetRow
from base.spreadsheets.reading import Sheet
from contracts.register_file import naming, stretch
from contracts.register_file.extending import read_extensions
from contracts.register_file.money import read_sum
from contracts.register_file.notices import read_method, read_notice
from contracts.register_file.periods import NUMBERS, Length
from contracts.register_file.register_file import read, read_sheet
from contracts.register_file.renewing import read_renewing
from contracts.register_file.wording import some
from tests.given import secondary_register

pytestmark = pytest.mark.pure

PIECES = sorted(
    some(
        "1 3 12 30 90 2025 26 1,200 £4,860 12k 45901 31/08/2026 1/9/24 31/9/25 Aug Sept August-26 month "
        "months weeks days years term terms rolling rolls auto renew Y N no not none n/a TBC ? * + - – / ( ) "
        ", ; x £ % pa pcm per quarter VAT ex est c. approx and or to from until by for unless if before after "
        "end start extended option first taken notice written post email half one three annual ongoing "
    )
)
CELLS = st.one_of(
    st.lists(st.sampled_from(PIECES), max_size=9).map(" ".join),
    st.lists(st.sampled_from(PIECES), max_size=6).map("".join),
    st.text(),
)
HEADINGS = [
    "School",
    "Service",
    "Supplier",
    "Start",
    "End",
    "Term",
    "Extension",
    "Notice",
    "Renewal",
    "Annual cost",
    "Total cost",
    "Notes",
]


def numbers_in(cell: str) -> set[float]:
    """Every number of the cell, however it is written."""
    digits = {float(found.replace(",", "")) for found in re.findall(r"[0-9][0-9,]*(?:\.[0-9]+)?", cell) if found.strip(",")}
    return digits | {float(n) for word, n in NUMBERS.items() if word in cell.casefold()}


def whole_numbers_in(cell: str) -> set[int]:
    return {int(found) for found in re.findall("[0-9]+", cell)}


def names_the_month(cell: str, month: int) -> bool:
    return f"{date(2000, month, 1):%b}".casefold() in cell.casefold()


@given(CELLS)
def test_a_day_without_a_question_is_in_the_cell(cell: str) -> None:
    for said, day in ((found := stretch.read_start(cell), found.start), (found := stretch.read_end(cell), found.end)):
        if day and not said.questions and not said.of_start and not said.length:
            assert day.day in whole_numbers_in(cell)
            assert day.month in whole_numbers_in(cell) or names_the_month(cell, day.month)
            assert {day.year, day.year % 100} & whole_numbers_in(cell)
        elif day is None and cell.strip() and not said.questions:
            assert said.renewing or said.length or not re.search("[0-9]", cell)


@given(CELLS)
def test_a_sum_is_in_the_cell(cell: str) -> None:
    found = read_sum(cell).value
    if found and found.pence:
        pounds = found.pence / 100
        assert any(abs(pounds - n * scale) < 0.005 for n in numbers_in(cell) for scale in (1, 1000))


@given(CELLS)
def test_a_length_is_in_the_cell(cell: str) -> None:
    notice, renewal = read_notice(cell).value, read_renewing(cell, is_length=True).value
    lengths: list[Length] = [*(notice.lengths if notice else ())]
    lengths += [one.length for one in read_extensions(cell).value or () if one.length]
    lengths += [renewal.roll] if renewal and renewal.roll else []
    lengths += [notice.renewing.roll] if notice and notice.renewing and notice.renewing.roll else []
    for one in lengths:
        by_adverb = (one.n, one.unit.value) in {(1, "years"), (1, "months"), (3, "months"), (1, "weeks")}
        assert one.n in numbers_in(cell) or by_adverb
        assert one.unit.value[0] in cell.casefold() or "+" in cell or by_adverb


@given(CELLS)
def test_no_reader_crashes_and_a_question_is_a_sentence(cell: str) -> None:
    answers = (read_method(cell), naming.read_route(cell), naming.read_status(cell), naming.read_schools(cell, {"a", "b"}))
    every = [question for answer in answers for question in answer.questions]
    every += stretch.read_length(cell).questions
    assert all(question.sentence.endswith(("?", ".")) for question in every)


@given(st.lists(st.lists(CELLS, max_size=len(HEADINGS) + 1), max_size=8))
def test_every_row_is_read_or_left_out_with_a_reason(table: list[list[str]]) -> None:
    rows = [SheetRow(n, tuple(cells)) for n, cells in enumerate([HEADINGS, *table], 1)]
    found = read_sheet(Sheet("", lambda: iter(rows)), rows, named=None)
    seen = sorted([one.row for one in found.contracts] + [one.row for one in found.skipped])
    assert seen == list(range(1, len(rows) + 1)) or seen == list(range(2, len(rows) + 1))
    for contract in found.contracts:
        asked = {what for what, _ in contract.questions}
        for name, field in (("start", "start"), ("notice", "notice"), ("annual", "annual_pence")):
            cell = table[contract.row - 2][
                HEADINGS.index({"start": "Start", "notice": "Notice", "annual": "Annual cost"}[name]) :
            ][:1]
            if cell and re.search("[0-9]", cell[0]) and contract.parsed[field] is None:
                assert asked & {name, "end", "renewal"}


@given(st.binary(max_size=300))
def test_a_spoilt_register_is_read_or_refused_in_a_sentence(junk: bytes) -> None:
    text = secondary_register.SECONDARY.encode()
    _read_or_refused(text[: len(text) // 2] + junk + text[len(text) // 2 :])


def _read_or_refused(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "contracts.csv"
        path.write_bytes(content)
        refused = ""
        try:
            read(path)
        except Refusal as refusal:
            refused = refusal.sentence
        assert refused == "" or refused.endswith(".")


def test_cells_with_line_breaks_keep_the_numbers_of_a_spreadsheet(tmp_path: Path) -> None:
    written = io.StringIO()
    table = csv.writer(written)
    for row in (["Service", "Supplier", "Start"], ["Milk\nand\n\nbread", "B Ltd", "01/09/2025"], [], ["Gas", "C Ltd", "1/10/25"]):
        table.writerow(row)
    path = tmp_path / "contracts.csv"
    path.write_text(written.getvalue(), encoding="utf-8")
    found = read(path).json
    assert [(row["row"], row["parsed"]["title"]) for row in found["rows"]] == [(2, "Milk and bread"), (4, "Gas")]
    assert found["skipped"] == [{"sheet": None, "row": 3, "why": "empty"}]
