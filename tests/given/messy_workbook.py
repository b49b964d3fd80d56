"""A school's list of creditors as a workbook, with the slips that real ones have. All suppliers are fictional."""

import io
from datetime import UTC, datetime
from typing import Any, Final

import openpyxl

ABOVE: Final[list[list[Any]]] = [
    ["Willowbank Academy"],
    ["Creditor list by name", None, None, None, "Printed", datetime(2026, 11, 3, tzinfo=UTC).replace(tzinfo=None)],
    [],
    ["Creditor", None, "Contact details", None, None, "Registration", None, None],
    ["Ref", "Supplier name", "Telephone", "E-mail", "Address", "VAT number", "Company number", "Spend", "Notes"],
]
SUPPLIERS: Final[list[list[Any]]] = [
    [
        "C0001",
        "Ashby Boilers Ltd",
        1522496001,
        "office@ashbyboilers.example",
        "1 High Street, Ashby LN1 1AA",
        None,
        1234567,
        1204.5,
    ],
    ["C0002", "ASHBY BOILERS LIMITED", "01522 496001", None, "1 High Street\nAshby\nLN1\u00a01AA", "N/A", "01234567", 0],
    ["C0003", "Café\u00a0Noël Catering", 7700900123, "cafe.noel@gmail.com", "Lower Road, Ashby LN2 2BB", None, "TBC", -12.5],
    ["C0004", "Brook & Sons t/a Brookside Cleaning", None, "info@brookside.example", None, 123456789, None, 18000],
    ["C0005", "#REF!", None, None, None, None, None, 5],
    ["C0006", None, "01522 496005", None, None, None, None, 7, "who is this?"],
    ["C0007", "Dene Drains", None, None, "nowhere in particular", None, None, 9],
    [None, None, None],
    ["C0008", "Elm Electrics", None, None, None, None, "SC12345", 1],
]
TOTAL: Final[list[Any]] = [None, "Total", None, None, None, None, None, 19215.0]


def workbook(*, formula_in: str = "", more: list[list[Any]] | None = None) -> bytes:
    """With a first sheet that is only a note, merged headings, a hidden row, blank ends and a total."""
    book = openpyxl.Workbook()
    book.active.title = "Read me"
    book.active.append(["Exported from the finance system"])
    sheet = book.create_sheet("Creditors")
    for row in [*ABOVE, *SUPPLIERS, *(more or []), TOTAL, [], []]:
        sheet.append([*row, None, None])
    sheet.merge_cells("C4:E4")
    sheet.row_dimensions[8].hidden = True
    if formula_in:
        sheet[formula_in] = "=A1"
    book.create_sheet("Lookup").sheet_state = "hidden"
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()
