"""Nobody learns whether an address has an account: one town where it has one and one where it hasn't answer with the same bytes.

The one who asks is a head: she may invite, let auditors in, and holds every link that a page shows her. She signs in with
what she made there. Each request also runs the same statements, so that its time tells nothing.
"""

import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, nullcontext
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
from argon2 import PasswordHasher

import database
from base import clock
from base.viewer import Role
from sharing.accounts import addresses, forgotten
from sharing.sign_in.passwords import argon2
from tests.conftest import Template, copied
from tests.given import builders
from tests.given.builders import PASSWORD, a_school, link_in, signed_in, stranger, token_in
from tests.given.letters import letters, letters_are_sent, link_of
from tests.given.routes import shown

a_person = partial(builders.a_person, proved=False)

IT: Final = "head@real-school.example"
MINE: Final = "violet tractor hums along"
WORLDS: Final = ("nobody has it", "somebody claims it", "somebody proved it", "two claim it")
OF_A_PAGE = rb'(?<=vouch-by" value=")[0-9a-f]{32}|(?<=vouch-once" value=")[\w-]+|'
VARIES = re.compile(OF_A_PAGE + rb"[0-9a-f]{64}|[0-9a-f]{8}-[0-9a-f-]{27}|[\w-]{43}|Max-Age=\d+")

Told = list[tuple[str, Any, list[str], int]]


class Counting(PasswordHasher):
    """How many hashes were computed."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.made = 0

    def hash(self, password: str | bytes, *, salt: bytes | None = None) -> str:
        self.made += 1
        return super().hash(password, salt=salt)

    def verify(self, hash: str | bytes, password: str | bytes) -> Any:  # noqa: A002 - argon2's name
        self.made += 1
        return super().verify(hash, password)


@pytest.fixture
def statements(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every statement as it runs, without its values."""
    ran: list[str] = []
    engine: Any = type(database.engine())
    own: Callable[..., Any] = engine.run_querystring

    async def noted(self: Any, querystring: Any, in_pool: bool = True) -> Any:
        ran.append(querystring.template)
        return await own(self, querystring, in_pool)

    monkeypatch.setattr(engine, "run_querystring", noted)
    return ran


@asynccontextmanager
async def a_world(which: str, template: Template, folder: Path) -> AsyncIterator[Any]:
    """Elm, whose head asks, and other schools that she has nothing to do with."""
    async with copied(template, folder / f"{which}.sqlite"):
        elm, oak, ash = await a_school("Elm"), await a_school("Oak"), await a_school("Ash")
        eve = await a_person(elm, Role.HEAD, "Eve Evans", email="eve@elm.example")
        ria = await a_person(oak, Role.HEAD, "Ria Real", email="ria@oak.example" if which == WORLDS[0] else IT)
        if which == "two claim it":
            await a_person(ash, email=IT)
        if which == "somebody proved it":
            with letters_are_sent():
                await addresses.ask_to_prove(ria, email=IT, password=PASSWORD)
                await addresses.prove(ria, token_in(link_of(IT)))
        yield eve


def _told(text: bytes) -> bytes:
    return VARIES.sub(b"", text)


async def everything_asked(eve: Any, statements: list[str], hasher: Counting) -> Told:
    told: Told = []

    async def ask(browser: httpx.AsyncClient, method: str, path: str, **form: str) -> httpx.Response:
        statements.clear()
        hasher.made = 0
        answer = await browser.request(method, path, data=form or None)
        status, body, headers = shown(answer)
        kept = [(name, _told(value.encode())) for name, value in headers if name != "content-length"]
        told.append((f"{method} {_told(path.encode())!r}", (status, _told(body), kept), [*statements], hasher.made))
        await forgotten.stop()
        return answer

    async with signed_in(eve) as browser, stranger() as mine, stranger() as another:
        link = link_in((await ask(browser, "POST", "/people/invite", email=IT, role="governor")).text)
        await ask(another, "GET", link)
        await ask(another, "POST", link, account="yes", password="not the right one")
        await ask(another, "POST", link, account="no", name="", password="short")
        await ask(another, "POST", "/sign-in", email=IT, password="not the right one")
        await ask(another, "POST", "/forgot-password", email=IT)
        await ask(mine, "POST", link, account="no", name="Sly Smith", password=MINE)
        await ask(mine, "GET", "/people")
        await ask(mine, "GET", "/account/address")
        await ask(another, "POST", "/forgot-password", email=IT.upper())
        await ask(another, "POST", "/sign-in", email=IT, password="not the right one")
        await ask(mine, "POST", "/sign-in", email=IT, password=MINE)
        await ask(mine, "POST", "/sign-in", email=IT, password="not the right one")
        await ask(browser, "GET", "/people")
        await ask(browser, "POST", "/people/invite", email=IT, role="governor")
        until = clock.today() + timedelta(days=3)
        day = {"until-day": str(until.day), "until-month": str(until.month), "until-year": str(until.year)}
        await ask(browser, "POST", "/auditors", email=IT, reason="Review.", scope="whole", **day)
        await ask(browser, "POST", "/account/address", email=IT, password=PASSWORD)
        await ask(browser, "POST", "/trail/seals/recipients", email=IT)
    return told


@pytest.mark.parametrize("mailing", [False, True], ids=["links are handed on", "letters are sent"])
async def test_an_address_with_an_account_answers_as_one_without(
    template: Template, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, statements: list[str], *, mailing: bool
) -> None:
    hasher, worlds = Counting(), {}
    monkeypatch.setattr(argon2, "hasher", hasher)
    argon2.which("makes nobody's hash, once for all", [])
    with clock.at(clock.now()):
        for which in WORLDS:
            async with a_world(which, template, tmp_path) as eve:
                with letters_are_sent() if mailing else nullcontext():
                    worlds[which] = await everything_asked(eve, statements, hasher)
                    went = [letter["Subject"] for letter in letters(IT)]
                    reaches = 2 if mailing and which == "somebody proved it" else 0
                    assert went.count("Choose a new password for Vouch") == reaches
                    for letter in (tmp_path / "mail" / "outbox").glob("*"):
                        letter.unlink()
    nobodys = worlds.pop(WORLDS[0])
    assert len(nobodys) == 18
    for which, told in worlds.items():
        for expected, got in zip(nobodys, told, strict=True):
            assert got == expected, f"{which}: {got[0]}"


async def test_an_honest_answer_is_told_only_to_whoever_opened_the_letter(db: object) -> None:
    """The mailbox's owner hears that she has an account, by which she then joins."""
    oak, elm = await a_school("Oak"), await a_school("Elm")
    ria, eve = await a_person(oak, email=IT), await a_person(elm, Role.HEAD, "Eve Evans")
    with letters_are_sent():
        await addresses.ask_to_prove(ria, email=IT, password=PASSWORD)
        await addresses.prove(ria, token_in(link_of(IT)))
        async with signed_in(eve) as browser, stranger() as hers:
            await browser.post("/people/invite", data={"email": IT, "role": "governor"})
            link = link_of(IT)
            refused = await hers.post(link, data={"account": "no", "name": "Ria Real", "password": MINE})
            assert (refused.status_code, "You have an account with this address" in refused.text) == (409, True)
            assert (await hers.post(link, data={"account": "yes", "password": PASSWORD})).status_code == 303
