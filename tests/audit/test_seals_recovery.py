"""A trail that went back is never sealed; it goes on under another origin, and whoever holds the lost seal can tell."""

import json
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from structlog.testing import capture_logs

import database
from audit.log import origins
from audit.log.proofs import root_at
from audit.seals import keys, recovery, rotation, sealing, seals, signer
from audit.tables import CheckpointRow, Delivery, Entry, HeadRow, Node, Opening, OriginRow, StreamRow, Trail
from base import clock, settings
from tests.given.sealing import TRAIL, a_pack, fault_of, forget_from, grow, sealed, sealing_of, triggers_off, verdict_of

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
            await CheckpointRow.insert(CheckpointRow(id=uuid4(), trail=TRAIL, origin=seal.origin, **more))
        await grow()
        assert (await sealing_of()).sealed == (TRAIL,)


class TestAnotherTrailInItsPlace:
    """Whoever owns the database can write a whole new trail, under a name that the signer never heard of."""

    async def test_a_trail_rebuilt_under_a_new_name_is_not_sealed(self) -> None:
        await sealed(5)
        await forget_all()
        await grow(5, word="b")
        assert await fault_of() == ""  # by itself it is a sound trail
        assert "another one was put in its place" in (await sealing_of()).refused[TRAIL]
        lost = await recovery.lost(TRAIL)
        assert lost is not None
        assert lost.size == 5

    async def test_recovering_it_quotes_what_was_sealed(self) -> None:
        old = await sealed(5)
        await forget_all()
        await grow(3, word="b")
        (recovered,) = await recovery.recover_some([TRAIL], await keys.signing(), memory_lost=False)
        assert (recovered.old_origin, recovered.signed_size, recovered.restored_size) == (old.origin, 5, 3)
        facts = await facts_of(3)
        assert (facts["signed_origin"], facts["signed_root"]) == (old.origin, old.root.hex())
        assert (await sealing_of()).sealed == (TRAIL,)
        assert await fault_of() == ""
        pack, vkeys = await a_pack(), await seals.verifier_keys()
        assert verdict_of(pack, vkeys) == "holds"
        assert verdict_of(pack, vkeys, since=old.note) == "fails"

    async def test_a_trail_of_which_nothing_is_left_is_noticed_and_begins_with_what_was_sealed(self) -> None:
        old = await sealed(5)
        await forget_all()
        assert await sealing.vanished() == (TRAIL,)
        (recovered,) = await recovery.recover_vanished()
        facts = await facts_of(0)
        assert (facts["old_origin"], facts["signed_size"], facts["restored_size"]) == (old.origin, 5, 0)
        assert (await sealing_of()).sealed == (TRAIL,)
        assert (await seals.latest(TRAIL)).origin == recovered.origin  # type: ignore[union-attr]
        assert (await sealing.vanished(), await recovery.lost(TRAIL), await fault_of()) == ((), None, "")

    @pytest.mark.parametrize("was_sealed", [True, False])
    async def test_a_trail_whose_head_is_gone_is_refused_and_named(self, was_sealed: bool) -> None:
        await grow(3)
        await grow(2, trail="other")
        if was_sealed:
            assert await seals.seal(TRAIL)
        async with triggers_off():
            await HeadRow.delete().where(HeadRow.trail == TRAIL)
        with capture_logs() as logged:
            done = await sealing_of(TRAIL, "other")
        assert (done.sealed, done.unchanged, dict(done.refused)) == (("other",), (), {TRAIL: sealing.HEADLESS})
        assert [(one["event"], one["trail"]) for one in logged if one["log_level"] == "error"] == [("seal_refused", TRAIL)]

    async def test_a_sealed_trail_of_which_only_the_name_is_left_is_refused_and_named(self) -> None:
        await sealed(3)
        async with triggers_off():
            for table in (Delivery, CheckpointRow, OriginRow, Entry, Node, StreamRow, HeadRow):
                await table.delete(force=True)
        done = await sealing_of(TRAIL)
        assert (done.unchanged, dict(done.refused)) == ((), {TRAIL: sealing.HEADLESS})

    async def test_a_backup_from_between_two_recoveries_can_not_take_back_its_old_name(self) -> None:
        """As long as what the old name's last seal covers, so the proof alone would find nothing."""
        old = await sealed(3)
        await recovery._recover(TRAIL, signer.Signed(old.origin, 9, bytes(32), b""))
        await sealed(4)
        await forget_from(3)
        await grow(1)
        assert "another one was put in its place" in (await sealing_of()).refused[TRAIL]

    async def test_a_recovery_that_stopped_before_the_signer_heard_of_it_is_finished(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        await sealed(5)
        await forget_from(3)

        def stops(*_: object) -> None:
            raise OSError("no space left")

        with monkeypatch.context() as patch, pytest.raises(OSError, match="no space left"):
            patch.setattr(signer, "rename", stops)
            await recovery.recover_some([TRAIL], await keys.signing(), memory_lost=False)
        assert len(await recovery.recover_some([TRAIL], await keys.signing(), memory_lost=False)) == 1
        async with database.read():
            assert await Entry.count().where(Entry.type == "trail.recovered") == 1
        assert (await sealing_of()).sealed == (TRAIL,)


async def forget_all() -> None:
    of_entries = "event_id IN (SELECT event_id FROM audit_entry WHERE trail = {})"
    async with triggers_off():
        await Opening.raw(f"DELETE FROM audit_opening WHERE {of_entries}", TRAIL)  # noqa: S608 - our own text
        for table in (Delivery, CheckpointRow, OriginRow, Entry, Node, StreamRow, HeadRow):
            await table.delete().where(table.trail == TRAIL)
        await Trail.delete().where(Trail.owner == TRAIL)


async def facts_of(idx: int) -> dict[str, Any]:
    async with database.read():
        entry = await Entry.select(Entry.event_id).where((Entry.trail == TRAIL) & (Entry.idx == idx)).first()
        assert entry is not None
        opened = await Opening.select(Opening.value).where((Opening.event_id == entry["event_id"]) & (Opening.field == "facts"))
    facts: dict[str, Any] = json.loads(opened[0]["value"])
    return facts


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
