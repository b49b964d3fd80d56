"""The networks that come from the register: schools of a local authority, of a federation, and of a trust with its central team.

Only the register import changes who belongs to them. An ended membership keeps its row, with the time it ended.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, NamedTuple
from uuid import UUID, uuid4

import database
from sharing.schools.names import search_name
from sharing.schools.register import RegisterRow
from sharing.schools.register_values import Status
from sharing.tables import Network, NetworkMember, School

IDS_A_STATEMENT: Final = 5_000  # both databases take 32,000 values


class RegisterNetworkKind(StrEnum):
    LOCAL_AUTHORITY = "local_authority"
    TRUST = "trust"
    FEDERATION = "federation"


class RegisterNetwork(NamedTuple):
    """A network as the register identifies it, whatever its id in our table."""

    kind: RegisterNetworkKind
    code: str  # the authority's name, or the UID of the trust or federation


@dataclass(frozen=True, slots=True)
class NetworkChanges:
    """How many networks and central teams ``link`` renamed, and how many memberships it began and ended."""

    renamed: int = 0
    joined: int = 0
    left: int = 0
    teams: tuple[UUID, ...] = ()  # the central teams that were renamed


async def link(
    rows: Sequence[RegisterRow], ids: Mapping[int, UUID], *, closed: Iterable[UUID], complete: bool, now: datetime
) -> NetworkChanges:
    """Brings networks and their members up to date with the file, as part of an import's unit of work. ``ids`` by URN.

    Unless the file is ``complete``, an open school that it names without a trust stays in the trust that we know; a school of
    which it does not say whether it is in a federation stays in its federation.
    """
    wanted: dict[UUID, set[RegisterNetwork]] = {school: set() for school in closed}
    wanted |= {ids[row.urn]: _keys(row) for row in rows}
    trusts = {row.trust_uid: row.trust_name for row in rows if row.trust_uid and row.trust_name}
    teams, renamed_teams = await _central_teams(trusts, now)
    wanted |= {team: {RegisterNetwork(RegisterNetworkKind.TRUST, uid)} for uid, team in teams.items()}
    names = {RegisterNetwork(RegisterNetworkKind.TRUST, uid): name for uid, name in trusts.items()}
    names |= {_federation(row.federation_uid): row.federation_name for row in rows if row.federation_uid and row.federation_name}
    networks, renamed = await _networks({key for keys in wanted.values() for key in keys}, names)
    opened = [row for row in rows if row.status is Status.OPEN]
    silent = {
        RegisterNetworkKind.TRUST: set() if complete else {ids[row.urn] for row in opened if not row.trust_uid},
        RegisterNetworkKind.FEDERATION: {ids[row.urn] for row in opened if row.federation_uid is None},
    }
    joined, left = await _bring_up_to_date(wanted, networks, silent, now)
    return NetworkChanges(renamed + len(renamed_teams), joined, left, renamed_teams)


def _keys(row: RegisterRow) -> set[RegisterNetwork]:
    if row.status is not Status.OPEN:
        return set()
    keys = {RegisterNetwork(RegisterNetworkKind.TRUST, row.trust_uid)} if row.trust_uid else set()
    keys |= {_federation(row.federation_uid)} if row.federation_uid else set()
    if row.local_authority and "offshore" not in row.local_authority.casefold():  # "Guernsey Offshore Establishments"
        keys.add(RegisterNetwork(RegisterNetworkKind.LOCAL_AUTHORITY, row.local_authority))
    return keys


def _federation(uid: str) -> RegisterNetwork:
    return RegisterNetwork(RegisterNetworkKind.FEDERATION, uid)


async def _central_teams(trusts: Mapping[str, str], now: datetime) -> tuple[dict[str, UUID], tuple[UUID, ...]]:
    """UID to the school of kind trust that stands for the trust's central team; made or renamed as the file says; and
    which were renamed.
    """
    found = await School.select(School.id, School.uid, School.name).where((School.kind == "trust") & School.uid.is_not_null())
    known = {row["uid"]: (row["id"], row["name"]) for row in found}
    renamed = [(known[uid][0], name) for uid, name in trusts.items() if uid in known and known[uid][1] != name]
    for team, name in renamed:
        await School.update({School.name: name, School.search_name: search_name(name, "", "")}).where(School.id == team)
    made = {uid: uuid4() for uid in trusts if uid not in known}
    columns = (School.id, School.kind, School.uid, School.name, School.search_name, School.trust_name, School.phase,
               School.status, School.local_authority, School.town, School.postcode, School.registered_at)  # fmt: skip
    await database.insert_rows(
        School,
        columns,
        [
            (team, "trust", uid, trusts[uid], search_name(trusts[uid], "", ""), trusts[uid], "", "open", "", "", "", now)
            for uid, team in made.items()
        ],
    )
    return {uid: made[uid] if uid in made else known[uid][0] for uid in trusts}, tuple(team for team, _ in renamed)


async def _networks(
    wanted: set[RegisterNetwork], names: Mapping[RegisterNetwork, str]
) -> tuple[dict[RegisterNetwork, UUID], int]:
    """Every network of the register and its id; made or renamed as the file says."""
    found = await Network.select(Network.id, Network.kind, Network.code, Network.name).where(Network.source == "register")
    known = {RegisterNetwork(RegisterNetworkKind(row["kind"]), row["code"]): row for row in found}
    renamed = [(known[key]["id"], name) for key in wanted & known.keys() if (name := _name(key, names)) != known[key]["name"]]
    for network, name in renamed:
        await Network.update({Network.name: name}).where(Network.id == network)
    made = {key: uuid4() for key in sorted(wanted - known.keys())}
    columns = (Network.id, Network.kind, Network.name, Network.source, Network.code)
    rows = [(network, key.kind.value, _name(key, names), "register", key.code) for key, network in made.items()]
    await database.insert_rows(Network, columns, rows)
    return {key: row["id"] for key, row in known.items()} | made, len(renamed)


def _name(key: RegisterNetwork, names: Mapping[RegisterNetwork, str]) -> str:
    return f"Schools in {key.code}" if key.kind is RegisterNetworkKind.LOCAL_AUTHORITY else names[key]


async def _bring_up_to_date(
    wanted: Mapping[UUID, set[RegisterNetwork]],
    networks: Mapping[RegisterNetwork, UUID],
    silent: Mapping[RegisterNetworkKind, Collection[UUID]],
    now: datetime,
) -> tuple[int, int]:
    """Begins and ends memberships; returns how many joined and how many left."""
    keys = {network: key for key, network in networks.items()}
    of_register = Network.select(Network.id).where(Network.source == "register")
    live = await NetworkMember.select(NetworkMember.id, NetworkMember.network, NetworkMember.school).where(
        NetworkMember.until_at.is_null() & database.among(NetworkMember.network, of_register)
    )
    staying: dict[UUID, set[RegisterNetwork]] = {}
    leaving: list[UUID] = []
    for row in live:
        school, key = row["school"], keys[row["network"]]
        if school not in wanted or key in wanted[school] or school in silent.get(key.kind, ()):
            staying.setdefault(school, set()).add(key)
        else:
            leaving.append(row["id"])
    joining = [(school, key) for school, theirs in wanted.items() for key in theirs - staying.get(school, set())]
    await _end(leaving, now)
    columns = (NetworkMember.id, NetworkMember.network, NetworkMember.school, NetworkMember.joined_at)
    await database.insert_rows(NetworkMember, columns, [(uuid4(), networks[key], school, now) for school, key in joining])
    return len(joining), len(leaving)


async def _end(memberships: Sequence[UUID], now: datetime) -> None:
    for start in range(0, len(memberships), IDS_A_STATEMENT):
        batch = memberships[start : start + IDS_A_STATEMENT]
        await NetworkMember.update({NetworkMember.until_at: now}).where(database.among(NetworkMember.id, batch))
