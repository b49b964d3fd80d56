"""One-time links: 72 hours, one use, and of the token only its SHA-256 is kept.

A link that goes out in a letter has a token of its own, which nobody but the letter holds: whoever opens it has the mailbox.
An invitation may have two, one to hand on and one in the letter; using either uses both.

Whoever opens an expired, used, withdrawn or invented link reads the same sentence.
"""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any, Final
from uuid import UUID, uuid4

from base import clock, settings
from base.refusals import Refusal
from base.viewer import Role
from sharing.sign_in.sessions import digest_of
from sharing.tables import OneTimeLink

LASTS: Final = timedelta(hours=72)  # over a weekend


class Purpose(StrEnum):
    FIRST = "first"  # the first account of an installation: its operator
    INVITATION = "invitation"
    PASSWORD = "password"  # noqa: S105 - a purpose
    ADDRESS = "address"  # proving that an address is one's own; only ever by letter


_PAGES: Final = {Purpose.PASSWORD: "new-password", Purpose.ADDRESS: "account/prove-address"}


class DeadLink(Refusal):
    status = 404
    title = "This link can't be used"

    def __init__(self) -> None:
        super().__init__("A link works once, and for three days. Ask the person who sent it for a new one.")


@dataclass(frozen=True, slots=True)
class LiveLink:
    """What a live link offers to whoever holds it."""

    id: UUID
    purpose: Purpose
    school: UUID | None
    role: Role | None
    email: str | None
    person: UUID | None
    auditor_grant: UUID | None
    made_by: UUID | None  # None: the command line
    by_mail: bool  # the token is the letter's


def address(purpose: Purpose, token: str) -> str:
    """The whole address, to be forwarded."""
    return f"{settings.current().origin}/{_PAGES.get(purpose, 'join')}/{token}"


async def add(purpose: Purpose, *, made_by: UUID | None, **offer: Any) -> tuple[UUID, str]:
    """Makes a link to hand on, inside the caller's unit of work; returns its id and address. ``offer`` has ``LiveLink``'s other
    fields.
    """
    return await _add(purpose, None, made_by=made_by, **offer)


async def add_by_mail(purpose: Purpose, *, made_by: UUID | None, **offer: Any) -> tuple[UUID, str, str]:
    """As ``add``, with one more address for a letter to ``email``: the last that is returned, and never to be shown."""
    token = _a_token()
    return *await _add(purpose, digest_of(token), made_by=made_by, **offer), address(purpose, token)


async def _add(purpose: Purpose, mailed_hash: bytes | None, *, made_by: UUID | None, **offer: Any) -> tuple[UUID, str]:
    token, now, link = _a_token(), clock.now(), uuid4()
    made = {"made_by": made_by, "made_at": now, "expires_at": now + LASTS, "purpose": purpose, **offer}
    await OneTimeLink(id=link, token_hash=digest_of(token), mailed_hash=mailed_hash, **made).save()
    return link, address(purpose, token)


def _a_token() -> str:
    return secrets.token_hex(32)  # no "-" at the end for a mail program to drop


async def live(token: str, *purposes: Purpose) -> LiveLink:
    """The live link of this token, for one of ``purposes``. Inside the caller's unit of work. Raises DeadLink."""
    digest = digest_of(token)
    is_it = (OneTimeLink.token_hash == digest) | (OneTimeLink.mailed_hash == digest)
    row = await OneTimeLink.objects().where(_is_live() & is_it).first()
    if row is None or row.purpose not in purposes:
        raise DeadLink
    role, by_mail = Role(row.role) if row.role else None, row.mailed_hash == digest
    return LiveLink(
        row.id, Purpose(row.purpose), row.school, role, row.email, row.person, row.auditor_grant, row.made_by, by_mail
    )


async def use(link: LiveLink) -> None:
    """Marks the link as used, inside the caller's unit of work; of two at once only one succeeds. Raises DeadLink."""
    if (
        not await OneTimeLink.update({OneTimeLink.used_at: clock.now()})
        .where(_is_live() & (OneTimeLink.id == link.id))
        .returning(OneTimeLink.id)
    ):
        raise DeadLink


async def drop(where: Any) -> list[dict[str, Any]]:
    """Deletes the unused links that match, inside the caller's unit of work; returns their ids, e-mails and roles."""
    gone: list[dict[str, Any]] = (
        await OneTimeLink.delete()
        .where(OneTimeLink.used_at.is_null() & where)
        .returning(OneTimeLink.id, OneTimeLink.email, OneTimeLink.role)
    )
    return gone


async def drop_with_the_role(school: UUID, person: UUID) -> None:
    """Deletes the unused links that somebody whose role changes made at the school, and those that colleagues made for them:
    who may make one was asked about the old role. Inside the caller's unit of work.
    """
    by_or_for = (OneTimeLink.made_by == person) | ((OneTimeLink.person == person) & OneTimeLink.made_by.is_not_null())
    await drop((OneTimeLink.school == school) & by_or_for)


async def invitations(school: UUID) -> list[OneTimeLink]:
    """Open invitations to become a member of ``school``, the newest first. Inside the caller's unit of work."""
    where = (OneTimeLink.school == school) & (OneTimeLink.purpose == Purpose.INVITATION) & OneTimeLink.auditor_grant.is_null()
    return await OneTimeLink.objects().where(_is_live(), where).order_by(OneTimeLink.made_at, ascending=False)


def _is_live() -> Any:
    """Also in time of a clock that was ahead: no link lasts longer than twice as long as one does."""
    now = clock.now()
    return OneTimeLink.used_at.is_null() & (OneTimeLink.expires_at > now) & (OneTimeLink.expires_at <= now + 2 * LASTS)
