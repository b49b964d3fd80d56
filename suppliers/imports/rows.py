"""The rows of an import, page by page, and what a person answers about them."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import database
from base.refusals import Conflict, Invalid, NotFound
from base.viewer import Viewer, must_write
from database.waiting_files import MOVED_ON
from suppliers.imports import remembered
from suppliers.imports.imports import PAGE, as_last_time, files, must_have
from suppliers.imports.states import ImportState, RowChoice, RowKind
from suppliers.imports.tables import Import, ImportRow
from suppliers.lists.supplier_row import NO_CATEGORY
from suppliers.record import facts, taxonomy
from suppliers.record.facts import MOST_CATEGORIES, Facts
from suppliers.record.labels import LABELS, shown_identifier
from suppliers.tables import Supplier

LAST: Final = "last"  # a list that is no kind: rows that are answered as last time
FLAWED: Final = "flawed"  # a list that is no kind: rows that are imported without something
OF_ROW: Final = "row:"  # before the number of the row whose supplier it is
LIKELIEST: Final = "likeliest"
CHOOSE: Final = "Choose one of the answers that the page offers."
ANSWERED: Final = (RowKind.NEW, RowKind.KNOWN, RowKind.ASK, RowKind.MORE)  # of which a person may say what becomes of them
SUPPLIERS_TOLD: Final = 2  # of a word, so that a person knows what it is used for
MOST_FLAWS: Final = 10_000  # combinations of what is left out that are looked through for words, those of most rows first
MOST_AT_ONCE: Final = 5_000  # rows that one answer to all changes in a unit

# What each list of rows is called: one of it, several, and what that means.
LISTS: Final = {
    RowKind.NEW.value: ("Ready to add", "New to your school, and nothing like them in the directory."),
    RowKind.KNOWN.value: ("In the directory", "Almost certainly a supplier that is here already. It is used, and not copied."),
    RowKind.ASK.value: ("Perhaps here already", "They may be the same as another. Say which: nothing is joined without you."),
    RowKind.OURS.value: ("Yours already", "On your list. Nothing is added, and nothing about them is changed."),
    RowKind.MORE.value: ("News of yours", "On your list, and the file knows more of them than you do. Take what is right."),
    RowKind.DOUBLE.value: ("Twice in your file", "One supplier on several rows: its other spellings become other names of it."),
    RowKind.WRONG.value: ("Can’t be imported", "Mend them in the spreadsheet below, and choose that."),
    LAST: ("As last time", "Answered as you answered it for an earlier list. Say otherwise here, and that counts from now on."),
    FLAWED: ("Something is left out", "These suppliers are imported, but for a number or address that can’t be right."),
    RowKind.NOISE.value: ("No suppliers", "Titles, totals, empty rows, and what the file says is closed or not to be used."),
    RowKind.ADDED.value: ("Added", "Records of your own school, which only your school sees."),
    RowKind.REFRESHED.value: ("Brought up to date", "Your own records, with what the file knew of them besides."),
    RowKind.ADOPTED.value: ("Used from the directory", "Your school uses them now. Nobody else can tell."),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class UnknownWord:
    """A word for categories that was not understood, how many rows have it, and one or two of their suppliers."""

    word: str
    rows: int
    suppliers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Option:
    """``choice`` is what to answer for it; ``why`` in words."""

    choice: str
    name: str
    why: str
    is_own: bool = False

    @property
    def is_row(self) -> bool:
        return self.choice.startswith(OF_ROW)


@dataclass(frozen=True, slots=True)
class ShownRow:
    number: int
    name: str
    kind: RowKind
    said: str
    flaws: tuple[str, ...]
    options: tuple[Option, ...]
    choice: str
    lead: int | None
    supplier: UUID | None
    supplier_name: str
    values: tuple[str, ...]  # what would be saved besides the name


@dataclass(frozen=True, slots=True)
class RowPage:
    rows: tuple[ShownRow, ...]
    next_after: int | None


async def page_of(viewer: Viewer, import_id: UUID, which: str, *, after: int = 0, limit: int = PAGE) -> RowPage:
    """``which`` is one of LISTS. Raises NotFound, Forbidden."""
    must_write(viewer)
    if which not in LISTS:
        raise NotFound
    async with database.read():
        await must_have(viewer, import_id)
        wanted = as_last_time() if which == LAST else ImportRow.flaws != "" if which == FLAWED else ImportRow.kind == which
        mine = (ImportRow.import_id == import_id) & wanted & (ImportRow.number > after)
        rows = await ImportRow.select(*_SHOWN).where(mine).order_by(ImportRow.number).limit(limit + 1)
        names = await _names({row["supplier"] for row in rows} - {None})
    shown = tuple(_shown(row, names) for row in rows[:limit])
    return RowPage(shown, shown[-1].number if len(rows) > limit else None)


async def asking(viewer: Viewer, import_id: UUID, numbers: Collection[int]) -> tuple[ShownRow, ...]:
    """Of these rows those that ask which supplier they are. Raises NotFound, Forbidden."""
    must_write(viewer)
    async with database.read():
        await must_have(viewer, import_id)
        asks = (ImportRow.import_id == import_id) & (ImportRow.kind == RowKind.ASK.value)
        rows = await ImportRow.select(*_SHOWN).where(asks & database.among(ImportRow.number, numbers))
    return tuple(_shown(row, {}) for row in rows)


async def answer(viewer: Viewer, import_id: UUID, choices: Mapping[int, str]) -> None:
    """Keeps answers, by row number; "" takes one back. Raises Invalid for an answer that the row does not offer."""
    must_write(viewer)
    async with database.housekeeping():
        await _require_checked(viewer, import_id)
        if not choices:
            raise Invalid(CHOOSE)
        mine = (ImportRow.import_id == import_id) & database.among(ImportRow.number, choices) & _asked()
        rows = await ImportRow.select(*_ANSWERED).where(mine)
        if len(rows) < len(choices):
            raise Invalid(CHOOSE)
        for row in rows:
            choice = choices[row["number"]]
            options = {option["choice"] for option in json.loads(row["options"] or "[]")}
            offered = {"", RowChoice.SKIP.value, *options} | ({RowChoice.NEW.value} if row["kind"] != RowKind.MORE else set())
            if choice not in offered:
                raise Invalid(CHOOSE, **{f"choice-{row['number']}": CHOOSE})
        await _keep(viewer, [(choices[row["number"]], row) for row in rows])


async def answer_all(viewer: Viewer, import_id: UUID, choice: str, *, kind: RowKind = RowKind.ASK) -> int:
    """Gives one answer to every question, or every offer of news, that has none yet: LIKELIEST, new or skip. Returns how many."""
    must_write(viewer)
    if choice not in (LIKELIEST, *RowChoice):
        raise Invalid(CHOOSE)
    answered = 0
    while some := await _answer_some(viewer, import_id, choice, kind):
        answered += some
    return answered


async def _answer_some(viewer: Viewer, import_id: UUID, choice: str, kind: RowKind) -> int:
    async with database.housekeeping():
        await _require_checked(viewer, import_id)
        waiting = (ImportRow.import_id == import_id) & (ImportRow.kind == kind.value) & (ImportRow.choice == "")
        rows = await ImportRow.select(*_ANSWERED).where(waiting).limit(MOST_AT_ONCE)
        said = [(json.loads(row["options"])[0]["choice"] if choice == LIKELIEST else choice, row) for row in rows]
        await _keep(viewer, said)
    return len(rows)


async def _keep(viewer: Viewer, said: Sequence[tuple[str, Mapping[str, Any]]]) -> None:
    """Keeps what was answered, with the row each time, for this list and the next one."""
    await database.update_rows(ImportRow, (ImportRow.choice,), [(choice, row["id"]) for choice, row in said])
    exact = {row["id"]: facts.from_dict(json.loads(row["facts"])).exact for _, row in said}
    await remembered.keep(viewer.school, dict(remembered.of_answer(row, exact[row["id"]], choice) for choice, row in said))


async def unknown_words(viewer: Viewer, import_id: UUID) -> tuple[UnknownWord, ...]:
    """Each word once, that of most rows first. Raises NotFound, Forbidden."""
    must_write(viewer)
    async with database.read():
        await must_have(viewer, import_id)
        return await _unknown_words(import_id)


async def has_said_words(viewer: Viewer) -> bool:
    """Whether the school said of any word what it means."""
    async with database.read():
        return bool(await remembered.words(viewer.school))


async def answer_words(viewer: Viewer, import_id: UUID, said: Mapping[str, Sequence[str]]) -> None:
    """Keeps which categories words mean, none of them being an answer too, and has the rows checked again.

    Raises Invalid for a word that was not asked about or no category; Conflict, NotFound, Forbidden.
    """
    must_write(viewer)
    known = taxonomy.by_slug().keys()
    if not said or not all(len(slugs) <= MOST_CATEGORIES and known >= set(slugs) for slugs in said.values()):
        raise Invalid(CHOOSE)
    async with database.housekeeping():
        await _require_checked(viewer, import_id)
        asked = {one.word for one in await _unknown_words(import_id)}
        if not asked.issuperset(said):
            raise Invalid(CHOOSE)
        answers = {remembered.of_word(word): remembered.SUPPLIES + " ".join(slugs) for word, slugs in said.items()}
        await remembered.keep(viewer.school, answers)
    await _check_again(viewer, import_id)


async def ask_words_again(viewer: Viewer, import_id: UUID) -> None:
    """Forgets what the school said of words, and has the rows checked again. Raises Conflict, NotFound, Forbidden."""
    must_write(viewer)
    async with database.housekeeping():
        await _require_checked(viewer, import_id)
        await remembered.forget_words(viewer.school)
    await _check_again(viewer, import_id)


async def _check_again(viewer: Viewer, import_id: UUID) -> None:
    """Not of one that stopped half-way: what it added is marked on its rows."""
    await files.move(viewer.school, import_id, ImportState.CHECKED.value, ImportState.CHECKING.value, {})


async def _unknown_words(import_id: UUID) -> tuple[UnknownWord, ...]:
    found: dict[bytes, UnknownWord] = {}
    for row in await ImportRow.raw(_FLAWS, import_id, f"%{NO_CATEGORY.format('%')}%", MOST_FLAWS):
        for word in filter(None, map(remembered.unknown_word, row["flaws"].split("\n"))):
            key = remembered.of_word(word)
            before = found.get(key, UnknownWord(word, 0, ()))
            suppliers = tuple(dict.fromkeys((*before.suppliers, row["one"], row["other"])))[:SUPPLIERS_TOLD]
            found[key] = UnknownWord(before.word, before.rows + row["n"], suppliers)
    return tuple(sorted(found.values(), key=lambda one: (-one.rows, one.word.casefold())))


async def _require_checked(viewer: Viewer, import_id: UUID) -> None:
    found = await must_have(viewer, import_id)
    if not ImportState(found["state"]).takes_answers:
        raise Conflict(MOVED_ON)
    await database.locked(Import.select(Import.id).where(Import.id == import_id))  # so that it can't begin meanwhile


def _asked() -> Any:
    return database.among(ImportRow.kind, [kind.value for kind in ANSWERED])


async def _names(suppliers: set[UUID]) -> dict[UUID, str]:
    """Names by id of records that the school could see when a row was matched with them."""
    if not suppliers:
        return {}
    rows = await Supplier.select(Supplier.id, Supplier.name).where(database.among(Supplier.id, suppliers))
    return {row["id"]: row["name"] for row in rows}


_ANSWERED: Final = (ImportRow.id, ImportRow.number, ImportRow.options, ImportRow.kind, ImportRow.facts)
_SHOWN: Final = (
    ImportRow.number, ImportRow.name, ImportRow.kind, ImportRow.said, ImportRow.flaws, ImportRow.options, ImportRow.choice,
    ImportRow.lead, ImportRow.supplier, ImportRow.facts,
)  # fmt: skip


def _shown(row: Mapping[str, Any], names: Mapping[UUID, str]) -> ShownRow:
    options: Sequence[dict[str, Any]] = json.loads(row["options"] or "[]")
    return ShownRow(
        number=row["number"],
        name=row["name"],
        kind=RowKind(row["kind"]),
        said=row["said"],
        flaws=tuple(row["flaws"].splitlines()),
        options=tuple(Option(**option) for option in options),
        choice=row["choice"],
        lead=row["lead"],
        supplier=row["supplier"],
        supplier_name=names.get(row["supplier"], ""),
        values=_values(facts.from_dict(json.loads(row["facts"]))) if row["facts"] else (),
    )


def _values(known: Facts) -> tuple[str, ...]:
    numbers = [f"{LABELS[scheme]}: {shown_identifier(scheme, value)}" for scheme, value in known.identifiers]
    others = [f"Other names: {', '.join(known.aliases)}"] if known.aliases else []
    supplied = [taxonomy.by_slug()[slug].name for slug in known.categories if slug in taxonomy.by_slug()]
    return (*others, *numbers, *([f"Supplies: {', '.join(supplied)}"] if supplied else []))


_FLAWS: Final = """SELECT flaws, count(*) AS n, min(name) AS one, max(name) AS other FROM suppliers_import_row
    WHERE import_id = {} AND flaws LIKE {} GROUP BY flaws ORDER BY count(*) DESC, flaws LIMIT {}"""
