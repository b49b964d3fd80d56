"""The school register read row by row: the DfE's edubasealldata CSV and the trimmed register that Vouch ships. Pure.

Only the columns named here are ever looked at, so the names of heads never leave the file. What can't be used is
passed on as ``Rejected`` with its line and a reason, and the rest goes on; a file that is no register raises Invalid.
"""

import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Final

from sharing import grid
from sharing.places import find_place
from sharing.register_file import Broken, Record, opened
from web.refusals import Invalid

SHIPPED: Final = Path(__file__).parent / "data" / "schools.csv.gz"  # 27,108 schools, June 2024, for a first start

LONGEST_NAME: Final = 200  # the register's longest name is 96
LONGEST_VALUE: Final = 100  # a town, an authority, a phase

_DFE: Final = (
    "URN",
    "LA (code)",
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
_TRIMMED: Final = ("urn", "name", "local_authority", "phase", "status", "town", "postcode", "lat", "lon", "open_date")
_DOES_NOT_APPLY: Final = frozenset({"", "not applicable", "does not apply"})
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_DATE = re.compile(r"(?P<d>\d{1,2})[-/](?P<m>\d{1,2})[-/](?P<y>\d{4})", re.ASCII)


class Status(StrEnum):
    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """One school. None: the file doesn't say. ``lat`` and ``lon`` are WGS84 degrees, both or neither."""

    urn: int
    name: str
    local_authority: str  # "" where there is none: an overseas school
    local_authority_code: str | None
    phase: str  # "Primary"; where no phase applies, the type of school: "Community special school"; or ""
    status: Status
    town: str
    postcode: str
    lat: float | None
    lon: float | None
    trust_uid: str | None  # with trust_name, or neither
    trust_name: str | None
    ukprn: int | None
    open_date: date | None
    close_date: date | None


@dataclass(frozen=True, slots=True)
class Rejected:
    line: int  # of the file, its header being line 1
    reason: str  # ends a sentence that begins with the line number
    name: str  # of the school, as far as it could be read


@dataclass(frozen=True, slots=True)
class Register:
    digest: str  # SHA-256 of the file's bytes, in hexadecimal
    is_complete: bool  # the DfE's file of all establishments: a school that isn't in it is no longer open
    rows: Iterator[RegisterRow | Rejected]


@contextmanager
def open_register(path: Path) -> Iterator[Register]:
    """Raises Invalid or TooLarge with one sentence, here or while ``rows`` are read (a cut-short file shows at its end)."""
    with opened(path) as source:
        header = next(source.records, None)
        columns, read = _layout(header)
        is_complete = read is _dfe_row and source.name.lower().startswith("edubasealldata")
        with path.open("rb") as whole:
            digest = hashlib.file_digest(whole, "sha256").hexdigest()
        width = len(header.fields) if isinstance(header, Record) else 0
        yield Register(digest, is_complete, _rows(source.records, columns, width, read))


Values = Mapping[str, str]
RowReader = Callable[[Values], RegisterRow]


class _Unusable(Exception):
    """The reason a row is rejected."""


def _layout(header: Record | Broken | None) -> tuple[dict[str, int], RowReader]:
    """Where each column that we read is, and who reads it."""
    if not isinstance(header, Record):
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
    return {column: found[column.casefold()] for column in wanted}, read


def _rows(
    records: Iterable[Record | Broken], columns: Mapping[str, int], width: int, read: RowReader
) -> Iterator[RegisterRow | Rejected]:
    first_line: dict[int, int] = {}
    for record in records:
        if isinstance(record, Broken):
            yield Rejected(record.line, record.reason, "")
            continue
        if len(record.fields) != width:
            yield Rejected(record.line, f"it has {len(record.fields)} columns, where the header has {width}", "")
            continue
        values = {column: record.fields[index] for column, index in columns.items()}
        try:
            row = read(values)
            earlier = first_line.setdefault(row.urn, record.line)
            if earlier != record.line:
                raise _Unusable(f"URN {row.urn} is already on line {earlier}")  # noqa: TRY301 - one way to reject a row
        except _Unusable as unusable:
            yield Rejected(record.line, str(unusable), _shown(values.get("EstablishmentName") or values.get("name", "")))
        else:
            yield row


def _dfe_row(values: Values) -> RegisterRow:
    postcode = _text(values, "Postcode").upper()
    lat, lon = _from_grid(values) or _from_postcode(postcode)
    trust_uid, trust_name = _text(values, "Trusts (code)"), _text(values, "Trusts (name)", LONGEST_NAME)
    in_trust = bool(trust_uid and trust_name)
    return RegisterRow(
        urn=_urn(values["URN"]),
        name=_name(values, "EstablishmentName"),
        local_authority=_applies(_text(values, "LA (name)")),
        local_authority_code=_text(values, "LA (code)") or None,
        phase=_applies(_text(values, "PhaseOfEducation (name)")) or _applies(_text(values, "TypeOfEstablishment (name)")),
        status=_status(_text(values, "EstablishmentStatus (name)")),
        town=_text(values, "Town"),
        postcode=postcode,
        lat=lat,
        lon=lon,
        trust_uid=trust_uid if in_trust else None,
        trust_name=trust_name if in_trust else None,
        ukprn=_ukprn(values["UKPRN"].strip()),
        open_date=_date(values, "OpenDate"),
        close_date=_date(values, "CloseDate"),
    )


def _trimmed_row(values: Values) -> RegisterRow:
    postcode = _text(values, "postcode").upper()
    lat, lon = _given_position(values) or _from_postcode(postcode)
    return RegisterRow(
        urn=_urn(values["urn"]),
        name=_name(values, "name"),
        local_authority=_applies(_text(values, "local_authority")),
        local_authority_code=None,
        phase=_applies(_text(values, "phase")),
        status=_status(_text(values, "status")),
        town=_text(values, "town"),
        postcode=postcode,
        lat=lat,
        lon=lon,
        trust_uid=None,
        trust_name=None,
        ukprn=None,
        open_date=_date(values, "open_date"),
        close_date=None,
    )


def _text(values: Values, column: str, longest: int = LONGEST_VALUE) -> str:
    """One line of NFC text, inner white space folded."""
    value = unicodedata.normalize("NFC", " ".join(values[column].split()))
    if len(value) > longest:
        raise _Unusable(f"{column} is longer than {longest} characters")
    if _CONTROL.search(value):
        raise _Unusable(f"{column} holds a character that can't be printed")
    return value


def _name(values: Values, column: str) -> str:
    name = _text(values, column, LONGEST_NAME)
    if not name:
        raise _Unusable("the school has no name")
    return name


def _shown(name: str) -> str:
    return "".join(character for character in name[:LONGEST_NAME] if character.isprintable())


def _urn(raw: str) -> int:
    digits = raw.strip()
    if not re.fullmatch(r"[1-9][0-9]{4,6}", digits):
        raise _Unusable("the URN should be a number of 5 to 7 digits")
    return int(digits)


def _ukprn(raw: str) -> int | None:
    if not raw:
        return None
    if not re.fullmatch(r"[1-9][0-9]{7}", raw):
        raise _Unusable("the UKPRN should be a number of 8 digits")
    return int(raw)


def _status(raw: str) -> Status:
    match raw.casefold():
        case "open" | "open, but proposed to close":
            return Status.OPEN
        case "closed":
            return Status.CLOSED
        case "proposed to open":
            raise _Unusable("the school isn't open yet")
    raise _Unusable("the status should be Open, Closed or Proposed to open")


def _applies(value: str) -> str:
    return "" if value.casefold() in _DOES_NOT_APPLY else value


def _date(values: Values, column: str) -> date | None:
    raw = values[column].strip()
    if not raw:
        return None
    parts = _DATE.fullmatch(raw)
    try:
        if parts:
            return date(int(parts["y"]), int(parts["m"]), int(parts["d"]))
        return date.fromisoformat(raw)
    except ValueError:
        raise _Unusable(f"{column} should look like 31-08-2024") from None


def _from_grid(values: Values) -> tuple[float, float] | None:
    """None where the register has no position: blank, or 0 for the Channel Islands and overseas."""
    easting, northing = (_number(values, column) or 0.0 for column in ("Easting", "Northing"))
    if not (0 < easting < grid.GRID_EAST and 0 < northing < grid.GRID_NORTH):
        return None
    lat, lon = grid.lat_lon(easting, northing)
    return round(lat, 5), round(lon, 5)  # a metre, which is more than the conversion promises


def _given_position(values: Values) -> tuple[float, float] | None:
    lat, lon = _number(values, "lat"), _number(values, "lon")
    if lat is None or lon is None:
        return None
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise _Unusable("lat and lon should be degrees, such as 53.79970 and -1.54920")
    return lat, lon


def _from_postcode(postcode: str) -> tuple[float, float] | tuple[None, None]:
    place = find_place(postcode)
    return (place.lat, place.lon) if place else (None, None)


def _number(values: Values, column: str) -> float | None:
    raw = values[column].strip()
    if not raw:
        return None
    if not re.fullmatch(r"-?[0-9]{1,8}(\.[0-9]{1,12})?", raw):
        raise _Unusable(f"{column} should be a number")
    return float(raw)
