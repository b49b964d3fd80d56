"""A supplier's page says what other schools wrote since its reader last opened it; when that was is nobody else's."""

from datetime import timedelta
from uuid import UUID

import pytest

import database
from base import clock
from base.settings import Settings
from base.viewer import Viewer
from sharing.access.audiences import AudienceChoice, GrantChoice
from sharing.access.fields import Fields, GrantKind
from suppliers.opinions import notes, readable, reviews
from suppliers.opinions.notes import About
from suppliers.opinions.opinion import Opinion
from suppliers.profile import looks
from suppliers.profile.looks import NewWords
from suppliers.profile.tables import Look
from suppliers.shares import shares
from suppliers.shares.shares import OpinionKind
from tests.given.builders import a_membership, a_person, a_school, events_of, signed_in
from tests.given.page_text import text_of
from tests.given.searching import a_supplier

TO_ALL = AudienceChoice((GrantChoice(GrantKind.EVERYONE, fields=Fields.RATING | Fields.PRAISE),))
NEW = "New from other schools since you last looked"


async def a_word(of: str, supplier: UUID, **said: object) -> Viewer:
    """A review by another school, for all to see but its criticism."""
    viewer = await a_person(await a_school(of))
    written = await reviews.review(viewer, supplier, opinion=Opinion(interest=None, **said), version=None)  # type: ignore[arg-type]
    await shares.share(viewer, OpinionKind.REVIEW, written.id, TO_ALL)
    return viewer


async def opened(viewer: Viewer, supplier: UUID) -> str:
    async with signed_in(viewer) as browser:
        return text_of((await browser.get(f"/suppliers/{supplier}")).text)


async def looked(viewer: Viewer, supplier: UUID) -> NewWords | None:
    return await looks.look(viewer, supplier, await readable.about(viewer, supplier), await looks.last(viewer, supplier))


async def test_words_of_other_schools_since_the_last_visit_are_new_for_that_visit(db: Settings) -> None:
    ann = await a_person(await a_school("Ash Primary"))
    supplier = (await readable_supplier(ann)).supplier
    bob = await a_word("Birch Primary", supplier, rating=4)
    began = clock.now()
    assert NEW not in await opened(ann, supplier), "the first visit"
    with clock.at(began + timedelta(hours=2)):
        await a_word("Cedar Primary", supplier, rating=5)
        await notes.note(ann, supplier, about=About.GOOD, body="Our own.")
        note = await notes.note(bob, supplier, about=About.GOOD, body="Quick.")
        await shares.share(bob, OpinionKind.NOTE, note, TO_ALL)
    trail = await events_of(ann.school)
    for later in (timedelta(hours=3), timedelta(hours=3, minutes=50)):
        with clock.at(began + later):
            page = await opened(ann, supplier)
            assert f"{NEW} on" in page
            assert "1 review and 1 note" in page
    with clock.at(began + timedelta(hours=5)):
        assert NEW not in await opened(ann, supplier), "the next visit"
    assert await events_of(ann.school) == trail, "no trail tells who read what"


async def readable_supplier(viewer: Viewer) -> shares.Sharing:
    """One in the directory."""
    vouch = await reviews.vouch(viewer, await a_supplier(viewer))
    return await shares.share(viewer, OpinionKind.REVIEW, vouch.id, TO_ALL)


async def test_an_edit_of_what_is_kept_back_makes_nothing_new(db: Settings) -> None:
    ann = await a_person(await a_school("Ash Primary"))
    supplier = (await readable_supplier(ann)).supplier
    bob = await a_word("Birch Primary", supplier, rating=4)
    began = clock.now()
    await looked(ann, supplier)
    for hours, said, is_new in ((2, {"rating": 4, "criticism": "Dear."}, 0), (5, {"rating": 3, "criticism": "Dear."}, 1)):
        with clock.at(began + timedelta(hours=hours)):
            version = 2 if is_new else 1
            await reviews.review(bob, supplier, opinion=Opinion(interest=None, **said), version=version)  # type: ignore[arg-type]
        with clock.at(began + timedelta(hours=hours + 1)):
            new = await looked(ann, supplier)
            assert new is not None
            assert new.reviews == is_new


async def test_looks_are_bounded_and_go_with_time_and_with_the_person(db: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looks, "MOST", 2)
    ann = await a_person(await a_school("Ash Primary"))
    there = await a_membership(ann, await a_school("Birch Primary"))
    began = clock.now()
    suppliers = [await a_supplier(ann, name) for name in ("One Ltd", "Two Ltd", "Three Ltd")]
    for n, supplier in enumerate(suppliers):
        with clock.at(began + timedelta(minutes=n)):
            await looked(ann, supplier)
    assert await kept() == set(suppliers[1:])
    with clock.at(began + timedelta(minutes=5)):
        await looks.forget_old()
        assert await kept() == set(suppliers[1:])
    with clock.at(began + looks.KEPT + timedelta(minutes=1, seconds=30)):
        await looks.forget_old()
    assert await kept() == {suppliers[2]}
    async with database.write():
        await Look.raw("UPDATE sharing_membership SET valid_until = {} WHERE school = {}", began, ann.school)
    assert await looks.forget_old() == 1
    assert there.person == ann.person, "still somebody, elsewhere"


async def kept() -> set[UUID]:
    async with database.read():
        return set(await Look.select(Look.supplier).output(as_list=True))
