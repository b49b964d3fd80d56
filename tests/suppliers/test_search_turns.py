"""One person's searches wait for each other, and nobody else's wait for them."""

import asyncio
from typing import Any

import pytest

import database
from database.units import UnitKind
from suppliers.search import search, standings
from tests.given.builders import a_person, a_school, signed_in
from tests.given.patience import until

pytestmark = pytest.mark.usefixtures("db")


@pytest.mark.parametrize("path", ["/search?need=cleaning", "/api/v1/recommendations?need=cleaning"])
async def test_a_third_search_at_once_is_asked_to_wait_and_another_person_is_not(
    path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    school = await a_school()
    ann, bob = await a_person(school), await a_person(school)
    monkeypatch.setattr(search.SEARCHING, "_seconds", 0.05)
    go, held = asyncio.Event(), [0]
    real = standings.standings

    async def slow(*args: Any, **more: Any) -> Any:
        held[0] += 1
        if held[0] <= 2:
            await go.wait()
        return await real(*args, **more)

    monkeypatch.setattr("suppliers.search.standings.standings", slow)

    async def both_search() -> bool:
        return held[0] == 2

    async with signed_in(ann) as anns, signed_in(bob) as bobs:
        slow_ones = [asyncio.create_task(anns.get(path)) for _ in range(2)]
        await until(both_search)
        refused = await anns.get(path)
        assert (refused.status_code, refused.headers["retry-after"]) == (429, "5")
        assert "other searches under way" in refused.text
        assert (await bobs.get(path)).status_code == 200
        go.set()
        assert [answer.status_code for answer in await asyncio.gather(*slow_ones)] == [200, 200]
        assert (await anns.get(path)).status_code == 200
    async with database.engine().connection(UnitKind.READ):
        pass
