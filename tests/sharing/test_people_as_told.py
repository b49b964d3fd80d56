"""Who belongs to a school is held against its trail, whoever let them in: for a day, as a new head from outside, or for good."""

from datetime import timedelta

import pytest

from base import clock
from base.viewer import Role, Viewer
from sharing.joining import joining
from sharing.operator import break_glass, opened, succession, succession_list
from sharing.operator.succession import Wanted
from sharing.operator.succession_list import Ground, Start
from sharing.tables import School
from tests.given.builders import PASSWORD, token_in
from tests.given.every_check import findings
from tests.given.tampered_database import behind_the_triggers

WHY = "The head is ill, and nobody else may write."
BACK = "UPDATE sharing_membership SET valid_until = NULL WHERE person = '{}'"
AS_HEAD = BACK.replace("SET", "SET role = 'head',")
ENDED = "UPDATE sharing_membership SET valid_until = valid_from WHERE person = '{}'"


async def whom() -> list[str]:
    return [one.what for one in await findings()]


async def for_a_day(elm: School) -> Viewer:
    made = await break_glass.invite(None, elm.id, email="ida@elm.example", role=Role.BUSINESS_MANAGER, reason=WHY, posted=True)
    return await joining.join(token_in(made.address), name="Ida In", password=PASSWORD)


async def a_new_head(olive: Viewer, elm: School) -> tuple[Start, Viewer]:
    wanted = Wanted("nora@elm.example", Ground.ASKED, "head@elm.example", "Its website, Contact us, today")
    made = await succession.start(olive, elm.id, wanted, posted=True)
    start = (await succession_list.started(olive))[0]
    return start, await joining.join(token_in(made.address), name="Nora New", password=PASSWORD)


async def test_a_new_head_from_outside_who_is_taken_out_is_named(olive: Viewer, elm: School, eve: Viewer) -> None:
    start, nora = await a_new_head(olive, elm)
    with clock.at(start.in_force_at + timedelta(days=100)):
        assert await whom() == []
        await behind_the_triggers(ENDED.format(nora.person))
        assert await whom() == [f"today's records hold the role of person {nora.person} no more"]


@pytest.mark.parametrize("by_operator", [True, False])
async def test_one_whom_somebody_stopped_on_the_way_is_not(olive: Viewer, elm: School, eve: Viewer, *, by_operator: bool) -> None:
    start, nora = await a_new_head(olive, elm)
    await (succession.withdraw(olive, start.id) if by_operator else succession.object_to(eve, start.id, WHY))
    assert await whom() == []
    await behind_the_triggers(BACK.format(nora.person))
    (what,) = await whom()
    assert "it ended the role of person" in what


async def test_who_was_let_in_for_a_day_may_go_when_it_is_over_and_not_before(elm: School, eve: Viewer) -> None:
    ida = await for_a_day(elm)
    with clock.at(clock.now() + timedelta(days=2)):
        assert await whom() == []
    await behind_the_triggers(ENDED.format(ida.person))
    assert await whom() == [f"today's records hold the role of person {ida.person} no more"]


async def test_whom_the_school_cut_short_is_no_difference(elm: School, eve: Viewer) -> None:
    await for_a_day(elm)
    await opened.cut_short(eve, (await opened.at_school(eve))[0].id)
    assert await whom() == []


async def test_whom_the_school_kept_stays_for_good(elm: School, eve: Viewer) -> None:
    ida = await for_a_day(elm)
    await opened.keep(eve, (await opened.at_school(eve))[0].id)
    with clock.at(clock.now() + timedelta(days=90)):
        assert await whom() == []
        await behind_the_triggers(ENDED.format(ida.person))
        assert await whom() == [f"today's records hold the role of person {ida.person} no more"]


async def test_another_role_is_named_of_somebody_let_in_for_a_day_too(elm: School, eve: Viewer) -> None:
    ida = await for_a_day(elm)
    await behind_the_triggers(AS_HEAD.format(ida.person))
    with clock.at(clock.now() + timedelta(days=2)):
        assert await whom() == [f"today's records hold another role of the role of person {ida.person}"]
