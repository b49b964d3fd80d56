"""For each school, a signed list of every origin that a trail of it ever had here: nobody keeps two sets of books unseen."""

import asyncio
from uuid import UUID

import pytest

import database
from audit import note
from audit.log import origins
from audit.seals import keys, origin_lists, sealing, seals
from audit.tables import Entry, OriginsNote
from base.settings import Settings
from base.viewer import Viewer
from suppliers.directory import directory
from tests.given.builders import a_person, a_school, stranger
from tests.given.made_packs import order_of, packed, verdict_on
from tests.given.sealing import forget_from, triggers_off
from vouch import jobs

pytestmark = pytest.mark.usefixtures("db")

ASHBY, BROOK = 123_456, 123_457


@pytest.fixture
async def ann(db: Settings) -> Viewer:
    return await a_person(await a_school("Ashby Primary", urn=ASHBY))


async def sealed_and_listed() -> None:
    done = await jobs.run_due()
    assert done.failed == ()


async def the_origin(school: UUID) -> str:
    async with database.read():
        now = await origins.current(str(school))
    assert now
    return now.origin


async def read(urn: int) -> bytes | None:
    """As anybody, without an account."""
    async with stranger() as browser:
        answer = await browser.get(f"/trail/origins/{urn}")
    assert answer.status_code in (200, 404)
    return answer.content if answer.status_code == 200 else None


async def lists() -> int:
    async with database.read():
        return int(await OriginsNote.count())


async def test_anybody_may_have_the_signed_list_of_one_school_and_learns_of_no_other(ann: Viewer) -> None:
    bob = await a_person(await a_school("Brook Primary", urn=BROOK))
    assert await read(ASHBY) is None
    await sealed_and_listed()
    found = await read(ASHBY)
    assert found
    text, _ = note.open_note(found, await seals.verifier_keys())
    assert text == f"vouch-origins/1\nschool {ASHBY}\n{await the_origin(ann.school)}\n"
    other = await read(BROOK)
    assert other
    assert (await the_origin(bob.school) in other.decode(), await the_origin(ann.school) in other.decode()) == (True, False)
    assert await read(123_458) is None


async def test_a_list_that_has_not_grown_is_not_signed_again(ann: Viewer) -> None:
    await sealed_and_listed()
    before = await lists()
    await directory.add(ann, name="Wm Boyle")
    await sealed_and_listed()
    assert await lists() == before


async def test_a_pack_has_its_own_schools_list(ann: Viewer) -> None:
    await sealed_and_listed()
    pack, _ = await packed(ann, order_of(ann))
    verdict = verdict_on(pack, *await seals.verifier_keys())
    assert verdict.facts
    assert (verdict.status, verdict.facts.other_origins) == ("holds", ())


async def test_two_trails_that_call_themselves_one_school_stand_on_one_list(ann: Viewer) -> None:
    """Somebody with the database exchanged numbers so that another trail began as this school's."""
    school = await a_school("Brook Primary", urn=BROOK)
    second = school.id
    async with triggers_off():
        await Entry.raw("UPDATE sharing_school SET urn = 999999 WHERE urn = {}", ASHBY)
        await Entry.raw("UPDATE sharing_school SET urn = {}, name = 'Ashby Primary' WHERE id = {}", ASHBY, second)
    eve = await a_person(school, name="Eve Elder")
    async with triggers_off():
        await Entry.raw("UPDATE sharing_school SET urn = {}, name = 'Brook Primary' WHERE id = {}", BROOK, second)
        await Entry.raw("UPDATE sharing_school SET urn = {} WHERE id = {}", ASHBY, ann.school)
    await sealed_and_listed()
    pack, _ = await packed(ann, order_of(ann))
    verdict = verdict_on(pack, *await seals.verifier_keys())
    assert verdict.facts
    assert (verdict.status, verdict.facts.other_origins) == ("holds", (await the_origin(eve.school),))


async def test_an_origin_that_was_lost_with_a_backup_stays_listed(ann: Viewer) -> None:
    trail, before = str(ann.school), await the_origin(ann.school)
    await directory.add(ann, name="Wm Boyle")
    await sealed_and_listed()
    await forget_from(1, trail)
    async with triggers_off():
        await Entry.raw("UPDATE audit_trail SET origin = 'vouch.example.org/trail/ff' WHERE owner = {}", trail)
        await Entry.raw("DELETE FROM audit_origins_note")
    assert await origin_lists.write_all(await sealing.all_trails(), await keys.signing()) > 0
    found = await read(ASHBY)
    assert found
    assert origin_lists.listed_in(found) == tuple(sorted((before, "vouch.example.org/trail/ff")))


async def test_the_list_is_signed_with_the_newest_key(ann: Viewer) -> None:
    await sealed_and_listed()
    made = await keys.replace(is_lost=False)
    await sealed_and_listed()
    found = await read(ASHBY)
    assert found
    assert note.open_note(found, [made.vkey])


async def test_of_two_that_write_it_at_once_each_gives_the_same_list(ann: Viewer) -> None:
    own = await keys.signing()
    trails = await sealing.all_trails()
    await asyncio.gather(*(origin_lists.write_all(trails, own) for _ in range(3)))
    async with database.read():
        rows = await OriginsNote.select(OriginsNote.note).where(OriginsNote.about == f"school {ASHBY}")
    assert len({bytes(row["note"]) for row in rows}) == 1
