"""A curator erases a sole trader's name from the directory, and nothing brings it back."""

from uuid import UUID, uuid4

import pytest

import audit
import database
from audit.erasing import erasure, erasure_list
from audit.erasing.erasure import ErasureReason
from audit.erasing.erasure_list import ListedErasure
from audit.log import fsck
from audit.tables import Opening
from base import clock
from base.refusals import Conflict, Invalid, NotFound
from base.viewer import Viewer
from privacy import erasure as erasures
from privacy.in_directory import erasing
from suppliers.corrections import edits, history, proposals
from suppliers.directory import directory
from suppliers.record import facts
from suppliers.record.facts import Facts
from tests.given.listed_suppliers import an_entry, curator, manager

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
async def olive() -> Viewer:
    return await curator()


async def erased(olive: Viewer, entry: UUID) -> None:
    seen = (await edits.opened(olive, entry)).seen
    await erasing.erase(olive, entry, seen=seen, reason=ErasureReason.ASKED, is_sure=True)


async def openings_with(text: str) -> list[str]:
    async with database.read():
        rows = await Opening.select(Opening.field, Opening.value)
    return [row["field"] for row in rows if text in row["value"]]


async def an_edited_entry(olive: Viewer) -> UUID:
    entry = await an_entry("Jo Blogs Tuning", identifiers={"phone": "01632 960 101"}, categories=["books"])
    seen = (await edits.opened(olive, entry)).seen
    await edits.change(olive, entry, facts.checked(name="Jo Bloggs Tuning", categories=["books"]), seen=seen)
    return entry


async def test_an_erased_name_is_in_no_entry_no_edit_and_no_opening_of_the_operators_trail(olive: Viewer) -> None:
    entry = await an_edited_entry(olive)
    ann = await manager()
    await directory.adopt(ann, entry)
    await proposals.propose(ann, entry, why="Their card.", name="Jo Bloggs, Tuner", categories=["books"])
    await erased(olive, entry)
    async with database.read():
        assert (await facts.as_written([entry]))[entry] == Facts("Name erased", categories=("books",))
        kept = await erasure.of_subject(audit.OPERATOR, f"supplier:{entry}")
    assert [one.value for one in kept if one.field.startswith("personal.")] == ["Name erased"]
    assert await history.edits(olive, entry) == ()
    assert await directory.suggestions(ann, "Jo Bloggs Tuning") == ()
    (ours,) = await proposals.ours(ann)
    assert (ours.changes, ours.answer) == ((), edits.ERASED)
    for trail in (audit.OPERATOR, str(ann.school)):
        assert (await fsck.check(trail)).finding is None
    assert await openings_with("Bloggs")  # in Ann's own trail, which is her school's to erase


async def test_what_is_missing_is_said_together_and_nobody_else_may(olive: Viewer) -> None:
    entry = await an_edited_entry(olive)
    with pytest.raises(Invalid) as refused:
        await erasing.erase(olive, entry, seen="", reason=None, is_sure=False)
    assert set(refused.value.fields) == {"reason", "sure"}
    with pytest.raises(Conflict, match="changed since"):
        await erasing.erase(olive, entry, seen="", reason=ErasureReason.ASKED, is_sure=True)
    assert erasure_list.read() == ()
    with pytest.raises(NotFound):
        await erasing.erase(await manager(), entry, seen="", reason=ErasureReason.ASKED, is_sure=True)


async def test_what_a_restored_backup_brings_back_is_erased_again_once(olive: Viewer) -> None:
    entry = await an_edited_entry(olive)
    async with database.read():
        found = await erasure.of_subject(audit.OPERATOR, f"supplier:{entry}")
    keys = tuple(one.key for one in found if one.field.startswith("personal."))
    erasure_list.add(ListedErasure(uuid4(), audit.OPERATOR, clock.now(), ErasureReason.ASKED, keys, (), None))
    assert await erasures.replay() == 1
    async with database.read():
        assert (await facts.as_written([entry]))[entry].name == "Name erased"
        assert await erasure.still_there(audit.OPERATOR, keys) == ()
    assert await erasures.replay() == 0
