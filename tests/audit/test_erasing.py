"""Openings are taken out of a trail once, listed by what proves them, whatever is cut off on the way."""

import asyncio
from typing import Any

import pytest

import database
from audit.erasing import erasure_list
from base.refusals import Conflict, Unsure
from base.settings import Settings
from base.viewer import Role, Viewer
from privacy import erasure
from sharing.people import people
from tests.given.builders import a_person, events_of
from tests.given.erasing import (
    NAME,
    World,
    a_governor,
    a_world,
    ask,
    committed,
    erased_of,
    keys_found,
    school_of,
)


@pytest.fixture
async def world(db: Settings) -> World:
    return await a_world()


async def test_what_was_erased_is_listed_by_entry_field_and_commitment(world: World) -> None:
    before = await committed(world)
    await erasure.approve(world.hal, await ask(world))
    listed = await erased_of(world.ann.school)
    assert len(listed) > 10
    assert set(listed) <= before
    assert not set(listed) & await committed(world), "none of them is still there"


async def test_many_openings_are_listed_in_several_entries(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("audit.erasing.erasure.MOST_LISTED", 3)
    before = await committed(world)
    await erasure.approve(world.hal, await ask(world))
    listed = await erased_of(world.ann.school)
    assert len(listed) == len(set(listed)) == len(before - await committed(world))
    assert (await events_of(world.ann.school)).count("erasure.applied") > 4


async def test_two_who_approve_at_once_erase_once(world: World) -> None:
    ida = await a_head_more(world)
    request = await ask(world)
    done = await asyncio.gather(*(erasure.approve(one, request) for one in (world.hal, ida)), return_exceptions=True)
    assert sum(isinstance(one, Conflict) for one in done) == 1
    assert len(erasure_list.read()) == 1
    listed = await erased_of(world.ann.school)
    assert len(listed) == len(set(listed))


async def a_head_more(world: World) -> Viewer:
    return await a_person(await school_of(world), Role.HEAD, "Ida Ives")


@pytest.mark.fault
@pytest.mark.parametrize("failures", [1, 2])
async def test_a_failed_commit_is_taken_off_the_list_and_one_that_nobody_can_tell_of_is_done_at_the_next_start(
    world: World, monkeypatch: pytest.MonkeyPatch, failures: int
) -> None:
    request, commit, left = await ask(world), database.engine().commit, [None] * failures

    async def fails(connection: Any) -> None:
        if left:
            left.pop()
            raise OSError("no room on the disk")
        await commit(connection)

    monkeypatch.setattr(database.engine(), "commit", fails)
    with pytest.raises(Unsure):
        await erasure.approve(world.hal, request)
    assert await keys_found(world.ann, typed=NAME) != []
    assert await erasure.replay() == (0 if failures == 1 else 1)
    assert (await keys_found(world.ann, typed=NAME) == []) is (failures == 2)


@pytest.mark.fault
async def test_a_request_that_was_withdrawn_after_its_approval_was_cut_off_is_not_done_later(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    request, commit, left = await ask(world), database.engine().commit, [None] * 2

    async def fails(connection: Any) -> None:
        if left:
            left.pop()
            raise OSError("no room on the disk")
        await commit(connection)

    monkeypatch.setattr(database.engine(), "commit", fails)
    with pytest.raises(Unsure):
        await erasure.approve(world.hal, request)
    await erasure.withdraw(world.ann, request)
    assert await erasure.replay() == 0
    assert await keys_found(world.ann, typed=NAME) != []


@pytest.mark.fault
async def test_a_line_cut_off_by_a_crash_spoils_neither_the_one_before_nor_the_one_after(world: World) -> None:
    await erasure.approve(world.hal, await ask(world))
    with erasure_list.path().open("a") as file:
        file.write('{"erasure": "half a li')
    gus = await a_governor(world)
    await people.remove(world.hal, gus.person)
    await erasure.approve(world.hal, await ask(world, person=gus.person))
    assert [one.person for one in erasure_list.read()] == [world.left.person, gus.person]
    assert erasure_list.path().stat().st_mode & 0o777 == 0o600
