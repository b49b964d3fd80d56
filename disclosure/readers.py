"""Whom something is shared with, in words that another installation can look up, and looked up there.

People are not looked up: who works where is not for a file to say, and an account elsewhere is somebody else's to have.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import database
from base import clock
from base.viewer import Viewer
from disclosure.record_format import ReaderRecord, ShareRecord
from disclosure.record_parts import School
from sharing.access.audiences import GrantChoice
from sharing.access.fields import Fields, GrantKind
from sharing.access.visibility import holding
from sharing.tables import Network, NetworkMember
from sharing.tables import School as SchoolRow
from suppliers.ours.own_records import Shared

BY_NAME: Final = frozenset({"author"})  # of an opinion: who wrote it is another person from now on


async def records(shared: Sequence[Shared]) -> tuple[ShareRecord, ...]:
    """Opens a read unit."""
    subjects = [UUID(one.grant["subject"]) for one in shared if "subject" in one.grant]
    async with database.read():
        schools = await SchoolRow.select(SchoolRow.id, SchoolRow.name, SchoolRow.urn).where(
            database.among(SchoolRow.id, subjects)
        )
        networks = await Network.select().where(database.among(Network.id, subjects))
    known = {row["id"]: row for row in (*schools, *networks)}
    return tuple(
        ShareRecord(what=one.what, id=one.id, sentence=one.sentence, grant=dict(one.grant), to=_reader(one.grant, known))
        for one in shared
    )


def _reader(grant: Mapping[str, Any], known: Mapping[UUID, Mapping[str, Any]]) -> ReaderRecord:
    kind = GrantKind(grant["kind"])
    row = known.get(UUID(grant["subject"])) if "subject" in grant else None
    is_network = kind is GrantKind.NETWORK and row is not None
    return ReaderRecord(
        kind=kind.value,
        school=School(name=row["name"], urn=row["urn"]) if kind is GrantKind.SCHOOL and row else None,
        network_kind=row["kind"] if is_network and row else None,
        network_code=row["code"] if is_network and row else None,
        network_name=row["name"] if is_network and row else None,
        miles=grant.get("miles"),
        fields=tuple(one.name.lower() for one in Fields if one & Fields(grant["fields"]) and one.name),
        until=datetime.fromisoformat(grant["expires_at"]) if "expires_at" in grant else None,
        members_then="joined_before" in grant,
    )


@dataclass(frozen=True, slots=True)
class There:
    """What of other schools is here: open ones by URN, and the networks that the viewer's school is in by kind, code and name."""

    schools: Mapping[int, UUID]
    networks: Mapping[tuple[str, str | None, str], UUID]


async def looked_up(viewer: Viewer, readers: Sequence[ReaderRecord]) -> There:
    """Inside the caller's unit."""
    urns = {one.school.urn for one in readers if one.school and one.school.urn is not None}
    is_open = database.among(SchoolRow.urn, urns) & (SchoolRow.status == "open") & (SchoolRow.id != viewer.school)
    schools = await SchoolRow.select(SchoolRow.id, SchoolRow.urn).where(is_open)
    ours = (NetworkMember.school == viewer.school) & holding(NetworkMember)
    member_of = await NetworkMember.select(NetworkMember.network).where(ours).output(as_list=True)
    networks = await Network.select().where(database.among(Network.id, member_of))
    return There(
        {row["urn"]: row["id"] for row in schools},
        {_called(row["kind"], row["code"], row["name"]): row["id"] for row in networks},
    )


def choice(reader: ReaderRecord, there: There) -> GrantChoice | None:
    """The same line here; None where there is no such school or network, its end has come, or it was for one person or the
    supplier.
    """
    if reader.kind not in set(GrantKind) or (reader.until is not None and not _is_to_come(reader.until)):
        return None
    kind, subject = GrantKind(reader.kind), None
    if kind is GrantKind.SCHOOL and reader.school is not None:
        subject = there.schools.get(reader.school.urn or 0)
    if kind is GrantKind.NETWORK:
        called = _called(reader.network_kind or "", reader.network_code, reader.network_name or "")
        subject = there.networks.get(called)
    if kind in (GrantKind.PERSON, GrantKind.SUPPLIER) or (kind in (GrantKind.SCHOOL, GrantKind.NETWORK) and subject is None):
        return None
    fields = Fields.NONE
    for name in reader.fields:
        fields |= Fields.__members__.get(name.upper(), Fields.NONE)
    joined_before = clock.now() if kind is GrantKind.NETWORK and reader.members_then else None
    return GrantChoice(kind, subject, reader.miles, fields, reader.until, joined_before)


def _is_to_come(moment: datetime) -> bool:
    return moment.tzinfo is not None and moment > clock.now()


def _called(kind: str, code: str | None, name: str) -> tuple[str, str | None, str]:
    """A network of the register by its code, whatever it is called; one that schools started by its name."""
    return kind, code, "" if code else name
