"""Whoever declared an interest in a supplier doesn't silence a colleague's criticism of it, on any road."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from uuid import UUID

import pytest

import database
from base.refusals import Forbidden
from base.settings import Settings
from base.viewer import Role, Viewer
from sharing.access.audiences import AudienceChoice, GrantChoice
from sharing.access.fields import ALL, Fields, GrantKind
from sharing.people import people
from suppliers.directory import directory
from suppliers.hiding import hiding
from suppliers.hiding.hiding import Hideable
from suppliers.opinions import attachments, interest, notes, reviews
from suppliers.opinions.attachments import Upload
from suppliers.opinions.notes import About
from suppliers.opinions.opinion import Opinion
from suppliers.shares import shares
from suppliers.shares.shares import OpinionKind
from tests.given.builders import a_person, a_school, signed_in

MINE = Opinion(interest="My uncle owns it.", rating=5, praise="Tidy.")


@dataclass
class World:
    ann: Viewer  # declared an interest
    hal: Viewer  # head, who criticised the supplier in the review and in a note with a file
    fern: UUID  # which was told
    supplier: UUID
    review: UUID
    note: UUID
    file: UUID


@pytest.fixture
async def world(db: Settings) -> World:
    elm, fern = await a_school("Elm Primary"), await a_school("Fern Primary")
    ann, hal = await a_person(elm), await a_person(elm, Role.HEAD, "Hal Hart")
    supplier = (await directory.add(hal, name="Ashby Boilers")).id
    await reviews.review(ann, supplier, opinion=MINE, version=None)
    review = (await reviews.review(hal, supplier, opinion=replace(MINE, criticism="Never came."), version=1)).id
    note = await notes.note(hal, supplier, about=About.PROBLEM, body="Cold.", files=[Upload("a.txt", b"Cold.")])
    told = AudienceChoice((GrantChoice(GrantKind.SCHOOL, fern.id, fields=ALL),))
    await shares.share(hal, OpinionKind.REVIEW, review, told)
    await shares.share(hal, OpinionKind.NOTE, note, told)
    async with database.read():
        (file,) = (await attachments.of_notes([note]))[note]
    return World(ann, hal, fern.id, supplier, review, note, file.id)


def silencing(world: World, by: Viewer) -> dict[str, Callable[[], Awaitable[object]]]:
    """Every way to take criticism out of somebody's sight."""
    less = AudienceChoice((GrantChoice(GrantKind.SCHOOL, world.fern, fields=Fields.RATING),))
    return {
        "stop sharing the review": lambda: shares.unshare(by, OpinionKind.REVIEW, world.review),
        "share less of the review": lambda: shares.share(by, OpinionKind.REVIEW, world.review, less),
        "stop sharing the note": lambda: shares.unshare(by, OpinionKind.NOTE, world.note),
        "hide the file": lambda: hiding.hide(by, Hideable.ATTACHMENT, world.file),
        "hide the note": lambda: hiding.hide(by, Hideable.NOTE, world.note),
        "hide the review": lambda: hiding.hide(by, Hideable.REVIEW, world.review),
        "withdraw the note": lambda: notes.withdraw(by, world.note),
        "withdraw the review": lambda: reviews.withdraw(by, world.review),
    }


async def test_they_withdraw_hide_and_stop_sharing_none_of_it(world: World) -> None:
    for what, act in silencing(world, world.ann).items():
        with pytest.raises(Forbidden, match="Ask a colleague who declared none"):
            await act()
            pytest.fail(what)


async def test_a_colleague_does_all_of_it(world: World) -> None:
    ways = silencing(world, world.hal)
    for what in (
        "stop sharing the note",
        "hide the file",
        "withdraw the note",
        "share less of the review",
        "withdraw the review",
    ):
        await ways[what]()


async def test_once_the_interest_has_ended_they_do_it_too(world: World) -> None:
    await interest.withdraw(world.ann, world.supplier)
    for what in ("stop sharing the note", "hide the note", "stop sharing the review", "hide the review"):
        await silencing(world, world.ann)[what]()


async def test_the_lines_by_which_nobody_reads_criticism_stay_theirs_to_change(world: World) -> None:
    told = GrantChoice(GrantKind.SCHOOL, world.fern, fields=ALL)
    more = AudienceChoice((told, GrantChoice(GrantKind.EVERYONE, fields=Fields.RATING)))
    await shares.share(world.ann, OpinionKind.REVIEW, world.review, more)
    assert len((await shares.share(world.ann, OpinionKind.REVIEW, world.review, AudienceChoice((told,)))).choice.grants) == 1


async def test_what_they_wrote_themselves_they_withdraw(world: World) -> None:
    note = await notes.note(world.ann, world.supplier, about=About.PROBLEM, body="Late.")
    await notes.withdraw(world.ann, note)


async def test_where_nobody_else_at_the_school_could_they_hide_it_and_withdraw_nothing(world: World) -> None:
    await people.change_role(world.hal, world.ann.person, Role.HEAD)
    head = replace(world.ann, role=Role.HEAD)
    await people.remove(head, world.hal.person)
    with pytest.raises(Forbidden):
        await notes.withdraw(head, world.note)
    await hiding.hide(head, Hideable.NOTE, world.note)
    await hiding.hide(head, Hideable.REVIEW, world.review)


async def test_the_page_of_such_a_note_offers_none_of_it(world: World) -> None:
    async with signed_in(world.ann) as browser:
        shown = (await browser.get(f"/notes/{world.note}")).text
    assert f"/notes/{world.note}/withdraw" not in shown
    async with signed_in(world.hal) as browser:
        shown = (await browser.get(f"/notes/{world.note}")).text
    assert f"/notes/{world.note}/withdraw" in shown
