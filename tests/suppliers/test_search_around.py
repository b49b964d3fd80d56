"""How far away schools are, and what is told to few: of schools that may count, near the place or linked, and of no others."""

from uuid import UUID, uuid4

import pytest

import audit
import database
from sharing.access import visibility
from sharing.access.audiences import AudienceChoice, GrantChoice
from sharing.access.fields import Fields, GrantKind
from sharing.access.visibility import Reaching
from sharing.events import Event
from sharing.schools.places import Place, miles_between
from sharing.tables import AudienceGrant
from suppliers.opinions import reviews
from suppliers.search import around, told
from suppliers.search.around import Around
from suppliers.search.told import Listener
from suppliers.tables import Review, Supplier
from tests.given.builders import a_person, a_school
from tests.given.searching import a_supplier, ask, says


def to(school: UUID) -> AudienceChoice:
    return AudienceChoice((GrantChoice(GrantKind.SCHOOL, subject=school, fields=Fields.RATING | Fields.PRAISE),))


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
            placed = around.placed(looked, here.id, None)
            rows = await AudienceGrant.raw("WITH {} {}", placed, told.near(hearing, looked))
        return {database.id_of(row["school"]) for row in rows}

    assert await read(Place("Oakfield Primary", 52.0, 0.0)) == {near.id, linked.id}
    assert await read(None) == {one.school for one in reaching}


@pytest.mark.both_engines
async def test_the_database_finds_the_distance_that_the_pages_name(db: object) -> None:
    here = await a_school("Oakfield Primary", lat=51.48179, lon=-0.2066)
    places = [(51.48179, -0.2066), (51.48180, -0.2066), (51.6, -0.4), (51.626, -0.2066), (49.17, -6.31), (60.84, -0.78)]
    theirs = {(await a_school(f"School {n}", lat=lat, lon=lon)).id: Place("", lat, lon) for n, (lat, lon) in enumerate(places)}
    unplaced, place = await a_school("Hill Primary", lat=None, lon=None), Place("Oakfield Primary", 51.48179, -0.2066)
    async with database.read():
        looked = Around(place, 10, frozenset({*theirs, unplaced.id}))
        rows = await AudienceGrant.raw("WITH {} SELECT * FROM placed", around.placed(looked, here.id, None))
    found = {database.id_of(row["school"]): row for row in rows}
    assert found[unplaced.id]["miles2"] is None
    for school, there in theirs.items():
        miles = miles_between(place, there)
        assert found[school]["miles2"] == pytest.approx(miles**2, rel=1e-11, abs=1e-9)
        assert bool(found[school]["is_near"]) is (miles <= 10)


@pytest.mark.both_engines
async def test_what_was_withdrawn_and_written_anew_for_the_same_few_is_told_once(db: object) -> None:
    oak = await a_person(await a_school("Oakfield Primary"), name="Ann Archer")
    elm = await a_person(await a_school("Elmwood Primary"), name="Ben Baker")
    boilers = await a_supplier(elm)
    async with audit.recording(None) as record:
        record(Event.REGISTER_IMPORTED, stream="register", subject="world")
        await Supplier.update({Supplier.owner: None}).where(Supplier.id == boilers)
    first = await says(elm, boilers, rating=2, share=to(oak.school))
    await reviews.withdraw(elm, first)
    second = await says(elm, boilers, rating=5, share=to(oak.school))
    async with audit.recording(None) as record:
        record(Event.REGISTER_IMPORTED, stream="register", subject="world")
        its = (await Review.select(Review.audience).where(Review.id == second).first() or {})["audience"]
        await Review.update({Review.audience: its}).where(Review.id == first)
    for need in ("boiler service", "Fenland Boilers"):
        (hit,) = (await ask(oak, need)).hits
        assert (hit.total_said, [one.word.rating for one in hit.said]) == (1, [5]), need
