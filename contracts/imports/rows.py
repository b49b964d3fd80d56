"""The rows and the names of an import, page by page, and what a person answers about them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from piccolo.columns.combination import Where

import database
from base.refusals import Conflict, Invalid, NotFound
from base.viewer import Viewer, must_keep_contracts
from contracts.imports import checking, names, remembered_names
from contracts.imports.imports import check_again, must_have
from contracts.imports.names import NameOption
from contracts.imports.tables import NameInFile, RegisterImport, RegisterRow
from contracts.register_rows import built
from contracts.register_rows.built import ASKED_AT_NAMES, WHICH_OF_SEVERAL
from contracts.register_rows.row_read import STATUS, RowRead
from contracts.register_rows.shown_row import ShownRow
from contracts.register_rows.states import OPEN, ImportState, NameKind, RowChoice, RowKind
from contracts.sheets import own_columns, spelling, trust_schools
from contracts.sheets.extension_text import read_extensions
from contracts.sheets.own_columns import COVERS, EXTENSIONS, NUMBER, SUPPLIER
from database.waiting_files import MOVED_ON

PAGE: Final = 8  # rows of a list with their questions: each has an input or several
NAMES_PAGE: Final = 20
MOST_AT_ONCE: Final = 500  # rows that one answer to all changes in a unit
LONGEST_ANSWER: Final = 10_000  # characters
STATUSES: Final[Mapping[str, str]] = {
    "live": "Live", "draft": "A draft, not signed yet", "notice_given": "Notice was given", "ceased": "It has ended",
}  # fmt: skip
NEEDED: Final = (*ASKED_AT_NAMES, WHICH_OF_SEVERAL)  # what stays a question until somebody knows
CHOOSE: Final = "Choose one of the answers that the page offers."


@dataclass(frozen=True, slots=True)
class RowPage:
    rows: tuple[ShownRow, ...]
    next_after: int | None


@dataclass(frozen=True, slots=True)
class ShownName:
    id: UUID
    name: str
    options: tuple[NameOption, ...]
    choice: str


@dataclass(frozen=True, slots=True)
class NamePage:
    """``schools`` are those that a school's name may stand for, besides."""

    names: tuple[ShownName, ...]
    schools: Mapping[UUID, str]
    next_after: str


async def page_of(viewer: Viewer, import_id: UUID, which: str, *, after: int = 0) -> RowPage:
    """``which`` is one of RowKind. Raises NotFound, Forbidden."""
    must_keep_contracts(viewer)
    if which not in set(RowKind):
        raise NotFound
    async with database.read():
        await must_have(viewer, import_id)
        mine = (RegisterRow.import_id == import_id) & (RegisterRow.kind == which) & (RegisterRow.place > after)
        rows = await RegisterRow.select(*checking.ROW).where(mine).order_by(RegisterRow.place).limit(PAGE + 1)
    shown = await _shown_rows(viewer, import_id, rows[:PAGE])
    return RowPage(shown, shown[-1].place if len(rows) > PAGE else None)


async def row(viewer: Viewer, import_id: UUID, place: int) -> ShownRow:
    """Raises NotFound, Forbidden."""
    must_keep_contracts(viewer)
    async with database.read():
        await must_have(viewer, import_id)
        rows = await _of_place(import_id, place)
    if not rows:
        raise NotFound
    return (await _shown_rows(viewer, import_id, rows))[0]


async def answer(viewer: Viewer, import_id: UUID, place: int, given: Mapping[str, str], choice: str) -> RowKind:
    """Keeps what a person says of a row: ``given`` by field, "" where nobody knows; ``choice`` of the row as a whole, or "".

    Returns what it is now. Raises Invalid that names each field whose answer can't be read, Conflict, NotFound.
    """
    must_keep_contracts(viewer)
    if choice not in {"", *RowChoice}:
        raise Invalid(CHOOSE, choice=CHOOSE)
    problems = {name: sentence for name, text in given.items() if (sentence := _problem(name, text))}
    if problems:
        raise Invalid("Your answers are not kept yet.", **problems)
    async with database.read():
        await _require_open(viewer, import_id)
        rows = await _of_place(import_id, place)
    if not rows or RowKind(rows[0]["kind"]) not in OPEN:
        raise NotFound
    found = rows[0]
    changed = {**found, "answers": json.dumps(checking.answers_of(found) | dict(given), ensure_ascii=False), "choice": choice}
    read, answers = checking.read_of(changed), checking.answers_of(changed)
    supplier, schools = built.names_of(read, answers)
    await names.look_up(viewer, import_id, [supplier], schools)
    async with database.housekeeping():
        await _hold_open(viewer, import_id)
        await database.update_rows(RegisterRow, _ANSWER, [(changed["answers"], choice, found["id"])])
    judging = await checking.judging_of(viewer, import_id)
    judging.above = await _above(judging, import_id, changed)
    (judged,) = await checking.judge_and_keep(viewer, judging, [changed])
    return judged.kind


async def _above(judging: checking.Judging, import_id: UUID, row: Mapping[str, Any]) -> dict[Any, tuple[int, int]]:
    """The earlier rows of the same title, by what contract they say."""
    title = built.texts_of(checking.read_of(row), checking.answers_of(row)).get("title", "")[:200]
    mine = (RegisterRow.import_id == import_id) & (RegisterRow.place < row["place"]) & (RegisterRow.title == title)
    async with database.read():
        rows = await RegisterRow.select(*checking.ROW).where(mine, RegisterRow.read != "").order_by(RegisterRow.place)
    found: dict[Any, tuple[int, int]] = {}
    for each in rows:
        if key := checking.key_of_row(judging, each):
            found.setdefault(key, (each["place"], each["number"]))
    return found


async def leave_unknown(viewer: Viewer, import_id: UUID) -> int:
    """Answers every question about a value that waits: nobody knows. It is left empty, and the question goes into the notes.

    What a contract needs, and which record a name stands for, stays a question. Returns of how many rows.
    """
    must_keep_contracts(viewer)
    async with database.housekeeping():
        await _hold_open(viewer, import_id)
    answered = 0
    async for rows in checking.open_rows(import_id):
        judging = await checking.judging_of(viewer, import_id)
        said = []
        for row in (row for row in rows if row["kind"] == RowKind.ASK):
            read, answers = checking.read_of(row), checking.answers_of(row)
            waiting = built.built(read, answers, judging.around).asked
            unknown = {one.field: "" for one in waiting if one.code not in NEEDED and one.field not in ("title", NUMBER)}
            if unknown:
                said.append((json.dumps({**answers, **unknown}, ensure_ascii=False), row["choice"], row["id"]))
        async with database.housekeeping():
            await _hold_open(viewer, import_id)
            await database.update_rows(RegisterRow, _ANSWER, said)
        answered += len(said)
    await check_again(viewer, import_id)
    return answered


async def names_of(viewer: Viewer, import_id: UUID, kind: NameKind, *, after: str = "") -> NamePage:
    """The names of the file by the alphabet; of suppliers, those that are not certain by themselves. Raises NotFound."""
    must_keep_contracts(viewer)
    async with database.read():
        await must_have(viewer, import_id)
        mine = _asked_names(import_id, kind) & (NameInFile.name > after)
        rows = await NameInFile.select().where(mine).order_by(NameInFile.name).limit(NAMES_PAGE + 1)
        of_trust = await trust_schools.schools_of(viewer) if kind is NameKind.SCHOOL else {}
    shown = tuple(_shown_name(row) for row in rows)
    next_after = shown[NAMES_PAGE - 1].name if len(rows) > NAMES_PAGE else ""
    return NamePage(shown[:NAMES_PAGE], {which: str(one) for which, one in of_trust.items()}, next_after)


async def open_names(viewer: Viewer, import_id: UUID, kind: NameKind) -> tuple[ShownName, ...]:
    """The first page of those that nobody has settled. Raises NotFound, Forbidden."""
    must_keep_contracts(viewer)
    async with database.read():
        await must_have(viewer, import_id)
        mine = _asked_names(import_id, kind) & (NameInFile.choice == "")
        found = await NameInFile.select().where(mine).order_by(NameInFile.name).limit(NAMES_PAGE)
    return tuple(_shown_name(row) for row in found)


async def answer_names(viewer: Viewer, import_id: UUID, kind: NameKind, chosen: Mapping[UUID, str]) -> None:
    """Keeps for what names stand, by the name's id; every row is judged anew. Raises Invalid for what isn't offered, Conflict."""
    must_keep_contracts(viewer)
    async with database.housekeeping():
        await _hold_open(viewer, import_id)
        of_trust = await trust_schools.schools_of(viewer) if kind is NameKind.SCHOOL else {}
        mine = (NameInFile.import_id == import_id) & (NameInFile.kind == kind.value)
        rows = await NameInFile.select().where(mine & database.among(NameInFile.id, list(chosen)))
        if len(rows) < len(chosen):
            raise Invalid(CHOOSE)
        offered = {row["id"]: [one.choice for one in names.options_of(row["options"])] for row in rows}
        for row in rows:
            if chosen[row["id"]] not in {"", *offered[row["id"]]} | names.always(kind, of_trust):
                raise Invalid(CHOOSE, **{f"name-{row['id']}": CHOOSE})
        await remembered_names.keep(viewer.school, kind, {row["name"]: (offered[row["id"]], chosen[row["id"]]) for row in rows})
        await database.update_rows(NameInFile, (NameInFile.choice,), [(chosen[row["id"]], row["id"]) for row in rows])
    await check_again(viewer, import_id)


def _shown_name(row: Mapping[str, Any]) -> ShownName:
    return ShownName(row["id"], row["name"], names.options_of(row["options"]), row["choice"])


def _asked_names(import_id: UUID, kind: NameKind) -> Where | Any:
    mine = (NameInFile.import_id == import_id) & (NameInFile.kind == kind.value)
    return mine if kind is NameKind.SCHOOL else mine & (NameInFile.options != "[]")


def _problem(name: str, text: str) -> str:
    """Why an answer can't be read, "" where it can."""
    if len(text) > LONGEST_ANSWER:
        return f"The text must be {LONGEST_ANSWER:,} characters or fewer."
    if name in (SUPPLIER, COVERS):
        return ""
    if name == STATUS:
        return "" if text in {"", *STATUSES} else CHOOSE
    try:
        if name == EXTENSIONS:
            read_extensions(text)
        elif name in own_columns.BY_NAME:
            spelling.read(own_columns.BY_NAME[name], text)
        else:
            return CHOOSE
    except Invalid as refusal:
        return refusal.sentence
    return ""


async def _require_open(viewer: Viewer, import_id: UUID) -> None:
    found = await must_have(viewer, import_id)
    if not ImportState(found["state"]).takes_answers:
        raise Conflict(MOVED_ON)


async def _hold_open(viewer: Viewer, import_id: UUID) -> None:
    """Inside a unit that writes: it stays open until that ends."""
    await database.held(RegisterImport.select(RegisterImport.id).where(RegisterImport.id == import_id))
    await _require_open(viewer, import_id)


async def _of_place(import_id: UUID, place: int) -> list[dict[str, Any]]:
    mine = (RegisterRow.import_id == import_id) & (RegisterRow.place == place)
    found: list[dict[str, Any]] = await RegisterRow.select(*checking.ROW).where(mine)
    return found


async def _shown_rows(viewer: Viewer, import_id: UUID, rows: Sequence[Mapping[str, Any]]) -> tuple[ShownRow, ...]:
    with_cells = [row for row in rows if row["read"]]
    judging = await checking.judging_of(viewer, import_id)
    for row in with_cells:
        judging.above |= {key: at for key, at in (await _above(judging, import_id, row)).items() if key not in judging.above}
    judged = dict(zip((row["id"] for row in with_cells), await checking.judge(viewer, judging, with_cells), strict=True))
    return tuple(_shown(row, judged.get(row["id"])) for row in rows)


def _shown(row: Mapping[str, Any], judged: checking.Judged | None) -> ShownRow:
    read = checking.read_of(row) if row["read"] else RowRead(row["number"], row["sheet"], {})
    answers = checking.answers_of(row)
    asked = judged.made.asked if judged and row["kind"] == RowKind.ASK else ()
    return ShownRow(
        place=row["place"],
        number=row["number"],
        sheet=row["sheet"],
        kind=RowKind(row["kind"]),
        title=row["title"],
        said=row["said"],
        texts=built.texts_of(read, answers),
        asked=[one for one in asked if one.code not in ASKED_AT_NAMES],
        at_names=[one for one in asked if one.code in ASKED_AT_NAMES],
        noted=read.noted,
        schools=built.names_of(read, answers)[1],
        choice=row["choice"],
        twin=row["twin"],
        twin_place=row["twin_place"],
        contract=row["contract"],
        differing=judged.differing if judged else (),
    )


_ANSWER: Final = (RegisterRow.answers, RegisterRow.choice)
