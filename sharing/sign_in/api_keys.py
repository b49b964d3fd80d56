"""API keys: ``vk_<prefix>_<secret>``, one person at one school, with the role that the person has there when it is used.

Shown once; only the SHA-256 is kept. A key dies with the membership, at its expiry of a year at most, or when revoked.
Auditors have none: a key that somebody made as a member opens nothing once they are an auditor.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

import audit
import database
from audit.log.subjects import OUR_SCHOOL, Subject
from base import clock, text
from base.refusals import Conflict, Invalid, NotFound, SignInNeeded
from base.viewer import Viewer
from sharing.events import Event
from sharing.sign_in.sessions import VIEWER_COLUMNS, VIEWER_JOINS, digest_of, viewer_from
from sharing.tables import ApiKey

LONGEST_NAME: Final = 80
DAYS: Final = (30, 90, 365)  # a year at most: somebody looks at every key again
MOST_KEYS: Final = 20  # live ones of one person at one school
DEAD_KEY: Final = "This API key is not known here, has expired or was revoked."

_SHOWN: Final = (ApiKey.id, ApiKey.name, ApiKey.prefix, ApiKey.made_at, ApiKey.expires_at, ApiKey.revoked_at)
_PREFIX_ALPHABET: Final = "abcdefghijkmnpqrstuvwxyz23456789"  # no letters and digits that look alike
_BY_KEY: Final = f"""
    SELECT s.expires_at AS expires_at, {VIEWER_COLUMNS}
    FROM sharing_api_key s {VIEWER_JOINS}
    WHERE s.key_hash = {{}} AND s.revoked_at IS NULL AND m.role <> 'auditor'"""  # noqa: S608 - our own text


@dataclass(frozen=True, slots=True)
class ListedKey:
    """A key as its owner sees it, without the secret."""

    id: UUID
    name: str
    prefix: str
    made_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    is_live: bool


async def viewer_of(key: str) -> Viewer:
    """The viewer that the key stands for. Raises SignInNeeded for a key that opens nothing."""
    now = clock.now()
    async with database.read():
        rows = await ApiKey.raw(_BY_KEY, now, now, digest_of(key))
        if not rows or rows[0]["expires_at"] <= now:
            raise SignInNeeded(DEAD_KEY)
        return await viewer_from(rows[0])


async def create(viewer: Viewer, *, name: str, days: int) -> str:
    """Makes a key and returns all of it, which can't be shown again. Raises Invalid, Conflict."""
    name = text.line(name, field="name", longest=LONGEST_NAME)
    if days not in DAYS:
        raise Invalid("Choose how long the key lasts.", days="Choose how long the key lasts.")
    prefix = "".join(secrets.choice(_PREFIX_ALPHABET) for _ in range(8))
    key, now = f"vk_{prefix}_{secrets.token_hex(32)}", clock.now()
    async with audit.recording(viewer) as record:
        if await ApiKey.count().where(_mine(viewer) & ApiKey.revoked_at.is_null() & (ApiKey.expires_at > now)) >= MOST_KEYS:
            raise Conflict(f"You have {MOST_KEYS} API keys already. Revoke one that is no longer used.")
        row = ApiKey(
            id=uuid4(),
            key_hash=digest_of(key),
            prefix=prefix,
            name=name,
            person=viewer.person,
            school=viewer.school,
            made_at=now,
            expires_at=now + timedelta(days=days),
        )
        await row.save()
        facts = {"prefix": prefix, "expires_at": row.expires_at.isoformat()}
        record(Event.API_KEY_CREATED, stream=OUR_SCHOOL, subject=Subject.API_KEY.of(row.id), facts=facts, personal={"name": name})
    return key


async def revoke(viewer: Viewer, key: UUID) -> None:
    """Revokes a live key of the viewer's own at this school. Raises NotFound for any other."""
    async with audit.recording(viewer) as record:
        mine = _mine(viewer) & ApiKey.revoked_at.is_null() & (ApiKey.id == key)
        revoked = await ApiKey.update({ApiKey.revoked_at: clock.now()}).where(mine).returning(ApiKey.prefix)
        if not revoked:
            raise NotFound
        record(Event.API_KEY_REVOKED, stream=OUR_SCHOOL, subject=Subject.API_KEY.of(key), facts={"prefix": revoked[0]["prefix"]})


async def mine(viewer: Viewer) -> tuple[ListedKey, ...]:
    """The viewer's keys at this school, the newest first, dead ones included."""
    now = clock.now()
    async with database.read():
        rows = await ApiKey.select(*_SHOWN).where(_mine(viewer)).order_by(ApiKey.made_at, ascending=False)
    return tuple(ListedKey(**row, is_live=row["revoked_at"] is None and row["expires_at"] > now) for row in rows)


def _mine(viewer: Viewer) -> Any:
    return (ApiKey.person == viewer.person) & (ApiKey.school == viewer.school)
