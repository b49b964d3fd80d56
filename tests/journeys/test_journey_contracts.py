"""From a school's messy register to a notice: a business manager on a small phone, without JavaScript; axe looks at each step."""

import asyncio
from datetime import date, datetime

import pytest

from base import clock
from base.viewer import Viewer
from contracts.calendars import calendars
from contracts.clock.school_calendar import SchoolCalendar, Term
from suppliers.directory import directory
from tests.given.accessibility import is_clean
from tests.given.browser import PHONE, Window, chromium, served, window
from tests.given.builders import a_person, a_school, email_of, events_of
from tests.given.checkout import ROOT
from tests.given.patience import PATIENCE

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("db")]

REGISTER = ROOT / "tests" / "data" / "sla" / "registers" / "A_primary.csv"
COPIERS = "Photocopiers"
A_MONDAY = datetime(2026, 3, 9, 9, 30, tzinfo=clock.LONDON)  # three weeks after half-term
OPEN = (("08:00", "17:00"),)
TERM = Term("Spring 2026", date(2026, 1, 5), date(2026, 3, 27), (date(2026, 2, 16), date(2026, 2, 20)))
HOURS = SchoolCalendar(weekly={"mon": OPEN, "tue": OPEN, "wed": OPEN, "thu": OPEN, "fri": OPEN}, only="term", terms=(TERM,))

# Each was told on the Friday before half-term; then when somebody was here, and when it was fixed: day of February and time.
CALLS = (
    ("Paper jam in the office", "09:00", (13, "16:00"), (23, "11:00"), "Met: due Mon 23 February 2026 16:00, fixed 11:00."),
    ("Library copier is dead", "14:00", (23, "10:00"), (24, "11:30"), "Met: due Tue 24 February 2026 12:00, fixed 11:30."),
    ("No scans", "10:00", (13, "15:00"), (24, "10:10"), "Missed by 2 h 10 min: due Mon 23 February 2026 17:00, fixed Tue 24"),
)


async def test_a_business_manager_keeps_her_contracts_on_a_phone() -> None:
    with clock.at(A_MONDAY):
        school = await a_school("Lower Ashby Primary School")
        ann = await a_person(school)
        await knows_two_that_are_one(ann)
        async with served() as origin, chromium() as browser, window(browser, origin, width=PHONE, script=False) as seen:
            await seen.sign_in(await email_of(ann))
            await imports_the_register(seen)
            await answers_what_it_asks(seen)
            await answers_a_question_of_a_contract(seen)
            await merges_a_supplier(seen)
            await says_what_the_copiers_promise(seen)
            for call in CALLS:
                await logs_a_late_call_out(seen, *call)
            await sees_two_met_and_one_missed(seen)
            await gives_notice(seen)
            await takes_the_pack(seen)
        happened = await events_of(school.id)
    assert happened.count("contract.added") >= 20
    assert {"supplier.merged", "contract.notice_sent", "contract.notice_given"} <= set(happened)
    assert happened.count("service.logged") == len(CALLS)


async def knows_two_that_are_one(ann: Viewer) -> None:
    """Before she began, the school had written the alarm company down twice, and its term dates."""
    for name in ("Corvane Fire and Security Ltd", "Corvane Fire Alarms"):
        await directory.add(ann, name=name, categories=["fire-safety"], identifiers={"phone": "01632 960901"})
    await calendars.save_version(ann, HOURS, from_day=TERM.first, version=0)


async def imports_the_register(seen: Window) -> None:
    await seen.open("/contracts")
    await is_clean(seen)
    await seen.press("Import a register")
    await is_clean(seen)
    await seen.page.set_input_files("#file", REGISTER)
    await seen.press("Continue")
    await until(seen, "Nothing is saved yet.")
    await is_clean(seen)
    assert "Windows-1252 text separated by commas" in await seen.reads()


async def answers_what_it_asks(seen: Window) -> None:
    """How long the mowing goes on; and that nobody knows the rest. What was typed wrong comes back."""
    await seen.follow("Questions:")
    await is_clean(seen)
    await seen.page.get_by_label("It renews for").first.fill("a while")
    await seen.press("Keep these answers")
    assert "Some answers can’t be read. The others are kept." in await seen.reads()
    await is_clean(seen)
    assert await seen.page.get_by_label("It renews for").first.input_value() == "a while"
    await seen.page.get_by_label("It renews for").first.fill("1 year")
    await seen.press("Keep these answers")
    await seen.follow("Back to the import")
    await seen.press("Leave empty what is not known")
    await is_clean(seen)
    await seen.press("Import ")
    await until(seen, "contracts imported")
    await is_clean(seen)


async def answers_a_question_of_a_contract(seen: Window) -> None:
    await seen.open("/contracts?text=Cleaning")
    await seen.follow("Cleaning")
    await is_clean(seen)
    await seen.follow("What happens at the end?")
    await is_clean(seen)
    await seen.page.get_by_label("Ends by itself").check()
    await seen.press("Save and go on")
    await is_clean(seen)
    assert "What happens at the end?" not in await seen.reads()


async def merges_a_supplier(seen: Window) -> None:
    """The contracts of the one that is joined stand on the page of the other."""
    await seen.open("/suppliers")
    await seen.follow("Suppliers that may be the same")
    await is_clean(seen)
    await seen.follow("Compare")
    await is_clean(seen)
    await seen.page.get_by_label("They are the same").check()
    await seen.press("Save the answer")
    await is_clean(seen)


async def says_what_the_copiers_promise(seen: Window) -> None:
    await seen.open("/contracts")
    await seen.follow(COPIERS)
    await is_clean(seen)
    await seen.follow("What it promises")
    await is_clean(seen)
    await seen.page.get_by_label("What is bought").select_option(label="Printers and copiers, 5 promises")
    await seen.press("Add these")
    assert "Priority 2: fixed within 16 hours" in await seen.reads()
    await is_clean(seen)


async def logs_a_late_call_out(
    seen: Window, what: str, told: str, here: tuple[int, str], fixed: tuple[int, str], verdict: str
) -> None:
    """As the caretaker's slip of paper has it: told on the Friday, and written down three weeks later."""
    await seen.open("/log")
    await is_clean(seen)
    await seen.follow(COPIERS)
    await is_clean(seen)
    page = seen.page
    await page.get_by_label("What happened?").fill(what)
    await page.get_by_label("Priority 2").check()
    await page.get_by_label("Telephone").check()
    for name in ("happened", "told"):
        await on(seen, name, 13, told)
    await seen.press("Log it")
    await is_clean(seen)
    for step, (day, time) in (("They are here", here), ("Fixed", fixed)):
        await seen.follow("Enter another time")
        await is_clean(seen)
        await page.get_by_label(step, exact=True).check()
        await on(seen, "at", day, time)
        await seen.press("Write it down")
    await is_clean(seen)
    read = await seen.reads()
    assert verdict in read
    assert "Half-term didn't count." in read
    assert "written down 24 days later" in read


async def on(seen: Window, name: str, day: int, time: str) -> None:
    """Types a moment of February into the boxes of a question."""
    for part, value in (("-day", str(day)), ("-month", "2"), ("-year", "2026"), ("_time", time)):
        await seen.page.locator(f"[name='{name}{part}']").fill(value)


async def sees_two_met_and_one_missed(seen: Window) -> None:
    await seen.open("/contracts")
    await seen.follow(COPIERS)
    await is_clean(seen)
    read = await seen.reads()
    assert (read.count("Fixed: Met"), read.count("Fixed: Missed by")) == (2, 1)
    assert "Not met so far: 2 of 3" in read


async def gives_notice(seen: Window) -> None:
    """The letter first, then what proves that it went, then the day on which they had it."""
    await seen.follow("Write a letter of notice")
    await is_clean(seen)
    assert "Tallowmere Print Solutions Ltd" in await seen.reads()
    await seen.follow(COPIERS)
    await seen.follow("Note that notice was sent")
    await is_clean(seen)
    await date_of(seen, "sent_on", 5)
    await seen.page.get_by_label("By recorded delivery").check()
    await seen.press("Save")
    await seen.follow("Say when they received notice")
    await is_clean(seen)
    await date_of(seen, "notice_given_on", 6)
    await seen.press("Save")
    await is_clean(seen)
    read = await seen.reads()
    assert "The supplier received notice on Friday 6 March 2026." in read
    assert "Decide by" not in read
    assert "The last day is Tuesday 31 August 2027." in read


async def takes_the_pack(seen: Window) -> None:
    """For the meeting."""
    await seen.press("Make the review pack")
    await is_clean(seen)
    async with seen.page.expect_download() as taken:
        await seen.page.get_by_role("button", name="Excel").click()
    assert (await taken.value).suggested_filename.endswith(".xlsx")


async def date_of(seen: Window, name: str, day: int) -> None:
    """Types a day of March."""
    for part, value in (("day", str(day)), ("month", "3"), ("year", "2026")):
        await seen.page.locator(f"[name='{name}-{part}']").fill(value)


async def until(seen: Window, words: str) -> None:
    """Looks again, as the page offers."""
    async with asyncio.timeout(PATIENCE):
        while words not in await seen.reads():
            await seen.page.wait_for_timeout(300)
            await seen.page.reload()
