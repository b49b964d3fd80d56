"""Three nurseries' register as text, slips included, and what each row gives. All names are fictional."""
# ruff: noqa: E501 - a row of a spreadsheet is a line here

from typing import Final

from tests.given.expected_contracts import Expected, months, years

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
