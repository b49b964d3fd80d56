"""Who is signed in where: our own table of sessions, which keeps only the SHA-256 of each token.

A token is always made here and never taken from a cookie, so nobody can plant one. Nothing about permissions is
remembered: role and membership are read again for every request.
"""

import hashlib
import secrets
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

from litestar.datastructures import Cookie

import database
from base import clock, settings
from base.refusals import Forbidden, NotFound
from base.viewer import Role, Viewer
from sharing.sign_in import browsers, in_passing, security_log
from sharing.sign_in.security_log import Kind
from sharing.tables import AuditorScope, LastSchool, Membership, Session
from web.http import caller

ABSOLUTE: Final = timedelta(hours=12)  # a working day
IDLE: Final = timedelta(hours=2)
NOT_ANY_MORE: Final = "Your access to this school ended meanwhile, so nothing was taken away."
SEEN_EVERY: Final = timedelta(minutes=1)  # one write a minute at most for a person who clicks


def open_at(membership: str) -> str:
    """The condition that a membership, by its alias, opens its school; three placeholders, each for the time now.

    It has not ended. An auditor's, and what the operator opened, end at the instant that was named when they began; nothing is
    open once it is closed. Any other end was somebody's act: a clock that was put back must not let them in again, so none is
    asked, and none about when anybody else's began.
    """
    m = membership
    begun = f"({m}.begins_at IS NULL OR {m}.begins_at <= {{}})"
    by_itself = f"({m}.auditor_grant IS NOT NULL OR {_opened_until(m, 'valid_until')})"
    ends = f"({m}.valid_until IS NULL OR {m}.valid_until > {{}} AND {by_itself})"
    closes = f"({m}.closes_at IS NULL OR {m}.closes_at > {{}} AND {_opened_until(m, 'closes_at')})"
    return f"({begun} AND {ends} AND {closes})"


def _opened_until(membership: str, end: str) -> str:
    """This end is the one that the operator's opening named: who cut it short set another one."""
    its = f"b.person = {membership}.person AND b.ends_at = {membership}.{end}"
    return f"EXISTS (SELECT 1 FROM sharing_break_glass b WHERE {its})"  # noqa: S608 - our own text


def six_times(now: datetime) -> tuple[datetime, ...]:
    """What fills the placeholders of VIEWER_COLUMNS and VIEWER_JOINS."""
    return (now,) * 6


VIEWER_COLUMNS: Final = f"""
    p.id AS person, p.name AS name, p.is_operator AS is_operator, s.school AS school, c.name AS school_name,
    m.role AS role, m.auditor_grant AS auditor_grant, m.valid_until AS valid_until, m.closes_at AS closes_at,
    (SELECT COUNT(*) FROM sharing_membership o WHERE o.person = p.id AND {open_at("o")}) AS schools"""  # noqa: S608 - our own text
VIEWER_JOINS: Final = f"""
    JOIN sharing_person p ON p.id = s.person
    JOIN sharing_membership m ON m.person = s.person AND m.school = s.school AND {open_at("m")}
    JOIN sharing_school c ON c.id = s.school"""
_BY_TOKEN: Final = f"""
    SELECT s.id AS id, s.made_at AS made_at, s.seen_at AS seen_at, {VIEWER_COLUMNS}
    FROM sharing_session s {VIEWER_JOINS} WHERE s.token_hash = {{}}"""  # noqa: S608 - our own text


@dataclass(frozen=True, slots=True)
class SignedIn:
    """One session of a person, as the person sees it."""

    id: UUID
    since: datetime
    seen: datetime
    is_this_one: bool
    browser: str  # in words; "" of one that began before they were kept


async def viewer_of(token: str) -> Viewer | None:
    """None for whatever is not a live session of somebody who still belongs to its school."""
    now, digest = clock.now(), digest_of(token)
    async with database.read_one():
        rows = await Session.raw(_BY_TOKEN, *six_times(now), digest)
    if not rows or not _is_live(rows[0], now):
        return None
    # What an auditor may read is asked a moment later: what was revoked meanwhile is closed.
    async with nullcontext() if rows[0]["auditor_grant"] is None else database.read_one():
        viewer = await viewer_from(rows[0])
    if rows[0]["made_at"] > now or not timedelta() <= now - rows[0]["seen_at"] < SEEN_EVERY:
        await _seen(rows[0]["id"], now)
    return viewer


async def start(person: UUID, school: UUID, *, instead_of: str = "") -> str:
    """Starts a session and returns its token; ends the session of the token ``instead_of``, and deletes expired ones."""
    async with database.housekeeping():
        now = clock.now()
        await Session.delete().where((Session.made_at < now - ABSOLUTE) | (Session.made_at > now + ABSOLUTE))
        await security_log.add(Kind.SIGNED_IN, person=person)
        return await replace(person, school, instead_of=instead_of)


async def replace(person: UUID, school: UUID, *, instead_of: str = "", made_at: datetime | None = None) -> str:
    """Starts a session and returns its token; ends the session of the token ``instead_of``. Inside the caller's unit of work.

    ``made_at`` is when the earlier session was made, so that its twelve hours don't begin again.
    """
    now, token = clock.now(), secrets.token_urlsafe(32)
    await Session.delete().where(Session.token_hash == digest_of(instead_of))
    row = Session(id=uuid4(), token_hash=digest_of(token), person=person, school=school, made_at=made_at or now, seen_at=now)
    row.browser = browsers.in_words(caller.current().user_agent)
    await row.save()
    await LastSchool.delete().where(LastSchool.person == person)
    last = LastSchool(person=person, school=school, signed_in_on=clock.today())
    await LastSchool.insert(last).on_conflict(action="DO NOTHING")
    return token


async def switch(person: UUID, school: UUID, *, token: str) -> str:
    """Moves the session to ``school``, after the caller checked the membership; returns the new token. Its time runs on."""
    async with database.housekeeping():
        old = await Session.objects().where(Session.token_hash == digest_of(token)).first()
        return await replace(person, school, instead_of=token, made_at=old.made_at if old else None)


async def end(token: str) -> None:
    async with database.housekeeping():
        await _end(Session.token_hash == digest_of(token))


async def end_others(person: UUID, token: str) -> None:
    async with database.housekeeping():
        await _end((Session.person == person) & (Session.token_hash != digest_of(token)))


async def end_one(person: UUID, session: UUID) -> None:
    """Ends one session of the person. Raises NotFound for any other."""
    async with database.housekeeping():
        if not await _end((Session.person == person) & (Session.id == session)):
            raise NotFound


async def of_person(person: UUID, token: str) -> tuple[SignedIn, ...]:
    """The person's live sessions: first that of ``token``, which is asking, then the others, the most recently used first."""
    now, digest = clock.now(), digest_of(token)
    async with database.read():
        rows = await Session.select().where(Session.person == person).order_by(Session.seen_at, ascending=False)
    found = [
        SignedIn(row["id"], row["made_at"], row["seen_at"], bytes(row["token_hash"]) == digest, row["browser"])
        for row in rows
        if _is_live(row, now)
    ]
    return tuple(sorted(found, key=lambda session: not session.is_this_one))


async def viewer_from(row: dict[str, Any]) -> Viewer:
    """The viewer that a row of VIEWER_COLUMNS describes. An operator who audits a school is only an auditor there.

    Inside the caller's unit of work, of which it asks one statement for an auditor and nothing for anybody else.
    """
    is_auditor = row["auditor_grant"] is not None
    streams, opens_private = await _opened_by(row["auditor_grant"], row["school"]) if is_auditor else (None, True)
    return Viewer(
        person=row["person"],
        name=row["name"],
        school=row["school"],
        school_name=row["school_name"],
        role=Role(row["role"]),
        is_operator=bool(row["is_operator"]) and not is_auditor,
        several_schools=row["schools"] > 1,
        streams=streams,
        opens_private=opens_private,
        until=min((end for end in (row["valid_until"], row["closes_at"]) if end), default=None),
    )


async def _opened_by(grant: UUID, school: UUID) -> tuple[frozenset[str] | None, bool]:
    """What the grant opens of the school's trail: None for all of it, the empty set where it was revoked, or where a trust
    decided the audit and the school is no longer the trust's. And whether private notes and criticism are open.
    """
    rows = await AuditorScope.raw(
        """SELECT s.stream AS stream, g.decided_by IS NULL OR g.private_why IS NOT NULL AS is_private_open
        FROM sharing_auditor_scope s JOIN sharing_auditor_grant g ON g.id = s.auditor_grant
        WHERE g.id = {} AND s.school = {} AND s.revoked_at IS NULL AND (g.decided_by IS NULL OR g.granted_by = s.school
            OR s.school IN (SELECT m.school FROM sharing_school t JOIN sharing_network n ON n.kind = 'trust' AND n.code = t.uid
                JOIN sharing_network_member m ON m.network = n.id AND m.until_at IS NULL WHERE t.id = g.granted_by))""",
        grant, school,
    )  # fmt: skip
    streams = {row["stream"] for row in rows}
    return None if None in streams else frozenset(streams), all(row["is_private_open"] for row in rows)


async def end_at(school: UUID, person: UUID) -> None:
    """Ends the person's sessions at one school. Inside the caller's unit of work."""
    await _end((Session.school == school) & (Session.person == person))


async def require_still_there(viewer: Viewer) -> None:
    """Before handing over what took long to make: raises Forbidden if the viewer was removed or their grant ended meanwhile."""
    there = f"m.person = {{}} AND m.school = {{}} AND m.role = {{}} AND {open_at('m')}"
    asked = (viewer.person, viewer.school, viewer.role.value, *[clock.now()] * 3)
    async with database.read():
        rows = await Membership.raw(f"SELECT m.id FROM sharing_membership m WHERE {there}", *asked)  # noqa: S608 - our own text
    if not rows:
        raise Forbidden(NOT_ANY_MORE)


def cookie(token: str) -> Cookie:
    """The session's cookie; an empty token deletes it. With https, __Host- keeps other sites of the domain from setting it."""
    return Cookie(
        key=cookie_name(),
        value=token,
        path="/",
        max_age=int(ABSOLUTE.total_seconds()) if token else 0,
        httponly=True,
        samesite="lax",
        secure=settings.current().is_https,
    )


def cookie_name() -> str:
    return "__Host-vouch" if settings.current().is_https else "vouch"


def digest_of(token: str) -> bytes:
    return hashlib.sha256(token.encode(errors="replace")).digest()


def _is_live(row: dict[str, Any], now: datetime) -> bool:
    """One that was made by a clock that was ahead by more than a session lasts is none: nobody knows when that was."""
    return bool(abs(now - row["made_at"]) < ABSOLUTE and now - row["seen_at"] < IDLE)


async def _end(which: Any) -> bool:
    """Ends the sessions that match; whether there were any. Inside the caller's unit of work."""
    ended = await Session.delete().where(which).returning(Session.person)
    for row in ended:
        await security_log.add(Kind.SESSION_ENDED, person=row["person"])
    return bool(ended)


async def _seen(session: UUID, now: datetime) -> None:
    """What is kept of a later clock is put right: it would last until the clock has come round again."""

    async def written() -> None:
        await Session.update({Session.seen_at: now}).where(Session.id == session)
        await Session.update({Session.made_at: now}).where((Session.id == session) & (Session.made_at > now))

    await in_passing.written("the minute a session was seen", written)
