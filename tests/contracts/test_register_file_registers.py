"""Whole registers, field by field: the two of the rules' own data, and three of ours."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from contracts.register_file.register_file import read
from tests.given import nursery_register, secondary_register, trust_register
from tests.given.checkout import ROOT
from tests.given.expected_contracts import Expected

pytestmark = pytest.mark.pure

REGISTERS = ROOT / "tests/data/sla/registers"
NOT_NULL = {"approximate": False}


@pytest.mark.parametrize(("file", "expected"), [("A_primary.csv", "A_primary.json"), ("B_trust.xlsx", "B_trust.json")])
def test_the_given_registers(file: str, expected: str) -> None:
    wanted = json.loads((REGISTERS / expected).read_text(encoding="utf-8"))
    got = read(REGISTERS / file).json
    by_row = {(row["sheet"], row["row"]): row for row in got["rows"]}
    for row in wanted["rows"]:
        mine = by_row.pop((row["sheet"], row["row"]))
        assert (mine["parsed"], mine["questions"]) == (row["parsed"], row["questions"]), row["row"]
    assert by_row == {}
    assert {key: got[key] for key in wanted if key != "rows"} == {key: wanted[key] for key in wanted if key != "rows"}


def test_every_question_has_its_sentence() -> None:
    for row in read(REGISTERS / "A_primary.csv").json["rows"] + read(REGISTERS / "B_trust.xlsx").json["rows"]:
        assert len(row["sentences"]) == len(row["questions"])
        assert all(sentence[-1] in "?." for sentence in row["sentences"])


def agrees(rows: Sequence[dict[str, Any]], expected: Sequence[Expected]) -> None:
    assert [(row["sheet"], row["row"]) for row in rows] == [(one.sheet, one.row) for one in expected]
    for row, one in zip(rows, expected, strict=True):
        said = {key: value for key, value in row["parsed"].items() if value is not None and value is not False}
        named = {key: value for key, value in (("title", one.title), ("supplier", one.supplier)) if value}
        assert said == one.fields | named, one.row
        assert [" ".join(question) for question in row["questions"]] == list(one.questions), one.row


def test_a_secondary_schools_list_with_lengths_and_prices_by_the_month(tmp_path: Path) -> None:
    path = tmp_path / "contracts.csv"
    path.write_bytes(secondary_register.SECONDARY.replace("\n", "\r\n").encode("utf-8-sig"))
    found = read(path).json
    agrees(found["rows"], secondary_register.SECONDARY_ROWS)
    assert {each["row"]: each["why"] for each in found["skipped"]} == secondary_register.SECONDARY_SKIPPED
    assert (found["header_row"], found["encoding"], found["unknown_columns"]) == (3, "utf-8", [])


def test_a_trusts_workbook_with_a_merged_sum_formulas_and_insurance(tmp_path: Path) -> None:
    path = tmp_path / "contracts.xlsx"
    path.write_bytes(trust_register.trust_workbook())
    found = read(path).json
    agrees(found["rows"], trust_register.TRUST_ROWS)
    assert {(each["sheet"], each["row"]): each["why"] for each in found["skipped"]} == {
        ("Contracts", 1): "title",
        ("Contracts", 3): "title",
        ("Contracts", 13): "total",
        ("Insurance", 1): "sheet without a header",
    }
    assert found["unknown_columns"] == ["Expiry"]
    assert found["remarks"] == ["The sheet Insurance is hidden. It was read."]


def test_three_nurseries_table_out_of_a_document(tmp_path: Path) -> None:
    path = tmp_path / "nurseries.txt"
    path.write_text(nursery_register.NURSERIES, encoding="cp1252")
    found = read(path).json
    agrees(found["rows"], nursery_register.NURSERY_ROWS)
    assert found["skipped"] == [{"sheet": None, "row": 7, "why": "total"}]
    assert found["unknown_columns"] == ["How long's the notice"]
    assert found["remarks"] == ["Nursery: blank cells took the name above them, in rows 3, 4, 6, 9."]
