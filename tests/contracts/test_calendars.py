"""A school's service calendar is saved as versions, given by a trust to its schools, read by clocks and notices, and shown."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

import httpx
import msgspec
import pytest

import database
from base import clock
from base.refusals import Conflict, Forbidden, Invalid, VersionNeeded
from base.viewer import Role, Viewer
from contracts.calendars import calendars, ending, timetables
from contracts.calendars.calendars import Saved
from contracts.clock.calendar_layers import Layer
from contracts.clock.clock import judge_by
from contracts.clock.school_calendar import SchoolCalendar, Term
from contracts.fields import dates_asked
from contracts.fields.said import Said
from contracts.lists import listing
from contracts.register import register, school_terms
from contracts.tables import CalendarVersion
from sharing.tables import NetworkMember, School
from tests.given.builders import a_membership, a_person, a_school, events_of, school_of, signed_in

pytestmark = pytest.mark.usefixtures("db")

NOW: Final = datetime(2025, 11, 28, 12, tzinfo=UTC)
TODAY: Final = NOW.date()
START: Final = date(2025, 9, 1)
AUTUMN: Final = Term("Autumn 2025", date(2025, 9, 3), date(2025, 12, 19), (date(2025, 10, 27), date(2025, 10, 31)))
SPRING: Final = Term("Spring 2026", date(2026, 1, 5), date(2026, 3, 27), (date(2026, 2, 16), date(2026, 2, 20)))
SUMMER: Final = Term("Summer 2026", date(2026, 4, 13), date(2026, 7, 21), (date(2026, 5, 25), date(2026, 5, 29)))
HOURS: Final = (("07:30", "16:30"),)
OAKFIELD: Final = SchoolCalendar(
    weekly={"mon": HOURS, "tue": HOURS, "wed": HOURS, "thu": HOURS, "fri": HOURS}, only="term", terms=(AUTUMN, SPRING, SUMMER)
)
FOLLOWING: Final = SchoolCalendar(follows_trust=True)
IN_TERMS: Final[dict[str, Any]] = {
    "title": "Cleaning",
    "starts_on": START,
    "term": {"n": 1, "unit": "years"},
    "renewal": "rolls",
    "roll": {"n": 12, "unit": "months"},
    "notice": {"n": 1, "unit": "terms"},
}


@pytest.fixture(autouse=True)
def late_november() -> Any:
    with clock.at(NOW):
        yield


async def a_trust() -> tuple[Viewer, Viewer]:
    """Somebody of a trust's central team, and of a school of it."""
    ivy = await a_person(await a_school("Ivy Primary", trust="Rose Trust"), name="Ivo Ives")
    async with database.read():
        rose: Any = await School.objects().where(School.kind == "trust").first()
    assert rose is not None
    return await a_person(rose, name="Tess Tate"), ivy


async def save(viewer: Viewer, calendar: SchoolCalendar, *, from_day: date = START, version: int = 0) -> Saved:
    return await calendars.save_version(viewer, calendar, from_day=from_day, version=version)


async def terms_of(school: UUID) -> dates_asked.SchoolTerms:
    async with database.read():
        return await school_terms.of_school(school)


async def decide_by(viewer: Viewer) -> date | None:
    """Of the one contract of the viewer's school, as the list says it."""
    (line,) = (await listing.page(viewer)).lines
    return line.decide_by


@pytest.mark.both_engines
async def test_a_saved_calendar_is_the_one_that_holds(ann: Viewer) -> None:
    assert await save(ann, OAKFIELD) == Saved(1, contracts=0, schools=0)
    view = await calendars.look(ann)
    assert view.now == OAKFIELD
    assert (view.version, view.last_known) == (1, SUMMER.last)
    assert (await events_of(ann.school))[-1] == "calendar.saved"


@pytest.mark.both_engines
async def test_an_older_version_judges_the_days_before_the_newer_one(ann: Viewer) -> None:
    await save(ann, OAKFIELD)
    longer = msgspec.structs.replace(OAKFIELD, weekly={"mon": (("07:30", "18:30"),)})
    await save(ann, longer, from_day=TODAY, version=1)
    view = await calendars.look(ann)
    assert view.layers == (Layer(START, OAKFIELD), Layer(TODAY, longer))
    assert [one.number for one in view.saved] == [2, 1]


async def test_a_version_never_begins_before_today_once_there_is_one(ann: Viewer) -> None:
    await save(ann, OAKFIELD)
    with pytest.raises(Invalid, match="judged by the calendar that held then"):
        await save(ann, OAKFIELD, from_day=TODAY - timedelta(days=1), version=1)
    await save(ann, OAKFIELD, from_day=START - timedelta(days=30), version=1)  # what was before was not known


@pytest.mark.parametrize("from_day", [TODAY + timedelta(days=400), TODAY - timedelta(days=2000)])
async def test_a_version_begins_within_a_year_or_five_years_back(ann: Viewer, from_day: date) -> None:
    with pytest.raises(Invalid) as refusal:
        await save(ann, OAKFIELD, from_day=from_day)
    assert "from_day" in refusal.value.fields


async def test_of_two_people_who_save_the_second_reads_first(ann: Viewer) -> None:
    await save(ann, OAKFIELD)
    with pytest.raises(Conflict, match="after you read it"):
        await save(ann, OAKFIELD)


async def test_a_governor_saves_nothing(ann: Viewer) -> None:
    oakfield = await school_of(ann)
    gus = await a_person(oakfield, Role.GOVERNOR, "Gus Gray")
    with pytest.raises(Forbidden):
        await save(gus, OAKFIELD)


async def test_a_notice_in_terms_has_its_date_once_the_terms_are_there(ann: Viewer) -> None:
    await register.add(ann, Said(IN_TERMS))
    assert await decide_by(ann) is None
    assert (await save(ann, OAKFIELD)).contracts == 1
    assert await decide_by(ann) == date(2026, 4, 10)


@pytest.mark.both_engines
async def test_contract_dates_take_whole_terms_and_halves(ann: Viewer) -> None:
    assert await terms_of(ann.school) == dates_asked.SchoolTerms()
    await save(ann, msgspec.structs.replace(OAKFIELD, nation="WLS"))
    found = await terms_of(ann.school)
    assert found.terms[2] == ("2026-04-13", "2026-07-21")
    assert found.half_terms[4:] == (("2026-04-13", "2026-05-22"), ("2026-06-01", "2026-07-21"))
    assert found.nation == "WLS"


async def test_a_trust_gives_its_calendar_to_its_schools(db: object) -> None:
    tess, ivo = await a_trust()
    await register.add(ivo, Said(IN_TERMS))
    assert (await save(tess, OAKFIELD)).schools == 1
    view = await calendars.look(ivo)
    assert (view.now, view.follows_trust, view.trust_name) == (OAKFIELD, True, "Rose Trust")
    assert await decide_by(ivo) == date(2026, 4, 10)
    assert (await events_of(ivo.school))[-1] == "calendar.given"


async def test_a_school_adds_days_of_its_own_to_its_trusts(db: object) -> None:
    tess, ivo = await a_trust()
    await save(tess, OAKFIELD)
    inset = (date(2026, 1, 5),)
    await save(ivo, msgspec.structs.replace(FOLLOWING, inset=inset), from_day=TODAY)
    now = (await calendars.look(ivo)).now
    assert now == msgspec.structs.replace(OAKFIELD, inset=inset)
    later = msgspec.structs.replace(OAKFIELD, nation="WLS")
    await save(tess, later, from_day=TODAY, version=1)
    now = (await calendars.look(ivo)).now
    assert now is not None
    assert (now.nation, now.inset) == ("WLS", inset)


async def test_a_school_with_a_calendar_of_its_own_is_not_moved_by_its_trust(db: object) -> None:
    tess, ivo = await a_trust()
    await save(ivo, OAKFIELD)
    assert (await save(tess, msgspec.structs.replace(OAKFIELD, nation="WLS"))).schools == 0
    view = await calendars.look(ivo)
    assert view.now == OAKFIELD
    assert not view.follows_trust
    assert "calendar.given" not in await events_of(ivo.school)


async def test_nobody_follows_a_trust_without_a_calendar(ann: Viewer) -> None:
    with pytest.raises(Invalid, match="has no calendar"):
        await save(ann, FOLLOWING)
    _, ivo = await a_trust()
    with pytest.raises(Invalid, match="has no calendar"):
        await save(ivo, FOLLOWING)


async def test_a_school_that_left_its_trust_goes_on_with_what_that_had_said(db: object) -> None:
    tess, ivo = await a_trust()
    await save(tess, OAKFIELD)
    async with database.write():
        await NetworkMember.update({NetworkMember.until_at: NOW + timedelta(days=1)}).where(NetworkMember.school == ivo.school)
    with clock.at(NOW + timedelta(days=2)):
        await save(tess, msgspec.structs.replace(OAKFIELD, nation="WLS"), from_day=TODAY + timedelta(days=3), version=1)
        view = await calendars.look(ivo)
        assert view.layers == (Layer(START, OAKFIELD),)
        assert not view.follows_trust


async def test_another_school_sees_nothing_of_it(ann: Viewer) -> None:
    await save(ann, OAKFIELD)
    bob = await a_person(await a_school("Elmwood Primary"), name="Bob Brown")
    assert (await calendars.look(bob)).layers == ()


async def test_the_clock_looks_up_a_calendar_that_was_laid_out_before(ann: Viewer) -> None:
    await save(ann, OAKFIELD)
    async with database.read():
        table = await timetables.of_school(ann.school)
        assert table is not None
        assert await timetables.of_school(ann.school) is table
    event = {"start": "2025-10-24T16:00+01:00", "target": {"minutes": 60}, "stop": "2025-11-03T09:00Z"}
    assert judge_by(table, event)["due"] == "2025-11-03T08:00:00+00:00"
    await save(ann, OAKFIELD, from_day=TODAY, version=1)
    async with database.read():
        assert await timetables.of_school(ann.school) is not table


async def test_nobody_counts_by_a_calendar_that_is_not_there(ann: Viewer) -> None:
    async with database.read():
        assert await timetables.of_school(ann.school) is None


async def test_open_calls_that_would_move_are_counted_by_whoever_knows_them(ann: Viewer) -> None:
    await save(ann, OAKFIELD)
    seen: list[tuple[int, int]] = []

    async def count(school: UUID, before: Any, after: Any) -> int:
        seen.append((len(before), len(after)))
        return 3 if school == ann.school else 0

    assert await calendars.would_move(ann, OAKFIELD, TODAY, [count]) == 3
    assert seen == [(1, 2)]
    assert await calendars.would_move(ann, OAKFIELD, TODAY, []) == 0


NOTICED: Final = (
    (date(2026, 4, 21), ""),
    (date(2026, 4, 22), "ends on 21 July 2026"),
    (date(2026, 7, 21), "ends on 21 July 2026"),
    (date(2026, 7, 22), "ended on 21 July 2026"),
)


@pytest.mark.parametrize(("day", "said"), NOTICED)
async def test_ninety_days_before_the_last_known_term_ends_the_next_are_asked_for(ann: Viewer, day: date, said: str) -> None:
    await save(ann, OAKFIELD)
    with clock.at(datetime(day.year, day.month, day.day, 12, tzinfo=UTC)):
        found = await ending.notices(ann)
    if not said:
        assert found == ()
    else:
        (notice,) = found
        assert said in notice.text
        assert notice.link == "Add the terms for 2026–27"


YEARS: Final = (
    (date(2026, 7, 22), "2026–27"),
    (date(2026, 12, 19), "2026–27"),
    (date(2027, 3, 26), "2026–27"),
    (date(2099, 8, 1), "2099–00"),
)


@pytest.mark.parametrize(("day", "year"), YEARS)
def test_the_terms_that_lack_are_those_of_the_school_year_that_follows(day: date, year: str) -> None:
    assert ending.school_year(day) == year


# Its pages and the API.

FORM: Final = {
    "version": "0", "from_day-day": "1", "from_day-month": "9", "from_day-year": "2025", "whose": "own",
    **{f"hours_{day}": "07:30 to 16:30" for day in ("mon", "tue", "wed", "thu", "fri")},
    "only": "term", "nation": "ENG",
    "terms": "Autumn 2025: 3 September 2025 to 19 December 2025, half-term 27 October 2025 to 31 October 2025\n"
    "Spring 2026: 5 January 2026 to 27 March 2026, half-term 16 February 2026 to 20 February 2026\n"
    "Summer 2026: 13 April 2026 to 21 July 2026, half-term 25 May 2026 to 29 May 2026",
}  # fmt: skip


async def posted(viewer: Viewer, path: str, form: dict[str, str], files: Any = None) -> httpx.Response:
    async with signed_in(viewer) as browser:
        return await browser.post(path, data=form, files=files)


async def test_the_form_saves_what_the_page_then_shows(ann: Viewer) -> None:
    answer = await posted(ann, "/calendar/change", FORM)
    assert answer.status_code == 303
    assert (await calendars.look(ann)).now == OAKFIELD
    async with signed_in(ann) as browser:
        page = (await browser.get("/calendar?month=2025-10")).text
        form = (await browser.get("/calendar/change")).text
    assert "October 2025" in page
    assert "25 to 31: School holiday" in page
    assert "Autumn 2025: 3 September 2025 to 19 December 2025, half-term 27 October 2025 to 31 October 2025" in form


WRONG: Final = (
    ({"hours_mon": "8 to 5"}, "Write a time as 08:30"),
    ({"terms": "Autumn"}, "Write a name, a colon"),
    ({"terms": FORM["terms"].replace("5 January 2026", "19 December 2025")}, "overlap"),
    ({"from_day-month": "13"}, "Enter a real date"),
    ({"from_day-day": "", "from_day-month": "", "from_day-year": ""}, "Enter the day from which"),
    ({"nation": "FRA"}, "Choose the nation"),
    ({"only": "weekends"}, "Choose when the hours hold"),
    ({"version": "one"}, "Open the form again"),
    ({"closed": "soon"}, "24 December 2026"),
    ({f"hours_{day}": "" for day in ("mon", "tue", "wed", "thu", "fri")}, "at least one day"),
    ({"whose": "trust"}, "Your trust has no calendar"),
)


@pytest.mark.parametrize(("fields", "said"), WRONG, ids=[said for _, said in WRONG])
async def test_a_wrong_form_comes_back_with_all_that_was_typed(ann: Viewer, fields: dict[str, str], said: str) -> None:
    answer = await posted(ann, "/calendar/change", FORM | {"inset": "1 September 2025"} | fields)
    assert answer.status_code == 422
    assert said in answer.text
    assert "1 September 2025" in answer.text
    assert (await calendars.look(ann)).version == 0


async def test_term_dates_of_a_file_come_into_the_form_and_nothing_is_saved(ann: Viewer) -> None:
    halves = b"Autumn term 1,1 Sep 2026,23 Oct 2026\nAutumn term 2,2 Nov 2026,18 Dec 2026\n"
    content = b"Term,Start,End\n" + halves + b"Fair,5 Dec 2026,5 Dec 2026\n"
    answer = await posted(ann, "/calendar/terms", {"pasted": "", "six": ""}, {"file": ("terms.csv", content, "text/csv")})
    assert answer.status_code == 200
    assert "Autumn 2026: 1 September 2026 to 18 December 2026, half-term 24 October 2026 to 1 November 2026" in answer.text
    assert "1 question about these dates" in answer.text
    assert (await calendars.look(ann)).version == 0


async def test_new_terms_join_those_that_are_there(ann: Viewer) -> None:
    await save(ann, OAKFIELD)
    answer = await posted(
        ann, "/calendar/terms", {"pasted": "Autumn term: 1 Sep 2026 to 18 Dec 2026, half-term 26 Oct 2026 to 30 Oct 2026"}
    )
    assert "Summer 2026: 13 April 2026" in answer.text
    assert "Autumn 2026: 1 September 2026" in answer.text


NOT_READ: Final = (
    ({"pasted": ""}, None, "Choose a file, or paste"),
    ({"pasted": "Autumn"}, {"file": ("a.csv", b"x", "text/csv")}, "not both"),
    ({"pasted": "Sports day: 3 May 2026"}, None, "Nothing could be read"),
    ({"pasted": "Term 4: 4 January 2027 to 12 February 2027"}, None, "six terms"),
    ({"pasted": ""}, {"file": ("a.ics", b"BEGIN:VCALENDAR\n" + b"x" * 1_000_001, "text/calendar")}, "smaller than 1 MB"),
    ({"pasted": ""}, {"file": ("a.xlsx", b"PK\x03\x04", "text/csv")}, "no CSV"),
)


@pytest.mark.parametrize(("form", "files", "said"), NOT_READ, ids=[said for _, _, said in NOT_READ])
async def test_what_can_not_be_read_is_said_and_what_was_pasted_is_there(ann: Viewer, form: Any, files: Any, said: str) -> None:
    answer = await posted(ann, "/calendar/terms", form, files)
    assert answer.status_code in (413, 422)
    assert said in answer.text
    assert form["pasted"] in answer.text


async def test_a_calendar_file_of_50_mb_is_refused(ann: Viewer) -> None:
    answer = await posted(
        ann, "/calendar/terms", {"pasted": "typed beside it"}, {"file": ("a.ics", b"x" * 50_000_000, "text/calendar")}
    )
    assert (answer.status_code, "typed beside it" in answer.text) == (422, True)


async def test_the_home_page_asks_for_the_next_terms(ann: Viewer) -> None:
    await save(ann, OAKFIELD)
    with clock.at(datetime(2026, 7, 1, tzinfo=UTC)):
        async with signed_in(ann) as browser:
            page = (await browser.get("/")).text
    assert "Add the terms for 2026–27" in page


async def test_the_api_gives_and_takes_the_same_calendar(ann: Viewer) -> None:
    async with signed_in(ann) as browser:
        empty = await browser.get("/api/v1/calendar")
        assert (empty.json()["layers"], empty.headers["ETag"]) == ([], '"0"')
        body = json.loads(msgspec.json.encode(OAKFIELD)) | {"from_day": "2025-09-01"}
        saved = await browser.put("/api/v1/calendar", json=body, headers={"If-Match": '"0"'})
        assert saved.status_code == 200
        assert saved.headers["ETag"] == '"1"'
        assert saved.json() == {"version": 1, "contracts": 0, "schools": 0}
        there = (await browser.get("/api/v1/calendar")).json()
        assert there["known_until"] == "2026-07-21"
        assert there["half_terms"][0] == ["2025-09-03", "2025-10-24"]
        again = await browser.put("/api/v1/calendar", json=body, headers={"If-Match": '"0"'})
        assert again.status_code == 409
        assert (await browser.put("/api/v1/calendar", json=body)).status_code == VersionNeeded.status


@pytest.mark.both_engines
async def test_a_version_that_was_saved_can_not_be_changed(ann: Viewer) -> None:
    await save(ann, OAKFIELD)
    with pytest.raises(Exception, match=r"append-only|permission denied"):
        async with database.write():
            await CalendarVersion.update({CalendarVersion.from_day: TODAY}, force=True)


async def test_somebody_of_two_schools_saves_where_they_are(ann: Viewer) -> None:
    elm = await a_school("Elmwood Primary")
    there = await a_membership(ann, elm)
    await save(there, OAKFIELD)
    assert (await calendars.look(ann)).layers == ()
