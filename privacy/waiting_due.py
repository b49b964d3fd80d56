"""Requests to erase, for letters and home pages: who may decide as the second person, at their school or from outside it.

Of what is to go nothing is said.
"""

from collections.abc import AsyncIterator
from datetime import date, datetime
from typing import Final
from uuid import UUID

from piccolo.querystring import QueryString

import database
from audit.log.subjects import Subject
from audit.tables import Erasure
from base import clock
from base.due import Due
from base.viewer import Role, Viewer
from base.waiting import Waiting, Waits, Work
from base.words import count
from privacy import seconds, waiting
from sharing.members import members
from sharing.two_people import outside

_OPEN: Final = "count(*) AS n, max(asked_at) AS newest FROM audit_erasure WHERE applied_at IS NULL AND withdrawn_at IS NULL"


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
                    day=clock.day_of(row["asked_at"]),
                )


def _asked(viewer: Viewer, _now: datetime) -> QueryString | None:
    if not viewer.role.writes:
        return None
    return QueryString(_OPEN + " AND trail = {} AND asked_by <> {}", str(viewer.school), viewer.person)


async def _theirs(viewer: Viewer, _number: int) -> int:
    async with database.read():
        rows = await Erasure.select(Erasure.asked_by, Erasure.person).where(
            Erasure.trail == str(viewer.school), Erasure.applied_at.is_null(), Erasure.withdrawn_at.is_null()
        )
        others = [row["asked_by"] for row in rows if row["person"] != viewer.person]
        return sum([await seconds.is_a_colleague(viewer.person, asked_by, viewer.school) for asked_by in others])


def _told(_viewer: Viewer, number: int) -> Waiting:
    text = f"{count(number, 'request')} to erase {'waits' if number == 1 else 'wait'} for you, as the second person."
    return Waiting("erasures", number, text, "/erasures", "Decide", section="/trail", has_own_letter=True)


def _asked_outside(viewer: Viewer, _now: datetime) -> QueryString | None:
    if viewer.is_operator:
        return QueryString(_OPEN)
    return QueryString(_OPEN + " AND {}", members.at_trust_of(viewer.school, "trail")) if viewer.role is Role.HEAD else None


async def _theirs_outside(viewer: Viewer, _number: int) -> int:
    async with database.read():
        decides = await outside.decides_for_some(viewer)
    found = await waiting.every(viewer) if decides else ()
    return sum(one.is_for_outside or (viewer.is_operator and one.is_overdue) for one in found)


def _told_outside(viewer: Viewer, number: int) -> Waiting:
    text = (
        f"{count(number, 'request')} to erase at another school {'waits' if number == 1 else 'wait'} for somebody from outside."
    )
    section = "/running" if viewer.is_operator else "/people"
    work = Work.INSTALLATION if viewer.is_operator else Work.SCHOOL
    return Waiting("outside-erasures", number, text, "/erasures/outside", "Decide", section=section, work=work)


WAITS: Final = (
    Waits("erasures", _asked, _told, _theirs, is_in_menu=True),
    Waits("outside-erasures", _asked_outside, _told_outside, _theirs_outside, is_in_menu=True),
)
