"""Criticism that waits to be confirmed, for letters and home pages: those are told who may confirm it. Of the words nothing is
said.
"""

from collections.abc import AsyncIterator
from datetime import date, datetime
from typing import Final

from piccolo.querystring import QueryString

import database
from base import clock
from base.due import Due
from base.viewer import Viewer
from base.waiting import Waiting, Waits
from base.words import count
from sharing.people import confirmers
from suppliers.opinions import confirming
from suppliers.tables import ConfirmedCriticism

_SEEN: Final = "withdrawn_at IS NULL AND hidden_at IS NULL AND audience IS NOT NULL"
_TO_CONFIRM: Final = f"""count(*) AS n, max(c.waits_since) AS newest FROM suppliers_confirmed_criticism c
    WHERE c.school = {{}} AND c.waits_since IS NOT NULL AND (
        EXISTS (SELECT 1 FROM suppliers_review r WHERE r.id = c.id AND {_SEEN} AND r.criticism <> '')
        OR EXISTS (SELECT 1 FROM suppliers_note n WHERE n.id = c.id AND {_SEEN} AND n.about = 'problem'))"""  # noqa: S608 - our own text


async def due(day: date) -> AsyncIterator[Due]:
    """See base/due.py; what waits, waits on any ``day``."""
    del day
    async with database.read():
        rows = await ConfirmedCriticism.select(
            ConfirmedCriticism.id, ConfirmedCriticism.school, ConfirmedCriticism.waits_since
        ).where(ConfirmedCriticism.waits_since.is_not_null())
        people = {school: await confirmers.everybody(school) for school in {row["school"] for row in rows}}
    for row in rows:
        for person in people[row["school"]]:
            yield Due(
                about=f"criticism:{row['id']}",
                step="",
                person=person,
                school=row["school"],
                sentence="Criticism of a supplier waits for you to be confirmed.",
                page="/criticism",
                day=clock.day_of(row["waits_since"]),
            )


def _criticism(viewer: Viewer, _now: datetime) -> QueryString | None:
    return QueryString(_TO_CONFIRM, viewer.school) if viewer.reads_criticism and viewer.role.writes else None


async def _theirs(viewer: Viewer, number: int) -> int:
    return number if await confirming.may_confirm(viewer) else 0


def _criticism_told(_viewer: Viewer, number: int) -> Waiting:
    text = f"{count(number, 'text')} of criticism {'waits' if number == 1 else 'wait'} for you to be confirmed."
    return Waiting("criticism", number, text, "/criticism", "Read before and after", has_own_letter=True)


WAITS: Final = (Waits("criticism", _criticism, _criticism_told, _theirs),)
