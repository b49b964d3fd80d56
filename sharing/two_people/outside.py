"""The second person where a school has none of its own: its trust's head, its chair or data protection officer, the operator.

The chair and the data protection officer need no account. What they decide reaches them as a one-time link in a mail to the
school's published address: see ``published.py``.
"""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID, uuid4

import audit
from audit.log.subjects import OUR_SCHOOL, Subject
from base import clock, mail, settings
from base.refusals import Conflict, Forbidden, NotFound
from base.viewer import Role, Viewer, must_write
from sharing.events import Event
from sharing.members import ranks
from sharing.members.members import lock, members, schools_of_trust, standings
from sharing.members.ranks import Act, By, Only
from sharing.sign_in.one_time_links import DeadLink
from sharing.sign_in.sessions import digest_of
from sharing.tables import School
from sharing.two_people import published
from sharing.two_people.tables import OutsideLink

NO_CHAIR: Final = (
    "No published address of your school counts for this. Whoever runs this installation sets one, on the page of the school; it "
    "counts after five weekdays, and never for an act of whoever set it. Somebody else from outside decides meanwhile."
)
LASTS: Final = timedelta(days=7)  # a chair of governors does not look every day


@dataclass(frozen=True, slots=True)
class Matter:
    """What somebody from outside is to decide."""

    act: str  # "two_people" or "erasure"
    subject: UUID  # the row
    to_do: str  # ends the sentence "Ann Archer asks you to …", and names nobody
    hands: tuple[UUID, ...]  # whose act it is, so that the address counts only if none of them set it


async def standing(viewer: Viewer, school: UUID) -> By | None:
    """As what the viewer decides for ``school`` from outside: as its trust's head, else as the operator. None for anybody else,
    and for whoever belongs to the school. Inside the caller's unit.
    """
    if viewer.person in {member.id for member in await members(school)}:
        return None
    by = await standings(viewer, school)
    return next((one for one in (By.TRUST_HEAD, By.OPERATOR) if one in by), None)


async def require_may(act: Act, viewer: Viewer, school: UUID, *, holding: Collection[Only] = ()) -> By:
    """Returns as what the viewer decides. Raises NotFound for whoever has nothing to decide there; Forbidden where the table
    says no. Inside the caller's unit.
    """
    by = await standing(viewer, school)
    if by is None:
        raise NotFound
    if not ranks.may(act, {by}, Role.HEAD, holding=holding):
        raise Forbidden(ranks.refusal(act, {by}, Role.HEAD, holding=holding))
    return by


async def decides_for_some(viewer: Viewer) -> bool:
    """Whether there are schools for which the viewer decides from outside. Inside the caller's unit."""
    is_of_trust = viewer.role is Role.HEAD and bool(await schools_of_trust(viewer.school) - {viewer.school})
    return viewer.is_operator or is_of_trust


async def has_nearer(school: UUID, asked_by: UUID) -> bool:
    """Whether the school has somebody nearer than the operator for an act of ``asked_by``: a head of its trust, or a published
    address. Inside the caller's unit.
    """
    if await published.chair_of(school, asked_by):
        return True
    rows = await School.raw(
        """SELECT m.id FROM sharing_network_member n JOIN sharing_network w ON w.id = n.network AND w.kind = 'trust'
        JOIN sharing_school t ON t.kind = 'trust' AND t.uid = w.code
        JOIN sharing_membership m ON m.school = t.id AND m.role = {} AND m.valid_until IS NULL
        WHERE n.school = {} AND n.until_at IS NULL AND t.id <> {} LIMIT 1""",
        Role.HEAD.value, school, school,
    )  # fmt: skip
    return bool(rows)


async def write(viewer: Viewer, what: Matter) -> str:
    """Mails a link about ``what`` to the published address of the viewer's school, which is returned; an earlier link about it
    stops working. Raises Forbidden, Conflict.
    """
    must_write(viewer)
    token = secrets.token_hex(32)
    async with audit.recording(viewer) as record:
        school = await lock(viewer.school)
        address = await published.chair_of(school.id, *what.hands)
        if not address:
            raise Conflict(NO_CHAIR)
        if await published.is_of_a_member(school.id, address):
            raise Conflict(published.NOT_FROM_OUTSIDE)
        await OutsideLink.delete().where(OutsideLink.used_at.is_null() & (OutsideLink.subject == what.subject))
        link = OutsideLink(
            id=uuid4(), token_hash=digest_of(token), act=what.act, subject=what.subject, school=school.id, made_by=viewer.person,
            made_at=clock.now(), expires_at=clock.now() + LASTS,
        )  # fmt: skip
        await link.save()
        record(Event.OUTSIDE_LINK_MADE, stream=OUR_SCHOOL, subject=Subject.LINK.of(link.id), facts={"act": what.act})
    await mail.send(address, f"A decision for {school.name}", _letter(school, viewer, what, token))
    return address


async def live(token: str, act: str) -> OutsideLink:
    """The live link of this token. Inside the caller's unit. Raises DeadLink, as of one by a clock that was ahead by a week."""
    now = clock.now()
    in_time = (OutsideLink.expires_at > now) & (OutsideLink.expires_at <= now + 2 * LASTS)
    is_live = OutsideLink.used_at.is_null() & in_time & (OutsideLink.act == act)
    row: OutsideLink | None = await OutsideLink.objects().where(is_live & (OutsideLink.token_hash == digest_of(token))).first()
    if row is None:
        raise DeadLink
    return row


async def use(token: str, act: str) -> OutsideLink:
    """Marks it as used, inside the caller's unit of work; of two at once only one succeeds. Raises DeadLink."""
    link = await live(token, act)
    used = OutsideLink.update({OutsideLink.used_at: clock.now()}).where(
        OutsideLink.used_at.is_null() & (OutsideLink.id == link.id)
    )
    if not await used.returning(OutsideLink.id):
        raise DeadLink
    return link


def _letter(school: School, viewer: Viewer, what: Matter, token: str) -> str:
    link = f"{settings.current().origin}/outside/{what.act.replace('_', '-')}/{token}"
    return (
        f"To the chair of governors or the data protection officer of {school.name}\n\n"
        f"{viewer.name} asks you to {what.to_do}. Vouch asks somebody from outside the school where one person could otherwise\n"
        f"decide alone. The page says what it is about; you need no account.\n\n{link}\n\n"
        "The link works once, and for seven days. If you did not expect this, ring the school at its published number.\n"
    )
