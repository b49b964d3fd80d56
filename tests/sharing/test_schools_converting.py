"""A school that becomes an academy goes on under its new URN: same people, same trail, and an entry that says so."""

import json
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

import database
from audit.log import whose
from audit.seals import keys, origin_lists, sealing
from audit.tables import Entry, Opening
from base.refusals import Conflict, Invalid
from base.viewer import Role
from sharing.access import visibility
from sharing.networks import connections
from sharing.people import people
from sharing.schools import converting
from sharing.schools.register import RegisterRow
from sharing.schools.register_import import import_register
from sharing.schools.register_values import Status
from sharing.schools.schools import with_urn
from sharing.tables import Network, NetworkMember, School
from tests.given.builders import a_person, a_school, events_of
from tests.given.every_check import findings
from tests.given.register_rows import CASTLE

pytestmark = pytest.mark.usefixtures("db")

OLD = replace(CASTLE, trust_uid=None, trust_name=None)
NEW = replace(CASTLE, urn=900009, name="Castle Academy")
CLOSED = replace(OLD, status=Status.CLOSED)


async def imported(*rows: RegisterRow) -> None:
    await import_register(None, rows, digest="d1" * 32, complete=True)


async def school_of(urn: int) -> School:
    async with database.read():
        found = await School.objects().where(School.urn == urn).first()
    assert found is not None
    return found


async def a_school_with_people() -> School:
    await imported(OLD)
    school = await school_of(OLD.urn)
    await people.invite(await a_person(school), email="bea@castle.example", role=Role.GOVERNOR)
    await imported(CLOSED, NEW)
    return school


async def facts_of(trail: UUID, event: str) -> list[Any]:
    async with database.read():
        rows = await Entry.select(Entry.event_id).where((Entry.trail == str(trail)) & (Entry.type == event))
        ids = [row["event_id"] for row in rows]
        found = await Opening.select(Opening.value).where(database.among(Opening.event_id, ids) & (Opening.field == "facts"))
    return [json.loads(row["value"]) for row in found]


async def test_it_goes_on_with_its_people_and_its_trail_says_so() -> None:
    ours = await a_school_with_people()
    done = await converting.convert(OLD.urn, NEW.urn)
    assert (done.id, (await with_urn(NEW.urn)).id) == (ours.id, ours.id)
    assert ((await with_urn(NEW.urn)).name, (await with_urn(OLD.urn)).status) == ("Castle Academy", "closed")
    (told,) = await facts_of(ours.id, "trail.renamed")
    assert told == {
        "old": {"kind": "school", "name": OLD.name, "number": str(OLD.urn)},
        "new": {"kind": "school", "name": NEW.name, "number": str(NEW.urn)},
    }
    assert (await events_of(ours.id))[-1] == "trail.renamed"
    async with database.read():
        assert [owner.number for owner in await whose.owners_of(str(ours.id))] == [str(OLD.urn), str(NEW.urn)]
    assert await findings() == ()


async def test_the_lists_of_both_numbers_have_its_trail() -> None:
    ours = await a_school_with_people()
    own = await keys.signing()
    await sealing.seal_some([str(ours.id)], own)
    await converting.convert(OLD.urn, NEW.urn)
    await sealing.seal_some([str(ours.id)], own)
    await origin_lists.write_all([str(ours.id)], own)
    lists = [await origin_lists.of_number(str(urn)) for urn in (OLD.urn, NEW.urn)]
    origins = [note.decode().split("\n\n")[0].split("\n")[2:] for note in lists if note]
    assert len(origins) == 2
    assert origins[0] == origins[1]


async def test_the_next_import_changes_it_by_its_new_number_and_brings_it_into_its_trust() -> None:
    ours = await a_school_with_people()
    await converting.convert(OLD.urn, NEW.urn)
    await imported(CLOSED, replace(NEW, name="Castle and Moat Academy"))
    assert (await school_of(NEW.urn)).id == ours.id
    assert (await school_of(NEW.urn)).name == "Castle and Moat Academy"
    async with database.read():
        live = await NetworkMember.select(NetworkMember.network).where(
            (NetworkMember.school == ours.id) & NetworkMember.until_at.is_null()
        )
        names = await Network.select(Network.name).where(database.among(Network.id, [row["network"] for row in live]))
    assert CASTLE.trust_name in [row["name"] for row in names]
    assert await findings() == ()


@pytest.mark.both_engines
async def test_who_blocked_it_under_either_number_blocks_it_still_and_is_told_where_that_is_new() -> None:
    ours = await a_school_with_people()
    new = await school_of(NEW.urn)
    by_old, by_new, by_both = [await a_person(await a_school(name)) for name in ("Ash Primary", "Birch Primary", "Cedar Primary")]
    for viewer, blocked in ((by_old, ours), (by_new, new), (by_both, ours), (by_both, new)):
        await connections.block(viewer, blocked.id)
    castle = await a_person(ours, Role.HEAD, "Hal Hart")
    before = {one: (await events_of(one.school)).count("school.blocked") for one in (by_old, by_new, by_both)}
    await converting.convert(OLD.urn, NEW.urn)
    for viewer in (by_old, by_new, by_both):
        assert [one.school for one in (await connections.links(viewer)).blocked] == [ours.id]
        assert (await events_of(viewer.school)).count("school.blocked") == before[viewer] + (viewer is by_new)
    async with database.read():
        assert set((await visibility.principals(castle)).blocked_by) == {by_old.school, by_new.school, by_both.school}
    assert await findings() == ()


async def test_a_new_one_at_which_somebody_did_something_is_left_alone() -> None:
    ours = await a_school_with_people()
    await a_person(await school_of(NEW.urn))
    with pytest.raises(Conflict, match="people or records of its own"):
        await converting.convert(OLD.urn, NEW.urn)
    assert (await school_of(OLD.urn)).id == ours.id


async def test_a_number_that_no_school_has_and_the_same_twice_are_refused() -> None:
    await a_school_with_people()
    for old, new in ((OLD.urn, 900_100), (900_100, NEW.urn), (OLD.urn, OLD.urn)):
        with pytest.raises(Invalid):
            await converting.convert(old, new)
