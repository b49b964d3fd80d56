"""Of a set of ids given by sub-selects and by hand, the same rows on both engines, and by an index."""

from uuid import UUID, uuid4

import pytest
from piccolo.querystring import QueryString

import database
from sharing.tables import School
from tests.given.builders import a_school

pytestmark = pytest.mark.usefixtures("db")

BY_NAME = "SELECT id FROM sharing_school WHERE name = {}"


@pytest.fixture
async def schools(db: object) -> dict[str, UUID]:
    return {name: (await a_school(f"{name} Primary")).id for name in ("Ash", "Beech", "Cedar", "Fir")}


async def found(*selects: QueryString, also: tuple[UUID, ...] = ()) -> set[UUID]:
    async with database.read():
        chosen = database.in_selected("sharing_school.id", *selects, also=also)
        return {row["id"] for row in await School.select(School.id).where(chosen)}


async def test_it_is_the_union_of_what_each_gives(schools: dict[str, UUID]) -> None:
    ash, beech = (QueryString(BY_NAME, f"{name} Primary") for name in ("Ash", "Beech"))
    assert await found(ash, beech, also=(schools["Fir"], uuid4())) == {schools["Ash"], schools["Beech"], schools["Fir"]}


async def test_no_select_leaves_what_was_named_and_nothing_named_leaves_nothing(schools: dict[str, UUID]) -> None:
    assert await found(also=(schools["Cedar"],)) == {schools["Cedar"]}
    assert await found() == set()
    assert await found(QueryString(BY_NAME, "Nowhere Primary")) == set()
