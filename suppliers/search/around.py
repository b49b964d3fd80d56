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
from suppliers import open_words
from suppliers.ranked_words import exact
from suppliers.record.taxonomy import Reach

# sin²(x/2), cos x and sin x for t = x², by their series: SQLite may lack the functions. To a quarter of a radian, which is
# a thousand miles, beyond the last digits that a score is rounded to.
_SIN2: Final = "({t} / 4 * (1 - {t} / 12 * (1 - {t} / 30 * (1 - {t} / 56))))"
_COS: Final = "(1 - d.up2 / 2 * (1 - d.up2 / 12 * (1 - d.up2 / 30 * (1 - d.up2 / 56))))"
_SIN: Final = "(d.up * (1 - d.up2 / 6 * (1 - d.up2 / 20 * (1 - d.up2 / 42))))"
_REAL: Final = "CAST({} AS DOUBLE PRECISION)"
# of an angle up and one across, and the cosine and sine of the latitude here
_OTHER_COS: Final = f"({_REAL} * {_COS} - {_REAL} * {_SIN})"
_HAVERSINE: Final = f"{_SIN2.format(t='d.up2')} + {_REAL} * {_OTHER_COS} * {_SIN2.format(t='d.across2')}"
# asin²(√h), the square of half the angle
_HALF_ANGLE_2: Final = (
    f"(a.h * (1 + a.h * ({exact(1 / 3)} + a.h * ({exact(8 / 45)} + a.h * ({exact(4 / 35)} + a.h * {exact(128 / 1575)})))))"
)
_FADING: Final = tuple(reach for reach in Reach if reach.miles is not None)
COLUMNS: Final = ("miles2", *(f"left_{reach}" for reach in _FADING))  # miles squared, and ranking.weight's part of the distance
# Where no place is asked about, distance is no matter.
NOWHERE: Final = (
    f"CAST(NULL AS DOUBLE PRECISION) AS miles2, {', '.join(f'{exact(1.0)} AS {one}' for one in COLUMNS[1:])}, TRUE AS is_near"
)
_EVERYWHERE: Final = f"placed AS MATERIALIZED (SELECT c.id AS school, {NOWHERE} FROM sharing_school c)"  # noqa: S608 - our own text
_LEFT: Final = ", ".join(
    f"1 / (1 + COALESCE(a.miles2, 0) / {exact(reach.miles**2)}) AS left_{reach}" for reach in _FADING if reach.miles is not None
)


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
    like_ours: QueryString = field(default_factory=lambda: visibility.NEVER)  # a school k like the viewer's


async def linked_schools(principals: Principals) -> frozenset[UUID]:
    """Schools of the viewer's trust, federation, clusters and connections. A local authority is no link by itself."""
    mine = list(principals.networks)
    if not mine:
        return frozenset(principals.connected)
    close = Network.select(Network.id).where(database.among(Network.id, mine), Network.kind != "local_authority")
    chosen: list[UUID] = await close.output(as_list=True)
    if not chosen:
        return frozenset(principals.connected)
    members = NetworkMember.select(NetworkMember.school).where(
        database.among(NetworkMember.network, chosen), visibility.holding(NetworkMember)
    )
    return frozenset({*principals.connected, *await members.output(as_list=True)} - {principals.school})


def placed(around: Around, here: UUID, speaking: QueryString | None) -> QueryString:
    """CTEs that end with ``placed``, the schools that count, each once: ``school``, ``miles2`` (miles squared; null: no matter,
    or not known), how much is ``left`` of a word from there on what is bought locally and regionally, and ``is_near``, which
    linked schools and the viewer's own (``here``) need not be.

    ``speaking`` is a SELECT of those of which alone the distance is wanted.
    """
    if around.place is None:
        return QueryString(_EVERYWHERE)
    box, far = bounding_box(around.place, around.miles), exact(float(around.miles) ** 2)
    also = database.in_selected("c.id", also=[here, *around.linked]).querystring
    beside = database.in_selected("a.school", also=[here, *around.linked]).querystring
    speaks = QueryString("c.id IN ({})", speaking) if speaking else visibility.ALWAYS
    perhaps = QueryString(
        "c.lat BETWEEN {} AND {} AND c.lon BETWEEN {} AND {} AND {} OR {}",
        box.south, box.north, box.west, box.east, speaks, also,
    )  # fmt: skip
    return QueryString(
        f"""{{}}, placed AS MATERIALIZED (SELECT a.school, a.miles2, {_LEFT}, COALESCE(a.miles2 <= {far}, FALSE) AS is_near
            FROM distances a WHERE a.miles2 <= {far} OR {{}})""",  # noqa: S608 - our own text
        _distances(around.place, perhaps), beside,
    )  # fmt: skip


def _distances(place: Place, which: QueryString) -> QueryString:
    """CTEs that end with ``distances``: ``school`` and ``miles2`` of ``which`` schools c. Computed once, where put into the next
    step it would be for each time that it is named there.
    """
    lat, turn, across2 = radians(place.lat), pi / 180, exact((2 * EARTH_RADIUS_MILES) ** 2)
    if database.is_postgres():
        # As places.miles_between. What has an OFFSET is put into nothing, and LEAST leaves out what is null.
        return QueryString(
            f"""distances AS (SELECT c.id AS school, CASE WHEN c.lat IS NOT NULL THEN {across2} * power(asin(LEAST(1, sqrt(
                power(sin((c.lat - {{}}) * {{}}), 2) + {_REAL} * cos(c.lat * {{}}) * power(sin((c.lon - {{}}) * {{}}), 2)))), 2)
                END AS miles2 FROM sharing_school c WHERE {{}} OFFSET 0)""",  # noqa: S608 - our own text
            place.lat, turn / 2, cos(lat), turn, place.lon, turn / 2, which,
        )  # fmt: skip
    return QueryString(
        f"""turned AS MATERIALIZED (SELECT c.id AS school, (c.lat - {{}}) * {{}} AS up, (c.lon - {{}}) * {{}} AS across
            FROM sharing_school c WHERE {{}}),
        squared AS MATERIALIZED (SELECT d.school, d.up, d.up * d.up AS up2, d.across * d.across AS across2 FROM turned d),
        haversines AS MATERIALIZED (SELECT d.school, {_HAVERSINE} AS h FROM squared d),
        distances AS MATERIALIZED (SELECT a.school, {across2} * {_HALF_ANGLE_2} AS miles2 FROM haversines a)""",  # noqa: S608 - our own text
        place.lat, turn, place.lon, turn, which, cos(lat), cos(lat), sin(lat),
    )  # fmt: skip


def of(row: str) -> str:
    """COLUMNS of a row, as SQL."""
    return ", ".join(f"{row}.{column}" for column in COLUMNS)


def in_box(around: Around, place: Place, row: str) -> QueryString:
    """An SQL condition that an index can look up by ``band`` and ``lon``: ``row`` may be within reach."""
    box = bounding_box(place, around.miles)
    bands = [*range(open_words.band(box.south), open_words.band(box.north) + 1)]
    banded = database.one_of_numbers(f"{row}.band", bands)
    return QueryString(f"({{}} AND {row}.lon BETWEEN {{}} AND {{}})", banded, box.west, box.east)


def left(reach: Reach) -> str:
    """What the weight of a word w is multiplied with for the way from its school, as an ending of SQL."""
    return f" * w.left_{reach}" if reach in _FADING else ""
