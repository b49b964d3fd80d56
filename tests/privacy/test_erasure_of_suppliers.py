"""A sole trader's name, other names and numbers can be erased from every entry that somebody's typing made.

Ann's school adds, changes, links, decides about and joins records of its own; each is called by words found nowhere else.
"""

from typing import Final
from uuid import UUID

import audit
import database
from audit.log import fsck
from audit.reading import as_of
from audit.seals import seals
from audit.tables import Entry, Opening
from base import clock
from base.viewer import Viewer
from privacy import erasure
from suppliers.directory import changing, directory
from suppliers.events import Event
from suppliers.merging import decisions, links, merges
from suppliers.merging.decisions import Judgement
from suppliers.merging.links import LinkKind
from tests.given.builders import signed_in
from tests.given.erasing import World, ask
from tests.given.made_packs import opened, order_of, packed, verdict_on
from tests.given.page_text import text_of

NAMES: Final = ("Zephyr Quillfeather", "Zeph Quillfeather", "07700900123")


async def facts_of(viewer: Viewer) -> str:
    async with database.read():
        chosen = Opening.event_id.is_in(Entry.select(Entry.event_id).where(Entry.trail == str(viewer.school)))
        rows = await Opening.select(Opening.value).where(chosen & (Opening.field == "facts")).output(as_list=True)
    return "\n".join(rows)


async def a_sole_trader(viewer: Viewer) -> UUID:
    made = await directory.add(viewer, name=NAMES[0], aliases=[NAMES[1]], identifiers={"phone": NAMES[2]}, categories=["heating"])
    await changing.edit(viewer, made.id, name=f"{NAMES[0]} Ltd", aliases=[], identifiers={"phone": NAMES[2]})
    return made.id


async def test_no_entry_keeps_what_may_be_a_persons_among_plain_facts(world: World) -> None:
    ann = world.ann
    trader, other = await a_sole_trader(ann), (await directory.add(ann, name="Quillfeather Roofs")).id
    firm = (await directory.add(ann, name="Quillfeather Firm")).id
    (link,) = await links.link(ann, trader, firm, LinkKind.TRADING_NAME_OF)
    await links.unlink(ann, link.id)
    await decisions.decide(ann, trader, world.supplier, Judgement.DIFFERENT)
    made = await merges.merge(ann, other, trader)
    await merges.undo(ann, made.id)
    said = await facts_of(ann)
    assert not [name for name in ("Quillfeather", *NAMES) if name.casefold() in said.casefold()]
    assert "heating" in said


async def test_the_trail_and_the_record_as_it_stood_read_as_before(world: World) -> None:
    trader = await a_sole_trader(world.ann)
    found = {one.name: one.value for one in (await as_of.record_at(world.ann, f"supplier:{trader}", clock.now())).fields}
    assert found == {
        "name": f"{NAMES[0]} Ltd", "identifiers": "phone:+447700900123", "in_use": True,
    }  # fmt: skip
    async with signed_in(world.ann) as browser:
        page = text_of((await browser.get("/trail")).text)
    assert f"{NAMES[0]} Ltd" in page
    assert NAMES[1] in page


async def test_each_is_offered_once_and_is_gone_from_trail_and_packs_which_hold(world: World) -> None:
    trader = await a_sole_trader(world.ann)
    await changing.edit(world.ann, trader, name="A roofer")
    keys = {f"supplier:{trader}:{name}" for name in ("supplier_name", "aliases", "supplier_identifiers")}
    offers = (
        await erasure.look(world.ann, person=None, typed="\n".join((*NAMES[:2], f"{NAMES[0]} Ltd", "+447700900123")))
    ).offers
    assert {offer.find.key for offer in offers} == keys
    typed = "\n".join((*NAMES[:2], f"{NAMES[0]} Ltd", "+447700900123"))
    request = await ask(world, person=None, typed=typed, chosen=sorted(keys))
    await erasure.approve(world.hal, request)
    assert (await fsck.check(str(world.ann.school))).finding is None
    pack, _ = await packed(world.ann, order_of(world.ann))
    assert verdict_on(pack, *await seals.verifier_keys()).status == "holds"
    files = opened(pack)
    everything = b"".join(content for name, content in files.items() if not name.startswith("report")).decode("latin-1")
    assert not [name for name in ("Quillfeather", "7700900123") if name in everything]
    assert "erased" in files["timeline.csv"].decode()


async def test_what_an_older_entry_has_among_its_facts_is_read_on_under_newer_ones(world: World) -> None:
    trader = (await directory.add(world.ann, name="A roofer", aliases=["Roofs"])).id
    about = f"supplier:{trader}"
    facts = {"old": {"name": "A roofer", "aliases": ["Roofs"]}, "new": {"name": NAMES[0], "aliases": ["Roofs", "Tiles"]}}
    async with audit.recording(world.ann) as record:
        record(Event.SUPPLIER_CHANGED, stream=about, subject=about, facts=facts)
    await changing.edit(world.ann, trader, name="Roofers", aliases=["Roofs"])
    found = {one.name: one.value for one in (await as_of.record_at(world.ann, about, clock.now())).fields}
    assert found == {"name": "Roofers", "aliases": ["Roofs", "Tiles"], "in_use": True}, "its aliases did not change since"
    await changing.edit(world.ann, trader, name="Roofers", aliases=["Slates"])
    found = {one.name: one.value for one in (await as_of.record_at(world.ann, about, clock.now())).fields}
    assert found["aliases"] == "Slates"
