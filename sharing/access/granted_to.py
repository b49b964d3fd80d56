"""For whom a grant is: the condition that the grant ``g`` of a query reaches a viewer, kind by kind."""

from collections.abc import Iterable
from functools import partial
from uuid import UUID

from piccolo.querystring import QueryString

from sharing.access.distance import within
from sharing.access.holding import ALWAYS, NEVER, holds, one_of
from sharing.access.principals import Principals
from sharing.access.ties import Tie


def is_for(principals: Principals) -> QueryString:
    """The grant ``g`` is for this viewer. A supplier's grants are for no school.

    Put together once for all that is asked with the same principals: a page asks it dozens of times.
    """
    return principals.condition("is for", partial(_is_for, principals))


def _is_for(principals: Principals) -> QueryString:
    return QueryString(
        "CASE g.kind WHEN 'everyone' THEN {} WHEN 'school' THEN g.subject = {} WHEN 'person' THEN {}"
        " WHEN 'network' THEN {} WHEN 'connected' THEN {} WHEN 'near' THEN {} ELSE {} END",
        ALWAYS, principals.school, _for_person(principals), _for_network(principals),
        _for_connected(principals), _for_near(principals), NEVER,
    )  # fmt: skip


def _for_person(principals: Principals) -> QueryString:
    """Not for the person wherever they work, but for this membership of theirs."""
    return QueryString("g.membership = {}", principals.membership) if principals.membership else NEVER


def _for_connected(principals: Principals) -> QueryString:
    """A connection that ended and began anew carries what was shared since, and what its owner chose to share again."""
    anew = [school for school, tie in principals.connected.items() if tie.ended_before and not tie.shares_again]
    since = QueryString(
        "(SELECT 1 FROM sharing_connection e WHERE e.school = g.owner AND e.peer = {}"
        " AND e.until_at > g.valid_from LIMIT 1) IS NULL",
        principals.school,
    )
    connected = one_of(QueryString("g.owner"), principals.connected)
    return QueryString("({} AND (NOT {} OR {}))", connected, one_of(QueryString("g.owner"), anew), since) if anew else connected


def _for_network(principals: Principals) -> QueryString:
    """Both schools must be in the network now: leaving it stops sharing both ways, with nothing to clean up.

    What was shared before either of them last left stays ended when that one is back, but for what the owner of the grant
    chose to share again when it was the one that came back.
    """
    mine = [_in_network(network, tie) for network, tie in principals.networks.items()]
    return QueryString(
        "({} AND (SELECT 1 FROM sharing_network_member m WHERE m.school = g.owner AND m.network = g.subject AND {}"
        " AND (m.shares_again OR (SELECT 1 FROM sharing_network_member e WHERE e.school = g.owner AND e.network = g.subject"
        " AND e.until_at > g.valid_from LIMIT 1) IS NULL) LIMIT 1) IS NOT NULL)",
        _any(mine), holds("m"),
    )  # fmt: skip


def _in_network(network: UUID, tie: Tie) -> QueryString:
    today = QueryString("(g.joined_before IS NULL OR g.joined_before >= {})", tie.since)
    if tie.ended_before is None:
        return QueryString("(g.subject = {} AND {})", network, today)
    return QueryString("(g.subject = {} AND {} AND g.valid_from >= {})", network, today, tie.ended_before)


def _for_near(principals: Principals) -> QueryString:
    if principals.place is None:
        return NEVER
    return QueryString(
        "(SELECT 1 FROM sharing_school o WHERE o.id = g.owner AND {}) IS NOT NULL",
        within(principals.place, school="o", miles="g.miles"),
    )


def _any(conditions: Iterable[QueryString]) -> QueryString:
    parts = tuple(conditions)
    return QueryString(f"({' OR '.join('{}' for _ in parts)})", *parts) if parts else NEVER
