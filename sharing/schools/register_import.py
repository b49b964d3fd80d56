"""Brings schools, and the networks that the register makes of them, up to date with a register file.

The whole file is one unit of work and one entry in the operator's trail, or nothing. Schools are never deleted.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from operator import attrgetter
from typing import Final
from uuid import UUID, uuid4

import audit
import database
from audit.log import whose
from audit.log.subjects import REGISTER
from base import clock
from base.refusals import Conflict, Forbidden
from base.viewer import Viewer
from sharing.events import Event
from sharing.schools.register import RegisterRow, RejectedSchool
from sharing.schools.register_networks import NetworkChanges, link
from sharing.schools.register_plan import KnownSchool, RegisterPlan, SchoolFacts, plan
from sharing.tables import School

_NAMES: Final = tuple(field.name for field in fields(SchoolFacts))
REGISTERED: Final = tuple(School._meta.get_column_by_name(name) for name in _NAMES)  # noqa: SLF001 - Piccolo's way
values: Final = attrgetter(*_NAMES)  # of Facts, in the order of REGISTERED


@dataclass(frozen=True, slots=True)
class RegisterReport:
    """How many schools changed, and the rows that could not be used: a few at most in a good file."""

    added: int
    changed: int
    closed: int
    unchanged: int
    rejected: tuple[RejectedSchool, ...]


async def import_register(
    viewer: Viewer | None,
    rows: Iterable[RegisterRow | RejectedSchool],
    *,
    digest: str,
    complete: bool = False,
    as_of: str | None = None,
) -> RegisterReport:
    """What it takes is as ``register.open_register`` gives it; ``viewer`` None is the command line.

    Reads all rows before the unit of work begins, so that a damaged file changes nothing and holds no lock. The same
    file twice changes nothing the second time. Raises Forbidden for anybody but the operator, Invalid for a file
    that is called complete and isn't, Conflict when another import was faster.
    """
    if viewer is not None and not viewer.is_operator:
        raise Forbidden("Only the operator of this installation can import the school register.")
    schools, rejected = _schools_and_rejected(rows)
    async with audit.recording(viewer) as record:
        with database.duplicates(Conflict("Somebody else is importing the register. Try again in a minute.")):
            known, now = await _known(), clock.now()
            changes = plan(schools, known, complete=complete, spared=_spared(rejected))
            ids = {urn: ours.id for urn, ours in known.items()} | await _add(changes.added, now)
            await _change((*changes.changed, *changes.closed))
            linked = await link(schools, ids, closed=[ours.id for ours in changes.closed], complete=complete, now=now)
            await whose.tell_renamed(record, [*_renamed(changes, known), *map(str, linked.teams)])
        report = RegisterReport(len(changes.added), len(changes.changed), len(changes.closed), changes.unchanged, rejected)
        if changes.added or changes.changed or changes.closed or linked != NetworkChanges():
            facts = _counts(report, linked) | {"digest": f"sha256:{digest}", "complete": complete}
            facts |= {"as_of": as_of} if as_of else {}
            record(Event.REGISTER_IMPORTED, stream=REGISTER, subject=REGISTER, facts=facts, trail=audit.OPERATOR)
        else:
            record.unchanged()
    return report


def _renamed(changes: RegisterPlan, known: Mapping[int, KnownSchool]) -> list[str]:
    """The trails of schools that have another name now."""
    now = (*changes.changed, *changes.closed)
    return [str(ours.id) for ours in now if ours.facts.name != known[ours.facts.urn].facts.name]


def _schools_and_rejected(rows: Iterable[RegisterRow | RejectedSchool]) -> tuple[list[RegisterRow], tuple[RejectedSchool, ...]]:
    schools, rejected = [], []
    for row in rows:
        if isinstance(row, RegisterRow):
            schools.append(row)
        else:
            rejected.append(row)
    return schools, tuple(rejected)


def _spared(rejected: Sequence[RejectedSchool]) -> frozenset[int] | None:
    """The URNs that are in the file although their rows can't be used; None if one of them could not be read."""
    urns = frozenset(row.urn for row in rejected if row.urn is not None)
    return urns if all(row.urn for row in rejected) else None


async def _known() -> dict[int, KnownSchool]:
    found = await School.select(School.id, *REGISTERED).where(School.urn.is_not_null())
    return {row["urn"]: KnownSchool(row.pop("id"), SchoolFacts(**row)) for row in found}


async def _add(added: Iterable[SchoolFacts], now: datetime) -> dict[int, UUID]:
    ids = {facts.urn: uuid4() for facts in added}
    columns = (School.id, School.kind, School.registered_at, *REGISTERED)
    await database.insert_rows(School, columns, [(ids[facts.urn], "school", now, *values(facts)) for facts in added])
    return ids


async def _change(changed: Iterable[KnownSchool]) -> None:
    await database.update_rows(School, REGISTERED, [(*values(ours.facts), ours.id) for ours in changed])


def _counts(report: RegisterReport, linked: NetworkChanges) -> dict[str, int]:
    return {
        "added": report.added,
        "changed": report.changed,
        "closed": report.closed,
        "unchanged": report.unchanged,
        "rejected": len(report.rejected),
        "joined": linked.joined,
        "left": linked.left,
    }
