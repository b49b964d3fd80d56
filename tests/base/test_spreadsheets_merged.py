"""What the reader of spreadsheets tells besides the cells: which are merged, and how many lines a row of text runs over."""

from pathlib import Path

import openpyxl
import pytest

from base.spreadsheets import reading, reading_worker
from base.spreadsheets.reading import opened

pytestmark = pytest.mark.pure


def test_merged_ranges_are_told_of_each_sheet(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    first, second = book.active, book.create_sheet("Second")
    assert first
    for sheet in (first, second):
        sheet["A1"] = "here"
    first.merge_cells("A1:C1")
    first.merge_cells("A4:A600")
    book.save(tmp_path / "merged.xlsx")
    with opened(tmp_path / "merged.xlsx") as found:
        assert [set(sheet.merged) for sheet in found.sheets] == [{"A1:C1", "A4:A600"}, set()]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_row_of_text_says_over_how_many_lines_it_runs(tmp_path: Path, end: str) -> None:
    path = tmp_path / "lines.csv"
    path.write_bytes(end.join(["a,b", '"one', "two", "", 'three",x', "", "c,d"]).encode())
    with opened(path) as found:
        rows = list(found.sheets[0].rows())
    assert [(row.number, row.lines) for row in rows] == [(1, 1), (2, 4), (7, 1)]


async def test_the_child_process_tells_the_lines_too(tmp_path: Path) -> None:
    path = tmp_path / "lines.csv"
    path.write_text('a,b\n"one\ntwo",x\n', encoding="utf-8")
    rows = [row async for some in reading_worker.rows_of(path, reading.SCHOOLS, sheet=0) for row in some]
    assert [(row.number, row.lines) for row in rows] == [(1, 1), (2, 2)]
