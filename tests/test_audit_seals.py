"""A trail is sealed, sealed again when it has grown, and never when it went back; after a restored backup it goes on anew."""

import asyncio
import io
import json
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from enum import StrEnum
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

import audit
import database
import settings
from audit import fsck, keyring, keys, merkle, origins, packs, recovery, rotation, sealing, seals, signer
from audit.extent import Scope
from audit.merkle import verify_consistency
from audit.note import open_note, parse_checkpoint
from audit.packs import Grade, Order
from audit.proofs import consistency, root_at
from audit.tables import Checkpoint, Entry, Opening
from audit.tables import Origin as OriginRow
from audit.verify import verify_pack
from settings import SettingsError
from suppliers.sources import SOURCES
from tests.builders import travel
from web import clock

pytestmark = pytest.mark.usefixtures("db")

TRAIL = "11111111-1111-4111-8111-111111111111"


class Event(StrEnum):
    THING_DONE = "thing.done"


async def grow(n: int = 1, trail: str = TRAIL, word: str = "a") -> None:
    async with audit.recording(None) as record:
        for i in range(n):
            record(Event.THING_DONE, stream="school", subject="thing:1", facts={"n": i, "word": word}, trail=trail)


async def sealed(n: int = 1, trail: str = TRAIL) -> seals.Seal:
    await grow(n, trail)
    made = await seals.seal(trail)
    assert made is not None
    return made


async def sealing_of(*trails: str) -> sealing.Sealing:
    return await sealing.seal_some(trails or (TRAIL,), await keys.signing())


async def fault_of(trail: str = TRAIL) -> str:
    finding = (await fsck.check(trail)).finding
    return finding.what if finding else ""


async def forget_from(size: int, trail: str = TRAIL) -> None:
    """As if a backup had been put back that was made when the trail had ``size`` entries."""
    async with database.read():
        rows = await Entry.select(Entry.event_id).where((Entry.trail == trail) & (Entry.idx >= size))
        leaves = await Entry.select(Entry.leaf_hash).where(Entry.trail == trail).order_by(Entry.idx).output(as_list=True)
        sizes = await Entry.raw(
            "SELECT stream, count(*) AS size FROM audit_entry WHERE trail = {} AND idx < {} GROUP BY stream", trail, size
        )
    frontier = b""
    for n, leaf in enumerate(leaves[:size]):
        frontier, _ = merkle.push(frontier, n, bytes(leaf))
    async with triggers_off():
        for row in rows:
            await Opening.delete().where(Opening.event_id == row["event_id"])
        await Entry.raw("DELETE FROM audit_entry WHERE trail = {} AND idx >= {}", trail, size)
        await Entry.raw(
            "DELETE FROM audit_delivery WHERE checkpoint IN (SELECT id FROM audit_checkpoint WHERE trail = {} AND size > {})",
            trail,
            size,
        )
        await Entry.raw("DELETE FROM audit_checkpoint WHERE trail = {} AND size > {}", trail, size)
        await Entry.raw("DELETE FROM audit_origin WHERE trail = {} AND start >= {}", trail, size)
        await Entry.raw("UPDATE audit_head SET size = {}, frontier = {} WHERE trail = {}", size, frontier, trail)
        await Entry.raw("UPDATE audit_stream SET size = 0 WHERE trail = {}", trail)
        for row in sizes:
            await Entry.raw("UPDATE audit_stream SET size = {} WHERE trail = {} AND name = {}", row["size"], trail, row["stream"])


@asynccontextmanager
async def triggers_off() -> AsyncIterator[None]:
    """A write unit of somebody with the database in their hands."""
    engine = database.engine()
    guarded = ("entry", "checkpoint", "origin", "key", "delivery", "trail", "opening")
    async with database.write():
        if database.is_postgres():
            await engine.run_ddl("SET LOCAL session_replication_role = replica")
            for name in guarded:
                await engine.run_ddl(f"ALTER TABLE audit_{name} DISABLE TRIGGER ALL")
            yield
            for name in guarded:
                await engine.run_ddl(f"ALTER TABLE audit_{name} ENABLE TRIGGER ALL")
        else:
            rows = await Entry.raw("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            for row in rows:
                await engine.run_ddl(f"DROP TRIGGER {row['name']}")
            yield
            for row in rows:
                await engine.run_ddl(row["sql"])


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
            sizes: list[int] = await Checkpoint.select(Checkpoint.size).output(as_list=True)
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
            await Checkpoint.insert(Checkpoint(id=uuid4(), **same))
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


class TestKeys:
    async def test_the_first_seal_makes_the_key(self) -> None:
        assert await seals.verifier_keys() == ()
        await sealed()
        (vkey,) = await seals.verifier_keys()
        assert vkey.startswith("127.0.0.1:8000+")
        assert [key.vkey for key in await keys.signing()] == [vkey]

    async def test_a_process_without_the_folder_makes_no_second_key_and_signs_nothing(self, tmp_path: Path) -> None:
        seal = await sealed()
        settings.current().keys.rename(tmp_path / "elsewhere")
        await grow()
        assert await keys.signing() == ()
        assert await seals.seal(TRAIL) == seal
        assert not settings.current().keys.exists()

    async def test_a_folder_of_another_installation_signs_nothing_here(self, tmp_path: Path) -> None:
        await sealed()
        settings.current().keys.rename(tmp_path / "elsewhere")
        keyring.create(settings.current().keys, "other.example", replaces="", since=clock.now())
        assert await keys.signing() == ()
        assert len(await seals.verifier_keys()) == 1

    async def test_two_that_start_at_once_agree_on_one_key(self) -> None:
        found = await asyncio.gather(*(keys.signing() for _ in range(4)))
        assert len({signing[0].vkey for signing in found}) == 1
        assert len(await seals.verifier_keys()) == 1

    async def test_rotation_is_told_in_every_trail_and_both_keys_sign_for_a_while(self, monkeypatch: pytest.MonkeyPatch) -> None:
        await sealed(2)
        await grow(trail="other")
        (old,) = await keys.signing()
        new = await keys.replace(is_lost=False)
        assert sum([told async for told in rotation.tell()]) == 2
        async with database.read():
            rows = await Entry.select(Entry.trail, Entry.stream).where(Entry.type == "key.rotated")
        assert sorted(row["trail"] for row in rows) == sorted([TRAIL, "other", audit.OPERATOR])
        seal = await sealed()
        for vkey in (old.vkey, new.vkey):
            open_note(seal.note, [vkey])
        assert await rotation.untold() == ()
        assert await seals.verifier_keys() == (new.vkey, old.vkey)
        travel(monkeypatch, days=91)
        later = await sealed()
        assert b"".join([seal.note, later.note]).count("— ".encode()) == 3
        assert await rotation.retire() == 1
        assert not old.path.exists()
        assert [key.vkey for key in await keys.signing()] == [new.vkey]
        assert await fault_of() == ""

    async def test_a_rotation_that_was_stopped_half_way_is_finished_by_the_next(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for trail in ("a", "b", "c"):
            await grow(trail=trail)
        await keys.signing()
        await keys.replace(is_lost=False)
        monkeypatch.setattr(rotation, "BATCH", 1)
        async for _ in rotation.tell():
            break
        assert len(await rotation.untold()) == 2
        assert [told async for told in rotation.tell()] == [1, 1]
        await grow(trail="later")
        assert await rotation.untold() == ()

    async def test_a_backup_from_before_the_rotation_learns_of_the_newer_key(self) -> None:
        await sealed()
        new = await keys.replace(is_lost=False)
        async with triggers_off():
            await Entry.raw("DELETE FROM audit_key WHERE vkey = {}", new.vkey)
        assert (await keys.signing())[0].vkey == new.vkey
        assert (await seals.verifier_keys())[0] == new.vkey

    async def test_a_lost_key_is_replaced_only_when_told_so(self, tmp_path: Path) -> None:
        await sealed()
        settings.current().keys.rename(tmp_path / "elsewhere")
        with pytest.raises(Exception, match="does not hold the key"):
            await keys.replace(is_lost=False)
        new = await keys.replace(is_lost=True)
        assert [key.vkey for key in await keys.signing()] == [new.vkey]

    async def test_an_open_folder_stops_the_sealing_with_one_sentence(self) -> None:
        await sealed()
        settings.current().keys.chmod(0o755)
        with pytest.raises(SettingsError, match="Others may read"):
            await keys.signing()


class TestAppendOnly:
    TABLES = ("audit_origin", "audit_checkpoint", "audit_key", "audit_delivery")

    @pytest.fixture
    async def rows(self) -> None:
        """One of each at least."""
        seal = await sealed(5)
        await seals.note_delivery(seal, "file")
        await forget_from(3)
        await recovery.recover_some([TRAIL], await keys.signing(), memory_lost=False)
        await seals.note_delivery(await sealed(), "file")

    @pytest.mark.parametrize("table", TABLES)
    @pytest.mark.parametrize("statement", ["DELETE FROM {}", "UPDATE {} SET {column} = {column}", "TRUNCATE {} CASCADE"])
    async def test_rows_are_neither_changed_nor_removed(self, rows: None, table: str, statement: str) -> None:
        if statement.startswith("TRUNCATE") and not database.is_postgres():
            return  # SQLite has no TRUNCATE
        column = {"audit_origin": "start", "audit_checkpoint": "size", "audit_key": "name", "audit_delivery": "how"}[table]
        with pytest.raises(Exception, match="append-only"):
            async with database.write():
                await Entry.raw(statement.format(table, column=column))

    async def test_replacing_a_row_is_refused_too(self, rows: None) -> None:
        if database.is_postgres():
            return  # only SQLite has INSERT OR REPLACE, which passes UPDATE and DELETE triggers
        for table in self.TABLES:
            with pytest.raises(Exception, match="append-only"):
                async with database.write():
                    await Entry.raw(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}")  # noqa: S608 - our own names


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


async def a_pack() -> bytes:
    to = io.BytesIO()
    await packs.build(None, Order(TRAIL, "Oakfield", Scope(), Grade.COMPLETE), to=to, sources=SOURCES)
    return to.getvalue()


def verdict_of(pack: bytes, vkeys: Iterable[str], *, since: bytes | None = None) -> str:
    earlier = io.BytesIO(since) if since is not None else None
    return verify_pack(io.BytesIO(pack), keys=vkeys, since=earlier).status
