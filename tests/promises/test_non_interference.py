"""Two worlds that differ only in what Bob of Elmwood may not see give Bob the same bytes, whatever he asks for.

Both start from one copy of the town, so ids are equal; in the second one, everybody else has been busy.
"""

import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from base import clock
from tests.conftest import Template
from tests.given.busy_town import everybody_else_is_busy, oakfield_hides_private_words
from tests.given.routes import NAMED, Route, reading, shown
from tests.given.town import Town, later_that_day, town_of

# What Bob may put in the place of a name in a path: his own things, everybody's, and some of Oakfield's.
CANDIDATES = {
    "supplier_id": ("cleaning", "alike", "glazing", "boilers", "jay"),
    "merge_id": ("merge", "entries_merge"),
    "decision_id": ("decision",),
    "correction_id": ("correction",),
    "shared_review_id": ("bobs_vouch", "shared_review"),
    "enquiry_id": ("bobs_enquiry", "enquiry"),
    "shared_enquiry_id": ("ferns_enquiry",),
    "edit_id": ("edit",),
    "link_id": ("supplier_link",),
    "review_id": ("bobs_vouch", "shared_review"),
    "note_id": ("bobs_note", "shared_note"),
    "item_id": ("bobs_vouch", "bobs_note", "shared_review"),
    "contract_id": ("bobs_contract", "shared_contract"),
    "document_id": ("bobs_contract_document", "shared_contract_document"),
    "contract_link": ("contract_link",),
    "meeting_id": ("meeting",),
    "action_id": ("action",),
    "question_id": ("question",),
    "concern_id": ("concern",),
    "credit_id": ("credit",),
    "assessment_id": ("rating",),
    "metric_id": ("metric",),
    "job_id": ("job",),
    "photo_id": ("photo",),
    "stamp_id": ("stamp",),
    "attachment_id": ("bobs_file", "shared_file"),
    "school": ("oakfield", "elmwood", "gorse", "hazel"),
    "person": ("bob", "ann"),
    "network": ("network",),
    "grant": ("grant",),
    "erasure_id": ("erasure",),
    "token": ("join",),
    "letter": ("letter",),
    "feed": ("bobs_feed",),
    "waiting_name": ("bobs_waiting_name",),
    "import_id": ("bobs_import", "import"),
    "register_id": ("bobs_register", "register"),
    "naming": ("naming",),
    "asked": ("pair",),
    "waiting_id": ("waiting", "dales_erasure"),
    "succession_id": ("succession",),
    "request_id": ("bobs_request", "asked", "received"),
    "invitation": ("invitation",),
}
NARROWED = "rating=1&would_use_again=yes&evidence=yes&like_ours=yes&miles=50"
COMPARED = "supplier={cleaning}&supplier={alike}&supplier={glazing}"
QUERIES = {
    "/search": (
        "need=boilers",
        "need=cleaning&miles=50",
        "need=ashby+boiler",
        "need=dene",
        "near=LN1+1AA&linked=no",
        "",
        NARROWED,
    ),
    "/api/v1/recommendations": ("need=cleaning", "need=brook", "need=catering", "miles=50", ""),
    "/suppliers/side-by-side": (COMPARED,),
    "/api/v1/suppliers/side-by-side": (COMPARED,),
    "/suppliers/side-by-side/file": (f"{COMPARED}&made_as=csv",),
    "/coverage": ("", "of=everywhere&heard=everyone"),
    "/coverage/file": ("of=everywhere&made_as=csv",),
    "/search/listed": ("need=cleaning", "need=drains", "need=boilers&near=LN1+1AA"),
    "/api/v1/recommendations/listed": ("need=cleaning", "need=drains", ""),
    "/api/v1/suppliers/matches": ("name=Ashby+Boilers", "name=Brook+Cleening", "name=Dene+Drains", "name=Zebra+Zoos"),
    "/suppliers/suggestions": ("name=Ashby+Boilers", "name=Carr+Catering", "name=Zebra+Zoos"),
    "/schools": ("q=oakfeild", "q=primary", ""),
    "/api/v1/schools": ("q=primary", "near=LN1+1AA&miles=50", ""),
    "/suppliers": ("text=b", "", "sort=peers", "showing=lapsing&sort=decide"),
    "/trail/as-of": ("subject=review:{bobs_vouch}", "subject=review:{shared_review}", "subject=supplier:{cleaning}"),
    "/api/v1/trail/as-of": ("subject=review:{bobs_vouch}", "subject=review:{shared_review}"),
}


@pytest.fixture(autouse=True)
def still_clock(template: Template) -> Iterator[None]:
    """Half an hour after the town was built, for everybody, so that no page tells the time by itself."""
    with clock.at(later_that_day(template)):
        yield


@asynccontextmanager
async def world(
    template: Template, folder: Path, *, busy: bool, who: str = "bob"
) -> AsyncIterator[tuple[Town, httpx.AsyncClient]]:
    async with town_of(template, folder) as town:
        if busy:
            await everybody_else_is_busy(town)
            await oakfield_hides_private_words(town)
        async with town.browser(who) as browser:
            yield town, browser


def addresses(route: Route, town: Town) -> Iterator[str]:
    named = {**NAMED, "which": "known"}
    paths = [route.path]
    for name in route.names:
        values = [named[name]] if name in named else [town.ids[one] for one in CANDIDATES[name]]
        paths = [path.replace(f"{{{name}}}", value) for path in paths for value in values]
    for path in paths:
        yield from (f"{path}?{query.format_map(town.ids)}" for query in QUERIES.get(path, ("",)))


async def test_whatever_bob_reads_is_the_same_to_the_byte(template: Template, tmp_path: Path) -> None:
    seen: list[dict[str, Any]] = []
    for busy in (False, True):
        async with world(template, tmp_path, busy=busy) as (town, browser):
            asked = [address for route in reading() for address in addresses(route, town)]
            seen.append({address: shown(await browser.get(address)) for address in asked})
    quiet, busy_world = seen
    assert len(quiet) > 80
    assert not [address for address in quiet if quiet[address][0] >= 500]
    assert sum(answer[0] == 200 for answer in quiet.values()) > 50
    assert [address for address in quiet if quiet[address] != busy_world[address]] == []


async def test_and_it_is_not_the_same_for_those_who_may_see_it(template: Template, tmp_path: Path) -> None:
    """So that the test above is not one that can't fail: Fern was shared a review, and how a service did."""
    for address, told in (("/suppliers/{cleaning}", b"Never came."), ("/contracts/{shared_contract}", b"Insured")):
        seen = []
        for busy in (False, True):
            async with world(template, tmp_path, busy=busy, who="olive") as (town, browser):
                seen.append(shown(await browser.get(address.format_map(town.ids))))
        assert told in seen[1][1]
        assert told not in seen[0][1]


async def test_whatever_bob_writes_is_answered_the_same(template: Template, tmp_path: Path) -> None:
    """Ids that are made on the way are new in each world, so they count as equal when they come in the same places."""
    seen = []
    for busy in (False, True):
        async with world(template, tmp_path, busy=busy) as (town, browser):
            seen.append([(what, without_ids(shown(await browser.request(*what, **body)))) for what, body in writes(town)])
    for quiet, busy_world in zip(*seen, strict=True):
        assert quiet == busy_world
    assert {status for _, (status, *_) in seen[0]} >= {200, 201, 204, 303, 404, 409}


def writes(town: Town) -> Iterator[tuple[tuple[str, str], dict[str, Any]]]:
    ids = town.ids
    said = {"interest": None, "rating": 2, "criticism": "Late."}
    yield ("POST", "/api/v1/suppliers"), {"json": {"name": "Brook Cleaning Services", "categories": ["cleaning"]}}
    yield ("POST", "/api/v1/suppliers"), {"json": {"name": "Brook Cleaning Services"}}
    yield ("POST", "/suppliers/new"), {"data": {"name": "Zebra Zoos", "phone": "01522 555 123"}}
    yield ("GET", "/api/v1/suppliers/matches?name=Zebra+Zoos"), {}
    yield ("GET", "/search?need=zebra"), {}
    for school in ("gorse", "dale", "oakfield", "hazel"):
        yield ("POST", "/api/v1/connections"), {"json": {"school": ids[school]}}
    yield ("GET", "/api/v1/connections"), {}
    yield ("DELETE", f"/api/v1/connections/requests/{ids['bobs_request']}"), {}
    yield ("POST", "/api/v1/connections"), {"json": {"school": ids["dale"]}}
    yield ("POST", f"/schools/{ids['oakfield']}/block"), {}
    yield ("POST", f"/api/v1/suppliers/{ids['boilers']}/vouch"), {}
    yield ("POST", f"/api/v1/suppliers/{ids['cleaning']}/reviews"), {"json": said}
    yield ("PUT", f"/api/v1/reviews/{ids['bobs_vouch']}/audience"), {"json": {"grants": [{"kind": "near", "miles": 5}]}}
    yield ("GET", f"/reviews/{ids['bobs_vouch']}/who-can-see"), {}
    dee_at_dale = {"kind": "person", "subject": ids["dee"], "at_school": ids["dale"]}
    yield ("PUT", f"/api/v1/reviews/{ids['bobs_vouch']}/audience"), {"json": {"grants": [dee_at_dale]}}
    yield ("GET", f"/api/v1/reviews/{ids['bobs_vouch']}/who-can-see"), {}
    yield ("GET", f"/reviews/{ids['bobs_vouch']}/who-can-see"), {}
    yield ("GET", f"/reviews/{ids['bobs_vouch']}/who-can-see?school={ids['dale']}&person={ids['dee']}"), {}
    yield ("GET", f"/reviews/{ids['bobs_vouch']}/who-can-see?school={ids['fern']}&person={ids['dee']}"), {}
    yield ("GET", f"/reviews/{ids['bobs_vouch']}/share"), {}
    yield ("PUT", f"/api/v1/contracts/{ids['bobs_contract']}/audience"), {"json": {"grants": [{"kind": "near", "miles": 5}]}}
    yield ("GET", f"/contracts/{ids['bobs_contract']}/who-can-see"), {}
    yield ("GET", f"/suppliers/{ids['cleaning']}"), {}
    for judgement in ("same", "same", "different", "unsure"):
        body = {"one": ids["alike"], "other": ids["cleaning"], "judgement": judgement}
        yield ("POST", "/api/v1/decisions"), {"json": body}
    yield ("POST", f"/api/v1/suppliers/{ids['glazing']}/merge"), {"json": {"into": ids["cleaning"]}}
    yield ("GET", f"/api/v1/suppliers/{ids['cleaning']}"), {}
    yield ("GET", f"/api/v1/suppliers/{ids['cleaning']}/merges"), {}
    yield ("POST", "/people/invite"), {"data": {"email": town.emails["cleo"], "role": "governor"}}
    yield ("GET", f"/schools?q={quote('Gorse Primary')}"), {}


def without_ids(answer: tuple[int, bytes, list[tuple[str, str]]]) -> tuple[int, str]:
    status, content, headers = answer
    text = content.decode() + str([value for name, value in headers if name == "location"])
    text = re.sub(r"/join/[\w-]+", "/join/…", text)
    return status, re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "…", text)
