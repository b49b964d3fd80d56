"""Whoever may confirm criticism hears by letter that some waits, and of its words nothing."""

from pathlib import Path
from uuid import UUID

from base import clock
from base.due import Due, Urgency
from suppliers.opinions import confirming, confirming_due
from tests.conftest import Template
from tests.given.town import town_of


async def due() -> list[Due]:
    return [one async for one in confirming_due.due(clock.today())]


async def test_the_head_and_whom_the_head_named_are_told_until_it_is_confirmed(template: Template, tmp_path: Path) -> None:
    async with town_of(template, tmp_path) as town:
        hal, cleo = town.viewers["hal"], town.viewers["cleo"]
        found = await due()
        assert {(one.person, one.school, one.urgency) for one in found} == {
            (viewer.person, hal.school, Urgency.ORDINARY) for viewer in (hal, cleo)
        }
        assert len({one.key for one in found}) == 2
        assert {one.sentence for one in found} == {"Criticism of a supplier waits for you to be confirmed."}
        await confirming.confirm(hal, UUID(town.ids["waiting_note"]), digest=town.ids["waiting_digest"])
        assert await due() == []
