"""Makes the index anew from the facts, beside the one in use, and changes over in one step.

The way names are read changes between versions, so the index says which one made it (``cards.reading``). A new generation of
cards and keys is made in batches, each a unit of its own; whatever is filed meanwhile goes to the old one and is noted
(``suppliers_refile``), to be filed again at the change. Stopped half-way nothing has changed, and the next run begins anew.
Keys and cards follow from the facts and are housekeeping's; ``exact_name`` is a supplier's, so the change is recorded.
"""

import asyncio
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from typing import Any, Final, NamedTuple, TypeVar
from uuid import UUID

import audit
import database
from audit import Record
from audit.log import subjects
from base.progress import Progress, no_progress
from base.refusals import Conflict
from suppliers.events import Event
from suppliers.index import filing
from suppliers.index.external_sort import Spill, packed, unpacked
from suppliers.index.tables import CardRow, Index, KeyRow, Refile
from suppliers.matching import cards, keys
from suppliers.matching.cards import Filed
from suppliers.matching.identifiers import Scheme
from suppliers.record import facts
from suppliers.tables import Supplier

BATCH: Final = 5_000  # suppliers read, normalised and filed at once: some 10 MB
MANY: Final = 50_000  # suppliers whose names take as long to read as other processes take to start
HELPERS: Final = 2  # processes beside the one that writes; more would wait for it
FIRST: Final = str(UUID(int=0))
SLICES: Final = ("", *"0123456789:;=>@abcdefghijklmnopqrstuvwxyz{~", *(f"~{letter}" for letter in "abcdefghijklmnopqrstuvwxyz"))

Kept = TypeVar("Kept")
Given = TypeVar("Given")


@dataclass(frozen=True, slots=True)
class ReindexReport:
    suppliers: int
    keys: int
    renamed: int  # suppliers whose normalised name is another now
    kept: tuple[str, ...]  # names of own records that keep their old one, because their school has another of that name


class _SupplierRead(NamedTuple):
    """A supplier as its rows say; its id is text, which is faster to make and to send to another process."""

    id: str
    owner: str
    exact_name: str
    names: tuple[str, ...]
    identifiers: tuple[tuple[Scheme, str], ...]


async def is_older() -> bool:
    """True when this version reads names otherwise than the one that made the index. Opens its own read unit."""
    async with database.read():
        rows = await database.select("SELECT reading FROM suppliers_index")
    return bool(rows) and rows[0]["reading"] != cards.reading()


async def advice() -> str | None:
    """One sentence when the index is older than the code."""
    if not await is_older():
        return None
    return "Another version of Vouch made the index that finds suppliers, so some may not be found. Run: vouch suppliers reindex"


async def refresh(progress: Progress = no_progress) -> None:
    """Makes the index anew if it is older than the code."""
    if await is_older():
        await reindex(progress)


async def reindex(progress: Progress = no_progress) -> ReindexReport:
    """Makes the index anew, in units of its own. Raises Conflict when another run has begun meanwhile."""
    generation = await _begin()
    await _forget_unused()
    async with database.read():
        total = await Supplier.count()
    with Spill() as spill, Spill(1) as renamed:
        with _helpers(total) as helpers:
            with progress("Reading names", total) as advance:
                suppliers = await _make_cards(generation, (spill, renamed), helpers, advance)
            with progress("Writing keys", spill.parts) as advance:
                made = await _make_keys(generation, spill, helpers, advance)
        async with audit.recording(None) as record:
            report = await _change_over(record, generation, renamed, ReindexReport(suppliers, made, 0, ()))
    await _forget_unused()
    return report


async def _begin() -> int:
    async with database.housekeeping():
        rows = await database.select(f"SELECT generation, building FROM suppliers_index {database.row_lock()}")  # noqa: S608 - our own text
        if not rows:
            await Index.insert(Index(id=1, generation=0, reading=cards.reading()))
            rows = [{"generation": 0, "building": None}]
        generation: int = max(rows[0]["generation"], rows[0]["building"] or 0) + 1
        await Index.update({Index.building: generation}).where(Index.id == 1)
        await Refile.delete(force=True)
    return generation


async def _forget_unused() -> None:
    """Deletes all but the generation in use and the one being made, in slices, so that none takes long."""
    async with database.read():
        (row,) = await database.select("SELECT generation, building FROM suppliers_index")
        used = {row["generation"], row["building"] or row["generation"]}
        unused = [generation for generation in await _generations() if generation not in used]
    for generation in unused:
        for start, end in zip(SLICES, (*SLICES[1:], "\U0010ffff"), strict=True):
            within = (KeyRow.owner == filing.DIRECTORY) & (KeyRow.key >= start) & (KeyRow.key < end)
            async with database.housekeeping():
                await KeyRow.delete().where((KeyRow.generation == generation) & within)
        async with database.housekeeping():
            await KeyRow.delete().where(KeyRow.generation == generation)
    async with database.housekeeping():
        await CardRow.delete().where(database.outside(CardRow.generation, used))


async def _generations() -> list[int]:
    """All there are, by one look into the index for each: counting them would read every key."""
    found = [-1]
    while True:
        (row,) = await database.select("SELECT min(generation) AS next FROM suppliers_key WHERE generation > $1", found[-1])
        if row["next"] is None:
            return found[1:]
        found.append(row["next"])


async def _make_cards(
    generation: int, files: tuple[Spill, Spill], helpers: Executor | None, advance: Callable[[int], None]
) -> int:
    """Puts what keys lead to into the first spill, suppliers whose normalised name is another now into the second. How many."""
    spill, renamed = files
    known = defaultdict[str, set[str]](set)  # words by owner
    done = 0
    async for batch, answer in _worked(helpers, cards.packed, _suppliers()):
        made = cards.unpacked(answer)
        numbers = await _write_cards(generation, batch, made)
        for one, filed, number in zip(batch, made, numbers, strict=True):
            spill.add_all(one.owner, filed.keys, str(number))
            words = known[one.owner]
            for word in filed.words:
                if word not in words:
                    words.add(word)
                    spill.add_all(one.owner, keys.ways_to(word), word)
            if filed.exact != one.exact_name:
                renamed.add_all(one.owner, [one.id], filed.exact)
        done += len(batch)
        advance(len(batch))
    return done


@contextmanager
def _helpers(suppliers: int) -> Iterator[Executor | None]:
    """Processes beside this one, which writes; None where they would take longer to start."""
    if suppliers < MANY:
        yield None
        return
    # spawn: the threads of the database's connections must not be copied into another process
    with ProcessPoolExecutor(HELPERS, mp_context=get_context("spawn")) as pool:
        yield pool


async def _worked(
    helpers: Executor | None, work: Callable[[Given], bytes], items: AsyncIterator[tuple[Kept, Given]]
) -> AsyncIterator[tuple[Kept, bytes]]:
    """For each item, what is kept of it and what ``work`` makes of the rest; works ahead by one item a process."""
    loop, waiting = asyncio.get_running_loop(), deque[tuple[Kept, asyncio.Future[bytes]]]()
    async for kept, given in items:
        if helpers is None:
            yield kept, work(given)
            continue
        waiting.append((kept, loop.run_in_executor(helpers, work, given)))
        if len(waiting) > HELPERS:
            first, made = waiting.popleft()
            yield first, await made
    for first, made in waiting:
        yield first, await made


async def _suppliers() -> AsyncIterator[tuple[list[_SupplierRead], list[cards.Names]]]:
    """All suppliers in the order of their ids, in batches, with what decides how each is filed."""
    after = FIRST
    sql = """SELECT CAST(id AS TEXT) AS id, COALESCE(CAST(owner AS TEXT), '') AS owner, exact_name, name
        FROM suppliers_supplier WHERE id > $1 ORDER BY suppliers_supplier.id LIMIT $2"""
    while True:
        async with database.read():
            rows = await database.select(sql, after, BATCH)
            if not rows:
                return
            span = (after, rows[-1]["id"])
            aliases = await _of(span, "suppliers_alias", "name")
            numbers = await _of(span, "suppliers_identifier", "scheme, value")
        batch = [_filed(row, aliases.get(row["id"], ()), numbers.get(row["id"], ())) for row in rows]
        yield batch, [(one.names, one.identifiers) for one in batch]
        after = span[1]


async def _of(span: tuple[str, str], table: str, what: str) -> dict[str, list[Any]]:
    sql = f"""SELECT CAST(supplier AS TEXT) AS supplier, {what} FROM {table}
        WHERE supplier > $1 AND supplier <= $2 ORDER BY {table}.supplier, {what}"""  # noqa: S608 - our own text
    found: dict[str, list[Any]] = {}
    for supplier, *rest in await database.select(sql, *span):
        found.setdefault(supplier, []).append(rest)
    return found


def _filed(row: Any, aliases: Sequence[Any], numbers: Sequence[Any]) -> _SupplierRead:
    supplier, owner, exact, name = row
    identifiers = tuple([(Scheme(scheme), value) for scheme, value in numbers])
    return _SupplierRead(supplier, owner, exact, (name, *[alias for (alias,) in aliases]), identifiers)


async def _write_cards(generation: int, batch: list[_SupplierRead], made: list[Filed]) -> list[int]:
    """Returns the number that each card got."""
    rows = [(generation, one.id, one.owner, filed.said) for one, filed in zip(batch, made, strict=True)]
    sql = "SELECT CAST(number AS BIGINT) FROM suppliers_card WHERE generation=$1 AND supplier BETWEEN $2 AND $3 ORDER BY supplier"
    async with database.housekeeping():
        await database.insert_rows(CardRow, (CardRow.generation, CardRow.supplier, CardRow.owner, CardRow.said), rows)
        found = await database.select(sql, generation, batch[0].id, batch[-1].id)
    return [number for (number,) in found]


async def _make_keys(generation: int, spill: Spill, helpers: Executor | None, advance: Callable[[int], None]) -> int:
    """Writes keys in the order of the index, which so fills from one end; returns how many."""
    columns, made = (KeyRow.generation, KeyRow.owner, KeyRow.key, KeyRow.n, KeyRow.listed), 0
    async for _, answer in _worked(helpers, packed, _parts(spill)):
        rows = [filing.row_of(generation, owner, key, listed) for owner, key, listed in unpacked(answer)]
        async with database.housekeeping():
            await database.insert_rows(KeyRow, columns, rows)
        made += len(rows)
        advance(1)
    return made


async def _parts(spill: Spill) -> AsyncIterator[tuple[None, str]]:
    for part in range(spill.parts):
        yield None, spill.text(part)


async def _change_over(record: Record, generation: int, renamed: Spill, report: ReindexReport) -> ReindexReport:
    (index,) = await database.select(f"SELECT building FROM suppliers_index {database.row_lock()}")  # noqa: S608 - our own text
    if index["building"] != generation:
        raise Conflict("The index is being made anew by another run, which began later. Wait for that one.")
    changed = set(await Refile.select(Refile.supplier).output(as_list=True))
    await _file_again(generation, changed)
    count, kept = await _rename(renamed, changed)
    await Index.update({Index.generation: generation, Index.building: None, Index.reading: cards.reading()}).where(Index.id == 1)
    await Refile.delete(force=True)
    counts = {"suppliers": report.suppliers, "keys": report.keys, "renamed": count, "kept": len(kept)}
    record(Event.DIRECTORY_REINDEXED, stream=subjects.DIRECTORY, subject=subjects.DIRECTORY, facts=counts, trail=audit.OPERATOR)
    return ReindexReport(report.suppliers, report.keys, count, kept)


async def _file_again(generation: int, changed: set[UUID]) -> None:
    """Files anew what changed meanwhile: the new keys then lead to what these suppliers are now, and old numbers nowhere."""
    for batch in filing.batches(sorted(changed)):
        await CardRow.delete().where(database.among(CardRow.supplier, batch) & (CardRow.generation == generation))
        known = await facts.as_written(batch)
        for row in await Supplier.select(Supplier.id, Supplier.owner).where(database.among(Supplier.id, batch)):
            await filing.file(generation, filing.owner_of(row["owner"]), [(row["id"], known[row["id"]])])


async def _rename(renamed: Spill, changed: set[UUID]) -> tuple[int, tuple[str, ...]]:
    """How many were renamed, and the own records that keep their old normalised name: their school has another of the new one."""
    count, own = 0, list[tuple[str, UUID, str]]()
    for batch in filing.batches(renamed.lines(0)):
        wanted = [(owner, UUID(one), exact) for owner, one, exact in batch if UUID(one) not in changed]
        listed = [(exact, one) for owner, one, exact in wanted if owner == filing.DIRECTORY]
        await database.update_rows(Supplier, (Supplier.exact_name,), listed)
        own += [row for row in wanted if row[0] != filing.DIRECTORY]
        count += len(listed)
    before = len(own)
    while own and len(left := [row for row in own if not await _renamed_own(*row)]) < len(own):
        own = left  # one that moved away may have made room for another
    names = await Supplier.select(Supplier.name).where(database.among(Supplier.id, [one for _, one, _ in own])) if own else []
    return count + before - len(own), tuple(sorted(row["name"] for row in names))


async def _renamed_own(owner: str, one: UUID, exact: str) -> bool:
    taken = await Supplier.exists().where((Supplier.owner == UUID(owner)) & (Supplier.exact_name == exact))
    if not taken:
        await Supplier.update({Supplier.exact_name: exact}).where(Supplier.id == one)
    return not taken
