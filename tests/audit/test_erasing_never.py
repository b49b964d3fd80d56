"""What happened, and its facts, are never erased, whoever asks the trail for it: nothing of such a request is done."""

from uuid import UUID

import pytest

import audit
import database
from audit.erasing import erasure
from audit.erasing.erasure import Applied, EntryOpening, ErasureReason
from audit.log import fsck
from audit.tables import Entry, Opening
from tests.given.sealing import TRAIL, Event

pytestmark = pytest.mark.usefixtures("db")

DONE = Applied(TRAIL, UUID(int=1), ErasureReason.ASKED, {})


async def an_entry() -> dict[str, EntryOpening]:
    """Its openings by field."""
    async with audit.recording(None) as record:
        record(Event.THING_DONE, stream="school", subject="thing:1", facts={"n": 1}, personal={"text": "A word."}, trail=TRAIL)
    async with database.read():
        return {one.field: one for one in await erasure.of_subject(TRAIL, "thing:1")}


async def taken_out(*openings: EntryOpening) -> None:
    async with audit.recording(None) as record:
        await erasure.apply(record, DONE, openings, {})


@pytest.mark.parametrize("field", ["event", "facts"])
async def test_neither_what_happened_nor_its_facts_go_nor_what_was_to_go_with_them(field: str) -> None:
    there = await an_entry()
    with pytest.raises(ValueError, match="never erased"):
        await taken_out(there["personal.text"], there[field])
    async with database.read():
        assert (await Opening.count(), await Entry.count()) == (len(there), 1)


async def test_a_personal_value_goes_and_the_trail_still_holds() -> None:
    there = await an_entry()
    await taken_out(there["personal.text"])
    async with database.read():
        assert {one.field for one in await erasure.of_subject(TRAIL, "thing:1")} == {"event", "facts", "actor"}
    assert (await fsck.check(TRAIL)).finding is None
