"""The first half hour, as docs/tutorial.md tells it: each step pressed in a browser, in the demo town that it speaks of."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pytest

from base.viewer import Role
from demo import DemoAccount
from tests.given.browser import Window, chromium, served, window
from tests.given.checkout import ROOT
from tests.given.demo_accounts import the

pytestmark = pytest.mark.browser

SECTIONS: Final = (ROOT / "docs" / "tutorial.md").read_text().split("\n## ")
LIFTS: Final = "Harrow Lane Lift Services"
HEXBY: Final = "Hexby Village School"
TRUST: Final = "Harrow Beacon Academies Trust"
COPIERS: Final = "Photocopiers: service and copies"


@dataclass
class Reader:
    """Somebody who reads a section and presses what stands there in bold."""

    window: Window
    pressed: set[str] = field(default_factory=set)

    async def does(self, *names: str) -> None:
        """Presses each, a link or a button, and waits for the page that it leads to."""
        for name in names:
            self.pressed.add(name)
            page = self.window.page
            main = page.locator("main")
            inside = (main.get_by_role("button", name=name), main.get_by_role("link", name=name))
            places = (*inside, page.get_by_role("link", name=name), page.get_by_role("button", name=name))
            there = [place for place in places if await place.count()]
            assert there, f"nothing is called {name} at {self.window.path}"
            async with page.expect_navigation():
                await there[0].first.click()

    async def sees(self, *words: str) -> None:
        told = await self.window.reads()
        assert [word for word in words if word not in told] == [], (self.window.path, told[:2_000])

    def bold_left(self, number: int) -> set[str]:
        """What the section has in bold and nobody pressed."""
        section = next(text for text in SECTIONS if text.startswith(f"{number}. "))
        bold = {" ".join(word.split()).rstrip(".") for word in re.findall(r"\*\*(.+?)\*\*", section, re.DOTALL)}
        return bold - self.pressed


@pytest.fixture
async def reader(town: tuple[DemoAccount, ...]) -> AsyncIterator[Reader]:
    async with served() as origin, chromium() as browser, window(browser, origin) as seen:
        yield Reader(seen)


async def test_the_tutorial_is_as_it_is_told(town: tuple[DemoAccount, ...], reader: Reader, tmp_path: Path) -> None:
    joanne = the(town, Role.BUSINESS_MANAGER)
    await reader.window.sign_in(joanne.email, joanne.password)
    await searches(reader)
    await adds_a_supplier_and_vouches(reader)
    await notes_and_shares(reader)
    await judges_a_contract(reader, the(town, Role.TRUST_LEAD, TRUST), joanne)
    await links_with_others(reader)
    await looks_at_the_trail(reader)
    await lets_an_auditor_check(reader, tmp_path, town)
    priya = the(town, Role.BUSINESS_MANAGER, HEXBY)
    await the_other_side(reader, priya)


async def searches(reader: Reader) -> None:
    await reader.window.open("/")
    await reader.window.page.get_by_label("What do you need, or who?").fill("boiler servcing")
    await reader.does("Search")
    await reader.sees("boiler servicing", "Why it is here", "1 school does not recommend them")
    await reader.does("Caldbeck Heating Services Ltd")
    await reader.sees("What other schools say", "Schools may keep criticism for a direct conversation. Ask them.")
    assert reader.bold_left(2) == {"Why it is here", "What other schools say"}, "read, and seen"


async def adds_a_supplier_and_vouches(reader: Reader) -> None:
    page = reader.window.page
    await reader.does("Our suppliers", "Add a supplier")
    await page.locator("input[name=name]").press_sequentially("Caldbek Heating")
    await page.get_by_text("Caldbeck Heating Services Ltd").first.wait_for()
    await reader.does("Our suppliers", "Suppliers that may be the same")
    await reader.sees("CALDBECK HEATING SERV")
    await reader.window.open("/suppliers/new")
    await page.locator("input[name=name]").fill(LIFTS)
    await page.locator("summary", has_text="Buildings").click()
    await page.get_by_label("Lifts and hoists").check()
    await reader.does("Add the supplier")
    if "one of these?" in await reader.window.reads():
        await page.get_by_label("None of these").check()
        await reader.does("Continue")
    await reader.sees(f"{LIFTS} is added. Only your school can see it until you share something about it.")
    await reader.does("Vouch")
    await reader.sees(f"Your school vouches for {LIFTS}.")


async def notes_and_shares(reader: Reader) -> None:
    page = reader.window.page
    supplier = reader.window.path
    await reader.does("Add a note")
    await page.get_by_label("A problem").check()
    await page.get_by_label("What happened?").fill("Lift stuck between floors at ten past eight. Engineer came at half past two.")
    await reader.does("Save the note")
    await reader.sees("Only your school can see it until you share it.", "Make it part of your school's review")
    note = reader.window.path
    await reader.window.open(supplier)
    await reader.sees("Only your school can see this")
    await reader.does("Share")
    await page.get_by_label("Harrowmere Schools' Cluster").check()
    await reader.does("Continue")
    await reader.sees("directory")
    await reader.does("Share it", "See who can see it")
    await reader.sees("View as")
    await reader.window.open(note)
    await reader.does("Share it")
    await page.get_by_label("Harrowmere Schools' Cluster").check()
    await page.locator("[name^=fields-network][value=criticism]:visible").check()
    await reader.does("Continue")
    await reader.sees("There is a problem", "one school at a time")
    await page.get_by_label("Harrowmere Schools' Cluster").uncheck()
    await page.get_by_label("One school", exact=True).check()
    await page.get_by_label("Its name, town or URN").fill("Fennock")
    await reader.does("Continue")
    await reader.sees("Fennock")
    await reader.does("Share it")
    await reader.sees("Fennock")
    await reader.does("Shared by us")
    await reader.sees("Change")
    told = {"A problem", "Who?", "One school", "View as", "Change", "Make it part of your school's review"}
    assert reader.bold_left(4) | reader.bold_left(5) <= told


async def judges_a_contract(reader: Reader, lead: DemoAccount, joanne: DemoAccount) -> None:
    page = reader.window.page
    await reader.does("Home", "Contracts", "Water hygiene")  # another button where this begins speaks of contracts too
    await reader.sees("Notice missed")
    await reader.does("Contracts", "Window cleaning")
    await reader.sees("questions still open")
    async with page.expect_navigation():
        await page.locator("#questions a").first.click()
    await reader.does("Contracts", COPIERS)
    await reader.sees("Dates", "What belongs to it", "How the service did", "What happened", "What we decide")
    contract = reader.window.path
    await reader.does("Each promise, period by period")
    await reader.window.open(contract)
    await reader.does("The library copier jams on every sheet")
    await page.locator("summary", has_text="Which time counted").last.click()
    await reader.sees("Half-term didn't count", "Missed by 1 h 20 min")
    await reader.window.open(contract)
    await reader.does("Write a letter of notice")
    await reader.window.open(contract)
    await reader.does("Log something")
    await page.locator("[name=what]").fill("The office copier is down again")
    await page.locator("[name=priority]").first.check()
    await reader.does("Log it", "They are here")
    await reader.does("Sign out")
    await reader.window.sign_in(lead.email, lead.password)
    await reader.does("See how the trust's schools stand")
    await reader.does("Sign out")
    await reader.window.sign_in(joanne.email, joanne.password)
    told = {"Dates", "What belongs to it", "How the service did", "What happened", "Which time counted", "What we decide"}
    assert reader.bold_left(6) <= told, "read, and seen"


async def links_with_others(reader: Reader) -> None:
    await reader.does("Connections")
    await reader.sees("Find a school")
    await reader.does("Find a school", "Connections", "Our networks")
    await reader.sees("Harrowmere Schools' Cluster")
    assert reader.bold_left(7) == set()


async def lets_an_auditor_check(reader: Reader, folder: Path, town: tuple[DemoAccount, ...]) -> None:
    page = reader.window.page
    await reader.does("Audit pack")
    async with page.expect_download() as download:
        await page.get_by_role("button", name="Make the pack").click()
    pack = folder / (await download.value).suggested_filename
    await (await download.value).save_as(pack)
    await reader.does("Sign out", "Check an audit pack")
    await page.set_input_files("#pack", pack)
    await page.get_by_role("button", name="Check the pack").click()
    await page.get_by_role("heading", name="This pack holds").wait_for()
    auditor, head, curator = the(town, Role.AUDITOR), the(town, Role.HEAD), the(town, Role.HEAD, "Harrowmere High School")
    await reader.window.sign_in(auditor.email, auditor.password)
    await reader.sees("entries")
    await reader.does("Sign out")
    await reader.window.sign_in(head.email, head.password)
    await reader.does("Our trail", "Auditors")
    await reader.sees("Ingrid Solberg")
    await reader.does("Erasure")
    await reader.does("Sign out")
    await reader.window.sign_in(curator.email, curator.password)
    await reader.does("Running Vouch", "Erasures that wait", "Oakfold Primary School")
    await page.locator("[name=sure]").check()
    await reader.does("Erase it", "Sign out")
    told = {"Make the pack", "Check the pack", "Running Vouch \N{RIGHTWARDS ARROW} Erasures that wait"}
    assert reader.bold_left(10) <= told


async def looks_at_the_trail(reader: Reader) -> None:
    page = reader.window.page
    await reader.does("Our trail")
    await reader.sees(LIFTS)
    await reader.does("Check")
    await page.get_by_text("Complete and unchanged").first.wait_for()
    await reader.does("Seals")
    await reader.sees("Seals of the audit trail")
    await reader.does("Timeline")
    await page.emulate_media(media="print")
    behind = "[...document.querySelectorAll('main a')].map(link => getComputedStyle(link, '::after').content)"
    assert set(await page.evaluate(behind)) == {"none"}, "no address behind a link of ours, on paper"
    await page.emulate_media(media="screen")
    assert reader.bold_left(9) == {"Download it as a file"}, "where a seal is: the program makes one when the town starts"


async def the_other_side(reader: Reader, priya: DemoAccount) -> None:
    await reader.window.sign_in(priya.email, priya.password)
    await reader.window.open("/search?need=boiler+servcing")
    assert "does not recommend them" not in await reader.window.reads()
    await reader.window.open("/search?need=grass+cutting")
    await reader.window.follow("Greensward Grounds Care")  # buttons beside it bear its name too
    await reader.sees("Reviews by other schools")
