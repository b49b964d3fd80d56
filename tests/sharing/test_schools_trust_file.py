"""Files of trusts and their schools, row by row: headings in any order, what can't be used told with its line."""

import gzip
from datetime import date
from pathlib import Path

import pytest

from base.refusals import Invalid, TooLarge
from sharing.schools import trust_file
from sharing.schools.trust_file import RejectedLink, TrustName, TrustRow, open_trusts

pytestmark = pytest.mark.pure

LINKS = "URN,Group UID,Group Name,Group Type,Joined date,Companies House Number,Group Status,Closed Date"
CASTLE = "900001,2044,Dragon & Partners Trust,Multi-academy trust,01-09-2015,07595434,Open,"


def read(folder: Path, *lines: str) -> tuple[list[TrustRow | RejectedLink], dict[str, int]]:
    path = folder / "links.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    with open_trusts(path) as opened:
        return list(opened.rows), dict(opened.other_groups)


def test_a_row_of_group_links_is_read_by_its_headings(tmp_path: Path) -> None:
    (row,), others = read(tmp_path, LINKS, CASTLE)
    assert row == TrustRow(
        line=2, trust=TrustName("2044", "07595434", "Dragon & Partners Trust"), urn=900001, joined_on=date(2015, 9, 1)
    )
    assert others == {}


def test_headings_come_in_any_order_and_case_and_others_are_not_looked_at(tmp_path: Path) -> None:
    (row,), _ = read(
        tmp_path,
        "Head (name),group_name,JOINED DATE,Group Type,Group UID,urn",
        "Ms A. Person,Dragon Trust,2015-09-01,Single-academy trust,2044,900001",
    )
    assert row == TrustRow(line=2, trust=TrustName("2044", None, "Dragon Trust"), urn=900001, joined_on=date(2015, 9, 1))


def test_a_list_of_trusts_has_no_schools(tmp_path: Path) -> None:
    rows, _ = read(tmp_path, "trust_name,company_number", "5 Dimensions Trust,07595434", "Noughts Dropped,6246929")
    assert rows == [
        TrustRow(line=2, trust=TrustName(None, "07595434", "5 Dimensions Trust")),
        TrustRow(line=3, trust=TrustName(None, "06246929", "Noughts Dropped")),
    ]


@pytest.mark.parametrize("type_", ["Multi-academy trust", "single-academy trust", "Secure single-academy trust"])
def test_three_types_of_group_are_trusts(tmp_path: Path, type_: str) -> None:
    rows, others = read(tmp_path, LINKS, CASTLE.replace("Multi-academy trust", type_))
    assert (len(rows), others) == (1, {})


def test_groups_of_other_types_are_left_out_and_counted(tmp_path: Path) -> None:
    other = [CASTLE.replace("Multi-academy trust", kind) for kind in ("Federation", "Trust", "Federation", "Umbrella trust")]
    rows, others = read(tmp_path, LINKS, *other, CASTLE)
    assert len(rows) == 1
    assert others == {"Federation": 2, "Trust": 1, "Umbrella trust": 1}


@pytest.mark.parametrize(
    ("instead", "reason"),
    [
        (("900001", "x"), "the URN should be a number of 5 to 7 digits"),
        (("900001", ""), "the URN should be a number of 5 to 7 digits"),
        ((",2044,", ",TR2044,"), "the UID of the group should be a number of at most 8 digits"),
        (("Dragon & Partners Trust", ""), "the trust has no name"),
        (("Dragon & Partners Trust", "D" * 201), "name is longer than 200 characters"),
        (("07595434", "0759543X"), "the company number should have 8 characters, such as 07595434"),
        (("Multi-academy trust", ""), "the group has no type, so it can't be told whether it is a trust"),
        (("01-09-2015", "31-09-2015"), "Joined date should look like 31-08-2024"),
        (("Open", "Perhaps"), "the status of the group should be Open or Closed"),
        (("07595434,Open,", "07595434,Open"), "it has 7 columns, where the header has 8"),
    ],
)
def test_a_messy_row_is_told_with_its_line_and_the_rest_goes_on(tmp_path: Path, instead: tuple[str, str], reason: str) -> None:
    rows, _ = read(tmp_path, LINKS, CASTLE.replace(*instead), CASTLE)
    assert isinstance(rows[0], RejectedLink)
    assert (rows[0].line, rows[0].reason) == (2, reason)
    assert isinstance(rows[1], TrustRow)


def test_a_trust_without_any_number_is_told(tmp_path: Path) -> None:
    rows, _ = read(tmp_path, "trust_name,company_number", "Nameless,")
    assert rows == [RejectedLink(2, "the trust has neither a UID nor a company number", "Nameless")]


@pytest.mark.parametrize(
    ("header", "names"),
    [
        ("URN,Group UID,Group Type", "group name"),
        ("URN,Group Name,Group Type", "group uid or companies house number"),
        ("URN,Group UID,Group Name", "group type"),
        ("a,b", "group name"),
    ],
)
def test_a_file_that_can_t_be_one_is_refused_with_what_it_lacks(tmp_path: Path, header: str, names: str) -> None:
    with pytest.raises(Invalid, match=names):
        read(tmp_path, header, "1,2,3")


def test_an_empty_file_and_a_cut_one_are_refused(tmp_path: Path) -> None:
    with pytest.raises(Invalid):
        read(tmp_path, "")
    path = tmp_path / "cut.csv.gz"
    path.write_bytes(gzip.compress("\n".join([LINKS, *[CASTLE] * 1000]).encode())[:-20])
    with pytest.raises(Invalid), open_trusts(path) as opened:
        list(opened.rows)


def test_a_file_of_too_many_rows_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trust_file, "MOST_ROWS", 3)
    with pytest.raises(TooLarge):
        read(tmp_path, LINKS, *[CASTLE] * 4)
