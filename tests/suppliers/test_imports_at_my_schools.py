"""Somebody who looks after several schools brings one list, says once what it holds, and imports it at those that they tick."""

from dataclasses import replace
from uuid import UUID

import httpx
import pytest

from base.viewer import Role, Viewer
from sharing.access.audiences import AudienceChoice, GrantChoice
from sharing.access.fields import Fields, GrantKind
from suppliers.directory import directory
from suppliers.imports import at_my_schools, background, imports, rows
from suppliers.imports.states import ImportState
from suppliers.lists.column_titles import SupplierField
from suppliers.opinions import reviews
from suppliers.ours import own_records
from suppliers.shares import shares
from suppliers.shares.shares import OpinionKind
from tests.given import patience
from tests.given.builders import a_membership, a_person, a_school, events_of, signed_in
from tests.given.page_text import text_of
from tests.given.patience import PATIENCE

A_LIST = b"Who,Town\nHarrow Lifts Ltd,Harrow\nDene Drains Ltd,Dene\n"

EVERYONE = AudienceChoice((GrantChoice(GrantKind.EVERYONE, fields=Fields.RATING),))

pytestmark = pytest.mark.usefixtures("db")


async def the_one(viewer: Viewer, *, until: ImportState) -> str:
    """The address of the viewer's import once it is so far."""
    (found,) = await imports.listed(viewer)

    async def is_so_far() -> bool:
        await background.carry_on(viewer, found.id, wait=PATIENCE)
        return (await imports.look(viewer, found.id)).state is until

    await patience.until(is_so_far)
    return f"/suppliers/imports/{found.id}"


async def names_of(viewer: Viewer) -> list[str]:
    return sorted(one.known.name for one in (await own_records.ours(viewer)).suppliers)


async def posted(browser: httpx.AsyncClient, path: str, **form: object) -> str:
    answer = await browser.post(path, data=form)
    assert answer.status_code == 303
    return text_of((await browser.get(answer.headers["location"])).text)


async def test_one_list_is_understood_once_and_imported_at_the_schools_that_are_ticked() -> None:
    ann = await a_person(await a_school("Oakfield Primary"))
    elm, fern = [await a_membership(ann, await a_school(name)) for name in ("Elm School", "Fern School")]
    governed = await a_membership(ann, await a_school("Gorse School"), Role.GOVERNOR)
    both = [str(elm.school), str(fern.school)]
    async with signed_in(ann) as browser:
        form = text_of((await browser.get("/suppliers/import")).text)
        assert "Elm School" in form
        assert "Gorse School" not in form
        file = {"file": ("firms.csv", A_LIST)}
        for other in (governed.school, (await a_school("Ivy School")).id):
            assert (await browser.post("/suppliers/import", data={"also": str(other)}, files=file)).status_code == 422
        assert await imports.listed(ann) == (), "nothing was kept"
        assert (await browser.post("/suppliers/import", data={"also": both}, files=file)).status_code == 303
        ours = await the_one(ann, until=ImportState.MAPPING)
        for there in (elm, fern):
            await the_one(there, until=ImportState.MAPPING)
        await posted(browser, f"{ours}/columns", **{"column-0": "name", "column-1": ""})
        await the_one(ann, until=ImportState.CHECKED)
        await browser.get(ours)  # what was said here is said there
        for there in (elm, fern):
            await the_one(there, until=ImportState.CHECKED)
        assert "Elm School: 2 suppliers ready" in text_of((await browser.get(ours)).text)
        wrong = await browser.post(f"{ours}/start", data={"which": "ready", "also": str(governed.school)})
        assert wrong.status_code == 422
        told = await posted(browser, f"{ours}/start", which="ready", also=[str(elm.school)])
        assert "The import began at Elm School too." in told
        for there in (ann, elm):
            await the_one(there, until=ImportState.DONE)
        assert "Fern School: 2 suppliers ready" in text_of((await browser.get(ours)).text)
    assert await names_of(ann) == await names_of(elm) == ["Dene Drains Ltd", "Harrow Lifts Ltd"]
    assert await names_of(fern) == []
    assert (await events_of(elm.school))[-1] == "suppliers.imported"
    assert (await events_of(elm.school)).count("supplier.added") == 2
    stranger = await a_person(await a_school("Hazel School"), name="Hal Hart")
    assert await at_my_schools.schools(stranger) == ()


@pytest.mark.both_engines
async def test_what_schools_are_asked_alike_is_answered_once_and_what_one_is_asked_by_itself() -> None:
    ann = await a_person(await a_school("Oakfield Primary"))
    elm, fern = [await a_membership(ann, await a_school(name)) for name in ("Elm School", "Fern School")]
    bob = await a_person(await a_school("Hazel School"), name="Bob Brown")
    await directory.add(elm, name="Harrow Lift Services")
    given = await reviews.vouch(bob, (await directory.add(bob, name="Harrow Lift Services")).id)
    await shares.share(bob, OpinionKind.REVIEW, given.id, EVERYONE)
    everybody = [(one, await the_list_at(one, b"Who,Town\nHarrow Lifts,Harrow\nDene Drains,Dene\n")) for one in (ann, elm, fern)]
    found = await at_my_schools.questions(replace(ann, several_schools=True), everybody[0][1])
    asked = [("Oakfield Primary", "Fern School"), ("Elm School",)]
    assert [one.schools for one in found.questions] == asked, "it has a record of its own"
    alike, by_itself = (f"choice-{one.key}" for one in found.questions)
    async with signed_in(ann) as browser:
        ours = f"/suppliers/imports/{everybody[0][1]}"
        assert f"{ours}/questions" in (await browser.get(ours)).text
        assert "Row 2: Harrow Lifts" in text_of((await browser.get(f"{ours}/questions")).text)
        own = next(option.choice for option in found.questions[1].row.options if option.is_own)
        wrong = await browser.post(f"{ours}/questions", data={alike: own, by_itself: own})
        assert wrong.status_code == 422
        assert await choice_of(*everybody[1]) == "", "nothing is kept of it"
        told = await posted(browser, f"{ours}/questions", **{alike: "skip", by_itself: own})
        kept = [await choice_of(*one) for one in everybody]
        await imports.start(elm, everybody[1][1])
        await the_one(elm, until=ImportState.DONE)
        await imports.start(fern, everybody[2][1])
        await the_one(fern, until=ImportState.DONE)
        moved = await browser.post(f"{ours}/questions", data={alike: "new"})
    assert "Your answers are kept at Oakfield Primary, Elm School, Fern School." in told
    assert kept == ["skip", own, "skip"]
    assert moved.status_code == 409, "it was asked at two schools, and is at one now"


async def the_list_at(viewer: Viewer, content: bytes) -> UUID:
    found = await imports.upload(viewer, content, name="firms.csv")
    await the_one(viewer, until=ImportState.MAPPING)
    await imports.choose_columns(viewer, found, [SupplierField.NAME, None])
    await the_one(viewer, until=ImportState.CHECKED)
    return found


async def choice_of(viewer: Viewer, import_id: UUID) -> str:
    (row,) = (await rows.page_of(viewer, import_id, "ask")).rows
    return row.choice
