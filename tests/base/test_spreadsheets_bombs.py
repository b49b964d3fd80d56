"""Ten small files of each kind of workbook, made to take what a machine has, are refused in a sentence or read in little."""

import struct
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from itertools import chain
from pathlib import Path

import pytest

from base import worker
from base.refusals import Invalid, Refusal, TooLarge
from base.spreadsheets import old_excel, packages, reading, reading_worker, xlsb_pass
from base.spreadsheets.cells import Limits
from base.spreadsheets.compound import Compound
from tests.given import bombs, workbooks
from tests.given.workbooks import ods, ods_cell, ods_row, text_cell, xlsx

pytestmark = pytest.mark.pure

LIMITS = Limits(packed=1_000_000, unpacked=10_000_000, rows=100_000)
MEMORY = 400_000_000  # bytes of address space of the child; Python and the library take half of it
SEEN = [(kind, name) for kind in ("xlsx", "ods") for name in bombs.KINDS[kind]]
BINARY = [(kind, name) for kind in ("xls", "xlsb") for name in bombs.KINDS[kind]]


def write(path: Path, content: bytes) -> None:
    path.write_bytes(content)


@pytest.mark.parametrize(("kind", "name"), SEEN)
def test_our_pass_refuses_a_bomb_before_the_library_sees_it(tmp_path: Path, kind: str, name: str) -> None:
    path = tmp_path / "bomb"
    path.write_bytes(bombs.KINDS[kind][name]())
    with pytest.raises(Refusal), path.open("rb") as file:
        package = packages.looked_through(file, LIMITS)
        for marks in (*package.by_name.values(), *package.in_order):
            marks.check(LIMITS)


def test_there_are_ten_of_each_kind() -> None:
    assert {kind: len(made) for kind, made in bombs.KINDS.items()} == dict.fromkeys(("xlsx", "ods", "xls", "xlsb"), 10)


def test_a_rectangle_of_more_than_twenty_million_cells_is_refused_with_the_cell_that_makes_it(tmp_path: Path) -> None:
    def content(last: str, row: int) -> bytes:
        return xlsx(f'<row r="1">{text_cell("A1", "x")}</row><row r="{row}">{text_cell(last, "x")}</row>')

    path = tmp_path / "wide"
    path.write_bytes(content("T1000000", 1_000_000))
    with path.open("rb") as file:
        packages.looked_through(file, LIMITS).by_name["S1"].check(LIMITS)
    path.write_bytes(content("T1000001", 1_000_001))
    with path.open("rb") as file, pytest.raises(TooLarge, match="as far as cell T1000001, 20,000,020 cells"):
        packages.looked_through(file, LIMITS).by_name["S1"].check(LIMITS)


@pytest.mark.parametrize(("cells", "is_refused"), [(625, False), (626, True)])
def test_a_text_that_many_cells_show_counts_for_each(tmp_path: Path, cells: int, *, is_refused: bool) -> None:
    """Of 32,000 characters, which are 20,000,000 at the limit."""
    path = tmp_path / "text"
    row = ods_row(ods_cell("x" * 32_000), more=f'table:number-rows-repeated="{cells}"')
    for content in (bombs.shared(cells), ods(row)):
        path.write_bytes(content)
        with path.open("rb") as file:
            package = packages.looked_through(file, LIMITS)
        [marks] = (*package.by_name.values(), *package.in_order)
        assert marks.letters == cells * 32_000
        if is_refused:
            with pytest.raises(TooLarge, match="shows 20 million characters of text"):
                marks.check(LIMITS)
        else:
            marks.check(LIMITS)


def test_the_texts_of_an_xlsb_count_for_each_cell_that_shows_them() -> None:
    lengths = xlsb_pass.lengths_of([bombs.xlsb_part("xl/sharedStrings.bin")])
    alone = xlsb_pass.passed([bombs.xlsb_part(bombs.SHEET_BINARY)], lengths).letters
    assert alone == sum(lengths), "each is in one cell"
    tenfold = [length * 10 for length in lengths]
    assert xlsb_pass.passed([bombs.xlsb_part(bombs.SHEET_BINARY)], tenfold).letters == alone * 10


def measured(content: bytes, path: Path) -> None:
    path.write_bytes(content)
    with path.open("rb") as file:
        old_excel.looked_through(file, LIMITS)


@pytest.mark.parametrize("cut", [8_000, 13])
def test_the_texts_of_an_xls_count_for_each_cell_that_shows_them(tmp_path: Path, cut: int) -> None:
    """At the limit, whatever the pieces that their table comes in; what is no text's is none."""
    others = [bombs.shown(700, 1, 0), bombs.shown(701, 1, 2), bombs.shown(702, 1, 9)]
    rows = [bombs.shown(row, 0, 1) for row in range(624)]
    texts = bombs.shared_texts("\xe9" * 31_995, "x" * 32_000, "small", cut=cut)
    within = bombs.xls_stream(b"".join(rows + others), texts=texts)
    measured(workbooks.in_compound(within), tmp_path / "x")
    with reading.opened(tmp_path / "x", LIMITS) as book:
        read = [row.cells for row in book.sheets[0].rows()]
    assert sum(map(len, chain.from_iterable(read))) == 625 * 32_000 == LIMITS.letters, "as the library reads it"
    beyond = bombs.xls_stream(b"".join(rows + others + [bombs.shown(800, 0, 2)]), texts=texts)
    with pytest.raises(TooLarge, match="shows 20 million characters of text"):
        measured(workbooks.in_compound(beyond), tmp_path / "y")


CORNERS = bombs.shown(0) + bombs.shown(65_535, 255)
NAME = bombs.shared_texts("Name")
RK = bombs.record(0x00BD, struct.pack("<HH", 65_535, 0) + bytes(6 * 400) + struct.pack("<H", 399))


@pytest.mark.parametrize(
    ("stream", "sentence"),
    [
        (bombs.xls_stream(CORNERS, texts=NAME, sheets=2), "reach over 33,554,432 cells"),
        (bombs.xls_stream(bombs.shown(0) + RK, texts=NAME), "as far as cell OJ65536"),
        (bombs.xls_stream(b"", texts=NAME, size=struct.pack("<IIHHH", 0, 1_000_000, 0, 256, 0)), "as far as cell IV1000000"),
        (bombs.xls_stream(bombs.shown(0), texts=NAME, sheets=51), "more than 50 sheets"),
        (bombs.xls_stream(bombs.of_spaces(5), texts=NAME), "damaged"),
        (bombs.xls_stream(bombs.record(0x0006, bytes(8_225)), texts=NAME), "damaged"),
        (bombs.xls_stream(bombs.shown(0), texts=bombs.record(0x00FC, bytes(4) + bombs.MOST)), "damaged"),
    ],
)
def test_what_an_xls_would_take_is_known_before_the_library_sees_it(tmp_path: Path, stream: bytes, sentence: str) -> None:
    with pytest.raises(Refusal, match=sentence):
        measured(workbooks.in_compound(stream), tmp_path / "x")


def test_one_sheet_of_an_xls_may_reach_to_its_last_cell_and_a_formula_may_have_spaces(tmp_path: Path) -> None:
    measured(workbooks.in_compound(bombs.xls_stream(CORNERS + bombs.of_spaces(4), texts=NAME)), tmp_path / "x")


@pytest.mark.parametrize("letters", [10, 64_000])
def test_the_stream_of_an_xls_is_put_together_as_the_library_does(tmp_path: Path, letters: int) -> None:
    """From small sectors too, and from a table of sectors that takes several."""
    stream = bombs.xls_stream(bombs.shown(0) + bombs.shown(1, 1, 1), texts=bombs.shared_texts("Name", "x" * letters))
    (tmp_path / "x").write_bytes(workbooks.in_compound(stream))
    with (tmp_path / "x").open("rb") as file:
        assert Compound(file).stream("Workbook", "Book") == stream
    with reading.opened(tmp_path / "x", LIMITS) as book:
        rows = list(book.sheets[0].rows())
    assert [(row.number, len(row.cells)) for row in rows] == [(1, 1), (2, 2)]


@pytest.mark.parametrize(("kind", "name"), BINARY)
def test_a_binary_bomb_is_read_in_little_or_refused_in_a_sentence(tmp_path: Path, kind: str, name: str) -> None:
    path = tmp_path / "bomb"
    path.write_bytes(bombs.KINDS[kind][name]())
    with suppress(Refusal), reading.opened(path, LIMITS) as book:
        assert sum(len(list(sheet.rows())) for sheet in book.sheets) < 10


def test_the_rectangle_of_an_xlsb_is_measured_whatever_the_blocks_it_comes_in(tmp_path: Path) -> None:
    path = tmp_path / "bomb"
    path.write_bytes(bombs.KINDS["xlsb"]["cells at the far corner"]())
    with path.open("rb") as file, pytest.raises(TooLarge, match="as far as cell XFD1048576, 17,179,869,184 cells"):
        packages.looked_through(file, LIMITS)
    for content, reaches in ((bombs.xlsb_part(bombs.SHEET_BINARY), None), (bombs.far_cells(), (1_048_576, 16_383))):
        whole = xlsb_pass.passed([content])
        assert (whole.last_row, whole.last_column) == (reaches or (3, 3))
        for size in (1, 7, 4096):
            cut = xlsb_pass.passed(content[at : at + size] for at in range(0, len(content), size))
            assert (cut.last_row, cut.last_column, cut.first_column) == (whole.last_row, whole.last_column, 0)
    ends_with_a_cell = bombs.far_cells()[: bombs.far_cells().rindex(b"\x92\x01\x00")]
    assert xlsb_pass.passed([ends_with_a_cell]).last_column == 16_383


async def outcome(path: Path, make: Callable[[], bytes], limits: Limits = LIMITS) -> str:
    write(path, make())
    try:
        await reading_worker.looked_at(path, limits, first=5)
    except (Invalid, TooLarge) as refusal:
        return refusal.sentence
    return "read"


async def test_a_child_that_is_ended_by_a_signal_is_refused_as_one_that_takes_too_much(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The library asks for more than there is, and aborts."""
    monkeypatch.setattr(worker, "MEMORY", MEMORY)
    larger = replace(LIMITS, unpacked=200_000_000)
    assert await outcome(tmp_path / "x", lambda: bombs.shared(12_000), larger) == worker.TOO_MUCH
    assert "as far as cell XFD1048576" in await outcome(tmp_path / "y", bombs.XLSB["cells at the far corner"])
    assert await outcome(tmp_path / "z", bombs.ODS["a long text that stands for many"]) != "read"
