"""How far apart two schools are, as plain arithmetic that both databases compute alike (SQLite may lack sin and cos).

The haversine formula with each sine and cosine as the first terms of its series. Within 25 miles the angles are below
0.01 radians, where the next term is beneath the last bit of a double: tests compare it with places.miles_between.
"""

from math import cos, pi, radians, sin
from typing import Final

from piccolo.querystring import QueryString

from sharing.access.fields import MOST_MILES
from sharing.schools.places import EARTH_RADIUS_MILES, Place, bounding_box

# sin²(x/2) and cos x for t = x²
_SIN2: Final = "(%(t)s / 4 * (1 - %(t)s / 12 * (1 - %(t)s / 30)))"
_COS: Final = "(1 - %(t)s / 2 * (1 - %(t)s / 12 * (1 - %(t)s / 30)))"
_SIN: Final = "(%(x)s * (1 - %(t)s / 6 * (1 - %(t)s / 20)))"


def within(place: Place, *, school: str, miles: str) -> QueryString:
    """An SQL condition: the School aliased ``school`` is at most ``miles`` (an SQL expression, 25 at most) from ``place``.

    Not true for a school without coordinates.
    """
    box = bounding_box(place, MOST_MILES)
    lat, turn = radians(place.lat), pi / 180
    condition = f"({school}.lat BETWEEN {{}} AND {{}} AND {school}.lon BETWEEN {{}} AND {{}} AND {_near_enough(school, miles)})"
    return QueryString(
        condition,
        *(box.south, box.north, box.west, box.east),
        *(place.lat, turn, place.lon, turn, cos(lat), sin(lat), 1 / EARTH_RADIUS_MILES),
    )


def _near_enough(school: str, miles: str) -> str:
    up, across, far = ({"t": f"d.{x} * d.{x}", "x": f"d.{x}"} for x in ("up", "across", "far"))
    other_cos = f"(d.cos_here * {_COS % up} - d.sin_here * {_SIN % up})"
    haversine = f"{_SIN2 % up} + d.cos_here * {other_cos} * {_SIN2 % across}"
    angles = (
        f"({school}.lat - {{}}) * {{}} AS up, ({school}.lon - {{}}) * {{}} AS across, CAST({{}} AS DOUBLE PRECISION) AS cos_here,"
        f" CAST({{}} AS DOUBLE PRECISION) AS sin_here, CAST({miles} AS DOUBLE PRECISION) * {{}} AS far"
    )
    return f"(SELECT {haversine} <= {_SIN2 % far} FROM (SELECT {angles}) d)"  # noqa: S608 - our own aliases
