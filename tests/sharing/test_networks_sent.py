"""An invitation that was sent is taken back where it was sent; nothing shows whether it was declined meanwhile."""

import re
from datetime import timedelta

import pytest

from base import clock
from base.refusals import NotFound
from base.settings import Settings
from base.viewer import Role
from sharing.networks import networks, sent
from tests.given.builders import a_person, a_school, an_operator_beside, signed_in
from tests.given.page_text import text_of


async def test_what_was_taken_back_can_not_be_joined_and_is_sent_anew(db: Settings) -> None:
    ann, bob = [await a_person(await a_school(f"{name} Primary"), Role.HEAD) for name in ("Ash", "Birch")]
    network = await networks.start(ann, name="Ashby cluster")
    invitation = await networks.invite(ann, network, bob.school)
    for viewer in (bob, await a_person(await a_school("Cedar Primary"))):
        with pytest.raises(NotFound):
            await sent.withdraw(viewer, invitation)
    async with signed_in(ann) as browser:
        for page in ("/networks", f"/networks/{network}", f"/schools/{bob.school}"):
            assert f"/networks/invitations/{invitation}/withdraw" in (await browser.get(page)).text
        await browser.post(f"/networks/invitations/{invitation}/withdraw")
        trail = text_of((await browser.get("/trail")).text)
    assert "Took back an invitation to a network" in trail
    with pytest.raises(NotFound):
        await networks.join(bob, invitation)
    assert await networks.invitations(bob) == ()
    await networks.join(bob, await networks.invite(ann, network, bob.school))


async def test_who_declined_is_not_asked_anew_and_who_asks_sees_no_difference(db: Settings) -> None:
    ann, bob, cat = [await a_person(await a_school(f"{name} Primary"), Role.HEAD) for name in ("Ash", "Birch", "Cedar")]
    network = await networks.start(ann, name="Ashby cluster")
    now = clock.now()
    for viewer in (bob, cat):
        await networks.invite(ann, network, viewer.school)
    await networks.decline(bob, (await networks.invitations(bob))[0].id)
    for one in await sent.sent(ann):
        await sent.withdraw(ann, one.id)
        await networks.invite(ann, network, one.school)
    assert {one.school for one in await sent.sent(ann)} == {bob.school, cat.school}
    assert [len(await networks.invitations(viewer)) for viewer in (bob, cat)] == [0, 1]
    with clock.at(now + networks.INVITATION_HOLDS + timedelta(days=1)):
        assert len(await networks.invitations(bob)) == 1


async def test_the_operator_takes_back_an_invitation_to_another_school_where_it_was_sent(db: Settings) -> None:
    ash, birch = await a_school("Ash Primary"), await a_school("Birch Primary")
    ann = await a_person(ash, Role.HEAD)
    olive = await an_operator_beside(ash)
    asked = {"school": str(birch.id), "role": "business_manager", "email": "bea@birch.example"}
    async with signed_in(olive) as browser:
        await browser.post("/people/invite-school", data=asked)
        page = (await browser.get("/people/invite-school", params={"school": str(birch.id)})).text
        (withdraw,) = re.findall(r'action="(/people/invitations/[^"]+)"', page)
        async with signed_in(ann) as colleague:
            assert (await colleague.post(withdraw)).status_code == 404
        back = (await browser.post(withdraw)).headers["location"]
        assert back == f"/people/invite-school?school={birch.id}"
        assert "bea@birch.example" not in (await browser.get(back)).text
