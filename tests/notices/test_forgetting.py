"""What was told is forgotten after more than two years, and with whoever belongs to no school any more."""

from datetime import timedelta
from typing import Any

import pytest

import database
from base import clock
from base.refusals import Conflict, Invalid
from base.settings import Settings
from base.viewer import Role
from notices import choices, feeds, forgetting, refused, reminding
from notices.tables import Feed, Letter, LetterChoice, RefusedMailbox, Told
from sharing.people import people
from tests.given.builders import a_person, a_school, email_of
from tests.given.reminders import TUESDAY, a_due, source_of

TABLES: tuple[Any, ...] = (Feed, Letter, LetterChoice, RefusedMailbox, Told)


async def rows() -> list[int]:
    async with database.read():
        return [await table.count() for table in TABLES]


async def test_of_whoever_left_nothing_is_kept_and_of_whoever_stays_all_is(db: Settings) -> None:
    school = await a_school()
    hal, ann = await a_person(school, Role.HEAD, "Hal Hart"), await a_person(school)
    with clock.at(TUESDAY):
        for viewer in (hal, ann):
            await reminding.remind([source_of(a_due(viewer))])
            await choices.choose(viewer, often="weekly", weekday=1)
            await feeds.make(viewer, shows_titles=False)
            await refused.mark(await email_of(viewer))
        assert await rows() == [2] * 5
        assert await forgetting.forget_old() == 0
        await people.remove(hal, ann.person)
        assert await forgetting.forget_old() == 1
    assert await rows() == [1] * 5


async def test_what_was_told_is_kept_for_as_long_as_it_may_be_told_again(db: Settings) -> None:
    ann = await a_person(await a_school())
    with clock.at(TUESDAY):
        await reminding.remind([source_of(a_due(ann))])
    with clock.at(TUESDAY + forgetting.KEPT - timedelta(days=1)):
        assert await forgetting.forget_old() == 0
    with clock.at(TUESDAY + forgetting.KEPT + timedelta(days=1)):
        assert await forgetting.forget_old() == 1


async def test_the_operator_marks_an_address_that_somebody_has(db: Settings) -> None:
    ann = await a_person(await a_school())
    assert await refused.mark((await email_of(ann)).upper()) == 1
    assert (await choices.of(ann)).refused_at is not None
    with pytest.raises(Conflict):
        await refused.mark("nobody@school.example")
    with pytest.raises(Invalid):
        await refused.mark("nobody")
