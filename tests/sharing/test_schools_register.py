"""The school register, read from the DfE's own format and from the one that Vouch ships."""

import csv
import gzip
import hashlib
import io
import zipfile
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from base.refusals import Invalid, TooLarge
from base.spreadsheets import csv_file
from sharing.schools.register import SHIPPED, RegisterRow, RejectedSchool, open_register
from sharing.schools.register_values import Status
from tests.given.checkout import DATA

pytestmark = pytest.mark.pure

HEADER = next(csv.reader([(DATA / "edubasealldata_header.csv").read_text(encoding="ascii")]))

CASTLE = {
    "URN": "900001",
    "LA (code)": "660",
    "LA (name)": "Ynys Môn",
    "EstablishmentName": "Ysgol y Castell",
    "TypeOfEstablishment (name)": "Community school",
    "EstablishmentStatus (name)": "Open",
    "OpenDate": "01-09-1998",
    "PhaseOfEducation (name)": "Primary",
    "Trusts (code)": "2044",
    "Trusts (name)": "Dragon & Partners Trust",
    "Federations (code)": "77",
    "Federations (name)": "Two Schools",
    "NumberOfPupils": "211",
    "UrbanRural (name)": "(England/Wales) Rural village",
    "UKPRN": "10079319",
    "HeadFirstName": "Nobody",
    "HeadLastName": "Atall",
    "Town": "Biwmares",
    "Postcode": "LL58 8AB",
    "Easting": "260500",
    "Northing": "376000",
}


def dfe(*schools: dict[str, str], columns: list[str] = HEADER) -> bytes:
    """An edubasealldata file: every field in quotes, CRLF, Windows-1252."""
    text = io.StringIO()
    table = csv.DictWriter(text, columns, restval="", extrasaction="ignore", quoting=csv.QUOTE_ALL)
    table.writeheader()
    table.writerows(schools)
    return text.getvalue().encode("cp1252")


def read(path: Path) -> tuple[list[RegisterRow], list[RejectedSchool]]:
    with open_register(path) as register:
        found = list(register.rows)
    return [row for row in found if isinstance(row, RegisterRow)], [row for row in found if isinstance(row, RejectedSchool)]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "edubasealldata20260901.csv"


def test_every_school_of_the_shipped_register_is_read() -> None:
    schools, rejected = read(SHIPPED)
    assert rejected == []
    assert len(schools) == len({school.urn for school in schools}) == 27_108
    assert sum(school.lat is not None for school in schools) == 26_496
    assert Counter(school.phase for school in schools)["Primary"] == 16_751
    assert {school.status for school in schools} == {Status.OPEN}
    aldgate = schools[0]
    assert (aldgate.urn, aldgate.name, aldgate.local_authority) == (100000, "The Aldgate School", "City of London")
    assert (aldgate.postcode, aldgate.lat, aldgate.lon) == ("EC3A 5DE", 51.51366, -0.07749)


def test_the_dfe_file_is_read_in_its_own_encoding(file: Path) -> None:
    file.write_bytes(dfe(CASTLE))
    (school,), rejected = read(file)
    assert rejected == []
    assert (school.lat, school.lon) == pytest.approx((53.2625, -4.0925), abs=0.001)
    assert school == RegisterRow(
        urn=900001,
        name="Ysgol y Castell",
        local_authority="Ynys Môn",
        phase="Primary",
        status=Status.OPEN,
        town="Biwmares",
        postcode="LL58 8AB",
        lat=school.lat,
        lon=school.lon,
        trust_uid="2044",
        trust_name="Dragon & Partners Trust",
        ukprn=10079319,
        open_date=date(1998, 9, 1),
        close_date=None,
        pupils=211,
        is_rural=True,
        federation_uid="77",
        federation_name="Two Schools",
    )


@pytest.mark.parametrize(
    ("kind", "is_rural"),
    [("Urban: Nearer to a major town or city", False), ("Larger rural: Further from a major town or city", True), ("", None)],
)
def test_how_many_pupils_and_how_rural_a_school_is_may_be_missing(file: Path, kind: str, is_rural: bool | None) -> None:
    file.write_bytes(dfe(CASTLE | {"NumberOfPupils": "", "UrbanRural (name)": kind}))
    assert [(school.pupils, school.is_rural) for school in read(file)[0]] == [(None, is_rural)]
    file.write_bytes(dfe(CASTLE, columns=[column for column in HEADER if column not in ("NumberOfPupils", "UrbanRural (name)")]))
    assert [(school.pupils, school.is_rural) for school in read(file)[0]] == [(None, None)]


def test_the_names_of_heads_never_leave_the_file(file: Path) -> None:
    broken = CASTLE | {"URN": "none", "HeadLastName": "Atall"}
    file.write_bytes(dfe(CASTLE, broken))
    schools, rejected = read(file)
    assert "Atall" in file.read_text(encoding="cp1252")
    assert "Atall" not in repr(schools) + repr(rejected)
    assert len(schools) == len(rejected) == 1


def test_a_file_saved_again_as_utf_8_with_a_byte_order_mark_is_read_the_same(file: Path, tmp_path: Path) -> None:
    file.write_bytes(dfe(CASTLE))
    again = tmp_path / "again.csv"
    again.write_bytes(b"\xef\xbb\xbf" + file.read_bytes().decode("cp1252").replace("\r\n", "\n").encode())
    assert read(again) == read(file)


def test_only_the_file_of_all_establishments_speaks_for_schools_that_are_not_in_it(file: Path, tmp_path: Path) -> None:
    selection = tmp_path / "results.csv"
    for path in (file, selection):
        path.write_bytes(dfe(CASTLE))
    with open_register(file) as everything, open_register(selection) as part, open_register(SHIPPED) as trimmed:
        assert [r.is_complete for r in (everything, part, trimmed)] == [True, False, False]


def test_gzip_and_zip_hold_the_same_schools_as_the_csv(file: Path, tmp_path: Path) -> None:
    file.write_bytes(dfe(CASTLE))
    (packed := tmp_path / "edubasealldata20260901.csv.gz").write_bytes(gzip.compress(file.read_bytes()))
    with zipfile.ZipFile(zipped := tmp_path / "extract.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(file, "folder/edubasealldata20260901.csv")
        archive.writestr("links_edubasealldata20260901.csv", "URN,LinkURN\n")
    assert read(packed) == read(zipped) == read(file)
    with open_register(zipped) as register:
        assert register.is_complete


def test_the_digest_is_that_of_the_file_as_it_was_given(file: Path) -> None:
    file.write_bytes(dfe(CASTLE))
    with open_register(file) as register:
        assert register.digest == hashlib.sha256(file.read_bytes()).hexdigest()


def test_missing_columns_are_named(file: Path) -> None:
    file.write_bytes(dfe(CASTLE, columns=[c for c in HEADER if c not in ("Town", "Trusts (code)")]))
    with pytest.raises(Invalid, match=r"no column named Trusts \(code\) or Town"):
        read(file)


@pytest.mark.parametrize("content", [b"", b"\n\n", b"name,price\nPens,2\n", b"\x00\x01\x02", b"\x1f\x8b\x08", b"PK\x03\x04rest"])
def test_what_is_no_register_is_refused_in_a_sentence(file: Path, content: bytes) -> None:
    file.write_bytes(content)
    with pytest.raises(Invalid) as refused:
        read(file)
    assert refused.value.sentence.endswith(".")


def test_a_missing_file_is_refused_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match=r"nothing\.csv can't be read"):
        read(tmp_path / "nothing.csv")


def test_a_gzip_file_cut_short_is_refused(tmp_path: Path) -> None:
    cut = tmp_path / "schools.csv.gz"
    cut.write_bytes(SHIPPED.read_bytes()[:400_000])
    with pytest.raises(Invalid, match="cut short, so nothing was imported"):
        read(cut)


def test_a_gzip_file_with_a_changed_byte_is_refused(tmp_path: Path) -> None:
    changed = bytearray(SHIPPED.read_bytes())
    changed[500_000] ^= 0xFF
    (path := tmp_path / "schools.csv.gz").write_bytes(changed)
    with pytest.raises(Invalid, match="damaged"):
        read(path)


def test_a_small_archive_that_unpacks_without_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_file, "MOST_BYTES", 2_000_000)
    bomb = tmp_path / "schools.csv.gz"
    bomb.write_bytes(gzip.compress(dfe(CASTLE) + b"x" * 3_000_000))
    with pytest.raises(TooLarge, match="unpacks to more than 2 MB"):
        read(bomb)


def test_more_rows_than_any_register_are_refused(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_file, "MOST_ROWS", 3)
    file.write_bytes(dfe(*(CASTLE | {"URN": str(900_000 + n)} for n in range(3))))
    assert len(read(file)[0]) == 3
    file.write_bytes(dfe(*(CASTLE | {"URN": str(900_000 + n)} for n in range(4))))
    with pytest.raises(TooLarge, match="more than 3 rows"):
        read(file)


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"URN": "x"}, "the URN should be a number of 5 to 7 digits"),
        ({"URN": "٩٠٠٠٠١"}, "neither UTF-8"),
        ({"EstablishmentName": "  "}, "the school has no name"),
        ({"EstablishmentName": "N" * 10_000}, "EstablishmentName is longer than 200 characters"),
        ({"EstablishmentName": "N" * 100_000}, "the line is longer than 65,536 characters"),
        ({"EstablishmentName": "Oak\0 School"}, "the line holds a NUL character"),
        ({"EstablishmentName": "Oak\x1b[31m School"}, "EstablishmentName holds a character that can't be printed"),
        ({"Town": "T" * 101}, "Town is longer than 100 characters"),
        ({"EstablishmentStatus (name)": "Perhaps"}, "the status should be Open, Closed or Proposed to open"),
        ({"EstablishmentStatus (name)": "Proposed to open"}, "the school isn't open yet"),
        ({"OpenDate": "31-02-2024"}, "OpenDate should look like 31-08-2024"),
        ({"CloseDate": "soon"}, "CloseDate should look like 31-08-2024"),
        ({"Easting": "nan"}, "Easting should be a number"),
        ({"UKPRN": "12"}, "the UKPRN should be a number of 8 digits"),
    ],
)
def test_a_row_that_cannot_be_used_is_named_with_its_line_and_the_rest_goes_on(
    file: Path, wrong: dict[str, str], reason: str
) -> None:
    if "neither" in reason:
        content = dfe(CASTLE, CASTLE | {"URN": "@@"}, CASTLE | {"URN": "900002"}).replace(b"@@", b"\x81\x8d")
    else:
        content = dfe(CASTLE, CASTLE | wrong, CASTLE | {"URN": "900002"})
    file.write_bytes(content)
    schools, (rejected,) = read(file)
    assert [school.urn for school in schools] == [900001, 900002]
    assert rejected.line == 3
    assert reason in rejected.reason
    assert len(rejected.name) <= 200
    assert rejected.name.isprintable()


def test_a_stray_quotation_mark_costs_one_row_not_the_rest_of_the_file(file: Path) -> None:
    lines = dfe(*(CASTLE | {"URN": str(900_000 + n)} for n in range(100))).split(b"\r\n")
    lines[10] = lines[10].replace(b"Ysgol y Castell", b'Ysgol "y Castell')
    file.write_bytes(b"\r\n".join(lines))
    schools, (rejected,) = read(file)
    assert len(schools) == 99
    assert (rejected.line, rejected.reason) == (11, "the quotation marks are out of place")


def test_a_line_break_inside_quotation_marks_belongs_to_its_row(file: Path) -> None:
    file.write_bytes(dfe(CASTLE | {"Town": "Biwmares\r\nMôn"}, CASTLE | {"URN": "x"}))
    (school,), (rejected,) = read(file)
    assert school.town == "Biwmares Môn"
    assert rejected.line == 4


def test_a_row_with_too_few_columns_is_rejected(file: Path) -> None:
    file.write_bytes(dfe(CASTLE) + b'"900002","660"\r\n')
    schools, (rejected,) = read(file)
    assert len(schools) == 1
    assert rejected == RejectedSchool(3, f"it has 2 columns, where the header has {len(HEADER)}")


def test_the_second_row_of_one_urn_is_rejected(file: Path) -> None:
    file.write_bytes(dfe(CASTLE, CASTLE | {"EstablishmentName": "Another"}))
    (school,), (rejected,) = read(file)
    assert school.name == "Ysgol y Castell"
    assert rejected == RejectedSchool(3, "URN 900001 is already on line 2", "Another", 900001)


def test_a_closed_school_is_read_as_closed(file: Path) -> None:
    file.write_bytes(dfe(CASTLE | {"EstablishmentStatus (name)": "Closed", "CloseDate": "31/08/2024"}))
    (school,), _ = read(file)
    assert (school.status, school.close_date) == (Status.CLOSED, date(2024, 8, 31))


def test_a_school_without_grid_reference_stands_where_its_postcode_is(file: Path) -> None:
    file.write_bytes(dfe(CASTLE | {"Easting": "0", "Northing": "", "Postcode": "ls1 4ap"}))
    (school,), _ = read(file)
    assert (school.postcode, round(school.lat or 0, 1), round(school.lon or 0, 1)) == ("LS1 4AP", 53.8, -1.6)


def test_a_school_of_no_phase_is_known_by_its_type(file: Path) -> None:
    file.write_bytes(dfe(CASTLE | {"PhaseOfEducation (name)": "Not applicable", "LA (name)": "Does not apply"}))
    (school,), _ = read(file)
    assert (school.phase, school.local_authority) == ("Community school", "")


@given(st.binary(max_size=2_000))
def test_no_bytes_whatever_after_the_header_break_the_reading(tmp_path_factory: pytest.TempPathFactory, tail: bytes) -> None:
    path = tmp_path_factory.mktemp("any", numbered=True) / "any.csv"
    path.write_bytes(dfe(CASTLE) + tail)
    schools, _ = read(path)
    assert schools[0].urn == 900001


def test_rows_are_read_as_they_are_asked_for(tmp_path: Path) -> None:
    """Nothing is read ahead, so a register of any length needs the memory of one row: the cut shows only at the end."""
    cut = tmp_path / "schools.csv.gz"
    cut.write_bytes(SHIPPED.read_bytes()[:400_000])
    with open_register(cut) as register:
        assert isinstance(next(register.rows), RegisterRow)
