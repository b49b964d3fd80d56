"""Records of another school are taken in only once somebody said whose they are, and the trail says so too."""

import json
from typing import Any, Final

import pytest

from base.refusals import Conflict
from base.viewer import Role
from disclosure import taking_in
from disclosure.taking_in import OfAnotherSchool
from suppliers.directory import directory
from tests.given.builders import a_person, a_school, events_of, signed_in
from tests.given.page_text import text_of

pytestmark = pytest.mark.usefixtures("db")

EMPTY: Final[dict[str, Any]] = {
    "format": "vouch-own-records", "version": 5, "made_at": "2026-03-03T09:00:00Z", "kept_back": 0,
}  # fmt: skip


def records_of(name: str, urn: int | None) -> bytes:
    return json.dumps(EMPTY | {"school": {"name": name, "urn": urn}}).encode()


async def test_the_page_says_whose_they_are_and_asks_back_before_anything_is_taken_in() -> None:
    ann = await a_person(await a_school("Oakfield Primary", urn=100_001), Role.HEAD)
    before = await events_of(ann.school)
    theirs = {"file": ("records.json", records_of("Elmwood School", 100_002))}
    async with signed_in(ann) as browser:
        for whose in ({}, {"whose": "Fern School"}):
            asked = await browser.post("/our-records/import", data=whose, files=theirs)
            assert asked.status_code == 422
            page = text_of(asked.text)
            assert "These are the records of Elmwood School (URN 100002)." in page
            assert "Yes, the records of Elmwood School become ours" in page
        spoilt = {"file": ("records.json", b"{}")}
        page = (await browser.post("/our-records/import", data={"whose": "Elmwood School"}, files=spoilt)).text
        assert 'value="Elmwood School" checked' in page, "what was ticked is ticked still"
        assert await events_of(ann.school) == before
        done = await browser.post("/our-records/import", data={"whose": "Elmwood School"}, files=theirs)
        assert "Your records are here" in done.text
        trail = text_of((await browser.get("/trail")).text)
    assert "Records of Elmwood School" in trail.replace(":", "")


async def test_a_program_repeats_the_name() -> None:
    ann = await a_person(await a_school("Oakfield Primary"), Role.HEAD)
    theirs = {"file": ("records.json", records_of("Elmwood School", None))}
    async with signed_in(ann) as browser:
        asked = await browser.post("/api/v1/own-records/import", files=theirs)
        assert asked.status_code == 422
        assert "Elmwood School" in asked.json()["errors"]["whose"]
        done = await browser.post("/api/v1/own-records/import", data={"whose": "Elmwood School"}, files=theirs)
        assert done.status_code == 200


async def test_a_school_is_told_by_its_urn_and_without_one_by_its_name() -> None:
    ann = await a_person(await a_school("Oakfield Primary", urn=100_001), Role.HEAD)
    for ours in (("Oakfield Academy", 100_001), ("oakfield primary", None)):
        await taking_in.take_in(ann, records_of(*ours))
    for another in (("Oakfield Primary", 100_002), ("Oakfield Academy", None)):
        with pytest.raises(OfAnotherSchool):
            await taking_in.take_in(ann, records_of(*another))


async def test_a_school_that_has_records_is_not_asked_whose_they_are() -> None:
    ann = await a_person(await a_school("Oakfield Primary"), Role.HEAD)
    await directory.add(ann, name="Ashby Boilers")
    with pytest.raises(Conflict, match="only where there are none yet"):
        await taking_in.take_in(ann, records_of("Elmwood School", None))
