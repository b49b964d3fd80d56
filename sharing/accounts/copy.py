"""What one school holds about a person's account, without any secret."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from base.refusals import NotFound
from sharing.tables import ApiKey, KnownBrowser, LastSchool, Membership, OneTimeLink, Person, School, Session


@dataclass(frozen=True, slots=True)
class Account:
    """Rows as plain values: when and what, never a token, a password or their digests."""

    id: UUID
    name: str
    email: str
    address_proved_at: datetime | None
    address_proof: str  # how it was proved
    since: datetime
    signed_in_on: date | None  # the last day of all
    school_name: str
    memberships: tuple[Mapping[str, Any], ...]
    sessions: tuple[Mapping[str, Any], ...]
    browsers: tuple[Mapping[str, Any], ...]  # those known to the account, of whatever school
    keys: tuple[Mapping[str, Any], ...]
    links: tuple[Mapping[str, Any], ...]


async def account(school: UUID, person: UUID) -> Account:
    """The account of somebody who belongs or belonged to ``school``; NotFound for anybody else. Inside the caller's unit."""
    at_school = (Membership.school == school) & (Membership.person == person)
    columns = (Membership.role, Membership.valid_from, Membership.valid_until)
    memberships = await Membership.select(*columns).where(at_school).order_by(Membership.valid_from)
    row = await Person.objects().where(Person.id == person).first()
    found = await School.select(School.name).where(School.id == school).first()
    if not memberships or row is None or found is None:
        raise NotFound
    sessions = Session.select(Session.made_at, Session.seen_at, Session.browser).where(
        (Session.school == school) & (Session.person == person)
    )
    browsers = KnownBrowser.select(KnownBrowser.signed_in_at).where(KnownBrowser.person == person)
    keys = ApiKey.select(ApiKey.name, ApiKey.prefix, ApiKey.scopes, ApiKey.made_at, ApiKey.expires_at, ApiKey.revoked_at).where(
        (ApiKey.school == school) & (ApiKey.person == person)
    )
    theirs = (OneTimeLink.person == person) | ((OneTimeLink.email == row.email) & (OneTimeLink.email != ""))
    of_link = (OneTimeLink.purpose, OneTimeLink.role, OneTimeLink.made_at, OneTimeLink.used_at)
    here = (OneTimeLink.school == school) | (OneTimeLink.school.is_null() & (OneTimeLink.person == person))  # or by letter
    links = OneTimeLink.select(*of_link).where(here & theirs)
    last = await LastSchool.select(LastSchool.signed_in_on).where(LastSchool.person == person).first()
    return Account(
        id=row.id,
        name=row.name,
        email=row.email,
        address_proved_at=row.address_proved_at,
        address_proof=_proof_of(row),
        since=row.made_at,
        signed_in_on=last["signed_in_on"] if last else None,
        school_name=found["name"],
        memberships=tuple(memberships),
        sessions=tuple(await sessions.order_by(Session.made_at)),
        browsers=tuple(await browsers.order_by(KnownBrowser.signed_in_at)),
        keys=tuple(await keys.order_by(ApiKey.made_at)),
        links=tuple(await links.order_by(OneTimeLink.made_at)),
    )


def _proof_of(row: Person) -> str:
    if row.has_proved_by_mail:
        return "by the link in a letter"
    if not row.has_proved:
        return "not proved" if row.email else "lost, because somebody else proved it"
    return "at the command line" if row.address_proved_by == row.id else "confirmed in person by a head"
