"""A trust's contracts: schools that one covers read it, a lead of the trust reads its schools', nobody else does."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest

import database
from base.refusals import Forbidden, Invalid, NotFound
from base.viewer import Role, Viewer
from contracts.register import linking, listing, reading, register, varying
from contracts.register.access import Standing
from contracts.register.deriving import Extension
from contracts.register.said import Said
from contracts.register.varying import Agreed
from sharing.tables import School
from tests.given.builders import a_person, a_school

pytestmark = pytest.mark.usefixtures("db")

PAYROLL: dict[str, Any] = {
    "title": "Payroll",
    "annual_pence": 900_000,
    "notes": "Slow in March.",
    "award_reason": "The cheapest.",
    "starts_on": date(2025, 9, 1),
    "ends_on": date(2028, 8, 31),
}


class Trust:
    """Rose Trust with Ivy and Oak; Elm is a school by itself."""

    def __init__(self, people: dict[str, Viewer]) -> None:
        self.tom, self.lea, self.ida, self.ola, self.eve = (people[name] for name in ("tom", "lea", "ida", "ola", "eve"))


@pytest.fixture
async def trust(db: object) -> Trust:
    ivy = await a_school("Ivy Primary", trust="Rose Trust")
    oak = await a_school("Oak Primary", trust="Rose Trust")
    async with database.read():
        rose: Any = await School.objects().where(School.kind == "trust").first()
    return Trust(
        {
            "tom": await a_person(rose, name="Tom Rose"),
            "lea": await a_person(rose, Role.TRUST_LEAD, "Lea Long"),
            "ida": await a_person(ivy, name="Ida Ives"),
            "ola": await a_person(oak, name="Ola Oak"),
            "eve": await a_person(await a_school("Elm Primary"), name="Eve Elm"),
        }
    )


async def titles(viewer: Viewer) -> list[str]:
    return [line.title for line in (await listing.page(viewer)).lines]


async def test_a_covered_school_reads_the_trusts_contract_but_not_why_it_was_chosen(trust: Trust) -> None:
    contract = await register.add(trust.tom, Said(PAYROLL, covers=[trust.ida.school]))
    found = await reading.contract(trust.ida, contract)
    assert found.standing is Standing.COVERED
    assert found.said.values["annual_pence"] == 900_000
    assert (found.said.values["notes"], found.said.values["award_reason"]) == (None, None)
    assert (await titles(trust.ida), await titles(trust.ola), await titles(trust.eve)) == (["Payroll"], [], [])
    for viewer in (trust.ola, trust.eve):
        with pytest.raises(NotFound):
            await reading.contract(viewer, contract)
    with pytest.raises(NotFound):
        await register.withdraw(trust.ida, contract)


async def test_a_confidential_price_stays_with_the_trust(trust: Trust) -> None:
    contract = await register.add(trust.tom, Said({**PAYROLL, "is_price_confidential": True}, covers=[trust.ida.school]))
    assert (await reading.contract(trust.ida, contract)).said.values["annual_pence"] is None
    assert (await listing.page(trust.ida)).lines[0].annual_pence is None


async def test_only_schools_of_the_trust_are_covered(trust: Trust) -> None:
    for viewer, school in ((trust.tom, trust.eve.school), (trust.ida, trust.ola.school)):
        with pytest.raises(Invalid) as refusal:
            await register.add(viewer, Said(PAYROLL, covers=[school]))
        assert "covers" in refusal.value.fields


async def test_a_lead_reads_the_schools_contracts_with_prices_and_changes_none(trust: Trust) -> None:
    contract = await register.add(trust.ida, Said(PAYROLL))
    found = await reading.contract(trust.lea, contract)
    assert found.standing is Standing.LED
    assert (found.said.values["annual_pence"], found.said.values["notes"]) == (900_000, None)
    assert await titles(trust.lea) == ["Payroll"]
    assert await titles(trust.tom) == []
    with pytest.raises(NotFound):
        await register.withdraw(trust.lea, contract)
    elms = await register.add(trust.eve, Said(PAYROLL))
    with pytest.raises(NotFound):
        await reading.contract(trust.lea, elms)


async def test_a_lead_keeps_the_trusts_own(trust: Trust) -> None:
    contract = await register.add(trust.lea, Said(PAYROLL))
    assert (await reading.contract(trust.tom, contract)).said.values["title"] == "Payroll"
    assert [name for _, name in await listing.schools(trust.lea)] == ["Ivy Primary", "Oak Primary"]


async def a_pair(viewer: Viewer) -> tuple[UUID, UUID]:
    lease = await register.add(viewer, Said({**PAYROLL, "title": "Copier lease"}))
    service = await register.add(viewer, Said({**PAYROLL, "title": "Copier service", "ends_on": date(2029, 8, 31)}))
    return lease, service


async def test_linked_contracts_whose_ends_part_are_warned_about(trust: Trust) -> None:
    lease, service = await a_pair(trust.ida)
    link = await linking.link(trust.ida, lease, service, "together")
    (found,) = await linking.links(trust.ida, service)
    assert (found.title, found.warning != "") == ("Copier lease", True)
    assert await linking.links(trust.eve, lease) == ()
    with pytest.raises(NotFound):
        await linking.end(trust.eve, link)
    await linking.end(trust.ida, link)
    assert await linking.links(trust.ida, lease) == ()


async def test_a_call_off_that_outlives_its_framework_is_warned_about(trust: Trust) -> None:
    framework, call_off = await a_pair(trust.ida)
    await linking.link(trust.ida, call_off, framework, "call_off")
    (found,) = await linking.links(trust.ida, framework)
    assert found.words == "Its call-off"
    assert "goes on after the framework ends" in found.warning


async def test_what_can_not_be_linked_is_refused(trust: Trust) -> None:
    lease, service = await a_pair(trust.ida)
    elms = await register.add(trust.eve, Said(PAYROLL))
    await linking.link(trust.ida, lease, service, "together")
    for other, kind in ((lease, "together"), (service, "call_off"), (service, "cousins")):
        with pytest.raises(Invalid):
            await linking.link(trust.ida, lease, other, kind)
    with pytest.raises(NotFound):
        await linking.link(trust.ida, lease, elms, "together")
    with pytest.raises(Forbidden):
        await linking.link(Viewer(trust.ida.person, "Gus", trust.ida.school, "Ivy", Role.GOVERNOR), lease, service, "together")


async def test_a_variation_changes_price_and_end_and_is_kept_with_what_it_replaced(trust: Trust) -> None:
    contract = await register.add(trust.ida, Said(PAYROLL))
    agreed = Agreed(date(2026, 1, 5), "Two more machines.", "The head", "", 950_000, date(2029, 8, 31))
    await varying.vary(trust.ida, contract, agreed, version=1)
    found = await reading.contract(trust.ida, contract)
    assert (found.said.values["annual_pence"], found.said.values["ends_on"]) == (950_000, date(2029, 8, 31))
    (kept,) = await varying.variations(trust.ida, contract)
    assert (kept.annual_before_pence, kept.end_before, kept.agreed_by) == (900_000, date(2028, 8, 31), "The head")
    assert await varying.variations(trust.eve, contract) == ()


async def test_an_extension_is_taken_with_who_decided(trust: Trust) -> None:
    options = [Extension({"n": 1, "unit": "years"}), Extension({"n": 1, "unit": "years"})]
    contract = await register.add(trust.ida, Said(PAYROLL, extensions=options))
    decided = {"decided_by": "Finance committee", "decided_on": date(2026, 1, 5), "minute": "12"}
    await varying.take_extension(trust.ida, contract, **decided, version=1)  # type: ignore[arg-type]
    found = await reading.contract(trust.ida, contract)
    assert found.planned["current_end"] == "2029-08-31"
    assert (found.said.extensions[0].decided_by, found.said.extensions[0].minute) == ("Finance committee", "12")
    await varying.take_extension(trust.ida, contract, **decided, version=2)  # type: ignore[arg-type]
    with pytest.raises(Invalid):
        await varying.take_extension(trust.ida, contract, **decided, version=3)  # type: ignore[arg-type]


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
async def test_a_variation_that_can_not_be_so_is_refused(trust: Trust, wrong: dict[str, Any], field: str) -> None:
    contract = await register.add(trust.ida, Said(PAYROLL))
    told: dict[str, Any] = {"agreed_on": date(2026, 1, 5), "what": "More.", **wrong}
    with pytest.raises(Invalid) as refusal:
        await varying.vary(trust.ida, contract, Agreed(**told), version=1)
    assert field in refusal.value.fields
    assert await varying.variations(trust.ida, contract) == ()
