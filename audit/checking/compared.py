"""What slices keep of which the trail tells too, so that each can be held against the other.

The trail knows no other slice; `vouch/wiring.py` tells this process what there is to compare.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

from piccolo.columns import Column
from piccolo.table import Table

import database

AT_A_TIME: Final = 500  # rows

Fields = Mapping[str, Any]  # plain JSON, as entries commit it; empty values count as none
Page = Mapping[str, Fields]  # by key


def one_record(subject: str, facts: Fields) -> Iterable[tuple[str, Fields]]:
    """Most entries are about one record, and their subject is its key."""
    yield subject, facts


async def nothing_excused(_trail: str, _keys: Collection[str]) -> Collection[str]:
    return ()


@dataclass(frozen=True, slots=True)
class Compared:
    """One kind of record. An entry of a type in ``begins`` says anew what it is, one in ``changes`` what of it changed, one in
    ``ends`` that it is no more. ``fields`` are compared, others left out.
    """

    name: str  # in words, for people: "review"
    begins: frozenset[str]
    rows: Callable[[str], AsyncIterator[Page]]  # of a trail: what is there today, inside the caller's unit
    changes: frozenset[str] = frozenset()
    ends: frozenset[str] = frozenset()
    fields: frozenset[str] = frozenset()
    lapses: frozenset[str] = frozenset()  # fields with which a record may go without an entry, as when its time is over
    may_go: bool = False  # any may
    records: Callable[[str, Fields], Iterable[tuple[str, Fields]]] = one_record  # of an entry's subject and facts
    excused: Callable[[str, Collection[str]], Awaitable[Collection[str]]] = nothing_excused  # of keys that differ: which may


Limits = Callable[[str], Awaitable[Sequence[str]]]  # of a trail: a clause for each row that is beyond what may be


# Of no trail: a clause for each table that is not what it derives from. Told how many seconds to leave to others now and then.
Derived = Callable[[float], Awaitable[Sequence[str]]]


@dataclass(slots=True)
class _Registered:
    kinds: tuple[Compared, ...] | None = None
    limits: tuple[Limits, ...] = ()
    derived: tuple[Derived, ...] = ()


_registered: Final = _Registered()


def tell(*, kinds: Iterable[Compared], limits: Iterable[Limits], derived: Iterable[Derived] = ()) -> None:
    """Says what there is to compare. Called once, before anything is checked."""
    _registered.kinds, _registered.limits, _registered.derived = tuple(kinds), tuple(limits), tuple(derived)


def kinds() -> tuple[Compared, ...]:
    """RuntimeError where nobody said: a check that compares nothing must not say that all is well."""
    if _registered.kinds is None:
        raise RuntimeError("vouch/wiring.py was not imported: nobody said what there is to compare.")
    return _registered.kinds


def limits() -> tuple[Limits, ...]:
    return _registered.limits


def derived() -> tuple[Derived, ...]:
    return _registered.derived


def school_of(trail: str) -> UUID | None:
    """The school whose trail it is; None for the operator's, and for a name that nobody's trail has."""
    try:
        return UUID(trail)
    except ValueError:
        return None


async def pages(table: type[Table], where: Any, *columns: Column) -> AsyncIterator[list[dict[str, Any]]]:
    """Rows with their ``id``, some at a time: what is held meanwhile is ids alone. Inside a unit."""
    key: Any = table._meta.primary_key  # noqa: SLF001 - Piccolo names no other way
    ids: list[Any] = await table.select(key).where(where).output(as_list=True)
    for start in range(0, len(ids), AT_A_TIME):
        yield await table.select(key, *columns).where(database.among(key, ids[start : start + AT_A_TIME]))


def files(table: type[Table], school: Column) -> Callable[[str], AsyncIterator[Page]]:
    """What to compare of a table of files: of each the digest of its bytes, where the column says that it is the school's."""

    async def rows(trail: str) -> AsyncIterator[Page]:
        if whose := school_of(trail):
            async for some in pages(table, school == whose):
                yield await digests(table, [row["id"] for row in some])

    return rows


async def digests(table: type[Table], ids: Sequence[Any]) -> dict[str, Fields]:
    """By id, the SHA-256 of the bytes that are stored in the column ``data`` today, whatever is noted beside them. Inside a unit.

    PostgreSQL hashes where the bytes lie; of SQLite's one file at a time is read.
    """
    name = table._meta.tablename  # noqa: SLF001
    if database.is_postgres():
        rows = await database.select(f"SELECT id, encode(sha256(data), 'hex') AS hex FROM {name} WHERE id = ANY($1)", list(ids))  # noqa: S608 - our own name
        return {str(row["id"]): {"sha256": row["hex"]} for row in rows}
    found: dict[str, Fields] = {}
    for one in ids:
        for row in await database.select(f"SELECT data FROM {name} WHERE id = $1", str(one)):  # noqa: S608 - our own name
            found[str(one)] = {"sha256": sha256(row["data"]).hexdigest()}
    return found
