"""Judges the rows of an import: what can be kept as it is, what has to be asked, which contracts are there already.

Nothing is decided for anybody: a row with a question waits, and so does one that looks like a contract of the register.
"""

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

import database
from base import clock
from base.viewer import Viewer
from contracts.fields import said
from contracts.imports import names, other_schools
from contracts.imports.tables import RegisterImport, RegisterRow
from contracts.lists import whole
from contracts.lists.whole import Whole
from contracts.register_rows import built, twins
from contracts.register_rows.built import Around, Built
from contracts.register_rows.row_read import RowRead, row_read
from contracts.register_rows.states import OPEN, ImportState, NameKind, RowChoice, RowKind
from contracts.register_rows.twins import Key, Register
from contracts.sheets import trust_schools
from contracts.sheets.own_columns import NUMBER

AT_ONCE: Final = 500  # rows of one step
YOU_DID: Final = "you left it out"
NO_SUCH_NUMBER: Final = "Its Vouch number is that of no contract of yours. Add it as a new one, or leave it out."
IS_HERE: Final = "A contract with this title, supplier and first day is in your register. Change that one, or add another?"
IS_ABOVE: Final = "Row {} says a contract with the same title, supplier and first day. Add both, or leave this one out?"

Beat = Callable[[int, int], Awaitable[None]]
StoredRow = Mapping[str, Any]


@dataclass(slots=True)
class Judging:
    """What rows are judged by. ``above`` are rows that were judged before, by what contract they say."""

    around: Around
    register: Register
    before: Mapping[UUID, Whole] = field(default_factory=dict)
    above: dict[tuple[Key, str], tuple[int, int]] = field(default_factory=dict)  # place and number


@dataclass(frozen=True, slots=True)
class Judged:
    kind: RowKind
    made: Built
    said: str = ""
    twin: UUID | None = None
    twin_place: int | None = None
    version: int | None = None  # of the contract that it changes
    differing: tuple[str, ...] = ()  # the names of what it changes


async def check(viewer: Viewer, import_id: UUID, beat: Beat) -> None:
    """Looks names up and judges every row that a person may still say something about. Raises what ``beat`` raises."""
    async with database.read():
        total = 2 * await RegisterRow.count().where(RegisterRow.import_id == import_id)
    done = 0
    async for rows in open_rows(import_id):
        named = [built.names_of(read_of(row), answers_of(row)) for row in rows]
        await names.look_up(
            viewer, import_id, (supplier for supplier, _ in named), (school for _, schools in named for school in schools)
        )
        done += len(rows)
        await beat(done, total)
    judging = await judging_of(viewer, import_id)
    async for rows in open_rows(import_id):
        await judge_and_keep(viewer, judging, rows)
        done += len(rows)
        await beat(done, total)
    change: dict[Any, Any] = {RegisterImport.state: ImportState.CHECKED.value}
    async with database.housekeeping():
        still = (RegisterImport.id == import_id) & (RegisterImport.state == ImportState.CHECKING.value)
        await RegisterImport.update(change).where(still)


async def judging_of(viewer: Viewer, import_id: UUID) -> Judging:
    chosen = await names.choices(import_id)
    async with database.read():
        of_trust = await trust_schools.schools_of(viewer)
    schools = chosen[NameKind.SCHOOL]
    is_of_several = bool(schools) and bool(await other_schools.with_the_file(viewer, import_id))
    around = Around(viewer.school, of_trust, chosen[NameKind.SUPPLIER], schools, clock.today(), is_of_several)
    return Judging(around, await twins.register_of(viewer.school))


async def judge_and_keep(viewer: Viewer, judging: Judging, rows: Sequence[StoredRow]) -> list[Judged]:
    """Judges these rows and marks them so; returns what came of each."""
    found = await judge(viewer, judging, rows)
    marks = [
        (one.kind.value, one.made.title[:200], one.said[:1000], one.twin, one.twin_place, row["id"])
        for one, row in zip(found, rows, strict=True)
    ]
    async with database.housekeeping():
        await database.update_rows(RegisterRow, _MARK, marks)
    return found


async def judge(viewer: Viewer, judging: Judging, rows: Sequence[StoredRow]) -> list[Judged]:
    """What comes of each of these rows."""
    first = [_first_look(judging, row) for row in rows]
    async with database.read():
        before = await whole.own(viewer, {twin for _, twin in first if twin})
    judging.before = before
    return [_judged(judging, row, made, twin) for row, (made, twin) in zip(rows, first, strict=True)]


def _first_look(judging: Judging, row: StoredRow) -> tuple[Built, UUID | None]:
    """As a contract of its own, and the contract that it may be."""
    read, answers = read_of(row), answers_of(row)
    made = built.built(read, answers, judging.around)
    number = _an_id(read.cells.get(NUMBER, ""))
    if number in judging.register.ids:
        return made, number
    return made, judging.register.twin_of(made)


def _judged(judging: Judging, row: StoredRow, made: Built, twin: UUID | None) -> Judged:
    read, answers, choice = read_of(row), answers_of(row), row["choice"]
    number = read.cells.get(NUMBER, "")
    is_numbered = twin is not None and str(twin) == number
    changes = is_numbered if not choice else choice == RowChoice.CHANGE
    before = judging.before.get(twin) if twin and changes else None
    if before:
        made = built.built(read, answers, judging.around, before)
    above = None if is_numbered else _above(judging, row, made)
    place = above[0] if above else None
    if left_out := YOU_DID if choice == RowChoice.LEAVE_OUT else made.left_out:
        return Judged(RowKind.LEFT_OUT, made, left_out, twin, place)
    question = "" if choice else _question(number, twin, above, is_numbered=is_numbered)
    if question or made.said is None:
        return Judged(RowKind.ASK, made, question, twin, place)
    if before:
        facts, words = said.difference(before.said, made.said)
        differing = tuple(dict.fromkeys([*facts.get("new", {}), *(name.removesuffix(".old") for name in words)]))
        kind = RowKind.CHANGE if differing else RowKind.SAME
        return Judged(kind, made, "", twin, version=before.version, differing=differing)
    return Judged(RowKind.NEW, made, "", twin, place)


def _question(number: str, twin: UUID | None, above: tuple[int, int] | None, *, is_numbered: bool) -> str:
    """What has to be asked about the row as a whole."""
    if number and not twin:
        return NO_SUCH_NUMBER
    if twin and not is_numbered:
        return IS_HERE
    return IS_ABOVE.format(above[1]) if above else ""


def _above(judging: Judging, row: StoredRow, made: Built) -> tuple[int, int] | None:
    """The earlier row that says the same contract, as far as it has a name and is for a school of ours."""
    if not made.title or made.left_out:
        return None
    key = (twins.key_of(made), twins.named(made.supplier_name))
    place, number = judging.above.setdefault(key, (row["place"], row["number"]))
    return (place, number) if place < row["place"] else None


def key_of_row(judging: Judging, row: StoredRow) -> tuple[Key, str] | None:
    """What contract a row says; None where it is for none of our schools."""
    made = built.built(read_of(row), answers_of(row), judging.around)
    return None if made.left_out else (twins.key_of(made), twins.named(made.supplier_name))


def _an_id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def read_of(row: StoredRow) -> RowRead:
    return row_read(json.loads(row["read"]))


def answers_of(row: StoredRow) -> dict[str, str]:
    answers: dict[str, str] = json.loads(row["answers"] or "{}")
    return answers


async def open_rows(import_id: UUID) -> Any:
    """The rows that a person may still say something about, some at a time, in their order."""
    after = 0
    mine = (RegisterRow.import_id == import_id) & database.among(RegisterRow.kind, [kind.value for kind in OPEN])
    while True:
        async with database.read():
            further = mine & (RegisterRow.place > after)
            rows = await RegisterRow.select(*ROW).where(further).order_by(RegisterRow.place).limit(AT_ONCE)
        if rows:
            yield rows
            after = rows[-1]["place"]
        if len(rows) < AT_ONCE:
            return


ROW: Final = (
    RegisterRow.id, RegisterRow.place, RegisterRow.number, RegisterRow.sheet, RegisterRow.kind, RegisterRow.title,
    RegisterRow.said, RegisterRow.read, RegisterRow.answers, RegisterRow.choice, RegisterRow.twin, RegisterRow.twin_place,
    RegisterRow.contract,
)  # fmt: skip
_MARK: Final = (RegisterRow.kind, RegisterRow.title, RegisterRow.said, RegisterRow.twin, RegisterRow.twin_place)
