"""A register brought by a school: read, asked about, matched with what is there, and then kept as contracts."""

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from html import unescape
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import pytest

import database
from audit.tables import Entry
from base import clock
from base.refusals import Conflict, Forbidden, Invalid, NotFound, TooLarge
from base.viewer import Role, Viewer
from contracts.fields.said import Said
from contracts.imports import background, imports, rows
from contracts.lists import whole
from contracts.register import register
from contracts.register_file import register_file
from contracts.register_rows.shown_row import ShownRow
from contracts.register_rows.states import ImportState, NameChoice, NameKind, RowChoice, RowKind
from suppliers.directory import directory
from tests.given.builders import a_person, a_school, signed_in
from tests.given.patience import PATIENCE
from tests.given.register_imports import brought, imported

pytestmark = pytest.mark.usefixtures("db")

REGISTERS: Final = Path("tests/data/sla/registers")
HEADINGS: Final = "Contract,Supplier,Start,End,Notice,Annual cost"
COPIERS: Final = "Photocopiers,Tallow Print Ltd,01/09/2024,31/08/2027,3 months,4860"


def a_register(*lines: str, headings: str = HEADINGS) -> bytes:
    return "\n".join((headings, *lines)).encode()


async def kept(viewer: Viewer) -> list[whole.Whole]:
    return [one async for some in whole.readable(viewer) for one in some]


async def asked(viewer: Viewer, import_id: UUID) -> list[ShownRow]:
    return list((await rows.page_of(viewer, import_id, RowKind.ASK)).rows)


async def test_a_clean_row_is_ready_and_becomes_the_contract_that_it_says(ann: Viewer) -> None:
    found = await brought(ann, a_register(COPIERS))
    assert (found.state, found.to_import, found.count("ask")) == (ImportState.CHECKED, 1, 0)
    done = await imported(ann, found.id)
    assert (done.state, done.imported) == (ImportState.DONE, 1)
    (contract,) = await kept(ann)
    values = {name: value for name, value in contract.said.values.items() if value is not None}
    assert values == {
        "title": "Photocopiers",
        "supplier_name": "Tallow Print Ltd",
        "starts_on": date(2024, 9, 1),
        "ends_on": date(2027, 8, 31),
        "notice": {"n": 3, "unit": "months"},
        "annual_pence": 486_000,
    }


async def test_the_whole_register_of_a_school_waits_with_its_questions_and_shows_every_row(ann: Viewer) -> None:
    found = await brought(ann, (REGISTERS / "A_primary.csv").read_bytes())
    read = register_file.read(REGISTERS / "A_primary.csv").sheets[0]
    assert found.count(*RowKind) == len(read.contracts) + len(read.skipped)
    assert found.count("skipped") == len(read.skipped)
    with_questions = sum(bool(one.questions) for one in read.contracts)
    assert found.count("ask") >= with_questions
    assert found.to_import > 0


async def test_what_is_asked_is_answered_and_the_contract_says_it(ann: Viewer) -> None:
    found = await brought(ann, a_register("Photocopiers,Tallow Print Ltd,01/09/2024,Aug-27,3,4860"))
    (row,) = await asked(ann, found.id)
    assert {one.field for one in row.asked} == {"ends_on", "notice"}
    assert row.texts["ends_on"] == "31/08/2027"
    kind = await rows.answer(ann, found.id, row.place, {"ends_on": "31/08/2027", "notice": "3 months"}, "")
    assert kind is RowKind.NEW
    await imported(ann, found.id)
    (contract,) = await kept(ann)
    assert contract.said.values["notice"] == {"n": 3, "unit": "months"}
    assert contract.said.values["ends_on"] == date(2027, 8, 31)


async def test_what_nobody_knows_is_left_empty_and_the_question_goes_into_the_notes(ann: Viewer) -> None:
    found = await brought(ann, a_register("Photocopiers,Tallow Print Ltd,01/09/2024,Aug-27,a while,4860"))
    assert await rows.leave_unknown(ann, found.id) == 1
    await background.carry_on(ann, found.id, wait=PATIENCE)
    await imported(ann, found.id)
    (contract,) = await kept(ann)
    assert (contract.said.values["ends_on"], contract.said.values["notice"]) == (None, None)
    assert "To be settled: Notice to end it: “a while”" in str(contract.said.values["notes"])
    assert "To be settled: Last day" in str(contract.said.values["notes"])


async def test_an_answer_that_can_not_be_read_is_refused_at_its_field_and_changes_nothing(ann: Viewer) -> None:
    found = await brought(ann, a_register("Photocopiers,Tallow Print Ltd,01/09/2024,Aug-27,3,4860"))
    (row,) = await asked(ann, found.id)
    with pytest.raises(Invalid) as refused:
        await rows.answer(ann, found.id, row.place, {"ends_on": "31/02/2027", "notice": "3 months"}, "")
    assert set(refused.value.fields) == {"ends_on"}
    assert (await asked(ann, found.id))[0].asked == row.asked


async def test_columns_that_are_not_understood_go_into_the_notes_and_the_row_says_so(ann: Viewer) -> None:
    headings = f"{HEADINGS},Insurance expiry,Colour"
    found = await brought(ann, a_register(f"{COPIERS},01/02/2027,blue", headings=headings))
    (row,) = (await rows.page_of(ann, found.id, RowKind.NEW)).rows
    assert row.noted == ("Insurance expiry: 01/02/2027", "Colour: blue")
    await imported(ann, found.id)
    (contract,) = await kept(ann)
    assert contract.said.values["notes"] == "Insurance expiry: 01/02/2027\nColour: blue"


@pytest.mark.both_engines
async def test_a_column_may_be_taken_for_something_else_or_left_out(ann: Viewer) -> None:
    headings = f"{HEADINGS},Head honcho,Colour"
    found = await brought(ann, a_register(f"{COPIERS},Ben Birch,blue", headings=headings))
    assert found.seen is not None
    held = {column.at: column.held for column in found.seen.sheets[0].columns}
    assert (held[6], held[7]) == ("notes_with_heading", "notes_with_heading")
    await imports.choose_columns(ann, found.id, "", header=1, held={**held, 6: "officer", 7: "left_out"})
    await background.carry_on(ann, found.id, wait=PATIENCE)
    (row,) = (await rows.page_of(ann, found.id, RowKind.NEW)).rows
    assert (row.texts["officer"], row.noted) == ("Ben Birch", ())
    with pytest.raises(Invalid) as refused:
        await imports.choose_columns(ann, found.id, "", header=1, held={**held, 6: "supplier"})
    assert set(refused.value.fields) == {"column-6"}


async def test_a_supplier_of_the_same_name_is_taken_and_one_that_is_not_certain_is_asked_about(ann: Viewer) -> None:
    tallow = (await directory.add(ann, name="Tallow Print Ltd")).id
    hill = (await directory.add(ann, name="Hillside Landscaping Ltd")).id
    lines = (COPIERS, "Grounds,Hillside Landscapes,01/04/2025,31/03/2028,1 term,9000")
    found = await brought(ann, a_register(*lines))
    assert found.open_names[NameKind.SUPPLIER] == 1
    (row,) = await asked(ann, found.id)
    assert [one.code for one in row.at_names] == ["which_supplier"]
    page = await rows.names_of(ann, found.id, NameKind.SUPPLIER)
    (name,) = [one for one in page.names if not one.choice]
    assert [one.choice for one in name.options] == [str(hill)]
    with pytest.raises(Invalid):
        await rows.answer_names(ann, found.id, NameKind.SUPPLIER, {name.id: str(ann.school)})
    await rows.answer_names(ann, found.id, NameKind.SUPPLIER, {name.id: str(hill)})
    await background.carry_on(ann, found.id, wait=PATIENCE)
    await imported(ann, found.id)
    assert {one.said.supplier for one in await kept(ann)} == {tallow, hill}


async def test_names_with_an_ampersand_are_read_page_by_page(ann: Viewer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "NAMES_PAGE", 1)
    names = ("Brook & Vale Landscapes", "Hill & Vale Landscapes", "Moor & Vale Landscapes")
    for name in names:
        await directory.add(ann, name=name.replace("Landscapes", "Landscaping Ltd"))
    found = await brought(ann, a_register(*(f"Grounds,{name},01/04/2025,31/03/2028,1 term,9000" for name in names)))
    assert found.open_names[NameKind.SUPPLIER] == len(names)
    address, seen = f"/contracts/imports/{found.id}/names/supplier", list[str]()
    async with signed_in(ann) as browser:
        while address and len(seen) <= len(names):
            page = unescape((await browser.get(address)).text)
            seen += [name for name in names if name in page]
            address = next(iter(re.findall(r'href="([^"]*[?]after=[^"]*)"', page)), "")
    assert seen == list(names)


@pytest.mark.both_engines
async def test_for_whom_a_name_stands_is_asked_once_and_again_only_with_what_was_not_offered(ann: Viewer) -> None:
    hill = (await directory.add(ann, name="Hillside Landscaping Ltd")).id
    months = iter(range(1, 9))

    def a_month() -> bytes:
        return a_register("Grounds,Hillside Landscapes,01/04/2025,31/03/2028,1 term,9000", headings=f"{HEADINGS},{next(months)}")

    async def settled(choice: str) -> None:
        found = await brought(ann, a_month())
        assert found.open_names[NameKind.SUPPLIER] == 1
        (name,) = [one for one in (await rows.names_of(ann, found.id, NameKind.SUPPLIER)).names if not one.choice]
        await rows.answer_names(ann, found.id, NameKind.SUPPLIER, {name.id: choice})

    async def as_last_time() -> str:
        found = await brought(ann, a_month())
        (name,) = (await rows.names_of(ann, found.id, NameKind.SUPPLIER)).names
        assert found.open_names[NameKind.SUPPLIER] == (not name.choice)
        return name.choice

    await settled(NameChoice.NAME_ALONE.value)
    assert await as_last_time() == NameChoice.NAME_ALONE
    await directory.add(ann, name="Hillside Landscape Ltd")
    assert await as_last_time() == "", "it was not offered then"
    await settled(str(hill))
    assert await as_last_time() == str(hill)


@pytest.mark.both_engines
async def test_a_contract_that_is_there_already_is_asked_about_and_changed_or_added_as_the_person_says(ann: Viewer) -> None:
    values: Mapping[str, Any] = {"title": "photocopiers", "supplier_name": "Tallow Print Limited", "starts_on": date(2024, 9, 1)}
    contract = await register.add(ann, Said({**values, "officer": "Ann Ash", "notes": "Two agreements."}))
    found = await brought(ann, a_register(COPIERS))
    (row,) = await asked(ann, found.id)
    assert (row.twin, row.is_asked_about) == (contract, True)
    assert await rows.answer(ann, found.id, row.place, {}, RowChoice.CHANGE) is RowKind.CHANGE
    (row,) = (await rows.page_of(ann, found.id, RowKind.CHANGE)).rows
    assert {"ends_on", "notice", "annual_pence"} <= set(row.differing)
    done = await imported(ann, found.id)
    assert done.count("changed") == 1
    (one,) = await kept(ann)
    assert one.id == contract
    assert (one.said.values["officer"], one.said.values["notes"]) == ("Ann Ash", "Two agreements.")
    assert one.said.values["ends_on"] == date(2027, 8, 31)


@pytest.mark.both_engines
async def test_a_row_that_stands_twice_is_asked_about_and_either_answer_is_kept(ann: Viewer) -> None:
    found = await brought(ann, a_register(COPIERS, COPIERS))
    assert (found.to_import, found.count("ask")) == (1, 1)
    (row,) = await asked(ann, found.id)
    assert row.twin_place == 1
    assert await rows.answer(ann, found.id, row.place, {}, RowChoice.LEAVE_OUT) is RowKind.LEFT_OUT
    assert await rows.answer(ann, found.id, row.place, {}, RowChoice.ADD) is RowKind.NEW


async def test_rows_with_questions_wait_while_the_others_are_imported_and_follow_later(ann: Viewer) -> None:
    found = await brought(ann, a_register(COPIERS, "Cleaning,Brightside,01/09/2025,Aug-28,1 term,9000"))
    first = await imported(ann, found.id)
    assert (first.state, first.imported, first.count("ask")) == (ImportState.CHECKED, 1, 1)
    with pytest.raises(Conflict):
        await imports.choose_columns(ann, found.id, "", header=1, held={})
    (row,) = await asked(ann, found.id)
    await rows.answer(ann, found.id, row.place, {"ends_on": "31/08/2028"}, "")
    done = await imported(ann, found.id)
    assert (done.state, done.imported, len(await kept(ann))) == (ImportState.DONE, 2, 2)


@pytest.mark.both_engines
async def test_each_contract_has_an_entry_and_the_import_one_more_with_its_digest_and_no_name_of_a_file(ann: Viewer) -> None:
    found = await brought(ann, a_register(COPIERS, "Cleaning,Brightside,01/09/2025,31/08/2028,1 term,9000"))
    await imported(ann, found.id)
    async with database.read():
        types = await Entry.select(Entry.type).where(Entry.trail == str(ann.school)).order_by(Entry.idx).output(as_list=True)
        (header,) = await Entry.select(Entry.header).where(Entry.type == "contracts.imported").output(as_list=True)
    assert types[-3:] == ["contract.added", "contract.added", "contracts.imported"]
    assert json.loads(bytes(header))


async def test_a_status_is_taken_for_what_it_means_and_a_missing_day_is_asked(ann: Viewer) -> None:
    with clock.at(datetime(2026, 11, 28, tzinfo=UTC)):
        lines = [f"{name},Supplier {name},01/09/2020,{end},3 months,100,{status}" for name, end, status in (
            ("Old", "31/08/2023", "Expired"), ("Early", "31/08/2027", "Terminated"), ("Going", "31/08/2027", "Notice given"),
            ("New", "31/08/2027", "Draft"), ("Now", "31/08/2027", "Live"))]  # fmt: skip
        found = await brought(ann, a_register(*lines, headings=f"{HEADINGS},Status"))
        questions = {row.title: [one.field for one in row.asked] for row in await asked(ann, found.id)}
        assert questions == {"Early": ["ceased_on"], "Going": ["notice_given_on"]}
        for row in await asked(ann, found.id):
            await rows.answer(ann, found.id, row.place, {row.asked[0].field: "01/10/2026"}, "")
        await imported(ann, found.id)
        there = {one.said.values["title"]: one.said for one in await kept(ann)}
        assert there["Early"].ceased_on == there["Going"].notice_given_on == date(2026, 10, 1)
        assert (there["New"].is_draft, there["Now"].is_draft, there["Old"].ceased_on) == (True, False, None)


async def test_another_school_can_not_look_at_an_import_and_governors_can_not_bring_one(ann: Viewer) -> None:
    found = await brought(ann, a_register(COPIERS))
    bob = await a_person(await a_school("Birch Primary"))
    for look in (imports.look(bob, found.id), rows.page_of(bob, found.id, RowKind.NEW), rows.row(bob, found.id, 1)):
        with pytest.raises(NotFound):
            await look
    with pytest.raises(Forbidden):
        await imports.upload(replace(ann, role=Role.GOVERNOR), a_register(COPIERS))


@pytest.mark.parametrize(
    ("content", "refusal", "sentence"),
    [
        (b"", Invalid, "Choose a spreadsheet"),
        (b"x" * (register_file.LIMITS.packed + 1), TooLarge, "must be smaller than 10 MB"),
    ],
)
async def test_what_is_no_file_of_ours_is_refused_at_once(
    ann: Viewer, content: bytes, refusal: type[Exception], sentence: str
) -> None:
    with pytest.raises(refusal, match=sentence):
        await imports.upload(ann, content)


async def test_a_file_without_headings_is_refused_with_what_vouch_looks_for_and_not_kept(ann: Viewer) -> None:
    found = await brought(ann, b"Monday,Soup\nTuesday,Stew\n")
    assert (found.state, found.sentence) == (ImportState.REFUSED, register_file.NO_HEADINGS)
