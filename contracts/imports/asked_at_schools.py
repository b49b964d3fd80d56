"""What a file of contracts asks at several schools of the same person, on one page: what is asked alike is asked once.

An answer is kept at each school that is asked it by the verb of its own page. What is another question by now finds none: it is
told by a digest of all that was read.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID

from base.refusals import Conflict, Invalid
from base.viewer import Viewer
from contracts.imports import background, imports, other_schools, questions, rows
from contracts.imports.names import LIKE, NameOption
from contracts.imports.rows import ShownName
from contracts.register_rows.shown_row import ShownRow
from contracts.register_rows.states import NameChoice, NameKind, RowKind
from database.waiting_files import MOVED_ON
from sharing.schools.names import fold, likeness

At = tuple[Viewer, UUID]  # a school, and the import there
KINDS: Final = (NameKind.SCHOOL, NameKind.SUPPLIER)  # a school's name first: then many rows are another school's


@dataclass(frozen=True, slots=True)
class AskedName:
    """A name that is not settled at these schools. Of a school's name ``at_all`` are those that it may stand for."""

    kind: NameKind
    name: str
    options: tuple[NameOption, ...]
    at: tuple[tuple[At, UUID], ...]  # with the name's id there
    at_all: tuple[Viewer, ...]

    @property
    def key(self) -> str:
        return _digest(self.kind, self.name, *(one.choice for one in self.options), *(which for _, which in self.at))

    @property
    def schools(self) -> str:
        return ", ".join(one.school_name for (one, _), _ in self.at)

    @property
    def offered(self) -> frozenset[str]:
        if self.kind is NameKind.SUPPLIER:
            return frozenset((*(one.choice for one in self.options), NameChoice.NAME_ALONE))
        return frozenset((*(str(one.school) for one in self.at_all), NameChoice.NOT_OURS))

    @property
    def likeliest(self) -> str:
        """Of a school's name, the one that is most like it; "" where none is, and of a supplier's."""
        words = tuple(fold(self.name).split())
        scored = {str(one.school): likeness(words, fold(one.school_name)) for one in self.at_all}
        best = max(scored, key=lambda which: scored[which], default="")
        return best if self.kind is NameKind.SCHOOL and best and scored[best] >= LIKE else ""

    def choice_at(self, viewer: Viewer, said: str) -> str:
        """What is said at one school: of a school's name, whether it is that one."""
        if self.kind is NameKind.SUPPLIER or said == NameChoice.NOT_OURS:
            return said
        return (NameChoice.OURSELVES if said == str(viewer.school) else NameChoice.NOT_OURS).value


@dataclass(frozen=True, slots=True)
class AskedRow:
    """A row, and the schools that are asked the same of it. The row's key tells it from the row asked otherwise."""

    row: ShownRow
    at: tuple[At, ...]

    @property
    def schools(self) -> str:
        return ", ".join(one.school_name for one, _ in self.at)


@dataclass(frozen=True, slots=True)
class RowsPage:
    """``next_after`` is None after the last page."""

    rows: tuple[AskedRow, ...]
    next_after: int | None


async def names(viewer: Viewer, import_id: UUID) -> tuple[AskedName, ...]:
    """Names of one kind that are not settled somewhere, at most a page of each school. Opens its own units."""
    everywhere, there = await _everywhere(viewer, import_id), await _waits_at(viewer, import_id)
    for kind in KINDS:
        found = [(at, one) for at in there for one in await rows.open_names(*at, kind)]
        if found:
            return _names(kind, found, tuple(one for one, _ in everywhere))
    return ()


async def under_way(viewer: Viewer, import_id: UUID) -> tuple[str, ...]:
    """The names of the schools at which the rows are still read or looked at; the work goes on. Raises Forbidden, NotFound."""
    found = []
    for at in await _everywhere(viewer, import_id):
        if (await imports.look(*at)).state.is_work:
            await background.carry_on(*at, wait=0)
            found.append(at[0].school_name)
    return tuple(found)


async def answer_names(viewer: Viewer, import_id: UUID, said: Mapping[str, str]) -> tuple[str, ...]:
    """By ``AskedName.key``; the names of the schools that keep them. Raises Conflict, and Invalid for what is not offered."""
    asked = {one.key: one for one in await names(viewer, import_id)}
    if not set(said) <= set(asked):
        raise Conflict(MOVED_ON)
    wrong = {f"name-{key}": rows.CHOOSE for key, choice in said.items() if choice not in asked[key].offered}
    if wrong:
        raise Invalid(rows.CHOOSE, **wrong)
    kept: dict[At, dict[UUID, str]] = {}
    for key, choice in said.items():
        for at, which in asked[key].at:
            kept.setdefault(at, {})[which] = asked[key].choice_at(at[0], choice)
    for at, chosen in kept.items():
        await rows.answer_names(*at, asked[next(iter(said))].kind, chosen)
        await background.carry_on(*at)
    return tuple(one.school_name for one, _ in kept)


async def questions_of_rows(viewer: Viewer, import_id: UUID, *, after: int = 0) -> RowsPage:
    """The rows that wait for an answer at any of the schools, in their order. Opens its own units."""
    found = [(at, await rows.page_of(*at, RowKind.ASK, after=after)) for at in await _waits_at(viewer, import_id)]
    last = min((its.next_after for _, its in found if its.next_after is not None), default=None)
    shown = [(at, row) for at, its in found for row in its.rows if last is None or row.place <= last]
    return RowsPage(_rows(shown), last)


async def rows_asked(viewer: Viewer, import_id: UUID, keys: Sequence[tuple[int, str]]) -> tuple[AskedRow, ...]:
    """By place and key. Raises Conflict where what is asked has changed."""
    there = await _waits_at(viewer, import_id)
    wanted = sorted({place for place, _ in keys})
    shown = [(at, row) for at in there for place in wanted if (row := await rows.row(*at, place)).kind is RowKind.ASK]
    asked = [one for one in _rows(shown) if (one.row.place, one.row.key) in keys]
    if len(asked) < len(set(keys)):
        raise Conflict(MOVED_ON)
    return tuple(asked)


async def answer_row(asked: AskedRow, given: Mapping[str, str], choice: str) -> None:
    """At each school that is asked it, in a unit for each. Raises Invalid that names the fields that can't be read."""
    for at in asked.at:
        await rows.answer(*at, asked.row.place, given, choice)


async def leave_unknown(viewer: Viewer, import_id: UUID) -> int:
    """As ``rows.leave_unknown``, at each school; of how many rows."""
    answered = 0
    for at in await _waits_at(viewer, import_id):
        answered += await rows.leave_unknown(*at)
        await background.carry_on(*at)
    return answered


async def _waits_at(viewer: Viewer, import_id: UUID) -> list[At]:
    """The school worked for now first, each with the import there."""
    return [at for at in await _everywhere(viewer, import_id) if (await imports.look(*at)).state.takes_answers]


async def _everywhere(viewer: Viewer, import_id: UUID) -> tuple[At, ...]:
    return ((viewer, import_id), *await other_schools.with_the_file(viewer, import_id))


def _names(kind: NameKind, found: Sequence[tuple[At, ShownName]], everywhere: tuple[Viewer, ...]) -> tuple[AskedName, ...]:
    alike: dict[Any, list[tuple[At, ShownName]]] = {}
    for at, one in found:
        alike.setdefault((one.name, tuple(option.choice for option in one.options)), []).append((at, one))
    asked = []
    for its in alike.values():
        first = its[0][1]
        asked.append(AskedName(kind, first.name, first.options, tuple((at, one.id) for at, one in its), everywhere))
    return tuple(sorted(asked, key=lambda one: one.name)[: rows.NAMES_PAGE])


def _rows(shown: Sequence[tuple[At, ShownRow]]) -> tuple[AskedRow, ...]:
    alike: dict[Any, list[tuple[At, ShownRow]]] = {}
    for at, row in shown:
        alike.setdefault(_read_of(row), []).append((at, row))
    asked = []
    for read, its in alike.items():
        key = f"-{_digest(*read, *(at[0].school for at, _ in its))}"
        asked.append(AskedRow(replace(its[0][1], key=key), tuple(at for at, _ in its)))
    return tuple(sorted(asked, key=lambda one: (one.row.place, one.schools)))


def _read_of(row: ShownRow) -> tuple[Any, ...]:
    """All that is asked of it, and what is filled in."""
    asked = questions.of_row(row)
    filled_in = questions.filled_in(row)
    return (row.place, row.said, *questions.choices_of(row), *(str(one) for one in asked), str(sorted(filled_in.items())))


def _digest(*read: Any) -> str:
    return hashlib.sha256("\n".join(map(str, read)).encode()).hexdigest()[:12]
