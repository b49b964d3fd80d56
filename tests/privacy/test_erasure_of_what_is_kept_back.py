"""Looking for a name to erase tells nobody what their interest in a supplier keeps from them: there a colleague looks."""

from dataclasses import dataclass, replace
from uuid import UUID

import pytest

from audit.erasing.erasure import ErasureReason
from base.refusals import Invalid
from base.settings import Settings
from base.viewer import Role, Viewer
from privacy import erasure, requests
from suppliers.directory import directory
from suppliers.opinions import notes, reviews
from suppliers.opinions.attachments import Upload
from suppliers.opinions.notes import About
from suppliers.opinions.opinion import Opinion
from tests.given.builders import a_person, a_school, signed_in
from tests.given.erasing import keys_found
from tests.given.page_text import without_number

NAME, NOBODY = "Zebedee Quill", "Barnaby Quill"  # the second stands nowhere
INTEREST = "My uncle owns it."


@dataclass
class World:
    ann: Viewer  # declared an interest in the supplier
    hal: Viewer  # whose criticism names Zebedee, in every way that there is
    supplier: UUID


@pytest.fixture
async def world(db: Settings) -> World:
    elm = await a_school("Elm Primary")
    ann, hal = await a_person(elm), await a_person(elm, Role.HEAD, "Hal Hart")
    supplier = (await directory.add(ann, name="Ashby Boilers")).id
    mine = Opinion(interest=INTEREST, rating=5, praise="Tidy.")
    await reviews.review(ann, supplier, opinion=mine, version=None)
    await reviews.review(hal, supplier, opinion=replace(mine, criticism=f"{NAME} was rude."), version=1)
    await reviews.review(hal, supplier, opinion=replace(mine, criticism="Was rude."), version=2)
    file = Upload(f"{NAME}.txt", f"{NAME} signed.".encode())
    await notes.note(hal, supplier, about=About.PROBLEM, body=f"We rang {NAME} twice.", files=[file])
    return World(ann, hal, supplier)


async def test_a_word_in_criticism_that_is_kept_back_is_answered_as_one_that_is_nowhere(world: World) -> None:
    answers = []
    async with signed_in(world.ann) as browser:
        for name in (NAME, NOBODY):
            shown = await browser.post("/erasures/find", data={"person": "nobody", "text": name})
            answers.append((shown.status_code, without_number(shown.text).replace(name, "…")))
    assert answers[0] == answers[1]
    assert "not looked through for you" in answers[0][1]
    assert len(await keys_found(world.hal, typed=NAME)) == 3


async def test_whoever_has_no_interest_is_not_told_of_anything_that_was_left_out(world: World) -> None:
    async with signed_in(world.hal) as browser:
        shown = await browser.post("/erasures/find", data={"person": "nobody", "text": NAME})
    assert "not looked through" not in shown.text


async def test_a_key_that_is_guessed_is_not_there_whatever_it_names(world: World) -> None:
    there = await keys_found(world.hal, typed=NAME)
    for key in (*there, f"review:{world.supplier}:criticism"):
        with pytest.raises(Invalid) as refused:
            await erasure.ask(world.ann, person=None, typed=NAME, chosen=[key], reason=ErasureReason.ASKED, words="")
        assert refused.value.fields == {"chosen": "Some of what you chose is not there any more. Look for it again."}


async def test_what_a_colleague_asked_for_is_erased_whole_whoever_approves_it(world: World) -> None:
    there = await keys_found(world.hal, typed=NAME)
    asked = await erasure.ask(world.hal, person=None, typed=NAME, chosen=there, reason=ErasureReason.ASKED, words="")
    shown = await requests.one(world.ann, asked)
    assert (len(shown.finds), [one.passages for one in shown.finds]) == (3, [[], [], []])
    await erasure.approve(world.ann, asked)
    assert await keys_found(world.hal, typed=NAME) == []


async def test_what_stands_in_praise_and_of_other_suppliers_is_found_as_ever(world: World) -> None:
    other = (await directory.add(world.hal, name="Calder Coaches")).id
    await notes.note(world.hal, other, about=About.PROBLEM, body=f"{NAME} drove off.")
    now = await reviews.current(world.hal, world.supplier)
    assert now is not None
    await reviews.review(world.hal, world.supplier, opinion=replace(now.said, praise=f"{NAME} smiled."), version=now.version)
    assert len(await keys_found(world.ann, typed=NAME)) == 2
