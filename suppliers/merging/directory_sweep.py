"""Looks through the whole directory for entries that may be the same, for the curator's queue.

Each entry asks who may be the same as it, as somebody typing its name would. Pairs say only what matching makes of names and
numbers, at any time again, so they are housekeeping's; what people decided is nowhere touched. Stopped half-way, the next
run goes on from there.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Final
from uuid import UUID, uuid4

import audit
import database
from audit.log.subjects import DIRECTORY
from base import clock
from base.progress import Progress, no_progress
from base.viewer import Role, Viewer
from suppliers.directory import directory
from suppliers.events import Event
from suppliers.matching import cards
from suppliers.merging.tables import EntryPair, PairSearch
from suppliers.record import facts
from suppliers.tables import Supplier

BATCH: Final = 100  # entries looked at in one unit: about a second
LEAST: Final = 0.5  # from here on, more often the same than not
FIRST: Final = UUID(int=0)
NOBODY: Final = Viewer(FIRST, "", FIRST, "", Role.HEAD)  # of no school, and so sees the directory and no more


@dataclass(frozen=True, slots=True)
class SweepReport:
    looked_at: int  # by this run
    pairs: int  # there are now


async def find_duplicates(progress: Progress = no_progress) -> SweepReport:
    """Goes through the whole directory in units of its own; the last one records that it is finished."""
    search, up_to = await _begin()
    looked_at = 0
    with progress("Looking for entries that may be the same", await _left(up_to)) as advance:
        while entries := await _next(up_to):
            pairs = await _pairs(entries)
            await _keep(search, pairs, entries[-1])
            up_to, looked_at = entries[-1], looked_at + len(entries)
            advance(len(entries))
    async with audit.recording(None) as record:
        await EntryPair.delete().where(EntryPair.found_at < search.begun_at)
        await PairSearch.update({PairSearch.finished_at: clock.now()}).where(PairSearch.id == search.id)
        count = await EntryPair.count()
        told = {"looked_at": looked_at, "pairs": count, "model": search.model}
        record(Event.DIRECTORY_PAIRS_FOUND, stream=DIRECTORY, subject=DIRECTORY, facts=told, trail=audit.OPERATOR)
    return SweepReport(looked_at, count)


def model() -> str:
    """A digest of how this version matches: 16 hex digits."""
    weights = (files("suppliers.matching") / "data" / "matching_weights.json").read_bytes()
    return hashlib.sha256(cards.reading().encode() + weights).hexdigest()[:16]


async def _begin() -> tuple[PairSearch, UUID]:
    """The search that is under way, if it matches as this version does, and how far it has come; else a new one."""
    async with database.housekeeping():
        going = PairSearch.finished_at.is_null() & (PairSearch.model == model())
        found = await PairSearch.objects().where(going).order_by(PairSearch.begun_at, ascending=False).first()
        if found is None:
            found = PairSearch(id=uuid4(), model=model(), begun_at=clock.now(), up_to=None, finished_at=None)
            await found.save()
        up_to: UUID | None = found.up_to
        return found, up_to or FIRST


def _after(up_to: UUID) -> Any:
    return Supplier.owner.is_null() & Supplier.joined_to.is_null() & (Supplier.id > up_to)


async def _left(up_to: UUID) -> int:
    async with database.read():
        left: int = await Supplier.count().where(_after(up_to))
    return left


async def _next(up_to: UUID) -> list[UUID]:
    async with database.read():
        ids: list[UUID] = (
            await Supplier.select(Supplier.id).where(_after(up_to)).order_by(Supplier.id).limit(BATCH).output(as_list=True)
        )
    return ids


async def _pairs(entries: Sequence[UUID]) -> dict[tuple[UUID, UUID], float]:
    async with database.read():
        known = await facts.load(entries)
    pairs: dict[tuple[UUID, UUID], float] = {}
    for entry, of_it in known.items():
        identifiers = {scheme.value: value for scheme, value in of_it.identifiers}
        for other in await directory.suggestions(NOBODY, of_it.name, identifiers, other_than=entry):
            if other.probability >= LEAST:
                pairs[_in_order(entry, other.supplier_id)] = other.probability
    return pairs


def _in_order(one: UUID, other: UUID) -> tuple[UUID, UUID]:
    return (one, other) if one < other else (other, one)


async def _keep(search: PairSearch, pairs: dict[tuple[UUID, UUID], float], up_to: UUID) -> None:
    async with database.housekeeping():
        for (left, right), probability in pairs.items():
            await EntryPair.raw(
                """INSERT INTO suppliers_pair (id, left_supplier, right_supplier, probability, model, found_at)
                VALUES ({}, {}, {}, {}, {}, {}) ON CONFLICT (left_supplier, right_supplier)
                DO UPDATE SET probability = excluded.probability, model = excluded.model, found_at = excluded.found_at""",
                uuid4(), left, right, probability, search.model, clock.now(),
            )  # fmt: skip
        await PairSearch.update({PairSearch.up_to: up_to}).where(PairSearch.id == search.id)
