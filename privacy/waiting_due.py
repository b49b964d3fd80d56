"""Requests to erase, for letters: those are told who may decide as the second person. Of what is to go nothing is said."""

from collections.abc import AsyncIterator
from datetime import date
from uuid import UUID

import database
from audit.log.subjects import Subject
from audit.tables import Erasure
from base.due import Due
from privacy import seconds


async def due(day: date) -> AsyncIterator[Due]:
    """See base/due.py; what waits, waits on any ``day``."""
    del day
    async with database.read():
        rows = await Erasure.select(Erasure.id, Erasure.trail, Erasure.asked_by, Erasure.asked_at, Erasure.person).where(
            Erasure.applied_at.is_null() & Erasure.withdrawn_at.is_null()
        )
        people = {row["id"]: await seconds.colleagues(row["asked_by"], UUID(row["trail"])) for row in rows}
    for row in rows:
        for colleague in people[row["id"]]:
            if colleague.id != row["person"]:
                yield Due(
                    about=Subject.ERASURE.of(row["id"]),
                    step="",
                    person=colleague.id,
                    school=UUID(row["trail"]),
                    sentence="A request to erase waits for a second person to decide.",
                    page=f"/erasures/{row['id']}",
                    day=row["asked_at"].date(),
                )
