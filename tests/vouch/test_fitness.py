"""`vouch check` says what an operator should mend before it breaks: one sentence each, and the remedy in it."""

import errno
import os
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import database
from audit.seals import keys
from base.settings import Settings, SettingsError
from tests.conftest import ENGINE
from tests.given.builders import a_person, a_school, travel
from vouch import fitness

SAID: dict[str, Any] = {
    "operator_name": "Ashby Trust",
    "operator_address": "1 Market Place, Ashby",
    "operator_contact": "dpo@ashby.example",
}


@pytest.fixture
def well(db: Settings, tmp_path: Path) -> Settings:
    """Nothing to complain of: the operator is named, and the key is made at the first start."""
    return replace(db, data=tmp_path, keys=tmp_path / "keys", **SAID)


async def test_a_new_installation_that_says_who_runs_it_is_warned_of_nothing(well: Settings) -> None:
    await fitness.refuse_damage(well, deep=True)
    assert await fitness.warnings(well) == []


@pytest.mark.parametrize("missing", SAID)
async def test_whoever_runs_it_is_named_or_the_setting_that_does_not_is(well: Settings, missing: str) -> None:
    silent: dict[str, Any] = {missing: ""}
    (warned,) = await fitness.warnings(replace(well, **silent))
    assert f"Set VOUCH_{missing.upper()}:" in warned
    assert await fitness.warnings(replace(well, **silent, demo=True)) == []


async def test_a_setting_that_is_misspelt_is_named_with_the_one_that_is_meant(
    well: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VOUCH_TRUSTED_PROXY", "127.0.0.1")
    (warned,) = await fitness.warnings(well)
    assert warned == "VOUCH_TRUSTED_PROXY is no setting of Vouch and sets nothing. Did you mean VOUCH_TRUSTED_PROXIES?"


async def test_a_disk_that_is_nearly_full_is_named_with_what_is_left(well: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    class Usage(NamedTuple):
        free: int

    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(300 * 1024 * 1024))
    (warned,) = await fitness.warnings(well)
    assert "300 MB left" in warned
    assert str(well.data) in warned


async def test_a_key_that_is_not_here_is_missed_and_one_that_others_may_read_refused(well: Settings) -> None:
    await keys.signing()
    assert await fitness.warnings(well) == []
    well.keys.chmod(0o750)
    with pytest.raises(SettingsError, match="chmod 700"):
        await fitness.warnings(well)
    (warned,) = await fitness.warnings(replace(well, keys=well.keys.with_name("elsewhere")))
    assert "nothing is sealed here" in warned


async def test_a_clock_behind_the_newest_entry_is_told_by_how_much(well: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    await a_person(await a_school())
    travel(monkeypatch, days=-2)
    (warned,) = await fitness.warnings(well)
    assert warned.startswith("This computer's clock is 1 day behind the newest entry") or "2 days behind" in warned


@pytest.mark.skipif(ENGINE != "sqlite", reason="SQLite's file is what can't be written here")
async def test_a_disk_that_is_read_only_stops_the_check_with_what_to_do(well: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """As the kernel answers where it is mounted so, which a test can't do everywhere."""

    def refused(path: Path) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS), str(path))

    monkeypatch.setattr(Path, "touch", refused)
    with pytest.raises(SettingsError, match="is read-only, and Vouch writes there even to read"):
        await fitness.refuse_damage(well, deep=False)


@pytest.mark.skipif(ENGINE != "sqlite", reason="SQLite's file is what can be damaged here")
@pytest.mark.parametrize("deep", [False, True])
async def test_a_damaged_file_stops_the_check_with_the_remedy(well: Settings, tmp_path: Path, *, deep: bool) -> None:
    for _ in range(20):
        await a_school()
    copy = replace(well, database_url=f"sqlite:///{tmp_path / 'copy.sqlite'}")
    await _copied(copy.sqlite_path)
    await fitness.refuse_damage(copy, deep=deep)
    with copy.sqlite_path.open("r+b") as file:
        for page in range(20, 60):
            file.seek(page * 4096)
            file.write(b"\xff" * 4096)
    with pytest.raises(SettingsError, match="good backup"):
        await fitness.refuse_damage(copy, deep=deep)
    copy.sqlite_path.write_bytes(b"no database at all" * 1000)
    with pytest.raises(SettingsError, match="restore the last good backup"):
        await fitness.refuse_damage(copy, deep=deep)


async def _copied(to: Path) -> None:
    engine: Any = database.engine()
    async with engine._sole_writer() as connection:
        await connection.execute_fetchall("VACUUM INTO ?", (str(to),))
