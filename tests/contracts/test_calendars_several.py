"""Somebody who looks after several schools saves the days of one calendar at those that they tick."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Final

import pytest

import database
from base import clock
from base.viewer import Role, Viewer
from contracts.calendars import calendars
from contracts.clock.school_calendar import SchoolCalendar, Term
from contracts.events import Event
from sharing.tables import School
from tests.given.builders import a_membership, a_person, a_school, events_of, signed_in
from tests.given.page_text import text_of

pytestmark = pytest.mark.usefixtures("db")

HALF: Final = (date(2027, 10, 25), date(2027, 10, 29))
AUTUMN: Final = Term("Autumn 2027", date(2027, 9, 2), date(2027, 12, 17), HALF)
NEXT: Final = Term("Spring 2028", date(2028, 1, 4), date(2028, 3, 31), (date(2028, 2, 14), date(2028, 2, 18)))
TYPED: Final = "Autumn 2027: 2 September 2027 to 17 December 2027, half-term 25 October 2027 to 29 October 2027"


def sent(*schools: Viewer, **more: str) -> dict[str, Any]:
    """The form of a calendar with one term and an INSET day, and the other schools that are ticked."""
    day = clock.today() + timedelta(days=7)
    starts = {f"from_day-{part}": str(getattr(day, part)) for part in ("day", "month", "year")}
    days = {
        "terms": TYPED,
        "inset": "1 September 2027",
        "hours_mon": "08:00 to 17:00",
    }
    return {
        "version": "0",
        "nation": "ENG",
        "only": "year",
        **starts,
        **days,
        "also": [str(one.school) for one in schools],
        **more,
    }


@pytest.mark.both_engines
async def test_each_school_gets_a_version_of_its_own_and_keeps_its_hours_and_other_terms(db: object) -> None:
    ann = await a_person(await a_school("Oakfield Primary"))
    elm, fern = [await a_membership(ann, await a_school(name)) for name in ("Elm School", "Fern School")]
    hours = SchoolCalendar(
        weekly={"tue": (("09:00", "15:00"),)}, terms=(Term("Autumn 2027", AUTUMN.first, date(2027, 12, 10), HALF), NEXT)
    )
    await calendars.save_version(elm, hours, from_day=date(2026, 1, 1), version=0)
    before = {one: await events_of(one.school) for one in (ann, elm, fern)}
    async with signed_in(replace(ann, several_schools=True)) as browser:
        form = text_of((await browser.get("/calendar/change")).text)
        answer = await browser.post("/calendar/change", data=sent(elm, fern))
        assert answer.status_code == 303
        done = text_of((await browser.get(answer.headers["location"])).text)
    assert "Elm School Fern School" in form
    assert "Its days are saved at Elm School, Fern School too." in done
    kept, taken = [(await calendars.look(one)).own for one in (elm, fern)]
    assert kept is not None
    assert (kept.weekly, kept.terms, kept.inset) == (hours.weekly, (AUTUMN, NEXT), (date(2027, 9, 1),))
    assert taken == (await calendars.look(ann)).own
    for one, events in before.items():
        assert (await events_of(one.school))[len(events) :] == [Event.CALENDAR_SAVED]


async def test_rights_are_judged_at_each_school_and_what_is_refused_is_told(db: object) -> None:
    ann = await a_person(await a_school("Oakfield Primary"))
    led = await a_membership(ann, await a_school("Gorse School", trust="Harbour Trust"))
    async with database.read():
        team: Any = await School.objects().where(School.kind == "trust").first()
    trust = await a_person(team, name="Rose Reed")
    hers = SchoolCalendar(weekly={"mon": (("08:00", "17:00"),)}, terms=(AUTUMN,))
    await calendars.save_version(trust, hers, from_day=date(2026, 1, 1), version=0)
    governed = await a_membership(ann, await a_school("Hazel School"), Role.GOVERNOR)
    stranger = await a_person(await a_school("Ivy School"), name="Ida Ives")
    async with signed_in(replace(ann, several_schools=True)) as browser:
        for other in (governed, stranger):
            refused = await browser.post("/calendar/change", data=sent(other))
            assert refused.status_code == 422
            assert "Choose from the list of your other schools." in refused.text
        assert (await calendars.look(ann)).version == 0, "nothing was saved"
        answer = await browser.post("/calendar/change", data=sent(led))
        done = text_of((await browser.get(answer.headers["location"])).text)
    assert "Not at Gorse School: it follows its trust's calendar." in done
    assert (await calendars.look(ann)).version == 1
    assert [(await calendars.look(one)).version for one in (led, governed, stranger)] == [0, 0, 0]
