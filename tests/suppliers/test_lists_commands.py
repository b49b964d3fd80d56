"""`vouch match` and `vouch suppliers dedupe`: any office's list, no database, nothing lost."""

import csv
import io
import json
import math
import os
import subprocess
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result

from base.refusals import Refusal
from base.spreadsheets import writing
from suppliers.matching.matching import ASK, SAME, candidate, logistic, score
from tests.given.checkout import VOUCH
from tests.given.patience import PATIENCE
from vouch import cli

pytestmark = pytest.mark.pure

PAIRS = """ref,name_a,name_b,postcode_a,postcode_b,Company Number A,Company Number B,note
1,Hollybank Catering Ltd,HOLLYBANK CATERING LIMITED,LS1 4AP,ls14ap,1234567,01234567,"=1+1"
2,Hollybank Catering,Moor Foods,,,,,"a, ""b"" c"
3,,Moor Foods,,,,,x
4,Harrison Catering Services,Harisson Catering Svcs,nowhere,,,,
5,Oak,Elm,,,,,note,one cell too many
"""
SUPPLIERS = """code,Supplier Name,Company No
A1,Hollybank Catering Ltd,
A2,#REF!,
A3,Moor Foods,01234567
A4,HOLLYBANK CATERING LIMITED,
A5,Moor Foods Ltd,nonsense
A6,Yorkshire Purchasing Organisation,
A7,YPO,
"""


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("pairs.csv").write_text(PAIRS)
    Path("list.csv").write_text(SUPPLIERS)


def vouch(*args: str) -> Result:
    result = CliRunner().invoke(cli.vouch, args)
    if result.exception and not isinstance(result.exception, (SystemExit, Refusal)):
        raise result.exception
    return result


def answered(*args: str) -> list[dict[str, str]]:
    result = vouch(*args)
    assert result.exit_code == 0, result.output
    return list(csv.DictReader(io.StringIO(result.stdout)))


def refused(*args: str) -> str:
    result = vouch(*args)
    assert isinstance(result.exception, Refusal)
    assert result.stdout == ""
    return result.exception.sentence


class TestMatch:
    def test_each_pair_comes_back_as_it_was_with_probability_verdict_and_reasons(self) -> None:
        first, second, *_ = answered("match", "pairs.csv")
        assert list(first)[-4:] == ["note", "probability", "verdict", "reasons"]
        assert (first["ref"], first["note"], second["note"]) == ("1", "=1+1", 'a, "b" c')
        assert (first["verdict"], second["verdict"]) == ("same", "different")
        assert "the same company number +9.0" in first["reasons"].split("; ")
        assert "the same postcode +2.0" in first["reasons"].split("; ")
        assert 0 <= float(second["probability"]) < ASK
        assert SAME <= float(first["probability"]) <= 1

    def test_a_pair_that_cannot_be_compared_is_named_and_kept(self) -> None:
        result = vouch("match", "pairs.csv")
        rows = list(csv.reader(io.StringIO(result.stdout)))
        assert [row[:8] for row in rows] == [row[:8] for row in csv.reader(io.StringIO(PAIRS))]
        assert rows[3][8:] == ["", "", "not compared: name_a: the name is empty"]
        assert rows[5][8] == "one cell too many"
        assert "Row 4: name_a: the name is empty." in result.stderr
        assert "Row 6: it has more cells than there are headings." in result.stderr
        assert "2 not compared" in result.stderr

    def test_an_identifier_that_cannot_be_right_is_left_out_and_said(self) -> None:
        row = answered("match", "pairs.csv")[3]
        assert row["reasons"].endswith("left out: _a: A postcode looks like LS1 4AP.")
        plain = score(candidate(row["name_a"]), candidate(row["name_b"])).probability
        assert float(row["probability"]) == pytest.approx(plain, abs=1e-4)

    def test_json_gives_a_line_for_each_pair_whose_reasons_add_up(self) -> None:
        lines = [json.loads(line) for line in vouch("match", "pairs.csv", "--json").stdout.splitlines()]
        assert [line["ref"] for line in lines] == ["1", "2", "3", "4", "5"]
        for line in (lines[0], lines[1], lines[3]):
            total = math.fsum(reason["log_odds"] for reason in line["reasons"])
            assert line["probability"] == pytest.approx(logistic(total))
        assert (lines[2]["probability"], lines[2]["problem"]) == (None, "name_a: the name is empty")

    def test_a_workbook_is_written_in_which_nothing_is_a_formula(self) -> None:
        result = vouch("match", "pairs.csv", "-o", "out.xlsx", "--json")
        told = json.loads(result.stdout)
        assert told.pop("understood").startswith("UTF-8 text separated by commas; headings in row 1; ")
        assert told == {"same": 1, "ask": 1, "different": 1, "not compared": 2, "file": "out.xlsx"}
        sheet = openpyxl.load_workbook("out.xlsx").active
        assert sheet["H2"].value == "=1+1"
        assert sheet["H2"].data_type == "s"
        assert isinstance(sheet["I2"].value, float | int)

    def test_a_workbook_is_read_and_titles_above_the_headings_are_kept(self) -> None:
        book = openpyxl.Workbook()
        for row in (["Pairs of June"], [], ["name_a", "name_b"], ["Moor Foods", "Moor Foods Ltd"]):
            book.active.append(row)
        book.save("in.xlsx")
        lines = vouch("match", "in.xlsx").stdout.splitlines()
        assert lines[:2] == ["Pairs of June", "name_a,name_b,probability,verdict,reasons"]
        assert lines[2].startswith("Moor Foods,Moor Foods Ltd,0.9")

    @pytest.mark.parametrize(
        ("content", "sentence"),
        [
            ("name,name_b\nOak,Elm\n", "This file has no columns called name_a and name_b."),
            ("name_a,name_b,Verdict\nOak,Elm,\n", "This file has a column called Verdict already."),
            ("", "There is nothing in this file."),
        ],
    )
    def test_what_is_no_list_of_pairs_is_refused_in_a_sentence(self, content: str, sentence: str) -> None:
        Path("other.csv").write_text(content)
        assert refused("match", "other.csv").startswith(sentence)

    @pytest.mark.parametrize(
        ("to", "sentence"),
        [
            ("pairs.csv", "pairs.csv would be lost."),
            ("out.txt", "Give the file to write a name that ends in .csv or .xlsx: out.txt."),
            ("nowhere/out.csv", "nowhere/out.csv can't be written: No such file or directory."),
        ],
    )
    def test_a_file_that_cannot_be_written_is_refused_and_what_was_there_stays(self, to: str, sentence: str) -> None:
        assert refused("match", "pairs.csv", "-o", to).startswith(sentence)
        assert Path("pairs.csv").read_text() == PAIRS
        assert sorted(map(str, Path().iterdir())) == ["list.csv", "pairs.csv"]

    def test_a_worksheet_that_would_be_too_long_leaves_nothing_behind(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(writing, "MOST_ROWS", 3)
        assert refused("match", "pairs.csv", "-o", "out.xlsx").startswith("A worksheet has 3 rows at most.")
        assert sorted(map(str, Path().iterdir())) == ["list.csv", "pairs.csv"]


class TestDedupe:
    def test_each_row_comes_back_as_it_was_with_its_cluster_and_how_likely_it_belongs_there(self) -> None:
        result = vouch("suppliers", "dedupe", "list.csv")
        rows = list(csv.DictReader(io.StringIO(result.stdout)))
        assert [row["cluster"] for row in rows] == ["1", "", "2", "1", "2", "3", "4"]
        assert [row["code"] for row in rows] == [f"A{n}" for n in range(1, 8)]
        assert list(rows[0]) == ["code", "Supplier Name", "Company No", "cluster", "probability"]
        assert all(0 <= float(row["probability"]) <= 1 for row in rows if row["cluster"])
        assert "Clusters of several rows: 2, with 4 of 7 rows." in result.stderr
        assert "Row 3: the name is a spreadsheet's error." in result.stderr
        assert "Row 6: A company number has 8 characters, such as 01234567 or SC123456." in result.stderr

    def test_a_higher_threshold_joins_less(self) -> None:
        rows = answered("suppliers", "dedupe", "list.csv", "--threshold", "1")
        assert [row["cluster"] for row in rows] == ["1", "", "2", "1", "3", "4", "5"]

    def test_pairs_are_written_to_be_decided_and_a_decision_holds(self) -> None:
        vouch("suppliers", "dedupe", "list.csv", "--pairs", "review.csv", "-o", "out.csv")
        with Path("review.csv").open(encoding="utf-8-sig") as table:
            review = list(csv.DictReader(table))
        assert {(row["name_a"], row["name_b"], row["joined"]) for row in review} == {
            ("Yorkshire Purchasing Organisation", "YPO", "no"),
            ("Moor Foods", "Moor Foods Ltd", "yes"),
        }
        assert [(row["row_a"], row["row_b"], row["joined"]) for row in review] == [("7", "8", "no"), ("4", "6", "yes")]
        decided = [row | {"decision": "same" if row["name_b"] == "YPO" else "Different"} for row in review]
        with Path("decided.csv").open("w", newline="") as table:
            writer = csv.DictWriter(table, list(decided[0]))
            writer.writeheader()
            writer.writerows(decided)
        rows = answered("suppliers", "dedupe", "list.csv", "--decisions", "decided.csv", "--pairs", "again.csv")
        assert [row["cluster"] for row in rows] == ["1", "", "2", "1", "3", "4", "4"]
        assert (rows[5]["probability"], rows[6]["probability"]) == ("1.0", "1.0")
        with Path("again.csv").open(encoding="utf-8-sig") as table:
            assert {(row["name_b"], row["decision"]) for row in csv.DictReader(table)} == {
                ("YPO", "same"),
                ("Moor Foods Ltd", "different"),
            }

    def test_decisions_without_effect_are_said(self) -> None:
        decisions = "name_a,name_b,decision\nYPO,Moor Foods,same\nMoor Foods,Moor Foods Ltd,same\nYPO,Moor Foods Ltd,different\n"
        Path("decided.csv").write_text(f"{decisions}Elm,Oak,same\nYPO,Elm,unsure\n")
        result = vouch("suppliers", "dedupe", "list.csv", "--decisions", "decided.csv")
        assert "stay apart: another decision says" in result.stderr
        assert "Decisions about a name that is not in the list, and so without effect: 1." in result.stderr

    @pytest.mark.parametrize("line", ["YPO,Moor Foods,perhaps", "YPO,,same"])
    def test_a_decision_that_cannot_be_read_is_named(self, line: str) -> None:
        Path("decided.csv").write_text(f"name_a,name_b,decision\n{line}\n")
        sentence = refused("suppliers", "dedupe", "list.csv", "--decisions", "decided.csv")
        assert sentence.startswith("Row 2 of the decisions can't be used")

    def test_neither_the_decisions_nor_the_list_are_written_over(self) -> None:
        Path("decided.csv").write_text("name_a,name_b,decision\nElm,Oak,same\n")
        for to in ("list.csv", "decided.csv"):
            before = Path(to).read_text()
            words = ("suppliers", "dedupe", "list.csv", "--decisions", "decided.csv", "--pairs", to)
            assert refused(*words) == f"{to} would be lost. Write to another file, so that it stays as it is."
            assert Path(to).read_text() == before

    def test_json_gives_a_line_for_each_row(self) -> None:
        lines = [json.loads(line) for line in vouch("suppliers", "dedupe", "list.csv", "--json").stdout.splitlines()]
        assert [line["cluster"] for line in lines] == [1, None, 2, 1, 2, 3, 4]
        assert lines[1]["problem"] == "the name is a spreadsheet's error"
        summary = json.loads(vouch("suppliers", "dedupe", "list.csv", "--json", "-o", "out.csv").stdout)
        assert summary.pop("understood").endswith("headings in row 1; Supplier Name = name, Company No = company_number")
        assert summary == {"rows": 7, "rejected": 1, "clusters": 2, "in_clusters": 4, "pairs": 1, "file": "out.csv"}

    def test_other_names_in_a_column_of_their_own_count(self) -> None:
        Path("other.csv").write_text("name,trading as\nMoor Foods Ltd,Hollybank Catering\nHollybank Catering,\nOak,\n")
        assert [row["cluster"] for row in answered("suppliers", "dedupe", "other.csv")] == ["1", "1", "2"]

    def test_a_list_without_names_is_refused(self) -> None:
        assert refused("suppliers", "dedupe", "pairs.csv").startswith("This file has no column called name.")

    def test_an_empty_list_comes_back_empty(self) -> None:
        Path("none.csv").write_text("name\n")
        assert answered("suppliers", "dedupe", "none.csv") == []


@pytest.mark.program
@pytest.mark.parametrize("words", [("match", "pairs.csv"), ("suppliers", "dedupe", "list.csv", "--jobs", "2")])
def test_in_a_folder_of_their_own_they_need_no_database_and_leave_nothing(words: tuple[str, ...], tmp_path: Path) -> None:
    env = {name: value for name, value in os.environ.items() if not name.startswith("VOUCH_")} | {"PYTHONWARNINGS": "error"}
    env |= {"VOUCH_DATABASE_URL": "postgresql://nobody@nowhere.invalid/none"}  # would fail if it were opened
    command = [*VOUCH, *words]
    ended = subprocess.run(command, env=env, cwd=tmp_path, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout
    assert sorted(path.name for path in tmp_path.iterdir()) == ["list.csv", "pairs.csv"]
