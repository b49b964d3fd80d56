"""A letter that somebody waits for leaves within seconds, by whichever process wrote it, and its link is kept nowhere."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from base import mail
from base.settings import Settings
from base.viewer import Role
from sharing.people import people
from tests.given.builders import a_person, a_school
from tests.given.mail_server import server
from tests.given.patience import PATIENCE, until
from vouch import jobs

TO = "ann@elm.example"


@asynccontextmanager
async def sending(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    monkeypatch.setattr(jobs, "LOOK_EVERY_SECONDS", 0.01)
    task = asyncio.create_task(jobs.send_promptly())
    try:
        yield
    finally:
        await jobs.stop(task)


def files(folder: Path) -> list[str]:
    return [path.name for name in ("outbox", "sent") for path in (folder / "mail" / name).glob("*")]


async def test_an_invitation_leaves_by_itself_and_is_not_kept(
    db: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    eve = await a_person(await a_school("Elm"), Role.HEAD, "Eve Evans")
    async with server(monkeypatch) as taken, sending(monkeypatch):
        made = await people.invite(eve, email=TO, role=Role.GOVERNOR)

        async def is_there() -> bool:
            return bool(taken.messages) and not files(tmp_path)

        await until(is_there)
    (message,) = taken.messages
    body = message.get_body()
    assert body is not None
    assert made.letter
    assert made.letter in body.get_content()
    assert "Elm invites you" in message["Subject"]
    assert made.letter.rpartition("/")[2] not in "".join(capsys.readouterr())
    assert made.letter not in repr(made)


async def test_what_the_server_does_not_take_waits_and_is_not_tried_every_other_second(
    db: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with server(monkeypatch) as taken, sending(monkeypatch):
        taken.answers = ["451 Try again later"]
        await mail.send(TO, "First", "x", is_secret=True)

        async def was_refused() -> bool:
            return not taken.answers

        await until(was_refused)
        for _ in range(20):
            await asyncio.sleep(0.01)
        assert (len(taken.messages), len(files(tmp_path))) == (0, 1)
        await mail.send(TO, "Second", "x")  # a new one takes those that wait with it

        async def both_went() -> bool:
            return len(taken.messages) == 2

        await until(both_went)
    assert sorted(message["Subject"] for message in taken.messages) == ["First", "Second"]
    assert len(files(tmp_path)) == 1, "only what holds no link is kept"


@pytest.mark.pure
async def test_what_runs_beside_the_pages_ends_though_a_library_lost_that_it_should(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "HEARD_WITHIN_SECONDS", 0.01)

    async def forever() -> None:
        with suppress(asyncio.CancelledError):
            await asyncio.sleep(PATIENCE)
        await asyncio.sleep(PATIENCE)

    loop = asyncio.create_task(forever())
    await asyncio.sleep(0)
    async with asyncio.timeout(PATIENCE / 2):
        await jobs.stop(loop)
    assert loop.cancelled()
