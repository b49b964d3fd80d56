"""National Grid eastings and northings (OSGB36) to latitude and longitude (WGS84). Pure; right to about 5 metres.

Source: Ordnance Survey, "A guide to coordinate systems in Great Britain": constants from annex A, cartesian
conversion from annex B, the inverse projection from annex C, the seven Helmert parameters from section 6.6.
The OSTN15 grid would be right to centimetres, but takes megabytes to say where a school is to the nearest desk.
"""

from math import atan2, cos, degrees, hypot, radians, sin, sqrt, tan
from typing import Final

GRID_EAST: Final = 700_000  # metres; the grid's own edges
GRID_NORTH: Final = 1_300_000

_AIRY_A, _AIRY_B = 6_377_563.396, 6_356_256.909
_WGS84_A, _WGS84_B = 6_378_137.0, 6_356_752.3141
_SCALE = 0.9996012717  # F0, on the central meridian
_ORIGIN_LAT, _ORIGIN_LON = radians(49), radians(-2)
_FALSE_EAST, _FALSE_NORTH = 400_000, -100_000

# OSGB36 to WGS84: metres, parts per million, seconds of arc (section 6.6 gives the other direction)
_SHIFT = (446.448, -125.157, 542.060)
_PPM = -20.4894
_TURN = tuple(radians(seconds / 3600) for seconds in (0.1502, 0.2470, 0.8421))


def lat_lon(easting: float, northing: float) -> tuple[float, float]:
    """Degrees north and east. Outside the grid's 700 by 1,300 km the answer means nothing."""
    return _to_degrees(*_helmert(*_to_cartesian(*_unproject(easting, northing))))


def _unproject(easting: float, northing: float) -> tuple[float, float]:
    """Annex C.2: latitude and longitude on the Airy 1830 ellipsoid, in radians."""
    a, b = _AIRY_A * _SCALE, _AIRY_B * _SCALE
    e2 = 1 - (_AIRY_B / _AIRY_A) ** 2
    lat = _ORIGIN_LAT
    arc = 0.0
    while northing - _FALSE_NORTH - arc > 1e-5:  # within a hundredth of a millimetre
        lat += (northing - _FALSE_NORTH - arc) / a
        arc = _meridian_arc(lat, a, b)
    nu = a / sqrt(1 - e2 * sin(lat) ** 2)
    rho = a * (1 - e2) / (1 - e2 * sin(lat) ** 2) ** 1.5
    eta2 = nu / rho - 1
    t, t2, sec = tan(lat), tan(lat) ** 2, 1 / cos(lat)
    vii = t / (2 * rho * nu)
    viii = t / (24 * rho * nu**3) * (5 + 3 * t2 + eta2 - 9 * t2 * eta2)
    ix = t / (720 * rho * nu**5) * (61 + 90 * t2 + 45 * t2**2)
    x = sec / nu
    xi = sec / (6 * nu**3) * (nu / rho + 2 * t2)
    xii = sec / (120 * nu**5) * (5 + 28 * t2 + 24 * t2**2)
    xiia = sec / (5040 * nu**7) * (61 + 662 * t2 + 1320 * t2**2 + 720 * t2**3)
    east = easting - _FALSE_EAST
    return (
        lat - vii * east**2 + viii * east**4 - ix * east**6,
        _ORIGIN_LON + x * east - xi * east**3 + xii * east**5 - xiia * east**7,
    )


def _meridian_arc(lat: float, a: float, b: float) -> float:
    """Annex C.1, M: metres along the meridian from the true origin, ``a`` and ``b`` already scaled."""
    n = (a - b) / (a + b)
    less, plus = lat - _ORIGIN_LAT, lat + _ORIGIN_LAT
    return b * (
        (1 + n + 5 / 4 * n**2 + 5 / 4 * n**3) * less
        - (3 * n + 3 * n**2 + 21 / 8 * n**3) * sin(less) * cos(plus)
        + (15 / 8 * n**2 + 15 / 8 * n**3) * sin(2 * less) * cos(2 * plus)
        - 35 / 24 * n**3 * sin(3 * less) * cos(3 * plus)
    )


def _to_cartesian(lat: float, lon: float) -> tuple[float, float, float]:
    """Annex B.1, at height 0."""
    e2 = 1 - (_AIRY_B / _AIRY_A) ** 2
    nu = _AIRY_A / sqrt(1 - e2 * sin(lat) ** 2)
    return nu * cos(lat) * cos(lon), nu * cos(lat) * sin(lon), nu * (1 - e2) * sin(lat)


def _helmert(x: float, y: float, z: float) -> tuple[float, float, float]:
    scale = 1 + _PPM * 1e-6
    turn_x, turn_y, turn_z = _TURN
    return (
        _SHIFT[0] + scale * x - turn_z * y + turn_y * z,
        _SHIFT[1] + turn_z * x + scale * y - turn_x * z,
        _SHIFT[2] - turn_y * x + turn_x * y + scale * z,
    )


def _to_degrees(x: float, y: float, z: float) -> tuple[float, float]:
    """Annex B.2 on WGS84; five rounds settle far below a millimetre."""
    e2 = 1 - (_WGS84_B / _WGS84_A) ** 2
    out = hypot(x, y)
    lat = atan2(z, out * (1 - e2))
    for _ in range(5):
        nu = _WGS84_A / sqrt(1 - e2 * sin(lat) ** 2)
        lat = atan2(z + e2 * nu * sin(lat), out)
    return degrees(lat), degrees(atan2(y, x))
