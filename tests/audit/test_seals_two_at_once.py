"""Two that seal at the same moment: each says how many trails it sealed itself, so that together they say how many were."""

import asyncio
from collections import Counter

import pytest

from audit.seals import keys, sealing
from tests.given.sealing import grow

pytestmark = pytest.mark.usefixtures("db")

TRAILS = tuple(f"trail-{n:02}" for n in range(40))


async def test_every_seal_is_counted_by_one_of_them_and_every_trail_by_both() -> None:
    for trail in TRAILS:
        await grow(trail=trail)
    own = await keys.signing()
    results = await asyncio.gather(*(sealing.seal_some(TRAILS, own) for _ in range(3)))
    assert Counter(trail for result in results for trail in result.sealed) == dict.fromkeys(TRAILS, 1)
    for result in results:
        assert sorted((*result.sealed, *result.unchanged)) == sorted(TRAILS)
        assert result.refused == {}
