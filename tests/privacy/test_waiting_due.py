"""Whoever may be the second person of an erasure hears by letter that a request waits, and not what it is about."""

from pathlib import Path
from uuid import UUID

from base import clock
from base.due import Due
from privacy import erasure, waiting_due
from tests.conftest import Template
from tests.given.town import town_of


async def due() -> list[Due]:
    return [one async for one in waiting_due.due(clock.today())]


async def test_colleagues_who_may_decide_are_told_until_it_is_withdrawn(template: Template, tmp_path: Path) -> None:
    async with town_of(template, tmp_path) as town:
        hal, ann = town.viewers["hal"], town.viewers["ann"]
        found = await due()
        assert ann.person in {one.person for one in found}
        assert hal.person not in {one.person for one in found}  # who asked
        assert {one.page for one in found} == {f"/erasures/{town.ids['erasure']}"}
        assert "Lou" not in str(found)
        await erasure.withdraw(hal, UUID(town.ids["erasure"]))
        assert await due() == []
