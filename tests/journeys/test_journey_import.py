"""From a school's messy spreadsheet to suppliers on its list, on a small phone and without JavaScript; and with it on a desk."""

import asyncio
import os
from pathlib import Path

import pytest

from base.viewer import Viewer
from suppliers.directory import directory
from suppliers.imports import imports
from tests.given import messy_workbook
from tests.given.browser import DESK, PHONE, Window, chromium, served, window
from tests.given.builders import a_person, a_school, email_of, events_of
from tests.given.patience import PATIENCE

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("db")]

TREES = ("Alder", "Birch", "Cedar", "Damson", "Elder", "Fir", "Gorse")
MORE = [[f"C01{n:02}", f"{tree} {what}"] for n, (tree, what) in enumerate(zip(TREES, (
    "Playgrounds", "Coaches", "Stationery", "Fencing", "Pianos", "Lifts", "Drains",
), strict=True))]  # fmt: skip


@pytest.mark.parametrize(("width", "script"), [(PHONE, False), (DESK, True)])
async def test_a_messy_spreadsheet_becomes_twelve_suppliers(tmp_path: Path, width: int, *, script: bool) -> None:
    school = await a_school()
    ann, bob = await a_person(school), await a_person(await a_school("Elmwood Primary"), name="Bob Brown")
    await directory.add(ann, name="Dene Drains Ltd")
    (tmp_path / "creditors.xlsx").write_bytes(messy_workbook.workbook(more=list(MORE)))
    async with served() as origin, chromium() as browser, window(browser, origin, width=width, script=script) as seen:
        await seen.sign_in(await email_of(ann))
        await chooses_the_file(seen, tmp_path / "creditors.xlsx")
        await sees_what_was_understood(seen)
        await sees_what_would_happen(seen)
        await seen.press("Import 11 suppliers")
        assert "11 suppliers are on your list now" in await seen.reads()
        await seen.follow("Added: 11")
        await picture(seen, "added")
        await seen.follow("Ashby Boilers Ltd")
        assert "ASHBY BOILERS LIMITED" in await seen.reads()
        await again_adds_nothing(seen, tmp_path / "creditors.xlsx")
    assert (await events_of(school.id)).count("supplier.added") == 12
    await is_not_seen_by(bob)


async def chooses_the_file(seen: Window, path: Path) -> None:
    await seen.open("/suppliers")
    await seen.press("Import a list")
    await seen.press("Continue")
    assert imports.CHOOSE_FILE in await seen.reads()
    await seen.page.set_input_files("#file", path)
    await picture(seen, "file")
    await seen.press("Continue")
    await until(seen, "What do the columns hold?")


async def sees_what_was_understood(seen: Window) -> None:
    told = await seen.reads()
    assert "the sheet “Creditors”, with its headings in row 5" in told
    assert "1 row of the sheet is hidden" in told
    assert "Ashby Boilers Ltd · ASHBY BOILERS LIMITED · Café Noël Catering" in told
    assert await seen.page.get_by_label("Column B: Supplier name").input_value() == "name"
    assert await seen.page.get_by_label("Column I: Notes").input_value() == ""
    await picture(seen, "columns")
    await seen.page.get_by_label("Column B: Supplier name").select_option("")
    await seen.press("Check the rows")
    assert "Say which column holds the name of the supplier." in await seen.reads()
    await seen.page.get_by_label("Column B: Supplier name").select_option("name")
    await seen.press("Check the rows")
    await until(seen, "ready to import")


async def sees_what_would_happen(seen: Window) -> None:
    told = await seen.reads()
    assert "Nothing is saved yet." in told
    for words in (
        "Yours already: 1",
        "Twice in your file: 1",
        "Can’t be imported: 2",
        "Something is left out: 1",
        "No suppliers:",
    ):
        assert words in told, words
    await picture(seen, "preview")
    await seen.follow("Can’t be imported: 2")
    assert "Row 10: the name is a spreadsheet's error." in await seen.reads()
    await picture(seen, "wrong")
    await seen.follow("Back to the import")
    if "Perhaps here already" in await seen.reads():
        await seen.follow("Perhaps here already")
        await picture(seen, "ask")
        await seen.press("Say for all: none of these")


async def again_adds_nothing(seen: Window, path: Path) -> None:
    await seen.open("/suppliers/import")
    await seen.page.set_input_files("#file", path)
    await seen.press("Continue")
    await until(seen, "What do the columns hold?")
    await seen.press("Check the rows")
    await until(seen, "Nothing is ready to import")
    assert "Yours already: 12" in await seen.reads()


async def until(seen: Window, words: str) -> None:
    """Reloads as the page itself would."""
    async with asyncio.timeout(PATIENCE):
        while words not in await seen.reads():
            await seen.page.wait_for_timeout(300)
            await seen.page.reload()


async def is_not_seen_by(viewer: Viewer) -> None:
    assert not [one for one in await directory.suggestions(viewer, "Ashby Boilers Ltd") if one.name.startswith("Ashby")]


async def picture(seen: Window, name: str) -> None:
    """For whoever wants to look: VOUCH_PICTURES names a folder."""
    if folder := os.environ.get("VOUCH_PICTURES"):
        size = seen.page.viewport_size
        await seen.page.screenshot(path=Path(folder) / f"{name}-{size['width'] if size else 0}.png", full_page=True)
