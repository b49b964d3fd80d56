"""Who sends slowly is asked about once more when all of it is there: who left meanwhile, or was signed out, changes nothing."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from uuid import UUID

import pytest

import database
from base.settings import Settings
from base.viewer import KeyScope, Role, Viewer
from sharing.people import people
from sharing.sign_in import api_keys, sign_in
from suppliers.directory import directory
from suppliers.tables import Note
from tests.given.builders import PASSWORD, a_person, a_school, program, signed_in
from web.http import bodies

NOTE = b'{"about": "good", "body": "Written on the way out.", "happened_on": "2026-11-02"}'
WRITTEN = b"about=good&body=Written+on+the+way+out.&happened_on-day=2&happened_on-month=11&happened_on-year=2026"
WITH_A_FILE = (
    b"".join(
        b'--x\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n' % (name, value)
        for name, value in (pair.split(b"=") for pair in WRITTEN.replace(b"+", b" ").split(b"&"))
    )
    + b"--x--\r\n"
)
FORM, FILE_FORM = "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"
Meanwhile = Callable[[], Awaitable[object]]


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Any time at all is slow."""
    monkeypatch.setattr(bodies, "AT_ONCE", 0)


@dataclass(frozen=True)
class Town:
    """Hal is head of Ann's school, which has the boilers."""

    hal: Viewer
    ann: Viewer
    boilers: UUID

    async def notes(self) -> int:
        async with database.read():
            found: int = await Note.count()
        return found

    async def remove_ann(self) -> None:
        await people.remove(self.hal, self.ann.person)

    async def demote_ann(self) -> None:
        await people.change_role(self.hal, self.ann.person, Role.GOVERNOR)

    async def change_her_password(self) -> None:
        await sign_in.change_password(self.ann, current=PASSWORD, new="a quiet river at dawn")


@pytest.fixture
async def town(db: Settings) -> Town:
    school = await a_school()
    hal, ann = await a_person(school, Role.HEAD, "Hal Hart"), await a_person(school)
    return Town(hal, ann, (await directory.add(ann, name="Ashby Boilers")).id)


async def sent(content: bytes, meanwhile: Meanwhile) -> AsyncIterator[bytes]:
    yield content[:20]
    await meanwhile()
    yield content[20:]


async def nothing() -> None:
    pass


@pytest.mark.parametrize("kind", [FORM, FILE_FORM])
@pytest.mark.parametrize("how", ["remove_ann", "demote_ann", "change_her_password"])
async def test_a_form_that_was_on_its_way_when_its_sender_left_is_not_saved(town: Town, how: str, kind: str) -> None:
    content = WRITTEN if kind == FORM else WITH_A_FILE
    async with signed_in(town.ann) as browser:
        browser.event_hooks = {}  # which read what was sent a second time
        address, headers = f"/suppliers/{town.boilers}/notes/new", {"content-type": kind}
        saved = await browser.post(address, content=sent(content, nothing), headers=headers)
        assert (saved.status_code, await town.notes()) == (303, 1)
        late = await browser.post(address, content=sent(content, getattr(town, how)), headers=headers)
    assert (late.headers["location"].partition("?")[0], await town.notes()) == ("/sign-in", 1)


@pytest.mark.parametrize("how", ["remove_ann", "demote_ann", "change_her_password"])
async def test_nor_is_what_a_program_was_sending(town: Town, how: str) -> None:
    key = await api_keys.create(town.ann, name="finance system", days=30, scopes={KeyScope.WRITE})
    async with program(key) as client:
        client.event_hooks = {}
        address, headers = f"/api/v1/suppliers/{town.boilers}/notes", {"content-type": "application/json"}
        saved = await client.post(address, content=sent(NOTE, nothing), headers=headers)
        assert (saved.status_code, await town.notes()) == (201, 1), saved.text
        late = await client.post(address, content=sent(NOTE, getattr(town, how)), headers=headers)
    assert (late.status_code, await town.notes()) == (401, 1)
