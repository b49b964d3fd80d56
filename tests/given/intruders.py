"""Members of one school who try, in any order, whatever the application can be asked to do, to read another school.

Elmwood's Bob, Eve and Gil are after Oakfield. They hold their own passwords and mailboxes, mailboxes that they make up, whatever
link a page or a letter shows them, and every account that such a link opens. Honest people work beside them who may read
Oakfield: Max audits it, Moe and Nia work there too. What they try is every route that changes something, with its requests of
`acts.py` and with anybody's ids in them.
"""

import copy
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any, Final
from uuid import UUID

import httpx

import database
from base import clock
from base.viewer import Role
from sharing.auditors import auditors
from sharing.joining import joining
from sharing.sign_in.sessions import digest_of
from sharing.tables import OneTimeLink, Person, School
from suppliers.opinions import notes, reviews
from suppliers.opinions.attachments import Upload
from suppliers.opinions.notes import About
from suppliers.opinions.opinion import Opinion
from suppliers.tables import Attachment
from tests.conftest import Template, copied, duplicate, opened
from tests.given.acts import ACTS, Act
from tests.given.builders import PASSWORD, a_membership, a_person, email_of, stranger, token_in
from tests.given.letters import letters, text_of, throw_letters_away
from tests.given.routes import Route, changing, read, reading, send
from tests.given.town import Town, town_to_copy

SECRETS: Final = ("plover", "heron", "lapwing")  # in a private note and its file, a private review, one shared with Fern alone
INTRUDERS: Final = ("bob", "eve", "gil")
SCHOOLS: Final = ("oakfield", "elmwood", "dale", "fern", "gorse", "hazel")
ALIKE: Final = (  # for each kind of id, those of Elmwood's, and anybody's
    (("elmwood", "oakfield"), SCHOOLS),
    (("bob", "eve", "gil", "max", "moe", "nia"), ("ann", "hal", "gus", "cleo", "mia", "iris")),
    (("bobs_vouch",), ("review", "shared_review", "secret_review")),
    (("bobs_note",), ("note", "shared_note", "secret_note")),
    (("bobs_file",), ("file", "shared_file", "secret_file")),
    (("cleaning", "glazing"), ("boilers", "catering", "drains", "alike")),
    (("bobs_request",), ("received", "asked")),
    (("bobs_import",), ("import",)),
    ((), ("grant", "iris_grant", "max_grant")),
)
ABOUT_PEOPLE: Final = ("/people", "/auditors", "/switch")
OWN_DOORS: Final = (  # what ``Intruders`` does by itself
    "POST /sign-in", "POST /sign-out", "POST /account/password", "POST /join/{token}", "POST /new-password/{token}",
)  # fmt: skip
LINK: Final = re.compile(r"/(join|new-password|account/prove-address)/([\w-]{20,})")
MADE_UP: Final = "@elmwood.example"
CHOSEN: Final = "an owl at the kitchen window"  # their password for what a link opens; honest people have another one
ROLES: Final = ("governor", "business_manager", "head")
OFTEN: Final = 0.7
PAUSES: Final = (timedelta(hours=3), timedelta(days=2), timedelta(days=15), timedelta(days=40))


@dataclass
class Intruders:
    """``accounts`` are passwords by e-mail, of all whom they can sign in as; ``done`` is for a test to tell when it fails.

    What they try they send in the sessions that they have, and sign in where one of them has ended.
    """

    town: Town
    chance: Random
    accounts: dict[str, str]
    sessions: dict[str, httpx.Cookies] = field(default_factory=dict)
    done: list[str] = field(default_factory=list)
    made_up: int = 0

    def anybody(self) -> str:
        return self.chance.choice(list(self.accounts))

    async def try_something(self) -> None:
        """One request by somebody whom they can sign in as, and every link used that the answer shows them."""
        route = self.chance.choice(_ROUTES)
        act = self._varied(self.chance.choice(ACTS[route.key]))
        email = self.anybody()
        town = self._with_other_ids()
        async with stranger() as browser:
            browser.cookies = self.sessions.get(email, browser.cookies)
            answer = await send(browser, route, act, town)
            if answer.headers.get("location", "").startswith("/sign-in"):
                await self._sign_in(browser, email)
                answer = await send(browser, route, act, town)
            self.sessions[email] = browser.cookies
            self.done.append(f"{email}: {route.key} {act.ids} {act.form or act.json or ''} -> {answer.status_code}")
            for kind, token in set(LINK.findall(answer.text)):
                await self._use(kind, token)
        await self._read_their_letters()

    @asynccontextmanager
    async def signed_in(self, email: str) -> AsyncIterator[httpx.AsyncClient]:
        async with stranger() as browser:
            await self._sign_in(browser, email)
            yield browser

    async def _sign_in(self, browser: httpx.AsyncClient, email: str) -> None:
        await browser.post("/sign-in", data={"email": email, "password": self.accounts[email]})

    async def secrets(self) -> set[str]:
        """What they can read of Oakfield's words, whoever of them asks, at whatever school they get to."""
        found = set()
        for email in self.accounts:
            async with self.signed_in(email) as browser:
                found |= await self._read(browser)
                for school in ("oakfield", "fern"):  # of whoever belongs to several, signing in opens one
                    answer = await browser.post("/switch", data={"school": self.town.ids[school]})
                    if answer.status_code == httpx.codes.SEE_OTHER:
                        found |= await self._read(browser)
        return found

    async def _read(self, browser: httpx.AsyncClient) -> set[str]:
        answers = [await read(browser, route, _about_secrets(self.town)) for route in _TELLING]
        return set().union(*map(_told, answers))

    async def _read_their_letters(self) -> None:
        """Whoever waits for a link by letter opens it."""
        for letter in letters():
            to = str(letter["To"])
            if to.endswith(MADE_UP) or to in (self.town.emails[name] for name in INTRUDERS):
                for kind, token in set(LINK.findall(text_of(letter))):
                    await self._use(kind, token)
        throw_letters_away()

    async def _use(self, kind: str, token: str) -> None:
        """Opens a one-time link as whoever it is for, with a password that they know."""
        async with database.read():
            either = (OneTimeLink.token_hash == digest_of(token)) | (OneTimeLink.mailed_hash == digest_of(token))
            link: Any = await OneTimeLink.objects().where(either).first()
            owner: Any = await Person.objects().where(Person.id == link.person).first() if link and link.person else None
        if link is None:
            return
        email = (owner.email or link.email) if owner else link.email
        password = self.accounts.get(email, CHOSEN)
        form = {"name": "Pat Plot", "password": password, "account": "yes" if email in self.accounts else "no"}
        async with self.signed_in(email) if email in self.accounts else stranger() as browser:
            answer = await browser.post(f"/{kind}/{token}", data=form)
        if answer.status_code == httpx.codes.SEE_OTHER:
            self.accounts[email] = password
            self.done.append(f"   by its link: {email}")

    def _varied(self, act: Act) -> Act:
        """The same request about somebody or something else, now and then in the words of other roles and addresses."""
        return replace(act, form=self._words(act.form), json=copy.deepcopy(act.json))

    def _words(self, form: Mapping[str, str] | None) -> Mapping[str, str] | None:
        if form is None:
            return None
        varied = dict(form)
        if "email" in varied:
            known = [f"{{{name}'s e-mail}}" for name in ("max", "nia", "ann")]
            varied["email"] = self._new_address() if self.chance.random() < OFTEN else self.chance.choice(known)
        if "role" in varied:
            varied["role"] = self.chance.choice(ROLES)
        if "scope" in varied and self.chance.random() < OFTEN:
            varied |= {"scope": "whole", "schools": "{oakfield}"}
        return varied

    def _new_address(self) -> str:
        self.made_up += 1
        return f"plot.{self.made_up}{MADE_UP}"

    def _with_other_ids(self) -> Town:
        """The town with each id exchanged for another of its kind, mostly one of Elmwood's."""
        ids = dict(self.town.ids)
        for own, others in ALIKE:
            for name in own + others:
                chosen = own if own and self.chance.random() < OFTEN else own + others
                ids[name] = self.town.ids[self.chance.choice(chosen)]
        return replace(self.town, ids=ids)


_built: dict[str, tuple[Template, Town]] = {}
_ROUTES: list[Route] = []  # what they try
_TELLING: list[Route] = []  # what shows Oakfield's words to Oakfield


@asynccontextmanager
async def intruders(template: Template, folder: Path, seed: int) -> AsyncIterator[Intruders]:
    """The three, in an open database of their own, before they have done anything."""
    built, town = await _with_secrets(template, folder)
    async with copied(built, folder / "tried.sqlite"):
        yield Intruders(town, Random(seed), {town.emails[name]: PASSWORD for name in INTRUDERS})  # noqa: S311 - chance, no secret


async def _with_secrets(template: Template, folder: Path) -> tuple[Template, Town]:
    if template.url not in _built:
        plain, town = await town_to_copy(template, folder)
        made, town = await duplicate(plain, folder / "secrets.sqlite"), copy.deepcopy(town)
        async with opened(made.url):
            await _oakfields_secrets(town)
            await _newcomers(town)
            await _choose_routes(town)
        _built[template.url] = (made, town)
    return _built[template.url]


async def _oakfields_secrets(town: Town) -> None:
    ann = town.viewers["ann"]
    supplier = UUID(town.ids["catering"])
    said = Opinion(interest=None, rating=2, praise="", criticism="A heron came instead.", used_from=None)
    town.ids["secret_review"] = str((await reviews.review(ann, supplier, opinion=said, version=None)).id)
    file = [Upload("plover.txt", b"The plover nests in the flue.")]
    note = await notes.note(ann, supplier, about=About.PROBLEM, body="A plover nests in the flue.", files=file)
    town.ids["secret_note"] = str(note)
    shared = Opinion(interest=None, rating=4, praise="Like a lapwing.", criticism="Dear in March.", used_from=None)
    await reviews.review(ann, UUID(town.ids["cleaning"]), opinion=shared, version=1)
    async with database.read():
        found: Any = await Attachment.select(Attachment.id).where(Attachment.note == note).first()
    town.ids["secret_file"] = str(found["id"])


async def _newcomers(town: Town) -> None:
    """More of the three, and the honest ones who may read Oakfield."""
    async with database.read():
        schools: Any = {name: await School.objects().where(School.id == UUID(town.ids[name])).first() for name in SCHOOLS}
    elmwood, oakfield = schools["elmwood"], schools["oakfield"]
    made = {
        "eve": await a_person(elmwood, Role.HEAD, "Eve Elm"),
        "gil": await a_person(elmwood, Role.GOVERNOR, "Gil Gray"),
        "max": await a_person(elmwood, name="Max Moor"),
        "moe": await a_membership(await a_person(elmwood, Role.GOVERNOR, "Moe Marsh"), oakfield),
        "nia": await a_membership(await a_person(elmwood, Role.HEAD, "Nia North"), oakfield, Role.GOVERNOR),
    }
    town.viewers |= made
    town.emails |= {name: await email_of(viewer) for name, viewer in made.items()}
    town.ids |= {name: str(viewer.person) for name, viewer in made.items()}
    until = clock.today() + timedelta(days=60)
    granted = await auditors.grant(town.viewers["hal"], email=town.emails["max"], reason="Audit.", until=until)
    await joining.join_with_account(token_in(granted.address), password=PASSWORD, from_address="")
    town.ids["max_grant"] = str(granted.grant)


async def _choose_routes(town: Town) -> None:
    """Two in three of what they try concern people; they look for the words where somebody of Oakfield finds them."""
    every = [route for route in changing() if route.key not in OWN_DOORS]
    people = [route for route in every if route.path.startswith(ABOUT_PEOPLE)]
    _ROUTES[:] = every + people * (2 * len(every) // len(people))
    async with town.browser("hal") as browser:
        asked = [(route, await read(browser, route, _about_secrets(town))) for route in reading() if not route.is_public]
    _TELLING[:] = [route for route, answer in asked if _told(answer)]


def _about_secrets(town: Town) -> Town:
    """The town, where a route that shows one thing is asked for the one with the words."""
    named = {"boilers": "catering", "review": "secret_review", "note": "secret_note", "file": "secret_file"}
    return replace(town, ids=town.ids | {usual: town.ids[name] for usual, name in named.items()})


def _told(answer: httpx.Response) -> set[str]:
    return {secret for secret in SECRETS if secret in answer.text.lower()}
