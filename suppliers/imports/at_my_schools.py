"""One list of suppliers for several schools of the same person, who imports it at each of them as that school's own.

The same file waits at each school. What its columns hold is said once; what is ready is added at the schools that are ticked, in
units and with entries of their own, and what has to be asked is asked at each, since each knows other suppliers.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import database
from base.refusals import Conflict, Invalid
from base.viewer import Viewer
from base.words import count
from sharing.sign_in import my_schools
from suppliers.imports import background, imports
from suppliers.imports.imports import ImportView
from suppliers.imports.states import ImportState, UnderstoodFile
from suppliers.imports.tables import Import

_STATES: Final = {
    ImportState.CHECKED: "nothing is ready",
    ImportState.DONE: "imported",
    ImportState.REFUSED: "it can't be read",
    ImportState.STOPPED: "it stopped half-way",
    ImportState.MAPPING: "it waits for what the columns hold",
}


@dataclass(frozen=True, slots=True)
class Beside:
    """The same list as it waits at another school of the person's."""

    viewer: Viewer
    found: ImportView

    @property
    def is_ready(self) -> bool:
        return self.found.state is ImportState.CHECKED and self.found.to_import > 0

    @property
    def words(self) -> str:
        """The school, and how far the list is there."""
        questions = f", {count(self.found.waiting, 'question')} to answer there" if self.found.waiting else ""
        if self.is_ready:
            return f"{self.viewer.school_name}: {count(self.found.to_import, 'supplier')} ready{questions}"
        return f"{self.viewer.school_name}: {_STATES.get(self.found.state, 'under way')}{questions}"


async def schools(viewer: Viewer) -> tuple[Viewer, ...]:
    """The person's other schools for which they may write."""
    return tuple(one for one in await my_schools.elsewhere(viewer) if one.role.writes)


async def chosen(viewer: Viewer, named: Sequence[UUID]) -> tuple[Viewer, ...]:
    """Raises Invalid for a school that is none of theirs."""
    return my_schools.chosen(await schools(viewer), named) if named else ()


async def upload_at(there: Sequence[Viewer], content: bytes, *, name: str) -> None:
    """Keeps the file at each of these. Raises as ``imports.upload``."""
    for one in there:
        await background.carry_on(one, await imports.upload(one, content, name=name), wait=0)


async def beside(viewer: Viewer, import_id: UUID) -> tuple[Beside, ...]:
    """The same file at the person's other schools, by name, where the person brought it. Opens its own units; Raises NotFound."""
    there = await schools(viewer)
    if not there:
        return ()
    async with database.read():
        ours = await imports.must_have(viewer, import_id)
        mine = (Import.digest == ours["digest"]) & (Import.person == viewer.person)
        rows = await Import.select(Import.id, Import.school).where(
            mine, database.among(Import.school, [one.school for one in there])
        )
    ids = {row["school"]: row["id"] for row in rows}
    return tuple([Beside(one, await imports.look(one, ids[one.school])) for one in there if one.school in ids])


async def keep_up(viewer: Viewer, ours: ImportView) -> tuple[Beside, ...]:
    """As ``beside``, once what was said of the file here is said at the other schools too, where that is asked still."""
    is_said = ours.state not in (ImportState.READING, ImportState.MAPPING, ImportState.REFUSED)
    for one in await beside(viewer, ours.id):
        if is_said and ours.seen and one.found.state is ImportState.MAPPING:
            await _say_there(one, ours.seen)
        if one.found.state.is_work or one.found.state is ImportState.MAPPING:
            await background.carry_on(one.viewer, one.found.id, wait=0)
    return await beside(viewer, ours.id)


async def require_waits(viewer: Viewer, import_id: UUID, named: Sequence[UUID]) -> None:
    """Raises Invalid for a school at which the list does not wait."""
    if named and not set(named) <= {one.viewer.school for one in await beside(viewer, import_id)}:
        raise Invalid(my_schools.CHOOSE, also=my_schools.CHOOSE)


async def start_at(viewer: Viewer, import_id: UUID, named: Sequence[UUID]) -> tuple[str, ...]:
    """Imports what is ready at each of these schools; the names of those where it began."""
    begun = []
    for one in await beside(viewer, import_id) if named else ():
        if one.viewer.school in named and one.is_ready:
            await imports.start(one.viewer, one.found.id)
            await background.carry_on(one.viewer, one.found.id, wait=0)
            begun.append(one.viewer.school_name)
    return tuple(begun)


async def _say_there(one: Beside, seen: UnderstoodFile) -> None:
    try:
        theirs = one.found.seen
        if theirs is None or (theirs.sheet, theirs.header) != (seen.sheet, seen.header):
            await imports.choose_sheet(one.viewer, one.found.id, sheet=seen.sheet, header=seen.header)
        else:
            await imports.choose_columns(one.viewer, one.found.id, [column.field for column in seen.columns])
    except (Invalid, Conflict):  # it is asked there, where somebody went on with it meanwhile
        return
