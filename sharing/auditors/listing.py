"""Whom a school let in to its trail, or was let in by its trust: live, waiting and past."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

import database
from audit.log.streams import of_trail
from base import clock
from base.refusals import Forbidden, NotFound
from base.viewer import Role, Viewer
from sharing.auditors.auditors import require_may_grant, schools_open_to
from sharing.auditors.grants import NamedSchool
from sharing.members.members import allowed, schools_of_trust
from sharing.members.ranks import Act
from sharing.tables import AuditorGrant, AuditorScope

MOST_SHOWN: Final = 200  # grants, the newest: the trail has them all


class GrantState(StrEnum):
    ASKED = "waits for a second person of the trust"
    WAITING = "has not opened the link yet"
    LIVE = "may read now"
    ENDED = "ended"
    REVOKED = "ended early"


@dataclass(frozen=True, slots=True)
class SchoolScope:
    """What a grant opens at one school; ``streams`` None is the whole trail."""

    school: UUID
    school_name: str
    streams: tuple[str, ...] | None
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class ListedGrant:
    """A grant as one school sees it: what it opens at other schools is shown only to the school that made it."""

    id: UUID
    email: str
    person: UUID | None  # once taken up
    name: str | None
    reason: str
    granted_by: str
    granted_by_id: UUID
    made_by: str
    valid_from: datetime
    valid_until: datetime
    opened: tuple[SchoolScope, ...]
    state: GrantState
    is_ours: bool
    decided_by: str | None  # a trust's audit of its own schools; None for any other
    minute: str | None
    private_why: str | None  # None: private notes and criticism stay closed to a trust's auditor
    agreed_by: str | None

    @property
    def who(self) -> str:
        return self.name or self.email or "Somebody whose name was erased"

    @property
    def is_over(self) -> bool:
        return self.state in (GrantState.ENDED, GrantState.REVOKED)


@dataclass(frozen=True, slots=True)
class Grantable:
    """The streams of the own trail, and the schools whose trails the viewer's school may open."""

    streams: tuple[str, ...]
    schools: tuple[NamedSchool, ...]


async def grantable(viewer: Viewer) -> Grantable:
    """What the viewer may open to an auditor, for a form to offer. Raises Forbidden."""
    async with database.read():
        await require_may_grant(viewer)
        return Grantable(tuple(await of_trail(str(viewer.school))), await schools_open_to(viewer))


async def listed(viewer: Viewer) -> tuple[ListedGrant, ...]:
    """The grants that concern the viewer's school, the newest first."""
    async with database.read():
        rows = await _rows(viewer)
        opened = await _opened(viewer, rows)
    return tuple(_shown(row, opened[row["id"]], viewer) for row in rows)


async def one(viewer: Viewer, grant: UUID) -> ListedGrant:
    """One grant. Raises NotFound for one that has nothing to do with the viewer's school."""
    async with database.read():
        rows = await _rows(viewer, grant)
        opened = await _opened(viewer, rows)
    if not rows:
        raise NotFound
    return _shown(rows[0], opened[grant], viewer)


async def _rows(viewer: Viewer, grant: UUID | None = None) -> list[dict[str, Any]]:
    only = "AND g.id = {}" if grant else ""
    rows: list[dict[str, Any]] = await AuditorGrant.raw(
        f"""SELECT g.id AS id, g.email AS email, g.reason AS reason, g.valid_from AS valid_from, g.valid_until AS valid_until,
            g.granted_by AS granted_by, c.name AS granted_by_name, p.name AS made_by, g.decided_by AS decided_by,
            g.minute AS minute, g.private_why AS private_why, g.agreed_at AS agreed_at, a.name AS agreed_by,
            (SELECT m.person FROM sharing_membership m WHERE m.auditor_grant = g.id LIMIT 1) AS person,
            (SELECT MIN(w.name) FROM sharing_membership m JOIN sharing_person w ON w.id = m.person
                WHERE m.auditor_grant = g.id) AS name
        FROM sharing_auditor_grant g JOIN sharing_school c ON c.id = g.granted_by JOIN sharing_person p ON p.id = g.made_by
        LEFT JOIN sharing_person a ON a.id = g.agreed_by
        WHERE (g.granted_by = {{}} OR (g.decided_by IS NULL OR g.agreed_at IS NOT NULL)
            AND g.id IN (SELECT s.auditor_grant FROM sharing_auditor_scope s WHERE s.school = {{}})) {only}
        ORDER BY g.valid_from DESC, g.id LIMIT {MOST_SHOWN}""",  # noqa: S608 - our own text
        viewer.school,
        viewer.school,
        *([grant] if grant else []),
    )
    return rows


async def _opened(viewer: Viewer, grants: list[dict[str, Any]]) -> dict[UUID, tuple[SchoolScope, ...]]:
    """What each grant opens at the viewer's school and, where that made the grant, at the others."""
    made_here = {row["id"] for row in grants if row["granted_by"] == viewer.school}
    ids = [row["id"] for row in grants]
    rows = (
        await AuditorScope.raw(
            f"""SELECT s.auditor_grant AS id, s.school AS school, c.name AS school_name, s.stream AS stream,
                s.revoked_at AS revoked_at FROM sharing_auditor_scope s JOIN sharing_school c ON c.id = s.school
            WHERE s.auditor_grant IN ({", ".join("{}" for _ in ids)}) ORDER BY c.name, c.id, s.stream""",  # noqa: S608
            *ids,
        )
        if ids
        else []
    )
    found: dict[UUID, dict[UUID, list[dict[str, Any]]]] = {grant: {} for grant in ids}
    for row in rows:
        if row["id"] in made_here or row["school"] == viewer.school:
            found[row["id"]].setdefault(row["school"], []).append(row)
    return {grant: tuple(map(_of_school, schools.values())) for grant, schools in found.items()}


def _of_school(rows: list[dict[str, Any]]) -> SchoolScope:
    streams = None if rows[0]["stream"] is None else tuple(row["stream"] for row in rows)
    return SchoolScope(rows[0]["school"], rows[0]["school_name"], streams, rows[0]["revoked_at"])


def _shown(row: dict[str, Any], opened: tuple[SchoolScope, ...], viewer: Viewer) -> ListedGrant:
    return ListedGrant(
        id=row["id"],
        email=row["email"],
        person=row["person"],
        name=row["name"],
        reason=row["reason"],
        granted_by=row["granted_by_name"],
        granted_by_id=row["granted_by"],
        made_by=row["made_by"],
        valid_from=row["valid_from"],
        valid_until=row["valid_until"],
        opened=opened,
        state=_state(row, opened),
        is_ours=row["granted_by"] == viewer.school,
        **{name: row[name] for name in ("decided_by", "minute", "private_why", "agreed_by")},
    )


def _state(row: dict[str, Any], opened: tuple[SchoolScope, ...]) -> GrantState:
    if all(school.revoked_at for school in opened):
        return GrantState.REVOKED
    if row["valid_until"] <= clock.now():
        return GrantState.ENDED
    if row["decided_by"] is not None and row["agreed_at"] is None:
        return GrantState.ASKED
    return GrantState.LIVE if row["name"] else GrantState.WAITING


async def may_grant(viewer: Viewer) -> bool:
    """Whether the viewer may let an auditor in, so that a page can offer it."""
    async with database.read():
        try:
            await require_may_grant(viewer)
        except Forbidden:
            return False
    return True


async def may_end(viewer: Viewer, grant: ListedGrant) -> bool:
    """Whether the viewer may end it, or what it opens of their school: not what their trust decided, while it is theirs."""
    if grant.is_over or not viewer.role.writes:
        return False
    async with database.read():
        return grant.is_ours or grant.decided_by is None or viewer.school not in await schools_of_trust(grant.granted_by_id)


async def may_object(viewer: Viewer, grant: ListedGrant) -> bool:
    """Whether the viewer may object to it, as the head of a school that the trust audits."""
    if grant.is_ours or grant.decided_by is None or grant.is_over:
        return False
    async with database.read():
        return bool(await allowed(viewer, [Act.OBJECT_AUDIT], Role.AUDITOR))


async def of_trust_since(viewer: Viewer, since: datetime) -> tuple[ListedGrant, ...]:
    """Audits of the viewer's school that its trust decided since then, and that are not over."""
    return tuple(
        one for one in await listed(viewer)
        if one.decided_by is not None and not one.is_ours and one.valid_from > since and not one.is_over
    )  # fmt: skip
