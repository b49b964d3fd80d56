"""The timeline as CSV, Excel and PDF: for people, harmless in a spreadsheet, the same bytes for the same rows."""

import csv
import io
import zlib
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import openpyxl
import pytest

import database
from audit import sheet
from audit.packs import font, report_pdf, report_xlsx, reports
from audit.packs.extent import Extent, Scope
from audit.packs.timeline_file import TimelineFormat, download
from audit.sheet import TimelineRow
from base.refusals import Invalid
from base.viewer import Role, Viewer
from sharing.tables import School
from suppliers.directory import directory
from suppliers.opinions import notes, reviews
from suppliers.opinions.notes import About
from suppliers.opinions.opinion import Opinion
from tests.conftest import Template
from tests.given.builders import a_person, a_school, events_of, signed_in
from tests.given.plain_words import UNPLAIN
from tests.given.town import town_of
from vouch.wiring import SOURCES

EVIL = '=HYPERLINK("http://evil.example","click")'
HOSTILE = (
    EVIL, "+1+1", "-2", "@SUM(A1)", "\t=1", "'=1", "http://evil.example", "mailto:a@evil.example", "0012", "1e5", "TRUE",
    '#panic("x") $x^2$ *bold* @ref <label> \\ `raw` //x /*x*/',
    "👩🏽‍🏫 عربى 中文 \u202egnp", "a\x07\x1b\nb", "x" * 40_000, "_x0041_",
)  # fmt: skip
FRAME = reports.Frame("Oakfield Primary", ("Everything.",), (("Entries", "3"),), datetime(2026, 9, 21, 14, 13, tzinfo=UTC))


def a_row(entry: int = 1, text: str = "", **more: Any) -> TimelineRow:
    told: dict[str, Any] = {
        "happened": "2026-09-01",
        "recorded": "2026-09-21T14:13:20Z",
        "lag": 20,
        "what": "Changed a review",
        "evidence": "",
        **dict.fromkeys(("who", "old", "new", "reason"), text),
    }
    return TimelineRow(entry, **told | more)


def workbook(rows: list[TimelineRow], path: Path) -> Any:
    made = report_xlsx.XlsxReport(path)
    made.add(rows)
    made.finish(FRAME)
    return openpyxl.load_workbook(path)


def printed(rows: list[TimelineRow]) -> bytes:
    to = io.BytesIO()
    made = report_pdf.PdfReport(to)
    made.add(rows)
    made.finish(FRAME)
    return to.getvalue()


@pytest.mark.pure
def test_no_text_becomes_a_formula_a_link_or_a_number(tmp_path: Path) -> None:
    book = workbook([a_row(n, text) for n, text in enumerate(HOSTILE)], tmp_path / "book.xlsx")
    cells = [cell for worksheet in book for row in worksheet.iter_rows() for cell in row]
    assert [cell.value for cell in cells if cell.data_type == "f" or cell.hyperlink] == []
    kept = [book["Timeline"].cell(n + 2, 5).value for n in range(len(HOSTILE))]
    assert kept[:11] == list(HOSTILE[:11])
    assert len(kept[HOSTILE.index("x" * 40_000)]) == report_xlsx.LONGEST


@pytest.mark.pure
def test_days_and_times_are_dates_and_the_first_row_stays(tmp_path: Path) -> None:
    sheets = workbook([a_row(7, flags=("late", "corrected")), a_row(8, happened="in spring")], tmp_path / "book.xlsx")
    rows = [[cell.value for cell in row] for row in sheets["Timeline"].iter_rows()]
    assert rows[0] == list(reports.HEADINGS)
    assert rows[1][:4] == [7, datetime(2026, 9, 1), datetime(2026, 9, 21, 15, 13, 20), 20]  # noqa: DTZ001 - Excel knows no zones
    assert sheets["Timeline"].freeze_panes == "A2"
    assert sheets["Timeline"].auto_filter.ref == "A1:J3"
    exceptions = [[cell.value for cell in row] for row in sheets["Exceptions"].iter_rows()]
    assert [row[:2] for row in exceptions[1:]] == [["recorded late, corrected", 7]]
    assert reports.HOW_TO_CHECK in {row[1].value for row in sheets["About this file"].iter_rows()}


@pytest.mark.pure
def test_the_same_rows_give_the_same_bytes(tmp_path: Path) -> None:
    rows = [a_row(n, text) for n, text in enumerate(HOSTILE)]
    for name in ("a.xlsx", "b.xlsx"):
        workbook(rows, tmp_path / name)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    assert printed(rows) == printed(rows)


@pytest.mark.pure
def test_hostile_text_is_printed_and_not_obeyed_in_pages_that_can_be_read_aloud() -> None:
    pdf = printed([a_row(n, text) for n, text in enumerate(HOSTILE)])
    assert pdf.startswith(b"%PDF-")
    assert b"/MarkInfo" in pdf
    assert b"pdfuaid:part" in pdf or b"pdfuaid:part" in _unpacked(pdf)
    assert b"evil.example" not in pdf  # no link of that name


def _unpacked(pdf: bytes) -> bytes:
    found = b""
    for part in pdf.split(b"stream\n")[1:]:
        try:
            found += zlib.decompress(part)
        except zlib.error:
            continue
    return found


@pytest.mark.pure
def test_a_long_trail_is_printed_by_its_last_entries_and_says_so() -> None:
    made = report_pdf.PdfReport(io.BytesIO())
    made.add(a_row(n, flags=("late",)) for n in range(report_pdf.MOST_ROWS + 20))
    document = made._document(FRAME)
    assert (len(document["rows"]), document["rows"][-1][0]) == (report_pdf.MOST_ROWS, str(report_pdf.MOST_ROWS + 19))
    assert document["limit_note"] == "Only the last 500 of 520 are printed; the Excel and CSV files have all of them."
    assert len(document["exceptions"]) == report_pdf.MOST_EXCEPTIONS


@pytest.mark.pure
def test_what_the_font_lacks_is_one_sign_and_nothing_turns_the_writing_round() -> None:
    assert font.shown("Łódź café → €5…") == "Łódź café → €5…"
    assert font.shown("a\u202eb 中文 \x07") == "ab □□ □"
    assert font.BREAK in font.shown("x" * 60)


@pytest.fixture
async def ann(db: object) -> Viewer:
    ann = await a_person(await a_school())
    boilers = (await directory.add(ann, name="Ashby Boilers")).id
    said = Opinion(interest=None, rating=4, praise=EVIL, criticism="Dear in March.", used_from=None)
    await reviews.review(ann, boilers, opinion=said, version=None)
    await notes.note(ann, boilers, about=About.GOOD, body="Tidy.", happened_on=date(2026, 1, 5))
    return ann


async def taken(viewer: Viewer, made_as: TimelineFormat, stream: str | None = None) -> bytes:
    to = io.BytesIO()
    await download(viewer, made_as, stream=stream, to=to, sources=SOURCES)
    return to.getvalue()


async def test_a_timeline_names_what_happened_and_with_whom_and_is_recorded(ann: Viewer) -> None:
    told = (await taken(ann, TimelineFormat.CSV)).decode("utf-8-sig")
    assert told.startswith(",".join(sheet.COLUMNS))
    assert "Wrote a review: Ashby Boilers" in told
    assert (await events_of(ann.school))[-1] == "timeline.exported"
    assert "timeline.exported" not in told


async def test_what_a_person_reads_has_no_names_of_fields_ids_or_codes(template: Template, tmp_path: Path) -> None:
    """Of all that a school with one of everything did."""
    async with town_of(template, tmp_path) as town:
        told = (await taken(town.viewers["ann"], TimelineFormat.CSV)).decode("utf-8-sig")
    rows = list(csv.DictReader(told.splitlines()))
    unplain = {
        f"{row['what']}: {row[column]} has {what}"
        for row in rows
        for column in ("what", "old", "new")
        for what, shape in UNPLAIN.items()
        if shape.search(row[column])
    }
    assert unplain == set()
    assert len(rows) > 50


async def test_a_note_of_long_ago_is_among_the_exceptions(ann: Viewer) -> None:
    book = openpyxl.load_workbook(io.BytesIO(await taken(ann, TimelineFormat.XLSX)))
    (why, *_, evidence) = [[cell.value for cell in row] for row in book["Exceptions"].iter_rows()][1]
    assert (why, evidence) == ("recorded late", None)


def test_what_an_auditor_with_some_streams_takes_is_told_by_their_names() -> None:
    ann = Viewer(uuid4(), "Ann Archer", uuid4(), "Oakfield Primary", Role.BUSINESS_MANAGER)
    auditor = replace(ann, role=Role.AUDITOR, streams=frozenset({"supplier:b", "supplier:a"}))
    assert Scope().stream_names(ann) == Scope().stream_names(None) == "all"
    assert Scope().stream_names(auditor) == ["supplier:a", "supplier:b"]
    assert Scope(("supplier:a",)).stream_names(auditor) == Scope(("supplier:a",)).stream_names(ann) == ["supplier:a"]


@pytest.mark.pure
def test_a_supplier_without_a_name_is_not_called_the_trail_itself() -> None:
    boilers, gone = f"supplier:{uuid4()}", f"supplier:{uuid4()}"

    def covered(*streams: str) -> str:
        tags = dict.fromkeys(streams, bytes(16))
        extent = Extent("", 1, tags, is_all=False, since=None, until=None, unread=(), erased={})
        head = reports.TreeHead(1, bytes(32), None, ())
        return reports.frame("Oakfield Primary", extent, head, names={boilers: "Ashby Boilers"}, made_at=0).about[0]

    assert covered(boilers, gone) == "Only what was recorded about: Ashby Boilers."
    assert covered(boilers, "trail") == "Only what was recorded about: Ashby Boilers; what concerns the trail itself."


async def test_one_streams_timeline_is_of_that_stream_only(ann: Viewer) -> None:
    drains = (await directory.add(ann, name="Dene Drains")).id
    csv = (await taken(ann, TimelineFormat.CSV, f"supplier:{drains}")).decode()
    assert csv.count("\r\n") == 2
    with pytest.raises(Invalid):
        await taken(ann, TimelineFormat.CSV, "supplier:nowhere")


async def test_a_governors_timeline_holds_no_criticism(ann: Viewer) -> None:
    async with database.read():
        school = await School.objects().get(School.id == ann.school)
    assert school is not None
    gil = await a_person(school, Role.GOVERNOR, "Gil Marsh")
    assert b"Dear in March" not in await taken(gil, TimelineFormat.CSV)
    assert b"Dear in March" in await taken(ann, TimelineFormat.CSV)


async def test_where_no_pdf_can_be_made_the_page_to_print_is_named(ann: Viewer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report_pdf, "find_spec", lambda _: None)  # as on an installation without the extra
    async with signed_in(ann) as browser:
        answer = await browser.post("/trail/download", data={"format": "pdf"})
    assert answer.status_code == 503
    assert "Print the page from your browser" in answer.text
    assert (await events_of(ann.school))[-1] != "timeline.exported"
