"""Contracts of other schools that are shared with the viewer, or with their school, by name."""

from datetime import datetime
from typing import Final

from piccolo.querystring import QueryString

import database
from base.viewer import Viewer
from base.waiting import News, NewsSource
from contracts.access import access
from contracts.tables import Contract
from sharing.access import visibility
from sharing.tables import School
from suppliers.shares.news import MOST_BY_NAME, by_name


def _may_be(viewer: Viewer, _since: QueryString) -> QueryString:
    return QueryString("EXISTS ({})", by_name(viewer))


async def _found(viewer: Viewer, since: datetime, *, newest: bool = False) -> tuple[News, ...]:
    del since, newest  # a contract says nothing of when it was written to a school that reads it
    async with database.read():
        principals = await visibility.principals(viewer)
        named = database.in_selected("contracts_contract.audience", by_name(viewer))
        columns = (Contract.id, Contract.school, access.mask(principals))
        query = Contract.select(*columns).where(visibility.visible(principals, Contract), Contract.school != viewer.school, named)
        rows = [row for row in await query.order_by(Contract.id).limit(MOST_BY_NAME) if row["mask"]]
        schools = School.select(School.id, School.name).where(database.among(School.id, {row["school"] for row in rows}))
        names = {row["id"]: row["name"] for row in await schools} if rows else {}
    return tuple(
        News(row["id"], "Contract", "", names[row["school"]], f"/contracts/{row['id']}", None, is_by_name=True) for row in rows
    )


NEWS: Final = NewsSource(_may_be, _found)
