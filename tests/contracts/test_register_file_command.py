"""`vouch contracts import --dry-run`, as somebody with a register uses it: no database, no settings."""

import json
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result

from contracts.register_file import register_file
from tests.given.checkout import ROOT
from vouch.cli import main, vouch

pytestmark = pytest.mark.pure

A = ROOT / "tests/data/sla/registers/A_primary.csv"
B = ROOT / "tests/data/sla/registers/B_trust.xlsx"


def read(file: Path, *options: str) -> Result:
    return CliRunner().invoke(
        vouch, ["contracts", "import", str(file), "--dry-run", *options], env={"VOUCH_DATABASE_URL": "no such thing"}
    )


def test_the_parse_is_one_line_of_json() -> None:
    result = read(A, "--json")
    assert (result.exit_code, result.stderr) == (0, "")
    assert json.loads(result.stdout) == json.loads(json.dumps(register_file.read(A).json))


def test_a_person_reads_what_is_asked_and_what_was_left_out() -> None:
    lines = read(A).stdout.splitlines()
    assert lines[0] == "Windows-1252 text separated by commas. Nothing was saved."
    assert lines[1] == "Headings in row 4; contracts: 28, with something to ask: 16."
    assert (
        "  Row 18, Boiler servicing, start: “31/09/2025” is not in the calendar when the day comes first: which day is it?"
        in lines
    )
    assert lines[-1] == "  Row 36 left out: remark."


def test_one_sheet_can_be_named() -> None:
    rows = json.loads(read(B, "--sheet", "ended", "--json").stdout)["rows"]
    assert [(row["sheet"], row["row"]) for row in rows] == [("Ended", 4), ("Ended", 5), ("Ended", 6)]
    result = read(B, "--sheet", "Old")
    assert result.exit_code == 2
    assert result.stderr == "There is no sheet called Old in this file. There are: LIVE CONTRACTS, Ended, READ ME.\n"


def test_what_cant_be_read_is_a_sentence_and_exit_status_2(tmp_path: Path) -> None:
    notes = tmp_path / "notes.csv"
    notes.write_text("Just,some\nnotes,here\n", encoding="utf-8")
    large = tmp_path / "large.csv"
    large.write_text("Service,Supplier,Start\n" + "A,B,1/9/25\n" * (register_file.LIMITS.rows + 200), encoding="utf-8")
    wide = tmp_path / "wide.csv"
    wide.write_text("Service,Supplier,Start" + ",x" * 200 + "\n", encoding="utf-8")
    letter = tmp_path / "letter.pdf"
    letter.write_bytes(b"%PDF-1.7")
    for path, sentence in (
        (notes, register_file.NO_HEADINGS),
        (large, "This file has more than 20,000 rows, so nothing was imported. Split it and import each part."),
        (wide, "Row 1 has more than 100 columns. Delete those that Vouch does not need."),
        (letter, "This is a PDF. Vouch needs the spreadsheet that it was made from."),
        (tmp_path / "none.csv", "The file none.csv can't be read, so nothing was imported."),
    ):
        result = read(path)
        assert (result.exit_code, result.stdout) == (2, "")
        assert result.stderr.startswith(sentence)


def test_without_a_dry_run_it_has_to_be_said_whose_contracts_they_are(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["vouch", "contracts", "import", str(A)])
    with pytest.raises(SystemExit) as ended:
        main()
    assert (ended.value.code, capsys.readouterr().err[:29]) == (1, "Say whose contracts they are:")


def test_hidden_rows_and_columns_are_read_and_the_rows_are_said(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet
    for row in (["Service", "Supplier", "Start"], ["Milk", "B Ltd", "01/09/2025"], ["Gas", "C Ltd", "01/10/2025"]):
        sheet.append(row)
    sheet.row_dimensions[3].hidden = True
    sheet.column_dimensions["C"].hidden = True
    book.save(tmp_path / "hidden.xlsx")
    found = json.loads(read(tmp_path / "hidden.xlsx", "--json").stdout)
    assert [row["parsed"]["start"] for row in found["rows"]] == ["2025-09-01", "2025-10-01"]
    assert found["remarks"] == ["Sheet: 1 row is hidden. It was read."]
