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


def read_text(tmp_path: Path, text: str) -> list[dict[str, Any]]:
    path = tmp_path / "contracts.csv"
    path.write_text(text, encoding="utf-8")
    found: list[dict[str, Any]] = read(path).json["rows"]
    return found


def test_columns_of_one_thing_are_compared(tmp_path: Path) -> None:
    rows = read_text(
        tmp_path,
        "Service,Supplier,Start,End,End date,Notice period,Notice,Monthly cost,Annual cost\n"
        "Milk,B,1/9/24,31/8/26,31/8/27,,1 month,£40,£480\n"
        "Gas,C,1/9/24,31/8/26,31/8/26,3 months,1 month,£40,£500\n"
        "Bins,D,1/9/24,,31/8/27,3 months,3 Months,£40,\n",
    )
    said = [(row["parsed"]["end"], row["parsed"]["notice"], row["parsed"]["annual_pence"], row["questions"]) for row in rows]
    assert said == [
        (None, {"n": 1, "unit": "months"}, 48_000, [["end", "term_and_end_disagree"]]),
        ("2026-08-31", None, None, [["notice", "a_range"], ["annual", "not_a_sum"]]),
        ("2027-08-31", {"n": 3, "unit": "months"}, 48_000, []),
    ]


def test_what_a_heading_says_of_its_cells_is_heeded(tmp_path: Path) -> None:
    (row,) = read_text(
        tmp_path,
        "Service,Supplier,Start (MM/DD/YYYY),End,Extended to,Notice (weeks),Annual value (£000),Auto-renew Y/N,Renewal term\n"
        "Milk,B,09/07/2024,31/8/26,31/8/27,6,12.5,Y,12 months\n",
    )
    parsed = row["parsed"]
    assert (parsed["start"], parsed["extensions"]) == (None, [{"to": "2027-08-31", "taken": True}])
    assert (parsed["notice"], parsed["annual_pence"]) == ({"n": 6, "unit": "weeks"}, 1_250_000)
    assert (parsed["renewal"], parsed["roll"]) == ("rolls", {"n": 12, "unit": "months"})
    assert row["questions"] == [["start", "not_a_date"]]


def test_what_is_no_contract_is_left_out_with_the_reason(tmp_path: Path) -> None:
    path = tmp_path / "contracts.csv"
    lines = (
        "Service,Supplier,Start,Notice,Annual cost",
        "Total Gas,Total Energies,1/9/24,1 month,£100",
        "PREMISES SUBTOTAL,,,,£100",
        "Average,,,,£100",
        ",,,,£100",
        "Key: red is urgent",
        "Service,Supplier,Start,Notice,Annual cost",
        "EXPIRED",
        "Milk,B,1/9/20,1 month,£100",
        "Signed by the head.",
        ",,,Total:,£300",
    )
    path.write_text("\n".join(lines), encoding="utf-8")
    found = read(path).json
    assert [(row["row"], row["parsed"]["status"]) for row in found["rows"]] == [(2, None), (9, "ceased")]
    reasons = {each["row"]: each["why"] for each in found["skipped"]}
    assert reasons == {3: "total", 4: "total", 5: "total", 6: "remark", 7: "heading", 8: "heading", 10: "remark", 11: "total"}


def test_a_row_that_speaks_like_a_heading_is_still_a_row(tmp_path: Path) -> None:
    rows = read_text(tmp_path, "Service,Supplier,Start,Route,Officer\nService,,,Tender,\nno,,,,Lead\nMilk,B,1/9/24,Quotes,Lead\n")
    assert [(row["row"], row["parsed"]["title"]) for row in rows] == [(2, "Service"), (3, "no"), (4, "Milk")]


def test_headings_are_found_among_many_that_are_not_known(tmp_path: Path) -> None:
    odd = ",".join(f"Box {n}" for n in range(12))
    text = f"Register,kept by the new office manager since June\nService,Supplier,Start,Officer,{odd}\nMilk,B,1/9/24,Lead,{odd}\n"
    (row,) = read_text(tmp_path, text)
    assert (row["row"], row["parsed"]["start"], row["parsed"]["officer"]) == (3, "2024-09-01", "Lead")
