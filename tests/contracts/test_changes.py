"""What happens to a contract while it runs is kept: variations, extensions taken, and contracts that belong together."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from base.refusals import Forbidden, Invalid, NotFound
from base.viewer import Role, Viewer
from contracts.changes import linking, varying
from contracts.changes.varying import NewVariation
from contracts.fields.dates_asked import Extension
from contracts.fields.said import Said
from contracts.register import reading, register
from tests.given.builders import a_person, a_school

pytestmark = pytest.mark.usefixtures("db")

PAYROLL: dict[str, Any] = {
    "title": "Payroll",
    "annual_pence": 900_000,
    "starts_on": date(2025, 9, 1),
    "ends_on": date(2028, 8, 31),
}


@pytest.fixture
async def ida(db: object) -> Viewer:
    return await a_person(await a_school("Ivy Primary"), name="Ida Ives")


@pytest.fixture
async def eve(db: object) -> Viewer:
    """Of another school."""
    return await a_person(await a_school("Elm Primary"), name="Eve Elm")


async def a_pair(viewer: Viewer) -> tuple[UUID, UUID]:
    lease = await register.add(viewer, Said({**PAYROLL, "title": "Copier lease"}))
    service = await register.add(viewer, Said({**PAYROLL, "title": "Copier service", "ends_on": date(2029, 8, 31)}))
    return lease, service


async def test_linked_contracts_whose_ends_part_are_warned_about(ida: Viewer, eve: Viewer) -> None:
    lease, service = await a_pair(ida)
    link = await linking.link(ida, lease, service, "together")
    (found,) = await linking.links(ida, service)
    assert (found.title, found.warning != "") == ("Copier lease", True)
    assert await linking.links(eve, lease) == ()
    with pytest.raises(NotFound):
        await linking.end(eve, link)
    await linking.end(ida, link)
    assert await linking.links(ida, lease) == ()


async def test_a_call_off_that_outlives_its_framework_is_warned_about(ida: Viewer) -> None:
    framework, call_off = await a_pair(ida)
    await linking.link(ida, call_off, framework, "call_off")
    (found,) = await linking.links(ida, framework)
    assert found.words == "Its call-off"
    assert "goes on after the framework ends" in found.warning


async def test_what_can_not_be_linked_is_refused(ida: Viewer, eve: Viewer) -> None:
    lease, service = await a_pair(ida)
    elms = await register.add(eve, Said(PAYROLL))
    await linking.link(ida, lease, service, "together")
    for other, kind in ((lease, "together"), (service, "call_off"), (service, "cousins")):
        with pytest.raises(Invalid):
            await linking.link(ida, lease, other, kind)
    with pytest.raises(NotFound):
        await linking.link(ida, lease, elms, "together")
    with pytest.raises(Forbidden):
        await linking.link(Viewer(ida.person, "Gus", ida.school, "Ivy", Role.GOVERNOR), lease, service, "together")


async def test_a_variation_changes_price_and_end_and_is_kept_with_what_it_replaced(ida: Viewer, eve: Viewer) -> None:
    contract = await register.add(ida, Said(PAYROLL))
    agreed = NewVariation(date(2026, 1, 5), "Two more machines.", "The head", "", 950_000, date(2029, 8, 31))
    await varying.vary(ida, contract, agreed, version=1)
    found = await reading.contract(ida, contract)
    assert (found.said.values["annual_pence"], found.said.values["ends_on"]) == (950_000, date(2029, 8, 31))
    (kept,) = await varying.variations(ida, contract)
    assert (kept.annual_before_pence, kept.end_before, kept.agreed_by) == (900_000, date(2028, 8, 31), "The head")
    assert await varying.variations(eve, contract) == ()


async def test_an_extension_is_taken_with_who_decided(ida: Viewer) -> None:
    options = [Extension({"n": 1, "unit": "years"}), Extension({"n": 1, "unit": "years"})]
    contract = await register.add(ida, Said(PAYROLL, extensions=options))
    decided = {"decided_by": "Finance committee", "decided_on": date(2026, 1, 5), "minute": "12"}
    await varying.take_extension(ida, contract, **decided, version=1)  # type: ignore[arg-type]
    found = await reading.contract(ida, contract)
    assert found.planned["current_end"] == "2029-08-31"
    assert (found.said.extensions[0].decided_by, found.said.extensions[0].minute) == ("Finance committee", "12")
    await varying.take_extension(ida, contract, **decided, version=2)  # type: ignore[arg-type]
    with pytest.raises(Invalid):
        await varying.take_extension(ida, contract, **decided, version=3)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"agreed_on": None}, "agreed_on"),
        ({"agreed_on": date(2999, 1, 1)}, "agreed_on"),
        ({"what": " "}, "what"),
        ({"what": "x" * 10_001}, "what"),
        ({"agreed_by": "x" * 201}, "agreed_by"),
        ({"annual_pence": -1}, "annual_pence"),
        ({"new_end": date(2025, 8, 31)}, "new_end"),
        ({"new_end": date(1800, 1, 1)}, "new_end"),
    ],
)
async def test_a_variation_that_can_not_be_so_is_refused(ida: Viewer, wrong: dict[str, Any], field: str) -> None:
    contract = await register.add(ida, Said(PAYROLL))
    told: dict[str, Any] = {"agreed_on": date(2026, 1, 5), "what": "More.", **wrong}
    with pytest.raises(Invalid) as refusal:
        await varying.vary(ida, contract, NewVariation(**told), version=1)
    assert field in refusal.value.fields
    assert await varying.variations(ida, contract) == ()
