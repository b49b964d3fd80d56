"""What a school may choose to share with whom, and how choices are stored."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

import audit
import database
from base import clock
from base.refusals import Forbidden, Invalid
from base.settings import Settings
from base.viewer import Role, Viewer
from sharing.access import audiences, readers
from sharing.access.audiences import MOST_SCHOOLS, PRIVATE, AudienceChoice, GrantChoice
from sharing.access.fields import ALL, Fields, GrantKind
from sharing.events import Event
from sharing.networks import networks
from sharing.schools.register_values import Status
from sharing.tables import Audience, AudienceGrant
from tests.given.builders import a_person, a_school

POSITIVE = Fields.RATING | Fields.PRAISE


async def interned(viewer: Viewer, *grants: GrantChoice) -> UUID | None:
    async with audit.recording(viewer) as record:
        record(Event.CONNECTION_ASKED, stream="school", subject="test")
        return await audiences.intern(viewer, AudienceChoice(grants))


async def refused(viewer: Viewer, grant: GrantChoice) -> str:
    with pytest.raises(Invalid) as refusal:
        await interned(viewer, grant)
    return refusal.value.sentence


async def two_people() -> tuple[Viewer, Viewer]:
    oakfield, elm = await a_school("Oakfield Primary"), await a_school("Elm Primary", lat=53.26)
    return await a_person(oakfield), await a_person(elm, Role.HEAD, "Eve Elm")


async def test_identical_choices_share_an_audience_in_any_order(db: Settings) -> None:
    ann, eve = await two_people()
    school = GrantChoice(GrantKind.SCHOOL, eve.school)
    near = GrantChoice(GrantKind.NEAR, miles=5, fields=Fields.RATING)
    first = await interned(ann, school, near)
    assert await interned(ann, near, school, near) == first
    assert await interned(ann, near) != first
    async with database.read():
        assert await audiences.choice_of(first) == AudienceChoice(
            tuple(sorted((school, near), key=lambda g: str(sorted(g.facts().items()))))
        )
        assert await AudienceGrant.count().where(AudienceGrant.audience == first) == 2


async def test_two_people_choosing_the_same_at_once_agree_on_one_audience(db: Settings) -> None:
    ann, eve = await two_people()
    found = await asyncio.gather(*(interned(ann, GrantChoice(GrantKind.SCHOOL, eve.school)) for _ in range(4)))
    assert len(set(found)) == 1
    async with database.read():
        assert (await Audience.count(), await AudienceGrant.count()) == (1, 1)


async def test_private_is_no_audience_at_all(db: Settings) -> None:
    ann, _ = await two_people()
    assert await interned(ann) is None
    async with database.read():
        assert await audiences.choice_of(None) == PRIVATE


async def test_who_can_see_tells_nothing_of_another_schools_audience(db: Settings) -> None:
    ann, eve = await two_people()
    audience = await interned(ann, GrantChoice(GrantKind.EVERYONE))
    async with database.read():
        assert await readers.who_can_see(eve, audience) == readers.Readers(None, ())


async def test_criticism_goes_one_to_one_unless_the_head_shares_it(db: Settings) -> None:
    ann, eve = await two_people()
    head = await a_person(await a_school("Ford Primary"), Role.HEAD, "Fay Frost")
    await interned(
        ann, GrantChoice(GrantKind.SCHOOL, eve.school, fields=ALL), GrantChoice(GrantKind.PERSON, eve.person, fields=ALL)
    )
    for wide in (GrantChoice(GrantKind.EVERYONE, fields=ALL), GrantChoice(GrantKind.NEAR, miles=3, fields=Fields.CRITICISM)):
        assert "Only your head" in await refused(ann, wide)
        audience = await interned(head, wide)
        async with database.read():
            (grant,) = await AudienceGrant.objects().where(AudienceGrant.audience == audience)
        assert grant.head_confirmed_by == head.person


async def test_governors_do_not_share(db: Settings) -> None:
    ann, _ = await two_people()
    governor = Viewer(ann.person, ann.name, ann.school, ann.school_name, Role.GOVERNOR)
    with pytest.raises(Forbidden, match="Only a business manager or head"):
        await interned(governor, GrantChoice(GrantKind.EVERYONE))


async def test_what_cannot_be_shared_so_is_refused_in_words(db: Settings) -> None:
    ann, eve = await two_people()
    closed = await a_school("Gone Primary", status=Status.CLOSED, close_date=clock.today())
    (register,) = await networks.mine(ann)
    now = datetime.now(UTC)
    for grant, words in (
        (GrantChoice(GrantKind.SCHOOL, ann.school), "Your own school sees it already"),
        (GrantChoice(GrantKind.SCHOOL, uuid4()), "not on the register"),
        (GrantChoice(GrantKind.SCHOOL, closed.id), "closed"),
        (GrantChoice(GrantKind.SCHOOL), "Choose who to share with"),
        (GrantChoice(GrantKind.EVERYONE, eve.school), "Choose who to share with"),
        (GrantChoice(GrantKind.NETWORK, uuid4()), "networks that it is in"),
        (GrantChoice(GrantKind.PERSON, ann.person), "at which school"),
        (GrantChoice(GrantKind.PERSON, uuid4()), "at which school"),
        (GrantChoice(GrantKind.PERSON, eve.person, at_school=closed.id), "not at the school"),
        (GrantChoice(GrantKind.PERSON, eve.person, membership=uuid4()), "not at the school"),
        (GrantChoice(GrantKind.SCHOOL, eve.school, at_school=eve.school), "Only a person"),
        (GrantChoice(GrantKind.NEAR, miles=26), "1 to 25 miles"),
        (GrantChoice(GrantKind.NEAR, miles=0), "1 to 25 miles"),
        (GrantChoice(GrantKind.NEAR), "1 to 25 miles"),
        (GrantChoice(GrantKind.EVERYONE, miles=3), "1 to 25 miles"),
        (GrantChoice(GrantKind.EVERYONE, expires_at=now - timedelta(seconds=1)), "still to come"),
        (GrantChoice(GrantKind.EVERYONE, fields=Fields(64)), "from the list"),
        (GrantChoice(GrantKind.EVERYONE, joined_before=now), "Only a network"),
    ):
        assert words in await refused(ann, grant)
    assert await interned(ann, GrantChoice(GrantKind.NETWORK, register.network, joined_before=now)) is not None


async def test_too_many_named_schools_are_refused(db: Settings) -> None:
    ann, _ = await two_people()
    with pytest.raises(Invalid, match=f"at most {MOST_SCHOOLS} schools"):
        await interned(ann, *(GrantChoice(GrantKind.SCHOOL, uuid4()) for _ in range(MOST_SCHOOLS + 1)))


async def test_a_school_without_a_position_has_nobody_near(db: Settings) -> None:
    lost = await a_person(await a_school("Lost Primary", lat=None, lon=None))
    assert "no position" in await refused(lost, GrantChoice(GrantKind.NEAR, miles=3))


def test_field_groups_come_by_name_and_prices_never() -> None:
    assert audiences.fields_named(["rating", "praise"]) == POSITIVE
    assert audiences.fields_named([]) == Fields.NONE
    for name, words in (("price", "competition law"), ("none", "from the list"), ("everything", "from the list")):
        with pytest.raises(Invalid, match=words):
            audiences.fields_named([name])
