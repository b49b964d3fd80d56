"""One register for several schools of the same person, who brings it once: each takes its own rows, as contracts of its own.

The same file waits at each school. A row that names another of the schools is left out; where no column names schools, each takes
every row. What the columns hold is said once. What is ready is imported at the schools that are ticked, in units and with entries
of their own.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from base.refusals import Conflict, Invalid
from base.viewer import Viewer
from base.words import count
from contracts.imports import background, imports, other_schools
from contracts.imports.imports import ImportView
from contracts.register_rows.states import ImportState, RowKind
from sharing.sign_in import my_schools

CHOOSE: Final = "Choose at least one of your schools."
_STATES: Final = {
    ImportState.CHECKED: "nothing is ready",
    ImportState.DONE: "imported",
    ImportState.REFUSED: "it can't be read",
    ImportState.STOPPED: "it stopped half-way",
}


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """The same file as it waits at another school of the person's."""

    viewer: Viewer
    found: ImportView

    @property
    def is_ready(self) -> bool:
        return self.found.state.takes_answers and self.found.to_import > 0

    @property
    def waits(self) -> int:
        """Questions: rows, and names that are not settled."""
        return self.found.count(RowKind.ASK) + sum(self.found.open_names.values()) if self.found.state.takes_answers else 0

    @property
    def words(self) -> str:
        """The school, and how far the file is there."""
        questions = f", {count(self.waits, 'question')}" if self.waits else ""
        if self.is_ready:
            return f"{self.viewer.school_name}: {count(self.found.to_import, 'contract')} ready{questions}"
        return f"{self.viewer.school_name}: {_STATES.get(self.found.state, 'under way')}{questions}"


async def upload(viewer: Viewer, content: bytes, named: Collection[UUID]) -> tuple[tuple[Viewer, UUID], ...]:
    """Keeps the file at each of these schools, which are the viewer's own and other ones of the person.

    Returns where, with the import there. Raises as ``imports.upload``, and Invalid for none, or for a school that is not theirs.
    """
    everywhere = (viewer, *await other_schools.of(viewer))
    if not named:
        raise Invalid(CHOOSE, at=CHOOSE)
    if not set(named) <= {one.school for one in everywhere}:
        raise Invalid(my_schools.CHOOSE, at=my_schools.CHOOSE)
    kept = [(one, await imports.upload(one, content)) for one in everywhere if one.school in named]
    for one, which in kept:
        if one.school != viewer.school:
            await background.carry_on(one, which, wait=0)
    return tuple(kept)


async def elsewhere(viewer: Viewer, import_id: UUID) -> tuple[Elsewhere, ...]:
    """The same file at the person's other schools, by name; what it waits for there goes on. Opens its own units."""
    found = []
    for one, which in await other_schools.with_the_file(viewer, import_id):
        there = await imports.look(one, which)
        if there.state.is_work:
            await background.carry_on(one, which, wait=0)
        found.append(Elsewhere(one, there))
    return tuple(found)


async def waiting(viewer: Viewer) -> tuple[Elsewhere, ...]:
    """What the person brought to their other schools and is not over, the newest first."""
    return tuple([Elsewhere(one, await imports.look(one, which)) for one, which in await other_schools.waiting(viewer)])


async def choose_columns(viewer: Viewer, import_id: UUID, sheet: str, *, header: int, held: Mapping[int, str]) -> None:
    """As ``imports.choose_columns``, here and at the other schools where nothing of the file is imported yet."""
    await imports.choose_columns(viewer, import_id, sheet, header=header, held=held)
    for one, which in await other_schools.with_the_file(viewer, import_id):
        try:
            await imports.choose_columns(one, which, sheet, header=header, held=held)
        except (Invalid, Conflict):  # somebody went on with it there meanwhile
            continue
        await background.carry_on(one, which, wait=0)


async def require_waits(viewer: Viewer, import_id: UUID, named: Sequence[UUID]) -> None:
    """Raises Invalid for a school at which the file does not wait."""
    if named:
        my_schools.chosen([one for one, _ in await other_schools.with_the_file(viewer, import_id)], named)


async def start_at(viewer: Viewer, import_id: UUID, named: Sequence[UUID]) -> tuple[str, ...]:
    """Imports what is ready at each of these schools; the names of those where it began."""
    begun = []
    for one in await elsewhere(viewer, import_id) if named else ():
        if one.viewer.school in named and one.is_ready:
            await imports.start(one.viewer, one.found.id)
            await background.carry_on(one.viewer, one.found.id, wait=0)
            begun.append(one.viewer.school_name)
    return tuple(begun)
