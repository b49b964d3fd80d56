"""Whatever others edit of what they keep back from Bob, everything that Bob reads stays the same to the byte.

Every mask that there is, for reviews and for notes; of what it hides everything is changed, taken away or added, by a colleague
and later. Bob reads before and after, by every route that there is, as of one moment, and on SQLite what tells of them once more
when vouches have lapsed, which one clock says to both engines.
"""

import json
import re
from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import httpx
import pytest

import database
from base import clock
from sharing.access.audiences import AudienceChoice, GrantChoice
from sharing.access.fields import Fields, GrantKind
from sharing.sign_in import sessions
from sharing.tables import Person
from suppliers.directory import directory
from suppliers.opinions import readable, reviews
from suppliers.opinions.opinion import VOUCH
from suppliers.search import visible_opinions
from suppliers.shares import shares
from suppliers.shares.shares import OpinionKind
from tests.conftest import Template
from tests.given.builders import stranger
from tests.given.examples import IS_WHOLE
from tests.given.hidden_edits import FULL, Edit, Row, edit_all, every_mask
from tests.given.routes import NO_IDS, Route, needed, path_of, reading, shown
from tests.given.town import Town, town_of

ASKED = {
    "/news": ("lately=yes",),  # without it, the page is of what is new since it was read last
    "/search": (
        "need=cleaning&miles=50",
        "need=ashby+boiler",
        "miles=50",
        "near=LN1+1AA&linked=no",
        "rating=2&like_ours=yes&miles=50",
    ),
    "/api/v1/recommendations": ("need=cleaning&miles=50", "need=heating&miles=50", "miles=50"),
    "/suppliers/side-by-side": ("supplier={cleaning}&supplier={alike}",),
    "/trail/as-of": ("subject=review:{a_review}", "subject=note:{a_note}", "subject=supplier:{cleaning}"),
    "/api/v1/trail/as-of": ("subject=review:{a_review}", "subject=note:{a_note}"),
}
# What stands in a path for a name: things of the schools that edit, where there are such; otherwise the town's usual one.
OF_OTHERS = {
    "supplier_id": ("cleaning", "alike", "glazed"),
    "review_id": ("a_review",),
    "note_id": ("a_note",),
    "item_id": ("a_review", "a_note"),
    "school": ("a_school",),
}
NEXT_PAGE = re.compile(rb'href="\?((?:reviews|notes)=[\w-]+)')
A_DAY, A_YEAR_AND_MORE = timedelta(days=1), timedelta(days=400)
Answers = dict[str, tuple[int, bytes, list[tuple[str, str]]]]


@pytest.fixture
async def town(template: Template, tmp_path: Path) -> AsyncIterator[Town]:
    async with town_of(template, tmp_path) as town:
        bob = town.viewers["bob"]
        glazed = (await directory.add(bob, name="Hill Glass", categories=["cleaning"])).id
        vouch = (await reviews.vouch(bob, glazed)).id
        await shares.share(bob, OpinionKind.REVIEW, vouch, AudienceChoice((GrantChoice(GrantKind.EVERYONE),)))
        town.ids["glazed"] = str(glazed)
        yield town


async def masks_of(town: Town) -> list[Row]:
    rows = await every_mask(town)
    town.ids |= {"a_review": str(rows[0].review), "a_note": str(rows[0].note), "a_school": str(rows[0].writer.school)}
    return rows


async def colleagues() -> dict[str, UUID]:
    async with database.read():
        return {row["name"]: row["id"] for row in await Person.select(Person.id, Person.name)}


def addresses(route: Route, town: Town) -> Iterator[str]:
    named = [(name, OF_OTHERS[name]) for name in route.names if name in OF_OTHERS]
    choices: list[dict[str, str]] = [{}]
    for name, values in named:
        choices = [{**chosen, name: town.ids[value]} for chosen in choices for value in values]
    for chosen in choices:
        path = path_of(route, town, NO_IDS, **chosen)
        for query in ASKED.get(route.path, (needed(route, town),)):
            yield f"{path}?{query.format_map(town.ids)}".rstrip("?")


async def session_of_bob(town: Town, at: datetime) -> str:
    with clock.at(at):
        return await sessions.start(town.viewers["bob"].person, town.viewers["bob"].school)


async def all_that_bob_reads(town: Town, at: datetime, token: str, *, of: Iterable[str] = ()) -> Answers:
    """Every route's answers as of a moment, or ``of`` some addresses, and of every list all of its pages."""
    with clock.at(at):
        async with stranger() as browser:
            browser.cookies.set(sessions.cookie_name(), token, domain="127.0.0.1")
            waiting = list(of) or [address for route in reading() for address in addresses(route, town)]
            found: Answers = {}
            while waiting:
                address = waiting.pop()
                if address not in found:
                    answer = await browser.get(address)
                    found[address] = shown(answer)
                    waiting += next_pages(address, answer)
    return found


def next_pages(address: str, answer: httpx.Response) -> list[str]:
    path = address.partition("?")[0]
    pages = [f"{path}?{query.decode()}" for query in NEXT_PAGE.findall(answer.content)]
    if path.endswith("/reviews") and answer.headers["content-type"] == "application/json":
        told = json.loads(answer.content)
        pages += [f"{path}?{urlencode({name: told[f'next_{name}']})}" for name in ("reviews_cursor", "notes_cursor")
                  if told[f"next_{name}"]]  # fmt: skip
    return pages


async def test_whatever_others_edit_of_what_they_hide_moves_nothing_that_bob_reads(town: Town) -> None:
    rows = await masks_of(town)
    a_day, a_year = (clock.now() + after for after in (A_DAY, A_YEAR_AND_MORE))
    later = await session_of_bob(town, a_year)  # first, as a session that begins deletes those that have ended
    sooner = await session_of_bob(town, a_day)
    before = await all_that_bob_reads(town, a_day, sooner)
    of_them = told_of(rows, before)
    lapsed = await all_that_bob_reads(town, a_year, later, of=of_them) if IS_WHOLE else {}
    assert await edit_all(rows, await colleagues()) < a_day
    assert differing(before, await all_that_bob_reads(town, a_day, sooner)) == []
    assert not IS_WHOLE or differing(lapsed, await all_that_bob_reads(town, a_year, later, of=of_them)) == []


def told_of(rows: list[Row], read: Answers) -> list[str]:
    """The addresses that tell of those who hide something; between them, on pages and in searches, of every one."""
    assert len(read) > 100
    assert not [address for address, (status, *_) in read.items() if status == 401 or status >= 500]
    assert not [address for address, (_, _, headers) in read.items() if ("location", "/sign-in") in headers], "signed out"
    names = {row.writer.school_name.encode() for row in rows}
    for what in ("/suppliers/", "/api/v1/recommendations"):
        told = b"".join(content for address, (_, content, _) in read.items() if address.startswith(what))
        assert {name for name in names if name not in told} == set(), what
    return [address for address, (_, content, _) in read.items() if any(name in content for name in names)]


def differing(quiet: Answers, edited: Answers) -> list[str]:
    return [address for address in {**quiet, **edited} if quiet.get(address) != edited.get(address)]


@pytest.fixture(autouse=True)
def _a_search_shows_every_school(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visible_opinions, "MOST_SHOWN", 100)


async def test_an_edit_of_what_bob_sees_is_shown_as_the_newest_and_a_vouch_lapses_by_itself(town: Town) -> None:
    rows = await masks_of(town)
    await what_bob_sees_is_newest(town, rows)
    await a_vouch_lapses_whatever_is_hidden_beside_it([row for row in rows if row.edit is Edit.COMES])


async def what_bob_sees_is_newest(town: Town, rows: list[Row]) -> None:
    """The other way round: each part that is open moves the date, and tells who wrote it."""
    row = next(row for row in rows if row.edit is Edit.CHANGES and row.review_mask == Fields(31))
    colleague, said = replace(row.writer, person=(await colleagues())["Colleague 31"]), FULL
    changed: dict[str, Any] = {"rating": 1, "praise": "So so.", "criticism": "Never.", "used_from": None, "interest": "My uncle."}
    changed |= {"reliability": 2, "stage": None}
    for n, (name, value) in enumerate(changed.items(), start=1):
        said = replace(said, **{name: value})
        with clock.at(clock.now() + timedelta(hours=n)):
            at = clock.now()
            await reviews.review(colleague if n % 2 else row.writer, row.supplier, opinion=said, version=n)
            newest = (await readable.about(town.viewers["bob"], row.supplier)).reviews[0]
        assert (newest.by.name, newest.written_at, newest.is_revised) == (row.writer.school_name, at, True), name
        assert newest.author == ("Colleague 31" if n % 2 else "Writer 31"), name


async def a_vouch_lapses_whatever_is_hidden_beside_it(rows: list[Row]) -> None:
    await edit_all(rows, await colleagues())
    with clock.at(clock.now() + A_YEAR_AND_MORE):
        for row in rows:
            ours = await reviews.ours(row.writer, row.review)
            has_rating = ours.said.rating is not None
            assert (ours.lapses_at is None) == has_rating, ours.said
            assert ours.said == VOUCH or Fields(31) != row.review_mask
