"""Networks of the register, and networks that schools start, join and leave by their own decision."""

from uuid import UUID, uuid4

import pytest

import database
from audit.tables import Entry
from base.refusals import Conflict, Forbidden, Invalid, NotFound
from base.settings import Settings
from base.viewer import Role, Viewer
from sharing.access.audiences import AudienceChoice, GrantChoice, intern
from sharing.access.fields import GrantKind
from sharing.networks import connections, networks
from tests.given.builders import a_person, a_school, signed_in
from tests.given.consenting import agreed


async def two_heads() -> tuple[Viewer, Viewer]:
    oakfield, elm = await a_school("Oakfield Primary"), await a_school("Elm Primary")
    return await a_person(oakfield, Role.HEAD), await a_person(elm, Role.HEAD, "Eve Elm")


async def a_cluster(ann: Viewer, *others: Viewer) -> UUID:
    network = await networks.start(ann, name="Ashby cluster")
    for other in others:
        await networks.join(other, await networks.invite(ann, network, other.school))
    return network


async def test_the_registers_networks_are_there_without_asking(db: Settings) -> None:
    ann = await a_person(await a_school("Oakfield Primary", trust="Ashby Learning Trust"), Role.HEAD)
    await a_school("Elm Primary", trust="Ashby Learning Trust")
    found = {network.name: network for network in await networks.mine(ann)}
    assert set(found) == {"Ashby Learning Trust", "Schools in Lincolnshire (not the council)"}
    _, members = await networks.schools_of(ann, found["Ashby Learning Trust"].network)
    assert {"Elm Primary", "Oakfield Primary"} <= {member.name for member in members}


async def test_the_registers_networks_change_with_the_register_only(db: Settings) -> None:
    ann, eve = await two_heads()
    (register,) = await networks.mine(ann)
    with pytest.raises(Conflict, match="only the register can change it"):
        await networks.leave(ann, register.network)
    with pytest.raises(Conflict, match="only the register can change it"):
        await networks.invite(ann, register.network, eve.school)


async def test_a_school_joins_a_network_only_by_accepting(db: Settings) -> None:
    ann, eve = await two_heads()
    network = await networks.start(ann, name="  Ashby   cluster ")
    invitation = await networks.invite(ann, network, eve.school)
    assert network not in {found.network for found in await networks.mine(eve)}
    assert [i.network_name for i in await networks.invitations(eve)] == ["Ashby cluster"]
    assert await networks.join(eve, invitation) == network
    assert [member.name for member in (await networks.schools_of(eve, network))[1]] == ["Elm Primary", "Oakfield Primary"]
    with pytest.raises(NotFound):
        await networks.join(eve, invitation)
    with pytest.raises(Conflict, match="in the network already"):
        await networks.invite(eve, network, ann.school)


async def test_a_school_that_declined_or_blocks_is_asked_no_more(db: Settings) -> None:
    ann, eve = await two_heads()
    network = await networks.start(ann, name="Ashby cluster")
    await networks.decline(eve, await networks.invite(ann, network, eve.school))
    assert await networks.invitations(eve) == ()
    other = await networks.start(ann, name="Dale cluster")
    await networks.invite(ann, other, eve.school)
    await connections.block(eve, ann.school)
    assert await networks.invitations(eve) == ()


async def test_leaving_ends_membership_and_the_right_to_share_with_it(db: Settings) -> None:
    ann, eve = await two_heads()
    network = await a_cluster(ann, eve)
    await networks.leave(eve, network)
    with pytest.raises(NotFound):
        await networks.schools_of(eve, network)
    async with database.read():
        with pytest.raises(Invalid, match="only with networks that it is in"):
            await intern(eve, AudienceChoice((GrantChoice(GrantKind.NETWORK, network),)))
    with pytest.raises(NotFound):
        await networks.leave(eve, network)


async def test_a_network_of_others_is_not_found(db: Settings) -> None:
    ann, eve = await two_heads()
    network = await networks.start(ann, name="Ashby cluster")
    for nowhere in (network, uuid4()):
        with pytest.raises(NotFound):
            await networks.schools_of(eve, nowhere)
        with pytest.raises(NotFound):
            await networks.invite(eve, nowhere, ann.school)


async def test_starting_needs_a_name_a_kind_and_somebody_who_may_write(db: Settings) -> None:
    ann, _ = await two_heads()
    with pytest.raises(Invalid) as nameless:
        await networks.start(ann, name="  ")
    assert set(nameless.value.fields) == {"name"}
    with pytest.raises(Invalid, match="what kind"):
        await networks.start(ann, name="Ashby trust", kind="trust")
    with pytest.raises(Forbidden):
        await networks.start(Viewer(ann.person, ann.name, ann.school, ann.school_name, Role.GOVERNOR), name="Ashby")


async def test_each_school_records_its_own_part(db: Settings) -> None:
    ann, eve = await two_heads()
    await networks.leave(eve, await a_cluster(ann, eve))
    async with database.read():
        rows = await Entry.select(Entry.trail, Entry.type).where(Entry.type.like("network.%")).order_by(Entry.at, Entry.idx)
    assert [row["type"] for row in rows if row["trail"] == str(ann.school)] == ["network.started", "network.school_invited"]
    assert [row["type"] for row in rows if row["trail"] == str(eve.school)] == ["network.joined", "network.left"]


async def test_the_pages_lead_from_starting_a_network_to_its_schools(db: Settings) -> None:
    ann, eve = await two_heads()
    async with signed_in(ann) as browser:
        nameless = await browser.post("/networks", data={"name": "", "kind": "alliance"})
        assert nameless.status_code == 422
        assert 'value="alliance" checked' in nameless.text
        started = await browser.post("/networks", data={"name": "Ashby cluster", "kind": "cluster"})
        address = started.headers["location"]
        assert "Invite to Ashby cluster" in (await browser.get(f"/schools/{eve.school}")).text
        assert (await agreed(browser, f"{address}/invite/{eve.school}/check")).status_code == 303
    (invitation,) = await networks.invitations(eve)
    async with signed_in(eve) as browser:
        assert "asks you to join" in (await browser.get("/networks")).text
        assert (await agreed(browser, f"/networks/invitations/{invitation.id}/join/check")).headers["location"] == address
        assert "Oakfield Primary" in (await browser.get(address)).text
        listed = (await browser.get("/api/v1/networks")).json()
        assert {"Ashby cluster"} < {network["name"] for network in listed}
        schools = (await browser.get(f"/api/v1{address}/schools")).json()
        assert [school["name"] for school in schools] == ["Elm Primary", "Oakfield Primary"]
        assert (await browser.post(f"{address}/leave")).status_code == 303
        assert (await browser.get(address)).status_code == 404
