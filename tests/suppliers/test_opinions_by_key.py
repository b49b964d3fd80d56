"""A program changes no criticism that it might not have shared, and another record of a supplier begins no new count."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx
import pytest

from base.refusals import Invalid
from base.settings import Settings
from base.viewer import KeyScope, Role, Viewer
from sharing.access.audiences import AudienceChoice, GrantChoice
from sharing.access.fields import ALL, GrantKind
from sharing.sign_in import api_keys
from suppliers.directory import directory
from suppliers.opinions import notes, reviews
from suppliers.opinions.notes import About
from suppliers.opinions.opinion import Opinion
from suppliers.shares import shares
from suppliers.shares.publishing import SaidOfEntries
from suppliers.shares.shares import OpinionKind
from tests.given.builders import a_person, a_school, program

WRITES, SHARES = {KeyScope.WRITE}, {KeyScope.WRITE, KeyScope.SHARE}
SAID = Opinion(interest=None, rating=2, praise="On time.", criticism="Dear in March.")
SAME: dict[str, Any] = {"interest": None, "rating": 2, "praise": "On time.", "criticism": "Dear in March."}
OTHER_WORDS = SAME | {"criticism": "Never came at all."}


@dataclass
class World:
    hal: Viewer  # head of Oakfield
    schools: list[UUID]  # others
    review: UUID

    async def shared(self, count: int) -> None:
        """By the head, in the pages, with so many schools; with everyone for none."""
        lines = [GrantChoice(GrantKind.SCHOOL, school, fields=ALL) for school in self.schools[:count]]
        choice = AudienceChoice(tuple(lines or [GrantChoice(GrantKind.EVERYONE, fields=ALL)]))
        await shares.share(self.hal, OpinionKind.REVIEW, self.review, choice)

    async def revise(self, scopes: set[KeyScope], said: dict[str, Any]) -> httpx.Response:
        version = (await reviews.ours(self.hal, self.review)).version
        async with program(await api_keys.create(self.hal, name="Ours", days=30, scopes=scopes)) as client:
            return await client.put(f"/api/v1/reviews/{self.review}", json=said, headers={"If-Match": f'"{version}"'})


@pytest.fixture
async def world(db: Settings) -> World:
    oakfield = await a_school("Oakfield")
    hal = await a_person(oakfield, Role.HEAD, "Hal Hart")
    others = [(await a_school(name)).id for name in ("Elm", "Fern", "Gorse", "Hazel", "Ivy")]
    supplier = (await directory.add(hal, name="Ashby Boilers")).id
    return World(hal, others, (await reviews.review(hal, supplier, opinion=SAID, version=None)).id)


@pytest.mark.parametrize("count", [0, 1, 3], ids=["everyone", "one school", "three schools"])
@pytest.mark.both_engines
async def test_a_key_that_only_writes_changes_no_criticism_that_others_read(world: World, count: int) -> None:
    await world.shared(count)
    refused = await world.revise(WRITES, OTHER_WORDS)
    assert (refused.status_code, "Sign in with a browser" in refused.json()["detail"]) == (403, True)
    assert (await reviews.ours(world.hal, world.review)).said == SAID
    assert (await world.revise(WRITES, SAME | {"rating": 5})).status_code == 200, "everything else"
    assert (await world.revise(WRITES, SAME | {"criticism": ""})).status_code == 200, "less is always possible"


@pytest.mark.parametrize(("count", "status"), [(0, 403), (1, 200), (2, 403)], ids=["everyone", "one school", "two schools"])
@pytest.mark.both_engines
async def test_a_key_that_shares_changes_it_where_one_school_reads_it(world: World, count: int, status: int) -> None:
    await world.shared(count)
    assert (await world.revise(SHARES, OTHER_WORDS)).status_code == status


@pytest.mark.both_engines
async def test_criticism_that_nobody_else_reads_a_key_changes(world: World) -> None:
    assert (await world.revise(WRITES, OTHER_WORDS)).status_code == 200
    await world.shared(1)
    await shares.unshare(world.hal, OpinionKind.REVIEW, world.review)
    assert (await world.revise(WRITES, SAME)).status_code == 200


async def test_a_note_becomes_no_problem_by_key_where_others_would_read_it(world: World) -> None:
    supplier = (await reviews.ours(world.hal, world.review)).supplier
    note = await notes.note(world.hal, supplier, about=About.GOOD, body="Came on Monday.")
    choice = AudienceChoice((GrantChoice(GrantKind.EVERYONE, fields=ALL),))
    await shares.share(world.hal, OpinionKind.NOTE, note, choice)
    async with program(await api_keys.create(world.hal, name="Ours", days=30, scopes=WRITES)) as client:
        for body in ("Came on Monday.", "Never came."):
            said = {"about": "problem", "body": body, "happened_on": None}
            answer = await client.put(f"/api/v1/notes/{note}", json=said, headers={"If-Match": '"1"'})
            assert answer.status_code == 403, body
    assert (await notes.ours(world.hal, note)).about is About.GOOD


async def an_entry_told_to(world: World, viewer: Viewer, *schools: UUID) -> UUID:
    """An entry of the directory of which ``viewer``'s school told these schools criticism, and then stopped."""
    made = (await directory.add(viewer, name="Calder Caterers")).id
    note = await notes.note(viewer, made, about=About.PROBLEM, body="Cold soup.")
    choice = AudienceChoice(tuple(GrantChoice(GrantKind.SCHOOL, one, fields=ALL) for one in schools))
    await shares.share(viewer, OpinionKind.NOTE, note, choice)
    await shares.unshare(viewer, OpinionKind.NOTE, note)
    return made


@pytest.mark.both_engines
async def test_another_record_of_the_same_supplier_takes_criticism_to_no_second_school_by_key(world: World) -> None:
    entry = await an_entry_told_to(world, world.hal, world.schools[0])
    again = (await directory.add(world.hal, name="Calder Catering")).id
    note = await notes.note(world.hal, again, about=About.PROBLEM, body="Cold soup.")
    async with program(await api_keys.create(world.hal, name="Ours", days=30, scopes=SHARES)) as client:
        for school, status in ((world.schools[1], 422), (world.schools[0], 200)):
            grants = [{"kind": "school", "subject": str(school), "fields": ["criticism"]}]
            asked = {"grants": grants, "same_as": str(entry)}
            assert (await client.put(f"/api/v1/notes/{note}/audience", json=asked)).status_code == status


@pytest.mark.both_engines
async def test_another_record_of_the_same_supplier_begins_no_new_count_of_three_schools(world: World) -> None:
    mo = await a_person(await a_school("Juniper"), name="Mo Moss")
    entry = await an_entry_told_to(world, mo, *world.schools[:3])
    again = (await directory.add(mo, name="Calder Catering")).id
    note = await notes.note(mo, again, about=About.PROBLEM, body="Cold soup.")
    choice = AudienceChoice((GrantChoice(GrantKind.SCHOOL, world.schools[3], fields=ALL),))
    with pytest.raises(Invalid, match="at most 3 schools"):
        await shares.share(mo, OpinionKind.NOTE, note, choice, of_entries=SaidOfEntries(same_as=entry))
