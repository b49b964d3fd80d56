"""Who is told of a contract's days and when; what is decided; what stands in calendars and on the governors' page."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import icalendar
import pytest

import database
from audit.tables import Entry
from base import clock
from base.due import Due, Urgency
from base.refusals import Conflict, Forbidden, Invalid, NotFound
from base.viewer import Role, Viewer
from contracts.calendars import calendars
from contracts.clock.school_calendar import SchoolCalendar
from contracts.documents import documents
from contracts.documents.answering import What
from contracts.documents.kinds import DocumentKind
from contracts.fields.said import Said
from contracts.register import reading, register
from contracts.reminders import decisions, due, feed, governors_questions, home, timing, year
from contracts.reminders.decisions import Choice, Deciding
from contracts.reminders.governors_questions import Answer
from sharing.people import people
from suppliers.opinions.attachments import Upload
from tests.given.builders import a_person, a_school, events_of, signed_in
from tests.given.page_text import text_of
from tests.given.served import a_calendar, a_colleague, a_contract, a_fix_time, a_job

pytestmark = pytest.mark.usefixtures("db")

TODAY = date(2026, 1, 20)
DECIDE_BY = date(2026, 5, 29)  # a Friday: the 31st is a Sunday
COPIERS: dict[str, Any] = {
    "starts_on": date(2023, 9, 1), "ends_on": date(2026, 8, 31), "renewal": "rolls", "roll": {"n": 1, "unit": "years"},
    "notice": {"n": 3, "unit": "months"}, "annual_pence": 480_000, "route": "quotes", "quotes": 3,
}  # fmt: skip


def on(day: date) -> Any:
    return clock.at(datetime(day.year, day.month, day.day, 10, tzinfo=UTC))


@pytest.fixture(autouse=True)
def january() -> Iterator[None]:
    with on(TODAY):
        yield


@pytest.fixture
async def copiers(ann: Viewer) -> UUID:
    return await a_contract(ann, "Photocopiers", **COPIERS)


async def change(viewer: Viewer, contract: UUID, beside: dict[str, Any] | None = None, **said: Any) -> None:
    now = await reading.contract(viewer, contract)
    new = Said({**now.said.values, **said}, **{**now.said.beside, **(beside or {})})
    await register.change(viewer, contract, new, version=now.version)


async def due_on(day: date) -> list[Due]:
    """What is due when it is that day."""
    with on(day):
        return [one async for one in due.due(day)]


async def steps(day: date, person: Viewer) -> list[str]:
    return [one.step for one in await due_on(day) if one.person == person.person]


async def the_one_on(day: date) -> Due:
    (found,) = await due_on(day)
    return found


async def test_the_officer_hears_90_30_and_7_days_and_the_day_before(ann: Viewer, copiers: UUID) -> None:
    told: dict[str, date] = {}
    for n in range(160):
        day = TODAY + timedelta(days=n)
        for step in await steps(day, ann):
            told.setdefault(step, day)
        if day > DECIDE_BY:
            assert [one.about.split(":")[2] for one in await due_on(day)] in ([], ["send-by"])
    first = {step: DECIDE_BY - timedelta(days=int(step)) for step in ("90", "30", "7", "1")}
    assert told == first
    last = await the_one_on(DECIDE_BY)
    assert (last.urgency, last.day, last.page) == (Urgency.LAST_DAY, DECIDE_BY, f"/contracts/{copiers}#deciding")
    assert last.sentence == (
        "Photocopiers: decide by Friday 29 May 2026 what happens when it ends on Monday 31 August 2026. "
        "It renews by itself unless we say no."
    )


async def test_the_head_hears_of_what_nobody_answered_for_a_week(ann: Viewer, copiers: UUID) -> None:
    hal = await a_colleague(ann, Role.HEAD)
    first = DECIDE_BY - timedelta(days=90)
    assert await steps(first + timedelta(days=6), hal) == []
    assert await steps(first + timedelta(days=7), hal) == ["90:head"]
    with on(first + timedelta(days=7)):
        assert "Nobody has answered this yet." in (await home.notices(hal))[0].text
        await decisions.decide(ann, copiers, Deciding(Choice.RENEW, clock.today()))
        assert await home.notices(hal) == ()
    assert await due_on(first + timedelta(days=8)) == []


async def test_a_contract_written_down_late_gives_its_officer_a_week_too(ann: Viewer) -> None:
    hal = await a_colleague(ann, Role.HEAD)
    late = DECIDE_BY - timedelta(days=20)
    with on(late):
        await a_contract(ann, "Photocopiers", **COPIERS)
    assert (await steps(late, ann), await steps(late, hal)) == (["30"], [])
    assert await steps(late + timedelta(days=7), hal) == ["30:head"]


async def test_an_officer_who_is_a_job_title_means_the_business_managers_until_a_person_is_named(
    ann: Viewer, copiers: UUID
) -> None:
    bea, gus = await a_colleague(ann, Role.BUSINESS_MANAGER, "Bea Bell"), await a_colleague(ann, Role.GOVERNOR, "Gus Gray")
    day = DECIDE_BY - timedelta(days=80)
    await change(ann, copiers, officer="Site manager")
    assert {one.person for one in await due_on(day)} == {ann.person, bea.person}
    await change(ann, copiers, {"officer_person": bea.person, "deputy_person": gus.person})
    assert {one.person for one in await due_on(day)} == {bea.person, gus.person}
    await people.remove(await a_colleague(ann, Role.HEAD), bea.person)
    assert {one.person for one in await due_on(day) if not one.step.endswith("head")} == {ann.person, gus.person}


async def test_nobody_hears_of_a_contract_that_ended_is_a_draft_was_taken_out_or_of_which_notice_was_given(
    ann: Viewer, copiers: UUID
) -> None:
    day = DECIDE_BY - timedelta(days=80)
    draft = await register.add(ann, Said({"title": "Draft", **COPIERS}, is_draft=True))
    gone = await a_contract(ann, "Gone", **COPIERS)
    await register.withdraw(ann, gone)
    assert {one.about for one in await due_on(day)} == {f"contract:{copiers}:decide-by"}, draft
    with on(day):
        await change(ann, copiers, {"notice_given_on": day})
    assert await due_on(day) == []
    with on(day):
        await change(ann, copiers, {"notice_given_on": None, "ceased_on": day})
    assert await due_on(day + timedelta(days=1)) == []


async def test_offsets_count_from_the_last_day_on_which_the_school_is_open(ann: Viewer, copiers: UUID) -> None:
    """Half-term: from Monday 25 May the school is shut."""
    weekly: Any = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), (("08:00", "17:00"),))
    shut = ((date(2026, 5, 25), date(2026, 5, 29)),)
    await calendars.save_version(ann, SchoolCalendar(weekly=weekly, closed=shut), from_day=TODAY, version=0)
    await timing.choose(ann, months=["12", "6"], meetings=[date(2026, 5, 12), date(2026, 5, 26), date(2026, 3, 1)], seen="")
    found = await the_one_on(date(2026, 5, 21))
    assert (found.step, found.day) == ("1", DECIDE_BY)
    assert "The school is shut that day: the last open day before it is Friday 22 May 2026." in found.sentence
    assert "The last governors' meeting before it is on Tuesday 12 May 2026." in (await the_one_on(date(2026, 5, 10))).sentence
    assert (await the_one_on(TODAY)).step == "6m"
    uids = {one.uid.split(":", 2)[2]: one.day for one in await feed.dates(ann)}
    assert uids["decide-by:open"] == date(2026, 5, 22)


async def test_once_we_leave_or_the_day_to_decide_is_past_notice_is_asked_for(ann: Viewer) -> None:
    cleaning = await a_contract(ann, "Cleaning", **{**COPIERS, "lead": {"n": 1, "unit": "months"}})
    with on(date(2026, 4, 20)):
        await decisions.decide(ann, cleaning, Deciding(Choice.LEAVE, clock.today()))
    assert [one.about.rpartition(":")[2] for one in await due_on(date(2026, 5, 22))] == ["send-by"]
    assert (await the_one_on(date(2026, 5, 28))).urgency is Urgency.LAST_DAY


async def test_a_review_is_due_from_its_day_until_another_day_is_set(ann: Viewer) -> None:
    contract = await a_contract(ann, "Grounds", review_due_on=date(2026, 2, 3), starts_on=date(2025, 9, 1))
    assert await due_on(date(2026, 2, 2)) == []
    assert (await the_one_on(date(2026, 3, 3))).about == f"contract:{contract}:review"
    await change(ann, contract, review_due_on=date(2026, 6, 1))
    assert await due_on(date(2026, 3, 3)) == []


async def test_a_document_is_told_of_60_and_14_days_before_it_runs_out_and_moves_in_the_calendar(ann: Viewer) -> None:
    contract = await a_contract(ann, "Grounds", starts_on=date(2025, 9, 1))
    runs_out = date(2026, 4, 30)
    file = Upload("cover.pdf", b"%PDF-1.4 insured")
    paper = await documents.add(ann, contract, file, What(DocumentKind.INSURANCE, runs_out), is_letter=False)
    assert await due_on(runs_out - timedelta(days=61)) == []
    assert (await the_one_on(runs_out - timedelta(days=60))).step == "60"
    found = await the_one_on(runs_out - timedelta(days=14))
    assert (found.step, found.about) == ("14", f"contract:{contract}:document:{paper}")
    assert found.sentence == (
        "Grounds: the last day of a document that belongs to it is Thursday 30 April 2026. It is kept as: Insurance certificate."
    )
    (before,) = [one for one in await feed.dates(ann) if one.uid == found.about]
    await documents.correct(ann, paper, What(DocumentKind.INSURANCE, date(2026, 5, 31)))
    (after,) = [one for one in await feed.dates(ann) if one.uid == found.about]
    assert after.sequence > before.sequence


async def test_a_decision_is_an_entry_with_its_words_apart(ann: Viewer, copiers: UUID) -> None:
    made = await decisions.decide(ann, copiers, Deciding(Choice.RETENDER, TODAY, "Too dear", "2026/14"))
    assert (await events_of(ann.school))[-1] == "contract.decided"
    async with database.read():
        (found,) = await decisions.of(copiers)
    assert (found.id, found.choice, found.end_on, found.decide_by) == (made, Choice.RETENDER, date(2026, 8, 31), DECIDE_BY)
    assert (found.reason, found.minute, found.by, found.was_late) == ("Too dear", "2026/14", "Ann Archer", False)
    async with database.read():
        (entry,) = await Entry.select(Entry.header).where(Entry.type == "contract.decided")
    assert b"Too dear" not in bytes(entry["header"])


@pytest.mark.parametrize("role", [Role.GOVERNOR, Role.SITE_STAFF])
async def test_who_only_reads_decides_nothing(ann: Viewer, copiers: UUID, role: Role) -> None:
    with pytest.raises(Forbidden):
        await decisions.decide(await a_colleague(ann, role), copiers, Deciding(Choice.RENEW, TODAY))


async def test_nobody_decides_about_another_schools_contract_or_in_the_future(ann: Viewer, copiers: UUID) -> None:
    bob = await a_person(await a_school("Elmwood Primary"), name="Bob Brown")
    with pytest.raises(NotFound):
        await decisions.decide(bob, copiers, Deciding(Choice.RENEW, TODAY))
    with pytest.raises(NotFound):
        await feed.of_contract(bob, copiers)
    with pytest.raises(Invalid):
        await decisions.decide(ann, copiers, Deciding(Choice.RENEW, TODAY + timedelta(days=1)))
    assert [one async for one in due.due(DECIDE_BY) if one.person == bob.person] == []
    assert await feed.dates(bob) == ()


async def test_what_renewed_by_itself_without_a_decision_can_be_told(ann: Viewer) -> None:
    old = await a_contract(ann, "Copiers", **{**COPIERS, "starts_on": date(2020, 9, 1), "ends_on": date(2023, 8, 31)})
    asked = await a_contract(ann, "Cleaning", **COPIERS)
    await decisions.decide(ann, asked, Deciding(Choice.RENEW, TODAY))
    found = {one.contract.id: one.renewed_unasked for one in (await year.look(ann)).ending}
    assert found == {old: (date(2023, 8, 31), date(2024, 8, 31), date(2025, 8, 31)), asked: ()}
    with on(date(2026, 10, 1)):
        later = await year.look(ann)
    assert [one.contract.id for one in later.renewed] == [old]


async def test_governors_read_that_notice_was_missed_and_when_the_next_chance_is(ann: Viewer, copiers: UUID) -> None:
    with on(date(2026, 7, 1)):
        (found,) = (await year.look(ann)).ending
        assert (found.contract.id, found.is_missed) == (copiers, True)
        async with signed_in(ann) as browser:
            read = text_of((await browser.get("/contracts/governors")).text)
    assert "Notice missed. Next chance:" in read
    assert "Renews after 31 August 2026" in read


async def test_governors_read_how_the_service_did_as_the_contracts_page_says_it(ann: Viewer, copiers: UUID) -> None:
    assert [one.service for one in (await year.look(ann)).ending] == [""]
    await a_calendar(ann)
    await a_fix_time(ann, copiers)
    await a_job(ann, copiers, "2026-01-12 09:30")
    (found,) = (await year.look(ann)).ending
    assert found.service == "0 of 1 promise met, 1 not met."


async def test_governors_read_first_what_it_comes_to_and_what_is_not_decided(ann: Viewer, copiers: UUID) -> None:
    async def first_sentences() -> str:
        async with signed_in(ann) as browser:
            told = text_of((await browser.get("/contracts/governors")).text)
        return told.partition("to 20 January 2027 ")[2].partition(" A square is")[0].partition("meetings ")[2]

    assert await first_sentences() == "1 contract ends within a year. Its value is £4,800 a year. Nothing is decided yet."
    cleaning = await a_contract(ann, "Cleaning", **{**COPIERS, "annual_pence": 2_000_000})
    await a_contract(ann, "Bins", **{**COPIERS, "annual_pence": None})
    both = "3 contracts end within a year. Those of the school’s own come to £24,800 a year, without 1 of which it is not known."
    assert await first_sentences() == f"{both} Nothing is decided yet about any."
    await decisions.decide(ann, cleaning, Deciding(Choice.LEAVE, TODAY))
    assert await first_sentences() == f"{both} About 2 nothing is decided yet."


async def test_each_line_of_the_governors_table_says_with_whom_for_how_much_and_what_is_decided(
    ann: Viewer, copiers: UUID
) -> None:
    await decisions.decide(ann, copiers, Deciding(Choice.LEAVE, TODAY))
    async with signed_in(ann) as browser:
        told = text_of((await browser.get("/contracts/governors")).text)
    table = told.partition("Each of them, the soonest end first")[2].partition(" Supplier ")[0]
    assert "Photocopiers Ashby Boilers, £4,800 a year" in table
    assert "29 May 2026 Decided: We leave" in table


async def test_the_calendars_day_keeps_its_name_and_its_sequence_rises_whenever_it_moves(ann: Viewer, copiers: UUID) -> None:
    def decide(dates: Any) -> Any:
        (found,) = [one for one in dates if one.uid == f"contract:{copiers}:decide-by"]
        return found

    seen = [decide(await feed.dates(ann))]
    for months in (4, 5, 3):
        await change(ann, copiers, notice={"n": months, "unit": "months"})
        seen.append(decide(await feed.dates(ann)))
    with on(date(2026, 9, 2)):  # it renewed
        seen.append(decide(await feed.dates(ann)))
    assert len({one.day for one in seen}) == 4
    assert [one.sequence for one in seen] == sorted({one.sequence for one in seen})
    await change(ann, copiers, notes="Nothing about its days")
    assert decide(await feed.dates(ann)).sequence == seen[3].sequence


async def test_the_file_of_one_contract_says_what_to_do(ann: Viewer, copiers: UUID) -> None:
    async with signed_in(ann) as browser:
        answer = await browser.get(f"/contracts/{copiers}/dates.ics")
    assert answer.headers["content-type"].startswith("text/calendar")
    events = {
        str(one["UID"]).split(":")[2].split("@")[0]: one for one in icalendar.Calendar.from_ical(answer.content).walk("VEVENT")
    }
    assert set(events) == {"decide-by", "last-day"}
    assert str(events["decide-by"]["SUMMARY"]) == "Photocopiers: decide by this day"
    assert "It renews by itself" in str(events["decide-by"]["DESCRIPTION"])


async def test_a_governor_asks_and_a_keeper_answers_with_day_and_minute(ann: Viewer, copiers: UUID) -> None:
    gus = await a_colleague(ann, Role.GOVERNOR, "Gus Gray")
    asked = await governors_questions.ask(gus, copiers, "Why this dear?")
    with pytest.raises(Forbidden):
        await governors_questions.answer(gus, asked, Answer("Because.", TODAY))
    await governors_questions.answer(ann, asked, Answer("Colour costs more.", TODAY, "2026/15"))
    (found,) = await governors_questions.listed(gus)
    assert (found.question, found.answer, found.minute, found.asked_by) == (
        "Why this dear?",
        "Colour costs more.",
        "2026/15",
        "Gus Gray",
    )
    with pytest.raises(Conflict):
        await governors_questions.answer(ann, asked, Answer("Again.", TODAY))
    bob = await a_person(await a_school("Elmwood Primary"), name="Bob Brown")
    assert await governors_questions.listed(bob) == ()
    with pytest.raises(NotFound):
        await governors_questions.ask(bob, copiers, "And you?")


async def test_the_pages_say_it_all(ann: Viewer, copiers: UUID) -> None:
    hal = await a_colleague(ann, Role.GOVERNOR, "Gus Gray")
    await governors_questions.ask(hal, copiers, "Why this dear?")
    with on(DECIDE_BY - timedelta(days=20)):
        async with signed_in(ann) as browser:
            start = (await browser.get("/")).text
            assert "Photocopiers: decide by Friday 29 May 2026." in start
            assert f'href="/contracts/{copiers}/decision"' in start
            its = (await browser.get(f"/contracts/{copiers}")).text
            assert "No reminder leaves this service" in its
            again = await browser.post(f"/contracts/{copiers}/decision", data={"reason": "Typed"})
            assert again.status_code == 422
            assert "Typed" in again.text
            done = await browser.post(f"/contracts/{copiers}/decision", data={"choice": "leave", "reason": "Too dear"})
            assert done.status_code == 303
            assert "Too dear" in (await browser.get(f"/contracts/{copiers}")).text
            wrong = await browser.post("/contracts/deciding", data={"months": "12", "meetings": "31 September"})
            assert wrong.status_code == 422
            assert "31 September" in wrong.text
        async with signed_in(hal) as browser:
            told = (await browser.get("/contracts/governors")).text
            for words in ("We leave", "£4,800", "Quotes", "Why this dear?", "31 August 2026"):
                assert words in told
            assert (await browser.get(f"/contracts/{copiers}/decision")).status_code == 403


async def test_of_two_who_say_when_the_school_decides_the_second_reads_what_the_first_saved(ann: Viewer) -> None:
    bob = await a_colleague(ann, Role.BUSINESS_MANAGER, "Bob Brook")
    async with signed_in(ann) as hers, signed_in(bob) as his:
        for meetings in ("12 May 2026", "12 May 2026\n26 May 2026"):
            pages = [(await one.get("/contracts/deciding")).text for one in (hers, his)]
            seen, stale = [page.partition('name="seen" value="')[2].partition('"')[0] for page in pages]
            for _tap in range(2):  # the same twice is no conflict
                saved = await hers.post("/contracts/deciding", data={"meetings": meetings, "seen": seen})
                assert saved.status_code == 303
            late = await his.post("/contracts/deciding", data={"months": "12", "meetings": "30 June 2026", "seen": stale})
            assert late.status_code == 409
            assert timing.SINCE_CHANGED in late.text
            assert "30 June 2026" in late.text
            assert (await timing.look(ann)).months == ()


async def test_site_staff_read_no_prices_here(ann: Viewer, copiers: UUID) -> None:
    with pytest.raises(Forbidden):
        await year.look(await a_colleague(ann, Role.SITE_STAFF, "Sam Stone"))
