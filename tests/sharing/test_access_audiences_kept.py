"""A choice that keeps lines of the audience before: what stands already is not judged again, and what is new is."""

from dataclasses import replace
from uuid import UUID

import pytest

import audit
import database
from base.refusals import Invalid
from base.viewer import Role, Viewer
from sharing.access import audiences
from sharing.access.audiences import AudienceChoice, GrantChoice
from sharing.access.fields import ALL, Fields, GrantKind
from sharing.events import Event
from sharing.schools.register_values import Status
from sharing.tables import AudienceGrant, School
from tests.given.builders import a_person, a_school, school_of

pytestmark = pytest.mark.usefixtures("db")

WIDE_CRITICISM = GrantChoice(GrantKind.EVERYONE, fields=ALL)  # only a head may choose it


@pytest.fixture
async def head(db: object) -> Viewer:
    return await a_person(await a_school("Oakfield Primary"), Role.HEAD, "Hal Hart")


@pytest.fixture
async def manager(head: Viewer) -> Viewer:
    """A colleague of the head, who may not share criticism widely."""
    return replace(head, person=(await _colleague(head)).person, name="Ann Archer", role=Role.BUSINESS_MANAGER)


async def _colleague(head: Viewer) -> Viewer:
    school = await school_of(head)
    return await a_person(school)


@pytest.fixture
async def elm(db: object) -> GrantChoice:
    return GrantChoice(GrantKind.SCHOOL, (await a_school("Elm Primary")).id)


async def interned(viewer: Viewer, *grants: GrantChoice, keeping: UUID | None = None) -> UUID:
    async with audit.recording(viewer) as record:
        record(Event.CONNECTION_ASKED, stream="school", subject="test")
        made = await audiences.intern(viewer, AudienceChoice(grants), keeping=keeping)
    assert made is not None
    return made


async def refused(viewer: Viewer, *grants: GrantChoice, keeping: UUID | None = None) -> str:
    with pytest.raises(Invalid) as refusal:
        await interned(viewer, *grants, keeping=keeping)
    return refusal.value.sentence


async def confirmed(audience: UUID) -> dict[str, UUID | None]:
    """Who confirmed each line, by its kind."""
    async with database.read():
        rows = await AudienceGrant.objects().where(AudienceGrant.audience == audience)
    return {row.kind: row.head_confirmed_by for row in rows}


async def test_a_manager_takes_a_line_back_and_what_the_head_confirmed_stays_so(
    head: Viewer, manager: Viewer, elm: GrantChoice
) -> None:
    before = await interned(head, WIDE_CRITICISM, elm)
    assert "Only your head" in await refused(manager, WIDE_CRITICISM)
    assert await confirmed(await interned(manager, WIDE_CRITICISM, keeping=before)) == {"everyone": head.person}


async def test_a_line_that_the_audience_did_not_have_is_judged_as_any_other(
    head: Viewer, manager: Viewer, elm: GrantChoice
) -> None:
    narrow = replace(WIDE_CRITICISM, fields=Fields.RATING)
    before = await interned(head, narrow, elm)
    assert "Only your head" in await refused(manager, WIDE_CRITICISM, elm, keeping=before)
    assert "Your own school" in await refused(head, elm, GrantChoice(GrantKind.SCHOOL, head.school), keeping=before)


async def test_a_line_to_a_school_that_closed_since_may_stay(head: Viewer, elm: GrantChoice) -> None:
    everyone = GrantChoice(GrantKind.EVERYONE)
    before = await interned(head, elm, everyone)
    async with audit.recording(None) as record:
        record(Event.CONNECTION_ASKED, stream="school", subject="test", trail=head.school)
        await School.update({School.status: Status.CLOSED.value}).where(School.id == elm.subject)
    near = GrantChoice(GrantKind.NEAR, miles=5)
    assert "closed" in await refused(head, elm, near)
    async with database.read():
        assert await audiences.check(head, AudienceChoice((elm, near)), keeping=before) == AudienceChoice((elm, near))
    assert set(await confirmed(await interned(head, elm, near, keeping=before))) == {"school", "near"}


async def test_another_schools_audience_keeps_nothing(head: Viewer, manager: Viewer) -> None:
    stranger = await a_person(await a_school("Ford Primary"), Role.HEAD, "Fay Frost")
    theirs = await interned(stranger, WIDE_CRITICISM)
    assert "Only your head" in await refused(manager, WIDE_CRITICISM, keeping=theirs)
