"""An interest that somebody declares with a review: what it keeps from them, and how they withdraw it.

Who has one is asked of `suppliers/record/interests.py`. Whether a review counts is another thing: its own `interest` says that.
"""

from dataclasses import replace
from typing import Final
from uuid import UUID

import audit
import database
from audit.log.subjects import Subject
from base.refusals import Conflict, Forbidden, Invalid, NotFound
from base.viewer import Viewer
from sharing.members.members import members
from suppliers.directory import directory
from suppliers.events import Event
from suppliers.opinions.opinion import Opinion
from suppliers.record import field_groups, interests
from suppliers.tables import Note, Review

COLLEAGUES_WORDS: Final = (
    "You declared an interest in this supplier, so you don't read or change what a colleague wrote about what could be better. "
    "Leave that out: their words stay."
)
DECLARED: Final = "You declared an interest in this supplier. Say what it is, or withdraw it first on the supplier's page."
NOT_TO_SILENCE: Final = (
    "You declared an interest in this supplier, so you don't withdraw, hide or stop sharing a colleague's criticism of it. "
    "Ask a colleague who declared none."
)
NOT_BY_ONE_TAP: Final = (
    "You declared an interest in this supplier, and one tap says that nobody has one. Write a review, and say so there."
)


async def mine(viewer: Viewer, supplier_id: UUID) -> bool:
    """Whether the viewer declared an interest in the supplier. Opens its own unit."""
    async with database.read():
        supplier = await directory.must_see(viewer, supplier_id)
        return await interests.declares(viewer, supplier.id)


async def withdraw(viewer: Viewer, supplier_id: UUID) -> UUID:
    """The viewer's interest in the supplier has ended; only they can say so. Returns the supplier's id. Raises NotFound.

    What a review says of an interest stays until somebody changes the review.
    """
    async with audit.recording(viewer) as record:
        supplier = await directory.must_see(viewer, supplier_id, lock=True)
        if not await interests.withdraw(viewer, supplier.id):
            raise NotFound
        about = Subject.SUPPLIER.of(supplier.id)
        record(Event.INTEREST_WITHDRAWN, stream=about, subject=Subject.PERSON.of(viewer.person))
        return supplier.id


async def hides_criticism(viewer: Viewer, row: Review | Note) -> bool:
    """Whether the viewer declared an interest and a colleague wrote our review's criticism; one's own words one knows.

    Of a note about a problem: whether they declared one. Inside a unit.
    """
    if isinstance(row, Note):
        return bool(row.about == "problem") and await interests.declares(viewer, row.supplier)
    _, wrote_it = field_groups.last_said(row, "criticism")
    is_anothers = row.criticism != "" and wrote_it != viewer.person
    return is_anothers and await interests.declares(viewer, row.supplier)


async def must_not_silence(viewer: Viewer, row: Review | Note, *, unless_alone: bool = False) -> None:
    """Raises Forbidden where the viewer would withdraw, hide or stop sharing a colleague's criticism that their interest keeps
    from them. ``unless_alone``: not where nobody else at the school could. Inside the caller's unit.
    """
    wrote_it = field_groups.last_said(row, "criticism" if isinstance(row, Review) else "text")[1]
    if wrote_it == viewer.person or not await hides_criticism(viewer, row):
        return
    if unless_alone and not await _others_without(viewer, row.supplier):
        return
    raise Forbidden(NOT_TO_SILENCE)


async def _others_without(viewer: Viewer, supplier: UUID) -> bool:
    """Whether anybody else at the school may write, and declared no interest in the supplier."""
    for member in await members(viewer.school):
        if member.role.writes and not await interests.declares(replace(viewer, person=member.id), supplier):
            return True
    return False


async def heeded(viewer: Viewer, said: Opinion, row: Review | None, supplier: UUID) -> Opinion:
    """What the viewer says, with the criticism that they were not shown. Raises Invalid for what their interest forbids.

    Part of the unit that saves it, which an interest in new words becomes the viewer's own in.
    """
    if said.interest is None and await interests.declares(viewer, supplier):
        raise Invalid("The review was not saved.", declared=DECLARED, interest=DECLARED)
    if row is not None and await hides_criticism(viewer, row):
        if said.criticism:
            raise Invalid("The review was not saved.", criticism=COLLEAGUES_WORDS)
        said = replace(said, criticism=row.criticism)
    if said.interest is not None and (row is None or said.interest != row.interest):
        await interests.declare(viewer, supplier)
    return said


async def require_none(viewer: Viewer, supplier: UUID) -> None:
    """Raises Conflict for a vouch by whoever declared an interest. Inside a unit."""
    if await interests.declares(viewer, supplier):
        raise Conflict(NOT_BY_ONE_TAP)
