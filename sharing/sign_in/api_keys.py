"""API keys: ``vk_<prefix>_<secret>``, one person at one school, with the role that the person has there when it is used.

A key does what its scopes and its person's role both allow. It is shown once; only the SHA-256 is kept. It ends with the
membership that it was made under, at its expiry of a year at most, when the person or a head of the school revokes it, and
with the password. Auditors and site staff have none: a key that somebody made in another role opens nothing once they are one.
"""

import secrets
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

import audit
import database
from audit.log.subjects import OUR_SCHOOL, Subject
from base import clock, text
from base.refusals import Conflict, Forbidden, Invalid, NotFound, SignInNeeded, refuse_together
from base.viewer import KeyScope, Role, Viewer
from sharing.events import Event
from sharing.sign_in import in_passing, security_log
from sharing.sign_in.security_log import Kind
from sharing.sign_in.sessions import VIEWER_COLUMNS, VIEWER_JOINS, digest_of, six_times, viewer_from
from sharing.sign_in.tables import ApiKeyUse
from sharing.tables import ApiKey, Membership

LONGEST_NAME: Final = 80
DAYS: Final = (30, 90, 365)  # a year at most: somebody looks at every key again
MOST_KEYS: Final = 20  # live ones of one person at one school
USED_EVERY: Final = timedelta(hours=1)  # one write an hour at most for a program that asks all day
DEAD_KEY: Final = "This API key is not known here, has expired or was revoked."
NO_KEYS: Final = "Site staff have no API keys. Ask a business manager or head."
NO_NAME: Final = "Enter a name for the key."
NO_DAYS: Final = "Choose how long the key lasts."
NO_SCOPE: Final = "Choose at least one thing that the key may do."

_PREFIX_ALPHABET: Final = "abcdefghijkmnpqrstuvwxyz23456789"  # no letters and digits that look alike
_BY_KEY: Final = f"""
    SELECT s.id AS key, s.prefix AS prefix, s.scopes AS scopes, s.expires_at AS expires_at, u.last_used_at AS last_used_at,
        {VIEWER_COLUMNS}
    FROM sharing_api_key s {VIEWER_JOINS} LEFT JOIN sharing_api_key_use u ON u.key = s.id
    WHERE s.key_hash = {{}} AND s.revoked_at IS NULL AND s.membership = m.id AND m.role NOT IN ('auditor', 'site_staff')"""  # noqa: S608 - our own text
_LISTED: Final = """
    SELECT k.id AS id, k.name AS name, k.prefix AS prefix, k.scopes AS scopes, k.person AS person, p.name AS owner,
        k.made_at AS made_at, k.expires_at AS expires_at, k.revoked_at AS revoked_at, k.predates_scopes AS predates_scopes,
        u.last_used_at AS last_used_at, m.id AS member
    FROM sharing_api_key k JOIN sharing_person p ON p.id = k.person LEFT JOIN sharing_api_key_use u ON u.key = k.id
        LEFT JOIN sharing_membership m ON m.id = k.membership AND (m.valid_until IS NULL OR m.valid_until > {})
    WHERE k.school = {} ORDER BY k.made_at DESC, k.id"""


@dataclass(frozen=True, slots=True)
class AskingKey:
    """A live key that was just used: whom it stands for, and what it may be used for."""

    viewer: Viewer
    prefix: str
    scopes: frozenset[KeyScope]


@dataclass(frozen=True, slots=True)
class ListedKey:
    """A key without the secret, as its owner and the heads of the school see it."""

    id: UUID
    name: str
    prefix: str
    scopes: tuple[KeyScope, ...]
    owner: str
    made_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    last_used_at: datetime | None  # to the hour
    predates_scopes: bool
    is_live: bool


async def asking(key: str) -> AskingKey:
    """What the key stands for. Raises SignInNeeded for a key that opens nothing."""
    now, digest = clock.now(), digest_of(key)
    async with database.read():
        rows = await ApiKey.raw(_BY_KEY, *six_times(now), digest)
        found = rows[0] if rows and rows[0]["expires_at"] > now else None
        viewer = await viewer_from(found) if found else None
        dead = None if found else await ApiKey.select(ApiKey.person, ApiKey.prefix).where(ApiKey.key_hash == digest).first()
    if found is None or viewer is None:
        await security_log.note(Kind.DEAD_KEY, **({"person": dead["person"], "key": dead["prefix"]} if dead else {}))
        raise SignInNeeded(DEAD_KEY)
    await _used(found["key"], found["last_used_at"])
    scopes = frozenset(_scopes(found["scopes"]))
    return AskingKey(replace(viewer, by_key=True, shares=KeyScope.SHARE in scopes), found["prefix"], scopes)


def _name(typed: str) -> str:
    return text.line(typed, field="name", longest=LONGEST_NAME, missing=NO_NAME)


def _require_terms(days: int, scopes: Collection[KeyScope]) -> None:
    wrong = {} if scopes else {"scopes": NO_SCOPE}
    wrong |= {} if days in DAYS else {"days": NO_DAYS}
    if wrong:
        raise Invalid(next(iter(wrong.values())), **wrong)


async def create(viewer: Viewer, *, name: str, days: int, scopes: Collection[KeyScope]) -> str:
    """Makes a key and returns all of it, which can't be shown again. Raises Forbidden, Invalid, Conflict."""
    if not viewer.role.holds_keys:
        raise Forbidden(NO_KEYS)
    refuse_together(lambda: _name(name), lambda: _require_terms(days, scopes))
    name = _name(name)
    prefix = "".join(secrets.choice(_PREFIX_ALPHABET) for _ in range(8))
    key, now, spelt = f"vk_{prefix}_{secrets.token_hex(32)}", clock.now(), " ".join(s for s in KeyScope if s in scopes)
    async with audit.recording(viewer) as record:
        if await ApiKey.count().where(_mine(viewer) & _is_live(now)) >= MOST_KEYS:
            raise Conflict(f"You have {MOST_KEYS} API keys already. Revoke one that is no longer used.")
        row = ApiKey(
            id=uuid4(),
            key_hash=digest_of(key),
            prefix=prefix,
            name=name,
            person=viewer.person,
            school=viewer.school,
            made_at=now,
            expires_at=min(end for end in (now + timedelta(days=days), viewer.until) if end),
            scopes=spelt,
            membership=await _membership(viewer),
        )
        await row.save()
        await security_log.add(Kind.KEY_MADE, person=viewer.person, key=prefix)
        facts = {"prefix": prefix, "expires_at": row.expires_at.isoformat(), "scopes": spelt}
        record(Event.API_KEY_CREATED, stream=OUR_SCHOOL, subject=Subject.API_KEY.of(row.id), facts=facts, personal={"name": name})
    return key


async def revoke(viewer: Viewer, key: UUID) -> None:
    """Revokes a live key at this school: one's own, or as a head anybody's. Raises NotFound for any other."""
    async with audit.recording(viewer) as record:
        whose = ApiKey.school == viewer.school if viewer.role is Role.HEAD else _mine(viewer)
        revoked = await _revoke(whose & ApiKey.revoked_at.is_null() & (ApiKey.id == key))
        if not revoked:
            raise NotFound
        record(Event.API_KEY_REVOKED, stream=OUR_SCHOOL, subject=Subject.API_KEY.of(key), facts={"prefix": revoked[0]["prefix"]})


async def end_with_password(viewer: Viewer, record: audit.Record) -> None:
    """Revokes every live key of the person, at each of their schools, where its trail says so.

    Inside the caller's unit of work, which changes the password. Each trail names the role that the person has there.
    """
    now = clock.now()
    for row in await _revoke((ApiKey.person == viewer.person) & _is_live(now)):
        there = (Membership.id == row["membership"]) & _lasts(now)
        found = await Membership.select(Membership.role).where(there).first()
        if found is None:
            continue  # it opened nothing any more
        at = record.by(replace(viewer, school=row["school"], role=Role(found["role"])))
        facts = {"prefix": row["prefix"], "by": "password"}
        at(Event.API_KEY_REVOKED, stream=OUR_SCHOOL, subject=Subject.API_KEY.of(row["id"]), facts=facts)


async def erase(which: Any) -> None:
    """Deletes the keys that match, with when they were used. Inside the caller's unit of work, which records it."""
    gone = await ApiKey.delete().where(which).returning(ApiKey.id)
    await ApiKeyUse.delete().where(database.among(ApiKeyUse.key, [row["id"] for row in gone]))


async def mine(viewer: Viewer) -> tuple[ListedKey, ...]:
    """The viewer's keys at this school, the newest first, dead ones included."""
    return await _listed(viewer, lambda row: row["person"] == viewer.person)


async def of_colleagues(viewer: Viewer) -> tuple[ListedKey, ...]:
    """The live keys of everybody else at the school, for its head; none for anybody else."""
    if viewer.role is not Role.HEAD:
        return ()
    return tuple(key for key in await _listed(viewer, lambda row: row["person"] != viewer.person) if key.is_live)


async def _listed(viewer: Viewer, which: Any) -> tuple[ListedKey, ...]:
    now = clock.now()
    async with database.read():
        rows = await ApiKey.raw(_LISTED, now, viewer.school)
    return tuple(_a_key(row, now) for row in rows if which(row))


def _a_key(row: dict[str, Any], now: datetime) -> ListedKey:
    return ListedKey(
        id=row["id"],
        name=row["name"],
        prefix=row["prefix"],
        scopes=_scopes(row["scopes"]),
        owner=row["owner"],
        made_at=row["made_at"],
        expires_at=row["expires_at"],
        revoked_at=row["revoked_at"],
        last_used_at=row["last_used_at"],
        predates_scopes=bool(row["predates_scopes"]),
        is_live=row["revoked_at"] is None and row["expires_at"] > now and row["member"] is not None,
    )


def _scopes(stored: str) -> tuple[KeyScope, ...]:
    return tuple(KeyScope(word) for word in stored.split())


async def _revoke(which: Any) -> list[dict[str, Any]]:
    """Revokes the keys that match, inside the caller's unit of work, which records it; returns what it has to say of them."""
    columns = (ApiKey.id, ApiKey.prefix, ApiKey.school, ApiKey.person, ApiKey.membership)
    revoked: list[dict[str, Any]] = await ApiKey.update({ApiKey.revoked_at: clock.now()}).where(which).returning(*columns)
    for row in revoked:
        await security_log.add(Kind.KEY_ENDED, person=row["person"], key=row["prefix"])
    return revoked


async def _membership(viewer: Viewer) -> UUID:
    """The viewer's own at this school. Raises Forbidden where it ended meanwhile."""
    there = (Membership.person == viewer.person) & (Membership.school == viewer.school) & _lasts(clock.now())
    found = await Membership.select(Membership.id).where(there).first()
    if found is None:
        raise Forbidden("You don't belong to this school any more, so there is no key to make.")
    made_under: UUID = found["id"]
    return made_under


async def _used(key: UUID, last: datetime | None) -> None:
    """Remembers the hour of the use; a clock that was put back is put right."""
    now = clock.now()
    if last is not None and timedelta() <= now - last < USED_EVERY:
        return
    use = ApiKeyUse.insert(ApiKeyUse(key=key, last_used_at=now)).on_conflict(
        target=ApiKeyUse.key, action="DO UPDATE", values=[ApiKeyUse.last_used_at]
    )
    await in_passing.written("the hour a key was used", use.run)


def _mine(viewer: Viewer) -> Any:
    return (ApiKey.person == viewer.person) & (ApiKey.school == viewer.school)


def _lasts(now: datetime) -> Any:
    """Of a membership, also one that has its end from the start."""
    return Membership.valid_until.is_null() | (Membership.valid_until > now)


def _is_live(now: datetime) -> Any:
    return ApiKey.revoked_at.is_null() & (ApiKey.expires_at > now)
