"""A file of names becomes the directory: alike ones are folded, broken rows named, a broken file changes nothing."""

import asyncio
import gzip
import json
import os
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import audit
import database
from audit.tables import Entry, Opening
from base.refusals import Forbidden, Invalid, TooLarge
from suppliers.directory import directory
from suppliers.events import Event
from suppliers.imports import directory_import
from suppliers.imports.directory_import import DirectoryImportReport, import_suppliers
from suppliers.index.tables import KeyRow
from suppliers.lists.supplier_file import MOST_ROWS, open_suppliers
from suppliers.lists.supplier_row import RejectedSupplierRow, SupplierRow
from suppliers.tables import Alias, Identifier, Supplier, Supplies
from tests.given.builders import a_person, a_school
from tests.given.checkout import DATA, VOUCH

SAMPLE = DATA / "supplier_names_sample.csv.gz"  # real ledgers, with all their slips


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "suppliers.csv"


def write(path: Path, content: str | bytes) -> None:
    path.write_bytes(content.encode() if isinstance(content, str) else content)


def read(path: Path) -> tuple[list[SupplierRow], list[RejectedSupplierRow]]:
    with open_suppliers(path) as opened:
        rows = list(opened.rows)
    return [row for row in rows if isinstance(row, SupplierRow)], [row for row in rows if isinstance(row, RejectedSupplierRow)]


async def load(path: Path) -> DirectoryImportReport:
    with open_suppliers(path) as opened:
        return await import_suppliers(None, opened.rows, digest=opened.digest)


async def names() -> dict[str, list[str]]:
    async with database.read():
        suppliers = await Supplier.select(Supplier.id, Supplier.name).where(Supplier.owner.is_null()).order_by(Supplier.name)
        aliases = await Alias.select(Alias.supplier, Alias.name).order_by(Alias.name)
    return {s["name"]: [a["name"] for a in aliases if a["supplier"] == s["id"]] for s in suppliers}


@pytest.mark.pure
@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("", "the name is empty"),
        ("   ", "the name is empty"),
        ("#REF!", "the name is a spreadsheet's error"),
        ("#n/a", "the name is a spreadsheet's error"),
        ("REDACTED PERSONAL DATA", "the name is redacted"),
        ("n" * 10_000, "the name is longer than 300 characters"),
        ("Oak\x1b[31m Ltd", "the name holds a character that can't be stored"),
        ("Oak\x00 Ltd", "the line holds a NUL character"),
        ("-----", "the name has no letters or figures"),
    ],
)
def test_a_name_that_cannot_be_used_is_rejected_with_its_line_and_the_rest_goes_on(file: Path, name: str, reason: str) -> None:
    write(file, f'name,phone\n"Oak Ltd",\n"{name}",1\n"Elm Ltd",\n')
    rows, (rejected,) = read(file)
    assert [row.facts.name for row in rows] == ["Oak Ltd", "Elm Ltd"]
    assert (rejected.line, rejected.reason) == (3, reason)
    assert rejected.name.isprintable()
    assert len(rejected.name) <= 60


@pytest.mark.pure
@pytest.mark.parametrize("content", [b"", b"\n", b"title,price\nPens,2\n", b"\x1f\x8b\x08", b"PK\x03\x04rest", b"\x00\x01"])
def test_what_is_no_list_of_suppliers_is_refused_in_a_sentence(file: Path, content: bytes) -> None:
    file.write_bytes(content)
    with pytest.raises(Invalid) as refused:
        read(file)
    assert "nothing was imported" in refused.value.sentence


@pytest.mark.pure
def test_a_gzip_file_cut_short_is_refused(file: Path) -> None:
    file.write_bytes(SAMPLE.read_bytes()[:9_000])
    with pytest.raises(Invalid, match="cut short, so nothing was imported"):
        read(file)


@pytest.mark.pure
def test_identifiers_are_read_and_bad_ones_left_out_with_the_reason(file: Path) -> None:
    write(file, "Supplier Name,Company Number,Postcode,Website,Category\nOak,1234567,nowhere,www.oak.example,Catering\n")
    (row,), _ = read(file)
    assert [(s.value, v) for s, v in row.facts.identifiers] == [("company_number", "01234567"), ("domain", "oak.example")]
    assert row.facts.categories == ("catering",)
    assert row.left_out == ("A postcode looks like LS1 4AP.",)


@pytest.mark.pure
@pytest.mark.parametrize(
    ("label", "slugs"),
    [
        ("Catering", ("catering",)),
        ("cleaning|catering", ("cleaning", "catering")),
        ("City Development", ()),
        ("Leasing", ()),
        ("", ()),
    ],
)
def test_a_ledgers_label_becomes_a_category_only_when_it_says_its_name(file: Path, label: str, slugs: tuple[str, ...]) -> None:
    file.write_text(f"name,category\nOak,{label}\n")
    (row,), _ = read(file)
    assert row.facts.categories == slugs


@pytest.mark.usefixtures("db")
class TestImport:
    @pytest.mark.both_engines
    async def test_names_written_alike_become_one_supplier(self, file: Path) -> None:
        write(file, "name\nOAK & SONS LTD\nOak and Sons Limited\nOak & Sons Ltd\nThe Oak & Sons\nOak Services Ltd\n")
        report = await load(file)
        assert (report.rows, report.added) == (5, 2)
        assert await names() == {"Oak Services Ltd": [], "Oak and Sons Limited": ["OAK & SONS LTD", "The Oak & Sons"]}

    @pytest.mark.both_engines
    async def test_another_legal_form_or_company_number_or_payee_is_another_supplier(self, file: Path) -> None:
        companies = "Oak Ltd,\nOak LLP,\nElm Ltd,01234567\nElm Ltd,07654321\n"
        write(file, f"name,company number\n{companies}Skipton Finance,\nSkipton Finance re Oak,\n")
        report = await load(file)
        assert report.added == 6

    @pytest.mark.both_engines
    async def test_the_same_file_again_adds_nothing_and_leaves_no_entry(self) -> None:
        first = await load(SAMPLE)
        async with database.read():
            before = [await table.count() for table in (Supplier, Alias, KeyRow, Identifier, Supplies, Entry)]
        again = await load(SAMPLE)
        async with database.read():
            assert [await table.count() for table in (Supplier, Alias, KeyRow, Identifier, Supplies, Entry)] == before
        assert first.added > 1_000
        assert (again.added, again.spellings) == (0, 0)
        assert again.rows == first.rows == 2_000

    @pytest.mark.both_engines
    async def test_a_later_file_adds_spellings_and_facts_to_what_is_there(self, file: Path) -> None:
        write(file, "name\nOak & Sons Ltd\n")
        await load(file)
        write(file, "name,phone\nOak and Sons Limited,01522 496000\nElm,\n")
        report = await load(file)
        assert (report.added, report.spellings) == (1, 1)
        assert await names() == {"Elm": [], "Oak & Sons Ltd": ["Oak and Sons Limited"]}
        ann = await a_person(await a_school())
        found, *_ = await directory.suggestions(ann, "Oak", {"phone": "01522496000"})
        assert found.name == "Oak & Sons Ltd"
        seen = await directory.supplier(ann, found.supplier_id)
        assert [value for _, value in seen.identifiers] == ["+441522496000"]

    @pytest.mark.both_engines
    async def test_a_refresh_without_a_new_name_adds_what_it_knows(self, file: Path) -> None:
        write(file, "Supplier Name,Postcode\nOak & Sons Ltd,LS1 4AP\n")
        await load(file)
        write(file, "Supplier Name,Postcode,Company Number,Website\nOak & Sons Ltd,LS2 7EW,01234567,www.oak.example\n")
        assert (await load(file)).added == 0
        assert await names() == {"Oak & Sons Ltd": []}
        async with database.read():
            known = await Identifier.select(Identifier.scheme, Identifier.value).order_by(Identifier.value)
        assert [row["value"] for row in known] == ["01234567", "LS1 4AP", "LS2 7EW", "oak.example"]

    @pytest.mark.both_engines
    async def test_real_names_find_themselves_after_the_import(self) -> None:
        await load(SAMPLE)
        ann = await a_person(await a_school())
        async with database.read():
            some = await Supplier.select(Supplier.id, Supplier.name).order_by(Supplier.exact_name).limit(40)
        for row in some[::4]:
            found = await directory.suggestions(ann, row["name"].lower())
            assert row["id"] in [one.supplier_id for one in found]

    @pytest.mark.both_engines
    async def test_one_entry_tells_the_digest_and_the_counts(self, file: Path) -> None:
        write(file, "name\nOak\n#REF!\n")
        with open_suppliers(file) as opened:
            digest = opened.digest
            await import_suppliers(None, opened.rows, digest=digest)
        async with database.read():
            entries = await Entry.select(Entry.event_id, Entry.trail).where(Entry.type == Event.DIRECTORY_IMPORTED.value)
            told = await Opening.select(Opening.value).where(
                (Opening.event_id == entries[0]["event_id"]) & (Opening.field == "facts")
            )
        assert [entry["trail"] for entry in entries] == [audit.OPERATOR]
        facts = json.loads(told[0]["value"])
        assert facts == {
            "digest": f"sha256:{digest}", "batch": 1, "batches": 1, "rows": 2, "added": 1, "spellings": 0, "rejected": 1,
        }  # fmt: skip

    async def test_a_long_file_is_filed_in_batches_and_a_changed_directory_stops_it(
        self, file: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(directory_import, "CHUNK", 3)
        write(file, "name\n" + "".join(f"{word} Carpets\n" for word in ("Ash", "Beech", "Cedar", "Elm", "Fir", "Gorse", "Holly")))
        with open_suppliers(file) as opened:
            held = iter(range(9))

            def and_another_lists_one(batches: Sequence[list[Any]]) -> Iterator[list[Any]]:
                for batch in batches:
                    next(held)
                    yield batch

            report = await import_suppliers(None, opened.rows, digest="", shown=and_another_lists_one)
        assert report.added == 7
        async with database.read():
            assert await Entry.count().where(Entry.type == Event.DIRECTORY_IMPORTED.value) == 3
        assert next(held) == 3

    async def test_a_dry_run_counts_and_files_nothing(self, file: Path) -> None:
        write(file, "name\nOak Ltd\nOAK LIMITED\n")
        with open_suppliers(file) as opened:
            report = await import_suppliers(None, opened.rows, digest="", dry_run=True)
        assert (report.added, report.spellings) == (1, 1)
        assert await names() == {}

    async def test_what_somebody_listed_meanwhile_is_not_doubled(self, file: Path) -> None:
        write(file, "name\nOak\n")
        with open_suppliers(file) as opened:
            rows = list(opened.rows)
        first, second = (import_suppliers(None, rows, digest="") for _ in range(2))
        results = await asyncio.gather(first, second, return_exceptions=True)
        assert sorted(type(one).__name__ for one in results) in (
            ["Conflict", "DirectoryImportReport"],
            ["DirectoryImportReport", "DirectoryImportReport"],
        )
        assert await names() == {"Oak": []}

    async def test_own_records_are_neither_read_nor_changed(self, file: Path) -> None:
        ann = await a_person(await a_school())
        own = (await directory.add(ann, name="Oak & Sons Ltd")).id
        write(file, "name\nOak and Sons\n")
        assert (await load(file)).added == 1
        seen = await directory.supplier(ann, own)
        assert (seen.is_own, seen.aliases) == (True, ())

    async def test_a_file_that_breaks_half_way_adds_nothing(self, file: Path) -> None:
        rows = b"name\n" + b"".join(b"Supplier %d Ltd\n" % n for n in range(5_000))
        write(file, gzip.compress(rows)[:-200])
        with pytest.raises(Invalid):
            await load(file)
        assert await names() == {}

    async def test_only_the_operator_may_import(self) -> None:
        with pytest.raises(Forbidden):
            await import_suppliers(await a_person(await a_school()), [], digest="")


@pytest.mark.pure
@pytest.mark.program
def test_the_command_says_what_it_did_in_words_or_json(file: Path, tmp_path: Path) -> None:
    write(file, "name,postcode\nOak Ltd,nowhere\nOAK LIMITED,\n#REF!,\n=1+1" + "n" * 300 + ",\n")
    environment = {**os.environ, "VOUCH_DATABASE_URL": f"sqlite:///{tmp_path / 'vouch.sqlite'}", "VOUCH_DATA": str(tmp_path)}
    vouch = [*VOUCH, "suppliers", "import", str(file)]
    said = subprocess.run(vouch, env=environment, capture_output=True, text=True, check=True)
    assert "Suppliers: 1 added from 4 rows. Other spellings of them: 1." in said.stdout
    assert "Line 4: the name is a spreadsheet's error (#REF!)." in said.stdout
    assert "vouch suppliers find-duplicates looks for them." in said.stdout
    rejected = tmp_path / "rejected.csv"
    as_json = subprocess.run(
        [*vouch, "--json", "--rejected", str(rejected)], env=environment, capture_output=True, text=True, check=True
    )
    assert json.loads(as_json.stdout)["added"] == 0
    assert "'=1+1" in rejected.read_text(encoding="utf-8")


@pytest.mark.pure
@pytest.mark.program
def test_the_command_reads_a_workbook_with_headings_of_its_own_and_writes_what_is_wrong(file: Path, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (["Ledger"], ["Firma", "Ort"], ["Oak", "LN1 1AA"], ["#REF!", "x"]):
        book.active.append(row)
    book.save(file)
    environment = {**os.environ, "VOUCH_DATABASE_URL": f"sqlite:///{tmp_path / 'vouch.sqlite'}", "VOUCH_DATA": str(tmp_path)}
    vouch = [*VOUCH, "suppliers", "import", str(file)]
    wrong = subprocess.run([*vouch, "--map", "x"], env=environment, capture_output=True, text=True, check=False)
    assert (wrong.returncode, wrong.stderr) == (
        1,
        "--map takes a heading and what its column holds, such as Creditor=name, not x.\n",
    )
    errors = tmp_path / "errors.xlsx"
    mapped = [*vouch, "--map", "Firma=name", "--map", "Ort=postcode", "--dry-run", "--errors", str(errors)]
    said = subprocess.run(mapped, env=environment, capture_output=True, text=True, check=False)
    assert "1 would be added from 2 rows" in said.stdout, said
    table = [[cell.value for cell in row] for row in openpyxl.load_workbook(errors).active.iter_rows()]
    assert table == [["Error", "Row", "Firma", "Ort"], ["The name is a spreadsheet's error.", "4", "#REF!", "x"]]


@pytest.mark.pure
def test_more_rows_than_any_ledger_are_refused(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert MOST_ROWS >= 200_000
    monkeypatch.setattr("suppliers.lists.supplier_file.MOST_ROWS", 3)
    file.write_text("name\n" + "Oak\n" * 200)
    with pytest.raises(TooLarge, match="more than 3 rows"):
        read(file)
