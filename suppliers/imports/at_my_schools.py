"""One list of suppliers for several schools of the same person, who imports it at each of them as that school's own.

The same file waits at each school. What its columns hold is said once; what is ready is added at the schools that are ticked, in
units and with entries of their own. A row is the same supplier everywhere; which it may be depends on what a school has of its
own: where the same are offered it is asked once, and the answer kept at each by the verb of its own page.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import database
from base.refusals import Conflict, Invalid
from base.viewer import Viewer
from base.words import count
from database.waiting_files import MOVED_ON
from sharing.sign_in import my_schools
from suppliers.imports import background, imports, rows
from suppliers.imports.imports import ImportView
from suppliers.imports.rows import ShownRow
from suppliers.imports.states import ImportState, RowChoice, RowKind, UnderstoodFile

_STATES: Final = {
    ImportState.CHECKED: "nothing is ready",
    ImportState.DONE: "imported",
    ImportState.REFUSED: "it can't be read",
    ImportState.STOPPED: "it stopped half-way",
    ImportState.MAPPING: "it waits for what the columns hold",
}
At = tuple[Viewer, UUID]  # a school, and the import there


@dataclass(frozen=True, slots=True)
class Elsewhere:
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


async def elsewhere(viewer: Viewer, import_id: UUID) -> tuple[Elsewhere, ...]:
    """The same file at the person's other schools, by name, where the person brought it. Opens its own units; Raises NotFound."""
    there = await schools(viewer)
    if not there:
        return ()
    async with database.read():
        ids = await imports.files.at_schools(viewer.school, import_id, viewer.person, [one.school for one in there])
    return tuple([Elsewhere(one, await imports.look(one, ids[one.school])) for one in there if one.school in ids])


async def keep_up(viewer: Viewer, ours: ImportView) -> tuple[Elsewhere, ...]:
    """As ``elsewhere``, once what was said of the file here is said at the other schools too, where that is asked still."""
    is_said = ours.state not in (ImportState.READING, ImportState.MAPPING, ImportState.REFUSED)
    for one in await elsewhere(viewer, ours.id):
        if is_said and ours.seen and one.found.state is ImportState.MAPPING:
            await _say_there(one, ours.seen)
        if one.found.state.is_work or one.found.state is ImportState.MAPPING:
            await background.carry_on(one.viewer, one.found.id, wait=0)
    return await elsewhere(viewer, ours.id)


async def require_waits(viewer: Viewer, import_id: UUID, named: Sequence[UUID]) -> None:
    """Raises Invalid for a school at which the list does not wait."""
    if named:
        my_schools.chosen([one.viewer for one in await elsewhere(viewer, import_id)], named)


async def start_at(viewer: Viewer, import_id: UUID, named: Sequence[UUID]) -> tuple[str, ...]:
    """Imports what is ready at each of these schools; the names of those where it began."""
    begun = []
    for one in await elsewhere(viewer, import_id) if named else ():
        if one.viewer.school in named and one.is_ready:
            await imports.start(one.viewer, one.found.id)
            await background.carry_on(one.viewer, one.found.id, wait=0)
            begun.append(one.viewer.school_name)
    return tuple(begun)


async def _say_there(one: Elsewhere, seen: UnderstoodFile) -> None:
    try:
        theirs = one.found.seen
        if theirs is None or (theirs.sheet, theirs.header) != (seen.sheet, seen.header):
            await imports.choose_sheet(one.viewer, one.found.id, sheet=seen.sheet, header=seen.header)
        else:
            await imports.choose_columns(one.viewer, one.found.id, [column.field for column in seen.columns])
    except (Invalid, Conflict):  # it is asked there, where somebody went on with it meanwhile
        return


@dataclass(frozen=True, slots=True)
class Asked:
    """A row, and the schools that are asked the same of it. ``choice`` is what all of them answered; "" where they differ."""

    row: ShownRow
    at: tuple[At, ...]
    choice: str

    @property
    def key(self) -> str:
        """Of the row, what is offered and at which schools: an answer to a question that is another by now finds none."""
        asked = [*(option.choice for option in self.row.options), *(str(one.school) for one, _ in self.at)]
        return f"{self.row.number}-{hashlib.sha256(' '.join(asked).encode()).hexdigest()[:8]}"

    @property
    def schools(self) -> tuple[str, ...]:
        return tuple(one.school_name for one, _ in self.at)

    @property
    def offered(self) -> frozenset[str]:
        return frozenset((RowChoice.NEW.value, RowChoice.SKIP.value, *(option.choice for option in self.row.options)))


@dataclass(frozen=True, slots=True)
class AskedPage:
    """``next_after`` is None after the last page."""

    questions: tuple[Asked, ...]
    next_after: int | None


async def questions(viewer: Viewer, import_id: UUID, *, after: int = 0) -> AskedPage:
    """Of the schools at which the list waits for answers, by row. Opens its own units. Raises Forbidden, NotFound."""
    found = [(at, await rows.page_of(*at, RowKind.ASK.value, after=after)) for at in await _waits_at(viewer, import_id)]
    last = min((its.next_after for _, its in found if its.next_after is not None), default=None)
    its_rows = [(at, row) for at, its in found for row in its.rows if last is None or row.number <= last]
    return AskedPage(_asked(its_rows), last)


async def answer_at_each(viewer: Viewer, import_id: UUID, choices: Mapping[str, str]) -> tuple[str, ...]:
    """Keeps answers by ``Asked.key`` at each school that is asked it, in a unit for each; the names of those schools.

    Raises Forbidden, NotFound, Conflict where what is asked has changed, Invalid that names an answer that is not offered.
    """
    numbers = [int(key.partition("-")[0]) for key in choices]
    there = await _waits_at(viewer, import_id)
    its_rows = [(at, row) for at in there for row in await rows.asking(*at, numbers)]
    asked = [one for one in _asked(its_rows) if one.key in choices]
    if len(asked) < len(choices):
        raise Conflict(MOVED_ON)
    wrong = {f"choice-{one.key}": rows.CHOOSE for one in asked if choices[one.key] not in one.offered}
    if wrong:
        raise Invalid(rows.CHOOSE, **wrong)
    kept = []
    for at in there:
        if said := {one.row.number: choices[one.key] for one in asked if at in one.at}:
            await rows.answer(*at, said)
            kept.append(at[0].school_name)
    return tuple(kept)


async def _waits_at(viewer: Viewer, import_id: UUID) -> list[At]:
    """The school worked for now first, each with the import there."""
    ours = await imports.look(viewer, import_id)
    found = [(viewer, ours), *((one.viewer, one.found) for one in await elsewhere(viewer, import_id))]
    return [(one, its.id) for one, its in found if its.state.takes_answers]


def _asked(its_rows: Sequence[tuple[At, ShownRow]]) -> tuple[Asked, ...]:
    """What is offered alike is one question."""
    alike: dict[tuple[int, tuple[str, ...]], list[tuple[At, ShownRow]]] = {}
    for at, row in its_rows:
        alike.setdefault((row.number, tuple(option.choice for option in row.options)), []).append((at, row))
    asked = []
    for its in alike.values():
        choices = {row.choice for _, row in its}
        asked.append(Asked(its[0][1], tuple(at for at, _ in its), choices.pop() if len(choices) == 1 else ""))
    return tuple(sorted(asked, key=lambda one: one.row.number))
