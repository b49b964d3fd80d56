"""What other schools said lately, as far as the viewer may see it: what is shared with them by name, and what is about suppliers
that their school uses.

When it was written is all that is known of a word that many can read; that its school chose others later moves nothing here.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from piccolo.query import Select, WhereRaw
from piccolo.querystring import QueryString

import database
from base.viewer import Viewer
from base.waiting import News, NewsSource
from sharing.access import visibility
from sharing.access.fields import Fields
from sharing.access.visibility import Principals
from sharing.tables import School
from suppliers.opinions import averages
from suppliers.record import interests
from suppliers.tables import Note, Review, Supplier, Use

MOST_BY_NAME: Final = 200  # the newest reviews, and as many notes, that one reader is asked to tell apart
MOST_COUNTED: Final = 20  # words on our suppliers: a home page says "at least" from there
MOST_LISTED: Final = 100

Asked = tuple[type[Review] | type[Note], str, Any]  # the table, what one of its rows is called, and which of them
TABLES: Final[tuple[tuple[type[Review] | type[Note], str], ...]] = ((Review, "Review"), (Note, "Note"))


def by_name(viewer: Viewer) -> QueryString:
    """The audiences that name the viewer or their school; whether one still opens anything says the predicate."""
    return QueryString(
        "SELECT g.audience FROM sharing_audience_grant g WHERE (g.kind = 'school' AND g.subject = {})"
        " OR (g.kind = 'person' AND g.subject = {})",
        viewer.school, viewer.person,
    )  # fmt: skip


def _may_be(viewer: Viewer, since: QueryString) -> QueryString:
    lately = " UNION ALL ".join(
        f"SELECT 1 FROM suppliers_use u JOIN suppliers_{name} w ON w.supplier = u.supplier AND w.written_at > {{}}"  # noqa: S608 - our own names
        " AND w.school <> u.school AND w.audience IS NOT NULL AND w.withdrawn_at IS NULL"
        " WHERE u.school = {} AND u.until_at IS NULL"
        for name in ("review", "note")
    )
    values = (since, viewer.school, since, viewer.school)
    return QueryString("EXISTS ({}) OR EXISTS ({})", by_name(viewer), QueryString(lately, *values))


async def _found(viewer: Viewer, since: datetime, *, newest: bool = False) -> tuple[News, ...]:
    async with database.read():
        principals = await visibility.principals(viewer)
        if not principals.is_open:
            return ()
        interested = await interests.suppliers_of(viewer)
        asked = [(table, kind, _opens_something(principals, table, interested)) for table, kind in TABLES]
        return await _news([row for one in asked for row in await _rows(viewer, principals, one, since, newest=newest)])


async def _rows(viewer: Viewer, principals: Principals, asked: Asked, since: datetime, *, newest: bool) -> list[dict[str, Any]]:
    """Those by name, then the others; each once.

    All conditions are the database's: of more words than are asked for it gives any, and what were left out of these afterwards
    would tell of words that the viewer does not see.
    """
    table, kind, opening = asked
    ours = Use.select(Use.supplier).where(Use.school == viewer.school, Use.until_at.is_null())
    on_ours = database.among(table.supplier, ours) & (table.written_at > since)
    told = database.in_selected(f"{table._meta.tablename}.audience", by_name(viewer))  # noqa: SLF001
    to_us = await _newest(table, _readable(principals, table, opening & told)).limit(MOST_BY_NAME)
    seen = {row["id"] for row in to_us}
    others = _readable(principals, table, opening & on_ours & database.outside(table.id, seen))
    more = await (_newest(table, others).limit(MOST_LISTED) if newest else others.limit(MOST_COUNTED))
    return [row | {"kind": kind, "by_name": row["id"] in seen} for row in (*to_us, *more)]


def _newest(table: type[Review] | type[Note], query: Select[Any]) -> Select[Any]:
    return query.order_by(table.written_at, ascending=False).order_by(table.id)


def _readable(principals: Principals, table: type[Review] | type[Note], where: Any) -> Select[Any]:
    """Of other schools only."""
    columns = (table.id, table.school, table.supplier, table.written_at, visibility.mask(principals, table))
    query = table.select(*columns).where(visibility.visible(principals, table), table.school != principals.school, where)
    return query.where(averages.holds(principals, hides_criticism=False)) if table is Review else query


def _opens_something(principals: Principals, table: type[Review] | type[Note], interested: Collection[UUID]) -> Any:
    """Of visible rows those that open something: to whoever reads no criticism, be it of a supplier that they are interested in,
    some open nothing. Whoever reads all is not asked about: each row would be, before it is known which are the newest.
    """
    reads_all = Fields.CRITICISM in principals.fields
    if reads_all and not interested:
        return database.outside(table.supplier, ())
    others = database.outside(table.supplier, interested) if reads_all else database.among(table.supplier, ())
    return others | WhereRaw("({}) <> 0", visibility.mask(principals, table, hidden_criticism=True))


async def _news(rows: Iterable[Mapping[str, Any]]) -> tuple[News, ...]:
    found = list(rows)
    if not found:
        return ()
    suppliers = await _names(Supplier, {row["supplier"] for row in found})
    schools = await _names(School, {row["school"] for row in found})
    return tuple(
        News(
            id=row["id"],
            kind=row["kind"],
            about=suppliers[row["supplier"]],
            school=schools[row["school"]],
            page=f"/suppliers/{row['supplier']}",
            at=row["written_at"],
            is_by_name=row["by_name"],
        )
        for row in found
    )


async def _names(table: Any, ids: Collection[UUID]) -> dict[UUID, str]:
    rows = await table.select(table.id, table.name).where(database.among(table.id, ids))
    return {row["id"]: row["name"] for row in rows}


NEWS: Final = NewsSource(_may_be, _found)
