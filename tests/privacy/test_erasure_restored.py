"""What was erased stays erased when a backup comes back that still has it."""

import asyncio
import socket
import sqlite3
import subprocess
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from audit.erasing.erasure import ErasureReason
from base import settings
from base.settings import Settings
from base.viewer import Role
from privacy import erasure
from suppliers.directory import directory
from suppliers.opinions import notes, reviews
from suppliers.opinions.notes import About
from suppliers.opinions.opinion import Opinion
from suppliers.tables import Note
from tests.conftest import Template, duplicate, opened
from tests.given.builders import a_person, a_school
from tests.given.checkout import VOUCH
from tests.given.erasing import (
    NAME,
    World,
    a_world,
    ask,
    everything_in,
    facts_of,
    files_of,
    keys_found,
    the,
)
from tests.given.every_check import findings


async def test_a_restored_backup_forgets_again(template: Template, tmp_path: Path) -> None:
    """The copy was made before the erasure; replaying twice does no harm."""
    made = await duplicate(template, tmp_path / "vouch.sqlite")
    async with opened(made.url):
        world = await a_world()
    backup = await duplicate(Template(made.url, made.server), tmp_path / "backup.sqlite")
    async with opened(made.url):
        await erasure.approve(world.hal, await ask(world))
        assert await erasure.replay() == 0, "nothing came back"
    async with opened(backup.url) as restored:
        assert await keys_found(world.ann, typed=NAME) != []
        assert await erasure.replay() == 1
        assert await erasure.replay() == 0
        assert await keys_found(world.ann, typed=NAME) == []
        held = await everything_in(restored)
        assert [form for form in (NAME.encode(), b"zebedee", world.email.encode()) if form in held] == []
        assert (await facts_of(world.ann.school, "erasure.applied")) == [{"after_a_restore": True}] * 2
        assert await findings() == ()
        note = await the(Note, Note.id == world.note)
        assert note.body == ""
        await notes.revise(world.ann, world.note, version=note.version, about=About.GOOD, body="New words.")
        assert await erasure.replay() == 0
        assert (await notes.ours(world.ann, world.note)).body == "New words."


@pytest.mark.pure  # of the SQLite process: it starts Vouch on a file
@pytest.mark.program
async def test_a_backup_put_in_place_by_hand_has_forgotten_before_it_serves(world: World, db: Settings, tmp_path: Path) -> None:
    backup, data = tmp_path / "backup.sqlite", settings.current().data
    with closing(sqlite3.connect(db.sqlite_path)) as connection:
        connection.execute("VACUUM INTO ?", (str(backup),))
    assert NAME.encode() in backup.read_bytes()
    await erasure.approve(world.hal, await ask(world))
    said = await asyncio.to_thread(serve_once, {"VOUCH_DATABASE_URL": f"sqlite:///{backup}", "VOUCH_DATA": str(data)})
    left = files_of(backup) + said
    assert [form for form in (NAME.encode(), b"zebedee", world.email.encode()) if form in left] == []


def serve_once(env: dict[str, str]) -> bytes:
    """Starts Vouch, stops it when it serves, and returns all that it printed."""
    command = [*VOUCH, "serve", "--json"]
    with subprocess.Popen(
        command, env=env | {"VOUCH_PORT": a_port()}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as serving:
        assert serving.stdout is not None
        said = b""  # no next(): a StopIteration that leaves a thread is never told to whoever waits for it
        for line in serving.stdout:
            said += line
            if b'"url"' in line:
                break
        serving.terminate()
        said += serving.stdout.read()
    assert b'"url"' in said, said.decode()
    return said


def a_port() -> str:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return str(listener.getsockname()[1])


async def test_what_an_older_backup_still_had_as_current_is_blanked_too(template: Template, tmp_path: Path) -> None:
    """At the time of the backup the review's present words were what is an earlier version today."""
    made = await duplicate(template, tmp_path / "vouch.sqlite")
    async with opened(made.url):
        oakfield = await a_school("Oakfield Primary")
        ann, hal = await a_person(oakfield), await a_person(oakfield, Role.HEAD, "Hal Hart")
        supplier = (await directory.add(ann, name="Ashby Boilers")).id
        said = Opinion(interest=None, rating=3, criticism=f"{NAME} was rude.")
        review = (await reviews.review(ann, supplier, opinion=said, version=None)).id
    backup = await duplicate(Template(made.url, made.server), tmp_path / "backup.sqlite")
    async with opened(made.url):
        await reviews.review(ann, supplier, opinion=replace(said, criticism="Was rude."), version=1)
        keys = await keys_found(ann, typed=NAME)
        asked = await erasure.ask(ann, person=None, typed=NAME, chosen=keys, reason=ErasureReason.WRONG, words="")
        await erasure.approve(hal, asked)
        assert (await reviews.ours(ann, review)).said.criticism == "Was rude."
    async with opened(backup.url):
        assert await erasure.replay() == 1
        assert (await reviews.ours(ann, review)).said.criticism == ""
