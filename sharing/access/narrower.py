"""Which audiences may reach a viewer by a line that is not for everyone: a short list, where those of everyone are the country's.

It narrows a search before the predicate judges each row: perhaps too many, never too few.
"""

from collections.abc import Iterator
from typing import Final
from uuid import UUID

from piccolo.querystring import QueryString

import database
from sharing.access.fields import MOST_MILES, GrantKind
from sharing.access.visibility import Principals
from sharing.schools.places import Box, bounding_box

FEW: Final = 1_000  # lines to schools near by
_AUDIENCES: Final = "SELECT g.audience FROM sharing_audience_grant g WHERE g.kind ="


def audiences(principals: Principals) -> QueryString:
    """A SELECT of one column, ``audience``, with repeats."""
    parts = [_of(GrantKind.SCHOOL, "subject", principals.school)]
    if principals.person:
        parts.append(_of(GrantKind.PERSON, "subject", principals.person))
    if principals.networks:
        parts.append(_of(GrantKind.NETWORK, "subject", *principals.networks))
    if principals.connected:
        parts.append(_of(GrantKind.CONNECTED, "owner", *principals.connected))
    if principals.place:
        parts += _near(bounding_box(principals.place, MOST_MILES))
    return QueryString(" UNION ALL ".join("{}" for _ in parts), *parts)


def _near(box: Box) -> Iterator[QueryString]:
    """Of schools in the box. SQLite would look up each, thousands round a capital, for the lines of the few that have any,
    so the first FEW lines of the country look up their schools, and the box is asked only where there are more.
    """
    near, inside = f"kind = '{GrantKind.NEAR.value}'", "lat BETWEEN {} AND {} AND lon BETWEEN {} AND {}"
    in_box = QueryString(f"SELECT id FROM sharing_school WHERE {inside}", box.south, box.north, box.west, box.east)  # noqa: S608
    if not database.is_postgres():
        few = f"SELECT audience, owner FROM sharing_audience_grant WHERE {near} LIMIT {FEW}"  # noqa: S608 - our own text
        more = f"(SELECT 1 FROM sharing_audience_grant WHERE {near} LIMIT 1 OFFSET {FEW}) IS NOT NULL"  # noqa: S608
        its_school = f"c.id = g.owner AND {inside}"
        yield QueryString(
            f"SELECT g.audience FROM ({few}) g CROSS JOIN sharing_school c WHERE {its_school}",  # noqa: S608 - our own text
            box.south, box.north, box.west, box.east,
        )  # fmt: skip
        in_box = QueryString(f"{{}} AND {more}", in_box)
    yield QueryString(f"{_AUDIENCES} '{GrantKind.NEAR.value}' AND g.owner IN ({{}})", in_box)


def _of(kind: GrantKind, column: str, *ids: UUID) -> QueryString:
    return QueryString(f"{_AUDIENCES} {{}} AND g.{column} IN ({', '.join('{}' for _ in ids)})", kind.value, *ids)
