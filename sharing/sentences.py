"""A choice in one sentence: who will see what. Shown before anything is shared, and beside what is."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from sharing.access import holding
from sharing.audiences import Choice, GrantChoice
from sharing.fields import WORDS, Fields, Kind
from sharing.networks import on_screen, size
from sharing.readers import schools_within
from sharing.tables import Connection, Membership, Network, Person, School
from web import clock
from web.templating import count, in_words
from web.viewer import Viewer

ONLY_US: Final = "Only your school will see it."
NOT_CRITICISM: Final = "Criticism stays with you."
USE_ONLY: Final = "that your school uses this supplier, and nothing more"


async def sentence(viewer: Viewer, choice: Choice) -> str:
    """Such as "12 other schools in Ashby cluster will see the rating and what was good. Criticism stays with you."

    Numbers are of now. Call it inside a unit of work.
    """
    if not choice.grants:
        return ONLY_US
    parts = [f"{await _everyone_of(viewer, grants)} will see {what}{when}." for (what, when), grants in _alike(choice).items()]
    if Fields.CRITICISM not in choice.fields:
        parts.append(NOT_CRITICISM)
    return " ".join(part[0].upper() + part[1:] for part in parts)


def words_of(fields: Fields) -> str:
    """Such as "the rating, what was good and dates"."""
    return _listed([WORDS[field] for field in fields]) or USE_ONLY


def _alike(choice: Choice) -> dict[tuple[str, str], list[GrantChoice]]:
    """Grants that open the same until the same day share a sentence."""
    groups: dict[tuple[str, str], list[GrantChoice]] = {}
    for grant in choice.grants:
        when = f" until {in_words(grant.expires_at)}" if grant.expires_at else ""
        groups.setdefault((words_of(grant.fields), when), []).append(grant)
    return groups


async def _everyone_of(viewer: Viewer, grants: Sequence[GrantChoice]) -> str:
    return _listed(list(dict.fromkeys([await who(viewer, grant) for grant in grants])))


async def who(viewer: Viewer, grant: GrantChoice) -> str:
    """Whom one grant reaches, such as "Ann Archer at Elm Primary". Call it inside a unit of work."""
    match grant.kind:
        case Kind.SCHOOL:
            return await _school(grant.subject)
        case Kind.PERSON:
            return await _person(grant.subject)
        case Kind.NETWORK:
            return await _network(grant)
        case Kind.CONNECTED | Kind.NEAR:
            return await _counted(viewer, grant)
        case _:
            return "every school on Vouch" if grant.kind is Kind.EVERYONE else "the supplier"


async def _counted(viewer: Viewer, grant: GrantChoice) -> str:
    if grant.kind is Kind.NEAR:
        near = set(await schools_within(viewer.school, grant.miles or 0)) - {viewer.school}
        return f"{count(len(near), 'school')} within {count(grant.miles or 0, 'mile')} of yours"
    holds = holding(Connection, "since_at", clock.now())
    return f"the {count(await Connection.count().where(Connection.school == viewer.school, holds), 'school')} connected to yours"


async def _network(grant: GrantChoice) -> str:
    found = await Network.objects().where(Network.id == grant.subject).first()
    if found is None or grant.subject is None:
        return "a network that has ended"
    others = max(0, await size(grant.subject) - 1)
    return (
        f"{count(others, 'other school')} in {on_screen(found.kind, found.name).removeprefix('Schools in ')}{_only_then(grant)}"
    )


def _only_then(grant: GrantChoice) -> str:
    return f", if in it by {in_words(grant.joined_before)}," if grant.joined_before else ""


async def _school(school: UUID | None) -> str:
    found = await School.objects().where(School.id == school).first()
    return found.name if found else "a school that is gone"


async def _person(person: UUID | None) -> str:
    found = await Person.objects().where(Person.id == person).first()
    if found is None:
        return "somebody who has left"
    now = clock.now()
    of = Membership.select(Membership.school).where(
        Membership.person == person,
        Membership.valid_from <= now,
        (Membership.valid_until.is_null()) | (Membership.valid_until > now),
    )
    names = [await _school(row["school"]) for row in await of]
    return f"{found.name} at {_listed(sorted(names))}" if names else f"{found.name}, who has left"


def _listed(words: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1]))) if words else ""
