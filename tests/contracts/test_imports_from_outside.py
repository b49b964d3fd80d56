"""Whoever runs the installation brings a register to a school: its people are told, and answer what is asked."""

import json
from pathlib import Path

import pytest

import database
from audit.tables import Entry, Opening
from base.refusals import Invalid
from base.viewer import Viewer
from contracts.imports import from_outside, imports, notices, rows
from contracts.lists import whole
from contracts.register_rows.states import RowKind
from contracts.tables import Contract
from sharing.tables import School
from tests.given.builders import a_person, a_school

pytestmark = pytest.mark.usefixtures("db")

REGISTER = b"""Contract,Supplier,Start,End,Notice
Copiers,Tallow,01/09/2024,31/08/2027,3 months
Cleaning,Bright,01/09/2024,Aug-27,1 term
"""
B_TRUST = Path("tests/data/sla/registers/B_trust.xlsx").read_bytes()


async def urn_of(viewer: Viewer) -> int:
    async with database.read():
        (urn,) = await School.select(School.urn).where(School.id == viewer.school).output(as_list=True)
    return int(urn)


@pytest.mark.both_engines
async def test_what_needs_no_answer_is_imported_and_the_rest_waits_for_the_schools_people(ann: Viewer) -> None:
    found = await from_outside.bring(REGISTER, urn=await urn_of(ann), uid=None)
    assert (found.added, found.waiting, found.school) == (1, 1, ann.school_name)
    (contract,) = [one async for some in whole.readable(ann) for one in some]
    assert contract.said.values["title"] == "Copiers"
    async with database.read():
        assert await Contract.select(Contract.author).output(as_list=True) == [None]
    (waiting,) = await imports.listed(ann)
    assert waiting.is_from_outside
    (row,) = (await rows.page_of(ann, waiting.id, RowKind.ASK)).rows
    assert await rows.answer(ann, waiting.id, row.place, {"ends_on": "31/08/2027"}, "") is RowKind.NEW


@pytest.mark.both_engines
async def test_the_entries_and_the_home_page_say_that_the_operator_did_it(ann: Viewer) -> None:
    await from_outside.bring(REGISTER, urn=await urn_of(ann), uid=None)
    async with database.read():
        entries = await Entry.select(Entry.type, Entry.event_id).where(Entry.trail == str(ann.school)).order_by(Entry.idx)
        opened = await Opening.select(Opening.field, Opening.value).where(Opening.event_id == entries[-2]["event_id"])
    assert [one["type"] for one in entries[-2:]] == ["contract.added", "contracts.brought"]
    assert {row["field"]: json.loads(row["value"]) for row in opened}["facts"]["by"] == "operator"
    (notice,) = await notices.of(ann)
    assert notice.title == "Whoever runs this installation imported 1 contract for you"
    assert "1 row waits for your answers" in notice.text


async def test_the_same_file_again_adds_nothing(ann: Viewer) -> None:
    urn = await urn_of(ann)
    await from_outside.bring(REGISTER, urn=urn, uid=None)
    again = await from_outside.bring(REGISTER, urn=urn, uid=None)
    assert (again.added, again.waiting) == (1, 1)
    assert len([one async for some in whole.readable(ann) for one in some]) == 1


async def test_a_school_that_is_not_there_is_said(ann: Viewer) -> None:
    with pytest.raises(Invalid, match="no school with the URN 999999"):
        await from_outside.bring(REGISTER, urn=999_999, uid=None)


async def test_the_trusts_register_of_several_sheets_is_read_and_its_schools_are_asked_about(db: object) -> None:
    ann = await a_person(await a_school("Oakfield Primary"))
    found = await from_outside.bring(B_TRUST, urn=await urn_of(ann), uid=None)
    assert found.added + found.waiting + found.left_out > 0
