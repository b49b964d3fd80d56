"""A review pack says the same in every format, tells the supplier nothing that is not theirs, and proves what was recorded."""

import csv
import io
import json
import subprocess
import sys
import zipfile
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import database
from audit.log.subjects import Subject
from audit.packs import packs, report_pdf
from audit.packs.extent import Scope
from audit.packs.order import Grade
from audit.packs.order import PackOrder as AuditOrder
from audit.tables import Entry
from audit.verifier import assemble
from base import clock
from base.refusals import Forbidden, Invalid, NotFound
from base.viewer import Role, Viewer
from contracts.access.tables import ServiceVersion
from contracts.attainment.tables import Attained
from contracts.judging.kinds import StampKind
from contracts.review import pack
from contracts.review.pack import PackFormat, PackOrder
from contracts.review.report import Edition
from tests.given.builders import a_person, a_school
from tests.given.pdf_text import text_of_pdf
from tests.given.reviewed import FIRST, LAST, PLANTED, Reviewed, a_reviewed_contract
from tests.given.served import a_colleague, a_contract, a_job, stamped
from vouch.wiring import SOURCES

pytestmark = pytest.mark.usefixtures("db")

DAYS = (FIRST, LAST)


@pytest.fixture
async def reviewed(db: object) -> Reviewed:
    return await a_reviewed_contract(await a_person(await a_school("Oakfield Primary")))


@dataclass(frozen=True)
class Taken:
    files: dict[str, bytes]

    @cached_property
    def pdf(self) -> str:
        return text_of_pdf(self.files["review.pdf"])

    @cached_property
    def json(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.files["review.json"])
        return found

    @cached_property
    def csv(self) -> list[list[str]]:
        return list(csv.reader(io.StringIO(self.files["review.csv"].decode("utf-8-sig"))))

    def sheet(self, name: str) -> list[list[Any]]:
        book = openpyxl.load_workbook(io.BytesIO(self.files["review.xlsx"]), read_only=True)
        return [["" if cell is None else cell for cell in row] for row in book[name].iter_rows(values_only=True)]

    @cached_property
    def sheets(self) -> str:
        book = openpyxl.load_workbook(io.BytesIO(self.files["review.xlsx"]), read_only=True)
        return "\n".join(str(cell) for one in book for row in one.iter_rows(values_only=True) for cell in row if cell is not None)


async def taken(viewer: Viewer, contract: Any, edition: Edition, days: tuple[date, date] = DAYS) -> Taken:
    file = io.BytesIO()
    await pack.make(viewer, PackOrder(contract, edition, *days), to=file, sources=SOURCES)
    with zipfile.ZipFile(file) as archive:
        return Taken({name: archive.read(name) for name in archive.namelist()})


def shown(value: Any) -> str:
    return "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)


@pytest.mark.parametrize("edition", list(Edition))
@pytest.mark.both_engines
async def test_figures_are_the_same_in_all_four_files(reviewed: Reviewed, edition: Edition) -> None:
    await another_term(reviewed)
    found = await taken(reviewed.ann, reviewed.contract, edition, (date(2025, 9, 1), LAST))
    named = [
        (one["name"], row["period"], row["priority"] or "All", row["unit"], row["target"], row["measured"], row["counted"],
         row["met"], row["missed"], row["missing"], row["left_out"], row["result"])
        for one in found.json["promises"] for row in one["figures"]
    ]  # fmt: skip
    expected = [[shown(cell) for cell in row] for row in named]
    assert len(expected) >= 4
    in_csv = [row[1:13] for row in found.csv if row[0] == "figures"][2:]
    assert [[shown(float(cell)) if _is_number(cell) else cell for cell in row] for row in in_csv] == expected
    assert [[shown(cell) for cell in row[:12]] for row in found.sheet("How the service did")[2:] if row[0]] == expected
    printed = found.pdf
    for row in expected:
        assert " ".join(cell for cell in (row if edition is Edition.GOVERNORS else row[1:]) if cell) in printed
    assert found.json["sentence"] in printed


@pytest.mark.both_engines
async def test_a_pack_leaves_the_figures_that_are_kept_as_they_are(reviewed: Reviewed) -> None:
    await taken(reviewed.ann, reviewed.contract, Edition.MEETING)
    async with database.read():
        (before,) = await ServiceVersion.select().where(ServiceVersion.contract == reviewed.contract)
        kept = await Attained.select().where(Attained.contract == reviewed.contract).order_by(Attained.id)
    assert kept
    assert {row["service_version"] for row in kept} == {before["version"]}
    await taken(reviewed.ann, reviewed.contract, Edition.FILE)
    async with database.read():
        assert [before] == await ServiceVersion.select().where(ServiceVersion.contract == reviewed.contract)
        assert kept == await Attained.select().where(Attained.contract == reviewed.contract).order_by(Attained.id)


@pytest.mark.parametrize("edition", list(Edition))
async def test_every_part_is_in_all_four_files(reviewed: Reviewed, edition: Edition) -> None:
    found = await taken(reviewed.ann, reviewed.contract, edition)
    in_csv = {tuple(row[:2]) for row in found.csv}
    for part in found.json["sections"]:
        assert (part["name"], part["title"]) in in_csv
        assert part["title"] in found.pdf
        assert part["title"] in found.sheets
        for row in part["rows"]:
            cells = [shown(cell) for cell in row]
            assert [part["name"], *cells] in [line[: len(cells) + 1] for line in found.csv]
            assert all(cell in found.sheets for cell in cells)


async def test_the_supplier_is_told_nothing_that_is_ours_alone(reviewed: Reviewed) -> None:
    found = await taken(reviewed.ann, reviewed.contract, Edition.MEETING)
    texts = {"pdf": found.pdf, "xlsx": found.sheets, "csv": str(found.csv), "json": json.dumps(found.json, ensure_ascii=False)}
    raw = found.files["review.pdf"]
    for name, text in texts.items():
        for planted in (*PLANTED.values(), reviewed.ann.name):
            assert planted not in text, (name, planted)
            assert planted.encode() not in raw
        for said in ("£50", "Olive Okafor", "The gate was shut.", "We hired two fitters.", "Agenda", "a colleague rang"):
            assert said in text, (name, said)


async def test_the_file_has_what_the_supplier_is_not_told(reviewed: Reviewed) -> None:
    found = await taken(reviewed.ann, reviewed.contract, Edition.FILE)
    for planted in PLANTED.values():
        if planted not in (PLANTED["deputy"], PLANTED["budget_holder"]):
            assert planted in found.sheets, planted


async def test_nothing_of_another_contract_is_in_a_pack(reviewed: Reviewed) -> None:
    other = await a_contract(reviewed.ann, title="Windows by Yarrowby", supplier_name="Yarrowby Glass")
    await a_job(reviewed.ann, other, "2026-02-10 09:30", what="Pane cracked by Yarrowby")
    for edition in Edition:
        found = await taken(reviewed.ann, reviewed.contract, edition)
        assert all("Yarrowby" not in text for text in (found.pdf, found.sheets, str(found.csv), str(found.json)))


async def test_governors_get_two_pages_however_much_happened(reviewed: Reviewed) -> None:
    await another_term(reviewed)
    for n in range(12):
        job = await a_job(reviewed.ann, reviewed.contract, f"2026-01-{12 + n:02} 08:30", what="Boiler out again " * 11)
        await stamped(reviewed.ann, job, StampKind.FIXED, "2026-03-20 12:00")
    found = await taken(reviewed.ann, reviewed.contract, Edition.GOVERNORS, (date(2025, 9, 1), date(2026, 7, 1)))
    assert "Page 2 of 2" in found.pdf
    assert "more are in the edition for the file" in found.pdf


async def test_what_nobody_recorded_is_one_line_and_no_heading(db: object) -> None:
    ann = await a_person(await a_school("Elm Primary"))
    found = await taken(ann, await a_contract(ann), Edition.FILE)
    titles = [part["title"] for part in found.json["sections"]]
    assert "Accidents" not in titles
    (missing,) = (part for part in found.json["sections"] if part["name"] == "not_known")
    assert "Accidents: not recorded." in missing["lines"]
    assert "What the contract promises is not written down." in missing["lines"]


@pytest.mark.both_engines
async def test_the_audit_pack_inside_proves_the_files_and_a_changed_one_fails(reviewed: Reviewed, tmp_path: Path) -> None:
    found = await taken(reviewed.ann, reviewed.contract, Edition.FILE)
    verifier, whole = tmp_path / "vouch_verify.py", tmp_path / "audit-pack.zip"
    verifier.write_text(assemble.assembled())
    whole.write_bytes(found.files["audit-pack.zip"])
    assert _verified(verifier, whole) == 0
    changed = tmp_path / "changed.zip"
    with zipfile.ZipFile(whole) as before, zipfile.ZipFile(changed, "w") as after:
        lines = {name: before.read(name) for name in before.namelist()}
        assert any(b"service.logged" in content for content in lines.values())
        for name, content in lines.items():
            after.writestr(name, content.replace(b"Ashby Boilers", b"Ashby Heating"))
    assert _verified(verifier, changed) != 0


async def test_an_auditor_of_the_contract_alone_takes_a_pack_that_proves_itself(reviewed: Reviewed, tmp_path: Path) -> None:
    await taken(reviewed.ann, reviewed.contract, Edition.MEETING)
    stream = Subject.CONTRACT.of(reviewed.contract)
    iris = replace(reviewed.ann, role=Role.AUDITOR, streams=frozenset({stream}), until=clock.now() + timedelta(days=1))
    verifier, whole = tmp_path / "vouch_verify.py", tmp_path / "audit-pack.zip"
    verifier.write_text(assemble.assembled())
    order = AuditOrder(str(iris.school), iris.school_name, Scope((stream,)), Grade.COMPLETE)
    with whole.open("w+b") as file:
        await packs.build(iris, order, to=file, sources=SOURCES)
    assert _verified(verifier, whole) == 0
    with zipfile.ZipFile(whole) as archive:
        everything = b"".join(archive.read(name) for name in archive.namelist())
    assert b"contract_review.pack_made" in everything


@pytest.mark.both_engines
async def test_making_a_pack_is_an_entry_with_the_digest_of_each_file(reviewed: Reviewed) -> None:
    await taken(reviewed.ann, reviewed.contract, Edition.MEETING)
    async with database.read():
        entries = await Entry.select().order_by(Entry.idx, ascending=False).limit(1)
    assert "contract_review.pack_made" in str(entries[0])


async def test_who_may_take_which_edition(reviewed: Reviewed) -> None:
    governor = await a_colleague(reviewed.ann, Role.GOVERNOR, "Gus Green")
    await taken(governor, reviewed.contract, Edition.GOVERNORS)
    for edition in (Edition.MEETING, Edition.FILE):
        with pytest.raises(Forbidden):
            await taken(governor, reviewed.contract, edition)
    sam = await a_colleague(reviewed.ann, Role.SITE_STAFF, "Sam Stone")
    with pytest.raises(Forbidden):
        await taken(sam, reviewed.contract, Edition.GOVERNORS)
    stranger = await a_person(await a_school("Elm Primary"))
    with pytest.raises(NotFound):
        await taken(stranger, reviewed.contract, Edition.FILE)


@pytest.mark.parametrize("days", [(LAST, FIRST), (date(2999, 1, 1), date(2999, 2, 1)), (date(1990, 1, 1), LAST)])
@pytest.mark.both_engines
async def test_days_that_make_no_sense_are_refused(reviewed: Reviewed, days: tuple[date, date]) -> None:
    with pytest.raises(Invalid):
        await taken(reviewed.ann, reviewed.contract, Edition.MEETING, days)


async def test_without_typst_the_other_three_come_with_a_word_of_it(reviewed: Reviewed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report_pdf, "find_spec", lambda _: None)  # as on an installation without the extra
    found = await taken(reviewed.ann, reviewed.contract, Edition.MEETING)
    assert set(found.files) == {"review.csv", "review.json", "review.xlsx", "no-pdf.txt"}
    with pytest.raises(report_pdf.NoPdf):
        order = PackOrder(reviewed.contract, Edition.MEETING, FIRST, LAST, PackFormat.PDF)
        await pack.make(reviewed.ann, order, to=io.BytesIO(), sources=SOURCES)


async def another_term(reviewed: Reviewed) -> None:
    """Two jobs of another priority in the autumn before, one of which was late."""
    for at, fixed in (("2025-11-04 09:30", "2025-11-04 10:30"), ("2025-11-11 09:30", "2025-11-14 10:30")):
        job = await a_job(reviewed.ann, reviewed.contract, at, what="Pump loud", priority="P2")
        await stamped(reviewed.ann, job, StampKind.FIXED, fixed)


def _is_number(text: str) -> bool:
    return text.replace(".", "", 1).isdecimal()


def _verified(verifier: Path, file: Path) -> int:
    return subprocess.run([sys.executable, "-I", str(verifier), str(file)], capture_output=True, check=False).returncode
