"""Connections and network memberships as they hold now, and what they say of shares from before one of them ended.

What ended stays ended: a grant to a network, or to a school's connections, counts for a tie that began anew only if it was
given since that tie last ended, unless its school chose to share again what was shared before.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sharing.access.fields import GrantKind
from sharing.tables import Connection, NetworkMember


class Tie(NamedTuple):
    """A connection or membership that holds: since when, and when an earlier one between the same two last ended, if ever."""

    since: datetime
    ended_before: datetime | None = None
    shares_again: bool = False  # whose tie it is shares again what it shared before that

    def hears(self, given: datetime) -> bool:
        """Whether a grant that was given then counts for who is tied: to read it."""
        return self.ended_before is None or given >= self.ended_before

    def shares(self, given: datetime) -> bool:
        """Whether a grant of the school whose tie this is, given then, counts through it."""
        return self.shares_again or self.hears(given)


async def connected_to(school: UUID) -> Mapping[UUID, Tie]:
    """The schools that ``school`` is connected to, each with the side of the tie by which that one reads."""
    rows = await _connections().where(Connection.school == school)
    return holding(((row["peer"], row) for row in rows), "since_at")


async def networks_of(school: UUID) -> Mapping[UUID, Tie]:
    """The networks that a school is in."""
    rows = await _members().where(NetworkMember.school == school)
    return holding(((row["network"], row) for row in rows), "joined_at")


async def members_of(network: UUID) -> Mapping[UUID, Tie]:
    """The schools that are in a network."""
    rows = await _members().where(NetworkMember.network == network)
    return holding(((row["school"], row) for row in rows), "joined_at")


async def last_end(kind: GrantKind, owner: UUID, network: UUID | None, before: datetime) -> datetime | None:
    """When a tie that such a grant of ``owner`` could count for last ended, at ``before`` or earlier; None for never.

    Two grants with the same readers and the same last end open the same, whenever they were given.
    """
    if kind is GrantKind.CONNECTED:
        rows = await Connection.select(Connection.until_at).where(Connection.school == owner, Connection.until_at <= before)
    elif kind is GrantKind.NETWORK:
        rows = await NetworkMember.select(NetworkMember.until_at).where(
            NetworkMember.network == network, NetworkMember.until_at <= before
        )
    else:
        return None
    return max((row["until_at"] for row in rows), default=None)


async def ended_with(school: UUID, peer: UUID) -> datetime | None:
    """When two schools were last connected; None if they never were or still are."""
    rows = await _connections().where(Connection.school == school, Connection.peer == peer)
    return _last_end(rows)


async def ended_in(school: UUID, network: UUID) -> datetime | None:
    """When a school was last in a network, before it joined anew if it did; None if never."""
    rows = await _members().where(NetworkMember.school == school, NetworkMember.network == network)
    return _last_end(rows)


def _connections() -> Any:
    columns = (Connection.school, Connection.peer, Connection.since_at, Connection.until_at, Connection.shares_again)
    return Connection.select(*columns)


def _members() -> Any:
    columns = (NetworkMember.network, NetworkMember.school, NetworkMember.joined_at)
    return NetworkMember.select(*columns, NetworkMember.until_at, NetworkMember.shares_again)


def _last_end(rows: Iterable[Mapping[str, Any]]) -> datetime | None:
    return max((row["until_at"] for row in rows if row["until_at"]), default=None)


def holding(rows: Iterable[tuple[UUID, Mapping[str, Any]]], since: str) -> Mapping[UUID, Tie]:
    """Of each other school or network that a row holds for, the tie: one that nobody ended, whatever the clock says. A row says
    when it began, under the name ``since``, ``until_at`` and ``shares_again``.
    """
    of: dict[UUID, list[Mapping[str, Any]]] = defaultdict(list)
    for other, row in rows:
        of[other].append(row)
    return {
        other: Tie(live[0][since], _last_end(spans), bool(live[0]["shares_again"]))
        for other, spans in of.items()
        if (live := [row for row in spans if row["until_at"] is None])
    }
