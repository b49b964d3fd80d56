"""Who belongs to a school at this moment, and what the table in ``ranks.py`` lets somebody do there.

Everything here is inside the caller's unit of work. Whom the operator let in for a day is no member. Whoever the operator
reset is one still, but may do nothing to anybody until a head keeps them.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from piccolo.querystring import QueryString

import database
from base import clock
from base.refusals import Forbidden, NotFound
from base.viewer import Role, Viewer
from sharing.members import letters, ranks
from sharing.members.ranks import Act, By, Only
from sharing.tables import LastSchool, Membership, Network, NetworkMember, Person, School

SILENCE: Final = timedelta(days=30)  # without a writer signing in: then a school may have lost its people

_OF_THE_TRUST: Final[Mapping[Role, By]] = {Role.BUSINESS_MANAGER: By.TRUST_MANAGER, Role.HEAD: By.TRUST_HEAD}


@dataclass(frozen=True, slots=True)
class Colleague:
    id: UUID
    name: str
    email: str
    role: Role
    since: datetime
    address_proved: bool  # by a letter or in person; one without an address can't sign in any more
    closes_at: datetime | None = None  # reset by the operator, and not kept by a head yet


async def members(school: UUID, *, and_auditors: bool = False) -> tuple[Colleague, ...]:
    """The people of ``school``, in alphabetical order. An auditor's membership, which says from the start when it ends, counts
    only with ``and_auditors``.
    """
    now = clock.now()
    rows = await Membership.raw(
        """SELECT p.id AS id, p.name AS name, p.email AS email, m.role AS role, m.valid_from AS since,
            p.address_proved_at AS proved_at, m.closes_at AS closes_at
        FROM sharing_membership m JOIN sharing_person p ON p.id = m.person
        WHERE m.school = {} AND (m.begins_at IS NULL OR m.begins_at <= {})
            AND (m.valid_until IS NULL OR {} AND m.valid_until > {})
        ORDER BY p.name, p.id""",
        school, now, and_auditors, now,
    )  # fmt: skip
    return tuple(
        Colleague(
            row["id"], row["name"], row["email"], Role(row["role"]), row["since"], row["proved_at"] is not None, row["closes_at"]
        )
        for row in rows
    )


async def member_of(school: UUID | None, person: UUID, *, and_auditors: bool = False) -> Colleague:
    """One of the people of ``school``. Raises NotFound for anybody else."""
    there = await members(school, and_auditors=and_auditors) if school else ()
    found = next((member for member in there if member.id == person), None)
    if found is None:
        raise NotFound
    return found


async def lock(school: UUID | None) -> School:
    """Two who change the people of a school at once take turns. Raises NotFound."""
    found: School | None = await database.locked(School.objects().where(School.id == school)).first()
    if found is None:
        raise NotFound
    return found


async def lock_person(person: UUID) -> None:
    """Who makes a new-password link, and who gives the person one more membership, take turns."""
    await database.locked(Person.select(Person.id).where(Person.id == person))


async def schools_of(person: UUID) -> frozenset[UUID]:
    """Every school of a membership that has not ended, an auditor's and one that has yet to begin included."""
    rows = await Membership.raw(
        "SELECT DISTINCT school FROM sharing_membership WHERE person = {} AND (valid_until IS NULL OR valid_until > {})",
        person, clock.now(),
    )  # fmt: skip
    return frozenset(row["school"] for row in rows)


async def is_closing(person: UUID) -> bool:
    """Whether the operator set the person's password, and the head of a school of theirs has yet to keep it."""
    rows = await Membership.raw(
        """SELECT id FROM sharing_membership WHERE person = {} AND closes_at IS NOT NULL
            AND (valid_until IS NULL OR valid_until > {}) LIMIT 1""",
        person, clock.now(),
    )  # fmt: skip
    return bool(rows)


async def viewers_of(person: UUID) -> tuple[Viewer, ...]:
    """The person as a viewer at each of their schools, an auditor's included, so that each trail names them as it knows them."""
    rows = await Membership.raw(
        """SELECT p.name AS name, c.id AS school, c.name AS school_name, m.role AS role FROM sharing_membership m
        JOIN sharing_person p ON p.id = m.person JOIN sharing_school c ON c.id = m.school
        WHERE m.person = {} AND (m.valid_until IS NULL OR m.valid_until > {}) ORDER BY c.name, c.id""",
        person, clock.now(),
    )  # fmt: skip
    return tuple(Viewer(person, row["name"], row["school"], row["school_name"], Role(row["role"])) for row in rows)


async def standings(viewer: Viewer | None, school: UUID) -> frozenset[By]:
    """As what the viewer may act at ``school`` by the memberships of this moment: nothing where nobody there is found.

    ``viewer`` None is the command line.
    """
    if viewer is None:
        return frozenset({By.OPERATOR, By.COMMAND_LINE})
    found = {By.OPERATOR} if viewer.is_operator else set()
    me = next((member for member in await members(viewer.school) if member.id == viewer.person), None)
    if me is None or me.closes_at is not None:
        return frozenset()
    if viewer.school == school:
        found.add(ranks.BY_ROLE[me.role])
    elif me.role in _OF_THE_TRUST and school in await schools_of_trust(viewer.school):
        found.add(_OF_THE_TRUST[me.role])
    return frozenset(found)


async def schools_of_trust(team: UUID) -> frozenset[UUID]:
    """The schools of the trust whose central team this is, the team included; none for a school."""
    found = await School.select(School.kind, School.uid).where(School.id == team).first()
    if found is None or found["kind"] != "trust":
        return frozenset()
    of_trust = Network.select(Network.id).where((Network.kind == "trust") & (Network.code == found["uid"]))
    there: Any = database.among(NetworkMember.network, of_trust) & NetworkMember.until_at.is_null()
    return frozenset(await NetworkMember.select(NetworkMember.school).where(there).output(as_list=True))


def at_trust_of(team: UUID, column: str) -> QueryString:
    """That ``column``, an id as text, is one of those schools but for the team."""
    return QueryString(
        f"{column} IN (SELECT CAST(m.school AS TEXT) FROM sharing_network_member m"  # noqa: S608 - our own columns
        " JOIN sharing_network w ON w.id = m.network AND w.kind = 'trust'"
        " JOIN sharing_school t ON t.kind = 'trust' AND t.uid = w.code"
        " WHERE t.id = {} AND m.until_at IS NULL AND m.school <> {})",
        team, team,
    )  # fmt: skip


async def holding(school: UUID, person: UUID | None = None) -> frozenset[Only]:
    """Which conditions of the table are true of the school and, where one is named, of the person."""
    there = [member for member in await members(school) if member.email]  # who lost theirs can't do anything any more
    found = set() if letters.are_sent() else {Only.NO_LETTERS}
    found.add(Only.SOMEBODY_WRITES if any(member.role.writes for member in there) else Only.NOBODY_WRITES)
    if await _is_silent(there):
        found.add(Only.SILENT)
    if not any(member.role is Role.HEAD for member in there):
        found.add(Only.NO_HEAD)
    if person is not None and not await Person.exists().where((Person.id == person) & Person.is_operator.eq(True)):
        found.add(Only.ELSEWHERE_TOO if await schools_of(person) - {school} else Only.HERE_ALONE)
    return frozenset(found)


async def _is_silent(there: Collection[Colleague]) -> bool:
    """Whether some of them may write, and none of those has signed in anywhere for 30 days."""
    writers = {member.id: member for member in there if member.role.writes}
    last = await LastSchool.select(LastSchool.person, LastSchool.signed_in_on).where(database.among(LastSchool.person, writers))
    days = {row["person"]: row["signed_in_on"] for row in last}
    since = clock.today() - SILENCE
    return bool(writers) and all((days.get(id_) or clock.day_of(member.since)) <= since for id_, member in writers.items())


async def require_may(
    act: Act, viewer: Viewer | None, school: UUID, over: Role, *, person: UUID | None = None, also: Collection[Only] = ()
) -> None:
    """Raises Forbidden with a sentence where the table says no; NotFound for whoever has nothing to do with the school.

    ``also`` are conditions that no table of ours knows, as the viewer says that they are true.
    """
    by = await standings(viewer, school)
    if not by:
        raise NotFound
    true_now = await holding(school, person) | set(also)
    if not ranks.may(act, by, over, holding=true_now):
        raise Forbidden(ranks.refusal(act, by, over, holding=true_now))


async def allowed(viewer: Viewer, acts: Collection[Act], over: Role, *, person: UUID | None = None) -> frozenset[Act]:
    """Which of the acts the table lets the viewer do at their own school, so that a page offers these and no others."""
    by, true_now = await standings(viewer, viewer.school), await holding(viewer.school, person)
    return frozenset(act for act in acts if ranks.may(act, by, over, holding=true_now))
