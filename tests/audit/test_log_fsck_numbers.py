"""Whoever takes an entry out and works every hash out anew has still to number each stream without a gap."""

import pytest

import database
from audit.log import fsck
from audit.tables import StreamRow
from tests.given.sealing import TRAIL, grow, triggers_off

pytestmark = pytest.mark.usefixtures("db")


async def number_moved(by: int) -> None:
    async with database.read():
        (size,) = await StreamRow.select(StreamRow.size).where(StreamRow.trail == TRAIL).output(as_list=True)
    async with triggers_off():
        await StreamRow.update({StreamRow.size: size + by}).where(StreamRow.trail == TRAIL)


async def test_a_stream_that_skips_a_number_is_found_at_the_entry_after_the_gap() -> None:
    """Every hash fits: the number was wrong before the entry was hashed."""
    await grow(3)
    await number_moved(by=1)
    await grow(2)
    finding = (await fsck.check(TRAIL)).finding
    assert finding is not None
    assert (finding.idx, finding.what) == (3, "the next entry of the stream school is its number 4, not 5")
