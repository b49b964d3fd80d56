"""Iris audits what Oakfield's trail says about its boilers: no route tells her anything else, or changes anything for her."""

import difflib
import re
from collections.abc import Iterator
from datetime import timedelta
from operator import attrgetter
from pathlib import Path
from uuid import UUID

import httpx
import pytest

from audit.seals import recipients
from base import clock
from sharing.sign_in import sessions
from suppliers.directory import changing
from suppliers.opinions import notes, reviews
from suppliers.opinions.notes import About
from suppliers.opinions.opinion import Opinion
from tests.conftest import Template
from tests.given import shut_out
from tests.given.busy_town import everybody_else_is_busy
from tests.given.page_text import without_number
from tests.given.routes import read, reading, routes
from tests.given.town import Town, town_of

# Adding a route here is a decision: what does it tell somebody from outside?
OPEN = {
    "GET /account",
    "GET /account/address",
    "GET /account/password",
    "GET /account/prove-address/{token}",
    "GET /api/v1/trail/as-of",
    "GET /api/v1/trail/checkpoint",
    "GET /api/v1/trail/entries",
    "GET /switch",
    "GET /trail",
    "GET /trail/as-of",
    "GET /trail/check",
    "GET /trail/packs",
    "GET /trail/seals",
    "GET /trail/seals/latest.txt",
    "POST /account/address",
    "POST /account/password",
    "POST /account/prove-address/{token}",
    "POST /account/sign-out-elsewhere",
    "POST /account/sessions/{session}/end",
    "POST /api/v1/trail/pack",
    "POST /switch",
    "POST /trail/download",
    "POST /trail/packs",
}


@pytest.mark.pure
def test_what_is_open_to_auditors_is_a_short_list() -> None:
    assert {route.key for route in routes() if route.is_open_to_auditors and not route.is_public} == OPEN


async def test_every_other_page_refuses_an_auditor_with_the_same_bytes_whatever_is_asked_for(town: Town) -> None:
    await shut_out.refused_with_the_same_bytes(town, "iris", attrgetter("is_open_to_auditors"))


async def test_every_other_request_of_an_auditor_is_refused_and_changes_nothing(town: Town) -> None:
    await shut_out.changes_nothing(town, "iris", attrgetter("is_open_to_auditors"))


async def test_every_link_that_an_auditor_is_shown_opens(town: Town) -> None:
    assert "/account/password" in await shut_out.followed(town, "iris", "/trail", "/account")


# Two worlds that differ only outside the scope.


@pytest.fixture
def still_clock() -> Iterator[None]:
    with clock.at(clock.now().replace(microsecond=0) + timedelta(minutes=30)):
        yield


async def oakfield_is_busy_elsewhere(town: Town) -> None:
    ann, drains = town.viewers["ann"], UUID(town.ids["drains"])
    ours = await reviews.current(ann, drains)
    assert ours is not None
    await reviews.review(ann, drains, opinion=Opinion(interest=None, rating=1, criticism="Never came."), version=ours.version)
    await notes.note(ann, drains, about=About.PROBLEM, body="Flooded twice.")
    await changing.edit(ann, UUID(town.ids["catering"]), name="Ashby Boilers and Catering")
    await recipients.add(ann, "chair@school.example")


async def everything_open(town: Town, browser: httpx.AsyncClient) -> dict[str, tuple[int, str]]:
    told = {}
    for route in reading():
        if route.is_open_to_auditors and not route.is_public:
            answer = await read(browser, route, town)
            told[route.path] = (answer.status_code, without_counts(answer.text))
    for name in ("boilers", "drains", "catering"):
        for path, query in (("", "stream"), ("/entries", "stream"), ("/as-of", "subject")):
            for start in ("/trail", "/api/v1/trail"):
                answer = await browser.get(start + path, params={query: f"supplier:{town.ids[name]}"})
                told[f"{start}{path} {name}"] = (answer.status_code, without_counts(answer.text))
    return told


def without_counts(text: str) -> str:
    """What the design lets an auditor know of the rest: how many streams and entries there are, and the root over them."""
    text = re.sub(r"\b[0-9a-f]{64}\b", "<root>", without_number(text))
    text = re.sub(r"(of|afterwards\.\s) *[0-9,]+ (streams|entries)", r"\1 <count> \2", text)
    text = re.sub(r"[0-9,]+ entries recomputed", "<count> entries recomputed", text)
    text = re.sub(r'"size":[0-9]+', '"size":<count>', text)
    return re.sub(r"(Entries\s*</dt>\s*<dd[^>]*>\s*)[0-9,]+", r"\1<count>", text)


@pytest.mark.usefixtures("still_clock")
async def test_what_happens_outside_the_scope_changes_nothing_that_an_auditor_is_told_but_the_counts(
    template: Template, tmp_path: Path
) -> None:
    worlds = []
    for is_busy in (False, True):
        async with town_of(template, tmp_path) as town:
            if is_busy:
                await everybody_else_is_busy(town)
                await oakfield_is_busy_elsewhere(town)
            town.tokens["iris"] = await sessions.start(town.viewers["iris"].person, town.viewers["iris"].school)
            async with town.browser("iris") as browser:
                worlds.append(await everything_open(town, browser))
    assert worlds[0].keys() == worlds[1].keys()
    for path, told in worlds[0].items():
        assert list(difflib.unified_diff(told[1].splitlines(), worlds[1][path][1].splitlines())) == [], path
        assert told[0] == worlds[1][path][0], path
    found = {path: status for path, (status, _) in worlds[0].items() if "as-of" in path}
    assert {path for path, status in found.items() if status == 404} == {
        f"{start}/trail/as-of {name}" for start in ("", "/api/v1") for name in ("drains", "catering")
    }
