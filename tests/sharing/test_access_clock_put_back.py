"""What somebody ended stays ended, and a block holds, also where the clock was put back to before it."""

from datetime import timedelta
from uuid import UUID

import pytest

from base.refusals import NotFound
from base.viewer import Role, Viewer
from sharing.access.audiences import AudienceChoice, GrantChoice
from sharing.access.fields import Fields, GrantKind
from sharing.joining import joining
from sharing.networks import connections, networks
from sharing.operator import break_glass, opened
from sharing.people import people
from sharing.sign_in import sessions
from suppliers.helped import helped
from tests.given.builders import PASSWORD, a_person, a_school, email_of, school_of, stranger, token_in, travel
from tests.given.searching import a_supplier, says

pytestmark = [pytest.mark.usefixtures("db"), pytest.mark.both_engines]

BACK = [timedelta(seconds=1), timedelta(hours=1), timedelta(days=400)]
back_by = pytest.mark.parametrize("back", BACK, ids=str)


@pytest.fixture
async def pair() -> tuple[Viewer, Viewer]:
    """Ann, who reviews, and Bob, who reads: two heads far from each other."""
    ash, birch = (
        await a_school("Ash Primary", lat=53.29, local_authority="A"),
        await a_school("Birch Primary", local_authority="B"),
    )
    return await a_person(ash, Role.HEAD), await a_person(birch, Role.HEAD, "Bob Birch")


async def connect(ann: Viewer, bob: Viewer) -> None:
    await connections.accept(bob, await connections.ask(ann, bob.school))


async def reviewed(ann: Viewer, kind: GrantKind, subject: UUID | None = None) -> UUID:
    choice = AudienceChoice((GrantChoice(kind, subject, fields=Fields.RATING),))
    return await says(ann, await a_supplier(ann), share=choice)


async def sees(viewer: Viewer, review: UUID) -> bool:
    try:
        return (await helped.shown(viewer, review)).is_seen
    except NotFound:
        return False


@back_by
async def test_a_connection_that_was_ended_shares_nothing(
    pair: tuple[Viewer, Viewer], monkeypatch: pytest.MonkeyPatch, back: timedelta
) -> None:  # fmt: skip
    ann, bob = pair
    travel(monkeypatch, days=-500)
    await connect(ann, bob)
    review = await reviewed(ann, GrantKind.CONNECTED)
    travel(monkeypatch, days=500)
    assert await sees(bob, review)
    await connections.end(bob, ann.school)
    assert not await sees(bob, review)
    travel(monkeypatch, seconds=-back.total_seconds())
    assert not await sees(bob, review)
    assert (await connections.links(ann)).connected == ()


async def test_what_ended_with_a_connection_stays_ended_when_it_begins_anew_by_an_earlier_clock(
    pair: tuple[Viewer, Viewer], monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    ann, bob = pair
    travel(monkeypatch, days=-500)
    await connect(ann, bob)
    review = await reviewed(ann, GrantKind.CONNECTED)
    travel(monkeypatch, days=500)
    await connections.end(bob, ann.school)
    travel(monkeypatch, hours=-1)
    await connect(ann, bob)
    travel(monkeypatch, minutes=30)
    assert not await sees(bob, review)


@back_by
async def test_a_network_that_was_left_shows_nothing(
    pair: tuple[Viewer, Viewer], monkeypatch: pytest.MonkeyPatch, back: timedelta
) -> None:  # fmt: skip
    ann, bob = pair
    travel(monkeypatch, days=-500)
    network = await networks.start(ann, name="Ashby cluster")
    await networks.join(bob, await networks.invite(ann, network, bob.school))
    review = await reviewed(ann, GrantKind.NETWORK, network)
    travel(monkeypatch, days=500)
    assert await sees(bob, review)
    await networks.leave(bob, network)
    travel(monkeypatch, seconds=-back.total_seconds())
    assert not await sees(bob, review)
    assert network not in [one.network for one in await networks.mine(bob)]


@back_by
async def test_a_block_holds(
    pair: tuple[Viewer, Viewer], monkeypatch: pytest.MonkeyPatch, back: timedelta
) -> None:  # fmt: skip
    ann, bob = pair
    travel(monkeypatch, days=-500)
    review = await reviewed(ann, GrantKind.SCHOOL, bob.school)
    travel(monkeypatch, days=500)
    assert await sees(bob, review)
    await connections.block(ann, bob.school)
    travel(monkeypatch, seconds=-back.total_seconds())
    assert not await sees(bob, review)
    await connections.unblock(ann, bob.school)
    assert await sees(bob, review)


@back_by
async def test_who_was_removed_stays_out(
    pair: tuple[Viewer, Viewer], monkeypatch: pytest.MonkeyPatch, back: timedelta
) -> None:  # fmt: skip
    ann, _ = pair
    cleo = await a_person(await school_of(ann), name="Cleo Cole")
    token = await sessions.start(cleo.person, cleo.school)
    assert await sessions.viewer_of(token) is not None
    await people.remove(ann, cleo.person)
    travel(monkeypatch, seconds=-back.total_seconds())
    async with stranger() as browser:
        sent = await browser.post("/sign-in", data={"email": await email_of(cleo), "password": PASSWORD})
    assert sent.status_code == 403
    assert await sessions.viewer_of(token) is None


@back_by
async def test_whom_the_operator_let_in_for_a_day_stays_out_once_a_head_cut_it_short(
    pair: tuple[Viewer, Viewer], monkeypatch: pytest.MonkeyPatch, back: timedelta
) -> None:  # fmt: skip
    ann, _ = pair
    link = await break_glass.invite(
        None, ann.school, email="olive@fern.example", role=Role.BUSINESS_MANAGER, reason="The head is away", posted=True
    )
    olive = await joining.join(token_in(link.address), name="Olive Osgood", password=PASSWORD)
    assert await sessions.viewer_of(await sessions.start(olive.person, olive.school)) is not None
    await opened.cut_short(ann, (await opened.at_school(ann))[0].id)
    travel(monkeypatch, seconds=-back.total_seconds())
    token = await sessions.start(olive.person, olive.school)
    assert await sessions.viewer_of(token) is None
