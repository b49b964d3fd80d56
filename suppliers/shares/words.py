"""A choice to share in words: to whom, what they will see, until when. One sentence a line of the choice."""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

import database
from audit.canonical import canonical_json
from base import clock
from base.viewer import Viewer
from base.words import count, in_words, moment
from sharing.access.audiences import THROUGH_A_TIE, AudienceChoice, GrantChoice
from sharing.access.fields import Fields, GrantKind
from sharing.access.memberships import still_live
from sharing.access.presence import on_vouch, who_sees
from sharing.access.readers import blocked_by, near_and_open, reached
from sharing.access.visibility import holding
from sharing.tables import Network, NetworkMember, School
from suppliers.record import bylines
from suppliers.shares.there import There

NOBODY_ELSE: Final = "Nobody else outside your school will see it."
RESTS: Final = "It rests while a newer review of yours stands for the same supplier: nobody else sees it."
ONLY_US: Final = "Only your school can see this."
DIGEST_LENGTH: Final = 16  # hexadecimal digits: a few choices are told apart, nothing is proved
BLOCKED: Final = " (once your school no longer blocks it)"
_GROUPS: Final = (*THROUGH_A_TIE, GrantKind.NEAR)


@dataclass(frozen=True, slots=True)
class ShareLine:
    grant: GrantChoice
    who: str  # "Ashby cluster (11 other schools)", "Bea Birch at Elmwood Primary"
    what: str  # "the rating and what was good"
    until: str  # "3 November 2026", or "" for no end
    is_over: bool  # its end has come, or the person has left that school

    @property
    def key(self) -> str:
        """Names the line in a form."""
        return key_of(self.grant)

    @property
    def since(self) -> str:
        """The day on which it was given, "" of what is not stored yet."""
        return in_words(self.grant.since) if self.grant.since else ""

    @property
    def sentence(self) -> str:
        ending = f" until {self.until}" if self.until else ""
        return f"{self.who} can see {self.what}{ending}."


def key_of(grant: GrantChoice) -> str:
    return hashlib.sha256(canonical_json(grant.facts())).hexdigest()[:16]


async def lines(viewer: Viewer, choice: AudienceChoice, there: There) -> tuple[ShareLine, ...]:
    """A choice in words, a line a grant, naming what is ``there`` to see. Call it inside a unit of work."""
    called = await names(choice.grants)
    now = clock.now()
    members = await still_live((grant.membership for grant in choice.grants), now)
    blocked = await blocked_by(viewer.school) if any(map(_school_of, choice.grants)) else frozenset[UUID]()
    groups = {grant: await _group_in_words(viewer, grant) for grant in choice.grants if grant.kind in _GROUPS}
    return tuple(
        ShareLine(
            grant=grant,
            who=(groups.get(grant) or _who(grant, called)) + (BLOCKED if _school_of(grant) in blocked else ""),
            what=there.words(grant.fields),
            # An end is kept as the first moment after it: midnight at the end of the last day.
            until=in_words(grant.expires_at - timedelta(microseconds=1)) if grant.expires_at else "",
            is_over=(grant.expires_at is not None and grant.expires_at <= now)
            or (grant.kind is GrantKind.PERSON and grant.membership not in members),
        )
        for grant in choice.grants
    )


def sentence(found: Iterable[ShareLine]) -> str:
    """Who will see what, and that nobody else will."""
    said = [line.sentence for line in found if not line.is_over]
    return " ".join([*said, NOBODY_ELSE]) if said else ONLY_US


def digest(old: AudienceChoice, version: int, found: Iterable[ShareLine]) -> str:
    """Of a choice as it is shown before it is saved in place of ``old``, for what says what it says in this ``version``: whatever
    is told otherwise then has another.
    """
    told = [old.tag, str(version), *sorted(line.sentence for line in found)]
    return hashlib.sha256(canonical_json(told)).hexdigest()[:DIGEST_LENGTH]


def by_fields(found: Iterable[ShareLine], chosen: Collection[GrantChoice]) -> dict[Fields, list[str]]:
    """The sentences of the lines that were ``chosen``, by what they open: those alike see the same."""
    told: dict[Fields, list[str]] = {}
    for line in found:
        if line.grant in chosen:
            told.setdefault(line.grant.fields, []).append(line.sentence)
    return told


def about(found: Iterable[ShareLine], there: There) -> tuple[ShareLine, ...]:
    """The same lines of something else that is shared alike."""
    return tuple(replace(line, what=there.words(line.grant.fields)) for line in found)


def _came_back(schools: int) -> str:
    if not schools:
        return ""
    return f", but for {count(schools, 'school')} that left and came back since it was shared,"


def _school_of(grant: GrantChoice) -> UUID | None:
    """The one school that the line is for, or where its person is."""
    return grant.at_school if grant.kind is GrantKind.PERSON else grant.subject


def _who(grant: GrantChoice, names: Mapping[UUID, str]) -> str:
    match grant.kind:
        case GrantKind.EVERYONE:
            return "Every school on Vouch"
        case GrantKind.SUPPLIER:
            return "The supplier"
        case _:
            return names.get(grant.membership or grant.subject, "") if grant.subject else ""


async def names(grants: Iterable[GrantChoice]) -> dict[UUID, str]:
    """Of the schools and people that are named, by the id of the school, or of the person's membership. Inside a unit."""
    subjects: dict[GrantKind, list[UUID]] = {}
    for grant in grants:
        if grant.subject:
            subjects.setdefault(grant.kind, []).append(grant.subject)
    found: dict[UUID, str] = {}
    if schools := subjects.get(GrantKind.SCHOOL):
        rows = await School.select(School.id, School.name, School.town).where(database.among(School.id, schools))
        using = await on_vouch(schools)
        later = {row["id"]: "" if row["id"] in using else f" ({who_sees(0, 1)})" for row in rows}
        found |= {row["id"]: f"{row['name']}, {row['town']}{later[row['id']]}" for row in rows}
    if people := subjects.get(GrantKind.PERSON):
        found |= await _people_in_words(people, [grant for grant in grants if grant.kind is GrantKind.PERSON])
    return found


async def _people_in_words(people: list[UUID], grants: Iterable[GrantChoice]) -> dict[UUID, str]:
    """By the membership: "Bea Birch at Elmwood Primary". By the person, in a grant that says no school: "Bea Birch"."""
    names = await bylines.names(people)
    at = [grant.at_school for grant in grants if grant.at_school]
    rows = await School.select(School.id, School.name).where(database.among(School.id, at))
    schools = {row["id"]: row["name"] for row in rows}
    told = {
        g.membership: f"{names[g.subject]} at {schools[g.at_school]}"
        for g in grants
        if g.subject and g.at_school and g.membership
    }
    return names | told


async def _group_in_words(viewer: Viewer, grant: GrantChoice) -> str:
    if grant.kind is GrantKind.NETWORK:
        return await _network_in_words(viewer, grant)
    if grant.kind is GrantKind.NEAR:
        miles = grant.miles or 0
        return f"Schools within {count(miles, 'mile')} of yours ({await _counted(await near_and_open(viewer.school, miles))})"
    _, came_back = await reached(viewer.school, grant)
    return f"The schools connected to yours{_came_back(len(came_back))}"


async def _network_in_words(viewer: Viewer, grant: GrantChoice) -> str:
    """Both ends are tested at each read, so a network that our school has left sees nothing."""
    network = grant.subject
    found: dict[str, Any] | None = await Network.select(Network.name, Network.kind).where(Network.id == network).first()
    if found is None:
        return ""
    name = found["name"]
    is_ours = (NetworkMember.network == network) & (NetworkMember.school == viewer.school)
    if not await NetworkMember.exists().where(is_ours, holding(NetworkMember)):
        return f"Nobody in {name}, which your school has left,"
    reads, came_back = await reached(viewer.school, grant)
    if came_back and not reads:
        return f"Nobody in {name}, since it was shared before your school or they left and came back,"
    council = ", not the council" if found["kind"] == "local_authority" else ""
    since = f"Only schools that have been in {name} since {moment(grant.joined_before)}" if grant.joined_before else name
    return f"{since} ({await _counted(reads, council)}){_came_back(len(came_back))}"


async def _counted(schools: Collection[UUID], council: str = "") -> str:
    """As "229 other schools, not the council: 1 uses Vouch now, the others see it when they join"."""
    later = who_sees(len(await on_vouch(schools)), len(schools))
    return f"{count(len(schools), 'other school')}{council}{': ' if later else ''}{later}"
