"""A long trail is searched a page at a time, and what lies on the border of two pages is found once."""

import json
from uuid import UUID

import pytest

import audit
import database
from audit.erasing import erasure
from tests.given.sealing import TRAIL, Event

pytestmark = pytest.mark.usefixtures("db")

PER_PAGE = 3
OTHER = "22222222-2222-4222-8222-222222222222"


@pytest.fixture(autouse=True)
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(erasure, "AT_A_TIME", PER_PAGE)


async def written(entries: int, trail: str = TRAIL) -> None:
    async with audit.recording(None) as record:
        for n in range(entries):
            record(
                Event.THING_DONE, stream="school", subject="thing:1", facts={"n": n}, personal={"text": f"Text {n}."}, trail=trail
            )


async def texts_of(trail: str = TRAIL) -> list[tuple[int, str]]:
    async with database.read():
        return [(opened.idx, opened.value) async for opened in erasure.texts(trail)]


@pytest.mark.parametrize("entries", [1, PER_PAGE - 1, PER_PAGE, PER_PAGE + 1, 2 * PER_PAGE, 2 * PER_PAGE + 1, 3 * PER_PAGE + 2])
async def test_every_text_is_found_once_and_in_order_wherever_pages_end(entries: int) -> None:
    await written(entries)
    await written(2, OTHER)
    assert await texts_of() == [(n, f"Text {n}.") for n in range(entries)]


@pytest.mark.parametrize("entries", [1, PER_PAGE, PER_PAGE + 1, 2 * PER_PAGE, 3 * PER_PAGE + 2])
async def test_the_facts_of_every_entry_are_looked_through_once_wherever_pages_end(entries: int) -> None:
    await written(entries)
    async with database.read():
        found = [json.loads(value)["n"] async for value in erasure.plain_facts(TRAIL)]
    assert sorted(found) == list(range(entries))


@pytest.mark.parametrize("wanted", [1, PER_PAGE, PER_PAGE + 1, 2 * PER_PAGE])
async def test_openings_chosen_are_all_there_wherever_pages_end(wanted: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(erasure, "MOST_LISTED", PER_PAGE)
    await written(wanted + 1)
    async with database.read():
        keys = [opened.key async for opened in erasure.texts(TRAIL)][:wanted]
        found = await erasure.still_there(TRAIL, [*keys, (UUID(int=0), "personal.text")])
    assert sorted(opened.key for opened in found) == sorted(keys)
