"""Who may see what: the one predicate that every read of shared rows goes through.

In this order: withdrawn or hidden, no; the viewer's own school, all that the role may read (``_own``); blocked, no; any live
grant, the union of what the grants open; otherwise no. A verb opens its unit, fetches the viewer's ``principals`` in the same
snapshot, and puts ``visible`` and ``mask`` into its query. Nothing is cached: a revocation takes effect at the next read.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeVar
from uuid import UUID

from piccolo.query import WhereRaw
from piccolo.querystring import QueryString
from piccolo.table import Table

from base import clock
from base.viewer import Role, Viewer
from sharing.access import ties
from sharing.access.distance import within
from sharing.access.fields import ALL, CONTRACT, WITHOUT_CRITICISM, Fields, GrantKind
from sharing.access.memberships import membership_of
from sharing.access.ties import Tie
from sharing.schools.places import Place
from sharing.tables import AudienceGrant, Block, School

ALWAYS: Final = QueryString("(1 = 1)")
NEVER: Final = QueryString("(1 = 0)")  # for an empty IN too, which PostgreSQL refuses

_Value = TypeVar("_Value")


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

    @property
    def fields(self) -> Fields:
        """The most that the role may read, of anything. Site staff read their own words alone, and all of those."""
        return ALL if self.role.reads_criticism or self.role is Role.SITE_STAFF else WITHOUT_CRITICISM


async def principals(viewer: Viewer) -> Principals:
    """The viewer's principals, by five small queries. Call it inside the unit of work whose rows it will judge."""
    return await _principals(viewer.school, viewer.person, viewer.role)


async def principals_as(school: UUID, role: Role, person: UUID | None = None) -> Principals:
    """Anybody with that role at a school, or one person there as if in that role, for "view as": their own role is not told.

    Restrict what you read with it to rows that the viewer's own school owns.
    """
    return await _principals(school, person, role)


def visible(principals: Principals, table: type[Table]) -> WhereRaw:
    """The where-clause of every read of ``table``, which must have the columns ``school, audience, author, revised_by,
    withdrawn_at, hidden_at``, and says ``IS_PRIVATE`` where what nobody shared is for few of the own school.
    """
    return _where(principals, _Columns.of(table), own=_own(principals, table), shared=_granted(principals, _Columns.of(table)))


def in_sight(table: type[Table]) -> WhereRaw:
    """The where-clause of reads of the own school's rows, which ask no more than this: neither withdrawn nor hidden."""
    return WhereRaw("{}", _in_sight(table))


def opens(principals: Principals, table: type[Table], field: Fields) -> WhereRaw:
    """The where-clause of rows whose ``field`` (one group) the viewer may see: for filters, sorts, counts and means on it."""
    if field not in principals.fields | CONTRACT:
        return _where(principals, _Columns.of(table), own=NEVER, shared=NEVER)
    granted = _granted(principals, _Columns.of(table), field)
    return _where(principals, _Columns.of(table), own=_own(principals, table), shared=granted)


def mask(
    principals: Principals, table: type[Table], *, hidden_criticism: bool = False, groups: Fields | None = None
) -> QueryString:
    """A column called "mask": the Fields of the row that the viewer may see, 0 also for a row that is not visible.

    ``hidden_criticism`` is for a viewer who declared an interest in the supplier: no criticism then, not even the own school's.
    ``groups`` are all that a row of the table has, where these are not an opinion's.
    """
    readable = groups if groups is not None else principals.fields & WITHOUT_CRITICISM if hidden_criticism else principals.fields
    columns = _Columns.of(table)
    # SQLite has no bit_or: the greatest of each bit by itself, added up.
    union = " + ".join(f"MAX(g.fields & {field.value})" for field in readable)
    granted = QueryString(
        f"COALESCE((SELECT {union} FROM sharing_audience_grant g WHERE {{}}), 0)",  # noqa: S608 - our own bits
        _reaches(principals, columns),
    )
    return QueryString(
        f"CASE WHEN NOT {{}} THEN 0 WHEN {{}} = {{}} THEN CASE WHEN {{}} THEN {int(readable)} ELSE 0 END"
        " WHEN {} THEN 0 ELSE {} END",
        columns.in_sight, columns.school, principals.school, _own(principals, table), _refused(principals, columns), granted,
        alias="mask",
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reaching:
    """What one audience of another school opens to the viewer."""

    audience: UUID
    school: UUID
    mask: int


async def reaching(principals: Principals, among: QueryString) -> tuple[Reaching, ...]:
    """Of these audiences of other schools those that reach the viewer, with what they open, as ``mask`` has it.

    A review is visible by them if it is ``in_sight`` too. Call it inside the unit of work whose rows it will judge.
    """
    if not principals.is_open:
        return ()
    union = " + ".join(f"MAX(g.fields & {field.value})" for field in principals.fields)
    rows = await AudienceGrant.raw(
        f"SELECT g.audience, g.owner, {union} AS mask FROM sharing_audience_grant g"  # noqa: S608 - our own bits
        " WHERE g.audience IN ({}) AND g.owner <> {} AND NOT {} AND {} AND {} GROUP BY g.audience, g.owner",
        among, principals.school, _one_of(QueryString("g.owner"), principals.blocked_by), live("g", principals.now),
        _is_for(principals),
    )  # fmt: skip
    return tuple(Reaching(UUID(str(row["audience"])), UUID(str(row["owner"])), int(row["mask"])) for row in rows)


def of_own(principals: Principals, table: type[Table]) -> tuple[WhereRaw, int]:
    """The where-clause of the own school's rows that the viewer may read, and the mask of each of them."""
    columns = _Columns.of(table)
    own = WhereRaw("({} = {} AND {} AND {})", columns.school, principals.school, columns.in_sight, _own(principals, table))
    return own, int(principals.fields)


def masked(value: _Value, mask: int, field: Fields) -> _Value | None:
    """The value, or None where the mask keeps its field group back."""
    return value if field in Fields(mask) else None


async def explain(principals: Principals, *, school: UUID, audience: UUID | None) -> tuple[str, ...]:
    """Why the viewer sees a row of ``school``, in words; empty when no grant opens it. Says nothing of other grants."""
    if school == principals.school:
        return ("Your school wrote it.",)
    if audience is None or not principals.is_open or school in principals.blocked_by:
        return ()
    columns = _Columns(QueryString("{}", school), QueryString("{}", audience), ALWAYS)
    rows = await AudienceGrant.raw(
        "SELECT DISTINCT g.kind, g.miles, n.name AS network, s.name AS at_school FROM sharing_audience_grant g"
        " LEFT JOIN sharing_network n ON n.id = g.subject LEFT JOIN sharing_school s ON s.id = g.at_school"
        " WHERE {} ORDER BY g.kind, g.miles, n.name",
        _reaches(principals, columns),
    )
    return tuple(_REASONS[GrantKind(row["kind"])].format(**row) for row in rows)


_REASONS: Final = {
    GrantKind.PERSON: "Shared with you at {at_school}.",
    GrantKind.SCHOOL: "Shared with your school.",
    GrantKind.NETWORK: "Shared with {network}, which your school is in.",
    GrantKind.CONNECTED: "Shared with the schools connected to it, as yours is.",
    GrantKind.NEAR: "Shared with schools within {miles} miles of it, as yours is.",
    GrantKind.EVERYONE: "Shared with every school on Vouch.",
}


@dataclass(frozen=True, slots=True)
class _Columns:
    """The columns that make rows of a table shareable, and the condition that a row is neither withdrawn nor hidden."""

    school: QueryString
    audience: QueryString
    in_sight: QueryString

    @classmethod
    def of(cls, table: type[Table]) -> "_Columns":
        school, audience = (QueryString("{}", table._meta.get_column_by_name(name)) for name in ("school", "audience"))  # noqa: SLF001
        return cls(school, audience, _in_sight(table))


def _in_sight(table: type[Table]) -> QueryString:
    """Each column by itself, not COALESCE: partial indexes hold what is not withdrawn, and are used only where it says so."""
    gone = (table._meta.get_column_by_name(name) for name in ("withdrawn_at", "hidden_at"))  # noqa: SLF001
    return QueryString("({} IS NULL AND {} IS NULL)", *gone)


def _own(principals: Principals, table: type[Table]) -> QueryString:
    """Which rows of the own school the role may read: site staff what they wrote and nobody else changed since, a trust lead no
    private note, others all.
    """
    author, changed_by, audience = (table._meta.get_column_by_name(name) for name in ("author", "revised_by", "audience"))  # noqa: SLF001
    if principals.role is Role.SITE_STAFF:
        return QueryString("({} = {} AND {} IS NULL)", author, principals.person, changed_by) if principals.person else NEVER
    is_kept = getattr(table, "IS_PRIVATE", False) and not principals.role.reads_private
    return QueryString("{} IS NOT NULL", audience) if is_kept else ALWAYS


def _where(principals: Principals, columns: _Columns, *, own: QueryString, shared: QueryString) -> WhereRaw:
    return WhereRaw(
        "({} AND (({} = {} AND {}) OR (NOT {} AND {})))",
        columns.in_sight, columns.school, principals.school, own, _refused(principals, columns), shared,
    )  # fmt: skip


def _refused(principals: Principals, columns: _Columns) -> QueryString:
    """The row's school blocks the viewer's, or the viewer's is closed: no grant helps."""
    return _one_of(columns.school, principals.blocked_by) if principals.is_open else ALWAYS


def _granted(principals: Principals, columns: _Columns, field: Fields = Fields.NONE) -> QueryString:
    # Not EXISTS: PostgreSQL hashes whole tables for a correlated one, 50 times slower (ADR 8).
    opening = f" AND g.fields & {field.value} <> 0" if field else ""
    return QueryString(
        f"({{}} IS NOT NULL AND (SELECT 1 FROM sharing_audience_grant g WHERE {{}}{opening} LIMIT 1) IS NOT NULL)",  # noqa: S608 - our own bits
        columns.audience, _reaches(principals, columns),
    )  # fmt: skip


def _reaches(principals: Principals, columns: _Columns) -> QueryString:
    """The grant ``g`` is of this row's audience and owner, live, and for this viewer."""
    return QueryString(
        "(g.audience = {} AND g.owner = {} AND {} AND {})",
        columns.audience,
        columns.school,
        live("g", principals.now),
        _is_for(principals),
    )


def live(grant: str, now: datetime) -> QueryString:
    """The grant is not revoked, and holds: from ``valid_from`` until just before ``expires_at``."""
    return QueryString(
        f"({grant}.revoked_at IS NULL AND {grant}.valid_from <= {{}}"
        f" AND ({grant}.expires_at IS NULL OR {grant}.expires_at > {{}}))",
        now,
        now,
    )


def holding(table: type[Table], since: str, now: datetime) -> WhereRaw:
    """A network membership, connection or block holds: from its column ``since`` until just before ``until_at``."""
    return WhereRaw("{}", _holds(f'"{table._meta.tablename}"', since, now))  # noqa: SLF001


def _holds(row: str, since: str, now: datetime) -> QueryString:
    return QueryString(f"({row}.{since} <= {{}} AND ({row}.until_at IS NULL OR {row}.until_at > {{}}))", now, now)


def _is_for(principals: Principals) -> QueryString:
    """The grant ``g`` is for this viewer. A supplier's grants are for no school."""
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
        "(SELECT 1 FROM sharing_connection e WHERE e.school = g.owner AND e.peer = {} AND e.until_at <= {}"
        " AND e.until_at > g.valid_from LIMIT 1) IS NULL",
        principals.school,
        principals.now,
    )
    connected = _one_of(QueryString("g.owner"), principals.connected)
    return QueryString("({} AND (NOT {} OR {}))", connected, _one_of(QueryString("g.owner"), anew), since) if anew else connected


def _for_network(principals: Principals) -> QueryString:
    """Both schools must be in the network now: leaving it stops sharing both ways, with nothing to clean up.

    What was shared before either of them last left stays ended when that one is back, but for what the owner of the grant
    chose to share again when it was the one that came back.
    """
    mine = [_in_network(network, tie) for network, tie in principals.networks.items()]
    return QueryString(
        "({} AND (SELECT 1 FROM sharing_network_member m WHERE m.school = g.owner AND m.network = g.subject AND {}"
        " AND (m.shares_again OR (SELECT 1 FROM sharing_network_member e WHERE e.school = g.owner AND e.network = g.subject"
        " AND e.until_at <= {} AND e.until_at > g.valid_from LIMIT 1) IS NULL) LIMIT 1) IS NOT NULL)",
        _any(mine), _holds("m", "joined_at", principals.now), principals.now,
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


def _one_of(column: QueryString, ids: Iterable[UUID]) -> QueryString:
    values = tuple(ids)
    return QueryString(f"{{}} IN ({', '.join('{}' for _ in values)})", column, *values) if values else NEVER


def _any(conditions: Iterable[QueryString]) -> QueryString:
    parts = tuple(conditions)
    return QueryString(f"({' OR '.join('{}' for _ in parts)})", *parts) if parts else NEVER


async def _principals(school: UUID, person: UUID | None, role: Role) -> Principals:
    now = clock.now()
    found = await School.select(School.name, School.status, School.lat, School.lon).where(School.id == school).first()
    blocked = Block.select(Block.school).where(Block.peer == school, holding(Block, "since_at", now))
    return Principals(
        school=school,
        membership=await membership_of(person, school, now) if person else None,
        person=person,
        role=role,
        now=now,
        is_open=found is not None and found["status"] == "open" and role is not Role.SITE_STAFF,
        place=Place(found["name"], found["lat"], found["lon"]) if found and found["lat"] is not None else None,
        networks=await ties.networks_of(school, now),
        connected=await ties.sharing_with(school, now),
        blocked_by=tuple(await blocked.output(as_list=True)),
    )
