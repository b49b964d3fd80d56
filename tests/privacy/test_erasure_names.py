"""A sole trader's name goes from every entry that commits it, and every proof holds: the pack says *erased*."""

import json
from uuid import UUID

import pytest

from base.settings import Settings
from base.viewer import Role, Viewer
from privacy import erasure
from suppliers.directory import directory
from suppliers.opinions import notes, reviews
from suppliers.opinions.notes import About
from tests.given.builders import a_person, a_school
from tests.given.erasing import NAME, ask_for
from tests.given.every_check import findings
from tests.given.listed_suppliers import an_entry
from tests.given.made_packs import lines_of, opened, order_of, packed, verdict_on


@pytest.fixture
async def school(db: Settings) -> tuple[Viewer, Viewer]:
    """Somebody who asks, and the head who approves."""
    oakfield = await a_school("Oakfield Primary")
    return await a_person(oakfield), await a_person(oakfield, Role.HEAD, "Hal Hart")


async def a_sole_trader(viewer: Viewer) -> UUID:
    """Three entries name the trader: the school began to use them, vouched for them and wrote a note."""
    trader = await an_entry(NAME)
    await directory.adopt(viewer, trader)
    await reviews.vouch(viewer, trader)
    await notes.note(viewer, trader, about=About.GOOD, body="Tidy.")
    return trader


async def test_the_name_is_found_once_and_goes_from_every_entry(school: tuple[Viewer, Viewer]) -> None:
    ann, hal = school
    trader = await a_sole_trader(ann)
    offers = (await erasure.look(ann, person=None, typed=NAME)).offers
    assert [(offer.find.key, offer.find.places) for offer in offers] == [(f"supplier:{trader}:supplier_name", 3)]
    await erasure.approve(hal, await ask_for(ann, offers[0].find.key))
    pack, _ = await packed(ann, order_of(ann))
    files, verdict = opened(pack), verdict_on(pack)
    assert verdict.facts
    assert (verdict.status, verdict.facts.erased, verdict.facts.withheld) == ("holds", 3, 0)
    assert NAME.encode() not in files["entries.jsonl"] + files["timeline.csv"]
    assert files["timeline.csv"].count(b",erased,") == 3
    assert await findings() == ()


async def test_the_erasure_does_not_write_the_name_anew(school: tuple[Viewer, Viewer]) -> None:
    ann, hal = school
    trader = await a_sole_trader(ann)
    await erasure.approve(hal, await ask_for(ann, f"supplier:{trader}:supplier_name"))
    pack, _ = await packed(ann, order_of(ann))
    applied = [line["openings"] for line in lines_of(opened(pack)) if "erasure.applied" in line["openings"]["event"]["value"]]
    assert [json.loads(one["event"]["value"])["stream"] for one in applied] == [f"supplier:{trader}"]
    assert "personal.supplier_name" not in applied[0]
