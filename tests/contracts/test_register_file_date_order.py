"""Where a sheet has the month first, a day that could be read either way is asked about, and the others are as they were."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from base.spreadsheets.cells import SheetRow
from contracts.job_lists import job_list
from contracts.promises.kinds import How
from contracts.promises.metric import Metrics
from contracts.register_file import date_order
from contracts.register_file.register_file import read

pytestmark = pytest.mark.pure

AMERICAN = "09/15/2024"


@pytest.mark.parametrize(
    ("cells", "is_in_doubt"),
    [
        (["01/09/2024", "05/06/2024"], False),
        ([AMERICAN], True),
        ([AMERICAN, "31/08/2027"], True),
        ([AMERICAN, "31/08/2027", "30-06-27"], False),  # two to one: the first is a slip, and is asked about by itself
        (["06/31/2024", "31/06/2024", "13/31/2027", "09-2024", "2024-09-15", "15 Sept 2024", ""], False),
        (["2/29/24", "9.15.24 10:30"], True),
    ],
)
def test_a_sheet_is_in_doubt_where_no_more_days_come_first_than_months(cells: list[str], is_in_doubt: bool) -> None:
    assert date_order.is_in_doubt(cells) is is_in_doubt


def test_a_day_is_two_where_both_numbers_may_be_a_month() -> None:
    assert date_order.both_ways("05/06/24") == (date(2024, 6, 5), date(2024, 5, 6))
    assert [date_order.both_ways(cell) for cell in ("06/06/2024", "13/06/2024", "0/6/2024", "5 June 2024", "5/6/0000")] == [
        None
    ] * 5


def test_a_register_from_an_american_computer_has_no_day_that_is_wrong_in_silence(tmp_path: Path) -> None:
    rows = ["A,Lifts,09/15/2024,08/31/2027", "B,Pest,05/06/2024,07/08/2027", "C,Milk,06/06/2024,1 July 2027"]
    path = tmp_path / "register.csv"
    path.write_text("\n".join(["Supplier,Contract,Start date,End date", *rows]), encoding="utf-8")
    found = read(path).json["rows"]
    assert [(row["parsed"]["start"], row["parsed"]["end"]) for row in found] == [
        (None, None), (None, None), ("2024-06-06", "2027-07-01"),
    ]  # fmt: skip
    assert found[1]["questions"] == [["start", "not_a_date"], ["end", "not_a_date"]]
    asked = "Other days of this sheet have the month first: is “05/06/2024” 5 June 2024 or 6 May 2024?"
    assert found[1]["sentences"][0] == asked
    path.write_text(path.read_text("utf-8").replace("09/15/2024,08/31/2027", "15/09/2024,31/08/2027"), encoding="utf-8")
    assert [row["parsed"]["start"] for row in read(path).json["rows"]] == ["2024-09-15", "2024-06-05", "2024-06-06"]


def test_so_are_the_days_of_a_suppliers_list_of_jobs() -> None:
    cells = (
        ("Job number", "Description", "Priority", "Reported", "Fixed"),
        ("1", "No heat", "1", "03/23/2026 09:00", "03/23/2026 10:00"),
        ("2", "No light", "1", "03/04/2026 09:00", "03/04/2026 10:00"),
    )
    rows = [SheetRow(n, one) for n, one in enumerate(cells, 1)]
    found = job_list.read(rows, {}, How.EMAIL, Metrics(()), datetime(2026, 5, 1, tzinfo=UTC))
    assert found.claimed == ()
    assert "is “03/04/2026 09:00” 3 April 2026 or 4 March 2026?" in found.left[1].question
