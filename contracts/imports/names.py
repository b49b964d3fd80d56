"""The suppliers and schools that a file names, each looked at once: surely one that is known, perhaps one of several, or new.

Only a name that stands for certain is decided here; every other waits for a person, who is shown the likeliest first.
"""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final
from uuid import UUID, uuid4

import database
from base.viewer import Viewer
from contracts.imports import other_schools, remembered_names
from contracts.imports.tables import NameInFile
from contracts.register_rows.states import NameChoice, NameKind
from contracts.sheets import trust_schools
from contracts.sheets.row_spelt import Schools
from sharing.schools.names import fold, likeness
from suppliers.directory import directory
from suppliers.directory.directory import Suggestion
from suppliers.matching.matching import Candidate, MatchVerdict
from suppliers.matching.names import normalise
from suppliers.record.facts import Facts
from suppliers.tables import Supplier

MOST_OPTIONS: Final = 4  # besides "none of these": what fits a phone
MOST_REASONS: Final = 3
AT_ONCE: Final = 50  # names of one step
LIKE: Final = 60.0  # of 100: a school's name worth showing first
_COLUMNS: Final = (
    NameInFile.id, NameInFile.import_id, NameInFile.kind, NameInFile.name, NameInFile.options, NameInFile.choice,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class NameOption:
    """A record that a name may stand for; ``why`` in words."""

    choice: str
    name: str
    why: str = ""


async def look_up(viewer: Viewer, import_id: UUID, suppliers: Iterable[str], schools: Iterable[str]) -> None:
    """Looks at each name that wasn't looked at before, and keeps what came of it."""
    known = await choices(import_id)
    new = sorted({name for name in suppliers if name} - set(known[NameKind.SUPPLIER]))
    for start in range(0, len(new), AT_ONCE):
        found = await _suppliers(viewer, new[start : start + AT_ONCE])
        await _keep(import_id, NameKind.SUPPLIER, await _as_last_time(viewer, NameKind.SUPPLIER, found, ()))
    new = sorted({name for name in schools if name} - set(known[NameKind.SCHOOL]))
    if new:
        async with database.read():
            of_trust = await trust_schools.schools_of(viewer)
        if of_trust:
            found = {name: _school(name, of_trust) for name in new}
        else:
            mine, elsewhere = await other_schools.named(viewer)
            found = {name: _one_of_mine(name, mine, elsewhere) for name in new}
        await _keep(
            import_id, NameKind.SCHOOL, await _as_last_time(viewer, NameKind.SCHOOL, found, always(NameKind.SCHOOL, of_trust))
        )


async def choices(import_id: UUID) -> dict[NameKind, dict[str, str]]:
    """What each name stands for, as far as it is known."""
    async with database.read():
        rows = await NameInFile.select(NameInFile.kind, NameInFile.name, NameInFile.choice).where(
            NameInFile.import_id == import_id
        )
    found: dict[NameKind, dict[str, str]] = {kind: {} for kind in NameKind}
    for row in rows:
        found[NameKind(row["kind"])][row["name"]] = row["choice"]
    return found


Found = tuple[Sequence[NameOption], str]  # what it may stand for, and the choice where that is certain


async def _keep(import_id: UUID, kind: NameKind, found: Mapping[str, Found]) -> None:
    rows = [
        (uuid4(), import_id, kind.value, name, json.dumps([asdict(one) for one in options], ensure_ascii=False), choice)
        for name, (options, choice) in found.items()
    ]
    async with database.housekeeping():
        await database.insert_rows(NameInFile, _COLUMNS, rows)


async def _as_last_time(viewer: Viewer, kind: NameKind, found: Mapping[str, Found], besides: Collection[str]) -> dict[str, Found]:
    """What a person said of the same name before goes before what is likely."""
    offered = {name: [*(one.choice for one in options), *besides] for name, (options, _) in found.items()}
    async with database.read():
        said = await remembered_names.as_last_time(viewer.school, kind, offered)
    return {name: (options, said.get(name, choice)) for name, (options, choice) in found.items()}


async def _suppliers(viewer: Viewer, names: Collection[str]) -> dict[str, Found]:
    exact = {name: Facts(name).exact for name in names}
    async with database.read():
        mine = (Supplier.owner == viewer.school) & database.among(Supplier.exact_name, sorted(set(exact.values())))
        rows = await Supplier.select(Supplier.id, Supplier.name, Supplier.exact_name, Supplier.joined_to).where(mine)
        ours = {row["exact_name"]: row for row in rows}
        found: dict[str, Found] = {}
        for name in names:
            if row := ours.get(exact[name]):
                who = str(row["joined_to"] or row["id"])
                found[name] = ([NameOption(who, row["name"], "on your own list, by the same name")], who)
            else:
                found[name] = _judged(await directory.suggested(viewer, Candidate(normalise(name))))
        return found


def _judged(suggested: Sequence[Suggestion]) -> Found:
    """Surely the same only where one is, and no other may be."""
    options = [NameOption(str(one.supplier_id), one.name, _why(one)) for one in suggested[:MOST_OPTIONS]]
    same = [one for one in suggested if one.verdict is MatchVerdict.SAME]
    if not options:
        return (), NameChoice.NAME_ALONE.value
    return options, str(same[0].supplier_id) if len(same) == 1 and len(suggested) == 1 else ""


def _why(one: Suggestion) -> str:
    reasons = "; ".join(one.reasons[:MOST_REASONS]) or one.likelihood
    return f"on your own list: {reasons}" if one.is_own else reasons


def _school(name: str, of_trust: Schools) -> Found:
    """Certain by its URN, or where the name is that of one school and no other."""
    which = _certain(name, of_trust)
    options = [NameOption(str(one), of_trust[one].name) for one in _likeliest(name, of_trust)]
    return options, str(which) if which else ""


def _one_of_mine(name: str, mine: Schools, elsewhere: Collection[UUID]) -> Found:
    """Of a file for one's own school and perhaps for others of the same person: another of those is not this one."""
    which = _certain(name, mine)
    if which is None:
        return (), ""
    return (), (NameChoice.NOT_OURS if which in elsewhere else NameChoice.OURSELVES).value


def _certain(name: str, schools: Schools) -> UUID | None:
    urn = name.split(" ", 1)[0]
    by_urn = [which for which, one in schools.items() if urn.isdecimal() and str(one.urn) == urn]
    named = by_urn or [which for which, one in schools.items() if fold(one.name) == fold(name)]
    return named[0] if len(named) == 1 else None


def _likeliest(name: str, of_trust: Schools) -> list[UUID]:
    words = tuple(fold(name).split())
    scored = {which: likeness(words, fold(one.name)) for which, one in of_trust.items()}
    best = sorted((which for which in of_trust if scored[which] >= LIKE), key=lambda which: -scored[which])
    return best[:MOST_OPTIONS]


def always(kind: NameKind, of_trust: Schools) -> set[str]:
    """What may be chosen of any name, besides the records that it may stand for."""
    if kind is NameKind.SUPPLIER:
        return {NameChoice.NAME_ALONE.value}
    of_a_trust = {NameChoice.ALL_SCHOOLS.value, *map(str, of_trust)} if of_trust else set()
    return {NameChoice.OURSELVES.value, NameChoice.NOT_OURS.value} | of_a_trust


def options_of(kept: str) -> tuple[NameOption, ...]:
    found: Sequence[dict[str, Any]] = json.loads(kept or "[]")
    return tuple(NameOption(**one) for one in found)
