"""Who asks: all about a viewer that decides what they may see, read at one moment."""

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any, Final
from uuid import UUID

from piccolo.querystring import QueryString

import database
from base import clock
from base.viewer import Role, Viewer
from database.composing import flat
from sharing.access import ties
from sharing.access.fields import ALL, WITHOUT_CRITICISM, Fields
from sharing.access.memberships import IS_MEMBER
from sharing.access.ties import Tie
from sharing.schools.places import Place

# A school, and what ties it and somebody there to others, with what has ended: in one statement, asked for nearly every page.
_OF_SCHOOL: Final = f"""SELECT s.name, s.status, s.lat, s.lon, t.* FROM sharing_school s LEFT JOIN (
    SELECT 'network' AS kind, network AS other, joined_at AS since, until_at, shares_again
    FROM sharing_network_member WHERE school = $1
    UNION ALL SELECT 'connected', school, since_at, until_at, shares_again FROM sharing_connection WHERE peer = $1
    UNION ALL SELECT 'blocked', school, since_at, until_at, FALSE FROM sharing_block WHERE peer = $1
    UNION ALL SELECT 'membership', id, valid_from, valid_until, FALSE FROM sharing_membership
    WHERE school = $1 AND person = $2 AND {IS_MEMBER}
    ) t ON 1 = 1 WHERE s.id = $1"""  # noqa: S608 - our own text


@dataclass(frozen=True, slots=True)
class Principals:
    """All about a viewer that decides what they may see, at one moment. Made by ``principals``, for the same unit of work."""

    school: UUID
    membership: UUID | None  # None: the school as such, when another school asks what it would see; also an auditor
    person: UUID | None
    role: Role
    now: datetime
    is_open: bool  # a closed school keeps its own records and receives nothing, and site staff receive nothing anywhere
    place: Place | None  # the register's coordinates, never the client's
    networks: Mapping[UUID, Tie]  # that the viewer's school is in
    connected: Mapping[UUID, Tie]  # schools that share with their connections, the viewer's among them
    blocked_by: tuple[UUID, ...]
    # Conditions that follow from these. Never another's: what is made from this by ``replace`` begins with none.
    composed: dict[Hashable, QueryString] = field(init=False, default_factory=dict, compare=False, repr=False)

    @property
    def fields(self) -> Fields:
        """The most that the role may read, of anything. Site staff read their own words alone, and all of those."""
        return ALL if self.role.reads_criticism or self.role is Role.SITE_STAFF else WITHOUT_CRITICISM

    def condition(self, what: Hashable, compose: Callable[[], QueryString]) -> QueryString:
        """What ``compose`` says of these principals in SQL, put together once: a page has the same in many statements."""
        if what not in self.composed:
            self.composed[what] = flat(compose())
        return self.composed[what]


async def principals(viewer: Viewer) -> Principals:
    """The viewer's principals. Call it inside the unit of work whose rows it will judge; a read unit asks for them once."""
    who = (viewer.school, viewer.person, viewer.role)
    return await database.asked_once(("principals", *who), partial(_principals, *who))


async def principals_as(school: UUID, role: Role, person: UUID | None = None) -> Principals:
    """Anybody with that role at a school, or one person there as if in that role, for "view as": their own role is not told.

    Restrict what you read with it to rows that the viewer's own school owns.
    """
    return await _principals(school, person, role)


async def _principals(school: UUID, person: UUID | None, role: Role) -> Principals:
    now = clock.now()
    rows = await database.select(_OF_SCHOOL, school, person)
    here = rows[0] if rows else None
    return Principals(
        school=school,
        membership=next(_memberships(rows, now), None),
        person=person,
        role=role,
        now=now,
        is_open=here is not None and here["status"] == "open" and role is not Role.SITE_STAFF,
        place=Place(here["name"], here["lat"], here["lon"]) if here is not None and here["lat"] is not None else None,
        networks=_tied("network", rows),
        connected=_tied("connected", rows),
        blocked_by=tuple(_tied("blocked", rows)),
    )


def _tied(kind: str, rows: Sequence[Mapping[str, Any]]) -> Mapping[UUID, Tie]:
    return ties.holding(_spans(kind, rows), "since")


def _memberships(rows: Sequence[Mapping[str, Any]], now: datetime) -> Iterator[UUID]:
    """Those that hold: one may have its end from the start, so a clock has to be asked."""
    for membership, span in _spans("membership", rows):
        if span["since"] <= now and (span["until_at"] is None or span["until_at"] > now):
            yield membership


def _spans(kind: str, rows: Sequence[Mapping[str, Any]]) -> Iterator[tuple[UUID, Mapping[str, Any]]]:
    """SQLite gives ids and moments of several tables together as texts."""
    for row in rows:
        if row["kind"] == kind:
            yield (
                database.id_of(row["other"]),
                {
                    "since": database.moment_of(row["since"]),
                    "until_at": row["until_at"] and database.moment_of(row["until_at"]),
                    "shares_again": row["shares_again"],
                },
            )
