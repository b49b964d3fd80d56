"""What a school chooses to share, and with whom: checked, made canonical and stored once for each school.

Identical choices share an audience, so millions of opinions need few grants, and ending one choice is one small write.
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final
from uuid import UUID, uuid4

import database
from audit.canonical import canonical_json
from base import clock
from base.refusals import Invalid
from base.viewer import Role, Viewer, must_write
from sharing.access.fields import ALL, MOST_MILES, ONE_TO_ONE, WITH_SUBJECT, Fields, GrantKind
from sharing.access.memberships import NOT_SAID, Place, at_other_schools, the_place
from sharing.access.visibility import holding
from sharing.tables import Audience, AudienceGrant, NetworkMember, School

MOST_SCHOOLS: Final = 50  # by name; beyond that a network says it better
LONGEST_YEARS: Final = 20  # until an end date: the year 9999 is out of range in some time zones
MOST_GRANTS: Final = 100  # the schools, and room for people, networks and end dates

FREEDOM_OF_INFORMATION: Final = (
    "Your school may still have to release what it wrote if somebody asks for it under the Freedom of Information Act."
)
WHICH_SCHOOL: Final = (
    "We can't tell at which school one of those people is to see it. Say at which school (at_school), or choose again."
)
NOT_THERE: Final = "One of those people is not at the school that you named. Choose again."


@dataclass(frozen=True, slots=True)
class GrantChoice:
    """One line of a choice: to whom, which field groups, until when."""

    kind: GrantKind
    subject: UUID | None = None  # the id of the person, school, supplier or network
    miles: int | None = None  # of the kind near only
    fields: Fields = Fields.RATING | Fields.PRAISE
    expires_at: datetime | None = None  # the first moment at which it no longer holds
    joined_before: datetime | None = None  # of a network: only for the schools that were in it by then
    at_school: UUID | None = None  # of a person: where; None until it is stored means the only school where they work
    membership: UUID | None = None  # of a person: the one there, with which it ends; found when it is stored

    def facts(self) -> dict[str, str | int]:
        """Plain values, as the trail and the digest spell them; what is None is left out."""
        values: dict[str, str | int | None] = {
            "kind": self.kind.value,
            "subject": None if self.subject is None else str(self.subject),
            "miles": self.miles,
            "fields": int(self.fields),
            "expires_at": _spelt(self.expires_at),
            "joined_before": _spelt(self.joined_before),
            "at_school": None if self.at_school is None else str(self.at_school),
            "membership": None if self.membership is None else str(self.membership),
        }
        return {name: value for name, value in values.items() if value is not None}


TAG_LENGTH: Final = 16  # hexadecimal digits: a few choices are told apart, nothing is proved


@dataclass(frozen=True, slots=True)
class AudienceChoice:
    """Everyone to whom something is shared; no grants: private to the own school. Order and repeats don't matter."""

    grants: tuple[GrantChoice, ...] = ()

    @property
    def fields(self) -> Fields:
        """Every field group that at least one grant opens."""
        union = Fields.NONE
        for grant in self.grants:
            union |= grant.fields
        return union

    def facts(self) -> list[dict[str, str | int]]:
        """For the trail: each grant once, sorted by its canonical JSON."""
        once = {canonical_json(grant.facts()): grant.facts() for grant in self.grants}
        return [once[key] for key in sorted(once)]

    def digest(self) -> str:
        return hashlib.sha256(canonical_json(self.facts())).hexdigest()

    @property
    def tag(self) -> str:
        """Tells this choice from the others that one review or note had."""
        return self.digest()[:TAG_LENGTH]


PRIVATE: Final = AudienceChoice()


async def intern(viewer: Viewer, choice: AudienceChoice, *, keeping: UUID | None = None) -> UUID | None:
    """The id of the audience for this choice, made if it is new; None for PRIVATE. Part of the caller's unit of work.

    What it stores, read by ``choice_of``, says of each person at which school, also where ``choice`` left that open.
    Grants that the audience ``keeping`` of the viewer's school already has are not checked again and keep their head's
    confirmation, so that taking one grant back is never refused because of another. Raises Forbidden for whoever may
    not share, Invalid for what can't be shared like this.
    """
    choice = await check(viewer, choice, keeping=keeping)
    if not choice.grants:
        return None
    digest, fresh = choice.digest(), uuid4()
    # Two people of a school may choose the same at once: the second waits for the first's unique row, then finds it.
    await Audience.insert(Audience(id=fresh, owner=viewer.school, digest=digest, made_at=clock.now())).on_conflict(
        action="DO NOTHING"
    )
    query = Audience.select(Audience.id).where(Audience.owner == viewer.school, Audience.digest == digest)
    found: UUID = (await query.output(as_list=True))[0]
    if found == fresh:
        await AudienceGrant.insert(*_rows(viewer, found, choice, await _confirmations(viewer, keeping)))
    return found


async def check(viewer: Viewer, choice: AudienceChoice, *, keeping: UUID | None = None) -> AudienceChoice:
    """Checks a choice without storing it, and returns it as ``intern`` would store it. Raises as that does."""
    must_write(viewer)
    _check_size(choice)
    kept = await _confirmations(viewer, keeping)
    fresh = tuple(grant for grant in choice.grants if grant not in kept)
    for grant in fresh:
        _check_shape(viewer, grant)
    await _check(viewer, fresh)
    return AudienceChoice((*(grant for grant in choice.grants if grant in kept), *await _bound(viewer, fresh, kept)))


async def choice_of(audience: UUID | None) -> AudienceChoice:
    """The choice that an audience stores, without revoked grants; PRIVATE for None. Call it inside a unit of work."""
    if audience is None:
        return PRIVATE
    rows = await AudienceGrant.objects().where(AudienceGrant.audience == audience, AudienceGrant.revoked_at.is_null())
    return AudienceChoice(tuple(sorted(map(_line, rows), key=lambda grant: canonical_json(grant.facts()))))


async def revoke(viewer: Viewer, audience: UUID) -> None:
    """Ends all that was shared with an audience of the viewer's school, at once. Part of the caller's unit of work.

    The same choice made again gets a new audience, so nothing shared before comes back.
    """
    mine = (Audience.id == audience) & (Audience.owner == viewer.school)
    await Audience.update({Audience.digest: f"revoked {audience}"}).where(mine)
    await AudienceGrant.update({AudienceGrant.revoked_at: clock.now()}).where(
        AudienceGrant.audience == audience, AudienceGrant.owner == viewer.school, AudienceGrant.revoked_at.is_null()
    )


def fields_named(names: Iterable[str]) -> Fields:
    """The field groups with these names ("rating", "praise"). Raises Invalid for a name that can't be shared."""
    mask = Fields.NONE
    for name in names:
        if name == "price":
            raise _cannot("Prices can't be shared: sharing them between schools may break competition law.", "fields")
        found = Fields.__members__.get(name.upper(), Fields.NONE)
        if not found:
            raise _cannot("Choose what to share from the list.", "fields")
        mask |= found
    return mask


def _check_size(choice: AudienceChoice) -> None:
    named = {grant.subject for grant in choice.grants if grant.kind is GrantKind.SCHOOL}
    if len(named) > MOST_SCHOOLS or len(choice.grants) > MOST_GRANTS:
        raise _cannot(f"Choose at most {MOST_SCHOOLS} schools by name. For more, share with a network.")


async def _check(viewer: Viewer, grants: Sequence[GrantChoice]) -> None:
    await _check_schools(viewer, {grant.subject for grant in grants if grant.kind is GrantKind.SCHOOL})
    await _check_networks(viewer, {grant.subject for grant in grants if grant.kind is GrantKind.NETWORK})
    if any(grant.kind is GrantKind.NEAR for grant in grants):
        await _check_position(viewer)


def _check_shape(viewer: Viewer, grant: GrantChoice) -> None:
    if (grant.kind in WITH_SUBJECT) != (grant.subject is not None):
        raise _cannot("Choose who to share with.")
    if (grant.kind is GrantKind.NEAR) != (grant.miles is not None) or not 1 <= (
        1 if grant.miles is None else grant.miles
    ) <= MOST_MILES:
        raise _cannot(f"Choose a distance from 1 to {MOST_MILES} miles.", "miles")
    if not 0 <= grant.fields <= ALL:
        raise _cannot("Choose what to share from the list.", "fields")
    if grant.expires_at is not None and grant.expires_at <= clock.now():
        raise _cannot("Choose an end date that is still to come.", "expires_at")
    if grant.expires_at is not None and grant.expires_at.year > clock.now().year + LONGEST_YEARS:
        raise _cannot(f"Choose an end date within the next {LONGEST_YEARS} years, or none.", "expires_at")
    if grant.joined_before is not None and grant.kind is not GrantKind.NETWORK:
        raise _cannot("Only a network can be limited to the schools that are in it today.")
    if (grant.at_school or grant.membership) and grant.kind is not GrantKind.PERSON:
        raise _cannot("Only a person is named at a school.", "at_school")
    if _needs_head(grant) and viewer.role is not Role.HEAD:
        raise _cannot(
            "Criticism can go to one school or one person at a time. Only your head can share it more widely.", "fields"
        )


def _needs_head(grant: GrantChoice) -> bool:
    """Criticism for more than one school or person needs the head, whose own act is the confirmation."""
    return Fields.CRITICISM in grant.fields and grant.kind not in ONE_TO_ONE


async def _check_schools(viewer: Viewer, wanted: set[UUID | None]) -> None:
    if viewer.school in wanted:
        raise _cannot("Your own school sees it already. Choose other schools.")
    if wanted and await School.count().where(database.among(School.id, wanted), School.status == "open") != len(wanted):
        raise _cannot("One of those schools is closed, or not on the register. Choose again.")


async def _check_networks(viewer: Viewer, wanted: set[UUID | None]) -> None:
    if not wanted:
        return
    query = NetworkMember.select(NetworkMember.network).where(
        NetworkMember.school == viewer.school, holding(NetworkMember, "joined_at", clock.now())
    )
    if wanted - set(await query.output(as_list=True)):
        raise _cannot("Your school can share only with networks that it is in. Choose again.")


async def _bound(viewer: Viewer, grants: Sequence[GrantChoice], kept: Iterable[GrantChoice]) -> tuple[GrantChoice, ...]:
    """The grants, each person's bound to one membership. Raises Invalid where it can't be told which.

    Somebody of no other school and somebody of several are refused alike: where else people work is not ours to tell.
    """
    people = {grant.subject for grant in grants if grant.kind is GrantKind.PERSON}
    now = await at_other_schools(people, than=viewer.school, now=clock.now())
    earlier = [grant for grant in kept if grant.kind is GrantKind.PERSON]
    return tuple(_placed(grant, earlier, now) if grant.kind is GrantKind.PERSON else grant for grant in grants)


def _placed(grant: GrantChoice, kept: Iterable[GrantChoice], now: Mapping[UUID, Collection[Place]]) -> GrantChoice:
    earlier = {Place(one.at_school, one.membership) for one in kept if one.subject == grant.subject}
    named = Place(grant.at_school, grant.membership)
    found = the_place(named, earlier=earlier, now=now.get(grant.subject, ()) if grant.subject else ())
    if found is None:
        raise _cannot(WHICH_SCHOOL if named == NOT_SAID else NOT_THERE, "at_school")
    return replace(grant, at_school=found.school, membership=found.membership)


async def _check_position(viewer: Viewer) -> None:
    if not await School.exists().where(School.id == viewer.school, School.lat.is_not_null()):
        raise _cannot("The register has no position for your school, so no school counts as near it.", "miles")


def _cannot(sentence: str, field: str = "audience") -> Invalid:
    return Invalid(sentence, **{field: sentence})


async def _confirmations(viewer: Viewer, audience: UUID | None) -> dict[GrantChoice, UUID | None]:
    """The grants of an audience of the viewer's school, each with the head who confirmed it or None."""
    if audience is None:
        return {}
    mine = (AudienceGrant.audience == audience) & (AudienceGrant.owner == viewer.school) & AudienceGrant.revoked_at.is_null()
    return {_line(row): row.head_confirmed_by for row in await AudienceGrant.objects().where(mine)}


def _line(row: AudienceGrant) -> GrantChoice:
    return GrantChoice(
        kind=GrantKind(row.kind),
        subject=row.subject,
        miles=row.miles,
        fields=Fields(row.fields),
        expires_at=row.expires_at,
        joined_before=row.joined_before,
        at_school=row.at_school,
        membership=row.membership,
    )


def _rows(viewer: Viewer, audience: UUID, choice: AudienceChoice, kept: Mapping[GrantChoice, UUID | None]) -> list[AudienceGrant]:
    now = clock.now()
    return [
        AudienceGrant(
            id=uuid4(),
            audience=audience,
            owner=viewer.school,
            kind=grant.kind.value,
            subject=grant.subject,
            at_school=grant.at_school,
            membership=grant.membership,
            miles=grant.miles,
            fields=int(grant.fields),
            valid_from=now,
            expires_at=grant.expires_at,
            joined_before=grant.joined_before,
            head_confirmed_by=kept[grant] if grant in kept else viewer.person if _needs_head(grant) else None,
        )
        for grant in {canonical_json(grant.facts()): grant for grant in choice.grants}.values()
    ]


def _spelt(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).isoformat(timespec="microseconds") if moment else None
