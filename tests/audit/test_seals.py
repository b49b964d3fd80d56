"""A trail is sealed, sealed again when it has grown, and checked against every seal that is stored."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest

import audit
import database
from audit.log import fsck, origins
from audit.log.proofs import consistency, root_at
from audit.merkle import verify_consistency
from audit.note import open_note, parse_checkpoint
from audit.seals import keys, recovery, sealing, seals
from audit.tables import CheckpointRow, Delivery, Entry, OriginRow
from tests.given.sealing import TRAIL, Event, fault_of, forget_from, grow, sealed, sealing_of, triggers_off

pytestmark = pytest.mark.usefixtures("db")


class TestSealing:
    async def test_a_seal_is_a_signed_checkpoint_of_the_whole_trail(self) -> None:
        seal = await sealed(3)
        text, _ = open_note(seal.note, await seals.verifier_keys())
        async with database.read():
            root, known = await root_at(TRAIL, 3), await origins.of(TRAIL)
        checkpoint = parse_checkpoint(text)
        assert (checkpoint.origin, checkpoint.size, checkpoint.root) == (known[0].origin, 3, root)
        assert (seal.origin, seal.size, seal.root) == (known[0].origin, 3, root)

    async def test_a_trail_that_has_not_grown_keeps_its_seal(self) -> None:
        first = await sealed()
        assert await seals.seal(TRAIL) == first
        assert (await sealing_of()).unchanged == (TRAIL,)

    async def test_each_seal_leads_on_to_the_next(self) -> None:
        last = await sealed()
        for n in (1, 2, 5, 300):
            seal = await sealed(n)
            async with database.read():
                proof = await consistency(TRAIL, last.size, seal.size)
            verify_consistency(size1=last.size, size2=seal.size, root1=last.root, root2=seal.root, proof=proof)
            last = seal
        assert await fault_of() == ""

    async def test_nothing_is_sealed_where_nothing_happened(self) -> None:
        assert await seals.seal(TRAIL) is None
        assert await seals.latest(TRAIL) is None

    async def test_many_trails_are_sealed_in_batches(self, monkeypatch: pytest.MonkeyPatch) -> None:
        trails = [f"{n:08}" for n in range(7)]
        async with audit.recording(None) as record:
            for trail in trails:
                record(Event.THING_DONE, stream="school", subject="thing:1", trail=trail)
        monkeypatch.setattr(sealing, "BATCH", 3)
        own = await keys.signing()
        batches = [batch async for batch in sealing.seal_in_batches(await sealing.all_trails(), own)]
        assert [len(batch.sealed) for batch in batches] == [3, 3, 1]
        assert [await seals.latest(trail) is not None for trail in trails] == [True] * 7

    async def test_two_that_seal_while_others_write_never_sign_two_heads_of_one_size(self) -> None:
        await grow()

        async def write() -> None:
            for _ in range(8):
                await grow()

        async def keep_sealing() -> None:
            for _ in range(8):
                await seals.seal(TRAIL)

        await asyncio.gather(write(), *(keep_sealing() for _ in range(3)))
        await seals.seal(TRAIL)
        async with database.read():
            sizes: list[int] = await CheckpointRow.select(CheckpointRow.size).output(as_list=True)
        assert len(sizes) == len(set(sizes))
        assert max(sizes) == 9
        assert await fault_of() == ""

    async def test_a_seal_that_was_signed_and_not_stored_is_stored_at_the_next_run(self) -> None:
        """As after a crash between the two."""
        seal = await sealed(2)
        async with triggers_off():
            await Entry.raw("DELETE FROM audit_checkpoint")
        assert (await sealing_of()).sealed == (TRAIL,)
        again = await seals.latest(TRAIL)
        assert again is not None
        assert again.note == seal.note

    async def test_what_left_is_the_latest_of_which_a_copy_left(self) -> None:
        first, second = await sealed(), await sealed()
        assert await seals.delivered(TRAIL) is None
        await seals.note_delivery(second, "queued")
        assert await seals.delivered(TRAIL) is None
        await seals.note_delivery(first, "pack")
        assert await seals.delivered(TRAIL) == first
        await seals.note_delivery(second, "mail")
        await seals.note_delivery(first, "file")
        assert await seals.delivered(TRAIL) == second

    async def test_however_often_a_seal_is_fetched_it_is_noted_once(self) -> None:
        seal = await sealed()
        for _ in range(3):
            await seals.note_delivery(seal, "file")
            await seals.note_delivery(seal, "pack")
        async with database.read():
            assert await Delivery.count() == 2


class TestCheck:
    async def test_a_trail_rebuilt_from_its_first_entry_does_not_fit_its_seal(self) -> None:
        """Everything recomputed by somebody with the database in their hands, but for the seal that they can't sign."""
        first = await sealed(3)
        await sealed(2)
        async with triggers_off():
            await Entry.raw("UPDATE audit_checkpoint SET root = {} WHERE size = 5", first.root)
        finding = (await fsck.check(TRAIL)).finding
        assert finding is not None
        assert finding.idx == 3
        assert "one of entries 4 to 5 was changed" in finding.what

    async def test_a_cut_tail_is_told_by_the_seal(self) -> None:
        seal = await sealed(5)
        await forget_from(3)
        async with triggers_off():
            same: Any = {name: getattr(seal, name) for name in ("trail", "origin", "size", "root", "note", "sealed_at")}
            await CheckpointRow.insert(CheckpointRow(id=uuid4(), **same))
        assert "a seal of 5 entries, and there are only 3" in await fault_of()

    async def test_a_seal_that_nobody_signed_is_found(self) -> None:
        seal = await sealed(3)
        async with triggers_off():
            await Entry.raw("UPDATE audit_checkpoint SET note = {}", seal.note.replace(b"\n3\n", b"\n4\n"))
        assert "can't be trusted" in await fault_of()

    async def test_another_origin_without_a_recovery_is_found(self) -> None:
        await grow(3)
        async with triggers_off():
            await OriginRow.insert(OriginRow(origin="vouch.example/trail/2", trail=TRAIL, start=3))
        await grow(2)
        finding = (await fsck.check(TRAIL)).finding
        assert finding is not None
        assert (finding.idx, "does not say why" in finding.what) == (3, True)

    async def test_an_origin_that_never_began_is_found(self) -> None:
        await grow(3)
        async with triggers_off():
            await OriginRow.insert(OriginRow(origin="vouch.example/trail/2", trail=TRAIL, start=7))
        assert "begins at entry 7" in await fault_of()

    async def test_a_recovery_that_quotes_another_head_is_found(self) -> None:
        await sealed(5)
        await forget_from(3)
        await recovery.recover_some([TRAIL], await keys.signing(), memory_lost=False)
        async with triggers_off():
            await Entry.raw("UPDATE audit_origin SET start = 2")
        assert await fault_of() != ""
