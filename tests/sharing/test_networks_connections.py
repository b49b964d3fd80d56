"""Asking, answering, ending and blocking: what each side may learn, and what each side's trail holds."""

from uuid import uuid4

import pytest

import database
from audit.tables import Entry
from base import clock
from base.refusals import Conflict, Forbidden, Invalid, NotFound
from base.settings import Settings
from base.viewer import Role, Viewer
from sharing.networks import connections, networks, sent
from sharing.networks.connections import Links
from sharing.schools.register_values import Status
from tests.given.builders import a_person, a_school, signed_in
from tests.given.consenting import agreed


async def two_heads() -> tuple[Viewer, Viewer]:
    oakfield, elm = await a_school("Oakfield Primary"), await a_school("Elm Primary")
    return await a_person(oakfield, Role.HEAD), await a_person(elm, Role.HEAD, "Eve Elm")


async def trail_of(viewer: Viewer) -> list[str]:
    """The types of what happened with other schools, in order."""
    async with database.read():
        rows = await Entry.select(Entry.type).where(Entry.trail == str(viewer.school)).order_by(Entry.idx)
    return [row["type"] for row in rows if row["type"].startswith(("connection.", "school.", "network.invitation"))]


async def test_two_schools_connect_and_each_trail_holds_its_own_act(db: Settings) -> None:
    ann, eve = await two_heads()
    request = await connections.ask(ann, eve.school)
    assert [link.name for link in (await connections.links(eve)).received] == ["Oakfield Primary"]
    assert [one.school for one in (await connections.accept(eve, request)).connected] == [ann.school]
    assert [link.name for link in (await connections.links(ann)).connected] == ["Elm Primary"]
    assert [link.name for link in (await connections.links(eve)).connected] == ["Oakfield Primary"]
    assert (await trail_of(ann), await trail_of(eve)) == (["connection.asked"], ["connection.accepted"])


async def test_who_asked_cannot_tell_declined_from_blocked_from_unread(db: Settings) -> None:
    ann, eve = await two_heads()
    frost = await a_person(await a_school("Ford Primary"), Role.HEAD, "Fay Frost")
    gale = await a_person(await a_school("Gale Primary"), Role.HEAD, "Gus Gale")
    await connections.block(frost, ann.school)
    requests = [await connections.ask(ann, other.school) for other in (eve, frost, gale)]
    await connections.decline(eve, requests[0])
    asked = (await connections.links(ann)).asked
    assert [(link.name, link.request) for link in asked] == sorted(
        zip(["Elm Primary", "Ford Primary", "Gale Primary"], requests, strict=True)
    )
    for other in (eve, frost, gale):
        with pytest.raises(Conflict, match="It has not answered yet"):
            await connections.ask(ann, other.school)
    assert await trail_of(ann) == ["connection.asked"] * 3


async def test_a_blocked_school_is_not_heard_until_it_is_unblocked(db: Settings) -> None:
    ann, eve = await two_heads()
    await connections.block(eve, ann.school)
    request = await connections.ask(ann, eve.school)
    assert (await connections.links(eve)).received == ()
    with pytest.raises(NotFound):
        await connections.accept(eve, request)
    await connections.unblock(eve, ann.school)
    assert [link.request for link in (await connections.links(eve)).received] == [request]
    assert await trail_of(eve) == ["school.blocked", "school.unblocked"]


async def test_a_block_takes_back_what_the_school_was_asked_and_a_blocked_school_is_asked_nothing(db: Settings) -> None:
    ann, eve = await two_heads()
    network = await networks.start(ann, name="Ashby cluster")
    invitation = await networks.invite(ann, network, eve.school)
    await connections.ask(ann, eve.school)
    links = await connections.block(ann, eve.school)
    assert (links.asked, await sent.sent(ann), await networks.invitations(eve)) == ((), (), ())
    with pytest.raises(NotFound):
        await networks.join(eve, invitation)
    assert (await trail_of(ann))[-3:] == ["school.blocked", "connection.withdrawn", "network.invitation_withdrawn"]
    for ask in (networks.invite(ann, network, eve.school), connections.ask(ann, eve.school)):
        with pytest.raises(Conflict, match="Unblock it first"):
            await ask
    await connections.unblock(ann, eve.school)
    assert ((await connections.links(ann)).asked, await sent.sent(ann)) == ((), ())


async def test_an_invitation_of_a_blocked_school_is_not_there(db: Settings) -> None:
    ann, eve = await two_heads()
    invitation = await networks.invite(ann, await networks.start(ann, name="Ashby cluster"), eve.school)
    await connections.block(eve, ann.school)
    assert await networks.invitations(eve) == ()
    for answer in (networks.join, networks.decline):
        with pytest.raises(NotFound):
            await answer(eve, invitation)
    await connections.unblock(eve, ann.school)
    assert [one.id for one in await networks.invitations(eve)] == [invitation]


async def test_a_no_holds_for_ninety_days_even_when_the_school_asks_again(db: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    ann, eve = await two_heads()
    first = await connections.ask(ann, eve.school)
    await connections.decline(eve, first)
    await connections.withdraw(ann, first)
    again = await connections.ask(ann, eve.school)
    assert (await connections.links(eve)).received == ()
    later = clock.now() + connections.DECLINE_HOLDS
    monkeypatch.setattr(clock, "now", lambda: later)
    assert [link.request for link in (await connections.links(eve)).received] == [again]


async def test_whoever_declined_may_ask_and_connecting_settles_both_requests(db: Settings) -> None:
    ann, eve = await two_heads()
    await connections.decline(eve, await connections.ask(ann, eve.school))
    await connections.accept(ann, await connections.ask(eve, ann.school))
    for viewer in (ann, eve):
        links = await connections.links(viewer)
        assert (len(links.connected), links.asked, links.received) == (1, (), ())


async def test_ending_a_connection_ends_both_directions_and_allows_a_new_one(db: Settings) -> None:
    ann, eve = await two_heads()
    await connections.accept(eve, await connections.ask(ann, eve.school))
    await connections.end(eve, ann.school)
    assert await connections.links(ann) == Links((), (), (), ())
    with pytest.raises(NotFound):
        await connections.end(ann, eve.school)
    await connections.accept(ann, await connections.ask(eve, ann.school))
    assert len((await connections.links(eve)).connected) == 1


async def test_a_block_leaves_no_sign_on_the_other_side(db: Settings) -> None:
    ann, eve = await two_heads()
    await connections.accept(eve, await connections.ask(ann, eve.school))
    before = await connections.links(ann)
    await connections.block(eve, ann.school)
    assert await connections.links(ann) == before
    assert await trail_of(ann) == ["connection.asked"]


async def test_what_cannot_be_asked_is_refused_in_words(db: Settings) -> None:
    ann, eve = await two_heads()
    closed = await a_school("Gone Primary", status=Status.CLOSED, close_date=clock.today())
    governor = Viewer(ann.person, ann.name, ann.school, ann.school_name, Role.GOVERNOR)
    with pytest.raises(Invalid, match="your own school"):
        await connections.ask(ann, ann.school)
    with pytest.raises(Invalid, match="has closed"):
        await connections.ask(ann, closed.id)
    with pytest.raises(NotFound):
        await connections.ask(ann, uuid4())
    with pytest.raises(Forbidden, match="Only a business manager or head"):
        await connections.block(governor, eve.school)
    await connections.block(ann, eve.school)
    with pytest.raises(Conflict, match="Unblock it first"):
        await connections.ask(ann, eve.school)
    with pytest.raises(Conflict, match="blocks that school already"):
        await connections.block(ann, eve.school)


async def test_a_request_can_be_answered_only_by_the_school_that_was_asked(db: Settings) -> None:
    ann, eve = await two_heads()
    stranger = await a_person(await a_school("Ford Primary"), Role.HEAD, "Fay Frost")
    request = await connections.ask(ann, eve.school)
    for verb in (connections.accept, connections.decline):
        for viewer in (ann, stranger):
            with pytest.raises(NotFound):
                await verb(viewer, request)
    with pytest.raises(NotFound):
        await connections.withdraw(eve, request)
    with pytest.raises(Conflict, match="asked you already"):
        await connections.ask(eve, ann.school)


async def test_the_pages_lead_from_finding_a_school_to_being_connected(db: Settings) -> None:
    ann, eve = await two_heads()
    async with signed_in(ann) as browser:
        assert "Elm Primary" in (await browser.get("/schools", params={"q": "elm"})).text
        assert "Ask to connect" in (await browser.get(f"/schools/{eve.school}")).text
        assert (await agreed(browser, f"/schools/{eve.school}/ask/check")).status_code == 303
        assert "no answer yet" in (await browser.get("/connections")).text
    (received,) = (await connections.links(eve)).received
    async with signed_in(eve) as browser:
        assert "Waiting for your answer" in (await browser.get("/connections")).text
        assert (await agreed(browser, f"/connections/{received.request}/accept/check")).status_code == 303
        assert "Connected with your school" in (await browser.get(f"/schools/{ann.school}")).text
        assert (await browser.post(f"/schools/{ann.school}/block")).status_code == 303
        assert "see nothing that yours shares" in (await browser.get("/connections")).text


async def test_the_api_tells_and_does_the_same(db: Settings) -> None:
    ann, eve = await two_heads()
    async with signed_in(ann) as browser:
        hits = (await browser.get("/api/v1/schools", params={"q": "elm"})).json()["schools"]
        assert [hit["id"] for hit in hits] == [str(eve.school)]
        assert (await browser.get(f"/api/v1/schools/{eve.school}")).json()["name"] == "Elm Primary"
        asked = await browser.post("/api/v1/connections", json={"school": str(eve.school)})
        assert asked.status_code == 201, asked.text
    async with signed_in(eve) as browser:
        address = f"/api/v1/connections/requests/{asked.json()['request']}"
        connected = await browser.post(address, json={"answer": "accept"})
        assert [link["name"] for link in connected.json()["connected"]] == ["Oakfield Primary"]
        assert (await browser.delete(f"/api/v1/connections/{ann.school}")).status_code == 204
        assert (await browser.post("/api/v1/blocks", json={"school": str(ann.school)})).status_code == 201
        assert [link["name"] for link in (await browser.get("/api/v1/blocks")).json()] == ["Oakfield Primary"]
        assert (await browser.delete(f"/api/v1/blocks/{ann.school}")).status_code == 204
        refused = await browser.post("/api/v1/connections", json={"school": str(eve.school)})
        assert (refused.status_code, refused.json()["title"]) == (422, "There is a problem")
