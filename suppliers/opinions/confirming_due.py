"""Criticism that waits to be confirmed, for letters: those are told who may confirm it. Of the words nothing is said."""

from collections.abc import AsyncIterator
from datetime import date

import database
from base.due import Due
from sharing.people import confirmers
from suppliers.tables import ConfirmedCriticism


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
                day=row["waits_since"].date(),
            )
