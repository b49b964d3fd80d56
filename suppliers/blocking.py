"""Finds the few suppliers that may be meant among any number: by keys that both databases look up the same way.

The directory's keys are counted (``suppliers_word``) so that the rarest are read first, and its words are spelt with one
letter left out (``suppliers_deletion``) so that a typing mistake still finds them. A school's own records have keys under
the school's id and touch neither table: what another school keeps can't move a count, a budget or an order.
Cost is bounded by BUDGET, not by the size of the directory.
"""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any, Final, TypeVar
from uuid import UUID

import database
from suppliers import facts, matching
from suppliers.facts import Facts
from suppliers.identifiers import Identifiers
from suppliers.keys import keys, signatures
from suppliers.names import Name, normalise
from suppliers.tables import Deletion, Key, Supplier, Word
from suppliers.words import overlap, vocabulary
from web.viewer import Viewer

BUDGET: Final = 2_000  # keys read for one question; four times as many find 2 % more in twice the time
MOST_CANDIDATES: Final = 200
RARE: Final = 50  # a word in more names than this is no slip of another
MOST_SPELLINGS: Final = 200  # of all words of one question
LONGEST_SPELT: Final = 40  # letters; a longer "word" is something pasted, with as many spellings as letters
SHORTEST_START: Final = 4  # letters typed before a word's ending may be guessed
NAMES: Final = 1_000_000  # the scale of rarity, fixed so that growth of the directory changes no order
SLIP: Final = "~"  # marks, among a school's own keys, a word with one letter left out
SLIP_WORTH: Final = 0.6  # of what the word itself would tell
BATCH: Final = 5_000  # rows of one statement: under 32,766 parameters on both databases

UNKNOWN: Final[Mapping[UUID, Facts]] = {}

T = TypeVar("T")


async def index(supplier: UUID, *, owner: UUID | None, known: Facts) -> None:
    """Files a supplier under its keys; ``owner`` None is the directory. Inside the recording unit that saves it."""
    if owner is None:
        await index_directory([(supplier, known)])
        return
    filed = _filed_under(known) | {SLIP + slip for word in _words(known.names) for slip in _spellings(word)}
    await _file(str(owner), [(supplier, key) for key in filed])


async def index_directory(entries: Sequence[tuple[UUID, Facts]], *, before: Mapping[UUID, Facts] = UNKNOWN) -> None:
    """Files many directory entries at once; ``before`` is what those were filed by that are in it already."""
    filed = [
        (one, key)
        for one, known in entries
        for key in _filed_under(known) - (_filed_under(before[one]) if one in before else set())
    ]
    await _count(Counter(key for _, key in filed))
    await _spell({word for _, known in entries for word in _words(known.names)})
    await _file("", filed)


async def unindex(supplier: UUID, *, owner: UUID) -> None:
    """Takes an own record out of its school's keys."""
    await Key.delete().where((Key.owner == str(owner)) & (Key.supplier == supplier.bytes))


async def candidates(viewer: Viewer, name: Name, identifiers: Identifiers, limit: int = MOST_CANDIDATES) -> tuple[UUID, ...]:
    """The likeliest suppliers that the viewer can see, likeliest first. Inside a unit."""
    wanted = keys(name, identifiers)
    words = {word for reading in (name, *(alias.name for alias in name.aliases)) for word in reading.loose}
    found = await _in_directory(wanted, words)
    for supplier, weight in (await _among_own(viewer.school, wanted, words)).items():
        found[supplier] = found.get(supplier, 0.0) + weight
    for supplier in await _of_that_name(viewer, name.exact):
        found[supplier] = math.inf
    return tuple(_likeliest(found, limit))


async def by_name(viewer: Viewer, text: str, limit: int) -> tuple[tuple[UUID, float], ...]:
    """Suppliers that the viewer can see whose name answers ``text``, also misspelt or half typed, with how much of it
    they answer: 0..1, rare words counting most. Inside a unit.
    """
    asked, rarity = normalise(text), vocabulary()
    found = dict.fromkeys(await candidates(viewer, asked, Identifiers())) | await _beginning_with(viewer.school, asked)
    answered = [
        (max(overlap(asked.loose, normalise(name).loose, rarity).cover_left for name in one.names), one.facts.name, one.supplier)
        for one in await known_as(found)
    ]
    answered.sort(key=lambda one: (-one[0], one[1], one[2].bytes))
    return tuple((supplier, cover) for cover, _, supplier in answered[:limit] if cover > 0)


@dataclass(frozen=True, slots=True)
class Known:
    """A supplier as its viewer knows it: ``also`` are names of the school's own records that joined it."""

    supplier: UUID
    is_own: bool
    facts: Facts
    also: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        return (*self.facts.names, *self.also)

    def candidate(self, asked: Identifiers) -> matching.Candidate:
        identifiers = facts.matched(self.facts.identifiers, asked)
        return matching.candidate(self.facts.name, others=self.names[1:], identifiers=identifiers, ref=str(self.supplier))


async def known_as(found: Iterable[UUID]) -> tuple[Known, ...]:
    """The live suppliers among those found, which the viewer can see, each once. Inside a unit."""
    ids = list(found)
    if not ids:
        return ()
    rows = await Supplier.select(Supplier.id, Supplier.owner, Supplier.joined_to).where(Supplier.id.is_in(ids))
    row_of = {row["id"]: row for row in rows}
    live = dict.fromkeys(row_of[one]["joined_to"] or one for one in ids)
    joined = [row["id"] for row in rows if row["joined_to"]]
    known = await facts.load([*live, *joined])
    also: dict[UUID, tuple[str, ...]] = {}
    for one in joined:
        target = row_of[one]["joined_to"]
        also[target] = (*also.get(target, ()), *known[one].names)
    return tuple(Known(one, one in row_of and row_of[one]["owner"] is not None, known[one], also.get(one, ())) for one in live)


async def _in_directory(wanted: frozenset[str], words: set[str]) -> dict[UUID, float]:
    counts = await _counted(wanted)
    unsure = [word for word in words if counts.get(word, 0) <= RARE]
    slips = {slip for word in unsure for slip in _spellings(word)}
    near = set(await _spelt_like(slips)) - wanted
    worth = {key: _rarity(n) for key, n in counts.items()}
    if near:
        counted = await _counted(near)
        counts |= counted
        worth |= {key: SLIP_WORTH * _rarity(n) for key, n in counted.items()}
    return await _weighed("", counts, worth)


async def _among_own(school: UUID, wanted: frozenset[str], words: set[str]) -> dict[UUID, float]:
    asked = wanted | {SLIP + slip for word in words for slip in _spellings(word)}
    owner = str(school)
    counts: dict[str, int] = {}
    for batch in _batches(sorted(asked)):
        marks = ", ".join(["{}"] * len(batch))
        sql = f"SELECT key, count(*) AS n FROM suppliers_key WHERE owner = {{}} AND key IN ({marks}) GROUP BY key"  # noqa: S608 - marks
        counts |= {row["key"]: row["n"] for row in await Key.raw(sql, owner, *batch)}
    worth = {key: 1.0 if key.startswith(SLIP) else _rarity(n) for key, n in counts.items()}
    return await _weighed(owner, counts, worth)


async def _of_that_name(viewer: Viewer, exact: str) -> list[UUID]:
    seen = Supplier.owner.is_null() | (Supplier.owner == viewer.school)
    ids: list[UUID] = (
        await Supplier.select(Supplier.id)
        .where((Supplier.exact_name == exact) & seen)
        .order_by(Supplier.id)
        .limit(MOST_CANDIDATES)
        .output(as_list=True)
    )
    return ids


async def _beginning_with(school: UUID, asked: Name) -> dict[UUID, float]:
    """Those that have a word which the last word typed may become."""
    start = asked.loose[-1] if asked.loose else ""
    if len(start) < SHORTEST_START:
        return {}
    after = start + "\U0010ffff"
    rows = (
        await Word.select(Word.word, Word.n)
        .where((Word.word >= start) & (Word.word < after))
        .order_by(Word.n, ascending=False)
        .order_by(Word.word)
        .limit(MOST_SPELLINGS)
    )
    counts = {row["word"]: row["n"] for row in rows}
    found = await _weighed("", counts, {word: _rarity(n) for word, n in counts.items()})
    own = (
        await Key.select(Key.supplier)
        .where((Key.owner == str(school)) & (Key.key >= start) & (Key.key < after))
        .limit(MOST_CANDIDATES)
    )
    found |= {UUID(bytes=row["supplier"]): math.inf for row in own}
    return _likeliest(found, MOST_CANDIDATES)


async def _weighed(owner: str, counts: dict[str, int], worth: dict[str, float]) -> dict[UUID, float]:
    """What each supplier's keys are worth together: the rarest keys first, until the budget is spent."""
    found: dict[UUID, float] = {}
    for batch in _batches(_affordable(counts)):
        rows = (
            await Key.select(Key.key, Key.supplier)
            .where((Key.owner == owner) & Key.key.is_in(batch))
            .order_by(Key.key, Key.supplier)
            .limit(BUDGET)
        )
        for row in rows:
            supplier = UUID(bytes=row["supplier"])
            found[supplier] = found.get(supplier, 0.0) + worth[row["key"]]
    return found


def _likeliest(found: dict[UUID, float], limit: int) -> dict[UUID, float]:
    ranked = sorted(found, key=lambda supplier: (-found[supplier], supplier.bytes))
    return {supplier: found[supplier] for supplier in ranked[:limit]}


def _affordable(counts: dict[str, int]) -> list[str]:
    """At least one key, however common: its rows are cut off at the budget."""
    chosen: list[str] = []
    spent = 0
    for n, key in sorted((n, key) for key, n in counts.items()):
        spent += n
        if chosen and spent > BUDGET:
            break
        chosen.append(key)
    return chosen


def _rarity(n: int) -> float:
    return math.log(NAMES / max(n, 1))


async def _counted(keys: Iterable[str]) -> dict[str, int]:
    rows = await Word.select(Word.word, Word.n).where(Word.word.is_in(sorted(keys))) if keys else []
    return {row["word"]: row["n"] for row in rows}


async def _spelt_like(slips: set[str]) -> list[str]:
    if not slips:
        return []
    rows: list[str] = (
        await Deletion.select(Deletion.word)
        .where(Deletion.signature.is_in(sorted(slips)))
        .order_by(Deletion.word)
        .limit(MOST_SPELLINGS)
        .output(as_list=True)
    )
    return rows


def _filed_under(known: Facts) -> frozenset[str]:
    read = [keys(normalise(name)) for name in known.names]
    return frozenset(chain(*read, (f"{scheme}:{value}" for scheme, value in known.identifiers)))


def _words(names: Iterable[str]) -> set[str]:
    read = map(normalise, names)
    return {word for name in read for part in (name, *(alias.name for alias in name.aliases)) for word in part.loose}


def _spellings(word: str) -> frozenset[str]:
    return signatures(word) if len(word) <= LONGEST_SPELT else frozenset()


async def _file(owner: str, filed: Iterable[tuple[UUID, str]]) -> None:
    """Sorted, so that a million rows fill the index from one end."""
    rows = sorted((owner, key, supplier.bytes) for supplier, key in filed)
    await database.insert_rows(Key, (Key.owner, Key.key, Key.supplier), rows)


async def _count(names_of: Counter[str]) -> None:
    """In one order everywhere, so that two writers wait for each other and never in a circle."""
    add = "ON CONFLICT (word) DO UPDATE SET n = suppliers_word.n + excluded.n"
    for batch in _batches(sorted(names_of.items())):
        await Word.raw(f"INSERT INTO suppliers_word (word, n) VALUES {_pairs(batch)} {add}", *chain.from_iterable(batch))  # noqa: S608 - no text of others


async def _spell(words: set[str]) -> None:
    insert = "INSERT INTO suppliers_deletion (signature, word) VALUES"
    for batch in _batches(sorted((slip, word) for word in words for slip in _spellings(word))):
        await Deletion.raw(f"{insert} {_pairs(batch)} ON CONFLICT DO NOTHING", *chain.from_iterable(batch))


def _pairs(batch: list[Any]) -> str:
    return ", ".join(["({}, {})"] * len(batch))


def _batches(items: Iterable[T]) -> Iterator[list[T]]:
    rest = iter(items)
    while batch := list(islice(rest, BATCH)):
        yield batch
