"""Whether two accounts are two people: the one question that every act of two people asks.

They are where each belongs to the school and may write there, has belonged to it without a break for VOUCH_ESTABLISHED_DAYS,
and has a proved address of their own. Where one of them may have made the other up, somebody from outside has to have
confirmed that they are two: see ``two_people.py``. Everything here is inside the caller's unit of work.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

import database
from base import clock, settings
from base.refusals import Forbidden
from base.words import in_words
from sharing.members.members import Colleague, members
from sharing.tables import Membership, Person
from sharing.two_people.tables import TwoPeople, WayIn

TO_THIS_DAY: Final = datetime.max.replace(tzinfo=UTC)
ONE_IS_NOT_TWO: Final = (
    "This takes two people, and one person is not two: another business manager or head has to do this part, or somebody from "
    "outside the school where none of them counts as the second."
)


@dataclass(frozen=True, slots=True)
class _GivenWayIn:
    person: UUID
    given_by: UUID
    given_at: datetime


@dataclass(frozen=True, slots=True)
class _Confirmed:
    pair: frozenset[UUID]
    at: datetime


async def require_two(first: UUID, second: UUID, school: UUID) -> None:
    """Raises Forbidden, with what is missing and who can help, unless they count as two people of ``school``."""
    why = await why_not_two(first, second, school)
    if why:
        raise Forbidden(why)


async def why_not_two(first: UUID, second: UUID, school: UUID) -> str:
    """What is missing for the two to count as two people of ``school``, and who can help; "" where nothing is."""
    if first == second:
        return ONE_IS_NOT_TWO
    there = {member.id: member for member in await members(school)}
    for person in (first, second):
        why = await _why_not_established(there.get(person))
        if why:
            return why
    return await why_maybe_one(first, second, school)


async def why_maybe_one(first: UUID, second: UUID, *schools: UUID) -> str:
    """Why one and the same human may be behind both accounts, as far as these schools know; "" where nothing says so.

    Unlike ``why_not_two`` it asks for no membership, no time and no proof, so it is also for people of two schools.
    """
    if first == second:
        return ONE_IS_NOT_TWO
    rows = await Person.select(Person.id, Person.name, Person.email).where(database.among(Person.id, [first, second]))
    names = " and ".join(sorted(row["name"] for row in rows))
    if len({mailbox(row["email"]) for row in rows}) < len(rows):
        return f"{names} have one mailbox between them, so they don't count as two people. Each needs an address of their own."
    for school in schools:
        if await _maybe_made_up(first, second, school):
            return (
                f"Nobody from outside the school has confirmed yet that {names} are two people, which is asked once where one of "
                "them let the other in, straight or through others, or one colleague let both in. Whoever runs this "
                "installation, the head of your trust or your chair confirms it: ask for it under People."
            )
    return ""


async def seconds(person: UUID, school: UUID, *, besides: Collection[UUID | None] = ()) -> tuple[Colleague, ...]:
    """The people of ``school`` who count as two with ``person``, in alphabetical order, without those of ``besides``."""
    there = await members(school)
    if await _why_not_established(next((one for one in there if one.id == person), None)):
        return ()
    others = [one for one in there if one.role.writes and one.id != person and one.id not in besides]
    established = [one for one in others if not await _why_not_established(one)]
    return tuple([one for one in established if not await why_maybe_one(person, one.id, school)])


async def any_two(school: UUID) -> tuple[Colleague, ...]:
    """Two people of ``school`` who count as two, the first that are found; () where it has none."""
    there = [one for one in await members(school) if one.role.writes and not await _why_not_established(one)]
    for n, one in enumerate(there):
        for other in there[n + 1 :]:
            if not await why_maybe_one(one.id, other.id, school):
                return one, other
    return ()


async def needs_confirmation(first: UUID, second: UUID, school: UUID) -> bool:
    """Whether somebody from outside has to confirm that they are two, once, for them to count as two people of ``school``."""
    return first != second and await _maybe_made_up(first, second, school)


async def note_way_in(person: UUID, *, given_by: UUID | None, school: UUID | None) -> None:
    """Keeps who let ``person`` in: to ``school``, or (None) by a new password. The caller's unit of work records it."""
    if person != given_by:
        await WayIn(id=uuid4(), person=person, school=school, given_by=given_by, given_at=clock.now()).save()


async def why_not_proved(person: UUID) -> str:
    """Why the person's address is not known to be theirs, and what helps; "" where it is."""
    row = await Person.select(Person.name, Person.address_proved_at).where(Person.id == person).first()
    if row is not None and row["address_proved_at"] is not None:
        return ""
    return (
        f"The e-mail address of {row['name'] if row else 'somebody'} is not proved, so they don't count as one of two yet. They "
        "prove it with a link that is mailed to them, or a head who knows them confirms it under People."
    )


async def _why_not_established(member: Colleague | None) -> str:
    if member is None:
        return "Both have to belong to the school, and one of them doesn't."
    if not member.role.writes:
        return f"{member.name} may not write, so they don't count as one of two. Another business manager or head does."
    if member.closes_at is not None:
        return f"{member.name}'s password came from whoever runs this installation. They count once a head of the school kept it."
    if why := await why_not_proved(member.id):
        return why
    since = member.since + timedelta(days=settings.current().established_days)
    if since > clock.now():
        return (
            f"{member.name} has belonged to the school only since {_day(member.since)}, and counts as one of two from "
            f"{_day(since)}. Until then another colleague does, or somebody from outside the school."
        )
    return ""


async def _maybe_made_up(first: UUID, second: UUID, school: UUID) -> bool:
    """Whether ways in join the two, or one proved the other's address, and nobody has confirmed since that they are two."""
    given, confirmed = await _ways_in(school), await _confirmations(school)
    one_way = (Person.id == first) & (Person.address_proved_by == second)
    other_way = (Person.id == second) & (Person.address_proved_by == first)
    is_joined = second in _joined_to(first, given) or await Person.exists().where(one_way | other_way)
    return is_joined and not _is_confirmed(first, second, TO_THIS_DAY, given, confirmed)


async def _ways_in(school: UUID) -> tuple[_GivenWayIn, ...]:
    """From one who belongs to the school, or did, to another. Whoever lets somebody in from outside joins nobody."""
    rows: list[dict[str, UUID | datetime | None]] = await WayIn.raw(
        "SELECT person, given_by, given_at, school FROM sharing_way_in WHERE school = {} OR school IS NULL ORDER BY given_at",
        school,
    )
    belonged = await Membership.select(Membership.person).where(Membership.school == school).output(as_list=True)
    inside = {*belonged, *(row["person"] for row in rows if row["school"] is not None)}
    return tuple(
        _GivenWayIn(row["person"], row["given_by"], row["given_at"])  # type: ignore[arg-type]  # as the table has them
        for row in rows
        if row["person"] in inside and row["given_by"] in inside
    )


async def _confirmations(school: UUID) -> tuple[_Confirmed, ...]:
    rows = await TwoPeople.select().where((TwoPeople.school == school) & TwoPeople.confirmed_at.is_not_null())
    return tuple(_Confirmed(frozenset({row["person"], row["other"]}), row["confirmed_at"]) for row in rows)


def _joined_to(person: UUID, given: Sequence[_GivenWayIn]) -> set[UUID]:
    """Everybody whom a chain of ways in, in either direction, leads to: A let B in and B let C in; or A let B and C in."""
    found, growing = {person}, True
    while growing:
        more = {one for way in given for one in (way.person, way.given_by) if {way.person, way.given_by} & found}
        growing = not more <= found
        found |= more
    return found


def _is_confirmed(
    first: UUID, second: UUID, before: datetime, given: Sequence[_GivenWayIn], confirmed: Sequence[_Confirmed]
) -> bool:
    """Whether the two were known as two people before an instant. A later way in given to one of them ends that, for it may
    have been opened by the other: unless whoever gave it was known as somebody else.
    """
    pair = frozenset({first, second})
    known = [one.at for one in confirmed if one.pair == pair and one.at < before]
    if not known:
        return False
    later = [way for way in given if way.person in pair and max(known) < way.given_at < before]
    return all(
        way.given_by not in pair and _is_confirmed(way.given_by, next(iter(pair - {way.person})), way.given_at, given, confirmed)
        for way in later
    )


def mailbox(email: str) -> str:
    """Without what stands behind a plus, which leads to the same mailbox (RFC 5233)."""
    local, _, domain = email.rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"


def _day(moment: datetime) -> str:
    return in_words(moment.astimezone(clock.LONDON).date())
