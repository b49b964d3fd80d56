"""One row for each entry, harmless in a spreadsheet, and the same bytes wherever it is made."""

import csv
import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit import sheet
from audit.sheet import COLUMNS, TimelineRow, csv_bytes, row

pytestmark = pytest.mark.pure

AT = 1_790_000_000_123_456  # 21 September 2026, 14:13:20 UTC


def openings(**more: Any) -> dict[str, Any]:
    event = {"id": "e", "type": "review.revised", "at": AT, "stream": "supplier:1", "subject": "review:1"}
    return {"event": event, "actor": {"role": "head", "name": "Ann Archer"}, "facts": {}} | more


def a_row(**texts: Any) -> TimelineRow:
    blank: dict[str, Any] = dict.fromkeys(COLUMNS, "")
    return TimelineRow(**(blank | {"entry": 1, "lag": None} | texts))


def read(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_a_row_says_what_who_when_and_what_it_was_before() -> None:
    facts = {
        "old": {"rating": 3},
        "new": {"rating": 4},
        "happened_on": "2026-09-01",
        "reason": "typo",
        "attachments": [{"sha256": "ab" * 32}, {"sha256": "cd" * 32}],
    }
    made = row(16, openings(facts=facts, **{"personal.praise": "On time", "personal.praise.old": "Late"}))
    assert made == TimelineRow(
        entry=17,
        happened="2026-09-01",
        recorded="2026-09-21T14:13:20Z",
        lag=20,
        who="Ann Archer",
        what="review.revised",
        old="rating: 3; praise: Late",
        new="rating: 4; praise: On time",
        reason="typo",
        evidence="ab" * 32 + " " + "cd" * 32,
        flags=("late", "corrected"),
    )


def test_what_is_gone_reads_erased_and_what_is_not_shown_reads_withheld() -> None:
    gone = row(0, {key: openings()[key] for key in ("event", "facts")}, erased=("actor", "personal.praise.old"))
    assert (gone.who, gone.old, gone.new, gone.flags) == ("erased", "praise: erased", "", ("corrected", "erased"))
    hidden = row(0, {"event": openings()["event"]}, withheld=4)
    assert (hidden.who, hidden.new) == ("withheld", "withheld: 2"), "the actor and the facts are two of the four"
    assert row(0, openings(), erased=("personal.reason",)).reason == "erased"


@pytest.mark.parametrize(
    ("happened", "lag"), [("2026-09-21", 0), ("2026-09-14", 7), ("2027-01-01", -102), ("2026-02-31", None), ("soon", None)]
)
def test_the_lag_is_whole_days_and_nothing_where_no_day_was_named(happened: str, lag: int | None) -> None:
    assert row(0, openings(facts={"happened_on": happened})).lag == lag


@pytest.mark.parametrize(
    ("what", "facts", "flags"),
    [
        ("note.written", {"happened_on": "2026-09-14"}, ()),
        ("note.written", {"happened_on": "2026-09-13"}, ("late",)),
        ("supplier.changed", {}, ("corrected",)),
        ("review.withdrawn", {}, ("withdrawn",)),
        ("erasure.applied", {"erased": [{"idx": 1}]}, ("erased",)),
    ],
)
def test_exceptions_are_late_corrected_withdrawn_or_erased(what: str, facts: dict[str, Any], flags: tuple[str, ...]) -> None:
    event = openings()["event"] | {"type": what}
    assert row(0, openings(event=event, facts=facts)).flags == flags


def test_a_row_can_be_made_of_whatever_a_stranger_put_into_the_facts() -> None:
    facts = {"old": 3, "new": [1], "attachments": "x", "reason": {"a": 1}, "happened_on": 20260901}
    assert row(0, openings(facts=facts)).happened == "20260901"


@pytest.mark.parametrize("start", list("=+-@\t\r\n＝＋－＠'"))
def test_no_cell_begins_as_a_formula(start: str) -> None:
    assert read(csv_bytes([a_row(who=f"{start}cmd")]))[1][4] == f"'{start}cmd"


def test_a_lag_before_its_day_stays_a_number() -> None:
    assert read(csv_bytes([a_row(lag=-3)]))[1][3] == "-3"


TEXTS = st.text(max_size=12) | st.text("=+-@\t\r\n'\",;", max_size=5)


@given(st.lists(st.tuples(TEXTS, TEXTS, TEXTS), max_size=4))
def test_a_spreadsheet_reads_back_every_text_behind_at_most_one_apostrophe(texts: list[tuple[str, str, str]]) -> None:
    """Python's reader is the oracle for RFC 4180."""
    lines = read(csv_bytes(a_row(who=a, new=b, reason=c) for a, b, c in texts))
    assert lines[0] == list(COLUMNS)
    back = [tuple(line[i].removeprefix("'") for i in (4, 7, 8)) for line in lines[1:]]
    assert back == texts


def test_the_file_is_utf_8_behind_a_mark_with_windows_ends_of_line() -> None:
    data = csv_bytes([a_row(who="Zoë")])
    assert data.startswith(b"\xef\xbb\xbfentry,happened,")
    assert data.endswith("Zoë,,,,,\r\n".encode())
    assert data.count(b"\n") == data.count(b"\r\n") == 2


def test_the_page_and_the_sheet_say_a_value_in_the_same_words() -> None:
    values: list[Any] = [None, "", [], {}, True, 3, ["a", "b"], [{"for": "machines"}]]
    assert [sheet.shown(value) for value in values] == [None, None, None, None, "yes", "3", "a, b", None]
