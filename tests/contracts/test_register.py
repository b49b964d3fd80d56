"""A school's register of contracts: what is said is kept, dates follow, each change is an entry that says whom it is about."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

import database
from audit.tables import Entry, Opening
from base import clock
from base.refusals import Conflict, Forbidden, Invalid, NotFound
from base.viewer import Role, Viewer
from contracts.fields import contract_fields
from contracts.fields.dates_asked import Extension
from contracts.fields.said import Said
from contracts.lists import listing
from contracts.register import reading, register
from contracts.tables import Contract
from suppliers.directory import directory
from tests.given.builders import a_person, a_school

pytestmark = pytest.mark.usefixtures("db")

COPIERS: dict[str, Any] = {
    "title": "Photocopiers",
    "starts_on": date(2024, 9, 1),
    "ends_on": date(2027, 8, 31),
    "renewal": "rolls",
    "roll": {"n": 1, "unit": "years"},
    "notice": {"n": 3, "unit": "months"},
    "lead": {"n": 2, "unit": "months"},
    "annual_pence": 486_000,
    "officer": "Ann Ash",
    "notes": "Lease and service are two agreements.",
}


@pytest.fixture
async def copiers(ann: Viewer) -> UUID:
    supplier = (await directory.add(ann, name="Tallow Print Ltd", identifiers={"company_number": "01234567"})).id
    with clock.at(datetime(2026, 11, 28, tzinfo=UTC)):
        return await register.add(ann, Said(COPIERS, supplier=supplier))


async def entries(viewer: Viewer, contract: UUID) -> list[tuple[str, dict[str, Any]]]:
    async with database.read():
        found = []
        chosen = (Entry.trail == str(viewer.school)) & (Entry.stream == f"contract:{contract}")
        for entry in await Entry.select(Entry.type, Entry.event_id).where(chosen).order_by(Entry.idx):
            rows = await Opening.select(Opening.field, Opening.value).where(Opening.event_id == entry["event_id"])
            found.append((entry["type"], {row["field"]: json.loads(row["value"]) for row in rows}))
        return found


def test_the_list_of_fields_and_the_table_name_the_same_columns() -> None:
    columns = {column._meta.name for column in Contract._meta.columns}
    assert {one.name for one in contract_fields.FIELDS} <= columns


async def test_what_was_said_is_read_back_with_the_dates_that_follow(ann: Viewer, copiers: UUID) -> None:
    with clock.at(datetime(2026, 11, 28, tzinfo=UTC)):
        found = await reading.contract(ann, copiers)
        (line,) = (await listing.page(ann)).lines
    assert {name: value for name, value in found.said.values.items() if value is not None} == COPIERS
    assert found.planned["notice_received_by"] == "2027-05-28"
    assert found.words["notice_received_by"] == "2027-05-31"
    assert (line.state, line.current_end, line.decide_by) == ("live", date(2027, 8, 31), date(2027, 3, 25))


async def test_days_pass_and_the_list_knows_without_a_job(ann: Viewer, copiers: UUID) -> None:
    with clock.at(datetime(2027, 6, 2, tzinfo=UTC)):
        (line,) = (await listing.page(ann)).lines
        assert (line.is_missed, line.decide_by) == (True, date(2028, 3, 31))
    with clock.at(datetime(2027, 9, 2, tzinfo=UTC)):
        (line,) = (await listing.page(ann)).lines
        assert (line.is_missed, line.current_end) == (False, date(2028, 8, 31))


async def test_an_entry_commits_whom_the_contract_is_with_and_words_apart_from_facts(ann: Viewer, copiers: UUID) -> None:
    ((event, opened),) = await entries(ann, copiers)
    assert event == "contract.added"
    assert opened["personal.contract_title"] == "Photocopiers"
    assert opened["personal.supplier_name"] == "Tallow Print Ltd"
    assert opened["personal.supplier_identifiers"] == "company_number:01234567"
    assert opened["personal.officer"] == "Ann Ash"
    assert opened["facts"]["new"]["annual_pence"] == 486_000
    assert "officer" not in opened["facts"]["new"]


async def test_a_change_is_an_entry_of_what_differs_and_no_change_is_none(ann: Viewer, copiers: UUID) -> None:
    found = (await reading.contract(ann, copiers)).said
    await register.change(ann, copiers, found, version=1)
    dearer = replace(found, values={**found.values, "annual_pence": 500_000}, extensions=[Extension({"n": 1, "unit": "years"})])
    await register.change(ann, copiers, dearer, version=1)
    with pytest.raises(Conflict):
        await register.change(ann, copiers, found, version=1)
    _, (event, opened) = await entries(ann, copiers)
    assert event == "contract.changed"
    assert opened["facts"]["old"]["annual_pence"] == 486_000
    assert opened["facts"]["new"]["extensions"] == [{"n": 1, "unit": "years", "taken": False}]
    assert (await reading.contract(ann, copiers)).said.extensions == (Extension({"n": 1, "unit": "years"}),)


async def test_a_contract_that_is_taken_out_is_read_by_nobody(ann: Viewer, copiers: UUID) -> None:
    await register.withdraw(ann, copiers)
    with pytest.raises(NotFound):
        await reading.contract(ann, copiers)
    assert (await listing.page(ann)).lines == ()


async def test_other_schools_find_nothing_and_governors_change_nothing(ann: Viewer, copiers: UUID) -> None:
    bob = await a_person(await a_school("Elmwood School"), name="Bob Brown")
    with pytest.raises(NotFound):
        await reading.contract(bob, copiers)
    with pytest.raises(NotFound):
        await register.withdraw(bob, copiers)
    assert (await listing.page(bob)).lines == ()
    with pytest.raises(Forbidden):
        await register.withdraw(replace(ann, role=Role.GOVERNOR), copiers)


REFUSED: tuple[tuple[str, Any], ...] = (
    ("title", ""),
    ("title", "x" * 201),
    ("notes", "x" * 10_001),
    ("annual_pence", -1),
    ("annual_pence", 10**11 + 1),
    ("annual_pence", True),
    ("ends_on", date(2024, 8, 31)),
    ("starts_on", date(1850, 1, 1)),
    ("renewal", "sometimes"),
    ("roll", {"n": 0, "unit": "years"}),
    ("notice", {"n": 0, "unit": "months"}),
    ("notice", {"n": 2.5, "unit": "months"}),
    ("notice", {"n": 3, "unit": "moons"}),
    ("notice", {"by": "13-31"}),
    ("notice", "three months"),
    ("lead", {"n": -1, "unit": "weeks"}),
    ("break_clause", {"from": "2026-02-31", "notice": {"n": 1, "unit": "months"}}),
    ("break_clause", {"from": "2026-01-01"}),
    ("category", "no-such-category"),
    ("method", "pigeon"),
    ("quotes", 1_001),
    ("is_deed", "yes"),
    ("no_such_field", 1),
)


@pytest.mark.parametrize(("name", "value"), REFUSED)
async def test_what_can_not_be_so_is_refused_by_name(ann: Viewer, name: str, value: Any) -> None:
    with pytest.raises(Invalid) as refusal:
        await register.add(ann, Said({**COPIERS, name: value}))
    assert name in refusal.value.fields
    assert (await listing.page(ann)).lines == ()


async def test_a_page_goes_on_where_the_last_one_ended_whatever_the_days(ann: Viewer) -> None:
    for n in range(listing.PAGE + 20):
        dates = {"starts_on": date(2025, 1, 1), "ends_on": date(2027, 1, 1 + n % 28)} if n % 3 else {}
        await register.add(ann, Said({"title": f"Contract {n % 7}", **dates}))
    first = await listing.page(ann)
    second = await listing.page(ann, first.after)
    assert second.after == ""
    lines = [*first.lines, *second.lines]
    assert len({line.id for line in lines}) == listing.PAGE + 20
    keys = [(line.decide_by or date.max, line.title, str(line.id)) for line in lines]
    assert keys == sorted(keys)
