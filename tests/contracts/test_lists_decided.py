"""Nothing is to be decided once notice was given, nor after the end; once it came too late, the next chance is what counts."""

import io
import json
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

import pytest

import database
from base import clock
from base.viewer import Role, Viewer
from base.words import in_words
from contracts.attainment import trust as roll_up
from contracts.fields.said import Said
from contracts.lists import by_supplier, listing, trust_suppliers
from contracts.lists.listing import Showing, Wanted
from contracts.register import reading, register
from contracts.review import pack
from contracts.review.pack import PackFormat, PackOrder
from contracts.review.report import Edition
from contracts.shares import shown
from sharing.tables import School
from suppliers.directory import directory
from tests.given.builders import a_person, a_school
from vouch.wiring import SOURCES

pytestmark = pytest.mark.usefixtures("db")

ROLLS: Final[dict[str, Any]] = {
    "renewal": "rolls", "roll": {"n": 1, "unit": "years"}, "notice": {"n": 3, "unit": "months"},
    "lead": {"n": 1, "unit": "months"},
}  # fmt: skip


def in_days(days: int) -> date:
    return clock.today() + timedelta(days=days)


@pytest.fixture
async def ann(db: object) -> Viewer:
    return await a_person(await a_school("Ivy Primary", trust="Rose Trust"))


@pytest.fixture
async def lea(ann: Viewer) -> Viewer:
    """A lead of Ann's trust."""
    async with database.read():
        rose: Any = await School.objects().where(School.kind == "trust").first()
    return await a_person(rose, Role.TRUST_LEAD, "Lea Long")


async def a_contract(ann: Viewer, title: str, ends_in: int, supplier: UUID | None = None, **more: Any) -> UUID:
    given = more.pop("notice_given_on", None)
    days = {"starts_on": in_days(-300), "ends_on": in_days(ends_in)}
    return await register.add(ann, Said({"title": title, **days, **ROLLS, **more}, supplier=supplier, notice_given_on=given))


async def ahead_in_a_pack(ann: Viewer, contract: UUID) -> list[list[str]]:
    file, order = io.BytesIO(), PackOrder(contract, Edition.FILE, in_days(-30), in_days(0), PackFormat.JSON)
    await pack.make(ann, order, to=file, sources=SOURCES)
    parts = {part["name"]: part["rows"] for part in json.loads(file.getvalue())["sections"]}
    rows: list[list[str]] = parts.get("ahead", [])
    return rows


@pytest.mark.both_engines
async def test_once_notice_was_given_nobody_is_told_to_decide(ann: Viewer, lea: Viewer) -> None:
    supplier = (await directory.add(ann, name="Ashby Boilers")).id
    contract = await a_contract(ann, "Boilers", 90, supplier, notice_given_on=in_days(-1))
    (line,) = (await listing.page(ann)).lines
    assert (line.state, line.decide_by) == ("notice_given", None)
    assert (await listing.page(ann, wanted=Wanted(Showing.SOON))).lines == ()
    assert (await listing.look(ann)).counts.soon == 0
    assert await by_supplier.ahead(ann) == {}
    (card,) = await shown.with_supplier(ann, supplier)
    assert "Decide by" not in dict(card.days)
    assert (await trust_suppliers.listed(lea))[0].next_to_decide is None
    assert (await roll_up.roll_up(lea)).dates == ()
    view = await reading.contract(ann, contract)
    assert view.outlook is not None
    assert view.outlook.to_decide_by is None
    assert [row[0] for row in await ahead_in_a_pack(ann, contract)] == [in_words(in_days(90))]


@pytest.mark.both_engines
async def test_once_it_came_too_late_a_pack_names_the_next_chance_as_the_list_does(ann: Viewer) -> None:
    contract = await a_contract(ann, "Cleaning", 60)
    (line,) = (await listing.page(ann)).lines
    assert line.is_missed
    assert line.decide_by is not None
    assert line.decide_by > in_days(60)
    rows = await ahead_in_a_pack(ann, contract)
    assert [in_words(in_days(60)), in_words(line.decide_by)] == [row[0] for row in rows]
    assert rows[1][1] == "Decide by this day, for the next chance to end it"


@pytest.mark.both_engines
async def test_a_contract_that_has_ended_is_not_ahead_and_is_counted_as_the_list_counts_it(ann: Viewer, lea: Viewer) -> None:
    over: dict[str, Any] = {"renewal": "expires", "roll": None, "notice": None}
    ended = await a_contract(ann, "Old", -1, **over)
    await a_contract(ann, "New", 400, **over)
    (line,) = (await listing.page(ann, wanted=Wanted(Showing.ENDED))).lines
    assert (line.id, line.decide_by) == (ended, None)
    assert await ahead_in_a_pack(ann, ended) == []
    school = next(one for one in (await roll_up.roll_up(lea)).schools if one.school == ann.school)
    assert school.contracts == len((await listing.page(lea, wanted=Wanted(Showing.CURRENT, school=ann.school))).lines) == 1
