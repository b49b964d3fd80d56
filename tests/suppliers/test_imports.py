"""A school imports its list: nothing is added before it says so, nothing twice, and nobody else sees any of it."""

import asyncio
import csv
import io
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import openpyxl
import pytest
import structlog

import database
from audit.erasing.erasure import ErasureReason
from audit.tables import Entry
from base import clock, worker
from base.refusals import Conflict, Forbidden, Invalid, NotFound
from base.spreadsheets.writing import TableFormat
from base.viewer import Role, Viewer
from database.leased import Beat, LeaseLost
from database.waiting_files import MOST_KEPT
from privacy import erasure
from sharing.people import people
from suppliers.directory import directory
from suppliers.imports import adding, background, errors_file, imports
from suppliers.imports import rows as import_rows
from suppliers.imports.directory_import import import_suppliers
from suppliers.imports.imports import ImportView
from suppliers.imports.states import ImportState, RowKind
from suppliers.imports.tables import Import, ImportRow
from suppliers.lists.column_titles import SupplierField
from suppliers.lists.supplier_file import open_suppliers
from suppliers.matching.matching import Candidate
from suppliers.ours import listing
from suppliers.tables import Alias, Supplier, Use
from tests.given import messy_workbook, patience
from tests.given.builders import a_person, a_school, events_of, signed_in
from tests.given.patience import PATIENCE
from tests.given.supplier_lists import checked_file as checked
from tests.given.supplier_lists import uploaded
from vouch import (
    app,  # noqa: F401 - tells the jobs what suppliers keep
    jobs,
)

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
async def ann() -> Viewer:
    return await a_person(await a_school())


async def in_directory(tmp_path: Path, *names: str) -> None:
    path = tmp_path / "directory.csv"
    await asyncio.to_thread(path.write_text, "name,company number,postcode\n" + "\n".join(names))
    with open_suppliers(path) as listed:
        await import_suppliers(None, listed.rows, digest=listed.digest)


async def test_a_file_whose_headings_say_no_name_is_asked_about(ann: Viewer) -> None:
    found = await uploaded(ann, b"SuppID,SuppID(T),Zip\n1004,Oak Ltd,LS1 4AP\n1005,Ash & Sons,LN1 1AA\n")
    assert found.state is ImportState.MAPPING
    with pytest.raises(Invalid, match="Say which column holds the name"):
        await imports.choose_columns(ann, found.id, [None, None, SupplierField.POSTCODE])


async def imported(viewer: Viewer, import_id: UUID, *, all_or_nothing: bool = False) -> ImportView:
    await imports.start(viewer, import_id, all_or_nothing=all_or_nothing)
    await background.carry_on(viewer, import_id, wait=PATIENCE)
    return await imports.look(viewer, import_id)


async def names_of(viewer: Viewer) -> list[str]:
    return [one.name for one in (await listing.ours(viewer)).suppliers]


async def rows(viewer: Viewer, found: ImportView, which: str) -> Mapping[int, import_rows.ShownRow]:
    return {row.number: row for row in (await import_rows.page_of(viewer, found.id, which)).rows}


async def rows_left() -> int:
    async with database.read():
        return int(await ImportRow.count())


def a_list(*names: str, header: str = "Supplier name,Company number,Postcode") -> bytes:
    return "\n".join([header, *names]).encode()


@pytest.mark.both_engines
async def test_the_messy_workbook_of_a_school_becomes_its_suppliers(ann: Viewer, tmp_path: Path) -> None:
    await in_directory(tmp_path, "Elm Electrics,SC012345,", "Brookside Cleaning,,")
    await directory.add(ann, name="Dene Drains Ltd")
    content = messy_workbook.workbook()
    found = await uploaded(ann, content)
    assert found.seen is not None
    assert (found.seen.sheets[found.seen.sheet].name, found.seen.header) == ("Creditors", 5)
    assert {c.title: c.field for c in found.seen.columns if c.field} == {
        "Supplier name": SupplierField.NAME, "Telephone": SupplierField.PHONE, "E-mail": SupplierField.EMAIL,
        "Address": SupplierField.ADDRESS, "VAT number": SupplierField.VAT_NUMBER, "Company number": SupplierField.COMPANY_NUMBER,
    }  # fmt: skip
    found = await checked(ann, content)
    assert found.state is ImportState.CHECKED, found.sentence
    by_kind = {kind: [row.name for row in (await rows(ann, found, kind.value)).values()] for kind in found.counts}
    assert by_kind[RowKind.NEW] == ["Ashby Boilers Ltd", "Café Noël Catering"]
    assert by_kind[RowKind.DOUBLE] == ["ASHBY BOILERS LIMITED"]
    assert by_kind[RowKind.KNOWN] == ["Brook & Sons t/a Brookside Cleaning", "Elm Electrics"]
    assert by_kind[RowKind.OURS] == ["Dene Drains"]
    assert by_kind[RowKind.WRONG] == ["#REF!", ""]
    assert await names_of(ann) == ["Dene Drains Ltd"]
    done = await imported(ann, found.id)
    assert done.state is ImportState.DONE, done.sentence
    assert await names_of(ann) == [
        "Ashby Boilers Ltd", "Brookside Cleaning", "Café Noël Catering", "Dene Drains Ltd", "Elm Electrics",
    ]  # fmt: skip
    async with database.read():
        assert await Alias.select(Alias.name).output(as_list=True) == ["ASHBY BOILERS LIMITED"]
        assert await Supplier.count().where(Supplier.name == "Elm Electrics") == 1
        assert await Import.select(Import.file).where(Import.file.is_not_null()) == []
    assert (await events_of(ann.school))[-1] == "suppliers.imported"


@pytest.mark.both_engines
async def test_the_trail_has_an_entry_a_supplier_and_one_for_the_import(ann: Viewer) -> None:
    found = await checked(ann, a_list("Oak Carpets,,", "Elm Windows,,"))
    before = await events_of(ann.school)
    await imported(ann, found.id)
    assert (await events_of(ann.school))[len(before) :] == ["supplier.added", "supplier.added", "suppliers.imported"]
    async with database.read():
        streams = await Entry.select(Entry.stream).where(Entry.type == "supplier.added").output(as_list=True)
    assert len(set(streams)) == 2
    assert all(stream.startswith("supplier:") for stream in streams)


async def test_the_same_file_again_adds_nothing_and_leaves_no_entry(ann: Viewer) -> None:
    content = a_list("Oak Carpets,,", "Elm Windows,,")
    await imported(ann, (await checked(ann, content)).id)
    before = await events_of(ann.school)
    again = await checked(ann, content)
    assert (again.count("ours"), again.to_import) == (2, 0)
    assert (await imported(ann, again.id)).state is ImportState.DONE
    assert await events_of(ann.school) == before
    assert await names_of(ann) == ["Elm Windows", "Oak Carpets"]


async def test_the_same_file_that_still_waits_is_the_same_import(ann: Viewer) -> None:
    content = a_list("Oak Carpets,,")
    assert await imports.upload(ann, content) == await imports.upload(ann, content)


async def test_a_mended_file_adds_only_what_is_new(ann: Viewer) -> None:
    first = await checked(ann, a_list("Oak Carpets,,", "#REF!,,", ",1234567,LN1 1AA"))
    await imported(ann, first.id)
    made = io.BytesIO()
    assert await errors_file.errors(ann, first.id, TableFormat.XLSX, to=made) == 2
    book = openpyxl.load_workbook(made)
    sheet = book.active
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [
        ["Error", "Row", "Supplier name", "Company number", "Postcode"],
        ["The name is a spreadsheet's error.", "3", "#REF!", None, None],
        ["The name is empty.", "4", None, "1234567", "LN1 1AA"],
    ]
    sheet["C2"], sheet["C3"] = "Elm Windows", "Oak Carpets"
    mended = io.BytesIO()
    book.save(mended)
    second = await checked(ann, mended.getvalue())
    assert (second.count("more"), second.to_import) == (1, 1)
    await imported(ann, second.id)
    assert await names_of(ann) == ["Elm Windows", "Oak Carpets"]


async def test_rows_to_mend_are_no_formulas_in_csv_and_read_back(ann: Viewer) -> None:
    first = await checked(ann, a_list("=Oak+1,,nowhere", header="Supplier name,Phone,Postcode"))
    made = io.BytesIO()
    assert await errors_file.errors(ann, first.id, TableFormat.CSV, to=made) == 1
    assert made.getvalue().decode("utf-8-sig").splitlines()[1] == "Left out: A postcode looks like LS1 4AP.,2,'=Oak+1,,nowhere"
    again = await checked(ann, made.getvalue())
    assert [row.name for row in (await rows(ann, again, "new")).values()] == ["=Oak+1"]


async def test_all_or_nothing_imports_nothing_while_a_row_is_wrong(ann: Viewer) -> None:
    found = await checked(ann, a_list("Oak Carpets,,", "#REF!,,"))
    with pytest.raises(Conflict, match="Nothing was imported: 1 row is not ready"):
        await imports.start(ann, found.id, all_or_nothing=True)
    assert await names_of(ann) == []
    assert (await imported(ann, found.id)).state is ImportState.DONE
    assert await names_of(ann) == ["Oak Carpets"]


async def test_a_double_click_makes_one_import(ann: Viewer) -> None:
    found = await checked(ann, a_list("Oak Carpets,,"))
    await asyncio.gather(*(imports.start(ann, found.id) for _ in range(3)), return_exceptions=True)
    await asyncio.gather(*(background.carry_on(ann, found.id, wait=PATIENCE) for _ in range(3)))
    assert (await events_of(ann.school)).count("supplier.added") == 1


async def test_many_rows_are_imported_in_batches_that_stand_by_themselves(ann: Viewer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(adding, "BATCH", 4)
    names = [
        f"{word} Supplies" for word in ("Alder", "Birch", "Cedar", "Damson", "Elder", "Fig", "Guava", "Hazel", "Ivy", "Juniper")
    ]
    found = await checked(ann, a_list(*(f"{name},," for name in names)))
    await import_rows.answer_all(ann, found.id, "new")
    beats = []

    async def cut_off(done: int, _total: int) -> None:
        beats.append(done)
        if done == 8:
            raise RuntimeError("the process was killed")

    await imports.start(ann, found.id)
    with pytest.raises(RuntimeError):
        await adding.add_all(ann, found.id, cut_off)
    assert len(await names_of(ann)) == 8
    await background.carry_on(ann, found.id, wait=PATIENCE)
    assert (await imports.look(ann, found.id)).state is ImportState.DONE
    assert await names_of(ann) == sorted(names)
    assert (await events_of(ann.school)).count("suppliers.imported") == 1


@pytest.mark.both_engines
async def test_what_one_process_began_another_carries_on_when_the_lease_has_ended(ann: Viewer) -> None:
    import_id = await imports.upload(ann, a_list("Oak Carpets,,"))
    dead = UUID(int=7)
    async with database.housekeeping():
        held: dict[Any, Any] = {Import.lease: clock.now() + timedelta(seconds=30), Import.leased_by: dead}
        await Import.update(held).where(Import.id == import_id)
    await background.carry_on(ann, import_id, wait=PATIENCE)
    assert (await imports.look(ann, import_id)).state is ImportState.READING
    with clock.at(clock.now() + timedelta(seconds=61)):
        await background.carry_on(ann, import_id, wait=PATIENCE)
    assert (await imports.look(ann, import_id)).state is ImportState.MAPPING


@pytest.mark.both_engines
async def test_what_was_begun_while_the_clock_was_ahead_is_carried_on(ann: Viewer) -> None:
    import_id = await imports.upload(ann, a_list("Oak Carpets,,"))
    async with database.housekeeping():
        held: dict[Any, Any] = {Import.lease: clock.now() + timedelta(days=400), Import.leased_by: UUID(int=7)}
        await Import.update(held).where(Import.id == import_id)
    await background.carry_on(ann, import_id, wait=PATIENCE)
    assert (await imports.look(ann, import_id)).state is ImportState.MAPPING


@pytest.mark.parametrize("taken_back", [False, True])
async def test_one_that_is_taken_back_while_it_is_read_ends_without_an_alarm(
    ann: Viewer, monkeypatch: pytest.MonkeyPatch, *, taken_back: bool
) -> None:
    """Its rows refer to it, and no database lets them in."""
    import_id = await imports.upload(ann, a_list("Oak Carpets,,"))

    async def read(viewer: Viewer, row: UUID, _beat: Beat) -> None:
        if taken_back:
            await imports.discard(viewer, row)
        raise ValueError("rows of nothing")

    monkeypatch.setattr(background.work, "steps", {ImportState.READING.value: read})
    with structlog.testing.capture_logs() as lines:
        await background.carry_on(ann, import_id, wait=PATIENCE)
    assert [line["event"] for line in lines] == ([] if taken_back else ["import_failed"])


async def test_an_answer_is_taken_and_only_one_that_was_offered(ann: Viewer, tmp_path: Path) -> None:
    await in_directory(tmp_path, "Zebra Coaches,,")
    found = await checked(ann, a_list("Zebra Travel,,"))
    asked = await rows(ann, found, "ask")
    assert asked, found.counts
    number, row = next(iter(asked.items()))
    assert row.options
    for wrong in ("nonsense", str(UUID(int=1)), "row:99"):
        with pytest.raises(Invalid):
            await import_rows.answer(ann, found.id, {number: wrong})
    with pytest.raises(Invalid):
        await import_rows.answer(ann, found.id, {999: "new"})
    await import_rows.answer(ann, found.id, {number: row.options[0].choice})
    assert (await imports.look(ann, found.id)).waiting == found.waiting - 1
    await import_rows.answer(ann, found.id, {number: "skip"})
    assert (await imports.look(ann, found.id)).skipped == 1


@pytest.mark.both_engines
async def test_a_row_that_a_person_says_is_another_row_becomes_its_other_name(ann: Viewer) -> None:
    found = await checked(ann, a_list("Zebra Coaches,,", "Zebra Coaches Travel,,"))
    (row,) = (await rows(ann, found, "ask")).values()
    await import_rows.answer(ann, found.id, {row.number: "row:2"})
    await imported(ann, found.id)
    assert await names_of(ann) == ["Zebra Coaches"]
    async with database.read():
        assert await Alias.select(Alias.name).output(as_list=True) == ["Zebra Coaches Travel"]


@pytest.mark.both_engines
async def test_a_formula_in_a_column_that_is_used_is_named(ann: Viewer) -> None:
    found = await uploaded(ann, messy_workbook.workbook(formula_in="B7"))
    assert found.seen is not None
    fields = [column.field for column in found.seen.columns]
    with pytest.raises(Invalid, match="Cell B7 holds a formula"):
        await imports.choose_columns(ann, found.id, fields)
    spend = await uploaded(ann, messy_workbook.workbook(formula_in="H7"))
    await imports.choose_columns(ann, spend.id, fields)


async def test_another_sheet_or_row_of_headings_can_be_chosen(ann: Viewer) -> None:
    found = await uploaded(ann, messy_workbook.workbook())
    async with signed_in(ann) as browser:
        page = (await browser.get(f"/suppliers/imports/{found.id}")).text
    assert "One sheet is read at a time, so not “Read me”. When this one is imported" in page
    await imports.choose_sheet(ann, found.id, sheet=0, header=0)
    await background.carry_on(ann, found.id, wait=PATIENCE)
    other = await imports.look(ann, found.id)
    assert other.seen is not None
    assert (other.state, other.seen.sheet, other.count("read")) == (ImportState.MAPPING, 0, 1)
    with pytest.raises(Invalid):
        await imports.choose_sheet(ann, found.id, sheet=9, header=0)
    await imports.choose_sheet(ann, found.id, sheet=0, header=1)
    titled = (await imports.look(ann, found.id)).seen
    assert titled is not None
    assert [column.title for column in titled.columns] == ["Exported from the finance system"]


@pytest.mark.parametrize("content", [b"%PDF-1.7", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1xls", b"1,2\n3,4\n", b"PK\x03\x04rest"])
@pytest.mark.both_engines
async def test_what_cannot_be_read_is_refused_with_its_sentence_and_not_kept(ann: Viewer, content: bytes) -> None:
    found = await uploaded(ann, content)
    assert found.state is ImportState.REFUSED
    assert found.sentence.endswith(".")
    async with database.read():
        assert await Import.select(Import.file).output(as_list=True) == [None]
    assert await rows_left() == 0


async def test_nobody_of_another_school_and_no_governor_sees_an_import(ann: Viewer) -> None:
    found = await checked(ann, a_list("Oak Carpets,,"))
    bob = await a_person(await a_school("Elmwood Primary"), name="Bob Brown")
    for verb in (
        imports.look(bob, found.id), imports.discard(bob, found.id), imports.start(bob, found.id),
        import_rows.page_of(bob, found.id, "new"), import_rows.answer(bob, found.id, {2: "new"}),
        imports.choose_sheet(bob, found.id, sheet=0, header=1),
        errors_file.errors(bob, found.id, TableFormat.CSV, to=io.BytesIO()),
    ):  # fmt: skip
        with pytest.raises(NotFound):
            await verb
    assert await imports.listed(bob) == ()
    gus = replace(ann, role=Role.GOVERNOR)
    with pytest.raises(Forbidden):
        await imports.look(gus, found.id)
    with pytest.raises(Forbidden):
        await imports.upload(gus, b"x")


@pytest.mark.both_engines
async def test_somebody_who_left_the_school_cannot_go_on() -> None:
    school = await a_school()
    ann, hal = await a_person(school), await a_person(school, Role.HEAD, "Hal Hart")
    found = await checked(ann, a_list("Oak Carpets,,"))
    await imports.start(ann, found.id)
    await people.remove(hal, ann.person)
    await background.carry_on(ann, found.id, wait=PATIENCE)
    assert (await imports.look(hal, found.id)).state is ImportState.STOPPED
    assert await names_of(hal) == []
    assert (await imported(hal, found.id)).state is ImportState.DONE


async def test_files_go_after_a_week_and_are_limited_in_number(ann: Viewer) -> None:
    for n in range(MOST_KEPT):
        await imports.upload(ann, a_list(f"Oak {n},,"))
    with pytest.raises(Conflict, match="10 imports here already"):
        await imports.upload(ann, a_list("One more,,"))
    assert await imports.files.forget_old() == 0
    with clock.at(clock.now() + imports.KEPT_FOR + timedelta(seconds=1)):
        assert await imports.files.forget_old() == MOST_KEPT
    assert await imports.listed(ann) == ()


async def test_removing_an_import_takes_the_file_and_leaves_the_suppliers(ann: Viewer) -> None:
    found = await checked(ann, a_list("Oak Carpets,,"))
    await imported(ann, found.id)
    await imports.discard(ann, found.id)
    assert await imports.listed(ann) == ()
    assert await rows_left() == 0
    assert await names_of(ann) == ["Oak Carpets"]


@pytest.mark.both_engines
async def test_a_supplier_that_the_school_stopped_using_is_offered_again(ann: Viewer) -> None:
    own = (await directory.add(ann, name="Oak Carpets")).id
    await directory.stop_using(ann, own)
    found = await checked(ann, a_list("OAK CARPETS LTD,,"))
    assert found.count("known") == 1
    await imported(ann, found.id)
    async with database.read():
        assert await Use.count().where(Use.supplier == own, Use.until_at.is_null()) == 1
        assert await Supplier.count() == 1


async def test_what_was_added_meanwhile_is_not_added_again(ann: Viewer) -> None:
    found = await checked(ann, a_list("Oak Carpets,,", "Elm Windows,,"))
    await directory.add(ann, name="Oak Carpets")
    done = await imported(ann, found.id)
    assert (done.count("added"), done.count("ours")) == (1, 1)


async def test_a_company_of_an_own_records_name_with_another_number_is_asked_about(ann: Viewer) -> None:
    own = (await directory.add(ann, name="Oak Carpets", identifiers={"company_number": "01234567"})).id
    lines = ("OAK CARPETS LTD,07654321,", "Elm Windows,,")
    found = await checked(ann, a_list(*lines))
    assert (found.count("ask"), found.count("new"), found.count("ours")) == (1, 1, 0)
    (row,) = (await rows(ann, found, "ask")).values()
    assert (row.choice, row.options[0].choice) == ("", str(own))
    assert row.options[0].why == "the same name, but the company numbers differ"
    await import_rows.answer(ann, found.id, {row.number: "new"})
    done = await imported(ann, found.id)
    (wrong,) = (await rows(ann, done, "wrong")).values()
    assert wrong.said.startswith("your list has another supplier of the same name")
    assert await names_of(ann) == ["Elm Windows", "Oak Carpets"]
    again = await checked(ann, a_list(*lines))
    await import_rows.answer(ann, again.id, {row.number: str(own)})
    done = await imported(ann, again.id)
    assert (await rows(ann, done, "ours"))[row.number].said == "on your list already"


@pytest.mark.both_engines
async def test_who_is_on_the_list_for_certain_is_looked_for_nowhere_else(ann: Viewer, monkeypatch: pytest.MonkeyPatch) -> None:
    await directory.add(ann, name="Oak Carpets")
    asked = []
    really = directory.suggested

    async def noted(viewer: Viewer, one: Candidate, **more: Any) -> tuple[directory.Suggestion, ...]:
        asked.append(one.name.display)
        return await really(viewer, one, **more)

    monkeypatch.setattr(directory, "suggested", noted)
    found = await checked(ann, a_list("OAK CARPETS LTD,,", "Elm Windows,,"))
    assert asked == ["Elm Windows"]
    (row,) = (await rows(ann, found, "ours")).values()
    assert row.said == "on your list as Oak Carpets: the same name"


async def test_a_word_of_many_suppliers_in_the_list_is_not_unusual_in_the_directory_either(ann: Viewer, tmp_path: Path) -> None:
    await in_directory(tmp_path, "Zephyrdale Joinery,,")
    alone = await checked(ann, a_list("Zephyrdale Bakery,,"))
    assert alone.count("ask") == 1
    others = [f"Zephyrdale {trade},," for trade in ("Bakery", "Theatre", "Taxis", "Music", "Books", "Garage", "Plumbing")]
    assert (await checked(ann, a_list(*others))).count("ask") == 0


async def test_two_companies_of_one_name_are_not_joined(ann: Viewer) -> None:
    found = await checked(ann, a_list("Oak Carpets Ltd,01234567,", "Oak Carpets Ltd,07654321,"))
    (wrong,) = (await rows(ann, found, "wrong")).values()
    assert wrong.said.startswith("row 2 has the same name")


async def test_a_program_imports_over_json(ann: Viewer, tmp_path: Path) -> None:
    await in_directory(tmp_path, "Zebra Coaches,,")
    async with signed_in(ann) as browser:
        browser.headers["Accept"] = "application/json"
        content = a_list("Zebra Travel,,", "Oak Carpets,,nowhere", "#REF!,,")
        sent = await browser.post("/api/v1/suppliers/imports", files={"file": ("list.csv", content)})
        assert sent.status_code == 201, sent.text
        made = await until(browser, sent.json(), ImportState.MAPPING)
        assert [column["holds"] for column in made["columns"]] == ["name", "company_number", "postcode"]
        at = f"/api/v1/suppliers/imports/{made['id']}"
        assert (await browser.put(f"{at}/columns", json={"holds": [None, None, "postcode"]})).status_code == 422
        await browser.put(f"{at}/columns", json={"holds": ["name", "company_number", "postcode"]})
        found = await until(browser, made, ImportState.CHECKED)
        assert (found["rows"]["wrong"], found["waiting"], found["ready"]) == (1, 1, 1)
        (row,) = (await browser.get(f"{at}/rows", params={"list": "ask"})).json()["rows"]
        assert (row["row"], row["name"], row["options"][0]["name"]) == (2, "Zebra Travel", "Zebra Coaches")
        as_workbook = await browser.get(f"{at}/errors", params={"format": "xlsx"})
        assert (as_workbook.headers["content-type"], as_workbook.content[:2]) == (TableFormat.XLSX.media_type, b"PK")
        errors = await browser.get(f"{at}/errors")
        assert errors.headers["content-type"].startswith("text/csv")
        assert [line[1] for line in csv.reader(errors.text.splitlines())][1:] == ["2", "3", "4"]
        whole = await browser.post(f"{at}/start", json={"all_or_nothing": True})
        assert whole.status_code == 409
        await browser.post(f"{at}/answers", json={"answers": [{"row": 2, "choice": row["options"][0]["choice"]}]})
        await browser.post(f"{at}/start", json={"all_or_nothing": False})
        done = await until(browser, made, ImportState.DONE)
        assert (done["rows"]["added"], done["rows"]["adopted"]) == (1, 1)
        assert (await browser.delete(at)).status_code == 204
        assert (await browser.get(at)).status_code == 404
        assert (await browser.get("/api/v1/suppliers/imports")).json() == []
    assert await names_of(ann) == ["Oak Carpets", "Zebra Coaches"]


@pytest.mark.parametrize("address", ["/api/v1/suppliers/imports", "/api/v1/own-records/import"])
@pytest.mark.parametrize(("size", "said"), [(0, "This file is empty."), (31 * 1024 * 1024, "The file must be smaller than")])
async def test_a_program_is_told_what_is_wrong_with_its_file(ann: Viewer, address: str, size: int, said: str) -> None:
    async with signed_in(ann) as browser:
        browser.headers["Accept"] = "application/json"
        refused = await browser.post(address, files={"file": ("list.csv", bytes(size))})
    assert refused.status_code == 422
    assert refused.json()["errors"]["file"].startswith(said)


async def until(browser: httpx.AsyncClient, made: dict[str, Any], state: ImportState) -> dict[str, Any]:
    async with asyncio.timeout(PATIENCE):
        while True:
            found: dict[str, Any] = (await browser.get(f"/api/v1/suppliers/imports/{made['id']}")).json()
            if found["state"] == state:
                return found
            assert ImportState(found["state"]).is_work, found["sentence"]
            await asyncio.sleep(0.1)


@pytest.mark.both_engines
async def test_an_erasure_takes_every_file_that_waits_with_it() -> None:
    school = await a_school()
    ann, hal, left = (
        await a_person(school),
        await a_person(school, Role.HEAD, "Hal Hart"),
        await a_person(school, name="Lou Lane"),
    )
    other = await a_person(await a_school("Elmwood Primary"), name="Bob Brown")
    await people.remove(hal, left.person)
    await checked(ann, a_list("Lou Lane's Carpets,,"))
    await imports.upload(other, a_list("Oak Carpets,,"))
    wanted = await erasure.ask(ann, person=left.person, typed="", chosen=(), reason=ErasureReason.ASKED, words="")
    await erasure.approve(hal, wanted)
    assert await imports.listed(ann) == ()
    assert len(await imports.listed(other)) == 1
    assert await rows_left() == 0


@pytest.mark.both_engines
async def test_the_jobs_forget_what_nobody_finished(ann: Viewer) -> None:
    await imports.upload(ann, a_list("Oak Carpets,,"))
    with clock.at(clock.now() + imports.KEPT_FOR + timedelta(seconds=1)):
        done = await jobs.run_due()
    assert (done.forgotten, done.failed) == (1, ())
    assert await imports.listed(ann) == ()


@pytest.mark.fault
@pytest.mark.both_engines
async def test_a_list_that_takes_too_much_memory_is_refused_and_the_service_goes_on(
    ann: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "LONGEST_LINE", 100)
    found = await uploaded(ann, a_list(*(f"Oak {n} Carpets,," for n in range(50))))
    assert (found.state, found.sentence) == (ImportState.REFUSED, worker.TOO_MUCH)


async def test_an_import_that_waits_for_others_begins_by_itself(ann: Viewer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(background.work, "most_at_once", 1)
    three = [await imports.upload(ann, a_list(f"Oak {n},,")) for n in range(3)]
    for import_id in three:
        await background.carry_on(ann, import_id, wait=0)
    while background.work.running:
        await asyncio.wait(background.work.running.values(), timeout=PATIENCE)
        await asyncio.sleep(0)
    assert [one.state for one in await imports.listed(ann)] == [ImportState.MAPPING] * 3


@pytest.mark.both_engines
async def test_the_lease_holds_through_a_step_that_has_nothing_to_tell(ann: Viewer, monkeypatch: pytest.MonkeyPatch) -> None:
    renewed = []

    async def slow(_viewer: Viewer, import_id: UUID, _beat: object) -> None:
        first = await lease_of(import_id)

        async def is_renewed() -> bool:
            return await lease_of(import_id) > first

        await patience.until(is_renewed)
        renewed.append(True)
        raise LeaseLost

    monkeypatch.setattr(background.work, "lease", timedelta(seconds=0.6))
    monkeypatch.setitem(background._STEPS, ImportState.READING, slow)
    import_id = await imports.upload(ann, a_list("Oak Carpets,,"))
    await background.carry_on(ann, import_id, wait=PATIENCE)
    assert renewed == [True]
    async with database.read():
        assert await Import.count().where(Import.lease.is_null()) == 1


async def lease_of(import_id: UUID) -> datetime:
    async with database.read():
        (lease,) = await Import.select(Import.lease).where(Import.id == import_id).output(as_list=True)
    assert isinstance(lease, datetime)
    return lease
