"""Brings trusts, and which schools are in them, up to date with a file of trusts.

The whole file is one unit of work, or nothing: an entry in the operator's trail for each trust that changes, and one for the
file. Nothing is deleted. A school that leaves a trust leaves its network, so what it shared with it, and saw through it, ends
at once.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID, uuid4

import audit
import database
from audit.log import whose
from audit.log.subjects import REGISTER, Subject
from base import clock
from base.refusals import Conflict, Forbidden
from base.viewer import Viewer
from sharing.events import Event
from sharing.schools.names import search_name
from sharing.schools.register_networks import RegisterNetworkKind
from sharing.schools.register_values import Status
from sharing.schools.trust_file import RejectedLink, TrustRow
from sharing.schools.trust_plan import Place, Reading, SchoolNow, Trust, TrustPlan, plan
from sharing.tables import Network, NetworkMember, School

BUSY: Final = "Somebody else is importing the register. Try again in a minute."
_OF_TRUSTS: Final = (Network.source == "register") & (Network.kind == RegisterNetworkKind.TRUST.value)


@dataclass(frozen=True, slots=True)
class Move:
    """One school and the trust that it joins, leaves, or has just been told the day of."""

    urn: int
    school: str
    trust: str
    what: str  # "joins", "leaves"
    why: str  # of who leaves: "moved", "left", "closed" or "absent"; of who joins "moved" where it was in another trust
    joined_on: str  # ISO date, as the register says, or ""


@dataclass(frozen=True, slots=True)
class TrustsReport:
    """What changed, or would."""

    added: tuple[str, ...]  # names of trusts
    changed: tuple[str, ...]  # renamed, or known by a UID or company number more
    closed: tuple[str, ...]
    reopened: tuple[str, ...]
    moves: tuple[Move, ...]
    dated: int  # schools whose day of joining is new or another
    unchanged: int  # schools
    rejected: tuple[RejectedLink, ...]


async def import_trusts(
    viewer: Viewer | None, rows: Iterable[TrustRow | RejectedLink], *, digest: str, complete: bool = False, dry_run: bool = False
) -> TrustsReport:
    """``rows`` and ``digest`` as ``trust_file.open_trusts`` gives them; ``viewer`` None is the command line.

    Where ``complete``, schools that the file leaves out leave their trusts. A ``dry_run`` changes nothing and says what would
    change. The same file again changes nothing. Reads all rows before the unit of work begins. Raises Forbidden for anybody but
    the operator, Invalid for a file that is called complete and isn't, Conflict when another import was faster.
    """
    if viewer is not None and not viewer.is_operator:
        raise Forbidden("Only the operator of this installation can import trusts.")
    read = list(rows)
    if dry_run:
        async with database.read():
            return _report(await _planned(read, complete=complete))
    async with audit.recording(viewer) as record:
        with database.duplicates(Conflict(BUSY)):
            planned = await _planned(read, complete=complete)
            changes = _entries(planned)
            if not changes:
                record.unchanged()
                return _report(planned)
            await _save(planned, clock.now())
            await whose.tell_renamed(record, [str(trust.team) for trust in planned.trusts if trust.was is not None])
        report = _report(planned)
        for team, facts in changes.items():
            about = Subject.SCHOOL.of(team)
            record(Event.TRUST_CHANGED, stream=REGISTER, subject=about, facts=facts, trail=audit.OPERATOR)
        facts = _counts(report) | {"digest": f"sha256:{digest}", "complete": complete}
        record(Event.TRUSTS_IMPORTED, stream=REGISTER, subject=REGISTER, facts=facts, trail=audit.OPERATOR)
    return report


async def _planned(read: Sequence[TrustRow | RejectedLink], *, complete: bool) -> TrustPlan:
    known = await _known_trusts()
    schools = await _schools({trust.uid for trust in known})
    reading = Reading(known, clock.today())
    for row in read:
        if isinstance(row, TrustRow):
            reading.take(row)
        else:
            reading.rejected.append(row)
    spare_all = any(isinstance(row, RejectedLink) and row.urn is None for row in read)
    planned = plan(reading, schools, complete=complete, spare_all=spare_all)
    for trust in planned.trusts:
        trust.team = trust.team or uuid4()
    return planned


async def _known_trusts() -> list[Trust]:
    columns = (School.id, School.uid, School.company_number, School.name, School.status)
    rows = await School.select(*columns).where((School.kind == "trust") & School.uid.is_not_null())
    return [Trust(row["uid"], row["company_number"], row["name"], row["status"] == Status.OPEN, row["id"]) for row in rows]


async def _schools(known: Collection[str]) -> dict[int, SchoolNow]:
    """Every school of the register with its places in the trusts ``known`` by UID, by URN. Networks have their trust's UID."""
    networks = await Network.select(Network.id, Network.code).where(_OF_TRUSTS)
    codes = {row["id"]: row["code"] for row in networks if row["code"] in known}
    live = NetworkMember.until_at.is_null() & database.among(NetworkMember.network, Network.select(Network.id).where(_OF_TRUSTS))
    columns = (NetworkMember.id, NetworkMember.network, NetworkMember.school, NetworkMember.joined_on)
    places: dict[UUID, list[Place]] = defaultdict(list)
    for row in await NetworkMember.select(*columns).where(live):
        if row["network"] not in codes:
            continue
        places[row["school"]].append(Place(row["id"], codes[row["network"]], row["joined_on"]))
    schools = await School.select(School.id, School.urn, School.name, School.status).where(School.urn.is_not_null())
    return {
        row["urn"]: SchoolNow(row["id"], row["urn"], row["name"], row["status"] == Status.OPEN, tuple(places[row["id"]]))
        for row in schools
    }


async def _save(planned: TrustPlan, now: datetime) -> None:
    networks = await _save_trusts(planned.trusts, now)
    ends = [(now, one.place.id) for one in planned.leaving]
    await database.update_rows(NetworkMember, (NetworkMember.until_at,), ends)
    begins = [(uuid4(), networks[one.trust.uid], one.school.id, now, one.joined_on) for one in planned.joining]
    columns = (NetworkMember.id, NetworkMember.network, NetworkMember.school, NetworkMember.joined_at, NetworkMember.joined_on)
    await database.insert_rows(NetworkMember, columns, begins)
    await database.update_rows(
        NetworkMember, (NetworkMember.joined_on,), [(one.joined_on, one.place.id) for one in planned.dated]
    )
    named: dict[UUID, str | None] = {one.school.id: None for one in planned.leaving}
    named |= {one.school.id: one.trust.name for one in planned.joining}
    await database.update_rows(School, (School.trust_name,), [(name, school) for school, name in named.items()])


async def _save_trusts(trusts: Sequence[Trust], now: datetime) -> dict[str, UUID]:
    """Makes, renames, closes and reopens central teams and their networks; returns the network of every trust, by UID."""
    await _add_teams([trust for trust in trusts if trust.was is None], now)
    changed = [trust for trust in trusts if trust.was is not None]
    columns = (School.uid, School.company_number, School.name, School.search_name, School.trust_name, School.status)
    values = [(t.uid, t.company_number, t.name, search_name(t.name, "", ""), t.name, _status(t), _team(t)) for t in changed]
    await database.update_rows(School, columns, values)
    known = {row["code"]: row["id"] for row in await Network.select(Network.id, Network.code).where(_OF_TRUSTS)}
    for trust in changed:
        network = known.pop(trust.was.uid, None) if trust.was else None
        if network is not None:
            known[trust.uid] = network
            await Network.update({Network.code: trust.uid, Network.name: trust.name}).where(Network.id == network)
            theirs = NetworkMember.select(NetworkMember.school).where(
                (NetworkMember.network == network) & NetworkMember.until_at.is_null()
            )
            await School.update({School.trust_name: trust.name}).where(database.among(School.id, theirs))
    made = {trust.uid: uuid4() for trust in trusts if trust.uid not in known}
    rows = [(made[t.uid], RegisterNetworkKind.TRUST.value, t.name, "register", t.uid) for t in trusts if t.uid in made]
    await database.insert_rows(Network, (Network.id, Network.kind, Network.name, Network.source, Network.code), rows)
    await _place_teams(trusts, known | made, now)
    return known | made


async def _add_teams(trusts: Sequence[Trust], now: datetime) -> None:
    columns = (School.id, School.kind, School.uid, School.company_number, School.name, School.search_name, School.trust_name,
               School.phase, School.status, School.local_authority, School.town, School.postcode,
               School.registered_at)  # fmt: skip
    rows = [
        (_team(t), "trust", t.uid, t.company_number, t.name, search_name(t.name, "", ""), t.name, "", _status(t), "", "", "", now)
        for t in trusts
    ]
    await database.insert_rows(School, columns, rows)


async def _place_teams(trusts: Sequence[Trust], networks: Mapping[str, UUID], now: datetime) -> None:
    """An open trust's team is in its network, that of a closed one is not."""
    teams = {_team(trust): trust for trust in trusts}
    of_teams = database.among(NetworkMember.school, School.select(School.id).where(School.kind == "trust"))
    of_trusts = database.among(NetworkMember.network, Network.select(Network.id).where(_OF_TRUSTS))
    rows = await NetworkMember.select(NetworkMember.id, NetworkMember.school).where(
        NetworkMember.until_at.is_null() & of_teams & of_trusts
    )
    there = {row["school"]: row["id"] for row in rows}
    ending = [(now, place) for team, place in there.items() if team in teams and not teams[team].is_open]
    await database.update_rows(NetworkMember, (NetworkMember.until_at,), ending)
    joining = [(uuid4(), networks[t.uid], team, now) for team, t in teams.items() if t.is_open and team not in there]
    columns = (NetworkMember.id, NetworkMember.network, NetworkMember.school, NetworkMember.joined_at)
    await database.insert_rows(NetworkMember, columns, joining)


def _entries(planned: TrustPlan) -> dict[UUID, dict[str, Any]]:
    """The facts of an entry for each trust in which something changes, by the id of its team."""
    found: dict[UUID, dict[str, Any]] = defaultdict(dict)
    for trust in planned.trusts:
        found[_team(trust)] |= {"old": _known(trust.was), "new": _known(trust)} if trust.was else {"new": _known(trust)}
    for joins in planned.joining:
        told = {"urn": joins.school.urn} | ({"joined_on": joins.joined_on.isoformat()} if joins.joined_on else {})
        found[_team(joins.trust)].setdefault("joined", []).append(told)
    for leaves in planned.leaving:
        found[_team(leaves.trust)].setdefault("left", []).append({"urn": leaves.school.urn, "why": leaves.why})
    for dated in planned.dated:
        told = {"urn": dated.school.urn, "joined_on": dated.joined_on.isoformat()}
        found[_team(dated.trust)].setdefault("dated", []).append(told)
    return found


def _known(trust: Trust) -> dict[str, str]:
    told = {"uid": trust.uid, "name": trust.name, "status": _status(trust)}
    return told | ({"company_number": trust.company_number} if trust.company_number else {})


def _report(planned: TrustPlan) -> TrustsReport:
    opened = [(trust, trust.was is not None and trust.is_open and not trust.was.is_open) for trust in planned.trusts]
    closed = [trust for trust in planned.trusts if not trust.is_open]
    joins = [
        Move(one.school.urn, one.school.name, one.trust.name, "joins", "moved" if one.moves_from else "", _iso(one.joined_on))
        for one in planned.joining
    ]
    leaves = [
        Move(one.school.urn, one.school.name, one.trust.name, "leaves", one.why, _iso(one.place.joined_on))
        for one in planned.leaving
    ]
    return TrustsReport(
        added=tuple(trust.name for trust, _ in opened if trust.was is None),
        changed=tuple(trust.name for trust, reopens in opened if trust.was and trust.is_open and not reopens),
        closed=tuple(trust.name for trust in closed),
        reopened=tuple(trust.name for trust, reopens in opened if reopens),
        moves=tuple(sorted([*leaves, *joins], key=lambda one: (one.school, one.urn, one.what == "joins"))),
        dated=len(planned.dated),
        unchanged=planned.unchanged,
        rejected=planned.rejected,
    )


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def _counts(report: TrustsReport) -> dict[str, int]:
    joined = sum(move.what == "joins" for move in report.moves)
    trusts = {"added": report.added, "changed": report.changed, "closed": report.closed, "reopened": report.reopened}
    schools = {"joined": joined, "left": len(report.moves) - joined, "dated": report.dated, "unchanged": report.unchanged}
    return {name: len(found) for name, found in trusts.items()} | schools | {"rejected": len(report.rejected)}


def _team(trust: Trust) -> UUID:
    assert trust.team is not None  # noqa: S101 - `_planned` gives a new one its id
    return trust.team


def _status(trust: Trust) -> str:
    return (Status.OPEN if trust.is_open else Status.CLOSED).value
