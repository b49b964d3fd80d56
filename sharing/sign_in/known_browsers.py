"""Browsers that signed in to an account before. Each has a counter of its own there, so no stranger's guesses slow it down.

A token is no session: whoever holds it still needs the password, and all that it gives is a count of one's own failures.
It counts for one account. It is made here, never taken from a cookie, and only its SHA-256 is kept. A browser that several
people use keeps a token of each in its one cookie, so that the database doesn't tell that they share it.
"""

import secrets
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final
from uuid import UUID, uuid4

from litestar.connection import ASGIConnection
from litestar.datastructures import Cookie

import database
from base import clock, settings
from sharing.sign_in import throttle
from sharing.sign_in.sessions import digest_of
from sharing.tables import KnownBrowser, Session

LASTS: Final = timedelta(days=180)  # since the browser last signed in: over the summer holidays, and a leave
MOST_OF_ONE: Final = 10  # browsers of one account; past it the one that signed in longest ago is a stranger again
MOST_TOGETHER: Final = 8  # accounts that one browser is known to: a shared computer in the office

_TOKEN_BYTES: Final = 32
_TOKEN_LENGTH: Final = 43  # as text
_BETWEEN: Final = "."  # in the cookie; no token holds one


async def of_person(person: UUID, brought: str) -> UUID | None:
    """The browser of this person that ``brought``, the cookie's value, proves; None for any other, an expired or a forged one.

    Inside the caller's unit of work.
    """
    return (await of_people([person], brought)).get(person)


async def of_people(people: Sequence[UUID], brought: str) -> dict[UUID, UUID]:
    """As ``of_person``, of several who claim one address: the browser of each who is known by it, by person."""
    tokens = _tokens(brought)
    if not tokens:
        return {}
    brought_here = database.among(KnownBrowser.token_hash, [digest_of(token) for token in tokens])
    live = brought_here & (KnownBrowser.signed_in_at > clock.now() - LASTS)
    rows = await KnownBrowser.select(KnownBrowser.id, KnownBrowser.person).where(live)
    return {row["person"]: row["id"] for row in rows if row["person"] in people}


async def remember(session: str, brought: str) -> str:
    """Makes the browser known to the person of this session, which it has just begun; returns its cookie's new value."""
    async with database.housekeeping():
        found = await Session.select(Session.person).where(Session.token_hash == digest_of(session)).first()
        return await make_known(found["person"], brought) if found else _BETWEEN.join(_tokens(brought))


async def make_known(person: UUID, brought: str) -> str:
    """As ``remember``, for a person who has proved who they are. Inside the caller's unit of work.

    A browser that was known keeps its token, for its full time again. Tokens that are dead by now are dropped.
    """
    now, tokens = clock.now(), {digest_of(token): token for token in _tokens(brought)}
    await forget(KnownBrowser.signed_in_at < now - LASTS)
    rows = await KnownBrowser.objects().where(database.among(KnownBrowser.token_hash, list(tokens)))
    live = {row.token_hash: row.person for row in rows}
    mine = next((digest for digest in live if live[digest] == person), None)
    others = [token for digest, token in tokens.items() if digest in live and digest != mine]
    if mine is None:
        token = secrets.token_urlsafe(_TOKEN_BYTES)
        await _make_room(person)
        await KnownBrowser(id=uuid4(), token_hash=digest_of(token), person=person, signed_in_at=now).save()
    else:
        token = tokens[mine]
        await KnownBrowser.update({KnownBrowser.signed_in_at: now}).where(KnownBrowser.token_hash == mine)
    return _BETWEEN.join([token, *others][:MOST_TOGETHER])


async def forget(which: Any) -> None:
    """Deletes the known browsers that match, with their counters. Inside the caller's unit of work."""
    gone = await KnownBrowser.delete().where(which).returning(KnownBrowser.id)
    await throttle.forget(*(throttle.of_browser(row["id"]) for row in gone))


def brought_by(connection: ASGIConnection[Any, Any, Any, Any]) -> str:
    return connection.cookies.get(cookie_name(), "")


def cookie(tokens: str) -> Cookie:
    """What the browser is known by. It outlives the session, and signing out leaves it."""
    return Cookie(
        key=cookie_name(),
        value=tokens,
        path="/",
        max_age=int(LASTS.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=settings.current().is_https,
    )


def cookie_name() -> str:
    return "__Host-vouch-known" if settings.current().is_https else "vouch-known"


async def _make_room(person: UUID) -> None:
    """For one more, which may be older than the others if the clock was put back."""
    by_age = KnownBrowser.select(KnownBrowser.id).where(KnownBrowser.person == person)
    by_age = by_age.order_by(KnownBrowser.signed_in_at, KnownBrowser.id, ascending=False)
    if rows := await by_age.offset(MOST_OF_ONE - 1).limit(MOST_OF_ONE):
        await forget(database.among(KnownBrowser.id, [row["id"] for row in rows]))


def _tokens(brought: str) -> list[str]:
    """What may be tokens of ours, in the cookie's order."""
    return [token for token in brought.split(_BETWEEN)[:MOST_TOGETHER] if len(token) == _TOKEN_LENGTH]
