"""Members of other schools, as a grant to a person knows them: by the membership, which ends and never comes back.

Whoever leaves and joins again has a new membership. An auditor is no member, so no grant is for one; nor is any for site staff,
who read nothing that schools share.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from piccolo.columns import And
from piccolo.query import WhereRaw

import database
from base.viewer import Role
from sharing.tables import Membership, Person, School


class Place(NamedTuple):
    """Where somebody belongs: a school, and the membership there. None is what was not said."""

    school: UUID | None
    membership: UUID | None

    def fits(self, named: "Place") -> bool:
        return named.school in (None, self.school) and named.membership in (None, self.membership)


NOT_SAID: Final = Place(None, None)

IS_MEMBER: Final = f"(auditor_grant IS NULL AND role <> '{Role.SITE_STAFF}')"  # of a row of sharing_membership, in SQL


class Named(NamedTuple):
    """Somebody at another school, as a share names them."""

    membership: UUID
    person: UUID
    school: UUID
    name: str  # "Bea Birch at Elmwood Primary"


def the_place(named: Place, *, earlier: Collection[Place], now: Collection[Place]) -> Place | None:
    """Which place of a person is meant by what was ``named``; None if that can't be told.

    ``earlier`` are those that the audience names already, ended or not, ``now`` those of today. Nothing named means the
    earlier one: a list that is sent once more must not follow somebody to another school.
    """
    if named == NOT_SAID:
        found = set(earlier or now)
    else:
        found = {place for place in now if place.fits(named)} or {place for place in earlier if place.fits(named)}
    return found.pop() if len(found) == 1 else None


async def at_other_schools(people: Iterable[UUID | None], *, than: UUID, now: datetime) -> Mapping[UUID, Collection[Place]]:
    """Where each of these people belongs at ``now``: open schools other ``than`` that one. Inside the caller's unit."""
    wanted = database.among(Membership.person, {person for person in people if person})
    is_open = database.among(Membership.school, School.select(School.id).where(School.status == "open"))
    columns = (Membership.id, Membership.person, Membership.school)
    found: dict[UUID, list[Place]] = defaultdict(list)
    for row in await Membership.select(*columns).where(wanted, is_open, Membership.school != than, _live(now)):
        found[row["person"]].append(Place(row["school"], row["id"]))
    return found


async def named(memberships: Iterable[UUID], *, than: UUID, now: datetime) -> tuple[Named, ...]:
    """Who holds these memberships at ``now``, by name, at open schools other ``than`` that one. Inside the caller's unit."""
    is_open = database.among(Membership.school, School.select(School.id).where(School.status == "open"))
    columns = (Membership.id, Membership.person, Membership.school)
    wanted = database.among(Membership.id, set(memberships))
    rows = await Membership.select(*columns).where(wanted, is_open, Membership.school != than, _live(now))
    people = Person.select(Person.id, Person.name).where(database.among(Person.id, [row["person"] for row in rows]))
    schools = School.select(School.id, School.name).where(database.among(School.id, [row["school"] for row in rows]))
    names = {row["id"]: row["name"] for row in [*await people, *await schools]}
    found = (Named(row["id"], row["person"], row["school"], f"{names[row['person']]} at {names[row['school']]}") for row in rows)
    return tuple(sorted(found, key=lambda one: (one.name, str(one.membership))))


async def still_live(memberships: Iterable[UUID | None], now: datetime) -> frozenset[UUID]:
    """Those of the memberships that hold at ``now``. Inside the caller's unit."""
    wanted = {membership for membership in memberships if membership}
    if not wanted:
        return frozenset()
    query = Membership.select(Membership.id).where(database.among(Membership.id, wanted), _live(now))
    return frozenset(await query.output(as_list=True))


def _live(now: datetime) -> And:
    """The place at a school of a member to whom others share, and that holds at ``now``."""
    has_begun = (Membership.valid_from <= now) & WhereRaw(IS_MEMBER)
    return has_begun & (Membership.valid_until.is_null() | (Membership.valid_until > now))
