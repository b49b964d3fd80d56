"""Of what is told to few, a search reads that of schools which may count, near the place or linked, and of no others."""

from uuid import uuid4

import database
from sharing.access import visibility
from sharing.access.visibility import Reaching
from sharing.schools.places import Place
from sharing.tables import AudienceGrant
from suppliers.search import around, word_rows
from suppliers.search.around import Around
from suppliers.search.word_rows import Listener
from tests.given.builders import a_person, a_school


async def test_what_schools_far_away_share_with_a_network_is_not_read(db: object) -> None:
    here = await a_school("Oakfield Primary", lat=52.0, lon=0.0)
    near, far = await a_school("Elmwood Primary", lat=52.1, lon=0.0), await a_school("Gale Primary", lat=53.0, lon=0.0)
    linked, unplaced = await a_school("Fern Primary", lat=54.0, lon=0.0), await a_school("Hill Primary", lat=None, lon=None)
    reaching = tuple(Reaching(uuid4(), school.id, 1) for school in (near, far, linked, unplaced))
    ann = await a_person(here)

    async def read(place: Place | None) -> set[object]:
        looked = Around(place, 10, frozenset({linked.id}))
        async with database.read():
            hearing = Listener(await visibility.principals(ann), reaching)
            rows = await AudienceGrant.raw("{}", around.reaching_from(looked, word_rows._reaching(hearing)))
        return {database.id_of(row["school"]) for row in rows}

    assert await read(Place("Oakfield Primary", 52.0, 0.0)) == {near.id, linked.id}
    assert await read(None) == {one.school for one in reaching}
