"""A secondary school's register as text, slips included, and what each row gives. All names are fictional."""
# ruff: noqa: E501 - a row of a spreadsheet is a line here

from typing import Final

from tests.given.expected_contracts import Expected, days, months, years

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
