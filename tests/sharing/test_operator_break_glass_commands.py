"""Breaking the glass at the command line: without a mail server the letters first, and the link once they are posted."""

import asyncio
import subprocess
from pathlib import Path

import pytest

from base.settings import Settings
from base.viewer import Role, Viewer
from tests.given.builders import a_person, a_school, email_of, events_of
from tests.given.command import vouch

pytestmark = pytest.mark.program

URN = 900_777
WHY = "Asked in person"


@pytest.fixture
async def eve(db: Settings) -> Viewer:
    return await a_person(await a_school("Elm Primary", urn=URN), Role.HEAD, "Eve Elm")


async def typed(db: Settings, folder: Path, *args: str) -> "subprocess.CompletedProcess[str]":
    return await asyncio.to_thread(vouch, folder, *args, VOUCH_DATABASE_URL=db.database_url)


async def test_letters_are_printed_first_and_nothing_is_done(db: Settings, tmp_path: Path, eve: Viewer) -> None:
    reset = ("people", "new-password", "--school", str(URN), "--email", await email_of(eve))
    assert (await typed(db, tmp_path, *reset)).returncode == 2, "a reason is asked for"
    printed = await typed(db, tmp_path, *reset, "--reason", WHY)
    assert (printed.returncode, printed.stdout) == (1, "")
    for told in ("Eve Elm", "Elm Primary", WHY, "--letters-posted"):
        assert told in printed.stderr
    assert "break_glass.reset" not in await events_of(eve.school)
    made = await typed(db, tmp_path, *reset, "--reason", WHY, "--letters-posted")
    assert "/new-password/" in made.stdout
    assert (await events_of(eve.school))[-1] == "break_glass.reset"


async def test_somebody_is_let_in_for_a_day_below_a_head(db: Settings, tmp_path: Path, eve: Viewer) -> None:
    invite = ("invite", "--school", str(URN), "--email", "x@y.example", "--role")
    assert "its own people invite" in (await typed(db, tmp_path, *invite, "business_manager")).stderr
    breaking = ("--break-glass", WHY, "--letters-posted")
    assert (await typed(db, tmp_path, *invite, "head", *breaking)).returncode == 1
    assert "/join/" in (await typed(db, tmp_path, *invite, "governor", *breaking)).stdout
    assert (await events_of(eve.school))[-1] == "break_glass.invited"
