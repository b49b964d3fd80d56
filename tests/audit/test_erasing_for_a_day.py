"""Whoever was let in for a day, or has the operator's password, takes away nothing that guards the school's records."""

from collections.abc import Coroutine
from typing import Any

import pytest

from audit.erasing import holds, retention
from audit.erasing.retention import RecordKind
from audit.seals import recipients
from base import clock
from base.refusals import Forbidden
from base.settings import Settings
from base.viewer import Role, Viewer
from sharing.joining import joining
from sharing.operator import break_glass, opened
from sharing.sign_in import sessions
from tests.given.builders import a_person, a_school, token_in


async def as_signed_in(viewer: Viewer) -> Viewer:
    found = await sessions.viewer_of(await sessions.start(viewer.person, viewer.school))
    assert found is not None
    return found


async def test_no_hold_no_years_and_no_recipient_goes_before_a_head_keeps_them(db: Settings) -> None:
    school = await a_school("Elm Primary")
    eve, hal = await a_person(school, Role.HEAD, "Eve Elm"), await a_person(school, Role.HEAD, "Hal Hart")
    hold = await holds.place(eve, about=holds.SCHOOL, reason="A claim.")
    recipient = await recipients.add(eve, "chair@elm.example")
    link = await break_glass.reset(eve.school, eve.person, reason="The head is in hospital", posted=True)
    await joining.set_password(token_in(link), password="a quiet river at dawn")

    def acts(viewer: Viewer) -> tuple[Coroutine[Any, Any, None], ...]:
        years = retention.keep(viewer, kind=RecordKind.NOTES, years=3, from_date=clock.today(), source="Our schedule")
        return holds.lift(viewer, hold), years, recipients.remove(viewer, recipient)

    for act in acts(await as_signed_in(eve)):
        with pytest.raises(Forbidden):
            await act
    await opened.keep(hal, (await opened.at_school(hal))[0].id)
    for act in acts(await as_signed_in(eve)):
        await act
