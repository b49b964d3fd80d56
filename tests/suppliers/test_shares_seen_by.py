"""What one school can see of ours is all that it sees and nothing else, however it was shared."""

from uuid import UUID

import pytest

from base.settings import Settings
from base.viewer import Role, Viewer
from sharing.access.audiences import AudienceChoice, GrantChoice
from sharing.access.fields import Fields, GrantKind
from sharing.networks import connections, networks
from suppliers.opinions import notes, reviews
from suppliers.opinions.notes import About
from suppliers.opinions.opinion import Opinion
from suppliers.shares import by_reader, shares
from suppliers.shares import seen_by as module
from suppliers.shares.seen_by import seen_by
from suppliers.shares.shares import OpinionKind
from tests.given.builders import a_person, a_school, signed_in
from tests.given.page_text import text_of
from tests.given.searching import a_supplier


def to(kind: GrantKind, subject: UUID | None = None, fields: Fields = Fields.RATING | Fields.PRAISE) -> AudienceChoice:
    return AudienceChoice((GrantChoice(kind, subject, fields=fields),))


async def a_review(viewer: Viewer, name: str, choice: AudienceChoice | None) -> UUID:
    said = Opinion(interest=None, rating=5, praise="Tidy.", criticism="Late.")
    written = (await reviews.review(viewer, await a_supplier(viewer, name), opinion=said, version=None)).id
    if choice:
        await shares.share(viewer, OpinionKind.REVIEW, written, choice)
    return written


async def test_all_that_a_school_can_see_of_ours(db: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    ann = await a_person(await a_school("Oakfield Primary"), Role.HEAD)
    elm_school = await a_school("Elm Primary", local_authority="Kent", lat=51.1, lon=1.2)
    elm = await a_person(elm_school, name="Eve Elm")
    cluster = await networks.start(ann, name="Ashby cluster")
    await a_review(ann, "Ashby Boilers", to(GrantKind.SCHOOL, elm.school, Fields.RATING | Fields.CRITICISM))
    for_all = await a_review(ann, "Brook Cleaning", to(GrantKind.EVERYONE))
    await a_review(ann, "Carr Catering", to(GrantKind.NETWORK, cluster))
    await a_review(ann, "Dene Drains", None)
    about = await called(ann, "Ashby Boilers")
    note = await notes.note(ann, about, about=About.GOOD, body="Quick.")
    await shares.share(ann, OpinionKind.NOTE, note, to(GrantKind.SCHOOL, elm.school, Fields.PRAISE))
    found = await seen_by(ann, elm.school)
    assert [(one.supplier_name, one.what.value, one.words, one.is_by_name) for one in found.items] == [
        ("Ashby Boilers", "note", "its text", True),
        ("Ashby Boilers", "review", "the rating and criticism of this supplier", True),
        ("Brook Cleaning", "review", "the rating and what was good", False),
    ]
    assert not found.has_more
    async with signed_in(ann) as browser:
        assert f"/schools/{elm.school}/sees" in (await browser.get(f"/schools/{elm.school}")).text
        told = text_of((await browser.get(f"/schools/{elm.school}/sees")).text)
    assert "3 reviews and notes" in told
    assert "Ashby Boilers , our review: the rating and criticism of this supplier (shared with them by name)." in told

    await networks.join(elm, await networks.invite(ann, cluster, elm.school))
    assert [one.supplier_name for one in (await seen_by(ann, elm.school)).items][-1] == "Carr Catering"
    monkeypatch.setattr(module, "PAGE", 2)
    assert (await seen_by(ann, elm.school)).has_more
    await shares.unshare(ann, OpinionKind.REVIEW, for_all)
    assert "Brook Cleaning" not in [one.supplier_name for one in (await seen_by(ann, elm.school)).items]
    await connections.block(ann, elm.school)
    assert (await seen_by(ann, elm.school)).items == ()
    assert (await seen_by(elm, ann.school)).items == ()


async def called(viewer: Viewer, name: str) -> UUID:
    return next(one.sharing.supplier for one in (await by_reader.shared(viewer)).lines if one.sharing.supplier_name == name)
