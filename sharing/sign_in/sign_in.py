"""E-mail and password become a session; a session or an API key becomes the ``Viewer`` of a request, afresh each time.

An unknown e-mail, a wrong password and a forged cookie all look alike from outside: same sentence, same status, same time.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, NamedTuple, cast
from uuid import UUID

from litestar.connection import ASGIConnection
from litestar.di import Provide
from litestar.handlers import BaseRouteHandler
from litestar.types import HTTPScope

import audit
import database
from audit.log.subjects import ACCOUNTS, OUR_SCHOOL, Subject
from base import clock
from base.refusals import Forbidden, Invalid, SignInNeeded
from base.viewer import KeyScope, Role, Viewer
from sharing.events import Event
from sharing.sign_in import api_keys, checking, known_browsers, passwords, security_log, sessions, with_password
from sharing.sign_in.passwords import argon2
from sharing.sign_in.security_log import Kind
from sharing.tables import KnownBrowser, LastSchool, Membership, Person, Session
from web.http import bodies
from web.pages import forms, marks, sent_once
from web.pages.handlers import AnyRequest, CurrentVisitor

WRONG: Final = "The e-mail address or the password is not right. Check both and try again."
GRANT_ENDED: Final = "Your time as an auditor has ended. Ask the school for a new grant if you need more."
SITE_STAFF_LOG: Final = (
    "Site staff look up suppliers’ phone numbers here and write notes, and nothing else. Ask a business manager or head."
)
AUDITORS_READ: Final = "An auditor reads the audit trail here, and nothing else. Go to the audit trail."
SIGN_IN: Final = "POST /sign-in"  # where somebody with the right password is refused
NO_KEY: Final = "An API key can't do this. Sign in with a browser."
VISITOR: Final = "visitor"  # in the state of a request: who the guard found
MEANWHILE: Final = "What you may do here changed while this was on its way, so nothing was done with it."
NO_SCHOOL: Final = "Your account belongs to no school any more. Ask the head or business manager of yours to invite you again."

CLOSED: Final = (
    "Whoever runs this installation gave you a new password, and within 24 hours no head of your school kept it. "
    "Ask a head of your school to keep it, under People, or a colleague for a new-password link."
)


async def sign_in(email: str, password: str, *, from_address: str, instead_of: str = "", known_by: str = "") -> str:
    """The token of a new session; ``instead_of`` is the token that the browser came with, which ends.

    ``known_by`` is the value of its cookie of known browsers: strangers' failures never slow down a known one.

    Raises Invalid with WRONG, TooMany with the time to wait, Forbidden for somebody who left every school.
    """
    person = await checking.person_with(email, password, from_address=from_address, known_by=known_by)
    if person is None:
        raise Invalid(WRONG, password=WRONG)
    try:
        school = await _school_of(person.id)
    except Forbidden:
        await security_log.note(Kind.REFUSED, person=person.id, place=SIGN_IN)
        raise
    if argon2.is_outdated(person.password_hash):
        await _rehash(person.id, password)
    return await sessions.start(person.id, school, instead_of=instead_of)


class SignedInAnew(NamedTuple):
    session: str  # its token
    known_by: str  # the new value of the browser's cookie of known browsers


async def change_password(viewer: Viewer, *, current: str, new: str, known_by: str = "", keep_keys: bool = False) -> SignedInAnew:
    """Ends every session of the person and begins a new one; of all browsers only this one is known to them from now on.

    Ends their API keys and feeds too, unless ``keep_keys``. ``known_by`` is the value of the browser's cookie of known browsers.
    Raises Invalid, TooMany.
    """
    person = await checking.signed_in_with(viewer.person, current, known_by=known_by) if current else None
    if person is None:
        raise _not_theirs(viewer, current, new)
    known = (person.email, person.name, viewer.school_name)
    password_hash = await argon2.hashed(passwords.chosen(new, context=known, field="new"), beside=[person.password_hash])
    async with audit.recording(viewer) as record:
        await Person.update({Person.password_hash: password_hash}).where(Person.id == person.id)
        await Session.delete().where(Session.person == person.id)
        await known_browsers.forget(KnownBrowser.person == person.id)
        await security_log.add(Kind.PASSWORD_CHANGED, person=person.id)
        if not keep_keys:
            await api_keys.end_with_password(viewer, record)
            await with_password.end(viewer, record)
        record(Event.PASSWORD_CHANGED, stream=OUR_SCHOOL, subject=Subject.PERSON.of(person.id), facts={"by": "password"})
        session = await sessions.replace(person.id, viewer.school)
        return SignedInAnew(session, await known_browsers.make_known(person.id, known_by))


def _not_theirs(viewer: Viewer, current: str, new: str) -> Invalid:
    """What is wrong with the password of now, and with the new one if something is."""
    sentence = "That is not your password." if current else "Enter the password that you have now."
    problems = {"current": sentence}
    try:
        passwords.chosen(new, context=(viewer.name, viewer.school_name), field="new")
    except Invalid as refusal:
        problems |= refusal.fields
    return Invalid(sentence, **problems)


async def switch_school(viewer: Viewer, school: UUID, *, token: str) -> str:
    """The token of a new session at another of the person's schools. Raises Invalid."""
    if school not in {other.id for other in await schools_of(viewer)}:
        raise Invalid("Choose one of your schools.", school="Choose one of your schools.")
    return await sessions.switch(viewer.person, school, token=token)


class ScopeMissing(Forbidden):
    """The key that was sent may be used for other things. Programs find the name of the scope in a header as well (RFC 6750)."""

    def __init__(self, needed: KeyScope) -> None:
        super().__init__(f"This API key lacks the scope “{needed}”. Make a key that has it, on the page API keys.")
        self.headers["WWW-Authenticate"] = f'Bearer error="insufficient_scope", scope="{needed}"'


@dataclass(frozen=True, slots=True)
class MySchool:
    id: UUID
    name: str
    role: Role


async def schools_of(viewer: Viewer) -> tuple[MySchool, ...]:
    """Where the person belongs today, in alphabetical order."""
    async with database.read():
        rows = await Membership.raw(
            f"""SELECT c.id AS id, c.name AS name, m.role AS role FROM sharing_membership m
            JOIN sharing_school c ON c.id = m.school WHERE m.person = {{}} AND {sessions.open_at("m")}
            ORDER BY c.name, c.id""",  # noqa: S608 - our own text
            viewer.person,
            *[clock.now()] * 3,
        )
    return tuple(MySchool(row["id"], row["name"], Role(row["role"])) for row in rows)


async def may_enter(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """The guard of every route that is not ``public``: asks who one is before anything that was sent is looked at.

    A key enters routes that name one of its scopes in the option ``key_scope``, auditors those with the option ``auditors``,
    site staff those with ``site_staff``, and no others. A form is whoever's page it was made for, at that school. Raises
    SignInNeeded, for a dead key too, Forbidden, MadeForAnother, MadeAtAnotherSchool, SentBefore for what was done already.
    """
    if handler.opt.get("public") or connection.scope.get("method") == "OPTIONS":  # which says what the description says
        return
    visitor = await _visitor(connection)
    if visitor is None:
        raise SignInNeeded
    bodies.once_whole(cast(HTTPScope, connection.scope), partial(_require_still, connection, visitor))
    if not bearer_of(connection):
        await forms.require_made_for(cast(AnyRequest, connection), visitor)
    if visitor.role is Role.AUDITOR and not handler.opt.get("auditors"):
        raise Forbidden(AUDITORS_READ)
    if visitor.role is Role.SITE_STAFF and not handler.opt.get("site_staff"):
        raise Forbidden(SITE_STAFF_LOG)
    connection.state[VISITOR] = visitor
    marks.note_viewer(cast(HTTPScope, connection.scope), visitor)
    await sent_once.require_first(cast(AnyRequest, connection), visitor)


async def _require_still(connection: ASGIConnection[Any, Any, Any, Any], visitor: Viewer) -> None:
    """Whoever sends slowly may have left the school meanwhile, signed out, or got another role or password."""
    now = await _visitor(connection)
    if now is None or (now.school, now.role) != (visitor.school, visitor.role):
        raise SignInNeeded(MEANWHILE)


async def provide_visitor(request: AnyRequest) -> Viewer | None:
    """Who is asking, or None. Raises SignInNeeded for a dead key, Forbidden for one that may not enter."""
    return request.state[VISITOR] if VISITOR in request.state else await _visitor(request)


async def _visitor(connection: ASGIConnection[Any, Any, Any, Any]) -> Viewer | None:
    """A request with a bearer key is judged by the key alone."""
    if key := bearer_of(connection):
        return await _by_key(connection, key)
    token = token_of(connection)
    viewer = await sessions.viewer_of(token) if token else None
    if viewer is not None:
        security_log.asked_by(connection.scope, viewer.person)
        marks.note_viewer(cast(HTTPScope, connection.scope), viewer)
    return viewer


async def visitor_of(scope: HTTPScope) -> Viewer | None:
    """Who sent a request that no handler of ours was reached by, as its cookie says."""
    token = token_of(ASGIConnection(scope))
    return await sessions.viewer_of(token) if token else None


async def _by_key(connection: ASGIConnection[Any, Any, Any, Any], key: str) -> Viewer:
    found = await api_keys.asking(key)
    security_log.asked_by(connection.scope, found.viewer.person, found.prefix)
    needed: KeyScope | None = connection.route_handler.opt.get("key_scope")
    if needed is None:
        raise Forbidden(NO_KEY)
    if needed not in found.scopes:
        raise ScopeMissing(needed)
    return found.viewer


async def provide_viewer(visitor: CurrentVisitor) -> Viewer:
    if visitor is None:
        raise SignInNeeded
    return visitor


def by_browser(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    """A guard: accounts, people and keys are looked after by a signed-in person; a key must not make keys."""
    if bearer_of(connection):
        raise Forbidden(NO_KEY)


def bearer_of(connection: ASGIConnection[Any, Any, Any, Any]) -> str:
    """The key of the request; "?" for a bearer without one, which opens nothing; "" where there is no bearer."""
    scheme, _, key = connection.headers.get("authorization", "").strip().partition(" ")
    return (key.strip() or "?") if scheme.lower() == "bearer" else ""


def token_of(connection: ASGIConnection[Any, Any, Any, Any]) -> str:
    return connection.cookies.get(sessions.cookie_name(), "")


dependencies: Final[dict[str, Provide]] = {"visitor": Provide(provide_visitor), "viewer": Provide(provide_viewer)}


async def _school_of(person: UUID) -> UUID:
    """The school to sign in to: the one used last, if still theirs, otherwise the one joined first. Raises Forbidden."""
    async with database.read():
        rows = await Membership.raw(
            f"""SELECT m.school AS school, m.role AS role, m.begins_at AS begins, m.valid_until AS ends,
                {sessions.open_at("m")} AS is_open
            FROM sharing_membership m WHERE m.person = {{}} ORDER BY m.valid_from, m.id""",  # noqa: S608 - our own text
            *[clock.now()] * 3, person,
        )  # fmt: skip
        last = await LastSchool.select(LastSchool.school).where(LastSchool.person == person).first()
    schools: list[UUID] = [row["school"] for row in rows if row["is_open"]]
    if not schools:
        raise Forbidden(_why_none(rows))
    return last["school"] if last and last["school"] in schools else schools[0]


def _why_none(rows: Sequence[Mapping[str, Any]]) -> str:
    """Why none of somebody's memberships, oldest first, opens a school."""
    now = clock.now()
    lasting = [row for row in rows if row["ends"] is None]
    waiting = [row for row in lasting if row["begins"] and row["begins"] > now]
    if waiting:
        return (
            f"Your place at the school begins on {waiting[0]['begins'].astimezone(clock.LONDON):%-d %B}, if nobody there objects."
        )
    if lasting:
        return CLOSED
    return GRANT_ENDED if rows and rows[-1]["role"] == Role.AUDITOR else NO_SCHOOL


async def _rehash(person: UUID, password: str) -> None:
    password_hash = await argon2.hashed(password)
    async with audit.recording(None) as record:
        await Person.update({Person.password_hash: password_hash}).where(Person.id == person)
        record(Event.PASSWORD_REHASHED, stream=ACCOUNTS, subject=Subject.PERSON.of(person))
