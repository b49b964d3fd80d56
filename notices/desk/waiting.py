"""What waits for somebody, of all slices: asked in one statement whenever it is shown or written, and kept nowhere."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from piccolo.querystring import QueryString

import database
from base import clock
from base.viewer import Viewer
from base.waiting import Waiting, Waits
from notices.tables import Letter


async def of(viewer: Viewer, kinds: Sequence[Waits], *, for_menu: bool = False) -> tuple[Waiting, ...]:
    """What waits for the viewer now, in the order of ``kinds``; ``for_menu`` only what the menu counts. Opens its own units."""
    now = clock.now()
    asked = [(one, statement) for one in kinds if (one.is_in_menu or not for_menu) and (statement := one.asked(viewer, now))]
    if not asked or viewer.by_key:
        return ()
    together = " UNION ALL ".join(f"SELECT '{one.what}' AS what, {{}}" for one, _ in asked)  # our own names
    statement = QueryString(together, *(statement for _, statement in asked))
    async with database.read_one():
        rows: list[dict[str, Any]] = await Letter.raw("{}", statement)
    found = {row["what"]: row for row in rows}
    return tuple([told for one, _ in asked if (told := await _told(viewer, one, found[one.what]))])


async def _told(viewer: Viewer, one: Waits, row: Mapping[str, Any]) -> Waiting | None:
    number = int(row["n"])
    if number and one.left is not None:
        number = await one.left(viewer, number)
    return replace(one.told(viewer, number), newest=row["newest"] and database.moment_of(row["newest"])) if number else None


def beside_the_menu(found: Sequence[Waiting]) -> dict[str, int]:
    """How many wait, by the address of the menu's line that counts them."""
    counted: dict[str, int] = {}
    for one in found:
        if one.section:
            counted[one.section] = counted.get(one.section, 0) + one.number
    return counted


def day_of(one: Waiting, today: date) -> date:
    """The day on which the newest of them began to wait; the week's Monday where that is not known."""
    return one.newest.astimezone(clock.LONDON).date() if one.newest else today - timedelta(days=today.weekday())


def key_of(one: Waiting, school: UUID, today: date) -> str:
    """What is told once: another one with each week in which it still waits, and with whatever of the kind is newer."""
    year, week, _ = today.isocalendar()
    return f"waiting:{one.what}:{school}:{year}-W{week:02}:{day_of(one, today)}"
