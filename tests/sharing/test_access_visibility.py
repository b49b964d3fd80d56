"""The SQL of sharing/access/visibility.py against the plain loops of tests/given/oracle.py, on small random worlds."""

from dataclasses import replace
from math import cos, radians, sin
from random import Random
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from piccolo.columns import Where

import audit
import database
from base import clock
from base.settings import Settings
from base.viewer import Role, Viewer
from sharing.access import readers, visibility
from sharing.access.distance import within
from sharing.access.fields import ALL, Fields, GrantKind
from sharing.access.visibility import Principals
from sharing.events import Event
from sharing.schools.places import Place, miles_between
from sharing.tables import AudienceGrant, Block, School
from suppliers.tables import Review
from tests.given.examples import IS_THE_SUITE, examples
from tests.given.oracle import AGrant, APair, APerson, AReview, ASchool, Span, World, sees
from tests.given.random_worlds import NOW, at, build, grant_row, worlds

Masks = dict[tuple[UUID, UUID], int]  # (membership, review) -> mask, for what is visible


def tried(times: int) -> settings:
    """On the same worlds with every run of the suite, since each has to be stored; on others when it is asked for many."""
    return settings(
        max_examples=examples(times),
        derandomize=IS_THE_SUITE,
        database=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
    )


@pytest.fixture(autouse=True)
def _stopped_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


def viewer_of(person: APerson) -> Viewer:
    return Viewer(person.id, "Pat", person.school, "Oakfield", Role.GOVERNOR if person.is_governor else Role.HEAD)


async def listed(principals: Principals, world: World, *, page_size: int) -> dict[UUID, int]:
    """Every visible review of this world with its mask, fetched page after page by its id."""
    found: dict[UUID, int] = {}
    after = UUID(int=0)
    while True:
        rows = (
            await Review.select(Review.id, visibility.mask(principals, Review))
            .where(visibility.visible(principals, Review), _of(world), Review.id > after)
            .order_by(Review.id)
            .limit(page_size)
        )
        found |= {row["id"]: row["mask"] for row in rows}
        if len(rows) < page_size:
            return found
        after = rows[-1]["id"]


def _of(world: World) -> Where:
    return Review.id.is_in([review.id for review in world.reviews])


async def masks(world: World) -> Masks:
    async with database.read():
        return {
            (person.membership, review): mask
            for person in world.people
            for review, mask in (await listed(await visibility.principals(viewer_of(person)), world, page_size=50)).items()
        }


def expected(world: World) -> Masks:
    seen = {(person.membership, review.id): sees(world, person, review) for person in world.people for review in world.reviews}
    return {key: int(fields) for key, fields in seen.items() if fields is not None}


@tried(20)
@given(world=worlds())
async def test_lists_at_every_page_size_and_their_masks_are_what_the_oracle_says(db: Settings, world: World) -> None:
    await build(world)
    want = expected(world)
    async with database.read():
        for person in world.people:
            principals = await visibility.principals(viewer_of(person))
            for page_size in (1, 2, 50):
                got = await listed(principals, world, page_size=page_size)
                assert got == {review: mask for (viewer, review), mask in want.items() if viewer == person.membership}


@tried(8)
@given(world=worlds())
async def test_a_check_its_reasons_and_each_field_agree_with_the_oracle(db: Settings, world: World) -> None:
    await build(world)
    want = expected(world)
    async with database.read():
        for person in world.people:
            principals = await visibility.principals(viewer_of(person))
            why = await visibility.explain(principals, [(review.school, review.audience) for review in world.reviews])
            for review in world.reviews:
                mask = want.get((person.membership, review.id))
                one = Review.id == review.id
                assert await Review.exists().where(visibility.visible(principals, Review), one) == (mask is not None)
                if not review.is_withdrawn:
                    assert bool(why[review.school, review.audience]) == (mask is not None)
            for field in ALL:
                opened = await Review.select(Review.id).where(visibility.opens(principals, Review, field), _of(world))
                got = {row["id"] for row in opened}
                assert got == {r for (viewer, r), mask in want.items() if viewer == person.membership and mask & field}


@tried(8)
@given(world=worlds())
async def test_a_mask_says_nothing_of_a_row_that_is_not_visible(db: Settings, world: World) -> None:
    await build(world)
    want = expected(world)
    async with database.read():
        for person in world.people:
            principals = await visibility.principals(viewer_of(person))
            for row in await Review.select(Review.id, visibility.mask(principals, Review, hidden_criticism=True)).where(
                _of(world)
            ):
                assert row["mask"] == want.get((person.membership, row["id"]), 0) & ~Fields.CRITICISM


@tried(20)
@given(world=worlds())
async def test_who_can_see_names_exactly_those_whom_the_oracle_lets_see(db: Settings, world: World) -> None:
    await build(world)
    async with database.read():
        for audience, owner in {(r.audience, r.school) for r in world.reviews if not r.is_withdrawn}:
            head = Viewer(uuid4(), "Pat", owner, "Oakfield", Role.HEAD)
            found = await readers.who_can_see(head, audience)
            review = next(r for r in world.reviews if (r.audience, r.school, r.is_withdrawn) == (audience, owner, False))
            for person in world.people:
                if person.school != owner:
                    as_head = replace(person, is_governor=False)
                    assert _fields_for(found, world, as_head, owner) == sees(world, as_head, review)


def _fields_for(found: readers.Readers, world: World, person: APerson, owner: UUID) -> Fields | None:
    """What the answer says one person can see: their own line, else the school's, else everyone's. Each line says all of it."""
    lines = [r.fields for r in found.named if r.school == person.school and r.person == person.id]
    lines += [r.fields for r in found.named if r.school == person.school and r.person is None]
    blocked = any(b.school == owner and b.peer == person.school and b.span.goes_on for b in world.blocks)
    if found.everyone is not None and world.school(person.school).is_open and not blocked:
        lines.append(found.everyone)
    return lines[0] if lines else None


@tried(8)
@given(world=worlds(), random=st.randoms())
async def test_a_new_grant_hides_nothing_and_its_revocation_bites_at_the_next_read(
    db: Settings, world: World, random: Random
) -> None:
    owned = [(r.audience, r.school) for r in world.reviews if r.audience]
    assume(owned)
    await build(world)
    before = await masks(world)
    audience, owner = random.choice(owned)
    grant = AGrant(owner, audience, GrantKind.EVERYONE, Fields(random.randrange(64)))
    row = grant_row(world, grant)
    await _write(AudienceGrant.insert(row))
    during = await masks(world)
    assert all(during[key] & mask == mask for key, mask in before.items())
    assert during == expected(world.with_grant(grant))
    await _write(AudienceGrant.update({AudienceGrant.revoked_at: NOW}).where(AudienceGrant.id == row.id))
    assert await masks(world) == before


@tried(8)
@given(world=worlds(), random=st.randoms())
async def test_a_new_block_shows_nothing_more_and_hides_the_owner_at_once(db: Settings, world: World, random: Random) -> None:
    pairs = [(a.id, b.id) for a in world.schools for b in world.schools if a != b]
    taken = {(b.school, b.peer) for b in world.blocks}
    school, peer = random.choice([pair for pair in pairs if pair not in taken])
    await build(world)
    before = await masks(world)
    await _write(Block.insert(Block(school=school, peer=peer, since_at=NOW)))
    after = await masks(world)
    assert after.items() <= before.items()
    assert after == expected(world.with_block(APair(school, peer, Span(0))))


@tried(8)
@given(world=worlds(), random=st.randoms())
async def test_neither_the_order_of_grants_nor_repeats_matter(db: Settings, world: World, random: Random) -> None:
    grants = [*world.grants, *world.grants[:2]]
    random.shuffle(grants)
    await build(replace(world, grants=tuple(grants)))
    assert await masks(world) == expected(world)


async def test_sharing_stops_the_moment_it_expires(db: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    world = _two_schools(AGrant(UUID(int=1), UUID(int=9), GrantKind.SCHOOL, Fields.RATING, Span(-1, 3), subject=UUID(int=2)))
    await build(world)
    reader = viewer_of(world.people[1])
    for moment, count in ((NOW, 1), (at(3).replace(microsecond=249_999), 1), (at(3), 0)):
        monkeypatch.setattr(clock, "now", lambda moment=moment: moment)
        async with database.read():
            assert await Review.count().where(visibility.visible(await visibility.principals(reader), Review)) == count


async def test_a_stranger_to_the_register_sees_nothing(db: Settings) -> None:
    await build(_two_schools(AGrant(UUID(int=1), UUID(int=9), GrantKind.EVERYONE, ALL)))
    nobody = Viewer(uuid4(), "Nobody", uuid4(), "Nowhere", Role.HEAD)
    async with database.read():
        assert await Review.count().where(visibility.visible(await visibility.principals(nobody), Review)) == 0


async def test_a_grant_opens_its_owners_rows_only(db: Settings) -> None:
    """Should a row ever come to point to another school's audience, nobody gains by it."""
    await build(_two_schools(AGrant(UUID(int=2), UUID(int=9), GrantKind.EVERYONE, ALL)))
    async with database.read():
        principals = await visibility.principals(viewer_of(APerson(UUID(int=12), UUID(int=2), is_governor=False)))
        assert await Review.count().where(visibility.visible(principals, Review)) == 0
        assert await Review.select(visibility.mask(principals, Review)) == [{"mask": 0}]
        pair = (UUID(int=1), UUID(int=9))
        assert await visibility.explain(principals, [pair]) == {pair: ()}


async def test_view_as_a_school_shows_what_its_people_see_but_nothing_addressed_to_a_person(db: Settings) -> None:
    to_school = AGrant(UUID(int=1), UUID(int=9), GrantKind.SCHOOL, Fields.RATING, subject=UUID(int=2))
    to_person = _to_person_12()
    await build(_two_schools(to_school, to_person))
    async with database.read():
        as_school = await visibility.principals_as(UUID(int=2), Role.BUSINESS_MANAGER)
        rows = await Review.select(visibility.mask(as_school, Review)).where(visibility.visible(as_school, Review))
    assert [row["mask"] for row in rows] == [Fields.RATING]


async def test_the_reasons_are_sentences_about_the_viewers_own_links(db: Settings) -> None:
    near = AGrant(UUID(int=1), UUID(int=9), GrantKind.NEAR, Fields.RATING, miles=10)
    elsewhere = AGrant(UUID(int=1), UUID(int=9), GrantKind.SCHOOL, Fields.RATING, subject=UUID(int=1))
    await build(_two_schools(near, elsewhere))
    async with database.read():
        principals = await visibility.principals(viewer_of(APerson(UUID(int=12), UUID(int=2), is_governor=False)))
        found = await visibility.explain(principals, [(UUID(int=1), UUID(int=9))])
    assert [*found.values()] == [("Shared with schools within 10 miles of it, as yours is.",)]


@tried(200)
@given(
    here=st.tuples(st.floats(49.9, 55.8), st.floats(-6.4, 1.8)),
    bearing=st.integers(0, 359),
    miles=st.integers(1, 25),
    beyond=st.sampled_from([-0.5, -1e-3, -1e-8, 1e-8, 1e-3, 0.5, 9.0]),
)
async def test_the_databases_agree_with_the_globe_about_distances(
    db: Settings, here: tuple[float, float], bearing: int, miles: int, beyond: float
) -> None:
    """Down to a hundred-millionth of the distance, which is a fraction of a millimetre, inside and outside the circle."""
    place = Place("here", round(here[0], 6), round(here[1], 6))
    there = _away(place, radians(bearing), miles * (1 + beyond))
    async with database.read():
        condition = within(place, school="s", miles="s.miles")
        rows = await School.raw(
            "SELECT 1 AS hit FROM (SELECT CAST({} AS DOUBLE PRECISION) AS lat, CAST({} AS DOUBLE PRECISION) AS lon,"
            " CAST({} AS BIGINT) AS miles) s WHERE {}",
            there.lat, there.lon, miles, condition,
        )  # fmt: skip
    assert bool(rows) == (beyond < 0)


def _away(place: Place, bearing: float, miles: float) -> Place:
    """The place that far away, found by walking on or back until miles_between says so."""
    step, there = miles / 69, place
    for _ in range(6):
        there = Place("there", place.lat + step * cos(bearing), place.lon + step * sin(bearing))
        step *= miles / miles_between(place, there)
    return there


async def _write(query: object) -> None:
    async with audit.recording(None) as record:
        record(Event.REGISTER_IMPORTED, stream="register", subject="world")
        await query  # type: ignore[misc]


def _to_person_12() -> AGrant:
    """Criticism, at school 2."""
    subject, at_school, membership = UUID(int=12), UUID(int=2), UUID(int=22)
    return AGrant(
        UUID(int=1),
        UUID(int=9),
        GrantKind.PERSON,
        Fields.CRITICISM,
        subject=subject,
        at_school=at_school,
        membership=membership,
    )


def _two_schools(*grants: AGrant) -> World:
    """School 1 wrote review 3 for audience 9; persons 11 and 12 are of schools 1 and 2."""
    return World(
        schools=(ASchool(UUID(int=1), True, 53.2, -0.5), ASchool(UUID(int=2), True, 53.25, -0.5)),
        people=(APerson(UUID(int=11), UUID(int=1), False), APerson(UUID(int=12), UUID(int=2), False, UUID(int=22))),
        networks=(UUID(int=5),),
        members=(),
        connections=(),
        blocks=(),
        grants=grants,
        reviews=(AReview(UUID(int=3), UUID(int=1), UUID(int=9), False),),
    )


async def test_each_line_of_who_can_see_tells_all_that_its_reader_sees(db: Settings) -> None:
    grants = (
        AGrant(UUID(int=1), UUID(int=9), GrantKind.SCHOOL, Fields.RATING, subject=UUID(int=2)),
        _to_person_12(),
        AGrant(UUID(int=1), UUID(int=9), GrantKind.EVERYONE, Fields.DATES),
    )
    await build(_two_schools(*grants))
    async with database.read():
        found = await readers.who_can_see(viewer_of(APerson(UUID(int=11), UUID(int=1), is_governor=False)), UUID(int=9))
    assert found.everyone == Fields.DATES
    assert {line.person: line.fields for line in found.named} == {
        None: Fields.RATING | Fields.DATES,
        UUID(int=12): Fields.RATING | Fields.CRITICISM | Fields.DATES,
    }
