"""The words that a school's contracts hold are found wherever they lie, and each is erased by its key and nothing beside it."""

from datetime import date
from uuid import UUID

import pytest

import audit
import database
from base.viewer import Viewer
from contracts.changes import varying
from contracts.changes.varying import NewVariation
from contracts.fields.contract_fields import BY_NAME
from contracts.fields.said import Said
from contracts.register import register
from contracts.reminders import governors_questions
from contracts.texts import texts
from tests.given.builders import a_person, a_school

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
async def boilers(ann: Viewer) -> UUID:
    said = Said(dict.fromkeys(BY_NAME) | {"title": "Boilers", "notes": "Ask Bo.", "starts_on": date(2025, 9, 1)})
    contract = await register.add(ann, said)
    await varying.vary(ann, contract, NewVariation(date(2026, 1, 5), "Bo comes on Mondays.", "Bo Birch"), version=1)
    await governors_questions.ask(ann, contract, "Is Bo insured?")
    return contract


async def test_each_text_is_erased_by_its_key_and_the_others_stay(ann: Viewer, boilers: UUID) -> None:
    async with database.read():
        before = {one.key: one.value for one in await texts.of_school(ann.school)}
    assert sorted(before.values()) == ["Ask Bo.", "Bo Birch", "Bo comes on Mondays.", "Boilers", "Is Bo insured?"]
    for key, value in before.items():
        async with audit.recording(ann) as record:
            await texts.blank(ann.school, key, [value])
            after = {one.key: one.value for one in await texts.of_school(ann.school)}
            record.unchanged()
        changed = {place for place in before if after.get(place) != before[place]}
        assert changed == {key}
        assert value not in after.values()


async def test_other_words_and_another_schools_are_left_alone(ann: Viewer, boilers: UUID) -> None:
    eve = await a_person(await a_school("Elm Primary"))
    notes = texts.key_of(boilers, "notes")
    for viewer, typed in ((ann, "Ask Bob."), (eve, "Ask Bo.")):
        async with audit.recording(viewer) as record:
            await texts.blank(viewer.school, notes, [typed])
            assert "Ask Bo." in {one.value for one in await texts.of_school(ann.school)}
            record.unchanged()
