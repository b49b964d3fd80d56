"""Checks the rows of an import: which are suppliers, which are one, which the school or the directory has already.

Nothing is decided for anybody: what is surely the same is proposed, what may be the same is asked.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final
from uuid import UUID

import database
from base.viewer import Viewer
from suppliers.directory import directory
from suppliers.directory.directory import Suggestion
from suppliers.imports import already_ours, remembered
from suppliers.imports.judging import Judged, as_last_time, option_as_dict
from suppliers.imports.judging import judged as judge_row
from suppliers.imports.rows import OF_ROW, Option
from suppliers.imports.states import ImportState, RowKind, row_of, seen_of
from suppliers.imports.tables import Import, ImportRow
from suppliers.lists import doubtful, duplicates_worker, header_row
from suppliers.lists.column_titles import SupplierField
from suppliers.lists.columns import without_repeats
from suppliers.lists.supplier_row import RejectedSupplierRow, SupplierRow, supplier_row
from suppliers.matching import cards
from suppliers.matching.matching import Candidate
from suppliers.matching.names import normalise
from suppliers.matching.rarity import no_rarer, vocabulary
from suppliers.matching.word_pairs import Rarity
from suppliers.record import facts
from suppliers.record.facts import MOST_ALIASES, MOST_CATEGORIES, Facts

AT_ONCE: Final = 500  # rows of one step
COMPARED_AT_ONCE: Final = 50  # suppliers of one step: a second's work at most
LONGEST_SAID: Final = 1_000
ABOVE: Final = "it stands above the headings"
HEADINGS: Final = "it holds the headings"
QUOTED: Final = 60  # characters of a row without a name
SECOND_OF_A_NAME: Final = (
    "row {} has the same name, but another number or legal form. Your school can have one supplier of a name: add what tells "
    "them apart to one of the names"
)

Beat = Callable[[int, int], Awaitable[None]]


@dataclass(slots=True)
class _Duplicates:
    """By row number, the earlier row of the same supplier, and those that may be of the same, each with why."""

    lead: dict[int, tuple[int, str]] = field(default_factory=dict)
    members: dict[int, list[int]] = field(default_factory=dict)
    perhaps: dict[int, list[tuple[int, str]]] = field(default_factory=dict)
    words: dict[str, float] = field(default_factory=dict)  # how rare some are in this list


async def check(viewer: Viewer, import_id: UUID, beat: Beat) -> None:
    """Turns rows that were read into a preview. Raises what ``beat`` raises, and Invalid."""
    async with database.read():
        found = await Import.select(Import.understood, Import.fields).where(Import.id == import_id).first()
        said = await remembered.words(viewer.school)
        total = 3 * await ImportRow.count().where(ImportRow.import_id == import_id)
    seen = seen_of(found["understood"]) if found else None
    if found is None or seen is None:
        return
    fields = [SupplierField(one) if one else None for one in json.loads(found["fields"])]
    titles = [column.title for column in seen.columns]
    with TemporaryDirectory(prefix="vouch-import-") as folder:
        names = Path(folder) / "names"
        await _read_rows(import_id, names, (fields, seen.header, titles, said), lambda done: beat(done, total))
        duplicates = await _find_duplicates(names, lambda share: beat(round(total * (1 + share) / 3), total))
    await _mark_duplicates(import_id, duplicates, header_row.code_column(titles))
    await _match(viewer, import_id, duplicates, lambda done: beat(round(total * 2 / 3) + done, total))
    change: dict[Any, Any] = {Import.state: ImportState.CHECKED.value}
    async with database.housekeeping():
        await Import.update(change).where((Import.id == import_id) & (Import.state == ImportState.CHECKING.value))


async def _read_rows(
    import_id: UUID,
    names: Path,
    mapping: tuple[Sequence[SupplierField | None], int, Sequence[str], remembered.Said],
    beat: Callable[[int], Awaitable[None]],
) -> None:
    """Each row becomes a supplier or a reason; the suppliers' names go into a file for the search for duplicates."""
    after, done = -1, 0
    await asyncio.to_thread(names.write_text, "", "utf-8")
    while rows := await _next(import_id, after, AT_ONCE, ImportRow.cells):
        changed, lines = _understood(rows, *mapping)
        await asyncio.to_thread(_append, names, lines)
        async with database.housekeeping():
            await database.update_rows(ImportRow, _READ, changed)
        after, done = rows[-1]["number"], done + len(rows)
        await beat(done)


def _understood(
    rows: Sequence[Mapping[str, Any]],
    fields: Sequence[SupplierField | None],
    header: int,
    titles: Sequence[str],
    said: remembered.Said,
) -> tuple[list[tuple[Any, ...]], list[str]]:
    below = {row.number for row in without_repeats(map(row_of, rows), header, titles)}
    kinds = header_row.kind_columns(titles)
    changed, lines = [], []
    for row in rows:
        as_it_was = row_of(row)
        read = supplier_row(as_it_was, fields, as_search=True)
        if row["number"] not in below:
            why = ABOVE if row["number"] < header else HEADINGS
            read = RejectedSupplierRow(row["number"], why, is_noise=True)
        if isinstance(read, SupplierRow):
            read = remembered.with_words(read, said)
        if isinstance(read, RejectedSupplierRow) and read.is_noise and not read.name:
            read = replace(read, name=_quoted(as_it_was.cells))
        changed.append((*_columns_of(read, doubtful.other_kind(as_it_was.cells, kinds)), "", "", None, None, row["id"]))
        if isinstance(read, SupplierRow):
            asked = dict(cards.one_of_each(read.facts.identifiers).items())
            lines.append(json.dumps([row["number"], read.facts.name, asked]))
    return changed, lines


def _quoted(cells: Sequence[str]) -> str:
    """A row without a name, as its owner knows it."""
    text = " · ".join(filter(None, cells))
    return text if len(text) <= QUOTED else f"{text[:QUOTED]}…"


def _columns_of(read: SupplierRow | RejectedSupplierRow, called: str) -> tuple[str, str, str, str, str]:
    """Kind, name, what is said (of a supplier, what else the file calls it, until it is judged), flaws, facts."""
    if isinstance(read, RejectedSupplierRow):
        return (RowKind.NOISE if read.is_noise else RowKind.WRONG).value, read.name, read.reason[:LONGEST_SAID], "", ""
    kept = json.dumps(read.facts.as_dict(), ensure_ascii=False)
    return RowKind.READ.value, read.facts.name, called[:LONGEST_SAID], "\n".join(read.left_out)[:4000], kept


async def _find_duplicates(names: Path, beat: Callable[[float], Awaitable[None]]) -> _Duplicates:
    duplicates = _Duplicates()
    async for line in duplicates_worker.duplicates_of(names):
        if "of" in line and "row" in line:
            duplicates.lead[line["row"]] = (line["of"], line["why"])
            duplicates.members.setdefault(line["of"], []).append(line["row"])
        elif "perhaps" in line:
            duplicates.perhaps.setdefault(line["row"], []).append((line["perhaps"], line["why"]))
        elif "words" in line:
            duplicates.words = line["words"]
        else:
            await beat(line["done"] / line["of"])
    return duplicates


async def _mark_duplicates(import_id: UUID, duplicates: _Duplicates, code_at: int | None) -> None:
    """The lead of each group gets what its duplicates add; the others name their lead."""
    leads = iter(duplicates.members)
    while some := list(islice(leads, AT_ONCE)):
        numbers = [*some, *(member for lead in some for member in duplicates.members[lead])]
        rows = await _of_numbers(import_id, numbers)
        changed, said = [], []
        for lead in some:
            members = [rows[number] for number in duplicates.members[lead]]
            both = combined(facts_of(rows[lead]), [facts_of(member) for member in members])
            changed.append((json.dumps(both.as_dict(), ensure_ascii=False), both.name, rows[lead]["id"]))
            for member in members:
                why = duplicates.lead[member["number"]][1]
                codes = _two_codes(rows[lead], member, code_at)
                said.append((RowKind.DOUBLE.value, f"the same as row {lead}: {why}{codes}"[:LONGEST_SAID], lead, member["id"]))
        async with database.housekeeping():
            await database.update_rows(ImportRow, (ImportRow.facts, ImportRow.name), changed)
            await database.update_rows(ImportRow, (ImportRow.kind, ImportRow.said, ImportRow.lead), said)


def _two_codes(lead: Mapping[str, Any], member: Mapping[str, Any], code_at: int | None) -> str:
    """A finance system that has one supplier twice may pay it twice."""
    if code_at is None:
        return ""
    codes = [row_of(row).cells[code_at : code_at + 1] for row in (lead, member)]
    if codes[0] == codes[1] or not (codes[0] and codes[1] and codes[0][0] and codes[1][0]):
        return ""
    return f". Your finance system has it under two codes: {codes[0][0]} and {codes[1][0]}"


def combined(lead: Facts, others: Iterable[Facts]) -> Facts:
    """One supplier of several rows: a ledger's capitals only where nobody wrote it otherwise, the rest as other names."""
    everyone = [lead, *others]
    name = next((one.name for one in everyone if not one.name.isupper()), lead.name) if lead.name.isupper() else lead.name
    spelt = dict.fromkeys(spelling for one in everyone for spelling in one.names if spelling.casefold() != name.casefold())
    return Facts(
        name,
        tuple(islice(spelt, MOST_ALIASES)),
        tuple(dict.fromkeys(identifier for one in everyone for identifier in one.identifiers)),
        tuple(islice(dict.fromkeys(category for one in everyone for category in one.categories), MOST_CATEGORIES)),
    )


async def _match(viewer: Viewer, import_id: UUID, duplicates: _Duplicates, beat: Callable[[int], Awaitable[None]]) -> None:
    """Compares every supplier of the file with those that the school can see."""
    after, done = -1, 0
    first_of: dict[str, int] = {}  # exact name -> row
    rarity = no_rarer(vocabulary(), duplicates.words)
    while rows := await _next(
        import_id, after, COMPARED_AT_ONCE, ImportRow.facts, ImportRow.name, ImportRow.said, kind=RowKind.READ
    ):
        known = {row["number"]: facts_of(row) for row in rows}
        ours = await already_ours.ours(viewer, known.values())
        found = await _suggestions(viewer, {number: one for number, one in known.items() if not ours.has(one)}, rarity)
        ours = await already_ours.with_suggested(viewer, ours, found)
        earlier = await _said(viewer, known)
        perhaps = await _named(import_id, {number: duplicates.perhaps.get(number, []) for number in known})
        changed = []
        for row in rows:
            number, exact = row["number"], known[row["number"]].exact
            judged = judge_row(known[number], found.get(number, ()), perhaps[number], ours, called=row["said"])
            judged = as_last_time(judged, earlier.get(remembered.of_name(exact), ""), ours)
            if first_of.setdefault(exact, number) != number and judged.kind in (RowKind.NEW, RowKind.ASK):
                judged = Judged(RowKind.WRONG, SECOND_OF_A_NAME.format(first_of[exact]))
            options = (
                json.dumps([option_as_dict(option) for option in judged.options], ensure_ascii=False) if judged.options else ""
            )
            said = judged.said[:LONGEST_SAID]
            changed.append((judged.kind.value, said, options, judged.choice, judged.supplier, row["id"]))
        async with database.housekeeping():
            await database.update_rows(ImportRow, _JUDGED, changed)
        after, done = rows[-1]["number"], done + len(rows)
        await beat(done)


async def _named(import_id: UUID, perhaps: Mapping[int, list[tuple[int, str]]]) -> dict[int, list[Option]]:
    """Other rows of the file, by the row that asks about them."""
    rows = await _of_numbers(import_id, sorted({number for some in perhaps.values() for number, _ in some}))
    return {
        asking: [Option(f"{OF_ROW}{number}", rows[number]["name"], why) for number, why in some if number in rows]
        for asking, some in perhaps.items()
    }


async def _said(viewer: Viewer, known: Mapping[int, Facts]) -> remembered.Said:
    """What the school said of these rows in an earlier list."""
    async with database.read():
        return await remembered.answers(viewer.school, {remembered.of_name(one.exact) for one in known.values()})


async def _suggestions(viewer: Viewer, known: Mapping[int, Facts], rarity: Rarity) -> dict[int, tuple[Suggestion, ...]]:
    """By row number, what each supplier may be the same as; one unit for all of them."""
    asked = {n: Candidate(normalise(one.name), identifiers=cards.one_of_each(one.identifiers)) for n, one in known.items()}
    async with database.read():
        return {number: await directory.suggested(viewer, one, rarity=rarity) for number, one in asked.items()}


def facts_of(row: Mapping[str, Any]) -> Facts:
    return facts.from_dict(json.loads(row["facts"]))


async def _next(import_id: UUID, after: int, limit: int, *more: Any, kind: RowKind | None = None) -> list[dict[str, Any]]:
    mine = (ImportRow.import_id == import_id) & (ImportRow.number > after)
    if kind:
        mine &= ImportRow.kind == kind.value
    async with database.read():
        rows: list[dict[str, Any]] = (
            await ImportRow.select(ImportRow.id, ImportRow.number, *more).where(mine).order_by(ImportRow.number).limit(limit)
        )
    return rows


async def _of_numbers(import_id: UUID, numbers: Sequence[int]) -> dict[int, dict[str, Any]]:
    found: dict[int, dict[str, Any]] = {}
    async with database.read():
        for start in range(0, len(numbers), AT_ONCE):
            some = (ImportRow.import_id == import_id) & database.among(ImportRow.number, numbers[start : start + AT_ONCE])
            rows = await ImportRow.select(*_FOUND).where(some)
            found |= {row["number"]: row for row in rows}
    return found


def _append(path: Path, lines: Sequence[str]) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.writelines(f"{line}\n" for line in lines)


_READ: Final = (
    ImportRow.kind, ImportRow.name, ImportRow.said, ImportRow.flaws, ImportRow.facts, ImportRow.options, ImportRow.choice,
    ImportRow.lead, ImportRow.supplier,
)  # fmt: skip
_FOUND: Final = (ImportRow.id, ImportRow.number, ImportRow.name, ImportRow.facts, ImportRow.cells)
_JUDGED: Final = (ImportRow.kind, ImportRow.said, ImportRow.options, ImportRow.choice, ImportRow.supplier)
