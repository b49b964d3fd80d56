"""A trust puts one list before several of its schools; each of them imports it, or not."""

import pytest

import database
from base.refusals import Forbidden, Invalid
from base.viewer import Role
from sharing.tables import School
from suppliers.imports import background, for_schools, imports
from suppliers.imports.for_schools import MOST_WAITING
from suppliers.imports.states import ImportState
from suppliers.ours import own_records
from tests.given.builders import a_person, a_school, events_of, signed_in
from tests.given.page_text import text_of
from tests.given.patience import PATIENCE

A_LIST = b"Supplier,Supplies\nHarrow Lifts,Lift maintenance\n"

pytestmark = pytest.mark.usefixtures("db")


@pytest.mark.both_engines
async def test_each_school_is_asked_and_the_trust_adds_nothing() -> None:
    ivy, oak = [await a_school(name, trust="Rose Trust") for name in ("Ivy Primary", "Oak Primary")]
    async with database.read():
        team = await School.objects().where(School.kind == "trust").first()
    assert team is not None
    tom, ida = await a_person(team, name="Tom Rose"), await a_person(ivy, name="Ida Ives")
    elm = await a_person(await a_school("Elm Primary"), name="Eve Elm")
    async with signed_in(tom) as browser:
        assert "One list for schools of the trust" in (await browser.get("/suppliers/import")).text
        chosen = {"trusts": "yes", "school": [str(ivy.id), str(oak.id)]}
        answer = await browser.post("/suppliers/import", data=chosen, files={"file": ("firms.csv", A_LIST)})
        assert "It waits at 2 schools" in text_of((await browser.get(answer.headers["location"])).text)
    assert await imports.listed(tom) == ()
    (waiting,) = await imports.listed(ida)
    assert waiting.name == "Rose Trust: firms.csv"
    assert (await own_records.ours(ida)).suppliers == ()
    for trail in (team.id, ivy.id, oak.id):
        assert (await events_of(trail)).count("suppliers.put_before") == 1
    async with signed_in(ida) as browser:
        assert "1 list of suppliers waits" in text_of((await browser.get("/")).text)
        assert "One list for schools" not in (await browser.get("/suppliers/import")).text
    await background.carry_on(ida, waiting.id, wait=PATIENCE)
    assert (await imports.look(ida, waiting.id)).state is ImportState.MAPPING
    for schools in ((elm.school,), ()):
        with pytest.raises(Invalid):
            await for_schools.put_before(tom, A_LIST, schools)
    with pytest.raises(Invalid):
        await for_schools.put_before(elm, A_LIST, (ivy.id,))
    with pytest.raises(Forbidden):
        await for_schools.put_before(await a_person(team, Role.TRUST_LEAD, "Lea Long"), A_LIST, (ivy.id,))
    for n in range(MOST_WAITING - 1):
        assert (await for_schools.put_before(tom, A_LIST + f"Firm {n},\n".encode(), (ivy.id,))).schools == 1
    assert await for_schools.put_before(tom, A_LIST, (ivy.id,)) == for_schools.PutBefore(0, ("Ivy Primary",))
