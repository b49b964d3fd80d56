"""What a program read is named when it changes it: the ETag that was served is what If-Match takes, on every such route."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx
import pytest

from base.viewer import Role
from tests.given.builders import a_person, a_school, signed_in

pytestmark = pytest.mark.usefixtures("db")

SAID = {"interest": None, "rating": 4, "praise": "On time."}
NOTED = {"about": "good", "body": "Came at once."}
EVERYONE = {"grants": [{"kind": "everyone", "fields": ["rating"]}]}
CONNECTED = {"grants": [{"kind": "connected", "fields": ["rating"]}]}


@dataclass(frozen=True, slots=True)
class OneSchool:
    ann: httpx.AsyncClient
    review: str
    note: str


@asynccontextmanager
async def a_school_that_said_something() -> AsyncIterator[OneSchool]:
    async with signed_in(await a_person(await a_school(), Role.HEAD)) as ann:
        supplier = (await ann.post("/api/v1/suppliers", json={"name": "Ashby Boilers"})).json()["id"]
        review = (await ann.post(f"/api/v1/suppliers/{supplier}/reviews", json=SAID)).json()["id"]
        note = (await ann.post(f"/api/v1/suppliers/{supplier}/notes", json=NOTED)).json()["id"]
        yield OneSchool(ann, f"/api/v1/reviews/{review}", f"/api/v1/notes/{note}")


@pytest.mark.parametrize(("what", "body"), [("review", SAID), ("note", NOTED)])
async def test_the_tag_that_was_served_changes_and_withdraws_and_an_older_one_does_not(
    what: str, body: dict[str, object]
) -> None:
    async with a_school_that_said_something() as world:
        path: str = getattr(world, what)
        first = (await world.ann.get(path)).headers["etag"]
        changed = json.dumps(body | {"praise" if what == "review" else "body": "Otherwise."})
        sent = {"If-Match": first, "Content-Type": "application/json"}
        assert (await world.ann.put(path, content=changed, headers=sent)).status_code == 200
        second = (await world.ann.get(path)).headers["etag"]
        assert second != first
        assert (await world.ann.put(path, content=changed, headers=sent)).status_code == 409
        assert (await world.ann.delete(path, headers={"If-Match": first})).status_code == 409
        assert (await world.ann.get(path)).status_code == 200
        assert (await world.ann.delete(path, headers={"If-Match": second})).status_code == 204
        assert (await world.ann.get(path)).status_code == 404


@pytest.mark.parametrize("what", ["review", "note"])
async def test_a_stale_program_neither_widens_an_audience_nor_ends_one(what: str) -> None:
    async with a_school_that_said_something() as world:
        path = f"{getattr(world, what)}/audience"
        private = (await world.ann.get(path)).headers["etag"]
        narrowed = await world.ann.put(path, json=CONNECTED, headers={"If-Match": private})
        assert narrowed.status_code == 200
        assert narrowed.headers["etag"] == (await world.ann.get(path)).headers["etag"] != private
        for stale in (
            await world.ann.put(path, json=EVERYONE, headers={"If-Match": private}),
            await world.ann.put(path, json={"grants": []}, headers={"If-Match": private}),
            await world.ann.delete(path, headers={"If-Match": private}),
        ):
            assert stale.status_code == 409
            assert "changed after you read it" in stale.json()["detail"]
        assert [grant["kind"] for grant in (await world.ann.get(path)).json()["grants"]] == ["connected"]
        assert (await world.ann.delete(path, headers={"If-Match": narrowed.headers["etag"]})).status_code == 204
        assert (await world.ann.get(path)).headers["etag"] == private


async def test_a_program_from_before_that_names_nothing_shares_and_takes_back_as_ever() -> None:
    async with a_school_that_said_something() as world:
        for path in (world.review, world.note):
            assert (await world.ann.put(f"{path}/audience", json=EVERYONE)).status_code == 200
            assert (await world.ann.delete(f"{path}/audience")).status_code == 204
            assert (await world.ann.put(path, json=SAID if path == world.review else NOTED)).status_code == 428
            assert (await world.ann.delete(path)).status_code == 204


async def test_no_answer_to_another_school_has_a_tag() -> None:
    """A tag moves with what is hidden, so it would tell of it."""
    async with a_school_that_said_something() as world:
        for path in (world.review, world.note):
            await world.ann.put(f"{path}/audience", json=EVERYONE)
        supplier = (await world.ann.get(world.review)).json()["supplier"]
        listed = (await world.ann.get(world.review)).headers["etag"]
        assert listed == '"1"'
        async with signed_in(await a_person(await a_school("Elm Primary"), name="Bob Birch")) as bob:
            for path in (f"/api/v1/suppliers/{supplier}/reviews", f"/api/v1/suppliers/{supplier}", "/api/v1/recommendations"):
                answer = await bob.get(path)
                assert (answer.status_code, "etag" in answer.headers) == (200, False)
            for path in (world.review, world.note, f"{world.review}/audience", f"{world.note}/audience"):
                answer = await bob.get(path)
                assert (answer.status_code, "etag" in answer.headers) == (404, False)


async def test_a_tag_that_is_none_changes_nothing() -> None:
    async with a_school_that_said_something() as world:
        for path in (world.review, world.note):
            for tag in ("", "x", '"0"', "*", 'W/"1"', '"1", "2"', "é"):
                sent = {b"If-Match": tag.encode("latin-1")}
                for refused in (
                    await world.ann.request("DELETE", path, headers=sent),
                    await world.ann.request("DELETE", f"{path}/audience", headers=sent),
                ):
                    assert refused.status_code in (400, 409, 422), tag
            assert (await world.ann.get(path)).status_code == 200
