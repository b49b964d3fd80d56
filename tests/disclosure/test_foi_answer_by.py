"""By when a school answers a request: counted on days on which it is open to pupils, and said on the page."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from base import clock
from base.viewer import Viewer
from contracts.calendars import calendars
from contracts.clock.calendar_layers import Layer
from contracts.clock.school_calendar import SchoolCalendar, Term
from disclosure.foi import answer_by
from tests.given.builders import signed_in
from tests.given.page_text import text_of
from tests.given.served import a_calendar

TERMS = (
    Term("Autumn 2025", date(2025, 9, 3), date(2025, 12, 19), (date(2025, 10, 27), date(2025, 10, 31))),
    Term("Spring 2026", date(2026, 1, 5), date(2026, 3, 27), (date(2026, 2, 16), date(2026, 2, 20))),
    Term("Summer 2026", date(2026, 4, 13), date(2026, 7, 21), (date(2026, 5, 25), date(2026, 5, 29))),
)
ALL_YEAR = SchoolCalendar(weekly={"mon": (("08:00", "17:00"),)}, terms=TERMS)
LAYERS = (Layer(date(2025, 9, 1), ALL_YEAR),)


@pytest.mark.pure
@pytest.mark.parametrize(
    ("came", "by"),
    [
        (date(2026, 1, 12), date(2026, 2, 9)),  # four weeks of term
        (date(2026, 2, 9), date(2026, 3, 16)),  # half-term in between
        (date(2026, 1, 10), date(2026, 2, 6)),  # a Saturday: Monday is the first day
        (date(2025, 12, 1), date(2026, 1, 12)),  # over Christmas: 14 days before it and 6 after
        (date(2026, 4, 27), date(2026, 6, 2)),  # the bank holiday in May, and half-term
    ],
)
def test_the_20th_working_day_on_which_it_is_open_to_pupils(came: date, by: date) -> None:
    found = answer_by.reckoned(came, LAYERS)
    assert (found.day, found.is_twentieth, found.is_certain) == (by, True, True)


@pytest.mark.pure
def test_closures_and_inset_days_count_for_nothing() -> None:
    shut = SchoolCalendar(
        weekly=ALL_YEAR.weekly, terms=TERMS, inset=(date(2026, 1, 14),), closed=((date(2026, 1, 19), date(2026, 1, 20)),)
    )
    assert answer_by.reckoned(date(2026, 1, 12), (Layer(date(2025, 9, 1), shut),)).day == date(2026, 2, 12)
    later = (*LAYERS, Layer(date(2026, 1, 19), shut))  # the INSET day was before the version that has it
    assert answer_by.reckoned(date(2026, 1, 12), later).day == date(2026, 2, 11)


@pytest.mark.pure
def test_each_count_is_what_counting_by_hand_gives() -> None:
    """Day by day, as somebody with a wall calendar does it: holidays of England in this time are of other parts too."""
    holidays = {date(2025, 12, 25), date(2025, 12, 26), date(2026, 1, 1), date(2026, 1, 2), date(2026, 3, 17)}
    holidays |= {date(2026, 4, 3), date(2026, 4, 6), date(2026, 5, 4), date(2026, 5, 25), date(2025, 12, 1)}
    for n in range(120):
        came = date(2025, 11, 20) + timedelta(days=n)
        day, at_school, working = came, 0, 0
        while at_school < 20 and working < 60:
            day += timedelta(days=1)
            if day.weekday() < 5 and day not in holidays:
                working += 1
                in_term = any(term.first <= day <= term.last for term in TERMS)
                at_school += in_term and not any(a <= day <= b for a, b in (term.half_term or (day, came) for term in TERMS))
        assert answer_by.reckoned(came, LAYERS).day == day, came


@pytest.mark.pure
def test_where_terms_are_not_known_it_says_the_latest_day_and_that_it_may_be_earlier() -> None:
    found = answer_by.reckoned(date(2026, 7, 13), LAYERS)  # 6 school days are left
    assert (found.twentieth, found.is_certain, found.known_until) == (None, False, date(2026, 7, 21))
    assert found.day == found.sixtieth == date(2026, 10, 7)  # 13 July and 31 August are bank holidays somewhere
    assert answer_by.reckoned(date(2026, 7, 13), ()).known_until is None


@pytest.fixture
def in_january() -> Iterator[None]:
    with clock.at(datetime(2026, 1, 20, 10, tzinfo=UTC)):
        yield


ASKED = "/foi?came-day=12&came-month=1&came-year=2026"


@pytest.mark.usefixtures("db", "in_january")
async def test_the_page_says_the_day_and_why(ann: Viewer) -> None:
    async with signed_in(ann) as browser:
        before = text_of((await browser.get(ASKED)).text)
        await a_calendar(ann)
        after = text_of((await browser.get(ASKED)).text)
        plain = text_of((await browser.get("/foi")).text)
    assert "Answer at the latest by Thursday 9 April 2026" in before
    assert "your calendar has no term dates" in before
    assert "Answer by Monday 9 February 2026 The request came on 12 January 2026." in after
    assert "the 20th working day after it on which your school is open to pupils" in after
    assert "Answer by" not in plain


@pytest.mark.usefixtures("db", "in_january")
async def test_a_day_on_which_none_can_have_come_is_refused_beside_the_boxes(ann: Viewer) -> None:
    async with signed_in(ann) as browser:
        for typed in (
            "came-day=21&came-month=1&came-year=2026",
            "came-day=1&came-month=1&came-year=2020",
            "came-day=31&came-month=2",
        ):
            answer = await browser.get(f"/foi?{typed}")
            assert (answer.status_code, 'href="#came"' in answer.text) == (422, True), typed


@pytest.mark.usefixtures("db", "in_january")
async def test_a_school_outside_england_is_told_that_its_days_are_not_known(ann: Viewer) -> None:
    welsh = SchoolCalendar(nation="WLS", weekly=ALL_YEAR.weekly, terms=TERMS)
    await calendars.save_version(ann, welsh, from_day=date(2026, 1, 5), version=0)
    async with signed_in(ann) as browser:
        page = text_of((await browser.get(ASKED)).text)
    assert "knows only England’s days for answering" in page


@pytest.mark.usefixtures("db")
async def test_it_is_found_beside_the_trail(ann: Viewer) -> None:
    async with signed_in(ann) as browser:
        assert 'href="/foi">FOI answers</a>' in (await browser.get("/trail")).text
