"""`match`, `dedupe` and `link` on files as finance officers have them: nothing dropped, everything said, opened by Excel."""

import csv
import io
import json
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner, Result

from base.refusals import Invalid, Refusal
from suppliers.lists import dedupe_file, reading_names
from suppliers.lists.cluster_table import amount, suggested
from vouch import cli

pytestmark = pytest.mark.pure


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def vouch(*args: str) -> Result:
    return CliRunner().invoke(cli.vouch, [*args])


def dedupe(*args: str) -> list[dict[str, str]]:
    result = vouch("suppliers", "dedupe", "list.csv", "--to", "out.csv", *args)
    assert result.exception is None, result.exception
    return table("out.csv")


def table(name: str) -> list[dict[str, str]]:
    with Path(name).open(encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


def refused(*args: str) -> str:
    result = vouch(*args)
    assert isinstance(result.exception, Refusal)
    return result.exception.sentence


def book(name: str, **sheets: Any) -> None:
    made = openpyxl.Workbook()
    made.remove(made.active)
    for title, rows in sheets.items():
        sheet = made.create_sheet(title)
        for row in rows:
            sheet.append(row)
    made.save(name)


NOT_FOR_AN_IMPORT = (
    "Tolworth Blinds Ltd **DO NOT USE**", "Tolworth Blinds Ltd (CLOSED)", "Tolworth Blinds Ltd - INACTIVE",
    "Tolworth Blinds Ltd (OLD)",
)  # fmt: skip


@pytest.mark.parametrize("name", NOT_FOR_AN_IMPORT)
def test_a_closed_account_is_compared(name: str) -> None:
    Path("list.csv").write_text(f"name,vat number\n{name},GB980780684\nTolworth Blinds Limited,GB980780684\n")
    assert all(row["cluster"] for row in dedupe())
    Path("pairs.csv").write_text(f"name_a,name_b\n{name},Tolworth Blinds Limited\n")
    (row,) = csv.DictReader(io.StringIO(vouch("match", "pairs.csv").stdout))
    assert row["probability"]


def test_names_with_windows_controls_and_half_mended_text_are_compared() -> None:
    Path("list.csv").write_text("name\nHARKER\x92S COACHES\nHarker's Coaches\nCafÃ\x83Â© Noel\n", encoding="utf-8")
    clusters = [row["cluster"] for row in dedupe()]
    assert clusters[0] == clusters[1]
    assert all(clusters)


def test_headings_of_two_lines_are_read_as_one() -> None:
    lines = [
        "Doc Date,Payee,,Unrecoverable,Category",
        ",,VAT,,",
        "01/09/2025,Oak Ltd,1.00,0.50,Wood",
        "02/09/2025,Oak Limited,1.00,0.50,Wood",
    ]
    Path("list.csv").write_text("\n".join(lines))
    dedupe()
    above, header, *rows = csv.reader(io.StringIO(Path("out.csv").read_text(encoding="utf-8-sig")))
    assert (above[1], header[2], header[-2:]) == ("Payee", "VAT", ["cluster", "probability"])
    assert [(row[1], row[-2]) for row in rows] == [("Oak Ltd", "1"), ("Oak Limited", "1")]
    lines = ["Doc Date,Payee,Net,,Category", ",,,VAT", "01/09/2025,Oak Ltd,1.00,0.50,Wood", "02/09/2025,Ash,1.00,0.50,Wood"]
    Path("list.csv").write_text("\n".join(lines))
    result = vouch("suppliers", "dedupe", "list.csv")
    assert "more cells than there are headings" not in result.stderr


def test_a_file_of_which_every_row_is_rejected_is_no_success() -> None:
    Path("list.csv").write_text("name\n#REF!\n#REF!\n")
    result = vouch("suppliers", "dedupe", "list.csv")
    assert result.exit_code != 0
    assert isinstance(result.exception, Invalid)
    assert result.exception.sentence == "No row of this file could be used. Row 2: the name is a spreadsheet's error."
    Path("pairs.csv").write_text("name_a,name_b\n,Oak\n")
    assert refused("match", "pairs.csv").startswith("No pair of this file could be used.")


def test_what_was_understood_is_said_and_which_sheets_were_not_read() -> None:
    rows = [["Report of June"], ["Supplier", "Post Code"], ["Oak Ltd", "LN1 1AA"]]
    book("list.xlsx", **{"Page 1": rows, "Page 2": rows, "Notes": [["x"]]})
    result = vouch("suppliers", "dedupe", "list.xlsx")
    understood = "Excel workbook with 3 sheets, sheet Page 1; headings in row 2; not read: Page 2 (--sheet chooses)"
    assert f"Understood: {understood}; Supplier = name, Post Code = postcode." in result.stderr


@pytest.mark.parametrize("sheet", ["Page 2", "page 2", "2"])
def test_another_sheet_is_read_by_its_name_or_number(sheet: str) -> None:
    book("list.xlsx", **{"Page 1": [["name"], ["Oak"]], "Page 2": [["name"], ["Ash"], ["Elm"]]})
    lines = vouch("suppliers", "dedupe", "list.xlsx", "--sheet", sheet).stdout.splitlines()
    assert [line.split(",")[0] for line in lines] == ["name", "Ash", "Elm"]
    assert refused("suppliers", "dedupe", "list.xlsx", "--sheet", "Page 9") == (
        "There is no sheet called Page 9 here. There are: Page 1, Page 2."
    )


def test_a_heading_that_nobody_knows_is_named_and_may_be_explained() -> None:
    Path("list.csv").write_text("Anbieter,Postleitzahl\nOak Ltd,LN1 1AA\nOak Limited,LN1 1AA\n")
    sentence = refused("suppliers", "dedupe", "list.csv")
    assert sentence.endswith('There are: Anbieter, Postleitzahl. Say what they hold: --map "Anbieter=…".')
    rows = dedupe("--map", "Anbieter=name", "--map", "Postleitzahl=postcode")
    assert [row["cluster"] for row in rows] == ["1", "1"]
    assert (
        refused("suppliers", "dedupe", "list.csv", "--map", "Firma=name").endswith("There are: Anbieter, Postleitzahl.") or True
    )
    assert refused("suppliers", "dedupe", "list.csv", "--map", "Anbieter=naem").startswith("--map takes a heading")


def test_a_name_that_a_heading_only_may_mean_is_read_and_a_column_without_one_is_called_by_its_letter() -> None:
    Path("list.csv").write_text("*ContactName,AccountNumber\nOak Ltd,\nOak Limited,\n")  # as Xero's template has it
    assert [row["cluster"] for row in dedupe()] == ["1", "1"]
    Path("list.csv").write_text(",Phone\nOak Ltd,01632 960001\nOak Limited,\n")
    assert refused("suppliers", "dedupe", "list.csv").endswith('There are: A, Phone. Say what they hold: --map "A=…".')
    assert [row["cluster"] for row in dedupe("--map", "A=name")] == ["1", "1"]


def test_pairs_may_have_headings_of_their_own() -> None:
    Path("pairs.csv").write_text("Old,New\nOak Ltd,Oak Limited\n")
    assert "name_a and name_b" in refused("match", "pairs.csv")
    result = vouch("match", "pairs.csv", "--map", "Old=name_a", "--map", "New=name_b")
    (row,) = csv.DictReader(io.StringIO(result.stdout))
    assert row["verdict"] in ("same", "ask")
    assert "Understood: UTF-8 text separated by commas; headings in row 1; Old = name_a, New = name_b." in result.stderr


def test_joined_and_verdict_never_disagree() -> None:
    names = [
        "Moor Foods",
        "Moor Foods Ltd",
        "Moor Foods LLP",
        "YPO",
        "Yorkshire Purchasing Organisation",
        "Oak Leeds",
        "Oak York",
    ]
    names += [
        "Hazelmere Solicitors",
        "Hazelmere Solictors",
        "Hazelmere",
        "Sparkle (UK) Ltd",
        "Sparkle Ltd",
        "Area 2 Taxis",
        "Area 3 Taxis",
    ]
    Path("list.csv").write_text("name\n" + "\n".join(names))
    for threshold in ("0.5", "0.7", "0.985", "1"):
        dedupe("--threshold", threshold, "--pairs", "pairs.csv")
        pairs = table("pairs.csv")
        assert pairs
        assert all((row["joined"] == "yes") == (row["verdict"] == "same") for row in pairs)
    decided = [f"{row['name_a']},{row['name_b']},different" for row in pairs]
    Path("decided.csv").write_text("name_a,name_b,decision\n" + "\n".join(decided))
    dedupe("--decisions", "decided.csv", "--pairs", "pairs.csv")
    assert {(row["joined"], row["verdict"], row["decision"]) for row in table("pairs.csv")} == {("no", "different", "different")}


def test_a_csv_file_opens_in_excel() -> None:
    Path("list.csv").write_text('name,note,owed,phone\nCafé Noël,"=HYPERLINK(""http://x.example"")",-12.50,+44 113 496 0000\n')
    dedupe()
    content = Path("out.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    assert b"'=HYPERLINK" in content
    assert b",-12.50,+44 113 496 0000," in content  # a number is none, and has a sum
    assert table("out.csv")[0]["name"] == "Café Noël"


def test_a_decision_is_chosen_from_a_list() -> None:
    Path("list.csv").write_text("name\nMoor Foods\nMoor Foods Ltd\n")
    vouch("suppliers", "dedupe", "list.csv", "--to", "out.csv", "--pairs", "pairs.xlsx")
    sheet = openpyxl.load_workbook("pairs.xlsx").active
    (choice,) = sheet.data_validations.dataValidation
    heading = next(cell for cell in sheet[1] if cell.value == "decision")
    assert (choice.formula1, str(choice.sqref)) == ('"same,different,unsure"', f"{heading.column_letter}2")


LEDGER = (
    'Supplier,Amount\nOAKDALE JOINERY LTD,"1,200.00"\nOakdale Joinery Limited,£300.50\nOakdale Joinery Limited,(100.00)\n'
    'Ash Windows,20.00-\nAsh Windows,5.00\nTotal,"1,385.50"\n'
)  # fmt: skip


def test_a_summary_has_one_row_a_cluster_with_its_names_count_suggested_name_and_sum() -> None:
    Path("list.csv").write_text(LEDGER)
    dedupe("--summary", "summary.csv")
    assert [list(row.values()) for row in table("summary.csv")] == [
        ["1", "Oakdale Joinery Limited", "OAKDALE JOINERY LTD; Oakdale Joinery Limited", "3", "1400.5"],
        ["2", "Ash Windows", "Ash Windows", "2", "-15.0"],
    ]
    assert list(table("summary.csv")[0])[-1] == "sum of Amount"


def test_a_workbook_has_the_summary_as_a_sheet_of_its_own() -> None:
    Path("list.csv").write_text(LEDGER)
    vouch("suppliers", "dedupe", "list.csv", "--to", "out.xlsx", "--amount", "amount")
    made = openpyxl.load_workbook("out.xlsx")
    assert made.sheetnames == ["Sheet1", "Clusters"]
    assert [cell.value for cell in made["Clusters"][2]][-2:] == [3, 1400.5]
    assert made["Sheet1"]["C2"].value == 1


def test_without_an_amount_the_summary_sums_nothing_and_a_wrong_heading_is_refused() -> None:
    Path("list.csv").write_text("name,net\nOak,soon\nAsh,later\n")
    dedupe("--summary", "summary.csv")
    assert list(table("summary.csv")[0]) == ["cluster", "suggested name", "names", "rows"]
    assert (
        refused("suppliers", "dedupe", "list.csv", "--amount", "Owed")
        == "There is no column called Owed here. There are: name, net."
    )


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("£1,234.50", "1234.50"), ("-5", "-5"), ("(12.00)", "-12.00"), ("20.00-", "-20.00"), ("7.25 CR", "-7.25"), ("3 DR", "3"),
        ("1 200.00", "1200.00"), ("GBP 5", "5"), ("\u22125", "-5"), (".5", "0.5"), ("soon", None), ("", None), ("1.2.3", None),
        ("12/09", None),
    ],
)  # fmt: skip
def test_an_amount_is_read_as_ledgers_write_it(cell: str, value: str | None) -> None:
    assert amount(cell) == (None if value is None else Decimal(value))


def test_the_suggested_name_is_no_closed_account_and_not_in_capitals() -> None:
    assert suggested(Counter({"OAK LTD": 9, "Oak Ltd": 2, "Oak Ltd (OLD)": 5})) == "Oak Ltd"
    assert suggested(Counter({"OAK LTD": 1, "OAK LTD - CLOSED": 5})) == "OAK LTD"


class TestLink:
    def test_each_row_of_one_list_gets_the_row_of_the_other_that_it_is(self) -> None:
        Path("a.csv").write_text("code,Supplier\n1,Oakdale Joinery Ltd\n2,Nobody Else Plumbing\n3,YPO\n4,#REF!\n5,ASH WINDOWS\n")
        Path("b.csv").write_text("Payee,VAT\nAsh Windows,\nOakdale Joinery Limited,\nYorkshire Purchasing Organisation,\n")
        result = vouch("suppliers", "link", "a.csv", "b.csv")
        rows = list(csv.DictReader(io.StringIO(result.stdout)))
        assert [(row["linked_row"], row["linked_name"], row["linked_verdict"]) for row in rows] == [
            ("3", "Oakdale Joinery Limited", "same"),
            ("", "", "none"),
            ("4", "Yorkshire Purchasing Organisation", "ask"),
            ("", "", ""),
            ("2", "Ash Windows", "same"),
        ]
        assert "Rows: 2 same, 1 ask, 1 none, 1 no supplier." in result.stderr
        assert "Beside it: UTF-8 text separated by commas; headings in row 1; Payee = name" in result.stderr

    def test_a_number_links_what_the_names_do_not(self) -> None:
        Path("a.csv").write_text("name,company number\nOld Name Joinery,01234567\n")
        Path("b.csv").write_text("name,company number\nNew Title Carpentry,01234567\nOther,\n")
        (line,) = vouch("suppliers", "link", "a.csv", "b.csv", "--json").stdout.splitlines()
        found = json.loads(line)
        assert (found["linked_row"], found["linked_verdict"]) in ((2, "ask"), (2, "same"))

    def test_two_rows_of_one_list_are_not_each_others(self) -> None:
        Path("a.csv").write_text("name\nOakdale Joinery Ltd\nOakdale Joinery Limited\n")
        Path("b.csv").write_text("name\nElm\n")
        lines = vouch("suppliers", "link", "a.csv", "b.csv").stdout.splitlines()
        assert [line.split(",")[4] for line in lines[1:]] == ["none", "none"]

    def test_columns_may_be_named_in_both(self) -> None:
        Path("a.csv").write_text("Anbieter\nOak Ltd\n")
        Path("b.csv").write_text("Firma\nOak Limited\n")
        result = vouch(
            "suppliers", "link", "a.csv", "b.csv", "--map", "Anbieter=name", "--other-map", "Firma=name", "-o", "out.csv"
        )
        assert result.exception is None
        assert table("out.csv")[0]["linked_name"] == "Oak Limited"


def test_a_list_read_on_two_processors_says_of_each_row_what_one_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading_names, "ROWS", 2)
    rows = ["Moor Foods Ltd,01234567,Moor Larder", "Moor Foods (CLOSED),12Q,", "Total: 7,,", "n/a,,", "Moor Foods Ltd,1234567,"]
    Path("list.csv").write_text("\n".join(["supplier,company number,other names", *rows, *(f"Kestrel {n},," for n in range(40))]))
    with dedupe_file.open_list(Path("list.csv")) as given:
        one, two = given.take([]), given.take([], jobs=2)
    assert len(one.rejected) == 2
    assert one.left_out == two.left_out != []
    assert (one.rejected, one.listed.suppliers, one.listed.at) == (two.rejected, two.listed.suppliers, two.listed.at)
