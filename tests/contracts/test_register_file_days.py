"""What single cells of starts, ends and lengths must give: expected by the rule, not by what the readers happened to answer."""

from datetime import date

import pytest

from contracts.clock.periods import Unit
from contracts.register_file import stretch
from contracts.register_file.stretch import CellSaid, combined

pytestmark = pytest.mark.pure

STARTS = [
    ("01/09/2022", "2022-09-01", ""),
    ("1 Apr 25", "2025-04-01", ""),
    ("01.09.24", "2024-09-01", ""),
    ("1-9-2024", "2024-09-01", ""),
    ("1st October 2023", "2023-10-01", ""),
    ("1st of October 2023", "2023-10-01", ""),
    ("Mon 1 September 2025", "2025-09-01", ""),
    ("Monday, 1st September 2025", "2025-09-01", ""),
    ("01-Sep-25", "2025-09-01", ""),
    ("1Sep25", "2025-09-01", ""),
    ("2025-09-01", "2025-09-01", ""),
    ("2025/09/01", "2025-09-01", ""),
    ("2025-09-01T00:00:00", "2025-09-01", ""),
    ("2025-09-01 00:00:00", "2025-09-01", ""),
    ("01/09/2025 09:00", "2025-09-01", ""),
    ("September 1, 2025", "2025-09-01", ""),
    ("Sept 1st 2025", "2025-09-01", ""),
    ("01 / 09 / 2025", "2025-09-01", ""),
    ("1/9/25", "2025-09-01", ""),
    ("29/02/2024", "2024-02-29", ""),
    ("from 01/09/2025", "2025-09-01", ""),
    ("Commenced 1 Sept 2025", "2025-09-01", ""),
    ("01/09/2025*", "2025-09-01", "has_a_condition"),
    ("Sep-23", "2023-09-01", "month_only"),
    ("Sept 25", "2025-09-01", "month_only"),
    ("September 2025", "2025-09-01", "month_only"),
    ("Sep '25", "2025-09-01", "month_only"),
    ("09/2025", "2025-09-01", "month_only"),
    ("9/25", "2025-09-01", "month_only"),
    ("end of August 2025", "2025-08-31", "month_only"),
    ("45901", "2025-09-01", "spreadsheet_number"),
    ("45901.5", "2025-09-01", "spreadsheet_number"),
    ("2022", None, "year_only"),
    ("2025/26", None, "year_only"),
    ("2025-2026", None, "year_only"),
    ("since 2019", None, "year_only"),
    ("31/09/2025", None, "no_such_day"),
    ("31/9/25", None, "no_such_day"),
    ("29/02/2025", None, "no_such_day"),
    ("04/13/2025", None, "no_such_day"),
    ("02/30/2025", None, "no_such_day"),
    ("00/09/2025", None, "no_such_day"),
    ("31 June 2025", None, "no_such_day"),
    ("TBC", None, "not_a_date"),
    ("ongoing", None, "not_a_date"),
    ("Rolling", None, "not_a_date"),
    ("Summer 2026", None, "not_a_date"),
    ("Autumn term 2025", None, "not_a_date"),
    ("mid Sept 2025", None, "not_a_date"),
    ("01/09", None, "not_a_date"),
    ("1 Sept", None, "not_a_date"),
    ("10/12", None, "not_a_date"),
    ("01/09/2025?", None, "not_a_date"),
    ("c. 01/09/2025", None, "not_a_date"),
    ("01/09/2025 or 01/10/2025", None, "not_a_date"),
    ("01/09/2025 (TBC)", None, "not_a_date"),
    ("before 01/09/2025", None, "not_a_date"),
    ("not 01/09/2025", None, "not_a_date"),
    ("01/09/0205", None, "not_a_date"),
    ("01/09/1898", None, "not_a_date"),
    ("01/09/98", None, "not_a_date"),
    ("20250901", None, "not_a_date"),
    ("1", None, "not_a_date"),
    ("3 years", None, "not_a_date"),
    ("£450", None, "not_a_date"),
    ("#REF!", None, "not_a_date"),
    ("########", None, "not_a_date"),
    ("see lease", None, "not_a_date"),
    ("as above", None, "not_a_date"),
    ("1/9/2", None, "not_a_date"),
    ("1/9/20255", None, "not_a_date"),
    ("1/9/2025/26", None, "not_a_date"),
    ("", None, ""),
    ("-", None, ""),
    ("–", None, ""),
    ("n/a", None, ""),
    ("N/A", None, ""),
    ("none", None, ""),
]
ENDS = [
    ("Aug-26", "2026-08-31", "month_only"),
    ("Feb 2028", "2028-02-29", "month_only"),
    ("end of August 2026", "2026-08-31", "month_only"),
    ("start of Aug 2026", "2026-08-01", "month_only"),
    ("30/04/2026 23:59", "2026-04-30", ""),
    ("30/04/2026 11:59 pm", "2026-04-30", ""),
    ("until 31/08/2026", "2026-08-31", ""),
    ("Expires 31 August 2026", "2026-08-31", ""),
    ("31/08/2026 (extended)", None, "not_a_date"),
    ("extended to 31/08/2026", None, "not_a_date"),
    ("midnight on 31 August 2026", None, "not_a_date"),
    ("31/08/2026 unless renewed", None, "not_a_date"),
    ("ongoing", None, ""),
    ("Rolling", None, ""),
    ("Rolling monthly", None, ""),
    ("until further notice", None, ""),
    ("2024", None, "year_only"),
    ("46265", "2026-08-31", "spreadsheet_number"),
    ("31/11/2026", None, "no_such_day"),
]


@pytest.mark.parametrize(("cell", "day", "code"), STARTS)
def test_a_start(cell: str, day: str | None, code: str) -> None:
    said = stretch.read_start(cell)
    assert (said.start, codes(said.questions)) == (day and date.fromisoformat(day), code)


@pytest.mark.parametrize(("cell", "day", "code"), ENDS)
def test_an_end(cell: str, day: str | None, code: str) -> None:
    said = stretch.read_end(cell)
    assert (said.end, codes(said.questions)) == (day and date.fromisoformat(day), code)


@pytest.mark.parametrize(
    ("cell", "day", "extensions"),
    [
        ("31/08/2026 (+1 +1)", "2026-08-31", [{"n": 1, "unit": "years"}] * 2),
        ("31/08/2026 + 12 months option", "2026-08-31", [{"n": 12, "unit": "months"}]),
        ("31/08/2025 extended to 31/08/2026", "2025-08-31", [{"to": "2026-08-31", "taken": True}]),
        ("31/08/2025 (extended to 31/08/2026)", "2025-08-31", [{"to": "2026-08-31", "taken": True}]),
        ("31 Aug 2026, option to extend 1 year", "2026-08-31", [{"n": 1, "unit": "years"}]),
    ],
)
def test_an_end_with_its_extensions(cell: str, day: str, extensions: list[object]) -> None:
    said = stretch.read_end(cell)
    assert (said.end, [one.json for one in said.extensions], said.questions) == (date.fromisoformat(day), extensions, ())


@pytest.mark.parametrize(
    ("cell", "n", "unit", "extensions"),
    [
        ("3 years", 3, "years", 0),
        ("36 months", 36, "months", 0),
        ("3 yr", 3, "years", 0),
        ("Three years", 3, "years", 0),
        ("5yrs", 5, "years", 0),
        ("12m", 12, "months", 0),
        ("1 year fixed", 1, "years", 0),
        ("Fixed 3 years", 3, "years", 0),
        ("Annual", 1, "years", 0),
        ("3+1+1", 3, "years", 2),
        ("3 + 1 + 1 years", 3, "years", 2),
        ("2+1", 2, "years", 1),
        ("3 years + 1 year", 3, "years", 1),
        ("3 years (+1+1)", 3, "years", 2),
        ("3 years plus 2 x 12 months", 3, "years", 2),
    ],
)
def test_a_length(cell: str, n: int, unit: str, extensions: int) -> None:
    said = stretch.read_length(cell)
    assert said.length
    assert (said.length.n, said.length.unit, len(said.extensions), said.questions) == (n, unit, extensions, ())


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("3", "no_unit"),
        ("3-5 years", "a_range"),
        ("3 or 5 years", "a_range"),
        ("Y", "not_a_period"),
        ("TBC", "not_a_period"),
        ("1.5 years", "not_a_period"),
        ("3 years?", "not_a_period"),
        ("see contract", "not_a_period"),
        ("3 years from signature", "not_a_period"),
        ("3 years minus a month", "not_a_period"),
        ("3 years*", "not_a_period"),
        ("12+12", "not_a_period"),
    ],
)
def test_what_is_no_length(cell: str, code: str) -> None:
    said = stretch.read_length(cell)
    assert (said.length, codes(said.questions)) == (None, code)


def test_a_bare_number_is_in_the_unit_of_its_heading() -> None:
    said = stretch.read_length("36", unit=Unit.MONTHS)
    assert said.length
    assert str(said.length) == "36 months"


@pytest.mark.parametrize(
    ("start", "end", "term", "expected"),
    [
        # start, end, what is asked about the start, what is asked about the end
        ("01/09/2022", "", "3 years", ("2022-09-01", "2025-08-31", "", "from_the_term")),
        ("31/08/2025", "", "6 months", ("2025-08-31", "2026-02-28", "", "from_the_term")),
        ("01/09/2022", "31/08/2025", "3 years", ("2022-09-01", "2025-08-31", "", "")),
        ("01/09/2022", "31/08/2026", "3 years", ("2022-09-01", None, "", "term_and_end_disagree")),
        ("01/09/2022", "01/09/2025", "36 months", ("2022-09-01", None, "", "term_and_end_disagree")),
        ("01/09/2022", "3 years", "", ("2022-09-01", "2025-08-31", "", "from_the_term")),
        ("2 yrs from 01/09/2024", "", "", ("2024-09-01", "2026-08-31", "", "from_the_term")),
        ("", "36 months from 01/09/24", "", ("2024-09-01", "2027-08-31", "", "from_the_term")),
        ("01/09/2025", "36 months from 01/09/24", "", (None, None, "term_and_end_disagree", "from_the_term")),
        ("", "", "01/09/2023 - 31/08/2026", ("2023-09-01", "2026-08-31", "", "")),
        ("", "", "1 Sep 2023 to 31 Aug 2026", ("2023-09-01", "2026-08-31", "", "")),
        ("01/09/2025", "31/08/2025", "", ("2025-09-01", None, "", "end_before_start")),
        ("01/09/2025", "01/09/2025", "", ("2025-09-01", "2025-09-01", "", "")),
        ("TBC", "", "3 years", (None, None, "not_a_date", "from_the_term")),
        ("01/09/2025", "ongoing", "3 years", ("2025-09-01", None, "", "")),
        ("01/09/2025", "31/08/2026", "TBC", ("2025-09-01", "2026-08-31", "", "")),
        ("01/09/2025", "", "TBC", ("2025-09-01", None, "", "not_a_period")),
        ("Sep-23", "Aug-26", "3 years", ("2023-09-01", "2026-08-31", "month_only", "month_only")),
        ("01/09/2025", "TBC", "3 years", ("2025-09-01", None, "", "not_a_date")),
    ],
)
def test_cells_together(start: str, end: str, term: str, expected: tuple[str | None, str | None, str, str]) -> None:
    found = combined(stretch.read_start(start), stretch.read_end(end), stretch.read_length(term))
    days = tuple(day and day.isoformat() for day in (found.start, found.end))
    assert (*days, codes(found.start_questions), codes(found.end_questions)) == expected


@pytest.mark.parametrize(
    ("start", "renewal", "end", "code"),
    [
        ("01/09/2023", "31/08/2026", "2026-08-31", ""),
        ("01/09/2023", "01/09/2026", "2026-08-31", "renewal_day"),
        ("", "01/09/2026", "2026-09-01", "renewal_day"),
        ("15/09/2023", "01/09/2026", "2026-09-01", "renewal_day"),
    ],
)
def test_a_renewal_date_is_asked_about_unless_the_start_says_which_day_it_is(
    start: str, renewal: str, end: str, code: str
) -> None:
    found = combined(stretch.read_start(start), stretch.read_end(renewal), CellSaid(), end_is_renewal=True)
    assert (found.end, codes(found.end_questions)) == (date.fromisoformat(end), code)


def test_a_renewal_date_is_the_day_after_a_length_that_ends_before_it() -> None:
    for term in ("3 years", "01/09/2023 - 31/08/2026"):
        found = combined(
            stretch.read_start("01/09/2023"), stretch.read_end("01/09/2026"), stretch.read_length(term), end_is_renewal=True
        )
        assert (found.end, found.end_questions) == (date(2026, 8, 31), ())


def codes(questions: object) -> str:
    return " ".join(question.code for question in questions)  # type: ignore[attr-defined]
