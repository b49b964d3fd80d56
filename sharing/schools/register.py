"""The school register read row by row: the DfE's edubasealldata CSV and the trimmed register that Vouch ships. Pure.

Only the columns named here are ever looked at, so the names of heads never leave the file. What can't be used is
passed on as ``Rejected`` with its line and a reason, and the rest goes on; a file that is no register raises Invalid.
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final, TypeAlias

from base.refusals import Invalid
from base.spreadsheets.csv_file import BrokenRecord, CsvRecord, opened
from sharing.schools import grid
from sharing.schools import register_values as value
from sharing.schools.places import find_place

SHIPPED: Final = Path(__file__).parent / "data" / "schools.csv.gz"  # 27,108 schools, for a first start
SHIPPED_AS_OF: Final = "2024-06"
_DATED: Final = re.compile(r"edubasealldata(20[0-9]{2})(0[1-9]|1[0-2])[0-9]{2}", re.IGNORECASE)  # as the DfE names its file

_DFE: Final = (
    "URN",
    "LA (name)",
    "EstablishmentName",
    "TypeOfEstablishment (name)",
    "EstablishmentStatus (name)",
    "OpenDate",
    "CloseDate",
    "PhaseOfEducation (name)",
    "Trusts (code)",
    "Trusts (name)",
    "UKPRN",
    "Town",
    "Postcode",
    "Easting",
    "Northing",
)
_DFE_MAY: Final = (
    "NumberOfPupils",
    "UrbanRural (name)",
    "Federations (code)",
    "Federations (name)",
)  # a file without them tells less
_TRIMMED: Final = ("urn", "name", "local_authority", "phase", "status", "town", "postcode", "lat", "lon", "open_date")


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """One school. None: the file doesn't say. ``lat`` and ``lon`` are WGS84 degrees, both or neither."""

    urn: int
    name: str
    local_authority: str  # "" where there is none: an overseas school
    phase: str  # "Primary"; where no phase applies, the type of school: "Community special school"; or ""
    status: value.Status
    town: str
    postcode: str
    lat: float | None
    lon: float | None
    trust_uid: str | None  # with trust_name, or neither
    trust_name: str | None
    ukprn: int | None
    open_date: date | None
    close_date: date | None
    pupils: int | None = None
    is_rural: bool | None = None
    federation_uid: str | None = None  # with federation_name; "" of a school in none
    federation_name: str | None = None


@dataclass(frozen=True, slots=True)
class RejectedSchool:
    line: int  # of the file, its header being line 1
    reason: str  # ends a sentence that begins with the line number
    name: str = ""  # of the school, as far as it could be read
    urn: int | None = None  # likewise


@dataclass(frozen=True, slots=True)
class Register:
    digest: str  # SHA-256 of the file's bytes, in hexadecimal
    is_complete: bool  # the DfE's file of all establishments: a school that isn't in it is no longer open
    as_of: str | None  # the month that it tells of, as 2024-06; None where neither its name nor we know
    rows: Iterator[RegisterRow | RejectedSchool]


RowReader: TypeAlias = Callable[[value.Values], RegisterRow]


@contextmanager
def open_register(path: Path) -> Iterator[Register]:
    """A register file, opened; its rows are read as they are asked for.

    Raises Invalid or TooLarge with one sentence, here or while ``rows`` are read (a truncated file is noticed at its end).
    """
    with opened(path) as source:
        header = next(source.records, None)
        columns, read = _layout(header)
        is_complete = read is _dfe_row and source.name.lower().startswith("edubasealldata")
        with path.open("rb") as whole:
            digest = hashlib.file_digest(whole, "sha256").hexdigest()
        width = len(header.fields) if isinstance(header, CsvRecord) else 0
        as_of = SHIPPED_AS_OF if path == SHIPPED else _month(source.name)
        yield Register(digest, is_complete, as_of, _rows(source.records, columns, width, read))


def _month(name: str) -> str | None:
    dated = _DATED.match(name)
    return "-".join(dated.groups()) if dated else None


def _layout(header: CsvRecord | BrokenRecord | None) -> tuple[dict[str, int], RowReader]:
    """The index of each column that we read, and the function that reads a row."""
    if not isinstance(header, CsvRecord):
        raise Invalid("This file is no school register: it doesn't start with a line of column names.")
    found: dict[str, int] = {}
    for index, title in enumerate(header.fields):
        found.setdefault(title.strip().casefold(), index)
    wanted, read = (_DFE, _dfe_row) if "establishmentname" in found else (_TRIMMED, _trimmed_row)
    missing = [column for column in wanted if column.casefold() not in found]
    if len(missing) > len(wanted) / 2:
        raise Invalid("This file is no school register: choose the DfE's edubasealldata CSV file, with all its columns.")
    if missing:
        raise Invalid(f"The register has no column named {' or '.join(missing)}, so nothing was imported.")
    may = [column for column in _DFE_MAY if column.casefold() in found]
    return {column: found[column.casefold()] for column in (*wanted, *may)}, read


def _rows(
    records: Iterable[CsvRecord | BrokenRecord], columns: Mapping[str, int], width: int, read: RowReader
) -> Iterator[RegisterRow | RejectedSchool]:
    first_line: dict[int, int] = {}
    for record in records:
        if isinstance(record, BrokenRecord):
            yield RejectedSchool(record.line, record.reason)
            continue
        if len(record.fields) != width:
            yield RejectedSchool(record.line, f"it has {len(record.fields)} columns, where the header has {width}")
            continue
        values = {column: record.fields[index] for column, index in columns.items()}
        try:
            row = read(values)
        except value.Unusable as unusable:
            yield _rejected(record.line, str(unusable), values)
            continue
        earlier = first_line.setdefault(row.urn, record.line)
        yield row if earlier == record.line else _rejected(record.line, f"URN {row.urn} is already on line {earlier}", values)


def _rejected(line: int, reason: str, values: value.Values) -> RejectedSchool:
    name = values["EstablishmentName"] if "EstablishmentName" in values else values["name"]
    urn = (values["URN"] if "URN" in values else values["urn"]).strip()
    return RejectedSchool(line, reason, value.shown(name), int(urn) if value.URN.fullmatch(urn) else None)


def _dfe_row(values: value.Values) -> RegisterRow:
    postcode = value.text(values, "Postcode", value.LONGEST_POSTCODE).upper()
    lat, lon = _from_grid(values) or _from_postcode(postcode)
    trust_uid, trust_name = (
        value.text(values, "Trusts (code)", value.LONGEST_CODE),
        value.text(values, "Trusts (name)", value.LONGEST_NAME),
    )
    in_trust = bool(trust_uid and trust_name)
    federation_uid, federation_name = _federation(values)
    return RegisterRow(
        urn=value.urn(values["URN"]),
        name=value.name(values, "EstablishmentName"),
        local_authority=value.applies(value.text(values, "LA (name)")),
        phase=value.applies(value.text(values, "PhaseOfEducation (name)", value.LONGEST_WORD))
        or value.applies(value.text(values, "TypeOfEstablishment (name)", value.LONGEST_WORD)),
        status=value.status(value.text(values, "EstablishmentStatus (name)")),
        town=value.text(values, "Town"),
        postcode=postcode,
        lat=lat,
        lon=lon,
        trust_uid=trust_uid if in_trust else None,
        trust_name=trust_name if in_trust else None,
        ukprn=value.ukprn(values["UKPRN"].strip()),
        open_date=value.day(values, "OpenDate"),
        close_date=value.day(values, "CloseDate"),
        pupils=value.pupils(values.get("NumberOfPupils", "")),
        is_rural=value.is_rural(values.get("UrbanRural (name)", "")),
        federation_uid=federation_uid,
        federation_name=federation_name,
    )


def _federation(values: value.Values) -> tuple[str | None, str | None]:
    """Its UID and name: empty for a school in none, None where the file has no such columns."""
    if not {"Federations (code)", "Federations (name)"} <= values.keys():
        return None, None
    uid = value.text(values, "Federations (code)", value.LONGEST_CODE)
    name = value.text(values, "Federations (name)", value.LONGEST_NAME)
    return (uid, name) if uid and name else ("", "")


def _trimmed_row(values: value.Values) -> RegisterRow:
    postcode = value.text(values, "postcode", value.LONGEST_POSTCODE).upper()
    lat, lon = _given_position(values) or _from_postcode(postcode)
    return RegisterRow(
        urn=value.urn(values["urn"]),
        name=value.name(values, "name"),
        local_authority=value.applies(value.text(values, "local_authority")),
        phase=value.applies(value.text(values, "phase", value.LONGEST_WORD)),
        status=value.status(value.text(values, "status")),
        town=value.text(values, "town"),
        postcode=postcode,
        lat=lat,
        lon=lon,
        trust_uid=None,
        trust_name=None,
        ukprn=None,
        open_date=value.day(values, "open_date"),
        close_date=None,
    )


def _from_grid(values: value.Values) -> tuple[float, float] | None:
    """None where the register has no position: blank, or 0 for the Channel Islands and overseas."""
    easting, northing = (value.number(values, column) or 0.0 for column in ("Easting", "Northing"))
    if not (0 < easting < grid.GRID_EAST and 0 < northing < grid.GRID_NORTH):
        return None
    lat, lon = grid.lat_lon(easting, northing)
    return round(lat, 5), round(lon, 5)  # a metre, which is more than the conversion promises


def _given_position(values: value.Values) -> tuple[float, float] | None:
    lat, lon = value.number(values, "lat"), value.number(values, "lon")
    if lat is None or lon is None:
        return None
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise value.Unusable("lat and lon should be degrees, such as 53.79970 and -1.54920")
    return lat, lon


def _from_postcode(postcode: str) -> tuple[float, float] | tuple[None, None]:
    place = find_place(postcode)
    return (place.lat, place.lon) if place else (None, None)
