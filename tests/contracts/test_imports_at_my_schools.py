"""Somebody who looks after several schools brings one register: each takes its own rows, and what is alike is asked once."""

from dataclasses import replace
from functools import partial
from uuid import UUID

import httpx
import pytest

from base.viewer import Role, Viewer
from contracts.imports import asked_at_schools, background, imports
from contracts.lists import whole
from contracts.register_rows.states import ImportState
from suppliers.directory import directory
from tests.given import patience
from tests.given.builders import a_membership, a_person, a_school, events_of, signed_in
from tests.given.page_text import text_of
from tests.given.patience import PATIENCE

HEADINGS = "School,Contract,Supplier,Start,End,Notice,Annual cost"
DATES = "01/09/2024,31/08/2027,3 months,4860"

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
async def everywhere(db: object) -> tuple[Viewer, Viewer, Viewer]:
    """The same person at three schools, the first of which has the URN 100001."""
    ann = await a_person(await a_school("Oakfield Primary", urn=100001))
    elm, fern = [await a_membership(ann, await a_school(name)) for name in ("Elm School", "Fern School")]
    ann, elm, fern = (replace(one, several_schools=True) for one in (ann, elm, fern))
    return ann, elm, fern


async def sent(browser: httpx.AsyncClient, content: str, *at: Viewer) -> httpx.Response:
    file = {"file": ("contracts.csv", content.encode())}
    return await browser.post("/contracts/import", data={"at": [str(one.school) for one in at]}, files=file)


async def settled(*at: Viewer) -> list[imports.ImportView]:
    """The import at each of them, once nothing of it is under way."""
    found = []
    for one in at:
        (there,) = await imports.listed(one)
        await patience.until(partial(is_settled, one, there.id))
        found.append(await imports.look(one, there.id))
    return found


async def is_settled(viewer: Viewer, import_id: UUID) -> bool:
    await background.carry_on(viewer, import_id, wait=PATIENCE)
    return not (await imports.look(viewer, import_id)).state.is_work


async def titles(viewer: Viewer) -> list[str]:
    return sorted([str(one.said.values["title"]) async for some in whole.readable(viewer) for one in some])


async def test_each_school_takes_the_rows_that_name_it(everywhere: tuple[Viewer, Viewer, Viewer]) -> None:
    ann, elm, fern = everywhere
    governed = await a_membership(ann, await a_school("Gorse School"), Role.GOVERNOR)
    lines = [
        *(f"{school},Photocopiers,Tallow Print Ltd,{DATES}" for school in ("100001", "elm school", "Gorse School")),
        f"Elm School; Fern School,Lifts,Harrow Lifts,{DATES}",
        f"Birch,Grounds,Dene Turf,{DATES}",
        f",Cleaning,Hathersby,{DATES}",
    ]
    register = "\n".join((HEADINGS, *lines))
    async with signed_in(ann) as browser:
        asked = text_of((await browser.get("/contracts/import")).text)
        assert "Elm School" in asked
        assert "Gorse School" not in asked
        for wrong in ((), (ann, governed)):
            assert (await sent(browser, register, *wrong)).status_code == 422
        here = (await sent(browser, register, ann, elm, fern)).headers["location"]
        assert [one.to_import for one in await settled(ann, elm, fern)] == [1, 2, 1]
        shown = text_of((await browser.get(here)).text)
        assert "Elm School: 2 contracts ready, 3 questions" in shown
        names = (await browser.get(f"{here}/questions")).text
        assert "Which school does each name mean?" in text_of(names)
        (birch,) = await asked_at_schools.names(ann, UUID(here.rsplit("/", 1)[1]))
        await browser.post(f"{here}/questions", data={f"name-{birch.key}": str(fern.school)})
        assert [one.to_import for one in await settled(ann, elm, fern)] == [1, 2, 2], "it was asked once"
        (row,) = (await asked_at_schools.questions_of_rows(ann, UUID(here.rsplit("/", 1)[1]))).rows
        form = {"row": f"{row.row.place}{row.row.key}", f"{row.row.inputs}-covers": "Elm School"}
        assert (await browser.post(f"{here}/questions", data=form)).status_code == 303
        assert (await browser.post(f"{here}/questions", data=form)).status_code == 409, "it is another question by now"
        begun = await browser.post(f"{here}/start", data={"also": [str(elm.school), str(fern.school)]})
        assert "The import began at Elm School, Fern School too." in text_of((await browser.get(begun.headers["location"])).text)
    assert {one.state for one in await settled(ann, elm, fern)} == {ImportState.DONE}
    assert await titles(ann) == ["Photocopiers"]
    assert await titles(elm) == ["Cleaning", "Lifts", "Photocopiers"]
    assert await titles(fern) == ["Grounds", "Lifts"]
    assert (await events_of(fern.school))[-1] == "contracts.imported"


async def test_a_file_for_another_school_waits_there_and_a_supplier_is_asked_once(
    everywhere: tuple[Viewer, Viewer, Viewer],
) -> None:
    ann, elm, fern = everywhere
    await directory.add(elm, name="Harrow Lift Services")
    register = f"{HEADINGS.removeprefix('School,')}\nLifts,Harrow Lifts,{DATES}\nDrains,Dene Drains,first of May,,,"
    async with signed_in(ann) as browser:
        await sent(browser, register, elm, fern)
        page = text_of((await browser.get("/contracts/import")).text)
        assert await imports.listed(ann) == ()
        await settled(elm, fern)
        assert "Elm School: under way. Open the file" in page
        assert (await browser.post("/switch", data={"school": str(elm.school), "to": "/contracts"})).status_code == 303
        (there,) = await imports.listed(elm)
        found = await asked_at_schools.names(elm, there.id)
        assert [(one.name, one.schools) for one in found] == [("Harrow Lifts", "Elm School")], "Fern has none like it"
        here = f"/contracts/imports/{there.id}/questions"
        await browser.post(here, data={f"name-{found[0].key}": "name_alone"})
        await settled(elm, fern)
        asked = await browser.get(here)
        await browser.post(here, data={"unknown": "yes"})
        ready = [one.to_import for one in await settled(elm, fern)]
    assert asked.text.count('name="row"') == 1
    assert "At Elm School, Fern School." in text_of(asked.text)
    assert ready == [2, 2]
