"""What every school may hear of a supplier is counted from an index alone, however many schools speak of it."""

from uuid import uuid4

import pytest

import database
from sharing.access import visibility
from suppliers.opinions import rating_sums
from suppliers.tables import OpenWord
from tests.given.builders import a_person, a_school


@pytest.mark.one_engine  # PostgreSQL reads so few rows whatever index there is
async def test_ratings_are_counted_from_an_index_alone(db: object) -> None:
    ann = await a_person(await a_school("Oakfield Primary"))
    async with database.read():
        query = rating_sums._everyones(await visibility.principals(ann), [uuid4()], [])
        steps = [row["detail"] for row in await OpenWord.raw("EXPLAIN QUERY PLAN {}", query)]
    assert [step for step in steps if " w " in step] == [
        "SEARCH w USING COVERING INDEX suppliers_open_word_supplier (supplier=?)"
    ]
