"""Exceptions of a school and of a trust, on screen and as a file: each leads to the contract that it asks about."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

import database
from base import clock
from base.refusals import Conflict, Forbidden, NotFound
from base.viewer import Role, Viewer
from contracts.exceptions import exceptions
from contracts.exceptions.rules import Rule
from contracts.exceptions.scheme import Band, Scheme
from contracts.fields.said import Said
from contracts.register import register
from sharing.tables import School
from tests.given.builders import a_person, a_school, signed_in
from tests.given.served import a_colleague, a_contract, a_job

pytestmark = pytest.mark.usefixtures("db")

GOOD: dict[str, Any] = {
    "officer": "Business manager", "conflicts": "None", "approved_by": "Governors", "approved_on": date(2025, 7, 1),
    "starts_on": date(2025, 9, 1), "annual_pence": 900_000, "quotes": 3, "route": "quotes", "renewal": "expires",
    "term": {"n": 3, "unit": "years"},
}  # fmt: skip


@pytest.fixture(autouse=True)
def march() -> Any:
    with clock.at(datetime(2026, 3, 30, 12, tzinfo=UTC)):
        yield


async def rules_found(viewer: Viewer, *, of_trust: bool = False) -> list[tuple[Rule, str]]:
    _, found = await exceptions.exceptions(viewer, of_trust=of_trust)
    return [(one.rule, one.title) for one in found]


async def test_a_contract_asks_only_what_is_not_known_of_it(ann: Viewer) -> None:
    await a_contract(ann, "Boilers", **GOOD)
    assert await rules_found(ann) == [(Rule.NO_SIGNED_COPY, "Boilers")]


async def test_rules_of_buying_are_asked_once_they_are_saved(ann: Viewer) -> None:
    await a_contract(ann, "Boilers", **{**GOOD, "quotes": 1})
    await exceptions.save_scheme(ann, Scheme((Band(100_000, 3),)), version=0)
    assert (Rule.FEW_QUOTES, "Boilers") in await rules_found(ann)
    with pytest.raises(Conflict):
        await exceptions.save_scheme(ann, Scheme(), version=0)


async def test_what_ended_and_is_still_used_is_asked(ann: Viewer) -> None:
    contract = await a_contract(ann, "Boilers", **{**GOOD, "starts_on": date(2023, 1, 1), "approved_on": date(2022, 12, 1)})
    await a_job(ann, contract, "2026-02-03 09:00")
    assert await rules_found(ann) == [(Rule.ENDED_IN_USE, "Boilers")]


async def test_a_trust_lead_asks_of_all_schools_and_nobody_else_can(ann: Viewer) -> None:
    ivo = await a_person(await a_school("Ivy Primary", trust="Rose Trust"), name="Ivo Ives")
    async with database.read():
        rose: Any = await School.objects().where(School.kind == "trust").first()
    tess = await a_person(rose, Role.TRUST_LEAD, "Tess Tate")
    await a_contract(ivo, "Boilers", **GOOD)
    await a_contract(ann, "Grounds", **GOOD)
    assert await rules_found(tess, of_trust=True) == [(Rule.NO_SIGNED_COPY, "Boilers")]
    assert await rules_found(tess) == []
    with pytest.raises(NotFound):
        await rules_found(ann, of_trust=True)
    with pytest.raises(Forbidden):
        await rules_found(await a_colleague(ann, Role.SITE_STAFF, "Sam Sage"))


async def test_the_page_and_its_files_say_the_same(ann: Viewer) -> None:
    contract = await a_contract(ann, "=Boilers", **GOOD)
    async with signed_in(ann) as browser:
        page = (await browser.get("/contracts/exceptions")).text
        file = (await browser.get("/contracts/exceptions.csv")).text
        sums = (await browser.get("/contracts/commitments.csv?on-day=31&on-month=8&on-year=2026")).text
    assert f'href="/contracts/{contract}"' in page
    assert "No signed copy is kept with it." in page
    assert "No signed copy is kept with it." in file
    assert "'=Boilers" in file
    assert "2028-08-31,8993.84,9018.48,0.00,18012.32" in sums


async def test_rules_that_cant_be_kept_come_back_as_they_were_typed(ann: Viewer) -> None:
    async with signed_in(ann) as browser:
        typed = {"version": "0", "from-0": "5,000", "quotes-0": "", "approval": "12k"}
        page = (await browser.post("/contracts/buying-rules", data=typed)).text
        assert "Enter both a value and how many quotes it needs." in page
        assert "Write the amount in full" in page
        assert 'value="12k"' in page
        assert (await browser.post("/contracts/buying-rules", data={**typed, "quotes-0": "2", "approval": ""})).status_code == 303
    scheme, version = await exceptions.scheme_of(ann)
    assert (scheme.quotes_for(500_000), version) == (2, 1)


async def test_drafts_ask_nothing(ann: Viewer) -> None:
    await register.add(ann, Said({"title": "Later"}, is_draft=True))
    assert await rules_found(ann) == []
