"""On the last day to object to a new head everybody of the school hears of it, whatever letters they chose."""

from datetime import date, timedelta
from uuid import UUID

from base import clock
from base.due import Due, Urgency
from base.settings import Settings
from base.viewer import Role
from sharing.operator import coming_heads, succession, succession_list
from sharing.operator.succession import Wanted
from sharing.operator.succession_list import Ground
from tests.given.builders import a_person, a_school


async def due(day: date) -> list[Due]:
    return [one async for one in coming_heads.due(day)]


async def test_everybody_of_the_school_and_nobody_else_is_told_until_it_is_stopped(db: Settings) -> None:
    olive = await a_person(await a_school("Fern Primary"), Role.HEAD, "Olive Osgood", operator=True)
    dale = await a_school("Dale Primary")
    people = [await a_person(dale, name="Dee Dale"), await a_person(dale, Role.GOVERNOR, "Guy Green")]
    wanted = Wanted("nora@dale.example", Ground.ASKED, "head@dale.example", "Its website")
    await succession.start(olive, UUID(str(dale.id)), wanted, posted=True)
    (start,) = await succession_list.started(olive)
    last = start.in_force_at.astimezone(clock.LONDON).date() - timedelta(days=1)
    assert await due(last - timedelta(days=1)) == []
    found = await due(last)
    assert {one.person for one in found} == {viewer.person for viewer in people}
    assert {(one.school, one.urgency) for one in found} == {(dale.id, Urgency.SECURITY)}
    assert "nora" not in str([one.sentence for one in found]).lower()
    assert {one.page for one in found} == {f"/people/new-heads/{start.id}"}
    await succession.object_to(people[0], start.id, words="We know nothing of it.")
    assert await due(last) == []
