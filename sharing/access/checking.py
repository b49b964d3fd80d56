"""Whether a choice may be shared as it is, and at which school each of its people is meant. Refuses in sentences."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final
from uuid import UUID

import database
from base import clock
from base.refusals import Invalid
from base.viewer import Viewer
from sharing.access.choices import AudienceChoice, GrantChoice
from sharing.access.fields import ALL, MOST_MILES, ONE_TO_ONE, WITH_SUBJECT, Fields, GrantKind
from sharing.access.memberships import NOT_SAID, Place, at_other_schools, the_place
from sharing.access.visibility import holding
from sharing.tables import NetworkMember, School

MOST_SCHOOLS: Final = 50  # by name; beyond that a network says it better
LONGEST_YEARS: Final = 20  # until an end date: the year 9999 is out of range in some time zones
MOST_GRANTS: Final = 100  # the schools, and room for people, networks and end dates

WHICH_SCHOOL: Final = (
    "We can't tell at which school one of those people is to see it. Say at which school (at_school), or choose again."
)
NOT_THERE: Final = "One of those people is not at the school that you named. Choose again."


def check_size(choice: AudienceChoice) -> None:
    named = {grant.subject for grant in choice.grants if grant.kind is GrantKind.SCHOOL}
    if len(named) > MOST_SCHOOLS or len(choice.grants) > MOST_GRANTS:
        raise cannot(f"Choose at most {MOST_SCHOOLS} schools by name. For more, share with a network.")


async def check_subjects(viewer: Viewer, grants: Sequence[GrantChoice]) -> None:
    await _check_schools(viewer, {grant.subject for grant in grants if grant.kind is GrantKind.SCHOOL})
    await _check_networks(viewer, {grant.subject for grant in grants if grant.kind is GrantKind.NETWORK})
    if any(grant.kind is GrantKind.NEAR for grant in grants):
        await _check_position(viewer)


def check_shape(grant: GrantChoice, *, confirms: bool, groups: Fields = ALL) -> None:
    """``groups``: what can be shared of the thing that is shared."""
    if (grant.kind in WITH_SUBJECT) != (grant.subject is not None):
        raise cannot("Choose who to share with.")
    has_miles = grant.miles is not None and 1 <= grant.miles <= MOST_MILES
    if not (has_miles if grant.kind is GrantKind.NEAR else grant.miles is None):
        raise cannot(f"Choose a distance from 1 to {MOST_MILES} miles.", "miles")
    if int(grant.fields) & ~int(groups):
        raise cannot("Choose what to share from the list.", "fields")
    if grant.expires_at is not None and grant.expires_at <= clock.now():
        raise cannot("Choose an end date that is still to come.", "expires_at")
    if grant.expires_at is not None and grant.expires_at.year > clock.now().year + LONGEST_YEARS:
        raise cannot(f"Choose an end date within the next {LONGEST_YEARS} years, or none.", "expires_at")
    if grant.joined_before is not None and grant.kind is not GrantKind.NETWORK:
        raise cannot("Only a network can be limited to the schools that are in it today.", "joined_before")
    if grant.joined_before is not None and grant.joined_before > clock.now():
        raise cannot("A network can be limited to the schools that are in it by now, not by a day to come.", "joined_before")
    if (grant.at_school or grant.membership) and grant.kind is not GrantKind.PERSON:
        raise cannot("Only a person is named at a school.", "at_school")
    if needs_head(grant) and not confirms:
        raise cannot("Criticism can go to one school or one person at a time. Only your head can share it more widely.", "fields")


def needs_head(grant: GrantChoice) -> bool:
    """Criticism for more than one school or person needs the head, whose own act is the confirmation."""
    return Fields.CRITICISM in grant.fields and grant.kind not in ONE_TO_ONE


async def _check_schools(viewer: Viewer, wanted: set[UUID | None]) -> None:
    if viewer.school in wanted:
        raise cannot("Your own school sees it already. Choose other schools.")
    if wanted and await School.count().where(database.among(School.id, wanted), School.status == "open") != len(wanted):
        raise cannot("One of those schools is closed, or not on the register. Choose again.")


async def _check_networks(viewer: Viewer, wanted: set[UUID | None]) -> None:
    if not wanted:
        return
    query = NetworkMember.select(NetworkMember.network).where(NetworkMember.school == viewer.school, holding(NetworkMember))
    if wanted - set(await query.output(as_list=True)):
        raise cannot("Your school can share only with networks that it is in. Choose again.")


async def bound(viewer: Viewer, grants: Sequence[GrantChoice], kept: Iterable[GrantChoice]) -> tuple[GrantChoice, ...]:
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
        raise cannot(WHICH_SCHOOL if named == NOT_SAID else NOT_THERE, "at_school")
    return replace(grant, at_school=found.school, membership=found.membership)


async def _check_position(viewer: Viewer) -> None:
    if not await School.exists().where(School.id == viewer.school, School.lat.is_not_null()):
        raise cannot("The register has no position for your school, so no school counts as near it.", "miles")


def cannot(sentence: str, field: str = "audience") -> Invalid:
    return Invalid(sentence, **{field: sentence})
