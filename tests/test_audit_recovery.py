"""A trail that went back is never sealed; it goes on under another origin, and whoever holds the lost seal can tell."""

import json
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

import database
import settings
from audit import keys, origins, recovery, rotation, seals, signer
from audit.proofs import root_at
from audit.tables import Checkpoint, Entry, Opening
from tests.sealing import TRAIL, a_pack, fault_of, forget_from, grow, sealed, sealing_of, triggers_off, verdict_of
from web import clock

pytestmark = pytest.mark.usefixtures("db")


class TestRestoredBackup:
    async def test_an_older_backup_is_not_sealed(self) -> None:
        await sealed(5)
        await forget_from(3)
        refused = (await sealing_of()).refused
        assert "A seal of 5 entries was signed, and the database has only 3" in refused[TRAIL]

    async def test_an_older_backup_that_grew_past_the_seal_is_not_sealed_either(self) -> None:
        await sealed(5)
        await forget_from(3)
        await grow(4, word="b")
        assert "not those that were sealed" in (await sealing_of()).refused[TRAIL]

    async def test_a_pack_still_gets_the_seal_that_is_stored(self) -> None:
        first = await sealed(3)
        await sealed(2)
        await forget_from(3)
        assert await seals.seal(TRAIL) == first

    async def test_one_bad_trail_keeps_no_other_from_being_sealed(self) -> None:
        await sealed(5)
        await forget_from(3)
        await grow(trail="other")
        done = await sealing_of(TRAIL, "other")
        assert (done.sealed, list(done.refused)) == (("other",), [TRAIL])

    async def test_the_trail_goes_on_under_another_origin_that_quotes_the_lost_head(self) -> None:
        lost = await sealed(5)
        await forget_from(3)
        (recovered,) = await recovery.recover_some([TRAIL], await keys.signing(), memory_lost=False)
        async with database.read():
            known = await origins.of(TRAIL)
            restored_root = await root_at(TRAIL, 3)
            entry = await Entry.select().where((Entry.trail == TRAIL) & (Entry.idx == 3)).first()
            assert entry is not None
            is_facts = (Opening.event_id == entry["event_id"]) & (Opening.field == "facts")
            facts = await Opening.select(Opening.value).where(is_facts).first()
            assert facts is not None
        assert [(origin.origin, origin.start) for origin in known] == [(lost.origin, 0), (recovered.origin, 3)]
        assert (entry["type"], entry["stream"]) == ("trail.recovered", "trail")
        assert json.loads(bytes(entry["header"]))["origin"] == recovered.origin
        assert json.loads(facts["value"]) == {
            "old_origin": lost.origin,
            "signed_size": 5,
            "signed_root": lost.root.hex(),
            "restored_size": 3,
            "restored_root": restored_root.hex(),
        }
        assert await fault_of() == ""
        seal = await sealed()
        assert (seal.origin, seal.size) == (recovered.origin, 5)
        assert await fault_of() == ""

    async def test_recovering_twice_or_without_need_changes_nothing(self) -> None:
        await sealed(5)
        own = await keys.signing()
        assert await recovery.recover_some([TRAIL], own, memory_lost=False) == ()
        await forget_from(3)
        assert len(await recovery.recover_some([TRAIL], own, memory_lost=False)) == 1
        assert await recovery.recover_some([TRAIL], own, memory_lost=False) == ()
        async with database.read():
            assert await Entry.count().where(Entry.type == "trail.recovered") == 1

    async def test_a_backup_from_before_the_recovery_is_noticed_again(self) -> None:
        await sealed(5)
        for restored in (3, 2):
            await forget_from(restored)
            assert len(await recovery.recover_some([TRAIL], await keys.signing(), memory_lost=False)) == 1
            await sealed(2)
        assert await fault_of() == ""

    async def test_without_the_memory_stored_seals_are_evidence_enough_to_refuse(self) -> None:
        await sealed(5)
        (settings.current().keys / signer.FILE).unlink()
        await grow()
        assert "recover --memory-lost" in (await sealing_of()).refused[TRAIL]
        assert await recovery.recover_some([TRAIL], await keys.signing(), memory_lost=True) == ()
        assert (await sealing_of()).sealed == (TRAIL,)
        assert await fault_of() == ""

    async def test_an_older_copy_of_the_memory_is_noticed_too(self, tmp_path: Path) -> None:
        await sealed(2)
        memory = settings.current().keys / signer.FILE
        older = memory.read_bytes()
        await sealed(2)
        memory.write_bytes(older)
        await grow()
        assert "does not remember it" in (await sealing_of()).refused[TRAIL]

    async def test_a_seal_by_somebody_else_is_no_evidence(self) -> None:
        """Whoever can write to the table can't stop the sealing with it."""
        seal = await sealed(2)
        forged = seal.note.replace(b"\n2\n", b"\n9\n")
        async with triggers_off():
            more: Any = {"size": 9, "root": bytes(32), "note": forged, "sealed_at": clock.now()}
            await Checkpoint.insert(Checkpoint(id=uuid4(), trail=TRAIL, origin=seal.origin, **more))
        await grow()
        assert (await sealing_of()).sealed == (TRAIL,)


class TestPacksAfterwards:
    """What outsiders hold from before is judged as it should be after a recovery and under another key."""

    async def test_a_pack_of_a_recovered_trail_holds_and_the_lost_seal_tells_what_happened(self) -> None:
        kept, lost = await sealed(3), await sealed(2)
        await forget_from(3)
        await recovery.recover_some([TRAIL], await keys.signing(), memory_lost=False)
        await sealed(3)
        pack, vkeys = await a_pack(), await seals.verifier_keys()
        assert verdict_of(pack, vkeys) == "holds"
        assert verdict_of(pack, vkeys, since=kept.note) == "holds"
        assert verdict_of(pack, vkeys, since=lost.note) == "fails"

    async def test_seals_and_packs_from_before_and_after_a_rotation_hold(self) -> None:
        first = await sealed(3)
        old, old_pack = (await seals.verifier_keys())[0], await a_pack()
        await keys.replace(is_lost=False)
        async for _ in rotation.tell():
            pass
        await sealed(2)
        new, pack = (await seals.verifier_keys())[0], await a_pack()
        assert [verdict_of(pack, [vkey]) for vkey in (old, new)] == ["holds", "holds"]
        assert verdict_of(pack, [old, new], since=first.note) == "holds"
        assert verdict_of(pack, [new], since=old_pack) == "holds"
