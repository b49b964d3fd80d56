"""Files a supplier so that ``candidates`` finds it: its card, and the card's number under every key. Part of the unit that
saves its facts.

The directory and each school's own records have keys of their own: what one school keeps moves no count of another's. A key
lists at most MOST_LISTED and is only counted past that, because no question reads more. Counts of the directory never go
down, an entry being nobody's to take away; ``rebuilding`` counts anew.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from typing import Any, Final, TypeVar
from uuid import UUID

import database
from suppliers.index.tables import CardRow, Index, KeyRow, Refile
from suppliers.matching import cards, keys
from suppliers.matching.cards import Card
from suppliers.record.facts import Facts

DIRECTORY: Final = ""  # the owner of what every school sees
MOST_LISTED: Final = 2_000
BATCH: Final = 5_000  # rows of one statement: under 32,766 parameters on both databases
NONE: Final[Mapping[UUID, Facts]] = {}

_MERGED: Final = (
    "(generation, owner, key) DO UPDATE SET n = suppliers_key.n + excluded.n, listed = CASE"
    f" WHEN suppliers_key.n + excluded.n > {MOST_LISTED} THEN '' ELSE suppliers_key.listed || substr(excluded.listed, 2) END"
)
_KEYS: Final = database.shape(KeyRow, (KeyRow.generation, KeyRow.owner, KeyRow.key, KeyRow.n, KeyRow.listed), merging=_MERGED)
_SAID: Final = database.shape(CardRow, (CardRow.generation, CardRow.supplier, CardRow.said), keys=2)
_FIRST: Final = database.shape(Index, (Index.id, Index.generation, Index.reading), merging="(id) DO NOTHING")
_REFILE: Final = database.shape(Refile, (Refile.supplier,), merging="(supplier) DO NOTHING")

KeyColumns = tuple[int, str, str, int, str]  # of suppliers_key
T = TypeVar("T")


async def index(supplier: UUID, *, owner: UUID | None, known: Facts) -> None:
    """Files one supplier; ``owner`` None is the directory. Inside the unit that saves its facts."""
    await file(await _generation([supplier]), owner_of(owner), [(supplier, known)])


async def index_own(entries: Sequence[tuple[UUID, Facts]], *, owner: UUID) -> None:
    """Files many new records of one school at once."""
    await file(await _generation([supplier for supplier, _ in entries]), owner_of(owner), entries)


async def index_directory(entries: Sequence[tuple[UUID, Facts]], *, before: Mapping[UUID, Facts] = NONE) -> None:
    """Files many directory entries at once; ``before`` has the facts that known ones were filed by."""
    await file(await _generation([supplier for supplier, _ in entries]), DIRECTORY, entries, before)


async def unindex(supplier: UUID, *, owner: UUID | None) -> None:
    """Takes a supplier out of every key, and leaves no word behind that nobody else of its owner has."""
    generation = await _generation([supplier])
    sql = "SELECT number, said FROM suppliers_card WHERE supplier = $1 AND generation = $2"
    for row in await database.select(sql, supplier, generation):
        card = cards.read(row["said"])
        empty = await _take_out(generation, owner, str(row["number"]), sorted(card.filed_under()))
        for word in sorted(card.words() & empty):
            await _take_out(generation, owner, word, sorted(keys.ways_to(word)))
    await CardRow.delete().where((CardRow.supplier == supplier) & (CardRow.generation == generation))


async def file(generation: int, owner: str, entries: Sequence[tuple[UUID, Facts]], before: Mapping[UUID, Facts] = NONE) -> None:
    """Files suppliers of one owner; ``before`` has the facts that known ones were filed by."""
    made = {supplier: cards.of(known) for supplier, known in entries}
    numbers = await _numbers(generation, [supplier for supplier in made if supplier in before])
    await database.write_together((_SAID, [(generation, one, cards.written(made[one])) for one in numbers]))
    old = {one: cards.of(before[one]).filed_under() for one in numbers}
    numbers |= await _new_cards(generation, owner, {one: card for one, card in made.items() if one not in numbers})
    listed: dict[str, list[object]] = {}
    for supplier, card in made.items():
        for key in card.filed_under() - old.get(supplier, frozenset()):
            listed.setdefault(key, []).append(numbers[supplier])
    for word in await _new_words(generation, owner, made.values()):
        for way in keys.ways_to(word):
            listed.setdefault(way, []).append(word)
    # In one order everywhere, so that two writers wait for each other and never in a circle.
    for batch in batches(sorted(listed.items())):
        await database.write_together((_KEYS, [row_of(generation, owner, key, of) for key, of in batch]))


def row_of(generation: int, owner: str, key: str, listed: Sequence[object]) -> KeyColumns:
    """The columns of a key, its list with a space before and behind each, so that SQL can add to it and take from it."""
    fits = len(listed) <= MOST_LISTED
    return generation, owner, key, len(listed), f" {' '.join(map(str, listed))} " if fits else ""


def batches(items: Iterable[T]) -> Iterator[list[T]]:
    rest = iter(items)
    while batch := list(islice(rest, BATCH)):
        yield batch


async def _generation(changing: Sequence[UUID]) -> int:
    """The generation in use, locked until the unit ends; while another is made, what changes is noted to be filed there too."""
    rows = await database.select(f"SELECT generation, building FROM suppliers_index {database.row_lock(shared=True)}")  # noqa: S608 - our own text
    if not rows:
        await database.write_together((_FIRST, [(1, 0, cards.reading())]))
        return 0
    if rows[0]["building"] is not None:
        await database.write_together((_REFILE, [(supplier,) for supplier in changing]))
    generation: int = rows[0]["generation"]
    return generation


async def _numbers(generation: int, suppliers: list[UUID]) -> dict[UUID, int]:
    sql = "SELECT supplier, number FROM suppliers_card WHERE generation = $1 AND supplier = ANY($2)"
    rows = await database.select(sql, generation, suppliers) if suppliers else ()
    return {row["supplier"]: row["number"] for row in rows}


async def _new_cards(generation: int, owner: str, made: Mapping[UUID, Card]) -> dict[UUID, int]:
    numbers: dict[UUID, int] = {}
    for batch in batches(made.items()):
        marks = ", ".join(["({}, {}, {}, {})"] * len(batch))
        values = chain.from_iterable((generation, owner, supplier, cards.written(card)) for supplier, card in batch)
        sql = f"INSERT INTO suppliers_card (generation, owner, supplier, said) VALUES {marks} RETURNING supplier, number"  # noqa: S608 - marks
        numbers |= {_uuid(row["supplier"]): row["number"] for row in await CardRow.raw(sql, *values)}
    return numbers


async def _new_words(generation: int, owner: str, made: Iterable[Card]) -> list[str]:
    """The words of these cards that no key leads to yet. A word's own spelling is one of the keys to it."""
    own = {keys.SLIP + word: word for card in made for word in card.words() if keys.ways_to(word)}
    known: set[str] = set()
    sql = "SELECT key, listed FROM suppliers_key WHERE generation = $1 AND owner = $2 AND key = ANY($3)"
    for batch in batches(sorted(own)):
        rows = await database.select(sql, generation, owner, batch)
        known |= {row["key"] for row in rows if f" {own[row['key']]} " in row["listed"]}
    return sorted(own[key] for key in own.keys() - known)


async def _take_out(generation: int, owner: UUID | None, one: str, under: list[str]) -> set[str]:
    """Takes ``one`` out of these keys; returns those that are empty now. A key that outgrew its list stays as it is."""
    place = "WHERE generation = $1 AND owner = $2 AND key = ANY($3)"
    sql = f"UPDATE suppliers_key SET n = n - 1, listed = replace(listed, $4, ' ') {place} AND n <= {MOST_LISTED} RETURNING key, n"  # noqa: S608 - our own text
    rows = await database.select(sql, generation, owner_of(owner), under, f" {one} ")
    empty = [row["key"] for row in rows if row["n"] <= 0]
    await database.select(f"DELETE FROM suppliers_key {place} RETURNING key", generation, owner_of(owner), empty)  # noqa: S608 - our own text
    return set(empty)


def owner_of(owner: UUID | None) -> str:
    return DIRECTORY if owner is None else str(owner)


def _uuid(value: Any) -> UUID:
    return value if isinstance(value, UUID) else UUID(str(value))
