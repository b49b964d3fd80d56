"""What is wrong with a directory entry is proposed by schools and put right by a curator, who can undo it."""

from typing import Any
from uuid import UUID

import pytest

import audit
import database
from audit.log import fsck
from base.refusals import Conflict, Forbidden, Invalid, NotFound
from base.viewer import Role, Viewer
from suppliers.corrections import edits, history, proposals
from suppliers.corrections.proposals import CorrectionState
from suppliers.corrections.tables import Correction
from suppliers.directory import directory
from suppliers.events import Event
from suppliers.matching.identifiers import Scheme
from suppliers.record import facts
from suppliers.record.facts import Facts
from suppliers.tables import Supplier
from tests.given.builders import a_person, a_school, events_of, signed_in
from tests.given.listed_suppliers import an_entry, curator, listed, manager

pytestmark = pytest.mark.usefixtures("db")

WRONG: dict[str, Any] = {"name": "Wren Windos", "identifiers": {"phone": "01632 960 101"}, "categories": ["cleaning"]}
RIGHT: dict[str, Any] = {"name": "Wren Windows", "identifiers": {"phone": "01632 960 102"}, "categories": ["window-cleaning"]}


@pytest.fixture
async def olive() -> Viewer:
    return await curator()


@pytest.fixture
async def ann(olive: Viewer) -> Viewer:
    return await manager()


async def written(entry: UUID) -> Facts:
    async with database.read():
        return (await facts.as_written([entry]))[entry]


async def changed(olive: Viewer, entry: UUID, correction: UUID | None = None, **typed: Any) -> None:
    found = await edits.opened(olive, entry, correction)
    await edits.change(olive, entry, facts.checked(**typed), seen=found.seen, correction_id=correction)


async def found_by(ann: Viewer, name: str) -> set[UUID]:
    return {one.supplier_id for one in await directory.suggestions(ann, name)}


async def test_a_correction_that_is_taken_changes_the_entry_for_every_school(ann: Viewer, olive: Viewer) -> None:
    entry = await an_entry(**WRONG)
    correction = await proposals.propose(ann, entry, why="It is on their invoice.", **RIGHT)
    (waiting,) = (await edits.queue(olive)).corrections
    assert waiting.changes == (
        "Name: Wren Windows instead of Wren Windos", "Phone: 01632960102 instead of 01632960101",
        "Supplies: Window cleaning instead of Cleaning",
    )  # fmt: skip
    assert str(ann.school) not in repr(waiting)
    await changed(olive, entry, correction, **RIGHT)
    assert await written(entry) == facts.checked(**RIGHT)
    assert (await edits.queue(olive)).corrections == ()
    (ours,) = await proposals.ours(ann)
    assert (ours.state, ours.name, ours.changes, ours.why) == (CorrectionState.TAKEN, "Wren Windows", (), "")
    assert await found_by(ann, "Wren Windows") == {entry}
    assert "correction.proposed" in await events_of(ann.school)


async def test_what_was_changed_meanwhile_stays_and_only_what_was_proposed_differs(ann: Viewer, olive: Viewer) -> None:
    entry = await an_entry(**WRONG)
    correction = await proposals.propose(ann, entry, why="Their web site.", **{**WRONG, "name": "Wren Windows"})
    await changed(olive, entry, name="Wren Windos", identifiers={"phone": "01632 960 109"}, categories=["cleaning"])
    opened = await edits.opened(olive, entry, correction)
    assert opened.suggested.name == "Wren Windows"
    assert opened.suggested.identifiers == ((Scheme.PHONE, "+441632960109"),)


async def test_a_second_telephone_that_the_form_has_no_box_for_is_not_lost(ann: Viewer, olive: Viewer) -> None:
    entry = await an_entry(**WRONG)
    both = ((Scheme.PHONE, "+441632960101"), (Scheme.PHONE, "+441632960777"))
    async with audit.recording(olive) as record:
        known = Facts("Wren Windos", identifiers=both, categories=("cleaning",))
        await facts.replace(entry, known)
        record.unchanged()
        record(Event.DIRECTORY_CORRECTED, stream="directory", subject=f"supplier:{entry}", trail=audit.OPERATOR)
    await proposals.propose(ann, entry, why="Their van.", **{**WRONG, "name": "Wren Windows"})
    (waiting,) = (await edits.queue(olive)).corrections
    assert waiting.changes == ("Name: Wren Windows instead of Wren Windos",)
    found = await edits.opened(olive, entry)
    assert found.more == (both[1],)
    typed = facts.checked(**WRONG)
    await edits.change(olive, entry, typed, seen=found.seen, more=["phone:+441632960777"])
    assert (await written(entry)).identifiers == both
    await edits.change(olive, entry, typed, seen=found.seen)
    assert (await written(entry)).identifiers == both[:1]


async def test_what_cannot_be_proposed_is_refused_with_every_reason_at_once(ann: Viewer, olive: Viewer) -> None:
    entry = await an_entry(**WRONG)
    with pytest.raises(Invalid) as refused:
        await proposals.propose(ann, entry, why=" ", name="", identifiers={"phone": "12"})
    assert set(refused.value.fields) == {"why", "name", "phone"}
    with pytest.raises(Invalid, match="Change what is wrong"):
        await proposals.propose(ann, entry, why="Nothing.", **WRONG)
    own = (await directory.add(ann, name="Elm Electrics")).id
    with pytest.raises(Conflict, match="own record"):
        await proposals.propose(ann, own, why="Ours.", **RIGHT)
    await proposals.propose(ann, entry, why="Their invoice.", **RIGHT)
    with pytest.raises(Conflict, match="waits for an answer"):
        await proposals.propose(ann, entry, why="Their invoice.", **RIGHT)
    governor = await a_person(await a_school("Elm School"), Role.GOVERNOR, "Gita Gill")
    with pytest.raises(Forbidden):
        await proposals.propose(governor, entry, why="Their invoice.", **RIGHT)


async def test_a_school_takes_back_its_own_alone_and_only_while_it_waits(ann: Viewer, olive: Viewer) -> None:
    entry = await an_entry(**WRONG)
    correction = await proposals.propose(ann, entry, why="Their invoice.", **RIGHT)
    with pytest.raises(NotFound):
        await proposals.withdraw(await manager("Dale Primary"), correction)
    assert await proposals.withdraw(ann, correction) == entry
    with pytest.raises(Conflict):
        await proposals.withdraw(ann, correction)
    with pytest.raises(NotFound):
        await edits.opened(olive, entry, correction)


async def test_a_refusal_says_why_and_forgets_what_was_proposed(ann: Viewer, olive: Viewer) -> None:
    entry = await an_entry(**WRONG)
    correction = await proposals.propose(ann, entry, why="Their invoice.", **RIGHT)
    with pytest.raises(Invalid):
        await edits.refuse(olive, correction, answer="")
    await edits.refuse(olive, correction, answer="Companies House says otherwise.")
    (ours,) = await proposals.ours(ann)
    assert (ours.state, ours.answer) == (CorrectionState.REFUSED, "Companies House says otherwise.")
    assert await written(entry) == facts.checked(**WRONG)
    async with database.read():
        (row,) = await Correction.select()
    assert (row["before"], row["proposed"], row["why"]) == ("", "", "")


async def test_changes_are_undone_newest_first_and_only_while_the_entry_is_as_they_left_it(olive: Viewer) -> None:
    entry = await an_entry(**WRONG)
    await changed(olive, entry, **RIGHT)
    await changed(olive, entry, **{**RIGHT, "name": "Wren Window Cleaning"})
    newer, older = await history.edits(olive, entry)
    with pytest.raises(Conflict, match="newer change first"):
        await edits.undo(olive, older.id)
    await edits.undo(olive, newer.id)
    await edits.undo(olive, older.id)
    assert await written(entry) == facts.checked(**WRONG)
    with pytest.raises(Conflict, match="undone already"):
        await edits.undo(olive, older.id)


async def test_an_entry_that_changed_since_the_form_was_opened_is_not_overwritten(olive: Viewer) -> None:
    entry = await an_entry(**WRONG)
    seen = (await edits.opened(olive, entry)).seen
    await changed(olive, entry, **RIGHT)
    with pytest.raises(Conflict, match="changed since"):
        await edits.change(olive, entry, facts.checked(**WRONG), seen=seen)
    with pytest.raises(Conflict, match="changed since"):
        await edits.remove(olive, entry, seen=seen)


async def test_an_entry_that_nobody_uses_goes_and_comes_back_as_it_was(ann: Viewer, olive: Viewer) -> None:
    used = await an_entry(**RIGHT)
    with pytest.raises(Conflict, match="A school uses"):
        await edits.remove(olive, used, seen=(await edits.opened(olive, used)).seen)
    entry = (await listed("Wren Windos"))["Wren Windos"]
    before = await written(entry)
    correction = await proposals.propose(ann, entry, why="Closed.", name="Wren")
    await edits.remove(olive, entry, seen=(await edits.opened(olive, entry)).seen)
    assert await found_by(ann, "Wren Windos") == {used}
    with pytest.raises(NotFound):
        await directory.supplier(ann, entry)
    (ours,) = [one for one in await proposals.ours(ann) if one.id == correction]
    assert (ours.state, ours.answer) == (CorrectionState.REFUSED, edits.GONE)
    (removal,) = await history.edits(olive, entry)
    assert removal.is_removal
    assert (await fsck.check(str(ann.school))).finding is None
    assert (await fsck.check(audit.OPERATOR)).finding is None
    await edits.undo(olive, removal.id)
    assert await written(entry) == before
    assert await found_by(ann, "Wren Windos") == {used, entry}
    assert (await fsck.check(str(ann.school))).finding is None


async def test_a_check_of_the_trail_believes_a_curators_change_and_nobody_elses(ann: Viewer, olive: Viewer) -> None:
    entry = await an_entry(**WRONG)
    await directory.adopt(ann, entry)
    await changed(olive, entry, **RIGHT)
    assert (await fsck.check(str(ann.school))).finding is None
    async with database.write():
        await Supplier.update({Supplier.name: "Somebody Else"}).where(Supplier.id == entry)
    assert (await fsck.check(str(ann.school))).finding is not None
    async with database.write():
        await Supplier.update({Supplier.name: "Wren Windos"}).where(Supplier.id == entry)
    assert (await fsck.check(str(ann.school))).finding is not None  # as it was before the curator changed it


async def test_nobody_but_a_curator_changes_the_directory(ann: Viewer) -> None:
    entry = await an_entry(**WRONG)
    with pytest.raises(NotFound):
        await edits.queue(ann)
    with pytest.raises(NotFound):
        await edits.opened(ann, entry)
    with pytest.raises(NotFound):
        await edits.change(ann, entry, facts.checked(**RIGHT), seen="")
    with pytest.raises(NotFound):
        await edits.remove(ann, entry, seen="")
    with pytest.raises(NotFound):
        await edits.undo(ann, entry)


async def test_both_find_their_way_through_the_pages(ann: Viewer, olive: Viewer) -> None:
    entry = await an_entry(**WRONG)
    async with signed_in(ann) as browser:
        page = await browser.get(f"/suppliers/{entry}")
        assert f"/suppliers/{entry}/correct" in page.text
        form = {"name": "Wren Windows", "phone": "01632 960 102", "categories": "window-cleaning", "why": ""}
        again = await browser.post(f"/suppliers/{entry}/correct", data=form)
        assert "Say how you know." in again.text
        assert 'value="01632 960 102"' in again.text
        await browser.post(f"/suppliers/{entry}/correct", data={**form, "why": "Invoice."}, follow_redirects=True)
        assert "Waiting for an answer" in (await browser.get("/suppliers/corrections")).text
    async with signed_in(olive) as browser:
        queue = (await browser.get("/directory/corrections")).text
        link = queue.partition('href="/directory/entries/')[2].partition('"')[0].replace("&amp;", "&")
        opened = (await browser.get(f"/directory/entries/{link}")).text
        assert 'value="Wren Windows"' in opened
        seen, correction = opened.partition('name="seen" value="')[2].partition('"')[0], link.partition("correction=")[2]
        form = {**form, "seen": seen, "correction": correction}
        await browser.post(f"/directory/entries/{entry}", data=form)
        assert "Undo this" in (await browser.get("/directory/corrections")).text
    assert await written(entry) == facts.checked(**RIGHT)
