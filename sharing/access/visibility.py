"""Who may see what: the one predicate that every read of shared rows goes through.

In this order: withdrawn or hidden, no; the viewer's own school, all that the role may read (``_own``); blocked, no; any live
grant, the union of what the grants open; otherwise no. A verb opens its unit, fetches the viewer's ``principals`` in the same
snapshot, and puts ``visible`` and ``mask`` into its query. Nothing is kept beyond that snapshot: a revocation takes effect at
the next read.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import Any, Final, TypeVar
from uuid import UUID

from piccolo.query import WhereRaw
from piccolo.querystring import QueryString
from piccolo.table import Table

import database
from base.viewer import Role
from database.composing import flat
from sharing.access.fields import CONTRACT, WITHOUT_CRITICISM, Fields, GrantKind
from sharing.access.granted_to import is_for
from sharing.access.holding import ALWAYS, NEVER, holding, live, one_of
from sharing.access.principals import Principals, principals, principals_as
from sharing.tables import AudienceGrant

__all__ = (
    "ALWAYS", "NEVER", "Principals", "Reaching", "explain", "holding", "in_sight", "live", "mask", "masked", "of_own",
    "opens", "principals", "principals_as", "reaching", "visible",
)  # fmt: skip

_Value = TypeVar("_Value")


def visible(principals: Principals, table: type[Table]) -> WhereRaw:
    """The where-clause of every read of ``table``, which must have the columns ``school, audience, author, revised_by,
    withdrawn_at, hidden_at``, and says ``IS_PRIVATE`` where what nobody shared is for few of the own school.
    """
    return WhereRaw("{}", principals.condition(("visible", table), partial(_visible, principals, table)))


def _visible(principals: Principals, table: type[Table]) -> QueryString:
    columns = _Columns.of(table)
    return _where(principals, columns, own=_own(principals, table), shared=_granted(principals, columns))


def in_sight(table: type[Table]) -> WhereRaw:
    """The where-clause of reads of the own school's rows, which ask no more than this: neither withdrawn nor hidden."""
    return WhereRaw("{}", _in_sight(table))


def opens(principals: Principals, table: type[Table], field: Fields) -> WhereRaw:
    """The where-clause of rows whose ``field`` (one group) the viewer may see: for filters, sorts, counts and means on it."""
    return WhereRaw("{}", principals.condition(("opens", table, field), partial(_opens, principals, table, field)))


def _opens(principals: Principals, table: type[Table], field: Fields) -> QueryString:
    columns = _Columns.of(table)
    if field not in principals.fields | CONTRACT:
        return _where(principals, columns, own=NEVER, shared=NEVER)
    return _where(principals, columns, own=_own(principals, table), shared=_granted(principals, columns, field))


def mask(
    principals: Principals, table: type[Table], *, hidden_criticism: bool = False, groups: Fields | None = None
) -> QueryString:
    """A column called "mask": the Fields of the row that the viewer may see, 0 also for a row that is not visible.

    ``hidden_criticism`` is for a viewer who declared an interest in the supplier: no criticism then, not even the own school's.
    ``groups`` are all that a row of the table has, where these are not an opinion's.
    """
    readable = principals.fields if groups is None else groups
    if groups is None and hidden_criticism:
        readable &= WITHOUT_CRITICISM
    opened = principals.condition(("mask", table, readable), partial(_mask, principals, table, readable))
    return QueryString("{}", opened, alias="mask")


def _mask(principals: Principals, table: type[Table], readable: Fields) -> QueryString:
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
        among, principals.school, one_of(QueryString("g.owner"), principals.blocked_by), live("g", principals.now),
        is_for(principals),
    )  # fmt: skip
    return tuple(Reaching(database.id_of(row["audience"]), database.id_of(row["owner"]), int(row["mask"])) for row in rows)


def of_own(principals: Principals, table: type[Table]) -> tuple[WhereRaw, int]:
    """The where-clause of the own school's rows that the viewer may read, and the mask of each of them."""
    columns = _Columns.of(table)
    own = WhereRaw("({} = {} AND {} AND {})", columns.school, principals.school, columns.in_sight, _own(principals, table))
    return own, int(principals.fields)


def masked(value: _Value, mask: int, field: Fields) -> _Value | None:
    """The value, or None where the mask keeps its field group back."""
    return value if field in Fields(mask) else None


Shared = tuple[UUID, UUID | None]  # whose an opinion is, and its audience


async def explain(principals: Principals, opinions: Collection[Shared]) -> Mapping[Shared, tuple[str, ...]]:
    """Why the viewer sees each of these, in words; none where no grant opens it. Says nothing of other grants. One statement."""
    found = {
        (school, audience): ["Your school wrote it."] if school == principals.school else [] for school, audience in opinions
    }
    others = {(school, audience) for school, audience in found if school != principals.school and audience is not None}
    for row in await _grants_to(principals, others):
        one = (database.id_of(row["owner"]), database.id_of(row["audience"]))
        if one in others:
            found[one].append(_REASONS[GrantKind(row["kind"])].format(**row))
    return {one: tuple(why) for one, why in found.items()}


async def _grants_to(principals: Principals, opinions: Collection[Shared]) -> Sequence[dict[str, Any]]:
    """The grants that open any of these audiences of other schools to the viewer."""
    schools = {school for school, _ in opinions} - {*principals.blocked_by}
    if not schools or not principals.is_open:
        return ()
    owner, audience = QueryString("g.owner"), QueryString("g.audience")
    rows: list[dict[str, Any]] = await AudienceGrant.raw(
        "SELECT DISTINCT g.owner, g.audience, g.kind, g.miles, n.name AS network, s.name AS at_school"
        " FROM sharing_audience_grant g LEFT JOIN sharing_network n ON n.id = g.subject"
        " LEFT JOIN sharing_school s ON s.id = g.at_school WHERE {} AND {} AND {} AND {} ORDER BY g.kind, g.miles, n.name",
        one_of(audience, {audience for _, audience in opinions if audience}), one_of(owner, schools), live("g", principals.now),
        is_for(principals),
    )  # fmt: skip
    return rows


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

    @staticmethod
    @cache
    def of(table: type[Table]) -> "_Columns":
        school, audience = (flat(QueryString("{}", table._meta.get_column_by_name(name))) for name in ("school", "audience"))  # noqa: SLF001
        return _Columns(school, audience, _in_sight(table))


@cache
def _in_sight(table: type[Table]) -> QueryString:
    """Each column by itself, not COALESCE: partial indexes hold what is not withdrawn, and are used only where it says so."""
    gone = (table._meta.get_column_by_name(name) for name in ("withdrawn_at", "hidden_at"))  # noqa: SLF001
    return flat(QueryString("({} IS NULL AND {} IS NULL)", *gone))


def _own(principals: Principals, table: type[Table]) -> QueryString:
    """Which rows of the own school the role may read: site staff what they wrote and nobody else changed since, a trust lead no
    private note, others all.
    """
    author, changed_by, audience = (table._meta.get_column_by_name(name) for name in ("author", "revised_by", "audience"))  # noqa: SLF001
    if principals.role is Role.SITE_STAFF:
        return QueryString("({} = {} AND {} IS NULL)", author, principals.person, changed_by) if principals.person else NEVER
    is_kept = getattr(table, "IS_PRIVATE", False) and not principals.role.reads_private
    return QueryString("{} IS NOT NULL", audience) if is_kept else ALWAYS


def _where(principals: Principals, columns: _Columns, *, own: QueryString, shared: QueryString) -> QueryString:
    return QueryString(
        "({} AND (({} = {} AND {}) OR (NOT {} AND {})))",
        columns.in_sight, columns.school, principals.school, own, _refused(principals, columns), shared,
    )  # fmt: skip


def _refused(principals: Principals, columns: _Columns) -> QueryString:
    """The row's school blocks the viewer's, or the viewer's is closed: no grant helps."""
    return one_of(columns.school, principals.blocked_by) if principals.is_open else ALWAYS


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
        is_for(principals),
    )
