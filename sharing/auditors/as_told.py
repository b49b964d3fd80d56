"""What is open to auditors of a school today, to be held against what its trail tells, and against what may be open at all."""

from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from audit.checking import compared
from audit.checking.compared import Compared, Fields, Page
from audit.log.subjects import Subject
from sharing.auditors import auditors, trust_audits
from sharing.events import Event
from sharing.tables import AuditorScope, Membership

WHOLE: Final = "the whole trail"
SLACK: Final = timedelta(seconds=10)  # as the database's own limit has it: SQLite reckons days with fractions

_OPEN: Final = """SELECT g.id AS id, g.valid_from AS valid_from, g.valid_until AS valid_until, g.decided_by AS decided_by,
    s.stream AS stream FROM sharing_auditor_scope s JOIN sharing_auditor_grant g ON g.id = s.auditor_grant
    WHERE s.school = {} AND s.revoked_at IS NULL AND (g.decided_by IS NULL OR g.agreed_at IS NOT NULL)"""
_OUTLASTS: Final = """SELECT m.person AS person FROM sharing_membership m JOIN sharing_auditor_grant g ON g.id = m.auditor_grant
    WHERE m.school = {} AND m.valid_until > g.valid_until"""


async def _grants(trail: str) -> AsyncIterator[Page]:
    school = compared.school_of(trail)
    rows: list[dict[str, Any]] = [] if school is None else await AuditorScope.raw(_OPEN, school)
    streams: dict[UUID, list[str | None]] = {}
    for row in rows:
        streams.setdefault(row["id"], []).append(row["stream"])
    until = {row["id"]: _instant(row["valid_until"]) for row in rows}
    yield {Subject.AUDITOR_GRANT.of(one): {"until": until[one], "scope": _scope(found)} for one, found in streams.items()}


def _scope(streams: Iterable[str | None]) -> str | list[str]:
    named = [one for one in streams if one is not None]
    return sorted(named) if named else WHOLE


def _records(subject: str, facts: Fields) -> Iterable[tuple[str, Fields]]:
    until = {"until": _instant(datetime.fromisoformat(facts["until"]))} if "until" in facts else {}
    yield subject, {**facts, **until}


def _instant(at: datetime | str) -> str:
    found = datetime.fromisoformat(at) if isinstance(at, str) else at  # SQLite's own text
    return found.astimezone(UTC).isoformat()


async def beyond_limits(trail: str) -> Sequence[str]:
    """A clause for each grant that lasts longer than any may, and for each auditor who may read longer than the grant lasts."""
    school = compared.school_of(trail)
    if school is None:
        return ()
    found = []
    for row in await AuditorScope.raw(_OPEN, school):
        longest = auditors.LONGEST if row["decided_by"] is None else trust_audits.LONGEST
        begins, ends = (datetime.fromisoformat(_instant(row[name])) for name in ("valid_from", "valid_until"))
        if ends - begins > longest + SLACK:
            found.append(f"the grant {row['id']} lets an auditor in for more than {longest.days} days")
    outlasting = await Membership.raw(_OUTLASTS, school)
    return (*sorted(set(found)), *(f"the auditor {row['person']} may read for longer than the grant" for row in outlasting))


GRANTS: Final = Compared(
    "grant of an auditor",
    begins=frozenset({Event.AUDITOR_GRANTED.value}),
    ends=frozenset({Event.AUDITOR_REVOKED.value}),
    fields=frozenset({"until", "scope"}),
    may_go=True,  # a trust's grant ends school by school, and closed to somebody is not what an attacker makes of it
    records=_records,
    rows=_grants,
)
