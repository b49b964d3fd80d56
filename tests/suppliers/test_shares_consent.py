"""Before a school connects, joins or invites, a page says what becomes visible to whom; what had ended is a choice."""

import re
from typing import Any
from uuid import UUID

import pytest

from audit.reading import timeline
from base import clock
from base.settings import Settings
from base.viewer import Role, Viewer
from sharing.access.audiences import AudienceChoice, GrantChoice
from sharing.access.fields import Fields, GrantKind
from sharing.networks import connections, networks
from suppliers.directory import directory
from suppliers.opinions import readable, reviews
from suppliers.opinions.opinion import Opinion
from suppliers.shares import shares
from suppliers.shares.shares import OpinionKind
from tests.given.builders import a_person, a_school, signed_in
from tests.given.consenting import agreed, the_form
from tests.given.page_text import text_of, without_number

TO_CONNECTIONS = GrantChoice(GrantKind.CONNECTED, fields=Fields.RATING | Fields.PRAISE)


@pytest.fixture
async def ann(db: Settings) -> Viewer:
    return await a_person(await a_school("Oakfield Primary"), Role.HEAD)


@pytest.fixture
async def eve(db: Settings) -> Viewer:
    return await a_person(await a_school("Elm Primary"), Role.HEAD, "Eve Elm")


async def a_shared_review(viewer: Viewer, *grants: GrantChoice, name: str = "Bright Spark") -> UUID:
    """Returns the supplier."""
    supplier = (await directory.add(viewer, name=name)).id
    said = Opinion(interest=None, rating=4, praise="Came at once.", criticism="Left a mess.")
    written = (await reviews.review(viewer, supplier, opinion=said, version=None)).id
    return (await shares.share(viewer, OpinionKind.REVIEW, written, AudienceChoice(grants))).supplier


async def sees(viewer: Viewer, supplier: UUID) -> bool:
    return bool((await readable.about(viewer, supplier)).reviews)


async def test_the_page_lists_what_the_other_school_will_see_and_then_it_sees_that(ann: Viewer, eve: Viewer) -> None:
    supplier = await a_shared_review(eve, TO_CONNECTIONS)
    request = await connections.ask(ann, eve.school)
    async with signed_in(eve) as browser:
        asked = text_of((await browser.get(f"/connections/{request}/accept/check")).text)
        assert "What Oakfield Primary will see of yours At once what your school shares with the schools connected to it" in asked
        assert "Your review of Bright Spark : the rating and what was good" in asked
        assert not await sees(ann, supplier)
        assert (await agreed(browser, f"/connections/{request}/accept/check")).status_code == 303
    assert await sees(ann, supplier)


async def test_who_asks_is_told_of_its_own_and_nothing_of_the_other(ann: Viewer, eve: Viewer) -> None:
    await a_shared_review(ann, TO_CONNECTIONS, name="Ash Roofing")
    await a_shared_review(eve, TO_CONNECTIONS, name="Secret Drains")
    async with signed_in(ann) as browser:
        told = without_number((await browser.get(f"/schools/{eve.school}/ask/check")).text)
        assert ("Ash Roofing" in told, "Secret Drains" in told) == (True, False)
        await connections.block(eve, ann.school)
        assert without_number((await browser.get(f"/schools/{eve.school}/ask/check")).text) == told


async def test_a_yes_is_to_the_list_that_was_shown_and_another_list_is_shown_again(ann: Viewer, eve: Viewer) -> None:
    """What a colleague shares meanwhile, and what nobody looked at, opens nothing."""
    request = await connections.ask(ann, eve.school)
    async with signed_in(eve) as browser:
        action, seen = await the_form(browser, f"/connections/{request}/accept/check")
        supplier = await a_shared_review(eve, TO_CONNECTIONS, name="Ash Roofing")
        for typed in ({"seen": seen}, {"seen": "zz"}):
            shown = await browser.post(action, data=typed)
            assert (shown.status_code, "Ash Roofing" in shown.text) == (409, True)
            assert "changed since you were shown it, so nothing was done" in text_of(shown.text)
        assert (await browser.post(action)).status_code == 422
        assert (await connections.links(eve)).connected == ()
        assert (await agreed(browser, f"/connections/{request}/accept/check")).status_code == 303
    assert await sees(ann, supplier)


async def test_a_school_that_joined_meanwhile_is_shown_before_ours_joins(ann: Viewer, eve: Viewer) -> None:
    network = await networks.start(ann, name="Ashby cluster")
    fay = await a_person(await a_school("Ford Primary"), Role.HEAD, "Fay Ford")
    invitation, theirs = [await networks.invite(ann, network, other.school) for other in (eve, fay)]
    async with signed_in(eve) as browser:
        action, seen = await the_form(browser, f"/networks/invitations/{invitation}/join/check")
        await networks.join(fay, theirs)
        shown = await browser.post(action, data={"seen": seen})
        assert (shown.status_code, "Ford Primary" in shown.text) == (409, True)


async def test_who_asks_or_invites_says_yes_to_what_was_shown_too(ann: Viewer, eve: Viewer) -> None:
    network = await networks.start(ann, name="Ashby cluster")
    asking, inviting = f"/schools/{eve.school}/ask/check", f"/networks/{network}/invite/{eve.school}/check"
    async with signed_in(ann) as browser:
        forms = [await the_form(browser, check) for check in (asking, inviting)]
        await a_shared_review(ann, TO_CONNECTIONS, name="Ash Roofing")
        await a_shared_review(ann, GrantChoice(GrantKind.NETWORK, network), name="Ash Drains")
        for action, seen in forms:
            assert (await browser.post(action, data={"seen": seen})).status_code == 409, action
        for check in (asking, inviting):
            assert (await agreed(browser, check)).status_code == 303


@pytest.mark.parametrize("again", [False, True])
async def test_what_ended_with_a_connection_comes_back_only_by_a_tick(ann: Viewer, eve: Viewer, again: bool) -> None:
    supplier = await a_shared_review(eve, TO_CONNECTIONS)
    await connections.accept(eve, await connections.ask(ann, eve.school))
    await connections.end(ann, eve.school)
    request = await connections.ask(ann, eve.school)
    async with signed_in(eve) as browser:
        tick = {"again": "yes"} if again else {}
        asked = (await browser.get(f"/connections/{request}/accept/check")).text
        assert "1 review or note that your school shared before this last ended. That stays ended." in text_of(asked)
        assert 'name="again" type="checkbox" value="yes">' in asked  # nobody ticked it for them
        assert (await agreed(browser, f"/connections/{request}/accept/check", **tick)).status_code == 303
    assert await sees(ann, supplier) is again
    entry = next(line for line in (await timeline.page(eve, limit=50)).lines if line.type == "connection.accepted")
    assert ("shares_again" in str(entry)) is again


async def test_joining_a_network_again_tells_whom_and_revives_nothing(ann: Viewer, eve: Viewer) -> None:
    network = await networks.start(ann, name="Ashby cluster")
    await networks.join(eve, await networks.invite(ann, network, eve.school))
    supplier = await a_shared_review(eve, GrantChoice(GrantKind.NETWORK, network))
    assert await sees(ann, supplier)
    await networks.leave(eve, network)
    async with signed_in(ann) as browser:
        assert "Invite Elm Primary to Ashby cluster?" in text_of(
            (await browser.get(f"/networks/{network}/invite/{eve.school}/check")).text
        )
    invitation = await networks.invite(ann, network, eve.school)
    async with signed_in(eve) as browser:
        asked = text_of((await browser.get(f"/networks/invitations/{invitation}/join/check")).text)
        assert "1 school in it now: Oakfield Primary" in asked
        assert "that was not ended before" in asked
        assert (await agreed(browser, f"/networks/invitations/{invitation}/join/check")).status_code == 303
    assert not await sees(ann, supplier)


async def test_who_invites_is_told_what_of_its_own_the_school_will_see(ann: Viewer, eve: Viewer) -> None:
    network = await networks.start(ann, name="Ashby cluster")
    supplier = await a_shared_review(ann, GrantChoice(GrantKind.NETWORK, network))
    async with signed_in(ann) as browser:
        asked = text_of((await browser.get(f"/networks/{network}/invite/{eve.school}/check")).text)
    assert "If Elm Primary says yes, it sees at once what your school shares with this network: 1 review or note." in asked
    await networks.join(eve, await networks.invite(ann, network, eve.school))
    assert await sees(eve, supplier)


async def test_a_declined_invitation_looks_like_one_without_an_answer(ann: Viewer, eve: Viewer) -> None:
    """Two worlds, one school that declined and one that did not read it: every answer to who invited is the same."""
    fay = await a_person(await a_school("Ford Primary"), Role.HEAD, "Fay Ford")
    network = await networks.start(ann, name="Ashby cluster")
    declined, _ = [await networks.invite(ann, network, other.school) for other in (eve, fay)]
    async with signed_in(eve) as browser:
        assert (await browser.post(f"/networks/invitations/{declined}/decline")).status_code == 303
        assert (await browser.get(f"/networks/invitations/{declined}/join/check")).status_code == 404
    assert await networks.invitations(eve) == ()
    answers = []
    async with signed_in(ann) as browser:
        for other in (eve, fay):
            again = await agreed(browser, f"/networks/{network}/invite/{other.school}/check")
            pages = [await browser.get(path) for path in (f"/networks/{network}", f"/schools/{other.school}", "/networks")]
            told = [(answer.status_code, answer.text) for answer in (again, *pages)]
            answers.append([(s, re.sub(rf"URN \d+|{eve.school_name}|{fay.school_name}", "", t)) for s, t in told])
    assert [status for status, _ in answers[0]] == [409, 200, 200, 200]
    assert text_of(answers[0][0][1]) == text_of(answers[1][0][1])
    assert [text_of(t) for _, t in answers[0][1:]] == [text_of(t) for _, t in answers[1][1:]]


async def test_after_ninety_days_a_school_may_be_invited_once_more_whatever_it_said(
    ann: Viewer, eve: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    network = await networks.start(ann, name="Ashby cluster")
    await networks.decline(eve, await networks.invite(ann, network, eve.school))
    later = clock.now() + networks.INVITATION_HOLDS
    monkeypatch.setattr(clock, "now", lambda: later)
    again = await networks.invite(ann, network, eve.school)
    assert [one.id for one in await networks.invitations(eve)] == [again]


async def test_a_move_of_trust_opens_nothing_to_the_new_trust_revives_nothing_on_return_and_is_told(db: Settings) -> None:
    ash: dict[str, Any] = {"urn": 987_001, "name": "Ash Primary"}
    ann = await a_person(await a_school(trust="Rose Trust", **ash), Role.HEAD)
    rose, lily = [
        await a_person(await a_school(f"{name} Primary", trust=f"{name} Trust"), Role.HEAD, f"{name} Head")
        for name in ("Rose", "Lily")
    ]
    (trust,) = [one.network for one in await networks.mine(ann) if one.kind == "trust"]
    supplier = await a_shared_review(ann, GrantChoice(GrantKind.NETWORK, trust))
    assert (await sees(rose, supplier), await sees(lily, supplier)) == (True, False)
    await a_school(trust="Lily Trust", **ash)
    assert (await sees(rose, supplier), await sees(lily, supplier)) == (False, False)
    async with signed_in(ann) as browser:
        home = text_of((await browser.get("/")).text)
    assert "By the register your school left Rose Trust" in home
    assert "no longer see the 1 review or note that you shared with it" in home
    await a_school(trust="Rose Trust", **ash)
    assert (await sees(rose, supplier), await sees(lily, supplier)) == (False, False)


async def test_the_home_page_tells_who_joined_a_network_that_we_share_with(ann: Viewer, eve: Viewer) -> None:
    network = await networks.start(ann, name="Ashby cluster")
    await a_shared_review(ann, GrantChoice(GrantKind.NETWORK, network))
    await networks.join(eve, await networks.invite(ann, network, eve.school))
    async with signed_in(ann) as browser:
        home = text_of((await browser.get("/")).text)
    assert "Elm Primary joined Ashby cluster, with which you share 1 review or note." in home
