"""What the entries of one trail tell of each record, folded while they are read, in bounded memory.

Values are kept as digests only, in a database of SQLite's that has no name, lies on the disk once it is large, and goes with
the process: no text leaves the database that is checked.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from types import TracebackType
from typing import Any, Final, Self

import database
from audit.canonical import encoded
from audit.checking.compared import Compared, Fields
from audit.events import Event
from audit.log.fsck import Openings, Rows
from audit.reading import fold
from audit.reading.fold import ERASED, OLD, FoldedField, ReadableEntry
from audit.tables import Entry, Opening

PERSONAL: Final = "personal."
CACHE: Final = 16 * 1024  # KiB of the fold that stay in memory
EMPTY: Final[tuple[Any, ...]] = (None, [], {})
DIGEST_BYTES: Final = 16


@dataclass(slots=True)
class State:
    """A record as entries tell it: where it began and ended, and a digest of each field; ``is_erased``: something of it was."""

    begun: int
    ended: int | None = None
    is_erased: bool = False
    fields: dict[str, FoldedField] = field(default_factory=dict)

    def stored(self) -> str:
        fields = {name: (one.value, one.idx, one.missing) for name, one in self.fields.items()}
        return json.dumps((self.begun, self.ended, self.is_erased, fields))

    @classmethod
    def of(cls, stored: str) -> Self:
        begun, ended, is_erased, fields = json.loads(stored)
        return cls(begun, ended, is_erased, {name: FoldedField(*one) for name, one in fields.items()})


Place = tuple[int, str]  # the number of the kind, and the key of the record


@dataclass(frozen=True, slots=True)
class _Step:
    """What one entry says of one record."""

    place: Place
    entry: ReadableEntry
    type: str


class Told:
    """The fold of one trail. Hears pages of entries in order; then tells what it has heard, kind by kind."""

    def __init__(self, kinds: Sequence[Compared]) -> None:
        self.kinds = kinds
        self.gone_files: set[str] = set()  # digests of digests of files that an erasure took
        self._wanted = [kind.fields | kind.lapses for kind in kinds]
        self._of_type: dict[str, list[int]] = {}
        for n, kind in enumerate(kinds):
            for type_ in kind.begins | kind.changes | kind.ends:
                self._of_type.setdefault(type_, []).append(n)
        self._kept = sqlite3.connect("", isolation_level=None)
        self._kept.execute("PRAGMA journal_mode = OFF")
        self._kept.execute("PRAGMA synchronous = OFF")
        self._kept.execute(f"PRAGMA cache_size = -{CACHE}")
        self._kept.execute("CREATE TABLE told (kind INTEGER, key TEXT, state TEXT, PRIMARY KEY (kind, key)) WITHOUT ROWID")
        self._kept.execute("BEGIN")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _type: type[BaseException] | None, _value: BaseException | None, _trace: TracebackType | None) -> None:
        self._kept.close()

    async def hear(self, rows: Rows, openings: Openings) -> None:
        """One page of entries with their openings."""
        steps = [step for row in rows for step in self._steps(row, openings.get(row["event_id"], {}))]
        known = self._load({step.place for step in steps})
        for step in steps:
            self._take(known, step)
        self._save(known)
        for row in rows:
            if row["type"] == Event.ERASURE_APPLIED.value:
                await self._erase(row["trail"], _facts(openings[row["event_id"]]))

    def states(self, kind: int, keys: Iterable[str]) -> dict[str, State]:
        """What is told of these records of a kind; those of which nothing is are left out."""
        return {key: state for (_, key), state in self._load({(kind, key) for key in keys}).items()}

    def forget(self, kind: int, keys: Iterable[str]) -> None:
        self._kept.executemany("DELETE FROM told WHERE kind = ? AND key = ?", [(kind, key) for key in keys])

    def left(self, kind: int) -> Iterator[tuple[str, State]]:
        """What is told of a kind and was not forgotten, in no order to rely on."""
        for key, stored in self._kept.execute("SELECT key, state FROM told WHERE kind = ?", (kind,)):
            yield key, State.of(stored)

    def _steps(self, row: Mapping[str, Any], openings: Mapping[str, Mapping[str, Any]]) -> Iterator[_Step]:
        numbers = self._of_type.get(row["type"], ())
        if not numbers:
            return
        facts = _facts(openings)
        for n in numbers:
            wanted = self._wanted[n]
            texts = {
                name: digest(json.loads(opening["value"]))
                for name, opening in ((one.removeprefix(PERSONAL), o) for one, o in openings.items() if one.startswith(PERSONAL))
                if name.removesuffix(OLD) in wanted
            }
            for key, said in self.kinds[n].records(row["subject"], facts):
                yield _Step((n, key), ReadableEntry(row["idx"], _digests(said, wanted), texts, {}), row["type"])

    def _take(self, known: dict[Place, State], step: _Step) -> None:
        kind, idx = self.kinds[step.place[0]], step.entry.idx
        if step.type in kind.ends:
            if step.place in known:
                known[step.place].ended = idx
            return
        begins = step.type in kind.begins
        if begins:
            known[step.place] = State(idx)
        elif step.place not in known:
            return
        fold.step(known[step.place].fields, step.entry, is_first=begins)

    async def _erase(self, trail: str, facts: Fields) -> None:
        """What an erasure took is no difference, until a later entry says it anew; nor is the version, which it moved on."""
        self.gone_files |= {digest(one) for one in facts.get("evidence", ())}
        items = {(one["idx"], one["field"].removeprefix(PERSONAL)) for one in facts["erased"]}
        of_entry = await _entries(trail, {idx for idx, _ in items})
        touched: dict[Place, State] = {}
        for idx, name in items:
            for step in self._steps(*of_entry[idx]) if idx in of_entry else ():
                if name not in self.kinds[step.place[0]].fields:
                    continue
                touched |= {k: v for k, v in self._load({step.place}).items() if k not in touched}
                if state := touched.get(step.place):
                    _mark(state, name, idx)
        self._save(touched)

    def _load(self, places: Iterable[Place]) -> dict[Place, State]:
        found = {}
        for place in places:
            if row := self._kept.execute("SELECT state FROM told WHERE kind = ? AND key = ?", place).fetchone():
                found[place] = State.of(row[0])
        return found

    def _save(self, states: Mapping[Place, State]) -> None:
        rows = [(*place, state.stored()) for place, state in states.items()]
        self._kept.executemany("INSERT OR REPLACE INTO told VALUES (?, ?, ?)", rows)


def _mark(state: State, name: str, idx: int) -> None:
    state.is_erased = True
    if name not in state.fields or state.fields[name].idx <= idx:
        state.fields[name] = FoldedField(None, idx, ERASED)


async def _entries(trail: str, positions: set[int]) -> dict[int, tuple[Mapping[str, Any], Mapping[str, Mapping[str, Any]]]]:
    """The entries at these positions with their facts. Inside the caller's unit."""
    here = (Entry.trail == trail) & database.among(Entry.idx, sorted(positions))
    rows = await Entry.select(Entry.event_id, Entry.idx, Entry.type, Entry.subject).where(here)
    is_facts = database.among(Opening.event_id, [row["event_id"] for row in rows]) & (Opening.field == "facts")
    facts = {row["event_id"]: row for row in await Opening.select(Opening.event_id, Opening.value).where(is_facts)}
    return {row["idx"]: (row, {"facts": facts[row["event_id"]]}) for row in rows if row["event_id"] in facts}


def _facts(openings: Mapping[str, Mapping[str, Any]]) -> Fields:
    facts: Fields = json.loads(openings["facts"]["value"])
    return facts


def _digests(said: Fields, wanted: frozenset[str]) -> Fields:
    plain = {name: digest(value) for name, value in said.items() if name in wanted}
    new = {name: digest(value) for name, value in (said.get("new") or {}).items() if name in wanted}
    return {**plain, "new": new}


def digest(value: Any) -> str:
    """Of plain JSON, the same for the same value, and for texts no way back; "" for an empty value."""
    if isinstance(value, str):
        return blake2b(value.encode(), digest_size=DIGEST_BYTES).hexdigest() if value else ""
    if isinstance(value, bool | int):
        return str(value)  # a rating, a version: most values, and nobody's words
    return "" if value in EMPTY else blake2b(encoded(value), digest_size=DIGEST_BYTES).hexdigest()
