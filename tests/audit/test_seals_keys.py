"""One key signs; it is made once, replaced with notice, and what is stored about keys and seals is never changed."""

import asyncio
import json
from pathlib import Path

import pytest

import audit
import database
from audit.log import fsck
from audit.note import open_note
from audit.seals import cosigners, keyring, keys, recovery, rotation, seals
from audit.tables import Entry, PublicKeyRow
from audit.vkeys import new_key
from base import clock, settings
from base.refusals import Conflict
from base.settings import SettingsError
from tests.given.builders import travel
from tests.given.sealing import TRAIL, fault_of, forget_from, grow, sealed, triggers_off

pytestmark = pytest.mark.usefixtures("db")


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
        assert await fsck.strays() is None
        assert sum([told async for told in rotation.tell()]) == 2
        async with database.read():
            rows = await Entry.select(Entry.trail, Entry.stream).where(Entry.type == "key.rotated")
        assert sorted(row["trail"] for row in rows) == sorted([TRAIL, "other", audit.OPERATOR])
        seal = await sealed()
        for vkey in (old.vkey, new.vkey):
            open_note(seal.note, [vkey])
        assert await rotation.trails_to_tell() == ()
        assert await seals.verifier_keys() == (new.vkey, old.vkey)
        travel(monkeypatch, days=91)
        later = await sealed()
        assert b"".join([seal.note, later.note]).count("— ".encode()) == 6  # of each, a key by Ed25519 and one by ML-DSA-44
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
        assert len(await rotation.trails_to_tell()) == 2
        assert [told async for told in rotation.tell()] == [1, 1]
        await grow(trail="later")
        assert await rotation.trails_to_tell() == ()

    async def test_whom_to_tell_goes_by_the_keys_that_a_trail_began_with_and_by_no_clock(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Of two computers one may be an hour ahead, and two things may happen in one instant."""
        await keys.signing()
        travel(monkeypatch, hours=1)
        await grow(trail="ahead")
        travel(monkeypatch, hours=-2)
        await grow(trail="behind")
        travel(monkeypatch, hours=1)
        await keys.replace(is_lost=False)
        travel(monkeypatch, hours=-1)
        await grow(trail="later")
        assert await rotation.trails_to_tell() == ("ahead", "behind")

    async def test_of_a_trail_that_does_not_know_what_it_began_with_times_are_compared(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        await grow(trail="before")
        await keys.signing()
        travel(monkeypatch, hours=1)
        await keys.replace(is_lost=False)
        travel(monkeypatch, hours=1)
        await grow(trail="after")
        async with triggers_off():
            await Entry.raw("UPDATE audit_trail SET keys = NULL")
        assert await rotation.trails_to_tell() == ("before",)

    async def test_a_key_that_somebody_entered_stops_the_sealing_and_is_found(self) -> None:
        await sealed()
        (old,) = await keys.signing()
        theirs = PublicKeyRow(vkey=new_key("evil.example")[1], name="evil.example", replaces=old.vkey, since=clock.now())
        async with database.housekeeping():  # what the role that serves may do
            await PublicKeyRow.insert(theirs)
        assert await keys.signing() == ()
        finding = await fsck.strays()
        assert finding is not None
        assert f"no entry says that the key {theirs.vkey} replaced another" in finding.what

    async def test_a_backup_from_before_the_rotation_learns_of_the_newer_key(self) -> None:
        await sealed()
        new = await keys.replace(is_lost=False)
        async with triggers_off():
            await Entry.raw("DELETE FROM audit_cosigner WHERE beside = {}", new.vkey)
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

    async def test_rotating_twice_in_a_day_keeps_what_was_promised_of_the_first_key(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        await sealed()
        (first,) = await keys.signing()
        second = await keys.replace(is_lost=False)
        travel(monkeypatch, hours=2)
        third = await keys.replace(is_lost=False)
        assert [key.vkey for key in await keys.signing()] == [third.vkey, second.vkey, first.vkey]
        seal = await sealed()
        for vkey in (first.vkey, second.vkey, third.vkey):
            open_note(seal.note, [vkey])
        travel(monkeypatch, days=90, hours=-1)
        assert [key.vkey for key in await keys.signing()] == [third.vkey, second.vkey]
        travel(monkeypatch, hours=2)
        assert [key.vkey for key in await keys.signing()] == [third.vkey]

    async def test_seals_carry_the_signatures_of_ten_keys_and_their_cosigners_at_most(self) -> None:
        await keys.signing()
        for _ in range(keys.MOST_AT_ONCE - 1):
            await keys.replace(is_lost=False)
        with pytest.raises(Conflict, match="replaced 9 times within 90 days"):
            await keys.replace(is_lost=False)
        seal = await sealed()
        assert len(open_note(seal.note, await seals.verifier_keys())[0].splitlines()) == 3
        assert seal.note.count("— ".encode()) == 2 * keys.MOST_AT_ONCE
        assert len(seal.note) < 64 * 1_024  # as long as a pack's may be, with room for the lines of witnesses

    async def test_of_a_lost_key_nothing_is_promised(self) -> None:
        """Not even where its file is still there: it may be in other hands."""
        await sealed()
        await grow(trail="other")
        (old,) = await keys.signing()
        new = await keys.replace(is_lost=True)
        assert [told async for told in rotation.tell()] == [2]
        async with database.read():
            rows = await Entry.raw(
                "SELECT o.value AS facts FROM audit_opening o JOIN audit_entry e ON e.event_id = o.event_id "
                "WHERE e.type = 'key.rotated' AND o.field = 'facts'"
            )
        assert new.cosigner
        told = {"key": new.vkey, **cosigners.told(new.cosigner.vkey)}
        facts = {"old": {"key": old.vkey}, "new": told, "lost": True}
        assert [json.loads(row["facts"]) for row in rows] == [facts] * 3
        assert [key.vkey for key in await keys.signing()] == [new.vkey]
        newest, before = await keys.public()
        assert (before.until, newest.after_loss, before.after_loss) == (newest.since, True, False)
        assert (await sealed()).note.count("— ".encode()) == 2

    async def test_a_backup_from_before_a_loss_learns_that_the_key_was_lost(self) -> None:
        await sealed()
        new = await keys.replace(is_lost=True)
        async with triggers_off():
            await Entry.raw("DELETE FROM audit_cosigner WHERE beside = {}", new.vkey)
            await Entry.raw("DELETE FROM audit_key WHERE vkey = {}", new.vkey)
        assert [key.vkey for key in await keys.signing()] == [new.vkey]
        assert [key.after_loss for key in await keys.public()] == [True, False]

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
