"""What happened to accounts, sessions and keys, for whoever runs the installation: apart from the trails, kept for a year.

It holds kinds, times and keyed digests (``digests.py``): no names, addresses, bodies or queries. What is alike within an hour
is one row that counts, and a flood of what is not alike ends in one row as well, so that nobody fills the disk by failing.
Each event is a line of the structured log too, with the same digests.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import partial
from typing import Any, Final, cast
from uuid import UUID, uuid4

import structlog
from litestar.types import Message, Scope

import database
from base import clock, cursor, emails
from base.refusals import NotFound
from base.viewer import Viewer
from sharing.sign_in import digests, in_passing
from sharing.sign_in.tables import SecurityEvent
from sharing.tables import Person
from web.http import caller

KEPT: Final = timedelta(days=365)
MOST_TOGETHER: Final = 500  # rows of one kind in an hour; past it where from and who nobody knows are counted together
MOST_OF_ONE: Final = 50  # the same of one account
PAGE: Final = 100
REFUSED_STATUS: Final = 403
ASKER: Final = "vouch.asker"  # in the scope: who the door found to be asking

log = structlog.get_logger("vouch.security")


class Kind(StrEnum):
    """Stored: never change a value."""

    SIGNED_IN = "signed_in"
    SIGN_IN_FAILED = "sign_in_failed"
    LOCKED_OUT = "locked_out"
    REFUSED = "refused"
    DEAD_KEY = "dead_key"
    KEY_MADE = "key_made"
    KEY_ENDED = "key_ended"
    SESSION_ENDED = "session_ended"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - a kind
    PASSWORD_RESET = "password_reset"  # noqa: S105 - a kind

    @property
    def words(self) -> str:
        return WORDS[self]


WORDS: Final = {
    Kind.SIGNED_IN: "Signed in",
    Kind.SIGN_IN_FAILED: "Wrong password, or no such account",
    Kind.LOCKED_OUT: "Turned away: too many tries",
    Kind.REFUSED: "Refused",
    Kind.DEAD_KEY: "An API key that opens nothing",
    Kind.KEY_MADE: "API key made",
    Kind.KEY_ENDED: "API key ended",
    Kind.SESSION_ENDED: "Session ended",
    Kind.PASSWORD_CHANGED: "Password changed",
    Kind.PASSWORD_RESET: "Password reset by a link",
}


@dataclass(frozen=True, slots=True)
class Logged:
    """One row: ``times`` it happened between ``first_at`` and ``last_at``, within an hour."""

    id: UUID
    kind: Kind
    account: str
    api_key: str
    network: str
    place: str
    times: int
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True, slots=True)
class LogPage:
    """``next_cursor`` is empty on the last page."""

    rows: tuple[Logged, ...]
    next_cursor: str


async def add(kind: Kind, *, person: UUID | None = None, email: str = "", key: str = "", place: str = "") -> None:
    """Counts one event, from where the request came. Inside the caller's unit of work.

    ``person`` is whose account it is; where there is none, ``email`` is what was typed. ``key`` is the shown part of an API key.
    """
    about = _about(person, email, key, place)
    await database.afterwards(partial(_say, kind, about))  # of a change that is not saved nothing is said
    await _keep(kind, about, is_known=person is not None)


async def note(kind: Kind, *, person: UUID | None = None, email: str = "", key: str = "", place: str = "") -> None:
    """As ``add``, of what happened whether it can be written now or not: it is said at once, and written in a unit of its own."""
    about = _about(person, email, key, place)
    await _say(kind, about)
    await in_passing.written("an event of the security log", lambda: _keep(kind, about, is_known=person is not None))


def asked_by(scope: Scope, person: UUID, key: str = "") -> None:
    """The door says who is asking, so that a refusal can be counted under it; ``key`` is the shown part of the API key."""
    cast(dict[str, Any], scope)[ASKER] = (person, key)


async def note_refusal(message: Message, scope: Scope) -> None:
    """Before an answer is sent: counts the refusal of somebody who is known. Wherever it was refused, the status says so."""
    asker: tuple[UUID, str] | None = cast(dict[str, Any], scope).get(ASKER)
    if asker and message["type"] == "http.response.start" and message["status"] == REFUSED_STATUS:
        place = f"{scope.get('method', '')} {scope.get('path_template', '')}"
        await note(Kind.REFUSED, person=asker[0], key=asker[1], place=place[:200])


async def page(viewer: Viewer, *, kind: str = "", who: str = "", after: str = "") -> LogPage:
    """The newest first; of one kind, and about one account, key or network, where ``who`` is its digest.

    Raises NotFound for whoever doesn't run the installation, Invalid for a broken cursor.
    """
    _require_operator(viewer)
    async with database.read():
        query = SecurityEvent.objects().order_by(SecurityEvent.last_at, SecurityEvent.id, ascending=False)
        for condition in _conditions(kind, who, after):
            query = query.where(condition)
        rows = await query.limit(PAGE + 1)
    last = rows[PAGE - 1] if len(rows) > PAGE else None
    more = cursor.encode(last.last_at.isoformat(), str(last.id)) if last else ""
    return LogPage(tuple(_logged(row) for row in rows[:PAGE]), more)


async def digest_of(viewer: Viewer, who: str) -> str:
    """Of what somebody looks for: an e-mail address, a network address, an API key, or a digest as it is; "" of nothing.

    Raises NotFound for whoever doesn't run the installation.
    """
    _require_operator(viewer)
    if not who or digests.is_digest(who):
        return who
    if prefix := digests.prefix_of(who):
        return digests.of_key(prefix)
    if digests.is_address(who):
        return digests.of_address(who)
    async with database.read():
        found = await Person.select(Person.id).where(Person.email == emails.folded(who)).first()
    return digests.of_person(found["id"]) if found else digests.of_email(who)


async def forget_old() -> int:
    """Forgets what is older than a year; returns how many rows."""
    async with database.housekeeping():
        old = SecurityEvent.hour < clock.now() - KEPT
        return len(await SecurityEvent.delete().where(old).returning(SecurityEvent.id))


def _require_operator(viewer: Viewer) -> None:
    if not viewer.is_operator:
        raise NotFound


def _conditions(kind: str, who: str, after: str) -> list[Any]:
    conditions: list[Any] = []
    if kind in set(Kind):
        conditions.append(SecurityEvent.kind == kind)
    if digests.is_digest(who):
        column = {"a": SecurityEvent.account, "k": SecurityEvent.api_key, "n": SecurityEvent.network}[who[0]]
        conditions.append(column == who)
    if after:
        at, last = cursor.decode(after, keys=2)
        moment, row = _moment(at), cursor.an_id(last)
        earlier = (SecurityEvent.last_at == moment) & (SecurityEvent.id < row)
        conditions.append((SecurityEvent.last_at < moment) | earlier)
    return conditions


def _moment(at: cursor.CursorKey) -> datetime:
    try:
        found = datetime.fromisoformat(str(at))
    except ValueError as error:
        raise cursor.nonsense() from error
    if found.tzinfo is None:
        raise cursor.nonsense()
    return found


def _logged(row: SecurityEvent) -> Logged:
    return Logged(
        id=row.id,
        kind=Kind(row.kind),
        account=row.account,
        api_key=row.api_key,
        network=row.network,
        place=row.place,
        times=row.times,
        first_at=row.first_at,
        last_at=row.last_at,
    )


def _hour() -> datetime:
    return clock.now().replace(minute=0, second=0, microsecond=0)


def _about(person: UUID | None, email: str, key: str, place: str) -> dict[str, str]:
    account = digests.of_person(person) if person else digests.of_email(email) if email else ""
    network = digests.of_address(caller.current().address)
    return {"account": account, "api_key": digests.of_key(key), "network": network, "place": place}


async def _say(kind: Kind, about: dict[str, str]) -> None:
    log.info("security", kind=kind.value, key=about["api_key"], **{name: about[name] for name in ("account", "network", "place")})


async def _keep(kind: Kind, about: dict[str, str], *, is_known: bool) -> None:
    row = await _folded(kind, about, is_known=is_known)
    await _insert(kind, row)  # the same statements whether it is the first or not: nobody learns by them whose address it is
    await _count(kind, row)


async def _count(kind: Kind, row: dict[str, str]) -> None:
    """Counts one more in the row that is there."""
    same = (SecurityEvent.hour == _hour()) & (SecurityEvent.kind == kind.value)
    for column in (SecurityEvent.account, SecurityEvent.api_key, SecurityEvent.network, SecurityEvent.place):
        same &= column == row[column._meta.name]  # noqa: SLF001 - Piccolo has no public name for it
    values: dict[Any, Any] = {SecurityEvent.times: SecurityEvent.times + 1, SecurityEvent.last_at: clock.now()}
    await SecurityEvent.update(values).where(same)


async def _insert(kind: Kind, row: dict[str, str]) -> None:
    now = clock.now()
    told: dict[str, Any] = {"id": uuid4(), "hour": _hour(), "kind": kind.value, "times": 0, "first_at": now, "last_at": now}
    made = SecurityEvent(**told, **cast(dict[str, Any], row))
    await SecurityEvent.insert(made).on_conflict(action="DO NOTHING")


async def _folded(kind: Kind, row: dict[str, str], *, is_known: bool) -> dict[str, str]:
    """The row to be, without where from once there are many, and then also without a name that a stranger made up."""
    alike = (SecurityEvent.hour == _hour()) & (SecurityEvent.kind == kind.value)
    together = await SecurityEvent.count().where(alike)
    of_one = await SecurityEvent.count().where(alike & (SecurityEvent.account == row["account"]))
    if together < MOST_TOGETHER and of_one < MOST_OF_ONE:
        return row
    kept = {"network": "", "place": ""} | ({} if is_known else {"account": "", "api_key": ""})
    return row | kept
