"""The main line by a program: an API key from the account page, then nothing but JSON."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest

from base.viewer import Viewer
from tests.given import journey
from tests.given.builders import program, signed_in
from tests.given.journey import BOILERS, CRITICISM, LISTED, NOTED, POSTCODE, PRAISE

pytestmark = pytest.mark.usefixtures("db")

EVERYONE = {"kind": "everyone", "fields": ["rating", "praise"]}


async def test_a_program_takes_one_school_s_word_to_another_as_far_as_it_was_shared() -> None:
    schools = await journey.three_schools()
    async with a_program(schools.ann) as ann, a_program(schools.bob) as bob, a_program(schools.fay) as fay:
        await uses_a_supplier_that_is_known(ann)
        supplier = await adds_boilers(ann)
        review = await vouches_and_reviews(ann, supplier)
        await notes(ann, supplier)
        assert (await bob.get(f"/suppliers/{supplier}")).status_code == 404
        await shares(ann, review, schools.fay)
        await finds_it(bob, supplier)
        await sees(bob, supplier, criticism=None)
        await sees(fay, supplier, criticism=CRITICISM)
        assert (await ann.delete(f"/reviews/{review}/audience")).status_code == 204
        assert (await answer(bob, f"/suppliers/{supplier}/reviews"))["reviews"] == []
        (left,) = (await answer(bob, "/recommendations", need="boilers"))["recommendations"]
        assert (left["name"], left["schools"]) == (BOILERS, [])  # a plain fact of the directory
        await reads_its_trail(ann, review)


@asynccontextmanager
async def a_program(viewer: Viewer) -> AsyncIterator[httpx.AsyncClient]:
    """Of a key that its person made on the page for keys, which shows it once."""
    async with signed_in(viewer) as browser:
        made = await browser.post(
            "/api-keys", data={"name": "Finance system", "days": "30", "scopes": ["read", "write", "share", "trail"]}
        )
        found = re.search(r"<code>(vk_\S+)</code>", made.text)
        assert found is not None
        assert found[1] not in (await browser.get("/api-keys")).text
    async with program(found[1]) as api:
        api.base_url = api.base_url.join("/api/v1/")
        yield api


async def answer(api: httpx.AsyncClient, path: str, **query: str) -> Any:
    got = await api.get(path, params=query)
    assert got.status_code == 200, got.text
    return got.json()


async def uses_a_supplier_that_is_known(ann: httpx.AsyncClient) -> None:
    (match,) = await answer(ann, "/suppliers/matches", name="Brightwater Window")
    assert (match["name"], match["verdict"]) == (LISTED, "same")
    assert match["reasons"]
    used = await ann.put(f"/suppliers/{match['supplier']}/use")
    assert (used.status_code, used.json()["used_by_us"]) == (200, True)


async def adds_boilers(ann: httpx.AsyncClient) -> str:
    added = await ann.post("/suppliers", json={"name": BOILERS, "categories": ["heating"]})
    assert (added.status_code, added.json()["own"]) == (201, True)
    supplier: str = added.json()["id"]
    return supplier


async def vouches_and_reviews(ann: httpx.AsyncClient, supplier: str) -> str:
    """A vouch is the first version of the review; the next names the version that it replaces."""
    vouched = (await ann.post(f"/suppliers/{supplier}/vouch")).json()
    assert (vouched["would_use_again"], vouched["shared"]) == (True, False)
    review = f"/reviews/{vouched['id']}"
    said: dict[str, Any] = {"interest": None, "rating": 4, "would_use_again": True, "praise": PRAISE, "criticism": CRITICISM}
    said |= {"criteria": {"value": 3}, "stage": "in_service", "evidence": "Invoice 7"}
    assert (await ann.put(review, json=said | {"rating": 9}, headers={"If-Match": '"1"'})).status_code in (400, 422)
    assert (await ann.put(review, json=said)).status_code == 428
    revised = await ann.put(review, json=said, headers={"If-Match": '"1"'})
    assert (revised.status_code, revised.json()["version"]) == (200, 2)
    assert (revised.json()["criteria"]["value"], revised.json()["evidence"]) == (3, "Invoice 7")
    again = await ann.put(review, json=said | {"rating": 1}, headers={"If-Match": '"1"'})
    assert (again.status_code, (await answer(ann, review))["rating"]) == (409, 4)
    found: str = vouched["id"]
    return found


async def notes(ann: httpx.AsyncClient, supplier: str) -> None:
    written = await ann.post(f"/suppliers/{supplier}/notes", json={"about": "good", "body": NOTED})
    assert written.status_code == 201


async def shares(ann: httpx.AsyncClient, review: str, fay: Viewer) -> None:
    """Rating and praise with every school, then criticism with one: never with every school."""
    wide = {"grants": [EVERYONE | {"fields": ["criticism"]}]}
    assert (await ann.put(f"/reviews/{review}/audience", json=wide)).status_code in (403, 422)
    assert (await ann.put(f"/reviews/{review}/audience", json={"grants": [EVERYONE]})).status_code == 200
    to_fern = {"kind": "school", "subject": str(fay.school), "fields": ["criticism"]}
    shared = await ann.put(f"/reviews/{review}/audience", json={"grants": [EVERYONE, to_fern]})
    assert shared.status_code == 200
    told = shared.json()["sentence"]
    assert (
        "Every school on Vouch can see the rating, what you say of value, reliability, quality and communication, that you"
        in told
    )
    assert "have evidence and what was good." in told
    assert "Fern Primary, Ashby can see criticism of this supplier." in told


async def finds_it(bob: httpx.AsyncClient, supplier: str) -> None:
    found = await answer(bob, "/recommendations", need="boiler servcing", near=POSTCODE)
    (hit,) = found["recommendations"]
    assert hit["supplier"] == supplier
    assert any(reason.startswith("1 school vouches for them: Oakfield Primary") for reason in hit["reasons"])
    assert "Boiler servicing and heating" in found["meant"]


async def sees(api: httpx.AsyncClient, supplier: str, *, criticism: str | None) -> None:
    found = await answer(api, f"/suppliers/{supplier}/reviews")
    (review,) = found["reviews"]
    assert (review["rating"], review["praise"], review["criticism"]) == (4, PRAISE, criticism)
    assert (review["criteria"]["value"], review["stage"], review["gives_evidence"]) == (3, None, True)
    assert review["why"]
    assert found["notes"] == []


async def reads_its_trail(ann: httpx.AsyncClient, review: str) -> None:
    """Newest first: who, what, and from what to what."""
    entries = (await answer(ann, "/trail/entries"))["entries"]
    mine = [entry for entry in entries if entry["subject"] == f"review:{review}"]
    assert [entry["type"] for entry in mine if entry["type"].startswith("share.")] == [
        "share.withdrawn", "share.given", "share.given",
    ]  # fmt: skip
    assert {entry["who"] for entry in mine} == {"Ann Archer"}
    last = next(change for change in mine[0]["changes"] if change["old"] and "Fern Primary" in change["old"])
    assert last["new"] == "Only your school can see this."
