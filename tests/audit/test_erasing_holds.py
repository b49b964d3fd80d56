"""What forbids an erasure: a legal hold until it is lifted, and a duty to keep until its day."""

from datetime import date

import pytest

import database
from audit.erasing import erasure_list, holds, retention
from audit.erasing.retention import RecordKind
from base import clock
from base.refusals import Conflict, Invalid
from base.settings import Settings
from privacy import erasure
from suppliers.directory import directory
from suppliers.merging import merges
from tests.given.builders import a_person, a_school
from tests.given.erasing import NAME, World, a_world, ask, keys_found


@pytest.fixture
async def world(db: Settings) -> World:
    return await a_world()


@pytest.mark.parametrize(
    ("what", "words"), [("school", "the whole school"), ("person", "this person"), ("supplier", "this supplier's records")]
)
async def test_a_legal_hold_stops_it_until_it_is_lifted(world: World, what: str, words: str) -> None:
    about = {"school": "school", "person": f"person:{world.left.person}", "supplier": f"supplier:{world.supplier}"}[what]
    request = await ask(world)
    hold = await holds.place(world.ann, about=about, reason="Claim 17.")
    with pytest.raises(Conflict, match=rf"legal hold is on {words}\. .*Claim 17\."):
        await erasure.approve(world.hal, request)
    with pytest.raises(Conflict, match="legal hold"):
        await ask(world, person=None, typed=NAME)
    with pytest.raises(Conflict, match="hold on that already"):
        await holds.place(world.hal, about=about, reason="Again.")
    assert erasure_list.read() == ()
    await holds.lift(world.hal, hold)
    await erasure.approve(world.hal, request)


async def test_a_hold_on_a_supplier_is_on_what_was_merged_into_it(world: World) -> None:
    other = (await directory.add(world.ann, name="Cedar Heating")).id
    await merges.merge(world.ann, world.supplier, other)
    await holds.place(world.ann, about=f"supplier:{other}", reason="Claim 17.")
    with pytest.raises(Conflict, match=r"legal hold.*Claim 17\."):
        await ask(world, person=None, typed=NAME)


async def test_a_hold_is_on_something_that_the_schools_trail_knows(world: World) -> None:
    eve = await a_person(await a_school("Elm"), name="Eve Evans")
    for about in (f"person:{world.left.person}", f"supplier:{world.supplier}", "", "person:x"):
        with pytest.raises(Invalid, match="Choose what must not be erased"):
            await holds.place(eve, about=about, reason="Theirs.")


async def test_what_has_to_be_kept_can_not_be_asked_for_and_says_until_when(world: World) -> None:
    today = clock.today()
    await retention.keep(world.ann, kind=RecordKind.NOTES, years=3, from_date=today, source="Records policy 2026")
    offers = (await erasure.look(world.ann, person=None, typed=NAME)).offers
    kept = {offer.find.key for offer in offers if offer.kept}
    assert kept == {key for key in kept if key.startswith(("note:", "file:", "decision:"))} != set()
    with pytest.raises(Conflict, match=rf"kept until .* {today.year + 3}\..*3 years: Records policy 2026"):
        await ask(world)
    await ask(world, chosen=[key for key in await keys_found(world.ann, person=world.left.person) if key not in kept])


async def test_a_duty_counts_from_its_day_until_a_later_setting_does(world: World) -> None:
    today = clock.today()
    later = today.replace(day=1, year=today.year + 1)
    for years, day in ((2, today), (1, later)):
        await retention.keep(world.ann, kind=RecordKind.OPINIONS, years=years, from_date=day, source="Ours")
    async with database.read():
        assert (await retention.in_force_at(str(world.ann.school), today))[RecordKind.OPINIONS].years == 2
        assert (await retention.in_force_at(str(world.ann.school), later))[RecordKind.OPINIONS].years == 1
        assert (await retention.in_force_at("another school's", later))[RecordKind.OPINIONS].years == 0


async def test_nothing_is_kept_for_less_than_the_duty_that_comes_with_vouch(world: World) -> None:
    with pytest.raises(Invalid) as refused:
        await retention.keep(world.ann, kind=RecordKind.CONTRACTS, years=5, from_date=None, source="")
    assert set(refused.value.fields) == {"years", "from_date", "source"}
    assert "from 6 to 50" in refused.value.fields["years"]
    leap = retention.Duty(RecordKind.NOTES, 1, "", None)
    assert leap.until(date(2024, 2, 29)) == date(2025, 3, 1)
