"""Criticism that waits for a head: not for a head who declared an interest in the supplier, and not while it is hidden.

Hal, head of Oakfield, declared an interest in the boilers, and named Mia to confirm. Ann's criticism of them, which Mia shared
with every school, has new words.
"""

from uuid import UUID

import pytest

from base.refusals import Forbidden, Invalid, NotFound
from base.settings import Settings
from base.viewer import Role, Viewer
from sharing.access.audiences import AudienceChoice, GrantChoice
from sharing.access.fields import ALL, WITHOUT_CRITICISM, GrantKind
from sharing.people import confirmers
from suppliers.directory import directory
from suppliers.hiding import hiding
from suppliers.hiding.hiding import Hideable
from suppliers.opinions import confirming, interest, notes, readable, reviews
from suppliers.opinions.notes import About
from suppliers.opinions.opinion import Opinion
from suppliers.shares import consent, shares
from suppliers.shares.shares import OpinionKind
from tests.given.builders import a_person, a_school, signed_in

BEFORE, NOW = "Zirconium dust in every hall.", "Nobody came, quillmark, and nobody said sorry."
EVERYONE = AudienceChoice((GrantChoice(GrantKind.EVERYONE, fields=ALL),))


class World:
    hal: Viewer
    mia: Viewer
    ann: Viewer
    bob: Viewer  # of Elm
    supplier: UUID
    note: UUID


@pytest.fixture
async def world(db: Settings) -> World:
    made = World()
    oakfield, elm = await a_school("Oakfield Primary"), await a_school("Elm Primary")
    made.hal, made.mia = await a_person(oakfield, Role.HEAD, "Hal Hart"), await a_person(oakfield, name="Mia Mist")
    made.ann, made.bob = await a_person(oakfield), await a_person(elm, name="Bob Brown")
    await confirmers.name(made.hal, made.mia.person)
    made.supplier = (await directory.add(made.ann, name="Ashby Boilers", categories=["heating"])).id
    made.note = await notes.note(made.ann, made.supplier, about=About.PROBLEM, body=BEFORE)
    await shares.share(made.mia, OpinionKind.NOTE, made.note, EVERYONE)
    await reviews.review(made.hal, made.supplier, opinion=Opinion(interest="My uncle owns it.", rating=5), version=None)
    await notes.revise(made.ann, made.note, version=1, about=About.PROBLEM, body=NOW)
    return made


async def _page(viewer: Viewer) -> str:
    async with signed_in(viewer) as browser:
        return (await browser.get("/criticism")).text


async def _told(viewer: Viewer, supplier: UUID) -> list[str]:
    return [note.body for note in (await readable.about(viewer, supplier)).notes if note.body]


async def _digest(world: World) -> str:
    return (await confirming.queue(world.mia)).waiting[0].digest


async def test_a_head_with_an_interest_neither_reads_nor_confirms_it_and_whom_they_named_does(world: World) -> None:
    said, digest = await _page(world.hal), await _digest(world)
    assert ("quillmark" in said, "Zirconium" in said, digest in said) == (False, False, False)
    assert "You declared an interest in this supplier" in said
    assert "quillmark" in await _page(world.mia)
    with pytest.raises(Forbidden, match="declared an interest"):
        await confirming.confirm(world.hal, world.note, digest=digest)
    await confirming.confirm(world.mia, world.note, digest=digest)
    assert await _told(world.bob, world.supplier) == [NOW]


async def test_nor_does_their_sharing_it_confirm_words_that_they_do_not_read(world: World) -> None:
    with pytest.raises(Invalid, match="Only your head"):
        await shares.share(world.hal, OpinionKind.NOTE, world.note, EVERYONE)
    await interest.withdraw(world.hal, world.supplier)
    await shares.share(world.hal, OpinionKind.NOTE, world.note, EVERYONE)
    assert await _told(world.bob, world.supplier) == [NOW]


async def test_while_it_is_hidden_nobody_reads_or_confirms_it_and_then_it_waits_again(world: World) -> None:
    digest = await _digest(world)
    await hiding.hide(world.ann, Hideable.NOTE, world.note)
    for viewer in (world.mia, world.hal):
        assert "quillmark" not in await _page(viewer)
        assert (await confirming.queue(viewer)).waiting == ()
    with pytest.raises(NotFound):
        await confirming.confirm(world.mia, world.note, digest=digest)
    await hiding.show_again(world.ann, Hideable.NOTE, world.note)
    assert await _told(world.bob, world.supplier) == []
    await confirming.confirm(world.mia, world.note, digest=digest)
    assert await _told(world.bob, world.supplier) == [NOW]


async def test_what_is_hidden_is_not_listed_as_what_a_connection_will_show(world: World) -> None:
    good = await notes.note(world.ann, world.supplier, about=About.GOOD, body="Came at once.")
    connected = AudienceChoice((GrantChoice(GrantKind.CONNECTED, fields=WITHOUT_CRITICISM),))
    await shares.share(world.ann, OpinionKind.NOTE, good, connected)
    assert [one.id for one in (await consent.by_connecting(world.ann, world.bob.school)).opens] == [good]
    await hiding.hide(world.ann, Hideable.NOTE, good)
    assert (await consent.by_connecting(world.ann, world.bob.school)).opens == ()
