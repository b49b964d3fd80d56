"""Today's rows against what the trail tells: each difference is named by its record, never by what it says."""

import asyncio
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from audit.checking.compared import AT_A_TIME, Compared, Fields, limits
from audit.checking.told import State, Told, digest
from audit.log.fsck import Finding

MOST_NAMED: Final = 20  # differences of one trail: whoever has more has another question than which
VERSION: Final = "version"  # an erasure moves it on without an entry of the record

Difference = tuple[str, int | None, str]  # key of the record, entry that says otherwise, words


@dataclass(slots=True)
class _Findings:
    trail: str
    named: list[Finding]
    more: int = 0

    def add(self, idx: int | None, what: str) -> None:
        if len(self.named) < MOST_NAMED:
            self.named.append(Finding(self.trail, idx, what))
        else:
            self.more += 1

    def all(self) -> tuple[Finding, ...]:
        rest = [Finding(self.trail, None, f"{self.more:,} more differences like these")] if self.more else []
        return (*self.named, *rest)


async def differences(trail: str, told: Told, *, rest: float = 0) -> tuple[Finding, ...]:
    """What today's rows say otherwise than the trail told. Inside the unit in which the trail was read. ``rest``: seconds left to
    others after each page of rows.
    """
    found = _Findings(trail, [])
    for n, kind in enumerate(told.kinds):
        async for page in kind.rows(trail):
            states = told.states(n, page)
            await _add(found, kind, [one for key, fields in page.items() for one in _of_row(kind, key, fields, states.get(key))])
            told.forget(n, page)
            await asyncio.sleep(rest)
        for some in _batches(told, n):
            await _add(found, kind, some)
            await asyncio.sleep(rest)
    for limit in limits():
        for what in await limit(trail):
            found.add(None, what)
    return found.all()


async def _add(found: _Findings, kind: Compared, some: list[Difference]) -> None:
    excused = set(await kind.excused(found.trail, [key for key, _, _ in some])) if some else set()
    for key, idx, what in some:
        if key not in excused:
            found.add(idx, what)


def _of_row(kind: Compared, key: str, fields: Fields, state: State | None) -> Iterator[Difference]:
    which = _named(kind, key)
    if state is None:
        yield key, None, f"today's records hold the {which}, and no entry tells of it"
    elif state.ended is not None:
        yield key, state.ended, f"it ended the {which}, and today's records hold it still"
    elif others := sorted(_others(kind, fields, state)):
        idx = max((state.fields[name].idx for name in others if name in state.fields), default=state.begun)
        yield key, idx, f"today's records hold another {', '.join(others)} of the {which}"


def _others(kind: Compared, fields: Fields, state: State) -> Iterator[str]:
    for name in kind.fields:
        told = state.fields.get(name)
        is_left_out = (told and told.missing) or (name == VERSION and state.is_erased)
        if not is_left_out and (told.value if told else "") != digest(fields.get(name)):
            yield name


def _batches(told: Told, n: int) -> Iterator[list[Difference]]:
    """What is told of records that today's rows don't hold, some at a time."""
    some: list[Difference] = []
    for key, state in told.left(n):
        if not _may_be_gone(told.kinds[n], state, told.gone_files):
            some.append((key, state.begun, f"today's records hold the {_named(told.kinds[n], key)} no more"))
        if len(some) >= AT_A_TIME:
            yield some
            some = []
    if some:
        yield some


def _may_be_gone(kind: Compared, state: State, gone_files: Iterable[str]) -> bool:
    told: Mapping[str, str] = {name: one.value for name, one in state.fields.items() if one.value}
    says_nothing = bool(kind.fields) and not told.keys() & kind.fields
    is_erased = any(value in gone_files for value in told.values())
    return state.ended is not None or kind.may_go or says_nothing or bool(told.keys() & kind.lapses) or is_erased


def _named(kind: Compared, key: str) -> str:
    return f"{kind.name} {key.rpartition(':')[2]}"
