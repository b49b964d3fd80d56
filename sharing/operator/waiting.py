"""What waits for whoever confirms people of other schools: the operator, and the head of a trust for its schools."""

from datetime import datetime
from typing import Final

from piccolo.querystring import QueryString

from base.viewer import Role, Viewer
from base.waiting import Waiting, Waits, Work
from base.words import count
from sharing.members import members
from sharing.people import heads
from sharing.two_people import two_people

_HEADS: Final = "count(*) AS n, max(named_at) AS newest FROM sharing_head_naming WHERE ended_at IS NULL"
_PAIRS: Final = "count(*) AS n, max(asked_at) AS newest FROM sharing_two_people WHERE confirmed_at IS NULL"


def _of(viewer: Viewer, asked: str) -> QueryString | None:
    if viewer.is_operator:
        return QueryString(asked)
    at_trust = members.at_trust_of(viewer.school, "CAST(school AS TEXT)")
    return QueryString(asked + " AND {}", at_trust) if viewer.role is Role.HEAD else None


def _heads(viewer: Viewer, _now: datetime) -> QueryString | None:
    return _of(viewer, _HEADS)


async def _heads_left(viewer: Viewer, _number: int) -> int:
    return len(await heads.to_confirm(viewer)) if await heads.may_confirm(viewer) else 0


def _heads_told(viewer: Viewer, number: int) -> Waiting:
    text = f"{count(number, 'head')} of another school {'waits' if number == 1 else 'wait'} to be confirmed."
    return _from_outside(viewer, "heads", number, text, "/people/heads")


def _pairs(viewer: Viewer, _now: datetime) -> QueryString | None:
    return _of(viewer, _PAIRS)


async def _pairs_left(viewer: Viewer, _number: int) -> int:
    return len(await two_people.to_confirm(viewer)) if await heads.may_confirm(viewer) else 0


def _pairs_told(viewer: Viewer, number: int) -> Waiting:
    text = f"{count(number, 'pair')} of colleagues elsewhere {'waits' if number == 1 else 'wait'} to be confirmed as two people."
    return _from_outside(viewer, "pairs", number, text, "/people/two")


def _from_outside(viewer: Viewer, what: str, number: int, text: str, page: str) -> Waiting:
    section = "/running" if viewer.is_operator else "/people"
    work = Work.INSTALLATION if viewer.is_operator else Work.SCHOOL
    return Waiting(what, number, text, page, "Confirm or refuse", section=section, work=work)


WAITS: Final = (
    Waits("heads", _heads, _heads_told, _heads_left, is_in_menu=True),
    Waits("pairs", _pairs, _pairs_told, _pairs_left, is_in_menu=True),
)
