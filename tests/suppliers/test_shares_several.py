"""Several are chosen on one page, each with groups of its own: one page asks back, one entry tells of it."""

import httpx
import pytest

import database
from audit.tables import Entry
from base.settings import Settings
from base.viewer import Role, Viewer
from sharing.access.audiences import AudienceChoice, GrantChoice
from sharing.access.fields import Fields, GrantKind
from sharing.networks import networks
from suppliers.directory import directory
from suppliers.events import Event
from suppliers.opinions import readable, reviews
from suppliers.opinions.opinion import Opinion
from suppliers.shares import choosing, seen_by, shares
from suppliers.shares.shares import OpinionKind
from tests.given.builders import a_person, a_school, signed_in
from tests.given.page_text import sent_on, text_of
from tests.given.searching import a_supplier

SAID = Opinion(interest=None, rating=4, praise="Came at once.", criticism="Dear in March.")


@pytest.fixture
async def heads(db: Settings) -> tuple[Viewer, Viewer, Viewer]:
    """Of Oakfield, and of Elm and Fern, which are in its cluster."""
    oak, elm, fern = [await a_person(await a_school(f"{name} Primary"), Role.HEAD) for name in ("Oakfield", "Elm", "Fern")]
    network = await networks.start(oak, name="Ashby cluster")
    for viewer in (elm, fern):
        await networks.join(viewer, await networks.invite(oak, network, viewer.school))
    return oak, elm, fern


async def test_praise_goes_to_the_cluster_and_criticism_to_one_head_in_one_pass(heads: tuple[Viewer, Viewer, Viewer]) -> None:
    oak, elm, fern = heads
    supplier = await a_supplier(oak)
    review = (await reviews.review(oak, supplier, opinion=SAID, version=None)).id
    base, asked = f"/reviews/{review}/share", await _asked_of(oak)
    async with signed_in(oak) as browser:
        checking = await browser.get(f"{base}/check", params=asked)
        told = text_of(checking.text)
        saved = await browser.post(base, data=sent_on(checking.text))
    assert "Ashby cluster (2 other schools) can see the rating and what was good until 3 November 2030." in told
    assert "Elm Primary, Ashby can see criticism of this supplier until 3 November 2030." in told
    assert told.count("Came at once.") == told.count("Dear in March.") == 1, "each as they will see it"
    assert saved.status_code == 303
    criticism = [one.criticism for viewer in (elm, fern) for one in (await readable.about(viewer, supplier)).reviews]
    assert criticism == ["Dear in March.", None]
    async with database.read():
        given = await Entry.count().where(Entry.trail == str(oak.school), Entry.type == Event.SHARE_GIVEN.value)
    assert given == 1


async def test_nothing_is_done_when_it_would_be_seen_otherwise_than_was_shown(heads: tuple[Viewer, Viewer, Viewer]) -> None:
    oak, elm, fern = heads
    review = (await reviews.review(oak, await a_supplier(oak), opinion=SAID, version=None)).id
    base, asked = f"/reviews/{review}/share", await _asked_of(oak)
    async with signed_in(oak) as browser:
        shown = sent_on((await browser.get(f"{base}/check", params=asked)).text)
        await networks.leave(fern, (await networks.mine(oak))[0].network)
        fewer = await browser.post(base, data=shown)
        shown = sent_on(fewer.text)
        by_a_colleague = AudienceChoice((GrantChoice(GrantKind.SCHOOL, elm.school, fields=Fields.DATES),))
        await shares.share(oak, OpinionKind.REVIEW, review, by_a_colleague)
        meanwhile = await browser.post(base, data=shown)
    for answer in (fewer, meanwhile):
        assert answer.status_code == 409
        assert choosing.CHANGED in text_of(answer.text)
    assert (await shares.state(oak, OpinionKind.REVIEW, review)).choice.grants[0].fields == Fields.DATES


async def test_all_that_is_wrong_is_said_at_once_each_at_its_question(heads: tuple[Viewer, Viewer, Viewer]) -> None:
    oak = heads[0]
    review = (await reviews.vouch(oak, await a_supplier(oak))).id
    asked = {"with": ["person", "near", "everyone"], "fields-everyone": "price", "until-day": "40"}
    async with signed_in(oak) as browser:
        answer = await browser.get(f"/reviews/{review}/share/check", params=asked)
    assert answer.status_code == 422
    for question in ("code", "miles", "fields-everyone", "until"):
        assert f'href="#{question}"' in answer.text
        assert f'id="{question}"' in answer.text
    _ticked(answer)


def _ticked(answer: httpx.Response) -> None:
    for value in ("person", "near", "everyone"):
        assert f'value="{value}" checked' in answer.text


async def _asked_of(viewer: Viewer) -> dict[str, str | list[str]]:
    network = str((await networks.mine(viewer))[0].network)
    return {
        "with": ["school", f"network:{network}"],
        "q": "Elm Primary",
        "fields-school": "criticism",
        f"fields-network-{network[:8]}": ["rating", "praise"],
        "fields-everyone": ["rating", "praise"],  # ticked as the page comes, and not chosen
        "until-day": "3",
        "until-month": "11",
        "until-year": "2030",
    }


async def test_what_one_school_sees_of_our_words_comes_in_pages(
    heads: tuple[Viewer, Viewer, Viewer], monkeypatch: pytest.MonkeyPatch
) -> None:
    oak, elm, _ = heads
    monkeypatch.setattr(seen_by, "PAGE", 2)
    for name in ("Doors of Ashby", "Alarms of Ashby", "Boilers of Ashby"):
        review = await reviews.review(oak, (await directory.add(oak, name=name)).id, opinion=SAID, version=None)
        to_elm = AudienceChoice((GrantChoice(GrantKind.SCHOOL, elm.school),))
        await shares.share(oak, OpinionKind.REVIEW, review.id, to_elm)
    first, second = [await seen_by.seen_by(oak, elm.school, number) for number in (1, 2)]
    named = [[item.supplier_name for item in page.items] for page in (first, second)]
    assert named == [["Alarms of Ashby", "Boilers of Ashby"], ["Doors of Ashby"]]
    assert (first.total, first.has_more, second.has_more) == (3, True, False)
    async with signed_in(oak) as browser:
        page = (await browser.get(f"/schools/{elm.school}/sees")).text
    assert "3 reviews and notes" in page
    assert f"/schools/{elm.school}/sees?number=2" in page
