"""A program with an API key takes the criticism of a review or note to one school at most, whichever way it tries."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx
import pytest

from base.settings import Settings
from base.viewer import KeyScope, Role, Viewer
from sharing.access.audiences import AudienceChoice, GrantChoice
from sharing.access.fields import ALL, Fields, GrantKind
from sharing.networks import connections, networks
from sharing.sign_in import api_keys
from sharing.tables import School
from suppliers.directory import directory
from suppliers.opinions import reviews
from suppliers.opinions.opinion import Opinion
from suppliers.shares import shares
from suppliers.shares.shares import OpinionKind
from tests.given.builders import a_person, a_school, program

SAID = Opinion(interest=None, rating=2, praise="On time.", criticism="Dear in March.", used_from=None)
EVERYTHING = ["rating", "criticism"]


@dataclass
class World:
    hal: Viewer  # head of Oakfield, whose key shares
    elm: School
    fern: School
    eve: Viewer  # of Elm
    fay: Viewer  # of Fern
    network: UUID
    review: UUID
    program: httpx.AsyncClient

    async def put(self, *grants: dict[str, Any]) -> httpx.Response:
        return await self.program.put(f"/api/v1/reviews/{self.review}/audience", json={"grants": list(grants)})

    async def grants(self) -> list[dict[str, Any]]:
        return (await shares.state(self.hal, OpinionKind.REVIEW, self.review)).choice.facts()

    async def shared(self, *grants: GrantChoice) -> None:
        """By the head, in the pages."""
        await shares.share(self.hal, OpinionKind.REVIEW, self.review, AudienceChoice(grants))


def to(kind: str, subject: object = None, *fields: str, **more: Any) -> dict[str, Any]:
    return {"kind": kind, "subject": subject and str(subject), "fields": fields or EVERYTHING, **more}


@pytest.fixture
async def world(db: Settings) -> AsyncIterator[World]:
    oakfield, elm, fern = [await a_school(name) for name in ("Oakfield", "Elm", "Fern")]
    hal = await a_person(oakfield, Role.HEAD, "Hal Hart")
    eve, fay = await a_person(elm, name="Eve Evans"), await a_person(fern, name="Fay Field")
    await connections.accept(eve, await connections.ask(hal, eve.school))
    network = await networks.start(hal, name="Oakfield cluster")
    supplier = (await directory.add(hal, name="Ashby Boilers")).id
    review = (await reviews.review(hal, supplier, opinion=SAID, version=None)).id
    key = await api_keys.create(hal, name="Sharer", days=30, scopes={KeyScope.SHARE})
    async with program(key) as client:
        yield World(hal, elm, fern, eve, fay, network, review, client)


def refused(answer: httpx.Response) -> None:
    assert answer.status_code == 422, answer.text
    assert "one school at most" in answer.json()["errors"]["fields"]


async def test_criticism_goes_to_one_school_by_key(world: World) -> None:
    assert (await world.put(to("school", world.elm.id), to("connected", None, "rating"))).status_code == 200
    one_of_them = to("person", world.eve.person, at_school=str(world.elm.id))
    assert (await world.put(to("school", world.elm.id), one_of_them)).status_code == 200


@pytest.mark.parametrize("kind", ["connected", "everyone"])
async def test_a_heads_key_takes_it_no_further_than_anybody_elses(world: World, kind: str) -> None:
    refused(await world.put(to(kind)))
    refused(await world.put(to("school", world.elm.id), to(kind)))
    refused(await world.put(to("near", None, miles=5)))
    refused(await world.put(to("network", world.network)))
    assert await world.grants() == []


async def test_two_schools_in_one_request_are_refused(world: World) -> None:
    refused(await world.put(to("school", world.elm.id), to("school", world.fern.id)))
    refused(await world.put(to("school", world.elm.id), to("person", world.fay.person)))
    refused(await world.put(to("person", world.eve.person), to("person", world.fay.person)))
    assert await world.grants() == []


async def test_a_second_school_beside_one_that_has_it_is_refused(world: World) -> None:
    assert (await world.put(to("school", world.elm.id))).status_code == 200
    before = await world.grants()
    refused(await world.put(to("school", world.elm.id), to("school", world.fern.id)))
    refused(await world.put(to("school", world.elm.id), to("person", world.fay.person)))
    refused(await world.put(to("person", world.fay.person)))
    assert await world.grants() == before


async def test_one_school_after_another_is_refused(world: World) -> None:
    assert (await world.put(to("school", world.elm.id))).status_code == 200
    refused(await world.put(to("school", world.fern.id)))
    assert (await world.put()).status_code == 200
    refused(await world.put(to("school", world.fern.id)))
    assert (await world.program.delete(f"/api/v1/reviews/{world.review}/audience")).status_code == 204
    refused(await world.put(to("person", world.fay.person)))
    assert (await world.put(to("school", world.elm.id))).status_code == 200, "the one that had it may have it again"


async def test_raising_the_fields_of_lines_that_are_there_is_refused(world: World) -> None:
    await world.shared(
        GrantChoice(GrantKind.EVERYONE),
        GrantChoice(GrantKind.SCHOOL, world.elm.id),
        GrantChoice(GrantKind.SCHOOL, world.fern.id),
        GrantChoice(GrantKind.NETWORK, world.network),
    )
    before = await world.grants()
    schools = [to("school", school, "rating", "praise") for school in (world.elm.id, world.fern.id)]
    refused(await world.put(*schools, to("everyone")))
    refused(await world.put(*schools, to("network", world.network)))
    refused(await world.put(to("school", world.elm.id), to("school", world.fern.id)))
    assert await world.grants() == before


async def test_what_a_head_shared_more_widely_stays_and_the_key_adds_nothing_to_it(world: World) -> None:
    await world.shared(GrantChoice(GrantKind.EVERYONE, fields=Fields.RATING | Fields.CRITICISM))
    refused(await world.put(to("everyone"), to("school", world.elm.id)))
    refused(await world.put(to("everyone", None, "rating", "praise", "criticism")))
    assert (await world.put(to("everyone"), to("connected", None, "praise"))).status_code == 200
    assert (await world.put(to("everyone", None, "rating"))).status_code == 200, "less is always possible"


async def test_a_head_who_signs_in_does_what_the_key_may_not(world: World) -> None:
    both = [GrantChoice(GrantKind.SCHOOL, school, fields=ALL) for school in (world.elm.id, world.fern.id)]
    await world.shared(*both)
    assert len(await world.grants()) == 2
