"""What the operator opened at a school by breaking the glass, as its people see it: a head keeps it, or somebody ends it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import audit
import database
from audit.log.subjects import OUR_SCHOOL, Subject
from base import clock
from base.refusals import Conflict, Forbidden, NotFound
from base.viewer import Role, Viewer, must_write
from sharing.events import Event
from sharing.members import ranks
from sharing.members.members import lock, require_may, standings
from sharing.members.ranks import Act
from sharing.members.tables import BreakGlass
from sharing.operator.break_glass import INVITATION
from sharing.sign_in import one_time_links, sessions
from sharing.tables import Membership, OneTimeLink
from sharing.two_people import established

SHOWN_FOR: Final = timedelta(days=30)  # on the home page: over the longest holidays but summer's, and the letter says it too
MOST_SHOWN: Final = 100  # the newest: the trail has them all


@dataclass(frozen=True, slots=True)
class Opening:
    """Something that the operator opened. ``name`` is empty until an invitation is taken up; ``kept`` None is undecided."""

    id: UUID
    kind: str
    person: UUID | None
    name: str
    email: str
    role: Role
    reason: str
    made_at: datetime
    begun_at: datetime | None
    ends_at: datetime | None
    kept: bool | None
    decided_at: datetime | None
    decided_by: str

    @property
    def who(self) -> str:
        return self.name or self.email or "Somebody whose name was erased"

    @property
    def is_invitation(self) -> bool:
        return self.kind == INVITATION

    @property
    def is_waiting(self) -> bool:
        """Nobody has used the link yet, and it still works."""
        return self.begun_at is None and self.decided_at is None and clock.now() < self.made_at + one_time_links.LASTS

    @property
    def is_open(self) -> bool:
        return self.ends_at is not None and self.decided_at is None and clock.now() < self.ends_at

    @property
    def can_be_kept(self) -> bool:
        """A reset also after its time: the person still belongs to the school."""
        return self.is_open or (not self.is_invitation and self.begun_at is not None and self.decided_at is None)


async def at_school(viewer: Viewer) -> tuple[Opening, ...]:
    """Everything that the operator opened at the viewer's school, the newest first. Raises Forbidden."""
    must_write(viewer)
    async with database.read():
        return await _openings(viewer.school)


async def recently(viewer: Viewer) -> tuple[Opening, ...]:
    """That of the last 30 days, for the home page. Raises Forbidden."""
    since = clock.now() - SHOWN_FOR
    return tuple(one for one in await at_school(viewer) if one.made_at > since)


async def may_decide(viewer: Viewer) -> Mapping[str, frozenset[Role]]:
    """About whom the viewer may decide: the roles by ``KEEP`` and by ``CUT_SHORT``, so that a page offers these."""
    async with database.read():
        by = await standings(viewer, viewer.school)
    return {act.name: frozenset(role for role in Role if ranks.may(act, by, role)) for act in (Act.KEEP, Act.CUT_SHORT)}


async def keep(viewer: Viewer, opening: UUID) -> Opening:
    """Makes it last: the membership, or the password. Raises Forbidden, NotFound, Conflict."""
    async with audit.recording(viewer) as record:
        found = await _one(viewer, opening)
        await require_may(Act.KEEP, viewer, viewer.school, found.role)
        if found.person == viewer.person:
            raise Forbidden("Nobody keeps themselves. Ask another head of your school.")
        if not found.can_be_kept:
            raise Conflict("It has ended, or was decided, or nobody has used the link yet. To let the person in, invite them.")
        here = (Membership.school == viewer.school) & (Membership.person == found.person)
        if found.is_invitation:
            await Membership.update({Membership.valid_until: None}).where(here & (Membership.valid_until == found.ends_at))
        else:
            await Membership.update({Membership.closes_at: None}).where(here)
        if found.person:  # as if the head had let them in: the two don't count as two people by themselves
            in_to = viewer.school if found.is_invitation else None
            await established.note_way_in(found.person, given_by=viewer.person, school=in_to)
        await _decide(found, viewer, kept=True)
        _record(record, Event.BREAK_GLASS_KEPT, found)
    return found


async def cut_short(viewer: Viewer, opening: UUID) -> Opening:
    """Ends it at once, sessions and all; an unused link stops working. Raises Forbidden, NotFound, Conflict."""
    async with audit.recording(viewer) as record:
        found = await _one(viewer, opening)
        await require_may(Act.CUT_SHORT, viewer, viewer.school, found.role)
        if not (found.is_open or found.is_waiting):
            raise Conflict("It has ended already, or was decided.")
        now, row = clock.now(), await BreakGlass.select(BreakGlass.link).where(BreakGlass.id == opening).first()
        await one_time_links.drop(OneTimeLink.id == (row or {})["link"])
        here = (Membership.school == viewer.school) & (Membership.person == found.person)
        if found.is_invitation and found.person:
            await Membership.update({Membership.valid_until: now}).where(here & (Membership.valid_until == found.ends_at))
        elif found.begun_at:
            await Membership.update({Membership.closes_at: now}).where(here & Membership.closes_at.is_not_null())
        if found.person:
            await sessions.end_at(viewer.school, found.person)
        await _decide(found, viewer, kept=False)
        _record(record, Event.BREAK_GLASS_ENDED, found)
    return found


async def _one(viewer: Viewer, opening: UUID) -> Opening:
    await lock(viewer.school)
    found = next((one for one in await _openings(viewer.school, opening)), None)
    if found is None:
        raise NotFound
    return found


async def _decide(opening: Opening, viewer: Viewer, *, kept: bool) -> None:
    values: dict[Any, Any] = {BreakGlass.decided_by: viewer.person, BreakGlass.decided_at: clock.now(), BreakGlass.kept: kept}
    await BreakGlass.update(values).where(BreakGlass.id == opening.id)


def _record(record: audit.Record, event: Event, opening: Opening) -> None:
    personal = {"name": opening.name} if opening.name else {"email": opening.email}
    subject = Subject.PERSON.of(opening.person) if opening.person else Subject.LINK.of(opening.id)
    facts = {"what": opening.kind, "role": opening.role.value}
    record(event, stream=OUR_SCHOOL, subject=subject, facts=facts, personal=personal, about=opening.person or opening.id)


async def _openings(school: UUID, opening: UUID | None = None) -> tuple[Opening, ...]:
    only = "AND b.id = {}" if opening else ""
    rows: list[dict[str, Any]] = await BreakGlass.raw(
        f"""SELECT b.id AS id, b.kind AS kind, b.person AS person, COALESCE(p.name, '') AS name, b.email AS email, b.role AS role,
            b.reason AS reason, b.made_at AS made_at, b.begun_at AS begun_at, b.ends_at AS ends_at, b.kept AS kept,
            b.decided_at AS decided_at, COALESCE(d.name, '') AS decided_by
        FROM sharing_break_glass b LEFT JOIN sharing_person p ON p.id = b.person LEFT JOIN sharing_person d ON d.id = b.decided_by
        WHERE b.school = {{}} {only} ORDER BY b.made_at DESC, b.id LIMIT {MOST_SHOWN}""",  # noqa: S608 - our own text
        school, *([opening] if opening else []),
    )  # fmt: skip
    return tuple(
        Opening(**row | {"role": Role(row["role"]), "kept": None if row["kept"] is None else bool(row["kept"])}) for row in rows
    )
