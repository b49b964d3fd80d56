"""One register of contracts over the schools that a person belongs to, each as they read it there."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

import database
from base import clock
from base.refusals import Invalid
from base.viewer import Role
from contracts.fields.said import Said
from contracts.lists import at_my_schools, listing
from contracts.lists.listing import Showing, Wanted
from contracts.register import register
from sharing.tables import School
from tests.given.builders import a_membership, a_person, a_school, signed_in
from tests.given.page_text import text_of
from tests.given.served import a_contract

pytestmark = pytest.mark.usefixtures("db")

CURRENT = Wanted(Showing.CURRENT)


async def test_the_soonest_decision_of_all_ones_schools_is_first_and_nothing_of_others_is_there() -> None:
    ann = replace(await a_person(await a_school("Oakfield Primary")), several_schools=True)
    elm = await a_membership(ann, await a_school("Elm School"))
    gorse = await a_school("Gorse School")
    await a_membership(ann, gorse, Role.SITE_STAFF)
    today = clock.today()
    for who, title, days in ((ann, "Lifts", 200), (elm, "Catering", 100), (ann, "Grounds", 300)):
        terms = {"starts_on": today - timedelta(days=200), "ends_on": today + timedelta(days=days)}
        await a_contract(who, title, **terms, notice={"n": 1, "unit": "months"})
    for other in (await a_person(gorse, name="Gil Gray"), await a_person(await a_school("Fern School"), name="Bob Brown")):
        await a_contract(other, "Not hers to list")
    found = await at_my_schools.register(ann, CURRENT)
    assert [name for _, name in found.schools] == ["Elm School", "Oakfield Primary"]
    assert [(held.line.title, *(at for at, _ in held.read_at)) for held in found.contracts] == [
        ("Catering", elm.school), ("Lifts", ann.school), ("Grounds", ann.school),
    ]  # fmt: skip
    assert [held.line.title for held in (await at_my_schools.register(ann, CURRENT, [elm.school])).contracts] == ["Catering"]
    with pytest.raises(Invalid):
        await at_my_schools.register(ann, CURRENT, [gorse.id])
    async with signed_in(ann) as browser:
        assert "/contracts/at-my-schools" in (await browser.get("/contracts")).text
        page = await browser.get("/contracts/at-my-schools")
        assert "Elm School Ashby Boilers" in " ".join(text_of(page.text).split())
        catering = found.contracts[0].line.id
        there = await browser.post("/switch", data={"school": str(elm.school), "to": f"/contracts/{catering}"})
        assert there.headers["location"] == f"/contracts/{catering}"
        assert "Catering" in text_of((await browser.get(there.headers["location"])).text)
        away = await browser.post("/switch", data={"school": str(ann.school), "to": "//evil.example"})
        assert away.headers["location"] == "/"
    async with signed_in(other) as browser:
        assert (await browser.get("/contracts/at-my-schools")).headers["location"] == "/contracts", "there is one school alone"


async def test_a_trusts_contract_is_once_in_it_and_opens_at_a_school_that_it_serves(monkeypatch: pytest.MonkeyPatch) -> None:
    oak, elm = [await a_school(name, trust="Rose Trust") for name in ("Oakfield Primary", "Elm School")]
    async with database.read():
        rose: Any = await School.objects().where(School.kind == "trust").first()
    lead = await a_person(rose, Role.TRUST_LEAD, "Lea Lund")
    ann = replace(await a_person(await a_school("Alone School")), several_schools=True)
    for school in (oak, elm):
        await a_membership(ann, school)
    boilers = await register.add(lead, Said({"title": "Boilers", "supplier_name": "Ashby"}, covers=(oak.id, elm.id)))
    await a_contract(ann, "Zebras")
    found = await at_my_schools.register(ann, CURRENT)
    (first, _) = found.contracts
    assert (first.line.id, first.line.school) == (boilers, lead.school)
    assert [name for _, name in first.read_at] == ["Elm School", "Oakfield Primary"]
    async with signed_in(ann) as browser:
        page = text_of((await browser.get("/contracts/at-my-schools")).text)
    assert "Boilers Open at Elm School : Boilers Open at Oakfield Primary : Boilers" in page
    monkeypatch.setattr(listing, "PAGE", 1)
    before = await at_my_schools.register(ann, CURRENT)
    after = await at_my_schools.register(ann, CURRENT, after=before.after)
    assert [held.line.title for held in (*before.contracts, *after.contracts)] == ["Boilers", "Zebras"]
    assert after.after == ""


async def test_who_leads_two_trusts_opens_each_contract_where_they_read_it() -> None:
    oak, elm = await a_school("Oakfield Primary", trust="Rose Trust"), await a_school("Elm School", trust="Ivy Trust")
    async with database.read():
        teams: Any = await School.objects().where(School.kind == "trust").order_by(School.name, ascending=False)
    rose, ivy = teams
    lea = replace(await a_person(rose, Role.TRUST_LEAD, "Lea Lund"), several_schools=True)
    at_ivy = await a_membership(lea, ivy, Role.TRUST_LEAD)
    for school, title in ((oak, "Lifts"), (elm, "Grounds")):
        await a_contract(await a_person(school, name=f"Bo of {title}"), title)
    found = await at_my_schools.register(lea, CURRENT)
    read_at = {held.line.title: [at for at, _ in held.read_at] for held in found.contracts}
    assert read_at == {"Lifts": [lea.school], "Grounds": [at_ivy.school]}
    grounds = next(held.line.id for held in found.contracts if held.line.title == "Grounds")
    async with signed_in(lea) as browser:
        assert (await browser.get(f"/contracts/{grounds}")).status_code == 404
        there = await browser.post("/switch", data={"school": str(at_ivy.school), "to": f"/contracts/{grounds}"})
        assert (await browser.get(there.headers["location"])).status_code == 200
