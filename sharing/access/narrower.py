"""Which audiences may reach a viewer by a line that is not for everyone: a short list, where those of everyone are the country's.

It narrows a search before the predicate judges each row: perhaps too many, never too few.
"""

from typing import Final
from uuid import UUID

from piccolo.querystring import QueryString

from sharing.access.fields import MOST_MILES, GrantKind
from sharing.access.visibility import Principals
from sharing.schools.places import bounding_box

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
        box = bounding_box(principals.place, MOST_MILES)
        inside = "SELECT id FROM sharing_school WHERE lat BETWEEN {} AND {} AND lon BETWEEN {} AND {}"
        near = QueryString(inside, box.south, box.north, box.west, box.east)
        parts.append(QueryString(f"{_AUDIENCES} {{}} AND g.owner IN ({{}})", GrantKind.NEAR.value, near))
    return QueryString(" UNION ALL ".join("{}" for _ in parts), *parts)


def _of(kind: GrantKind, column: str, *ids: UUID) -> QueryString:
    return QueryString(f"{_AUDIENCES} {{}} AND g.{column} IN ({', '.join('{}' for _ in ids)})", kind.value, *ids)
