"""A small trust's register as a workbook, slips included, and what each row gives. All names are fictional."""
# ruff: noqa: E501 - a row of a spreadsheet is a line here

import io
from datetime import UTC, datetime
from typing import Any, Final

import openpyxl

from tests.given.expected_contracts import Expected, days, months, years


def day(year: int, month: int, number: int) -> datetime:
    return datetime(year, month, number, tzinfo=UTC).replace(tzinfo=None)


# A small trust's workbook: both days in one column, a supplier merged over three rows, formulas, a sheet of insurance.
TRUST_ABOVE: Final[list[list[Any]]] = [
    ["Two Rivers Trust: register of contracts (central team)"],
    [],
    ["Who", None, "What", "Dates", None, "Costs", None, "Leaving", None, None, "Insurance"],
    [
        "Academies covered",
        "Contractor",
        "Service provided",
        "Start",
        "Expiry / renewal",
        "Annual (ex VAT) £",
        "Value over term",
        "Notice (days)",
        "Notice to be given how",
        "Renews automatically?",
        "Expiry",
        "Contract manager",
        "Status",
    ],
]
TRUST: Final[list[list[Any]]] = [
    ["All", "Brindle FM Ltd", "Cleaning", day(2024, 9, 1), day(2027, 8, 31), 88000, 264000, 90, "E-mail", "No", day(2026, 3, 1), "COO", "Live"],
    [None, None, "Grounds", day(2024, 9, 1), "=EDATE(D6,36)-1", None, None, 90, None, "No", None, "COO", "live"],
    [None, None, "Windows", day(2024, 9, 1), day(2027, 8, 31), None, None, None, None, None, None, "COO", None],
    ["River Primary", "Sallow Catering", "Meals", day(2025, 8, 1), day(2028, 7, 31), "=12*2100", "£75,600", "one term", "Letter", "No", None, "Head", "Notice given"],
    ["Bridge High, River Primary", "Otter IT", "ICT support", "Sept '25", "31/08/26", "c. £19k", None, 60, "email or portal", "Yes - 1 year", None, "SBM", "?"],
    ["Bridge High", "Otter IT", "Firewall", day(2023, 6, 15), "on-going", "£49.99 per month", None, "30", None, None, None, "SBM", "Live"],
    ["Bridge High", "Teal Energy", "Gas", "01-10-2024", "30-09-2027", "12,000 - 14,000", None, "see terms", "Post", "Y (rolls 12 months)", None, "SBM", "Live"],
    ["Bridge High", "Wren Insurance", "Minibus", day(2025, 4, 1), day(2026, 4, 1), 1200, 1200, None, None, "Y annual", day(2026, 3, 31), "SBM", "expired"],
    [None, None, None, None, None, "=SUM(F5:F12)", "=SUM(G5:G12)"],
]  # fmt: skip
TRUST_ROWS: Final = (
    Expected(
        5,
        "Cleaning",
        "Brindle FM Ltd",
        {"start": "2024-09-01", "end": "2027-08-31", "notice": days(90), "method": "email", "renewal": "expires",
         "total_pence": 26_400_000, "schools": ["All"], "officer": "COO"},
        ("annual not_a_sum",),
        "Contracts",
    ),
    Expected(
        6,
        "Grounds",
        "Brindle FM Ltd",
        {"start": "2024-09-01", "notice": days(90), "renewal": "expires", "schools": ["All"], "officer": "COO"},
        ("end not_a_date", "annual not_a_sum"),
        "Contracts",
    ),
    Expected(
        7,
        "Windows",
        "Brindle FM Ltd",
        {"start": "2024-09-01", "end": "2027-08-31", "schools": ["All"], "officer": "COO"},
        ("annual not_a_sum",),
        "Contracts",
    ),
    Expected(
        8,
        "Meals",
        "Sallow Catering",
        {"start": "2025-08-01", "end": "2028-07-31", "notice": {"n": 1, "unit": "terms"}, "method": "post", "renewal": "expires",
         "total_pence": 7_560_000, "schools": ["River Primary"], "officer": "Head", "status": "notice_given"},
        ("annual not_a_sum",),
        "Contracts",
    ),
    Expected(
        9,
        "ICT support",
        "Otter IT",
        {"start": "2025-09-01", "end": "2026-08-31", "notice": days(60), "renewal": "rolls", "roll": years(1),
         "annual_pence": 1_900_000, "approximate": True, "schools": ["Bridge High", "River Primary"], "officer": "SBM"},
        ("start month_only", "method not_a_rule", "status not_a_rule"),
        "Contracts",
    ),
    Expected(
        10,
        "Firewall",
        "Otter IT",
        {"start": "2023-06-15", "renewal": "open", "notice": days(30), "annual_pence": 59_988, "schools": ["Bridge High"],
         "officer": "SBM"},
        (),
        "Contracts",
    ),
    Expected(
        11,
        "Gas",
        "Teal Energy",
        {"start": "2024-10-01", "end": "2027-09-30", "renewal": "rolls", "roll": months(12), "method": "post",
         "schools": ["Bridge High"], "officer": "SBM"},
        ("notice not_a_period", "annual a_range"),
        "Contracts",
    ),
    Expected(
        12,
        "Minibus",
        "Wren Insurance",
        {"start": "2025-04-01", "end": "2026-03-31", "renewal": "rolls", "roll": years(1), "annual_pence": 120_000,
         "total_pence": 120_000, "schools": ["Bridge High"], "officer": "SBM", "status": "ceased"},
        ("end renewal_day",),
        "Contracts",
    ),
)  # fmt: skip


def trust_workbook() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Contracts"
    for row in [*TRUST_ABOVE, *TRUST]:
        sheet.append(row)
    for merged in ("A1:M1", "A3:B3", "D3:E3", "F3:G3", "H3:J3", "A5:A7", "B5:B7", "F5:F7"):
        sheet.merge_cells(merged)
    insurance = book.create_sheet("Insurance")
    for row in (["Supplier", "Policy no", "Expiry"], ["Brindle FM Ltd", "X12", day(2026, 3, 1)]):
        insurance.append(row)
    insurance.sheet_state = "hidden"
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()
