"""A file that was hidden stays out of every pack whose entries name only that copy, whoever else attached the same bytes.

One text file is attached to notes about two suppliers, to a contract as a document, and to a call as a photo.
"""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from hashlib import sha256
from typing import Final
from uuid import UUID

import pytest

import database
from audit.packs.extent import Scope
from audit.packs.order import Grade
from base import clock
from base.viewer import Viewer
from contracts.documents import documents
from contracts.documents.answering import What
from contracts.documents.kinds import DocumentKind
from contracts.service_events import photos
from suppliers.directory import directory
from suppliers.hiding import hiding
from suppliers.hiding.hiding import Hideable
from suppliers.opinions import notes
from suppliers.opinions.attachments import Upload
from suppliers.opinions.notes import About
from suppliers.tables import Attachment
from tests.given.builders import a_person, a_school
from tests.given.made_packs import about, opened, order_of, packed, verdict_on
from tests.given.served import a_contract, a_job

pytestmark = pytest.mark.usefixtures("db")

SAME: Final = Upload("list.txt", b"Class 4: Zebedee was ill.")
FILE: Final = f"evidence/{sha256(SAME.content).hexdigest()}.txt"
Hide = Callable[[], Awaitable[object]]
GRADES = pytest.mark.parametrize("grade", list(Grade))


class World:
    """``copies``: for each stream that names the file, what hides the copy there."""

    ann: Viewer
    copies: dict[str, Hide]


@pytest.fixture
async def world(db: object) -> World:
    made = World()
    made.ann = ann = await a_person(await a_school())
    made.copies = {}
    for name in ("Ashby Boilers", "Dene Drains"):
        supplier = (await directory.add(ann, name=name)).id
        file = await _noted(ann, supplier)
        made.copies[f"supplier:{supplier}"] = partial(hiding.hide, ann, Hideable.ATTACHMENT, file)
    contract, called = await a_contract(ann), await a_contract(ann, "Drains")
    kept = await documents.add(ann, contract, SAME, What(DocumentKind.OTHER), is_letter=False)
    made.copies[f"contract:{contract}"] = lambda: documents.hide(ann, kept)
    job = await a_job(ann, called)
    await photos.add(ann, job, SAME)
    (photo,) = await photos.of_event(ann, job)
    made.copies[f"contract:{called}"] = lambda: photos.hide(ann, photo.id)
    return made


async def _noted(viewer: Viewer, supplier: UUID) -> UUID:
    note = await notes.note(viewer, supplier, about=About.GOOD, body="See the list.", files=[SAME])
    async with database.read():
        ids: list[UUID] = await Attachment.select(Attachment.id).where(Attachment.note == note).output(as_list=True)
    return ids[0]


async def has_file(viewer: Viewer, scope: Scope, grade: Grade) -> bool:
    """Whether a pack, which holds, brings the file."""
    pack, _ = await packed(viewer, order_of(viewer, scope, grade))
    assert verdict_on(pack).status == "holds"
    return FILE in opened(pack)


@GRADES
async def test_hidden_in_what_the_pack_is_about_it_stays_out_though_another_copy_is_not_hidden(
    world: World, grade: Grade
) -> None:
    last = list(world.copies)[-1]
    for stream, hide in world.copies.items():
        scope = Scope((stream,))
        assert await has_file(world.ann, scope, grade)
        await hide()
        assert not await has_file(world.ann, scope, grade), stream
        assert await has_file(world.ann, Scope(), grade) is (stream != last), "until every copy is hidden"


async def test_hidden_within_the_period_it_stays_out_though_a_copy_of_before_is_not(world: World) -> None:
    later = clock.now() + timedelta(days=2)
    with clock.at(later):
        supplier = (await directory.add(world.ann, name="Carr Catering")).id
        file = await _noted(world.ann, supplier)
        scope = Scope(since=later - timedelta(days=1))
        assert await has_file(world.ann, scope, Grade.COMPLETE)
        await hiding.hide(world.ann, Hideable.ATTACHMENT, file)
        assert not await has_file(world.ann, scope, Grade.COMPLETE)
        assert not await has_file(world.ann, about(supplier), Grade.EXTRACT)
        assert await has_file(world.ann, Scope(), Grade.COMPLETE), "what was attached before is not hidden"
