"""Where a search listens and to whom, and how far away each school is: once for each school, in the database."""

from dataclasses import dataclass, field
from math import cos, pi, radians, sin
from typing import Final
from uuid import UUID

from piccolo.querystring import QueryString

import database
from sharing.access import visibility
from sharing.access.visibility import Principals
from sharing.schools.places import EARTH_RADIUS_MILES, Place, bounding_box
from sharing.tables import Network, NetworkMember
from suppliers.record.taxonomy import Reach

# sin²(x/2), cos x and sin x for t = x², by their series: SQLite may lack the functions. To a quarter of a radian, which is
# a thousand miles, beyond the last digits that a score is rounded to.
_SIN2: Final = "(%(t)s / 4 * (1 - %(t)s / 12 * (1 - %(t)s / 30 * (1 - %(t)s / 56))))"
_COS: Final = "(1 - %(t)s / 2 * (1 - %(t)s / 12 * (1 - %(t)s / 30 * (1 - %(t)s / 56))))"
_SIN: Final = "(%(x)s * (1 - %(t)s / 6 * (1 - %(t)s / 20 * (1 - %(t)s / 42))))"
# asin²(√h), the square of half the angle
_HALF_ANGLE_2: Final = "(a.h * (1 + a.h * (1.0 / 3 + a.h * (8.0 / 45 + a.h * (4.0 / 35 + a.h * (128.0 / 1575))))))"


@dataclass(frozen=True, slots=True)
class Around:
    """Where to listen: within ``miles`` of ``place`` (None: anywhere), and wherever linked schools are.

    To whom: SQL conditions on the words w that are heard there, as `whose.py` makes them.
    """

    place: Place | None
    miles: int
    linked: frozenset[UUID]
    counting: QueryString = field(default_factory=lambda: visibility.ALWAYS)  # the words that count
    coming_to: QueryString = field(default_factory=lambda: visibility.ALWAYS)  # what those of one supplier have to come to
    like_ours: QueryString = field(default_factory=lambda: visibility.NEVER)  # the words of schools like the viewer's


async def linked_schools(principals: Principals) -> frozenset[UUID]:
    """Schools of the viewer's trust, federation, clusters and connections. A local authority is no link by itself."""
    now, mine = principals.now, list(principals.networks)
    if not mine:
        return frozenset(principals.connected)
    close = Network.select(Network.id).where(database.among(Network.id, mine), Network.kind != "local_authority")
    chosen: list[UUID] = await close.output(as_list=True)
    if not chosen:
        return frozenset(principals.connected)
    members = NetworkMember.select(NetworkMember.school).where(
        database.among(NetworkMember.network, chosen), visibility.holding(NetworkMember, "joined_at", now)
    )
    return frozenset({*principals.connected, *await members.output(as_list=True)} - {principals.school})


def distance(around: Around, row: str) -> QueryString:
    """An SQL expression: the square of the miles to ``row``, which has ``lat`` and ``lon``; null: no matter, or not known."""
    return _miles2(around.place, row) if around.place else QueryString("CAST(NULL AS DOUBLE PRECISION)")


def in_box(around: Around, row: str) -> QueryString:
    """An SQL condition that an index can look up: ``row`` may be within reach."""
    if around.place is None:
        return visibility.ALWAYS
    box = bounding_box(around.place, around.miles)
    return QueryString(
        f"({row}.lat BETWEEN {{}} AND {{}} AND {row}.lon BETWEEN {{}} AND {{}})", box.south, box.north, box.west, box.east
    )


def in_circle(around: Around, miles2: str) -> QueryString:
    return QueryString(f"{miles2} <= {{}}", float(around.miles) ** 2) if around.place else visibility.ALWAYS


def leaves(reach: Reach, row: str) -> str:
    """An SQL expression: how much of a word at ``miles2`` of ``row`` is left (ranking.weight)."""
    if reach.miles is None:
        return "1.0"
    return f"(CASE WHEN {row}.miles2 IS NULL THEN 1.0 ELSE 1.0 / (1 + {row}.miles2 / {reach.miles**2!r}) END)"


def _miles2(place: Place, row: str) -> QueryString:
    """The haversine formula, squared."""
    up, across = ({"t": f"d.{x} * d.{x}", "x": f"d.{x}"} for x in ("up", "across"))
    other_cos = f"(d.cos_here * {_COS % up} - d.sin_here * {_SIN % up})"
    haversine = f"{_SIN2 % up} + d.cos_here * {other_cos} * {_SIN2 % across}"
    angles = (
        f"({row}.lat - {{}}) * {{}} AS up, ({row}.lon - {{}}) * {{}} AS across,"
        " CAST({} AS DOUBLE PRECISION) AS cos_here, CAST({} AS DOUBLE PRECISION) AS sin_here"
    )
    lat, turn = radians(place.lat), pi / 180
    return QueryString(
        f"(SELECT {(2 * EARTH_RADIUS_MILES) ** 2!r} * {_HALF_ANGLE_2} FROM (SELECT {haversine} AS h FROM (SELECT {angles}) d) a)",  # noqa: S608
        place.lat, turn, place.lon, turn, cos(lat), sin(lat),
    )  # fmt: skip
