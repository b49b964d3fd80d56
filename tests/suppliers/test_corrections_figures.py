"""What a stranger reads of how corrections are answered: months that are over, and never of few schools."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import pytest

from base import clock
from base.viewer import Viewer
from suppliers.corrections import edits, figures, proposals
from suppliers.corrections.figures import Figures, Waited
from tests.given.builders import a_person, a_school
from tests.given.listed_suppliers import an_entry, curator

pytestmark = [pytest.mark.usefixtures("db"), pytest.mark.both_engines]

JUNE = datetime(2026, 6, 10, 12, tzinfo=clock.LONDON)
IN_JULY = datetime(2026, 7, 15, 12, tzinfo=clock.LONDON)
FIRST, LAST = date(2025, 7, 1), date(2026, 6, 30)


async def asked_and_refused(olive: Viewer, schools: Sequence[Viewer], asked: datetime, days: Sequence[int]) -> None:
    """Each of these schools asks then for a correction, and is refused so many days later."""
    for viewer, waited in zip(schools, days, strict=True):
        with clock.at(asked):
            entry = await an_entry(f"Wren Windows {viewer.school.hex[:12]} {asked:%Y%m%d%H}")
            correction = await proposals.propose(
                viewer, entry, why="It is on their invoice.", name=f"Wren {viewer.school.hex[:6]}"
            )
        with clock.at(asked + timedelta(days=waited, hours=1)):
            await edits.refuse(olive, correction, answer="It is what their web site says.")


async def told(at: datetime = IN_JULY) -> Figures:
    with clock.at(at):
        return await figures.of_last_months()


async def schools(number: int) -> list[Viewer]:
    return [await a_person(await a_school(f"School {one}")) for one in range(number)]


async def test_five_schools_that_were_answered_are_told_with_the_middle_and_the_longest_wait() -> None:
    await asked_and_refused(await curator(), await schools(5), JUNE, (0, 1, 3, 4, 16))
    assert await told() == Figures(FIRST, LAST, asked=5, decided=Waited(5, 3, 16))


async def test_of_four_schools_nothing_is_told_however_often_they_ask() -> None:
    olive, four = await curator(), await schools(4)
    await asked_and_refused(olive, four, JUNE, (1, 1, 1, 1))
    await asked_and_refused(olive, four, JUNE + timedelta(days=3), (1, 1, 1, 1))
    assert await told() == Figures(FIRST, LAST, asked=None, decided=None)


async def test_what_happens_this_month_moves_nothing_before_the_next() -> None:
    olive, all_of_them = await curator(), await schools(5)
    await asked_and_refused(olive, all_of_them, JUNE, (1, 1, 1, 1, 1))
    before = await told()
    await asked_and_refused(olive, all_of_them, datetime(2026, 7, 1, 0, tzinfo=clock.LONDON), (0, 0, 0, 0, 13))
    assert await told() == before
    assert await told(datetime(2026, 8, 1, 0, tzinfo=clock.LONDON)) == Figures(
        date(2025, 8, 1), date(2026, 7, 31), asked=10, decided=Waited(10, 1, 13)
    )


async def test_what_waits_at_the_end_of_a_month_is_asked_and_not_decided() -> None:
    await asked_and_refused(await curator(), await schools(5), JUNE, (1, 1, 1, 1, 30))
    assert await told() == Figures(FIRST, LAST, asked=5, decided=None)


async def test_what_a_school_took_back_is_not_decided() -> None:
    olive, five = await curator(), await schools(5)
    await asked_and_refused(olive, five[:4], JUNE, (1, 1, 1, 1))
    with clock.at(JUNE):
        entry = await an_entry("Dene Drains")
        await proposals.withdraw(five[4], await proposals.propose(five[4], entry, why="On a van.", name="Dene Drain"))
    assert await told() == Figures(FIRST, LAST, asked=5, decided=None)


async def test_what_is_older_than_twelve_months_is_told_no_more() -> None:
    await asked_and_refused(await curator(), await schools(5), JUNE, (1, 1, 1, 1, 1))
    assert await told(datetime(2027, 7, 1, 9, tzinfo=clock.LONDON)) == Figures(date(2026, 7, 1), date(2027, 6, 30), None, None)
