"""Contract registers as schools keep them, slips included, with what rule R says of them. Schools and suppliers are fictional.

What each row gives was written from the rule, reading the rows as a suspicious auditor would, before a program read them.
"""
# ruff: noqa: E501 - a row of a spreadsheet is a line here

import io
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

import openpyxl


@dataclass(frozen=True)
class Expected:
    """``fields`` are those that aren't null; ``questions`` as "field code"."""

    row: int
    title: str | None
    supplier: str | None
    fields: dict[str, Any] = field(default_factory=dict)
    questions: tuple[str, ...] = ()
    sheet: str | None = None


def months(n: int) -> dict[str, object]:
    return {"n": n, "unit": "months"}


def years(n: int) -> dict[str, object]:
    return {"n": n, "unit": "years"}


def days(n: int) -> dict[str, object]:
    return {"n": n, "unit": "days"}


# A secondary school's, separated by semicolons: a length beside the days, prices by the month, a part for what has ended.
SECONDARY: Final = """\
"Hollin Bank School — contracts & SLAs";;;;;;;;;;;;
"as at 12/10/2025";;;;;;;;;;;;
Ref;Company;What for;From;To;Length;Notice req'd;Rolls?;Monthly cost (£);Whole life cost;Procured by;Budget holder;Comments
FACILITIES;;;;;;;;;;;;
F1;Oxmere Cleaning Ltd;Cleaning;01/09/23;31/08/26;3 yrs;3 months;N;4,250;"£153,000";Tender;Site;
F2;Oxmere Cleaning Ltd;Windows;1 Sept 2025;31 Aug 2026;1 yr;1 month;Y, annually;£95 per term;;Quote x1;Site;"termly; outside only"
F3;Penhallow Lifts;Lift maintenance;01/09/2022;31/08/2026;3 years;3m;n;120;;2 quotes;Site;LOLER separate
F4;Grebe Pest Services;Pest control;30/02/2025;;12 months;30 days;auto;41.50;;;Site;
F5;"Dunlin Waste; Recycling";Waste;1/4/25;;2 years;90 days (written, recorded delivery);Rolls 12 months;£310*;;3 quotes;Site;* fuel surcharge on top
F6;Thornwick Security;CCTV & intruder;Nov-24;Oct-27;36m;3 calendar months;No;85;£3060;Framework (ESPO);Site;
;;;;;;;;;;;;
ICT;;;;;;;;;;;;
I1;Marlpit Networks;Broadband;01.08.2024;31.07.2027;3+1+1;6 months;no auto renewal;£725 pcm;£26,100;Framework;ICT Mgr;
I2;Kestrel Cloud plc;MIS;01/04/2025;31/03/2026;;60 days (90 in yr 1);Y;£3,600 pa;;Direct award;ICT Mgr;
I3;Kestrel Cloud plc;Parent app;ditto;;;;;n/a;;;ICT Mgr;free with MIS?
I4;Hartsop Print;MFDs x 9;45536;47361;5 years;90;N;1,104.17;;CCS framework;SBM;
I5;Hartsop Print;Plotter;04/15/2024;;;6 months;Y 1yr;£22.50;;;DT;
ENDED;;;;;;;;;;;;
E1;Oldroyd Coaches;Swimming bus;2022/23;2023/24;;;N;(£310);;;PE;
E2;Farrow Catering;Canteen;01/08/2020;31/07/2019;;1 term;N;included;;tender;SBM;moved in house
;;;;;;;Total;6,953.17;;;;
;;Prepared by the finance office. Prices exclude VAT.;;;;;;;;;;
"""
SECONDARY_ROWS: Final = (
    Expected(
        5,
        "Cleaning",
        "Oxmere Cleaning Ltd",
        {
            "start": "2023-09-01",
            "end": "2026-08-31",
            "renewal": "expires",
            "notice": months(3),
            "annual_pence": 5_100_000,
            "total_pence": 15_300_000,
            "route": "tender",
            "officer": "Site",
        },
    ),
    Expected(
        6,
        "Windows",
        "Oxmere Cleaning Ltd",
        {
            "start": "2025-09-01",
            "end": "2026-08-31",
            "renewal": "rolls",
            "roll": years(1),
            "notice": months(1),
            "annual_pence": 28_500,
            "route": "quotes",
            "officer": "Site",
            "notes": "termly; outside only",
        },
    ),
    Expected(
        7,
        "Lift maintenance",
        "Penhallow Lifts",
        {
            "start": "2022-09-01",
            "renewal": "expires",
            "notice": months(3),
            "annual_pence": 144_000,
            "route": "quotes",
            "officer": "Site",
            "notes": "LOLER separate",
        },
        ("end term_and_end_disagree",),
    ),
    Expected(
        8,
        "Pest control",
        "Grebe Pest Services",
        {"renewal": "rolls", "notice": days(30), "annual_pence": 49_800, "officer": "Site"},
        ("start no_such_day", "end from_the_term", "renewal roll_length"),
    ),
    Expected(
        9,
        "Waste",
        "Dunlin Waste; Recycling",
        {
            "start": "2025-04-01",
            "end": "2027-03-31",
            "renewal": "rolls",
            "roll": months(12),
            "notice": days(90),
            "method": "recorded",
            "annual_pence": 372_000,
            "route": "quotes",
            "officer": "Site",
            "notes": "* fuel surcharge on top",
        },
        ("end from_the_term", "annual has_a_condition"),
    ),
    Expected(
        10,
        "CCTV & intruder",
        "Thornwick Security",
        {
            "start": "2024-11-01",
            "end": "2027-10-31",
            "renewal": "expires",
            "notice": months(3),
            "annual_pence": 102_000,
            "total_pence": 306_000,
            "route": "framework",
            "officer": "Site",
        },
        ("start month_only", "end month_only"),
    ),
    Expected(
        13,
        "Broadband",
        "Marlpit Networks",
        {
            "start": "2024-08-01",
            "end": "2027-07-31",
            "renewal": "expires",
            "notice": months(6),
            "extensions": [years(1), years(1)],
            "annual_pence": 870_000,
            "total_pence": 2_610_000,
            "route": "framework",
            "officer": "ICT Mgr",
        },
    ),
    Expected(
        14,
        "MIS",
        "Kestrel Cloud plc",
        {
            "start": "2025-04-01",
            "end": "2026-03-31",
            "renewal": "rolls",
            "annual_pence": 360_000,
            "route": "direct",
            "officer": "ICT Mgr",
        },
        ("notice has_a_condition", "renewal roll_length"),
    ),
    Expected(15, "Parent app", "Kestrel Cloud plc", {"officer": "ICT Mgr", "notes": "free with MIS?"}, ("start not_a_date",)),
    Expected(
        16,
        "MFDs x 9",
        "Hartsop Print",
        {
            "start": "2024-09-01",
            "end": "2029-08-31",
            "renewal": "expires",
            "annual_pence": 1_325_004,
            "route": "framework",
            "officer": "SBM",
        },
        ("start spreadsheet_number", "end spreadsheet_number", "notice no_unit"),
    ),
    Expected(
        17,
        "Plotter",
        "Hartsop Print",
        {"renewal": "rolls", "roll": years(1), "notice": months(6), "annual_pence": 27_000, "officer": "DT"},
        ("start no_such_day",),
    ),
    Expected(
        19,
        "Swimming bus",
        "Oldroyd Coaches",
        {"renewal": "expires", "officer": "PE", "status": "ceased"},
        ("start year_only", "end year_only", "annual negative"),
    ),
    Expected(
        20,
        "Canteen",
        "Farrow Catering",
        {
            "start": "2020-08-01",
            "renewal": "expires",
            "notice": {"n": 1, "unit": "terms"},
            "route": "tender",
            "officer": "SBM",
            "status": "ceased",
            "notes": "moved in house",
        },
        ("end end_before_start", "annual not_a_sum"),
    ),
)
SECONDARY_SKIPPED: Final = {
    1: "title",
    2: "title",
    4: "heading",
    11: "empty",
    12: "heading",
    18: "heading",
    21: "total",
    22: "remark",
}


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


# Three nurseries' table, separated by tabs as it came out of a document: names once above their group, cells of several lines.
NURSERIES: Final = "\n".join(
    "\t".join(cells)
    for cells in (
        ["Nursery", "Agreement", "Provider", "Commences", "Ends", "Extend?", "Cost", "How long's the notice", "Termination", "Renewal", "Owner"],
        ["Acorns", "Nappies", "Softwell", "01/01/2025", "31/12/2025", "", "£1,040", "", "1 month", "Y", "Jo"],
        ["", "Milk", "Dairyfield", "2025-09-01", "2026-07-22", "", "nil", "", "1 week", "N", "Jo"],
        ["", "Laundry", '"Soap &\nSuds"', "1/9/24", "31/8/27", "1+1", "£30 pcm", "", "3-4 weeks", "by agreement", "Jo"],
        ["Conkers", "Lease of copier", "Hartsop Print", "15/10/2023", "14/10/2028", "up to 1 yr", "£9,000", "", "n/a", "-", "Al"],
        ["", "Payroll", "Ambleford Payroll", "TBC", "Rolling", "", "£2.10 per payslip", "", "Rolling 1 month", "", "Al"],
        ["", "TOTAL", "", "", "", "", "£10,070", "", "", "", ""],
        ["Larches", "Alarm", "Thornwick Security", "1 Nov 2024", "1 year", "no", "£380 + VAT", "", "3 months' notice by email, else renews for 12 months", "", "Al"],
        ["", '"Water\ntesting"', "Various", "06/01/25", "05/01/26", "extended to 05/01/27", "£640 for 2 years", "", "31 March", "N", "Al"],
    )
)  # fmt: skip
NURSERY_ROWS: Final = (
    Expected(2, "Nappies", "Softwell", {"start": "2025-01-01", "end": "2025-12-31", "annual_pence": 104_000, "notice": months(1),
             "renewal": "rolls", "schools": ["Acorns"], "officer": "Jo"}, ("renewal roll_length",)),
    Expected(3, "Milk", "Dairyfield", {"start": "2025-09-01", "end": "2026-07-22", "annual_pence": 0, "notice": {"n": 1, "unit": "weeks"},
             "renewal": "expires", "schools": ["Acorns"], "officer": "Jo"}),
    Expected(4, "Laundry", "Soap & Suds", {"start": "2024-09-01", "end": "2027-08-31", "extensions": [years(1), years(1)],
             "annual_pence": 36_000, "renewal": "express", "schools": ["Acorns"], "officer": "Jo"}, ("notice a_range",)),
    Expected(5, "Lease of copier", "Hartsop Print", {"start": "2023-10-15", "end": "2028-10-14", "annual_pence": 900_000,
             "schools": ["Conkers"], "officer": "Al"}, ("extensions has_a_condition", "annual no_unit")),
    Expected(6, "Payroll", "Ambleford Payroll", {"renewal": "rolls", "schools": ["Conkers"], "officer": "Al"},
             ("start not_a_date", "notice not_a_period", "annual not_a_sum", "renewal roll_length")),
    Expected(8, "Alarm", "Thornwick Security", {"start": "2024-11-01", "end": "2025-10-31", "annual_pence": 38_000, "notice": months(3),
             "method": "email", "renewal": "rolls", "roll": months(12), "schools": ["Larches"], "officer": "Al"}, ("end from_the_term",)),
    Expected(9, "Water testing", None, {"start": "2025-01-06", "end": "2026-01-05", "extensions": [{"to": "2027-01-05", "taken": True}],
             "annual_pence": 32_000, "total_pence": 64_000, "renewal": "expires", "schools": ["Larches"], "officer": "Al"},
             ("supplier no_name", "notice a_date_not_a_period", "annual from_the_total")),
)  # fmt: skip
