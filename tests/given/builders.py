"""Fictional schools and people, built through the public verbs, so that a test reads as a sentence.

``oakfield = await a_school()``, ``ann = await a_person(oakfield)``, ``async with signed_in(ann) as browser: …``.
All need the ``db`` fixture.
"""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from functools import cache
from itertools import count
from typing import Any
from uuid import UUID
from zlib import crc32

import httpx
import pytest
from argon2 import PasswordHasher

import audit
import database
from audit.tables import Entry
from base import clock, settings
from base.viewer import Role, Viewer
from sharing.joining import joining
from sharing.members.tables import PublishedAddress
from sharing.people import people
from sharing.people.people import InvitationLink
from sharing.schools.register import RegisterRow
from sharing.schools.register_import import import_register
from sharing.schools.register_values import Status
from sharing.sign_in import passwords, sessions
from sharing.tables import Person, School
from sharing.two_people import published
from tests.given import api_document
from vouch.app import create_app

PASSWORD = "correct horse battery staple"
BROWSER = {"Accept": "text/html", "Accept-Encoding": "identity", "Sec-Fetch-Site": "same-origin"}

# The real thing takes a quarter of a second and 64 MB for each person.
passwords.argon2.hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)

_numbers = count(1)


async def a_school(
    name: str = "Oakfield Primary",
    *,
    lat: float | None = 53.2307,
    lon: float | None = -0.5406,
    local_authority: str = "Lincolnshire",
    trust: str | None = None,
    **more: Any,
) -> School:
    """A school of the register; ``more`` are fields of RegisterRow. Schools with one local authority share its network."""
    urn = more.pop("urn", None) or 900_000 + next(_numbers)
    row = RegisterRow(
        **{
            "urn": urn,
            "name": name,
            "local_authority": local_authority,
            "phase": "Primary",
            "status": Status.OPEN,
            "town": "Ashby",
            "postcode": "LN1 1AA",
            "lat": lat,
            "lon": lon,
            "trust_uid": str(crc32(trust.encode()) % 10**6) if trust else None,
            "trust_name": trust,
            "ukprn": None,
            "open_date": None,
            "close_date": None,
            **more,
        }
    )
    await import_register(None, [row], digest=f"{urn:064x}")
    async with database.read():
        school = await School.objects().where(School.urn == urn).first()
    assert school is not None
    return school


async def a_person(
    school: School,
    role: Role = Role.BUSINESS_MANAGER,
    name: str = "Ann Archer",
    *,
    email: str = "",
    operator: bool = False,
    proved: bool = True,
) -> Viewer:
    """Somebody who took up an invitation to ``school``, whose address is ``proved`` and who has PASSWORD; with ``operator``, the
    first account of all.
    """
    email = email or f"{name.lower().replace(' ', '.')}.{next(_numbers)}@school.example"
    viewer = await _joined(school, role, name, email, operator=operator)
    if proved:
        await an_address_proved(viewer)
    return viewer


async def school_of(viewer: Viewer) -> School:
    """For whoever else is to join it."""
    async with database.read():
        school = await School.objects().where(School.id == viewer.school).first()
    assert school is not None
    return school


async def an_operator_beside(school: School) -> Viewer:
    """One more person who runs the installation, head of a school of theirs."""
    viewer = await a_person(school, Role.HEAD, "Opal Osgood")
    async with database.write():
        await Person.update({Person.is_operator: True}).where(Person.id == viewer.person)
    return replace(viewer, is_operator=True)


async def an_address_proved(viewer: Viewer) -> None:
    """As when a mailed link was opened: given, however somebody joined."""
    async with database.write():
        await Person.update({Person.address_proved_at: clock.now()}).where(Person.id == viewer.person)


async def a_published_address(operator: Viewer, school: UUID, email: str) -> None:
    """Set by the operator, told by letter, and five weekdays old."""
    await published.set_address(operator, school, email=email, posted=True)
    await let_the_days_pass()


async def let_the_days_pass() -> None:
    """Every published address counts from now on."""
    async with database.write():
        await PublishedAddress.update({PublishedAddress.counts_from: clock.now()}, force=True)


async def _joined(school: School, role: Role, name: str, email: str, *, operator: bool) -> Viewer:
    if operator:
        link = await joining.first_link()
        assert link is not None, "the operator has to be the first person"
        return await joining.join_first(token_in(link), school=school.id, role=role, name=name, email=email, password=PASSWORD)
    invitation = await an_invitation(school, role, email)
    return await joining.join(token_in(invitation.address), name=name, password=PASSWORD)


async def an_invitation(school: School, role: Role = Role.BUSINESS_MANAGER, email: str = "bob@school.example") -> InvitationLink:
    """A link to join ``school`` in any role, as somebody who may invite to it would send: given, whoever is there already."""
    async with audit.recording(None) as record:
        return await people.offer(record, school, email=email, role=role, made_by=None)


async def a_membership(viewer: Viewer, school: School, role: Role = Role.BUSINESS_MANAGER) -> Viewer:
    """The same person at one more school."""
    invitation = await an_invitation(school, role, await email_of(viewer))
    return await joining.join_with_account(token_in(invitation.address), password=PASSWORD, from_address="")


async def email_of(viewer: Viewer) -> str:
    async with database.read():
        found = await Person.select(Person.email).where(Person.id == viewer.person).first()
    assert found is not None
    return str(found["email"])


def token_in(address: str) -> str:
    return address.rpartition("/")[2]


def link_in(page: str) -> str:
    """The first one-time link that a page shows."""
    found = re.search(rf"{re.escape(settings.current().origin)}/(join|new-password)/[\w-]+", page)
    assert found is not None, "no one-time link on the page"
    return found[0]


async def events_of(trail: UUID) -> list[str]:
    """The types of a school's trail entries, oldest first, without the one that every new trail begins with."""
    async with database.read():
        mine = (Entry.trail == str(trail)) & (Entry.type != "trail.begun")
        rows = await Entry.select(Entry.type).where(mine).order_by(Entry.idx)
    return [row["type"] for row in rows]


@asynccontextmanager
async def signed_in(viewer: Viewer) -> AsyncIterator[httpx.AsyncClient]:
    """A browser with a session of ``viewer``, talking to the whole application in this process."""
    token = await sessions.start(viewer.person, viewer.school)
    async with stranger() as browser:
        browser.cookies.set(sessions.cookie_name(), token, domain="127.0.0.1")
        yield browser


@asynccontextmanager
async def stranger() -> AsyncIterator[httpx.AsyncClient]:
    """A browser of somebody who isn't signed in; redirects are not followed."""
    transport = httpx.ASGITransport(app=application())
    told = {"response": [api_document.hold, _says_its_character_set_once]}
    origin = settings.current().origin
    async with httpx.AsyncClient(transport=transport, base_url=origin, headers=BROWSER, event_hooks=told) as browser:
        yield browser


async def _says_its_character_set_once(answer: httpx.Response) -> None:
    assert answer.headers.get("content-type", "").count("charset") < 2, answer.headers["content-type"]


@asynccontextmanager
async def program(key: str) -> AsyncIterator[httpx.AsyncClient]:
    """A program that sends the API key and nothing that a browser would."""
    async with stranger() as program:
        for header in BROWSER:
            del program.headers[header]
        program.headers["Authorization"] = f"Bearer {key}"
        yield program


@cache
def application() -> Any:
    """One for the whole process: it finds its database through the engine, which each test points at its own."""
    return create_app(settings.current())


def travel(monkeypatch: pytest.MonkeyPatch, **time: float) -> None:
    """Moves the one clock on, as from now: ``travel(monkeypatch, hours=2)``."""
    later = clock.now() + timedelta(**time)
    monkeypatch.setattr(clock, "now", lambda: later)
