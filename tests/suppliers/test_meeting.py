"""The page for a meeting holds what every school of the network may read, and nothing that is for fewer."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import httpx
import pytest

from base import clock
from base.refusals import Invalid, NotFound
from base.viewer import Role, Viewer
from sharing.access.audiences import AudienceChoice, GrantChoice
from sharing.access.fields import Fields, GrantKind
from sharing.networks import connections, networks
from suppliers.asking import asking
from suppliers.asking.asking import Wanted
from suppliers.meeting import meeting
from suppliers.meeting.meeting import Meeting
from suppliers.opinions import reviews
from suppliers.opinions.opinion import Opinion
from suppliers.shares import shares
from suppliers.shares.shares import OpinionKind
from tests.given.builders import a_person, a_school, signed_in
from tests.given.page_text import text_of
from tests.given.searching import a_supplier, says

pytestmark = pytest.mark.usefixtures("db")


@dataclass(frozen=True)
class Schools:
    """Oak, Elm and Ash are in a cluster; Far is not."""

    network: UUID
    oak: Viewer
    elm: Viewer
    ash: Viewer
    far: Viewer

    def to_cluster(self, fields: Fields = Fields.RATING | Fields.PRAISE) -> AudienceChoice:
        return AudienceChoice((GrantChoice(GrantKind.NETWORK, self.network, fields=fields),))


@pytest.fixture
async def schools(db: object) -> Schools:
    oak, elm, ash, far = [
        await a_person(await a_school(f"{name} Primary"), name=f"Ann {name}") for name in ("Oak", "Elm", "Ash", "Far")
    ]
    network = await networks.start(oak, kind="cluster", name="Ashby cluster")
    for other in (elm, ash):
        await networks.join(other, await networks.invite(oak, network, other.school))
    return Schools(network, oak, elm, ash, far)


def told(found: Meeting) -> dict[str, list[str]]:
    """By supplier, which schools spoke of it."""
    return {one.name: [word.by.name for word in one.words] for one in found.said}


@pytest.mark.both_engines
async def test_it_holds_what_is_shared_with_the_network_or_with_everybody_and_our_own_too(schools: Schools) -> None:
    boilers, cleaning = await a_supplier(schools.elm), await a_supplier(schools.ash, "Brook Cleaning", "cleaning")
    await says(schools.elm, boilers, share=schools.to_cluster())
    await says(schools.oak, boilers, share=schools.to_cluster())
    await says(schools.ash, cleaning)
    await says(schools.far, cleaning)  # of no school at the table
    for viewer in (schools.oak, schools.elm, schools.ash):
        found = await meeting.prepared(viewer, schools.network)
        assert told(found) == {"Fenland Boilers Ltd": ["Oak Primary", "Elm Primary"], "Brook Cleaning": ["Ash Primary"]}
        assert found.without_a_word == found.needs - 2


@pytest.mark.both_engines
async def test_what_is_for_fewer_is_not_on_it_even_for_whom_it_is_for(schools: Schools) -> None:
    await connections.accept(schools.oak, await connections.ask(schools.elm, schools.oak.school))
    by_name = AudienceChoice((GrantChoice(GrantKind.SCHOOL, schools.oak.school, fields=Fields.RATING | Fields.CRITICISM),))
    connected = AudienceChoice((GrantChoice(GrantKind.CONNECTED, fields=Fields.RATING),))
    near = AudienceChoice((GrantChoice(GrantKind.NEAR, miles=25, fields=Fields.RATING),))
    for name, share in (("One", by_name), ("Two", connected), ("Three", near), ("Four", None)):
        await says(schools.elm, await a_supplier(schools.elm, f"{name} Heating"), share=share)
    await says(schools.oak, await a_supplier(schools.oak, "Ours alone"), share=None)
    found = await meeting.prepared(schools.oak, schools.network)
    assert (told(found), found.without_a_word) == ({}, found.needs)


async def test_no_criticism_is_on_it_whoever_may_read_it(schools: Schools) -> None:
    supplier = await a_supplier(schools.elm)
    said = Opinion(interest=None, rating=2, would_use_again=False, praise="Polite.", criticism="Late in March.")
    written = await reviews.review(schools.elm, supplier, opinion=said, version=None)
    both = AudienceChoice(
        (
            GrantChoice(GrantKind.NETWORK, schools.network, fields=Fields.RATING | Fields.PRAISE),
            GrantChoice(GrantKind.SCHOOL, schools.oak.school, fields=Fields.CRITICISM),
        )
    )
    await shares.share(schools.elm, OpinionKind.REVIEW, written.id, both)
    ((one,),) = [spoken.words for spoken in (await meeting.prepared(schools.oak, schools.network)).said]
    assert (one.rating, one.would_use_again, one.praise, one.criticism) == (2, False, "Polite.", None)


@pytest.mark.both_engines
async def test_a_changed_word_is_as_new_as_what_the_network_sees_of_it(schools: Schools) -> None:
    supplier, now = await a_supplier(schools.elm), clock.now()
    opinion = Opinion(interest=None, rating=4, praise="On time.", would_use_again=True)
    written = await reviews.review(schools.elm, supplier, opinion=opinion, version=None)
    await shares.share(schools.elm, OpinionKind.REVIEW, written.id, schools.to_cluster(Fields.RATING))
    with clock.at(now + timedelta(days=199)):
        praised = Opinion(interest=None, rating=4, praise="Always on time.", would_use_again=True)
        await reviews.review(schools.elm, supplier, opinion=praised, version=1)
    with clock.at(now + timedelta(days=200)):
        assert told(await meeting.prepared(schools.oak, schools.network)) == {}
        assert told(await meeting.prepared(schools.oak, schools.network, "12")) == {"Fenland Boilers Ltd": ["Elm Primary"]}


async def test_more_words_than_two_pages_of_paper_are_cut_and_it_says_so(
    schools: Schools, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(meeting, "MOST_WORDS", 2)
    for name in ("One", "Two", "Three"):
        await says(schools.elm, await a_supplier(schools.elm, f"{name} Heating"))
    found = await meeting.prepared(schools.oak, schools.network)
    assert (set(told(found)), found.has_more) == ({"Three Heating", "Two Heating"}, True)


@pytest.mark.both_engines
async def test_what_is_asked_of_the_network_stands_on_it_and_what_is_asked_of_others_does_not(schools: Schools) -> None:
    to_network = GrantChoice(GrantKind.NETWORK, schools.network, fields=Fields.NONE)
    connected = GrantChoice(GrantKind.CONNECTED, fields=Fields.NONE)
    await connections.accept(schools.far, await connections.ask(schools.elm, schools.far.school))
    await asking.ask(schools.oak, Wanted(category="roofing", words="Who finds a leak?", to=to_network))
    await asking.ask(schools.elm, Wanted(category="lifts", words="Who mends a lift?", to=to_network))
    await asking.ask(schools.elm, Wanted(category="catering", words="Who cooks?", to=connected))
    found = await meeting.prepared(schools.ash, schools.network)
    assert [(one.about, one.school_name) for one in found.asked] == [
        ("Lifts and hoists", "Elm Primary"),
        ("Roofing", "Oak Primary"),
    ]


async def test_only_its_schools_have_the_page_and_the_schools_of_an_authority_are_no_table(schools: Schools) -> None:
    with pytest.raises(NotFound):
        await meeting.prepared(schools.far, schools.network)
    authority = next(one for one in await networks.mine(schools.oak) if one.kind == "local_authority")
    with pytest.raises(NotFound):
        await meeting.prepared(schools.oak, authority.network)
    with pytest.raises(Invalid):
        await meeting.prepared(schools.oak, schools.network, "7")


async def test_a_school_that_blocks_ours_is_silent_on_our_page(schools: Schools) -> None:
    await says(schools.elm, await a_supplier(schools.elm))
    await connections.block(schools.elm, schools.oak.school)
    assert told(await meeting.prepared(schools.oak, schools.network)) == {}
    assert told(await meeting.prepared(schools.ash, schools.network)) == {"Fenland Boilers Ltd": ["Elm Primary"]}


async def read(browser: httpx.AsyncClient, address: str) -> str:
    return text_of((await browser.get(address)).text)


async def test_the_page_is_found_from_the_network_and_says_what_to_do_while_it_is_empty(schools: Schools) -> None:
    here = f"/networks/{schools.network}"
    governor = await a_person(await a_school("Ivy Primary"), Role.GOVERNOR)
    async with signed_in(schools.oak) as browser:
        assert f'href="{here}/meeting"' in (await browser.get(here)).text
        assert f'href="{here}/meeting"' in (await browser.get("/networks")).text
        empty = await read(browser, f"{here}/meeting")
        await says(schools.elm, await a_supplier(schools.elm))
        full = await read(browser, f"{here}/meeting?months=1")
        wrong = await browser.get(f"{here}/meeting?months=7")
    assert (
        "No school has shared a word with this network since then. Begin with one of your suppliers : vouch, then Share." in empty
    )
    assert "No school asks the network anything at the moment. Ask other schools" in empty
    assert "No school shares with this network a contract that ends by then." in empty
    assert "Elm Primary, " in full
    assert ": 5 out of 5, would use them again." in full
    assert wrong.status_code == 422
    async with signed_in(governor) as browser:
        assert (await browser.get(f"{here}/meeting")).status_code == 404
