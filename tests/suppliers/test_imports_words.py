"""A word for categories that Vouch doesn't know is asked about once, however many rows have it, and not again next month."""

import pytest

from base.refusals import Conflict, Invalid
from base.viewer import Viewer
from suppliers.imports import asked_pages, imports, rows
from suppliers.imports.imports import ImportView
from suppliers.imports.rows import UnknownWord
from suppliers.imports.states import ImportState, RowKind
from suppliers.ours import listing
from tests.given.accessibility import is_clean
from tests.given.browser import PHONE, chromium, served, window
from tests.given.builders import a_person, a_school, signed_in
from tests.given.supplier_lists import after_work, checked

pytestmark = [pytest.mark.usefixtures("db"), pytest.mark.both_engines]
HEADINGS = "Supplier name,Category"
LIST = (
    HEADINGS, "Oak Carpets Ltd,Xqz R&M", "Fir Fences Ltd,XQZ  r&m", "Elm Windows Ltd,Xqz R&M", "Ash Coaches,Wvut sundry",
    "Dene Drains Ltd,plumbing",
)  # fmt: skip


async def supplied(viewer: Viewer, found: ImportView) -> dict[str, tuple[str, ...]]:
    shown = await rows.page_of(viewer, found.id, RowKind.NEW)
    return {row.name: tuple(one for one in row.values if one.startswith("Supplies")) for row in shown.rows}


async def test_a_word_is_asked_about_once_with_its_rows_and_suppliers_that_of_most_rows_first(ann: Viewer) -> None:
    found = await checked(ann, *LIST)
    assert found.words == 4
    assert await rows.unknown_words(ann, found.id) == (
        UnknownWord("Xqz R&M", 3, ("Elm Windows Ltd", "Oak Carpets Ltd")),
        UnknownWord("Wvut sundry", 1, ("Ash Coaches",)),
    )


async def test_one_answer_counts_for_every_row_of_the_word_and_for_the_next_list(ann: Viewer) -> None:
    found = await checked(ann, *LIST)
    await rows.answer_words(ann, found.id, {"Xqz R&M": ["plumbing", "fencing"], "Wvut sundry": []})
    found = await after_work(ann, found)
    assert (found.state, found.words, found.flawed) == (ImportState.CHECKED, 0, 0)
    said = await supplied(ann, found)
    assert said["Oak Carpets Ltd"] == said["Fir Fences Ltd"] == ("Supplies: Plumbing and drainage, Fencing and gates",)
    assert said["Ash Coaches"] == ()
    later = await checked(ann, HEADINGS, "Yew Roofs Ltd,xqz r&m", "Box Hedges,Wvut Sundry", "Ivy Walls,Plmk")
    assert [one.word for one in await rows.unknown_words(ann, later.id)] == ["Plmk"]
    assert (await supplied(ann, later))["Yew Roofs Ltd"] == ("Supplies: Plumbing and drainage, Fencing and gates",)
    bob = await a_person(await a_school("Elmwood Primary"), name="Bob Birch")
    assert (await checked(bob, *LIST)).words == 4, "another school is asked itself"


async def test_what_was_said_of_words_can_be_asked_again(ann: Viewer) -> None:
    found = await checked(ann, *LIST)
    assert not await rows.has_said_words(ann)
    await rows.answer_words(ann, found.id, {"Xqz R&M": ["plumbing"]})
    found = await after_work(ann, found)
    assert found.words == 1
    assert await rows.has_said_words(ann)
    await rows.ask_words_again(ann, found.id)
    assert (await after_work(ann, found)).words == 4


async def test_what_was_answered_of_a_row_stays_when_the_rows_are_checked_again(ann: Viewer) -> None:
    found = await checked(ann, *LIST)
    oak = next(row for row in (await rows.page_of(ann, found.id, RowKind.NEW)).rows if row.name == "Oak Carpets Ltd")
    await rows.answer(ann, found.id, {oak.number: "skip"})
    await rows.answer_words(ann, found.id, {"Xqz R&M": ["plumbing"]})
    assert (await after_work(ann, found)).skipped == 1


async def test_an_answer_names_a_word_that_is_asked_about_and_categories_that_there_are(ann: Viewer) -> None:
    found = await checked(ann, *LIST)
    for said in ({}, {"Another": ["plumbing"]}, {"Xqz R&M": ["no-such"]}):
        with pytest.raises(Invalid):
            await rows.answer_words(ann, found.id, said)
    await imports.start(ann, found.id)
    await after_work(ann, found)
    with pytest.raises(Conflict):
        await rows.answer_words(ann, found.id, {"Xqz R&M": ["plumbing"]})


async def test_words_are_answered_on_a_page_that_the_import_leads_to(ann: Viewer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asked_pages, "WORDS_ON_A_PAGE", 1)
    found = await checked(ann, *LIST)
    here = f"/suppliers/imports/{found.id}"
    async with signed_in(ann) as browser:
        assert f'href="{here}/rows/words"' in (await browser.get(here)).text
        first, second = (await browser.get(f"{here}/rows/words")).text, (await browser.get(f"{here}/rows/words?after=1")).text
        assert "3 rows: Elm Windows Ltd, Oak Carpets Ltd and others" in first
        assert f"{here}/rows/words?after=1" in first
        assert "Ash Coaches" in second
        assert "Ask about all words again" not in first
        answered = {"which": "words", "word-0": "Xqz R&M", "category-0": ["plumbing", ""]}
        assert (await browser.post(f"{here}/answers", data=answered)).status_code == 303
        found = await after_work(ann, found)
        assert found.words == 1
        answered = {"which": "words", "word-0": "Wvut sundry", "category-0": ["none", ""]}
        assert (await browser.post(f"{here}/answers", data=answered)).status_code == 303
        assert (await after_work(ann, found)).words == 0
        assert "Ask about all words again" in (await browser.get(f"{here}/rows/words")).text
        assert (await browser.post(f"{here}/answers", data={"which": "words", "again": "yes"})).status_code == 303
    assert (await after_work(ann, found)).words == 4
    await imports.start(ann, found.id)
    await after_work(ann, found)
    assert len((await listing.ours(ann)).suppliers) == 5


async def test_the_words_are_answered_on_a_phone_without_javascript(ann: Viewer) -> None:
    found = await checked(ann, *LIST, "Ivy Walls," + "Longwordwithoutanyspace" * 4)
    async with served() as origin, chromium() as browser, window(browser, origin, ann, width=PHONE, script=False) as seen:
        await seen.page.goto(f"{origin}/suppliers/imports/{found.id}")
        await seen.follow("Say once what each word means")
        await is_clean(seen)
        await seen.page.get_by_role("group", name="Xqz R&M").get_by_label("Category").select_option("Fencing and gates")
        await seen.page.get_by_role("button", name="Keep these answers").click()
    assert (await after_work(ann, found)).words == 2
