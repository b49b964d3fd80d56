"""Whoever declared an interest in a supplier reads nobody's criticism of it on any road, until they withdraw it themselves.

Ann of Oakfield declared one in the cleaners. What Hal, her head, and Dee of Dale hold against them has a word that is nowhere
else.
"""

import io
import zipfile
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest

import database
from audit.packs.order import Grade
from audit.seals import seals
from base.refusals import Conflict, Invalid
from sharing.access.audiences import AudienceChoice, GrantChoice
from sharing.access.fields import ALL, Fields, GrantKind
from sharing.tables import School
from suppliers.merging import merges
from suppliers.opinions import attachments, interest, notes, readable, reviews
from suppliers.opinions.attachments import Upload
from suppliers.opinions.notes import About
from suppliers.opinions.opinion import Opinion
from suppliers.search import search
from suppliers.search.search import Question
from suppliers.shares import shares
from suppliers.shares.shares import OpinionKind
from tests.conftest import Template
from tests.given.builders import a_membership
from tests.given.made_packs import order_of, packed, verdict_on
from tests.given.routes import NO_IDS, Route, needed, path_of, reading
from tests.given.town import Town, town_of

WORD = b"zirconium"
SAID = "Percy Plum left zirconium dust in the hall."
MINE = Opinion(interest="My uncle owns it.", rating=5, praise="Tidy.")


@pytest.fixture
async def town(template: Template, tmp_path: Path) -> AsyncIterator[Town]:
    """Hal has a problem with a photo, and the last word in the review that Ann declared her interest in."""
    async with town_of(template, tmp_path) as town:
        ann, hal, dee, cleaning = *(town.viewers[name] for name in ("ann", "hal", "dee")), UUID(town.ids["cleaning"])
        await reviews.review(ann, cleaning, opinion=MINE, version=1)
        note = await notes.note(hal, cleaning, about=About.PROBLEM, body=SAID, files=[Upload("zirconium.txt", SAID.encode())])
        await shares.share(hal, OpinionKind.NOTE, note, _to(town.ids["fern"]))
        await reviews.review(hal, cleaning, opinion=replace(MINE, criticism=SAID), version=2)
        theirs = (await reviews.review(dee, cleaning, opinion=Opinion(interest=None, rating=1, criticism=SAID), version=None)).id
        await shares.share(dee, OpinionKind.REVIEW, theirs, _to(town.ids["oakfield"]))
        async with database.read():
            file = next(iter((await attachments.of_notes([note]))[note]))
        town.ids |= {"problem": str(note), "problem_file": str(file.id)}
        yield town


def _to(school: str) -> AudienceChoice:
    return AudienceChoice((GrantChoice(GrantKind.SCHOOL, UUID(school), fields=ALL),))


# What stands in a path for a name, and further questions; whatever else there is, is asked for as the town's usual one.
ABOUT_IT = {
    "supplier_id": ("cleaning", "alike"),
    "review_id": ("shared_review",),
    "note_id": ("problem",),
    "item_id": ("shared_review", "problem"),
    "attachment_id": ("problem_file",),
}
MORE = {
    "/suppliers/{supplier_id}/review": ("", "note={problem}"),
    "/reviews/{item_id}/who-can-see": ("", "school={fern}"),
    "/notes/{item_id}/who-can-see": ("", "school={fern}"),
    "/trail": ("", "stream=supplier:{cleaning}"),
    "/api/v1/trail/entries": ("limit=100",),
    "/trail/as-of": ("subject=review:{shared_review}", "subject=note:{problem}"),
    "/api/v1/trail/as-of": ("subject=review:{shared_review}", "subject=note:{problem}"),
    "/search": ("need=cleaning",),
    "/api/v1/recommendations": ("need=cleaning",),
}
OTHERS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "a pack": ("POST", "/trail/packs", {"data": {"what": "all", "grade": "complete"}}),
    "a pack over the API": ("POST", "/api/v1/trail/pack", {"json": {"grade": "extract"}}),
    "the timeline": ("POST", "/trail/download", {"data": {"format": "csv"}}),
    "a look for a name": ("POST", "/erasures/find", {"data": {"text": "Percy Plum"}}),
}
SHARE = "with=school&school={fern}&fields-school=criticism&fields-school=attachments"


def addresses(route: Route, town: Town) -> Iterator[str]:
    chosen: list[dict[str, str]] = [{}]
    for name in route.names:
        chosen = [{**one, name: town.ids[value]} for one in chosen for value in ABOUT_IT.get(name, ())] or chosen
    queries = MORE.get(route.path, (SHARE,) if route.path.endswith("/share/check") else (needed(route, town),))
    for one in chosen:
        yield from (f"{path_of(route, town, NO_IDS, **one)}?{query.format_map(town.ids)}".rstrip("?") for query in queries)


def whole(answer: httpx.Response) -> bytes:
    """All that came, with what a zip holds."""
    if not answer.content.startswith(b"PK"):
        return answer.content
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        return b"\n".join(name.encode() + archive.read(name) for name in archive.namelist())


async def answers_to(who: str, town: Town, *, roads: set[str] | None = None) -> dict[str, httpx.Response]:
    """Of every route that reads, and of whatever else hands something out; or of some of these."""
    async with town.browser(who) as browser:
        asked: dict[str, tuple[str, str, dict[str, Any]]] = {
            address: ("GET", address, {}) for route in reading() for address in addresses(route, town)
        } | OTHERS
        asked |= {"a copy about Hal": ("POST", f"/people/{town.ids['hal']}/data", {})}
        found = {
            name: await browser.request(method, address, **body)
            for name, (method, address, body) in asked.items()
            if roads is None or name in roads
        }
    assert not [name for name, answer in found.items() if answer.status_code >= 500]
    return found


async def told_to(who: str, town: Town, *, roads: set[str] | None = None) -> set[str]:
    """The addresses whose answers hold the word."""
    return {name for name, answer in (await answers_to(who, town, roads=roads)).items() if WORD in whole(answer).lower()}


async def test_no_road_leads_to_criticism_for_whoever_declared_an_interest(town: Town) -> None:
    assert await told_to("ann", town) == set()


@pytest.mark.one_engine
async def test_a_colleague_without_one_reads_it_on_every_road_and_they_on_none_whatever_becomes_of_it(town: Town) -> None:
    """So that the test above is not one that can't fail. What tells Hal nothing of it has nothing to keep back from Ann: once the
    merge is undone or the interest withdrawn, she asks on the roads that told him, and on those about the other supplier.
    """
    olive, cleaning, alike = town.viewers["olive"], UUID(town.ids["cleaning"]), UUID(town.ids["alike"])
    roads = await told_to("hal", town)
    assert roads >= roads_that_tell(town)
    about_either = {road.replace(str(cleaning), str(alike)) for road in roads}

    async def told_to_ann() -> set[str]:
        return await told_to("ann", town, roads=roads | about_either)

    merge = (await merges.merge(olive, cleaning, alike, as_curator=True)).id
    assert await told_to("hal", town, roads=about_either - roads)
    assert await told_to("ann", town) == set()
    await merges.undo(olive, merge, as_curator=True)
    assert await told_to_ann() == set()
    for who, status in (("hal", 404), ("ann", 303), ("ann", 404)):
        async with town.browser(who) as browser:
            answer = await browser.post(f"/suppliers/{cleaning}/interest/withdraw")
        assert answer.status_code == status, who
        assert (f"/suppliers/{cleaning}" in await told_to_ann()) == (who == "ann"), "hers alone to withdraw"


def roads_that_tell(town: Town) -> set[str]:
    ids = town.ids
    note, review, supplier, file = ids["problem"], ids["shared_review"], ids["cleaning"], ids["problem_file"]
    return {
        f"/suppliers/{supplier}",
        f"/api/v1/suppliers/{supplier}/reviews",
        f"/suppliers/{supplier}/review",
        f"/suppliers/{supplier}/review?note={note}",
        f"/api/v1/reviews/{review}",
        f"/notes/{note}",
        f"/notes/{note}/edit",
        f"/notes/{note}/who-can-see?school={ids['fern']}",
        f"/attachments/{file}",
        f"/trail?stream=supplier:{supplier}",
        "/api/v1/trail/entries?limit=100",
        f"/trail/as-of?subject=note:{note}",
        f"/api/v1/trail/as-of?subject=review:{review}",
        *("a pack", "a pack over the API", "the timeline", "a look for a name", "a copy about Hal"),
    }


@pytest.mark.one_engine
async def test_nor_when_the_review_is_withdrawn_or_no_longer_mentions_it(town: Town) -> None:
    hal, roads = town.viewers["hal"], roads_that_tell(town)
    said = Opinion(interest=None, rating=2, criticism=SAID)
    await reviews.review(hal, UUID(town.ids["cleaning"]), opinion=said, version=3)
    assert await told_to("ann", town, roads=roads) == set()
    await reviews.withdraw(hal, UUID(town.ids["shared_review"]))
    assert await told_to("ann", town, roads=roads) == set()


async def test_nor_at_another_school_of_theirs(town: Town) -> None:
    """An interest is the person's: when Ann begins at Dale, its criticism of the cleaners is not for her either."""
    async with database.read():
        dale = await School.objects().where(School.id == UUID(town.ids["dale"])).first()
    assert dale is not None
    at_dale = await a_membership(town.viewers["ann"], dale)
    ours = await reviews.current(at_dale, UUID(town.ids["cleaning"]))
    assert ours is not None
    assert (ours.said.criticism, ours.hides_criticism) == ("", True)


async def test_what_a_colleague_wrote_stays_when_they_save_without_having_seen_it(town: Town) -> None:
    ann, cleaning = town.viewers["ann"], UUID(town.ids["cleaning"])
    await reviews.review(ann, cleaning, opinion=replace(MINE, rating=4), version=3)
    kept = await reviews.ours(town.viewers["hal"], UUID(town.ids["shared_review"]))
    assert (kept.said.rating, kept.said.criticism) == (4, SAID)
    with pytest.raises(Invalid):
        await reviews.review(ann, cleaning, opinion=replace(MINE, criticism="Fine, really."), version=4)
    with pytest.raises(Invalid):
        await reviews.review(ann, cleaning, opinion=replace(MINE, interest=None), version=4)


async def test_they_do_not_vouch_by_one_tap(town: Town) -> None:
    ann, cleaning = town.viewers["ann"], UUID(town.ids["cleaning"])
    await reviews.withdraw(town.viewers["hal"], UUID(town.ids["shared_review"]))
    with pytest.raises(Conflict):
        await reviews.vouch(ann, cleaning)
    await interest.withdraw(ann, cleaning)
    await reviews.vouch(ann, cleaning)


@pytest.mark.parametrize("grade", list(Grade))
async def test_a_pack_of_theirs_holds_with_the_criticism_withheld(town: Town, grade: Grade) -> None:
    ann, hal = town.viewers["ann"], town.viewers["hal"]
    withheld = []
    for viewer in (ann, hal):
        pack, _ = await packed(viewer, order_of(viewer, grade=grade))
        verdict = verdict_on(pack, *await seals.verifier_keys())
        assert verdict.status == "holds"
        assert verdict.facts is not None
        withheld.append(verdict.facts.withheld)
    assert withheld[0] > withheld[1], "what the town hid is withheld from both"


@pytest.mark.parametrize("fields", [Fields.RATING, Fields.PRAISE, Fields.NONE, Fields.DATES, Fields.CRITICISM, ALL])
async def test_it_travels_with_rating_and_praise_and_weighs_nothing_whatever_is_shown(town: Town, fields: Fields) -> None:
    hal, bob, cleaning = town.viewers["hal"], town.viewers["bob"], UUID(town.ids["cleaning"])
    before = (await search.recommendations(bob, Question(need="cleaning"))).hits
    to_bob = AudienceChoice((GrantChoice(GrantKind.SCHOOL, bob.school, fields=fields),))
    await shares.share(hal, OpinionKind.REVIEW, UUID(town.ids["shared_review"]), to_bob)
    shown = (await readable.about(bob, cleaning)).reviews
    assert [one.interest for one in shown] == ["My uncle owns it." if fields & (Fields.RATING | Fields.PRAISE) else None]
    after = (await search.recommendations(bob, Question(need="cleaning"))).hits
    assert [(hit.supplier, hit.score) for hit in after] == [(hit.supplier, hit.score) for hit in before]
    assert (await readable.about(bob, cleaning)).vouching == 0
