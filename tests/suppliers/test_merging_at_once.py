"""Merging while others write: nothing that was said is left behind at a supplier that is part of another by then."""

import asyncio
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

import audit
from base.refusals import Refusal
from sharing.access.audiences import AudienceChoice, GrantChoice
from sharing.access.fields import Fields, GrantKind
from suppliers.directory import directory
from suppliers.merging import merges
from suppliers.merging.on_behalf import acting
from suppliers.opinions import notes, reviews
from suppliers.opinions.notes import About
from suppliers.opinions.opinion import Opinion
from suppliers.shares import shares
from suppliers.shares.shares import OpinionKind
from tests.given.merging_world import a_little_town, assert_derived

pytestmark = pytest.mark.usefixtures("db")

SAID = Opinion(interest=None, rating=4)
ROUNDS = 6
LONG_ENOUGH = 0.3  # seconds for a task to come to where it waits


async def quietly(work: Any) -> Any:
    """Busy, and who came second, are told so; nothing else may go wrong."""
    try:
        return await work
    except Refusal:
        return None


async def _write(viewer: Any, supplier: UUID) -> None:
    current = await reviews.current(viewer, supplier)
    review = (await reviews.review(viewer, supplier, opinion=SAID, version=current.version if current else None)).id
    await notes.note(viewer, supplier, about=About.GOOD, body="Came at once.")
    await directory.adopt(viewer, supplier)
    await shares.share(
        viewer, OpinionKind.REVIEW, review, AudienceChoice((GrantChoice(GrantKind.EVERYONE, fields=Fields.RATING),))
    )
    await reviews.withdraw(viewer, review)
    await directory.stop_using(viewer, supplier)


async def test_writers_and_merges_at_once_leave_everything_where_the_merges_put_it() -> None:
    town = await a_little_town()
    one, other, third, _ = town.entries
    curators = [replace(viewer, is_operator=True) for viewer in town.viewers]
    for _ in range(ROUNDS):
        made = await asyncio.gather(
            *(quietly(_write(viewer, supplier)) for viewer in town.viewers for supplier in (one, other)),
            quietly(merges.merge(curators[0], one, other, as_curator=True)),
            quietly(merges.merge(curators[1], other, third, as_curator=True)),
            quietly(merges.merge(curators[2], other, one, as_curator=True)),
        )
        await assert_derived()
        undone = [quietly(merges.undo(curators[0], merge, as_curator=True)) for merge in made if isinstance(merge, UUID)]
        await asyncio.gather(*undone, *(quietly(_write(viewer, one)) for viewer in town.viewers))
        await assert_derived()


async def test_whoever_writes_by_the_name_of_what_joined_waits_for_a_merge_and_does_not_stop_it() -> None:
    town = await a_little_town()
    one, other, *_ = town.entries
    ann = town.viewers[0]
    own = town.own[ann.school][0]
    await merges.merge(ann, own, one)
    act = acting(replace(ann, is_operator=True), as_curator=True)
    async with audit.recording(ann) as record:
        part, kept = await act.lock_two(one, other)
        writing = asyncio.create_task(notes.note(ann, own, about=About.GOOD, body="Came at once."))
        await asyncio.sleep(LONG_ENOUGH)
        made = await merges.join(act, part, kept)
        act.tell(record, merges.MERGED, one, f"merge:{made}", {})
    await writing
    assert (await directory.supplier(ann, own)).id == other
    await assert_derived()
