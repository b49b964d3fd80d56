"""Figures of many contracts are read together: what is asked of the database is the same for one contract and for several."""

import threading
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

import database
from base import clock
from base.viewer import Role, Viewer
from contracts.attainment import attainment, reckoning, trust, warning
from contracts.attainment.tables import Attained
from contracts.fields.said import Said
from contracts.judging.kinds import StampKind
from contracts.register import register
from sharing.tables import School
from tests.given.builders import a_person, a_school, signed_in
from tests.given.served import a_calendar_of_september, a_fix_time, a_job, stamped
from tests.given.statements import listened_to

pytestmark = pytest.mark.usefixtures("db")

NOW = datetime(2026, 3, 30, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def easter() -> Any:
    with clock.at(NOW):
        yield


async def a_served_contract(viewer: Viewer, title: str) -> UUID:
    """One that ends in three months, under which one call of two was fixed late."""
    said: dict[str, Any] = {"title": title, "starts_on": date(2025, 9, 1), "ends_on": date(2026, 6, 30), "renewal": "expires"}
    contract = await register.add(viewer, Said(said | {"notice": {"n": 1, "unit": "months"}}))
    await a_fix_time(viewer, contract)
    for happened, done in (("2026-01-20 09:00", "2026-01-20 10:00"), ("2026-03-03 09:00", "2026-03-04 16:00")):
        await stamped(viewer, await a_job(viewer, contract, happened), StampKind.FIXED, done)
    return contract


async def how_many(read: Callable[[], Awaitable[Any]]) -> int:
    """Statements of a second look, when the figures are kept."""
    await read()
    with listened_to() as statements:
        await read()
    return len(statements)


@pytest.fixture
async def ann(ann: Viewer) -> Viewer:
    await a_calendar_of_september(ann)
    return ann


async def test_a_home_page_asks_no_more_for_three_contracts_than_for_one(ann: Viewer) -> None:
    await a_served_contract(ann, "Boilers")
    async with signed_in(ann) as browser:
        of_one = await how_many(lambda: browser.get("/"))
        for title in ("Lifts", "Drains"):
            await a_served_contract(ann, title)
        assert await how_many(lambda: browser.get("/")) == of_one


async def test_an_early_warning_rests_on_the_same_figures_as_the_contracts_page(ann: Viewer) -> None:
    contracts = [await a_served_contract(ann, title) for title in ("Boilers", "Lifts")]
    together = await attainment.of_own(ann, contracts)
    assert together == {contract: await attainment.of_contract(ann, contract) for contract in contracts}
    await warning.of_school(ann)
    bob = await a_person(await a_school("Elm Primary"), Role.BUSINESS_MANAGER)
    assert await attainment.of_own(bob, contracts) == {}


async def test_a_trusts_page_asks_no_more_for_three_contracts_than_for_one(db: object) -> None:
    ivo = await a_person(await a_school("Ivy Primary", trust="Rose Trust"), Role.BUSINESS_MANAGER)
    async with database.read():
        rose: Any = await School.objects().where(School.kind == "trust").first()
    tess = await a_person(rose, Role.TRUST_LEAD)
    await a_calendar_of_september(ivo)
    await a_served_contract(ivo, "Boilers")
    of_one = await how_many(lambda: trust.roll_up(tess))
    for title in ("Lifts", "Drains"):
        await a_served_contract(ivo, title)
    assert await how_many(lambda: trust.roll_up(tess)) == of_one
    found = await trust.roll_up(tess)
    assert [one.contract.title for one in found.worst] == ["Boilers", "Drains", "Lifts"]
    assert {(one.title, one.decide_by) for one in found.dates} == {
        (one.contract.title, one.contract.decide_by) for one in found.worst
    }
    assert all(one.decide_by for one in found.dates)


async def test_what_is_kept_beside_figures_is_what_they_say(ann: Viewer) -> None:
    contract = await a_served_contract(ann, "Boilers")
    (metric,) = await attainment.of_contract(ann, contract)
    async with database.read():
        rows = await Attained.select().where(Attained.contract == contract, Attained.last_day < NOW.date())
    kept = {row["first_day"]: (row["said"], row["share"]) for row in rows}
    shown = {one.first: (one.figure.said, one.figure.share) for one in metric.periods if not one.is_running}
    assert shown.items() <= kept.items()
    assert ("not met", 50 / 95) in shown.values()


async def test_figures_are_reckoned_beside_what_others_ask(ann: Viewer, monkeypatch: pytest.MonkeyPatch) -> None:
    contract, where = await a_served_contract(ann, "Boilers"), []
    reckon = reckoning.reckon

    def noted(*args: Any, **more: Any) -> Any:
        where.append(threading.current_thread())
        return reckon(*args, **more)

    monkeypatch.setattr(reckoning, "reckon", noted)
    await attainment.of_contract(ann, contract)
    assert where
    assert threading.main_thread() not in where
