"""Where a postcode is, and how far apart two places are. Pure: reads one shipped file, asks no network.

Positions are the mean of a postcode sector ("LS1 4"), or of an outward code ("LS1") where the sector is unknown,
which is as near as "schools within 10 miles" needs. Latitude and longitude are WGS84 degrees.
"""

import csv
import gzip
import re
from dataclasses import dataclass
from functools import cache
from math import asin, cos, degrees, pi, radians, sin, sqrt
from pathlib import Path
from typing import Final

# Mean radius R1 of the GRS80 ellipsoid, 6,371.0088 km (Moritz, Geodetic Reference System 1980), in statute miles.
EARTH_RADIUS_MILES: Final = 6371.0088 / 1.609344

LONGEST_POSTCODE: Final = 16  # "EC1A 1BB" is 8; the rest is room for stray spaces

_WHOLE = re.compile(r"([A-Z]{1,2}[0-9][A-Z0-9]?)([0-9])[A-Z]{2}")
_SECTOR = re.compile(r"([A-Z]{1,2}[0-9][A-Z0-9]?) ?([0-9])")


@dataclass(frozen=True, slots=True)
class Place:
    label: str  # what to call it on screen: "LS1 4AP"
    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class Box:
    """Latitudes and longitudes, both ends included."""

    south: float
    west: float
    north: float
    east: float

    def holds(self, lat: float, lon: float) -> bool:
        return self.south <= lat <= self.north and self.west <= lon <= self.east


def find_place(text: str) -> Place | None:
    """The place of a postcode ("ls14ap"), a sector ("LS1 4") or an outward code ("LS1"); None if there is none.

    Case and spacing don't matter, but "LS14" is the outward code and only "LS1 4" the sector. A place found by its
    outward code alone is labelled with that code, so that nobody takes it for more exact than it is.
    """
    typed = " ".join(text.upper().split())
    if len(typed) > LONGEST_POSTCODE:
        return None
    if whole := _WHOLE.fullmatch(typed.replace(" ", "")):
        outcode, digit = whole.groups()
        return _place(f"{outcode} {digit}", label=f"{outcode} {typed.replace(' ', '')[-3:]}") or _place(outcode)
    if outcode_place := _place(typed):
        return outcode_place
    if sector := _SECTOR.fullmatch(typed):
        return _place(" ".join(sector.groups())) or _place(sector[1])
    return None


def miles_between(a: Place, b: Place) -> float:
    """Great-circle distance in statute miles (haversine: exact for near and far points alike)."""
    lat_a, lat_b = radians(a.lat), radians(b.lat)
    across = sin((lat_b - lat_a) / 2) ** 2 + cos(lat_a) * cos(lat_b) * sin(radians(b.lon - a.lon) / 2) ** 2
    return 2 * EARTH_RADIUS_MILES * asin(min(1.0, sqrt(across)))


def bounding_box(place: Place, miles: float) -> Box:
    """A box with every point within ``miles`` of the place, for an index to narrow by before distances are computed.

    Near a pole or the 180th meridian, where a box of longitudes would wrap, it takes in every longitude.
    """
    angle = miles / EARTH_RADIUS_MILES
    south, north = place.lat - degrees(angle), place.lat + degrees(angle)
    if south <= -90 or north >= 90:
        return Box(max(south, -90.0), -180.0, min(north, 90.0), 180.0)
    width = degrees(asin(min(1.0, sin(min(angle, pi / 2)) / cos(radians(place.lat)))))
    west, east = place.lon - width, place.lon + width
    if west < -180 or east > 180:
        west, east = -180.0, 180.0
    slack = 1e-9  # a point exactly on the circle must not fall outside by rounding
    return Box(south - slack, west - slack, north + slack, east + slack)


def _place(code: str, *, label: str | None = None) -> Place | None:
    position = _positions().get(code)
    return Place(label or code, *position) if position else None


@cache
def _positions() -> dict[str, tuple[float, float]]:
    """Sector or outward code -> (lat, lon). 13,811 of them, read at the first question."""
    packed = (Path(__file__).parent / "data" / "postcodes.csv.gz").read_bytes()
    rows = csv.reader(gzip.decompress(packed).decode("ascii").splitlines()[1:])
    return {code: (float(lat), float(lon)) for code, lat, lon in rows}


def offset(here: Place, there: Place) -> tuple[float, float]:
    """How many miles east and north ``there`` is, on a plane that touches the earth at ``here``: for drawing a map."""
    north = radians(there.lat - here.lat) * EARTH_RADIUS_MILES
    east = radians(there.lon - here.lon) * cos(radians(here.lat)) * EARTH_RADIUS_MILES
    return east, north
