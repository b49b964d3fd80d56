"""The next month's list: its columns are read as last time, and what was said of a row is not asked again."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

import database
from base import clock
from base.viewer import Viewer
from suppliers.directory import directory
from suppliers.imports import background, imports, remembered
from suppliers.imports import rows as import_rows
from suppliers.imports.directory_import import import_suppliers
from suppliers.imports.imports import ImportView
from suppliers.imports.states import ImportState, RowKind
from suppliers.imports.tables import Remembered
from suppliers.lists.column_titles import SupplierField
from suppliers.lists.supplier_file import open_suppliers
from tests.given.builders import a_person, a_school, signed_in
from tests.given.patience import PATIENCE
from tests.given.supplier_lists import checked, uploaded

pytestmark = pytest.mark.usefixtures("db")
HEADINGS = "Trader,Place,Their number"


async def imported(viewer: Viewer, found: ImportView) -> ImportView:
    await imports.start(viewer, found.id)
    await background.carry_on(viewer, found.id, wait=PATIENCE)
    return await imports.look(viewer, found.id)


async def all_rows(viewer: Viewer, found: ImportView, which: RowKind | str) -> dict[str, import_rows.ShownRow]:
    return {row.name: row for row in (await import_rows.page_of(viewer, found.id, which)).rows}


async def test_the_columns_of_a_list_with_the_same_headings_are_read_as_last_time() -> None:
    ann, bob = await a_person(await a_school()), await a_person(await a_school("Elmwood Primary"), name="Bob Birch")
    chosen = (SupplierField.NAME, SupplierField.ADDRESS, SupplierField.COMPANY_NUMBER)
    await checked(ann, HEADINGS, "Oak Carpets,Leeds,01234567", fields=chosen)
    again = await uploaded(ann, b" their NUMBER,Trader,Place\n01234568,Elm Windows,York")
    assert again.seen is not None
    assert again.seen.is_as_last_time
    assert [column.field for column in again.seen.columns] == [chosen[2], chosen[0], chosen[1]]
    wider = await uploaded(ann, f"{HEADINGS},Fax\nFir Fences,Hull,01234569,".encode())
    elsewhere = await uploaded(bob, f"{HEADINGS}\nAsh,Hull,1".encode())
    assert not wider.seen or not wider.seen.is_as_last_time
    assert not elsewhere.seen or not elsewhere.seen.is_as_last_time
    async with signed_in(ann) as browser:
        page = (await browser.get(f"/suppliers/imports/{again.id}")).text
    assert "<strong>As last time:</strong>" in page
    assert "Change what the columns hold" in page
    assert 'data-of="Such as">York' in page


@pytest.mark.both_engines
async def test_what_was_said_of_a_row_is_not_asked_next_month(tmp_path: Path) -> None:
    ann = await a_person(await a_school())
    path = tmp_path / "directory.csv"
    await asyncio.to_thread(path.write_text, "name,company number\nZebra Coaches,\n", "utf-8")
    with open_suppliers(path) as listed:
        await import_suppliers(None, listed.rows, digest=listed.digest)
    await directory.add(ann, name="Dene Drains Ltd")
    lines = ("Supplier name,Postcode", "Zebra Travel,", "Oak Carpets Ltd,LS1 4AP", "Petty Cash,", "Dene Drains Ltd,HG1 1AA")
    first = await checked(ann, *lines)
    asked = await all_rows(ann, first, RowKind.ASK)
    assert set(asked) == {"Zebra Travel"}
    zebra = asked["Zebra Travel"]
    new = await all_rows(ann, first, RowKind.NEW)
    news = await all_rows(ann, first, RowKind.MORE)
    await import_rows.answer(ann, first.id, {zebra.number: zebra.options[0].choice, new["Oak Carpets Ltd"].number: "skip"})
    await import_rows.answer(ann, first.id, {news["Dene Drains Ltd"].number: "skip"})
    done = await imported(ann, first)
    assert (done.state, done.count("adopted"), done.count("added")) == (ImportState.DONE, 1, 0)

    second = await checked(ann, *lines, "Elm Windows,")
    assert (second.waiting, second.to_import, second.count("ours"), second.last) == (0, 1, 1, 2)
    by_last = await all_rows(ann, second, import_rows.LAST)
    assert by_last["Oak Carpets Ltd"].said == "as last time, left out"
    assert by_last["Dene Drains Ltd"].said == "as last time, left as it is"
    ours = await all_rows(ann, second, RowKind.OURS)
    assert ours["Zebra Travel"].said == "on your list as Zebra Coaches: you said so last time"
    async with signed_in(ann) as browser:
        page = (await browser.get(f"/suppliers/imports/{second.id}/rows/last")).text
        assert "As last time, left out." in page
        changed = {"which": "last", f"choice-{by_last['Oak Carpets Ltd'].number}": "new"}
        kept = await browser.post(f"/suppliers/imports/{second.id}/answers", data=changed)
    assert kept.status_code == 303
    assert (await imports.look(ann, second.id)).to_import == 2
    assert (await imported(ann, second)).count("added") == 2

    with clock.at(clock.now() + remembered.KEPT_FOR + timedelta(days=1)):
        assert await remembered.forget_old() >= 3
    async with database.read():
        assert await Remembered.count() == 0


@pytest.mark.both_engines
async def test_no_more_is_remembered_of_a_school_than_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    ann, bob = await a_person(await a_school()), await a_person(await a_school("Elmwood Primary"), name="Bob Birch")
    monkeypatch.setattr(remembered, "MOST", 3)
    async with database.housekeeping():
        await remembered.keep(bob.school, {remembered.of_name("ash"): "skip"})
        for n in range(5):
            with clock.at(clock.now() + timedelta(minutes=n)):
                await remembered.keep(ann.school, {remembered.of_name(f"oak {n}"): "skip"})
        left = await remembered.answers(ann.school, [remembered.of_name(f"oak {n}") for n in range(5)])
        await remembered.keep(ann.school, {remembered.of_name("oak 4"): ""})
        assert set(left) == {remembered.of_name(f"oak {n}") for n in (2, 3, 4)}
        assert len(await remembered.answers(ann.school, left)) == 2
        await remembered.forget_all_of(ann.school)
        assert await Remembered.count() == 1
