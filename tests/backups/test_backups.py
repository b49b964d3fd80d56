"""A backup is one moment of the database, made while others write; restored elsewhere it holds, and forgets what it must."""

import asyncio
import errno
import os
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import database
from audit.erasing import erasure_list
from audit.erasing.erasure import ErasureReason
from audit.log import fsck, proofs
from audit.seals import keys, sealing
from audit.tables import Opening
from backups import archive, making, restoring
from base.refusals import Conflict, Invalid
from base.settings import Settings, SettingsError
from base.viewer import Role, Viewer
from privacy import erasure
from sharing.events import Event
from sharing.people import people
from tests import conftest
from tests.given import postgres_logins
from tests.given.backed_up import Homes, rewrite
from tests.given.builders import a_person, a_school
from tests.given.entries import a_viewer, do
from tests.given.erasing import NAME, a_world, ask
from tests.given.patience import until
from tests.given.postgres import client_programs
from tests.given.tampered_database import behind_the_triggers


async def trails_of(home: Settings) -> dict[str, fsck.TrailVerdict]:
    async with conftest.opened(home.database_url):
        return {name: await fsck.check(name) for name in await fsck.trails()}


async def backed_up(home: Settings, to: Path) -> making.BackedUp:
    async with conftest.opened(home.database_url):
        return await making.back_up(home, to)


async def test_a_backup_made_while_others_write_is_one_moment_of_every_trail(homes: Homes, tmp_path: Path) -> None:
    schools, made = [a_viewer() for _ in range(4)], tmp_path / "a.vouch"
    written = dict.fromkeys((viewer.school for viewer in schools), 0)
    stopped = asyncio.Event()

    async def write(viewer: Viewer) -> None:
        while not stopped.is_set():
            await do(viewer, n=2)
            await do(viewer, stream="directory", trail="operator")
            written[viewer.school] += 1

    async def each_writes_once_more() -> None:
        before = {**written}

        async def each_did() -> bool:
            return all(written[school] > before[school] for school in before)

        await until(each_did)

    async with conftest.opened(homes.live.database_url):
        await do(schools[0])
        writers = [asyncio.create_task(write(viewer)) for viewer in schools]
        await each_writes_once_more()
        manifest = (await making.back_up(homes.live, made)).manifest
        await each_writes_once_more()
        stopped.set()
        await asyncio.gather(*writers)
    restored = await restoring.restore(homes.elsewhere, made, instead=False)

    assert (restored.findings, restored.kept) == ((), None)
    now, then = await trails_of(homes.live), await trails_of(homes.elsewhere)
    assert {name: archive.BackedUpHead(v.entries, v.root.hex()) for name, v in then.items()} == manifest.trails
    assert all(verdict.finding is None for verdict in (*now.values(), *then.values()))
    assert sum(v.entries for v in then.values()) < sum(v.entries for v in now.values())
    async with conftest.opened(homes.live.database_url), database.read():
        for name, verdict in then.items():
            assert await proofs.root_at(name, verdict.entries) == verdict.root  # the backup is a prefix of what went on


async def test_an_erased_value_does_not_come_back_and_the_old_database_is_kept(homes: Homes, tmp_path: Path) -> None:
    made = tmp_path / "a.vouch"
    async with conftest.opened(homes.live.database_url):
        world = await a_world()
        await making.back_up(homes.live, made)
        await erasure.approve(world.hal, await ask(world, reason=ErasureReason.LAW))
    restored = await restoring.restore(homes.live, made, instead=True)

    assert (restored.erased_again, restored.erasures_known, restored.findings) == (1, True, ())
    assert restored.kept is not None
    assert "before-" in restored.kept
    async with conftest.opened(homes.live.database_url):
        async with database.read():
            values = await Opening.select(Opening.value).output(as_list=True)
        assert not any(NAME in value for value in values)
        assert (await fsck.check(str(world.ann.school))).finding is None


async def test_what_was_taken_back_since_is_listed_and_sealed_trails_are_named(homes: Homes, tmp_path: Path) -> None:
    made = tmp_path / "a.vouch"
    async with conftest.opened(homes.live.database_url):
        oakfield = await a_school("Oakfield Primary")
        hal, ann = await a_person(oakfield, Role.HEAD), await a_person(oakfield, name="Ann Ash")
        await making.back_up(homes.live, made)
        await people.remove(hal, ann.person)
        await sealing.seal_some([str(oakfield.id)], await keys.signing())
    restored = await restoring.restore(homes.live, made, instead=True)

    (lost,) = [one for one in restored.lost if one.trail == str(oakfield.id)]
    assert (lost.name, lost.entries, lost.sealed) == ("Oakfield Primary", 1, True)
    assert [one.type for one in lost.undone] == [Event.PERSON_REMOVED]
    assert "Removed a colleague" in lost.undone[0].words


async def test_the_signers_memory_alone_tells_that_a_trail_went_back(homes: Homes, tmp_path: Path) -> None:
    made, viewer = tmp_path / "a.vouch", a_viewer()
    async with conftest.opened(homes.live.database_url):
        await do(viewer, n=2)
        await making.back_up(homes.live, made)
        await do(viewer, n=3)
        await sealing.seal_some([str(viewer.school)], await keys.signing())
    restored = await restoring.restore(homes.elsewhere, made, instead=False)
    (lost,) = [one for one in restored.lost if one.trail == str(viewer.school)]
    assert (lost.entries, lost.sealed, lost.undone) == (3, True, ())


async def test_a_database_with_entries_is_not_replaced_unasked(homes: Homes, tmp_path: Path) -> None:
    made = tmp_path / "a.vouch"
    async with conftest.opened(homes.live.database_url):
        await do(a_viewer())
        await making.back_up(homes.live, made)
    before = await trails_of(homes.live)
    with pytest.raises(Conflict, match="add --replace"):
        await restoring.restore(homes.live, made, instead=False)
    assert await trails_of(homes.live) == before


async def test_nothing_is_restored_under_somebody_who_uses_the_database(homes: Homes, tmp_path: Path) -> None:
    made = tmp_path / "a.vouch"
    async with conftest.opened(homes.live.database_url):
        await do(a_viewer())
        await making.back_up(homes.live, made)
        if conftest.ENGINE == "sqlite":
            with database.serving_lock(homes.live), pytest.raises(SettingsError, match="already serving"):
                await restoring.restore(homes.live, made, instead=True)
        else:
            with pytest.raises(Conflict, match="is in use"):
                await restoring.restore(homes.live, made, instead=True)


async def test_a_restore_that_fails_leaves_the_old_database_and_nothing_beside_it(homes: Homes, tmp_path: Path) -> None:
    made, lying = tmp_path / "a.vouch", tmp_path / "lying.vouch"
    async with conftest.opened(homes.live.database_url):
        await do(a_viewer(), n=2)
        await making.back_up(homes.live, made)
    rewrite(
        made, lying, manifest=lambda told: {**told, "trails": {name: {"size": 9, "root": "0" * 64} for name in told["trails"]}}
    )
    before, files = await trails_of(homes.live), inside(tmp_path)
    with pytest.raises(Invalid, match="is not the one that was backed up"):
        await restoring.restore(homes.live, lying, instead=True)
    assert await trails_of(homes.live) == before
    assert inside(tmp_path) == files


def inside(folder: Path) -> list[str]:
    """The names of its files; the lock of whoever serves is there or not."""
    return sorted(path.name for path in folder.iterdir() if path.suffix != ".lock")


async def test_what_is_no_backup_or_a_damaged_one_is_refused_in_one_sentence(homes: Homes, tmp_path: Path) -> None:
    made, other = tmp_path / "a.vouch", tmp_path / "b.vouch"
    await backed_up(homes.live, made)
    changes: tuple[tuple[dict[str, Any], str], ...] = (
        ({"data": lambda stored: stored[:-1] + bytes([stored[-1] ^ 1])}, "does not have the digest"),
        ({"data": lambda stored: stored + b"more"}, "does not have the digest"),
        ({"manifest": lambda told: {**told, "format": "vouch-backup/9"}}, "not made by vouch backup"),
        ({"manifest": lambda _: []}, "not made by vouch backup"),
        ({"manifest": lambda told: {**told, "trails": []}}, "not made by vouch backup"),
        ({"manifest": lambda told: {**told, "size": "1"}}, "not made by vouch backup"),
        ({"manifest": lambda told: {**told, "made_at": "\x1b[31m2026"}}, "not made by vouch backup"),
        ({"manifest": lambda told: {**told, "engine": "\x1b[31mOracle"}}, "not made by vouch backup"),
        ({"manifest": lambda told: {**told, "engine": "Oracle"}}, "This is a backup of Oracle"),
        ({"manifest": lambda told: {**told, "migrations": ["audit_9999"]}}, r"made by a newer Vouch \(audit_9999\)"),
    )
    for change, sentence in changes:
        rewrite(made, other, **change)
        with pytest.raises((Invalid, SettingsError), match=sentence):
            await restoring.restore(homes.elsewhere, other, instead=False)
        other.unlink()
    for nonsense in (b"", b"PK\x03\x04", made.read_bytes()[:-40]):
        other.write_bytes(nonsense)
        with pytest.raises(Invalid, match="not made by vouch backup"):
            await restoring.restore(homes.elsewhere, other, instead=False)
    with pytest.raises(Invalid, match="No such file"):
        await restoring.restore(homes.elsewhere, tmp_path / "nowhere", instead=False)
    for endless in (lambda: archive.read(Path("/dev/zero")), lambda: archive.entries(Path("/dev/zero"))):
        with pytest.raises(Invalid, match="it is no file"):
            endless()


async def test_a_backup_overwrites_nothing_is_its_owners_and_leaves_nothing_else(homes: Homes, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    await backed_up(homes.live, folder / "a.vouch")
    assert [(path.name, path.stat().st_mode & 0o777) for path in folder.iterdir()] == [("a.vouch", 0o600)]
    with pytest.raises(Invalid, match="is there already"):
        await backed_up(homes.live, folder / "a.vouch")
    with pytest.raises(Invalid, match="There is no folder"):
        await backed_up(homes.live, folder / "none" / "a.vouch")


async def test_a_trail_that_was_bad_already_is_restored_and_told(homes: Homes, tmp_path: Path) -> None:
    made, viewer = tmp_path / "a.vouch", a_viewer()
    async with conftest.opened(homes.live.database_url):
        await do(viewer, n=3)
        await behind_the_triggers("UPDATE audit_entry SET at = 0 WHERE idx = 1")
        await making.back_up(homes.live, made)
    restored = await restoring.restore(homes.elsewhere, made, instead=False)
    assert [(finding.trail, finding.idx) for finding in restored.findings] == [(str(viewer.school), 1)]


@pytest.mark.postgres
async def test_a_missing_or_older_pg_dump_is_one_sentence(homes: Homes, tmp_path: Path) -> None:
    for said, sentence in (("", "There is no pg_dump in"), ("#!/bin/sh\necho 'pg_dump (PostgreSQL) 9.6.1'\n", "is of version 9")):
        if said:
            (tmp_path / "pg_dump").write_text(said)
            (tmp_path / "pg_dump").chmod(0o700)
        with pytest.raises(SettingsError, match=sentence):
            await making.back_up(replace(homes.live, pg_bin=str(tmp_path)), tmp_path / "a.vouch")
    assert not (tmp_path / "a.vouch").exists()


@pytest.mark.skipif(conftest.ENGINE != "sqlite", reason="SQLite's file is what can't be read there")
async def test_a_disk_that_is_read_only_is_told_and_what_to_do(
    homes: Homes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the kernel answers where it is mounted so, which a test can't do everywhere."""

    def refused(path: Path) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS), str(path))

    monkeypatch.setattr(Path, "touch", refused)
    with pytest.raises(SettingsError, match="is read-only, and Vouch writes there even to read"):
        await making.back_up(homes.live, tmp_path / "a.vouch")


@pytest.mark.postgres
async def test_no_password_is_on_the_command_line(homes: Homes, tmp_path: Path) -> None:
    for name in ("pg_dump", "pg_restore"):
        real = Path(client_programs(), name)
        (tmp_path / name).write_text(f'#!/bin/sh\necho "$0 $@" >>{tmp_path}/said\nexec {real} "$@"\n')
        (tmp_path / name).chmod(0o700)
    home = replace(homes.elsewhere, pg_bin=str(tmp_path))
    await backed_up(homes.live, tmp_path / "a.vouch")
    await restoring.restore(home, tmp_path / "a.vouch", instead=False)
    await backed_up(home, tmp_path / "b.vouch")
    said = (tmp_path / "said").read_text()
    assert {"pg_dump", "pg_restore"} == set(re.findall(r"/(pg_\w+) ", said))
    assert postgres_logins.PASSWORD not in said.replace("%20", " ")


async def test_nothing_tells_that_something_was_lost_when_nothing_was(homes: Homes, tmp_path: Path) -> None:
    made = tmp_path / "a.vouch"
    async with conftest.opened(homes.live.database_url):
        await do(a_viewer(), n=3)
        await making.back_up(homes.live, made)
    restored = await restoring.restore(homes.live, made, instead=True)
    assert (restored.lost, restored.erasures_known) == ((), erasure_list.path().exists())
