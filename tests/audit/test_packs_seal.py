"""A pack is only made of the trail that was sealed: with a seal over other entries it is refused, and says so."""

import io
import json
from typing import Any

import pytest

import database
from audit import merkle
from audit.canonical import canonical_json
from audit.packs import packs, takeaway
from audit.packs.extent import DOES_NOT_HOLD, Scope
from audit.packs.order import Grade, PackOrder
from audit.seals import seals
from audit.seals.seals import Seal
from audit.tables import CheckpointRow, Entry
from base.refusals import Conflict
from tests.given.sealing import TRAIL, a_pack, forget_from, grow, sealed, triggers_off, verdict_of
from vouch.wiring import SOURCES

pytestmark = pytest.mark.usefixtures("db")


async def rewritten_after(size: int, seal: Seal) -> None:
    """Another history from there on, hashed as it should be, of somebody who left the seal of the first where it was."""
    async with database.read():
        (row,) = await CheckpointRow.select().where(CheckpointRow.size == seal.size)
    await forget_from(size)
    await grow(seal.size - size, word="another")
    async with triggers_off():
        await CheckpointRow.insert(CheckpointRow(**row))


@pytest.mark.parametrize("grade", list(Grade))
async def test_no_pack_is_made_of_a_trail_that_was_rewritten_under_its_seal(grade: Grade) -> None:
    seal = await sealed(5)
    assert verdict_of(await a_pack(), await seals.verifier_keys()) == "holds"
    await rewritten_after(3, seal)
    for size in (None, seal.size):
        with pytest.raises(Conflict) as refusal:
            await packs.build(None, PackOrder(TRAIL, "Oakfield", Scope(), grade, size=size), to=io.BytesIO(), sources=SOURCES)
        assert refusal.value.sentence == DOES_NOT_HOLD


async def test_the_head_of_a_pack_is_that_of_its_seal_and_no_entry_more() -> None:
    seal = await sealed(5)
    head, found = await takeaway.head_of(TRAIL)
    assert found is not None
    assert (head.size, head.root, head.note) == (5, found.root, found.note) == (seal.size, seal.root, seal.note)


async def test_a_size_that_was_never_sealed_is_taken_away_without_a_seal() -> None:
    seal = await sealed(5)
    await rewritten_after(3, seal)
    head, found = await takeaway.head_of(TRAIL, size=4)
    assert (head.size, head.note, found) == (4, None, None)


async def test_a_root_that_was_changed_beside_the_seal_is_noticed() -> None:
    await sealed(5)
    async with triggers_off():
        await CheckpointRow.update({CheckpointRow.root: b"\0" * 32}).where(CheckpointRow.trail == TRAIL)
    with pytest.raises(Conflict) as refusal:
        await takeaway.head_of(TRAIL)
    assert refusal.value.sentence == DOES_NOT_HOLD


async def test_no_complete_pack_is_made_where_an_entry_was_changed_under_a_stored_hash() -> None:
    """Of 256 entries one hash is stored, which an entry that was rewritten with its own hash leaves as it was: root and seal
    still agree, and only what the entries themselves come to does not.
    """
    await sealed(256)
    async with database.read():
        (header,) = await Entry.select(Entry.header).where((Entry.trail == TRAIL) & (Entry.idx == 7)).output(as_list=True)
    fields = json.loads(header)
    forged = canonical_json({**fields, "c": ["0" * 64, *fields["c"][1:]]})
    async with triggers_off():
        changed: dict[Any, Any] = {Entry.header: forged, Entry.leaf_hash: merkle.leaf_hash(forged)}
        await Entry.update(changed).where((Entry.trail == TRAIL) & (Entry.idx == 7))
    assert (await takeaway.head_of(TRAIL))[1] is not None
    with pytest.raises(Conflict) as refusal:
        await a_pack()
    assert refusal.value.sentence == DOES_NOT_HOLD
