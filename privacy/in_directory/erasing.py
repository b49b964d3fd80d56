"""A curator erases a sole trader's name from the directory: the entry keeps what it supplies, and says that its name was erased.

What schools wrote in their own trails about the supplier is theirs, and stays until they erase it.
"""

import asyncio
from contextlib import suppress
from typing import Final
from uuid import UUID, uuid4

import audit
import database
from audit import Record
from audit.erasing import erasure, erasure_list, holds
from audit.erasing.erasure import Applied, EntryOpening, ErasureReason
from audit.erasing.erasure_list import ListedErasure
from audit.log.subjects import Subject
from base import clock
from base.refusals import Invalid, NotFound
from base.viewer import Viewer
from suppliers.corrections import edits
from suppliers.corrections.tables import Correction, DirectoryEdit
from suppliers.tables import Alias, Identifier, Supplier

TABLES: Final = (*erasure.TABLES, Supplier, Alias, Identifier, DirectoryEdit, Correction)
DIRECTORY_FACTS: Final = {"directory": True}


async def erase(viewer: Viewer, entry: UUID, *, seen: str, reason: ErasureReason | None, is_sure: bool) -> bool:
    """There is no way back. True when nothing of it is left in the database file either.

    Raises Invalid naming every answer that is missing; Conflict for an entry that changed since it was ``seen``, or that a legal
    hold covers; NotFound for anybody but a curator.
    """
    edits.must_curate(viewer)
    wrong = {} if reason else {"reason": "Choose the reason."}
    wrong |= {} if is_sure else {"sure": "Tick the box to confirm that this goes for good."}
    if wrong or reason is None:
        raise Invalid(next(iter(wrong.values())), **wrong)
    listed: ListedErasure | None = None
    try:
        async with audit.recording(viewer) as record:
            await holds.refuse_what_is_held(audit.OPERATOR, {Subject.SUPPLIER.of(entry)})
            found = await _openings(entry)
            await edits.blank(record, entry, viewer, seen=seen)
            listed = ListedErasure(uuid4(), audit.OPERATOR, clock.now(), reason, tuple(one.key for one in found), (), None)
            await erasure.apply(record, _applied(listed), found, {})
            await asyncio.to_thread(erasure_list.add, listed)
    except BaseException:
        if listed is not None:
            await _void_unless_applied(listed)
        raise
    return await database.scrub(*TABLES)


async def again(listed: ListedErasure) -> bool:
    """Erases once more what a restored backup brought back; False where nothing came back."""
    async with database.read():
        back = await erasure.still_there(listed.trail, listed.openings)
    if not back:
        return False
    async with audit.recording(None) as record:
        for entry in {supplier for one in back if (supplier := Subject.SUPPLIER.id_in(one.subject))}:
            await _blank_if_there(record, entry)
        await erasure.apply(record, _applied(listed), back, {})
    await database.scrub(*TABLES)
    return True


async def _blank_if_there(record: Record, entry: UUID) -> None:
    with suppress(NotFound):
        await edits.blank(record, entry, None)


async def _openings(entry: UUID) -> tuple[EntryOpening, ...]:
    found = await erasure.of_subject(audit.OPERATOR, Subject.SUPPLIER.of(entry))
    return tuple(one for one in found if one.field.startswith(erasure.PERSONAL))


def _applied(listed: ListedErasure) -> Applied:
    return Applied(listed.trail, listed.erasure, listed.reason, DIRECTORY_FACTS)


async def _void_unless_applied(listed: ListedErasure) -> None:
    """A commit that was cut off may have happened. Only the database can tell; when it can't, the list keeps the erasure."""
    with suppress(Exception):
        async with database.read():
            is_applied = not await erasure.still_there(listed.trail, listed.openings)
        if not is_applied:
            await asyncio.to_thread(erasure_list.void, listed.erasure)
