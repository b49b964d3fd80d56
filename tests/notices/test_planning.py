"""Letters come by day, a weekend's on Friday; few, and none where somebody wants none, but for what can't wait."""

from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from base import clock
from base.due import Due, Urgency
from base.viewer import Role, Viewer
from notices.planning import Hearer, Often, days_told_on, is_open, plans
from tests.given.reminders import a_due

pytestmark = pytest.mark.pure

ANN = Viewer(UUID(int=1), "Ann Archer", UUID(int=2), "Oakfield", Role.BUSINESS_MANAGER)
MONDAY, FRIDAY = date(2026, 11, 23), date(2026, 11, 27)
ORDINARY, LAST, SECURITY = (a_due(ANN, urgency.value, urgency=urgency) for urgency in Urgency)


def hearer(often: Often, weekday: int = 1) -> Hearer:
    return Hearer(ANN.person, "ann@school.example", {ANN.school: "Oakfield"}, often, weekday)


@pytest.mark.parametrize(
    ("moment", "opens"),
    [
        ("2026-11-24T07:59:59", False),
        ("2026-11-24T08:00:00", True),
        ("2026-11-24T16:59:59", True),
        ("2026-11-24T17:00:00", False),
        ("2026-11-28T10:00:00", False),  # a Saturday
        ("2026-11-29T10:00:00", False),
        ("2026-06-01T08:00:00", True),  # summer time: seven in Greenwich
    ],
)
def test_letters_are_written_by_day_from_monday_to_friday(moment: str, opens: bool) -> None:
    assert is_open(datetime.fromisoformat(moment).replace(tzinfo=clock.LONDON)) is opens


def test_a_weekends_letters_come_on_friday() -> None:
    assert days_told_on(MONDAY) == (MONDAY,)
    assert days_told_on(FRIDAY) == (FRIDAY, date(2026, 11, 28), date(2026, 11, 29))


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)))
def test_every_day_is_told_once_and_on_a_weekday(day: date) -> None:
    before = [day - timedelta(days=n) for n in range(7)]
    telling = [one for one in before if one.weekday() < 5 and day in days_told_on(one)]
    assert len(telling) == 1


@pytest.mark.parametrize(
    ("often", "expected"),
    [
        (Often.DAILY, [(ORDINARY, LAST, SECURITY), (LAST, SECURITY)]),
        (Often.WEEKLY, [(LAST, SECURITY)]),  # on a Monday, of a letter for Tuesdays
        (Often.NONE, [(SECURITY,)]),
    ],
)
def test_what_cannot_wait_passes_the_wish_for_few(often: Often, expected: list[tuple[Due, ...]]) -> None:
    assert [plan.dues for plan in plans(hearer(often, 2), [ORDINARY, LAST, SECURITY], MONDAY)] == expected


def test_a_day_or_a_week_has_one_key_for_its_letter() -> None:
    (daily,) = plans(hearer(Often.DAILY), [ORDINARY], MONDAY)
    (tuesday,) = plans(hearer(Often.DAILY), [ORDINARY], MONDAY + timedelta(days=1))
    (weekly,) = plans(hearer(Often.WEEKLY), [ORDINARY], MONDAY)
    (friday,) = plans(hearer(Often.WEEKLY), [ORDINARY], FRIDAY)
    (next_week,) = plans(hearer(Often.WEEKLY), [ORDINARY], MONDAY + timedelta(days=7))
    assert weekly.key == friday.key
    assert len({daily.key, tuesday.key, weekly.key, next_week.key}) == 4


def test_of_a_school_that_somebody_left_nothing_is_told() -> None:
    elsewhere = Hearer(ANN.person, "ann@school.example", {UUID(int=9): "Elmwood"}, Often.DAILY, 1)
    assert plans(elsewhere, [ORDINARY, LAST, SECURITY], MONDAY) == ()
