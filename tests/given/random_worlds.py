"""Small random worlds of schools that share with each other, and how to put one into the database.

Ids are fresh each time, not drawn, so that one database holds the worlds of a whole run, replays included.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from hypothesis import strategies as st

import audit
from sharing.access.fields import Fields, GrantKind
from sharing.events import Event
from sharing.tables import Audience, AudienceGrant, Block, Connection, Membership, Network, NetworkMember, Person, School
from suppliers.tables import Review, Supplier
from tests.given.oracle import AFormerMember, AGrant, AMember, APair, APerson, AReview, ASchool, Span, World

NOW = datetime(2026, 11, 22, 9, 30, 0, 250_000, tzinfo=UTC)

Place = tuple[UUID, UUID | None, UUID | None]  # a person, a school, a membership

holding = st.builds(Span, st.sampled_from([-9, -3, 0]), st.sampled_from([None, 1]))
spans = holding | holding | holding | st.builds(Span, st.sampled_from([-9, 0, 1]), st.sampled_from([None, 0, -1]))
ENDED = -5  # the latest day on which an earlier time of a tie ended, before it began anew
ended = st.builds(Span, st.just(-9), st.sampled_from([-8, ENDED]))
shares_again = st.sampled_from([False, False, True])
masks = st.integers(0, 63).map(Fields)


@st.composite
def a_grant(
    draw: st.DrawFn, audience: tuple[UUID, UUID], schools: list[UUID], places: list[Place], networks: list[UUID]
) -> AGrant:
    often = [GrantKind.NETWORK, GrantKind.NETWORK, GrantKind.CONNECTED, GrantKind.PERSON, GrantKind.PERSON]
    kind = draw(st.sampled_from([*GrantKind, *often]))
    subjects = {GrantKind.SCHOOL: schools, GrantKind.NETWORK: networks, GrantKind.SUPPLIER: schools}
    person, at_school, membership = draw(st.sampled_from(places)) if kind is GrantKind.PERSON else (None, None, None)
    return AGrant(
        owner=audience[1],
        audience=audience[0],
        kind=kind,
        fields=draw(masks),
        span=draw(spans),
        subject=draw(st.sampled_from(subjects[kind])) if kind in subjects else person,
        at_school=at_school,
        membership=membership,
        miles=draw(st.integers(1, 25)) if kind is GrantKind.NEAR else None,
        joined_before=draw(st.sampled_from([None, None, -9, -5, -3])) if kind is GrantKind.NETWORK else None,
        is_revoked=draw(st.sampled_from([False, False, False, True])),
    )


@st.composite
def worlds(draw: st.DrawFn) -> World:
    schools = tuple(
        ASchool(
            uuid4(),
            draw(st.integers(0, 4)) > 0,
            *draw(st.sampled_from([(None, None), *[(53.0 + i * 0.07, -0.5 + j * 0.11) for i in range(3) for j in range(3)]])),
        )
        for _ in range(draw(st.integers(4, 6)))
    )
    here = [school.id for school in schools]
    people = [APerson(uuid4(), school, draw(st.booleans())) for school in here for _ in range(draw(st.integers(1, 2)))]
    for moving in draw(st.lists(st.sampled_from(people), max_size=3, unique_by=lambda person: person.school)):
        another = draw(st.sampled_from([school for school in here if school != moving.school]))
        people.append(APerson(moving.id, another, draw(st.booleans())))
    former = tuple(_former(draw, person, here) for person in draw(st.lists(st.sampled_from(people), min_size=2, max_size=5)))
    networks = tuple(uuid4() for _ in range(2))
    members = [AMember(n, s, draw(spans), draw(shares_again)) for n in networks for s in here if draw(st.integers(0, 2))]
    members += [replace(m, span=draw(ended), shares_again=False) for m in members if m.span.since > ENDED and draw(st.booleans())]
    pairs = [(a, b) for a in here for b in here if a != b]
    connections = [
        APair(a, b, draw(spans), draw(shares_again))
        for a, b in draw(st.lists(st.sampled_from(pairs), min_size=5, max_size=12, unique=True))
    ]
    connections += [
        replace(c, span=draw(ended), shares_again=False) for c in connections if c.span.since > ENDED and draw(st.booleans())
    ]
    blocks = tuple(APair(a, b, draw(spans)) for a, b in draw(st.lists(st.sampled_from(pairs), max_size=3, unique=True)))
    audiences = [(uuid4(), draw(st.sampled_from(here))) for _ in range(draw(st.integers(2, 4)))]
    places: list[Place] = [(person.id, person.school, person.membership) for person in people]
    places += [(one.person, one.school, one.membership) for one in former] * 3
    places += [(person.id, None, None) for person in people[:2]]  # as a grant of old that nobody could bind
    grant = st.sampled_from(audiences).flatmap(lambda a: a_grant(a, here, places, list(networks)))
    grants = tuple(draw(st.lists(grant, min_size=5, max_size=12)))
    own = {owner: [audience for audience, by in audiences if by == owner] for owner in here}
    reviews = []
    for _ in range(draw(st.integers(10, 14))):
        school = draw(st.sampled_from([*here, *(owner for _, owner in audiences), *(owner for _, owner in audiences)]))
        audience = draw(st.sampled_from([None, *own[school] * 4]))
        reviews.append(AReview(uuid4(), school, audience, draw(st.integers(0, 9)) == 0))
    return World(schools, tuple(people), networks, tuple(members), tuple(connections), blocks, grants, tuple(reviews), former)


def _former(draw: st.DrawFn, person: APerson, schools: list[UUID]) -> AFormerMember:
    """Of a school that they left, be it the one where they are now, or one that they will come to."""
    elsewhere = person.school if draw(st.booleans()) else draw(st.sampled_from(schools))
    span = draw(st.sampled_from([Span(-9, -3), Span(-9, 0), Span(1, 9)])) if elsewhere != person.school else Span(-9, -3)
    return AFormerMember(uuid4(), person.id, elsewhere, span)


def at(days: int) -> datetime:
    return NOW + timedelta(days=days)


def until(span: Span) -> datetime | None:
    return None if span.until is None else at(span.until)


async def build(world: World) -> None:
    """All rows of the world, in one unit of work."""
    async with audit.recording(None) as record:
        record(Event.REGISTER_IMPORTED, stream="register", subject="world")
        await School.insert(*map(_school, world.schools))
        await Person.insert(
            *(Person(id=p, email=str(p), name="Pat", password_hash="", made_at=at(-9)) for p in {p.id for p in world.people})
        )
        await Membership.insert(*map(_membership, world.people), *map(_former_membership, world.former))
        await Network.insert(*(Network(id=n, kind="cluster", name="Ashby cluster", source="school") for n in world.networks))
        await _insert(NetworkMember, [
            NetworkMember(
                network=m.network,
                school=m.school,
                joined_at=at(m.span.since),
                until_at=until(m.span),
                shares_again=m.shares_again,
            )
            for m in world.members
        ])  # fmt: skip
        for table, pairs in ((Connection, world.connections), (Block, world.blocks)):
            rows = [table(school=p.school, peer=p.peer, since_at=at(p.span.since), until_at=until(p.span)) for p in pairs]
            for row, pair in zip(rows, pairs, strict=True):
                if isinstance(row, Connection):
                    row.shares_again = pair.shares_again
            await _insert(table, rows)
        owners = {g.audience: g.owner for g in world.grants} | {r.audience: r.school for r in world.reviews if r.audience}
        await _insert(Audience, [Audience(id=a, owner=owner, digest=str(a), made_at=at(-9)) for a, owner in owners.items()])
        await _insert(AudienceGrant, [grant_row(world, grant) for grant in world.grants])
        suppliers = [Supplier(id=r.id, name="Bright Spark", exact_name="bright spark", made_at=at(-9)) for r in world.reviews]
        await Supplier.insert(*suppliers)
        await Review.insert(*(_review(world, review) for review in world.reviews))


async def _insert(table: type, rows: list) -> None:  # type: ignore[type-arg]
    if rows:
        await table.insert(*rows)  # type: ignore[attr-defined]


def grant_row(world: World, grant: AGrant) -> AudienceGrant:
    return AudienceGrant(
        audience=grant.audience,
        owner=grant.owner,
        kind=grant.kind.value,
        subject=grant.subject,
        at_school=grant.at_school,
        membership=grant.membership,
        miles=grant.miles,
        fields=int(grant.fields),
        valid_from=at(grant.span.since),
        expires_at=until(grant.span),
        joined_before=None if grant.joined_before is None else at(grant.joined_before),
        head_confirmed_by=world.people[0].id,
        revoked_at=at(-1) if grant.is_revoked else None,
    )


def _school(school: ASchool) -> School:
    return School(
        id=school.id,
        kind="school",
        name="Oakfield",
        search_name="oakfield",
        phase="Primary",
        status="open" if school.is_open else "closed",
        local_authority="Lincolnshire",
        town="Ashby",
        postcode="LN1 1AA",
        lat=school.lat,
        lon=school.lon,
        registered_at=at(-9),
    )


def _membership(person: APerson) -> Membership:
    role = "governor" if person.is_governor else "head"
    since = at(-2)  # after whatever they left
    return Membership(id=person.membership, person=person.id, school=person.school, role=role, valid_from=since)


def _former_membership(one: AFormerMember) -> Membership:
    return Membership(
        id=one.membership,
        person=one.person,
        school=one.school,
        role="head",
        valid_from=at(one.span.since),
        valid_until=until(one.span),
    )


def _review(world: World, review: AReview) -> Review:
    return Review(
        id=review.id,
        school=review.school,
        supplier=review.id,
        rating=4,
        praise="Came at once.",
        criticism="",
        author=world.people[0].id,
        audience=review.audience,
        version=1,
        written_at=at(-2),
        withdrawn_at=at(-1) if review.is_withdrawn else None,
    )
