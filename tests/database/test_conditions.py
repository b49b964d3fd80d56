"""A column's value among many, which may be none: as Python's own ``in`` says, on both databases."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID, uuid4

import pytest

import database
from base import clock
from database.composing import compiled
from suppliers.tables import Supplier

pytestmark = pytest.mark.usefixtures("db")

OURS = tuple(uuid4() for _ in range(4))


@pytest.fixture(autouse=True)
async def suppliers(db: object) -> None:
    async with database.write():
        await Supplier.insert(*(Supplier(id=one, name=str(one), exact_name="oak", made_at=clock.now()) for one in OURS))


@pytest.mark.parametrize("wanted", [(), OURS[:1], OURS[:3], (uuid4(),), OURS])
async def test_rows_are_found_by_whether_they_are_among_the_values(wanted: tuple[UUID, ...]) -> None:
    assert await found(database.among(Supplier.id, wanted)) == {*wanted} & {*OURS}
    assert await found(database.outside(Supplier.id, wanted)) == {*OURS} - {*wanted}


@pytest.mark.parametrize("none", [[], (), set(), {}, iter(())])
async def test_none_of_any_kind_is_none(none: Iterable[UUID]) -> None:
    assert await found(database.among(Supplier.id, none)) == set()


async def test_none_is_put_together_with_other_conditions_and_changes_nothing() -> None:
    first = Supplier.id == OURS[0]
    assert await found(first | database.among(Supplier.id, ())) == {OURS[0]}
    assert await found(first & database.among(Supplier.id, ())) == set()
    assert await found(first & database.outside(Supplier.id, ())) == {OURS[0]}
    async with database.write():
        await Supplier.update({Supplier.exact_name: "elm"}).where(first & database.among(Supplier.id, ()))
        await Supplier.delete().where(database.among(Supplier.id, ()))
    assert await found(Supplier.exact_name == "oak") == {*OURS}


async def test_the_values_may_be_a_query_of_one_column() -> None:
    assert await found(database.among(Supplier.id, Supplier.select(Supplier.id).where(Supplier.name == str(OURS[1])))) == {
        OURS[1]
    }


@pytest.mark.postgres
def test_postgresql_takes_ids_as_one_value_so_that_the_text_is_the_same_for_any_number() -> None:
    for condition in (database.among, database.outside):
        one, of_one = compiled(condition(Supplier.id, OURS[:1]).querystring, "postgres")
        many, of_many = compiled(condition(Supplier.id, OURS).querystring, "postgres")
        assert one == many
        assert (of_one, of_many) == ([[OURS[0]]], [[*OURS]])


def test_the_sql_for_some_of_another_kind_is_piccolos_own() -> None:
    assert str(database.among(Supplier.name, ["oak"])) == str(Supplier.name.is_in(["oak"]))
    assert str(database.outside(Supplier.name, ["oak"])) == str(Supplier.name.not_in(["oak"]))


async def found(where: Any) -> set[UUID]:
    async with database.read():
        return set(await Supplier.select(Supplier.id).where(where).output(as_list=True))
