"""The search of the directory for the curator: every likely pair, nothing of a school's own, and on from where it stopped."""

from uuid import UUID

import pytest

import database
from notices.desk import waiting
from suppliers.directory import directory
from suppliers.merging import curators_queue, decisions, directory_sweep, merges
from suppliers.merging.decisions import Judgement
from suppliers.merging.tables import EntryPair, PairSearch
from suppliers.merging.waiting import WAITS
from tests.given.builders import events_of
from tests.given.listed_suppliers import an_entry, curator, manager

pytestmark = pytest.mark.usefixtures("db")


async def pairs() -> set[frozenset[UUID]]:
    async with database.read():
        rows = await EntryPair.select(EntryPair.left_supplier, EntryPair.right_supplier)
    return {frozenset(row.values()) for row in rows}


async def test_likely_pairs_are_found_once_and_own_records_are_left_alone() -> None:
    olive = await curator()
    one, other = await an_entry("Meridian Facilities Ltd"), await an_entry("Meridian Facilities Limited")
    await an_entry("Quixotic Cleaning")
    await directory.add(await manager(), name="Meridian Facilities")
    report = await directory_sweep.find_duplicates()
    assert (report.looked_at, report.pairs) == (3, 1)
    assert await pairs() == {frozenset({one, other})}
    queued = (await curators_queue.queue(olive)).pairs
    assert [{pair.one, pair.other} for pair in queued] == [{one, other}]
    assert (await directory_sweep.find_duplicates()).pairs == 1


async def test_home_counts_the_pairs_that_the_queue_shows() -> None:
    """One that matching found and two schools say are the same, one that a school alone says, one that was decided."""
    olive, ann, bob = await curator(), await manager(), await manager("Birch Primary")
    one, other = await an_entry("Meridian Facilities Ltd"), await an_entry("Meridian Facilities Limited")
    third, fourth = await an_entry("Quixotic Cleaning"), await an_entry("Zebra Zoos")
    for viewer in (ann, bob):
        await decisions.decide(viewer, one, other, Judgement.SAME)
    await decisions.decide(ann, third, fourth, Judgement.SAME)
    await decisions.decide(ann, one, fourth, Judgement.SAME)
    await decisions.decide(olive, one, fourth, Judgement.DIFFERENT, as_curator=True)
    await directory_sweep.find_duplicates()
    (told,) = await waiting.of(olive, WAITS)
    assert told.number == len((await curators_queue.queue(olive)).pairs) == 2


async def test_what_was_decided_survives_every_later_search() -> None:
    olive = await curator()
    one, other = await an_entry("Meridian Facilities Ltd"), await an_entry("Meridian Facilities Limited")
    await directory_sweep.find_duplicates()
    decided = await decisions.decide(olive, one, other, Judgement.DIFFERENT, as_curator=True)
    await directory_sweep.find_duplicates()
    assert (await curators_queue.queue(olive)).pairs == ()
    await decisions.take_back(olive, decided, as_curator=True)
    assert len((await curators_queue.queue(olive)).pairs) == 1


async def test_a_search_that_was_stopped_goes_on_where_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    await curator()
    for name in ("Meridian Facilities Ltd", "Meridian Facilities Limited", "Quixotic Cleaning", "Zanzibar Sweepers"):
        await an_entry(name)
    monkeypatch.setattr(directory_sweep, "BATCH", 1)
    real, seen = directory_sweep._pairs, list[UUID]()

    async def stopped(entries: list[UUID]) -> dict[tuple[UUID, UUID], float]:
        if len(seen) == 2:
            raise KeyboardInterrupt
        seen.extend(entries)
        return await real(entries)

    monkeypatch.setattr(directory_sweep, "_pairs", stopped)
    with pytest.raises(KeyboardInterrupt):
        await directory_sweep.find_duplicates()
    monkeypatch.setattr(directory_sweep, "_pairs", real)
    assert (await directory_sweep.find_duplicates()).looked_at == 2
    assert len(await pairs()) == 1
    async with database.read():
        assert await PairSearch.count() == 1


async def test_pairs_that_are_none_any_more_go_and_the_operators_trail_tells_of_the_search() -> None:
    olive = await curator()
    one, other = await an_entry("Meridian Facilities Ltd"), await an_entry("Meridian Facilities Limited")
    await directory_sweep.find_duplicates()
    await merges.merge(olive, one, other, as_curator=True)
    assert (await directory_sweep.find_duplicates()).pairs == 0
    assert (await events_of("operator")).count("directory.pairs_found") == 2  # type: ignore[arg-type]
