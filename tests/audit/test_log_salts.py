"""Nobody can try out what an erased value was: each is committed to with a salt of its own, made by chance."""

import json
from typing import Any

import pytest

import audit
import database
from audit import entry
from audit.tables import Entry, Opening, StreamRow
from tests.given.sealing import TRAIL, Event

pytestmark = pytest.mark.usefixtures("db")

OTHER = "22222222-2222-4222-8222-222222222222"


async def said(rating: int, trail: str = TRAIL) -> None:
    """The same thing in the same words, but for its rating: five guesses would be all that there is to try."""
    async with audit.recording(None) as record:
        facts = {"rating": rating}
        record(
            Event.THING_DONE, stream="supplier:1", subject="thing:1", facts=facts, personal={"praise": "On time."}, trail=trail
        )


async def openings() -> list[dict[str, Any]]:
    async with database.read():
        rows: list[dict[str, Any]] = await Opening.select()
    return rows


async def test_no_two_values_have_one_salt_in_one_entry_or_in_many() -> None:
    for trail in (TRAIL, TRAIL, OTHER):
        await said(4, trail)
    salts = [bytes(row["salt"]) for row in await openings()]
    assert len(set(salts)) == len(salts) == 12
    assert {len(salt) for salt in salts} == {entry.SALT_BYTES}


async def test_the_same_words_are_committed_to_differently_each_time() -> None:
    for trail in (TRAIL, TRAIL, OTHER):
        await said(4, trail)
    async with database.read():
        headers = await Entry.select(Entry.header).output(as_list=True)
    commitments = [one for header in headers for one in json.loads(header)["c"]]
    assert len(set(commitments)) == len(commitments) == 12


async def test_a_value_whose_salt_went_with_it_is_not_found_by_trying_all_there_is() -> None:
    """Whoever has an entry, and what was said another time with its salt, tries every rating with every salt that is known."""
    await said(4)
    async with database.read():
        (header,) = await Entry.select(Entry.header).output(as_list=True)
    await said(5)
    known = [bytes(row["salt"]) for row in await openings() if '"rating":4' not in row["value"]]
    tried = {entry.commitment("facts", salt, b'{"rating":%d}' % n).hex() for salt in (*known, bytes(32)) for n in range(1, 6)}
    assert tried & set(json.loads(header)["c"]) == set()


async def test_what_a_trail_calls_a_stream_tells_nobody_its_name() -> None:
    """Two schools' trails about one supplier have nothing in common."""
    for trail in (TRAIL, OTHER):
        await said(4, trail)
    async with database.read():
        tags = [bytes(tag) for tag in await StreamRow.select(StreamRow.tag).output(as_list=True)]
    assert len(set(tags)) == len(tags) == 2
    assert {len(tag) for tag in tags} == {entry.TAG_BYTES}
