"""Whose words are counted: of all schools, of a local authority's, or of those of a network that the viewer's school is in."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import database
from base.refusals import NotFound
from base.viewer import Viewer
from sharing.access import visibility
from sharing.access.visibility import Principals, holding
from sharing.tables import Network, NetworkMember, School

AUTHORITY: Final = "local_authority"


@dataclass(frozen=True, slots=True)
class Scope:
    """``network`` None: all schools."""

    network: UUID | None
    name: str
    is_authority: bool = False


EVERYWHERE: Final = Scope(None, "All local authorities")


async def choices(viewer: Viewer) -> tuple[tuple[Scope, ...], UUID | None]:
    """All that the viewer may choose from: everywhere, their networks, and each local authority; and which of these is their
    school's, None where the register names none. Opens its own read unit.
    """
    async with database.read():
        principals = await visibility.principals(viewer)
        rows = await _networks().where(database.among(Network.id, list(principals.networks))).order_by(Network.name, Network.id)
        every = await authorities()
    ours = tuple(map(_scope, rows))
    own = next((one.network for one in ours if one.is_authority), None)
    return (EVERYWHERE, *(one for one in ours if not one.is_authority), *every), own


async def authorities() -> tuple[Scope, ...]:
    """Every local authority, by name. Inside a read unit."""
    rows = await _networks().where(Network.kind == AUTHORITY)
    return tuple(sorted(map(_scope, rows), key=lambda one: one.name))


async def chosen(principals: Principals, network: UUID | None) -> Scope:
    """Inside a read unit. Raises NotFound for a network that is not offered."""
    if network is None:
        return EVERYWHERE
    row = await _networks().where(Network.id == network).first()
    if row is None or (row["kind"] != AUTHORITY and network not in principals.networks):
        raise NotFound
    return _scope(row)


async def open_schools(scope: Scope) -> frozenset[UUID]:
    """The open schools of a network. Inside a read unit."""
    its = NetworkMember.select(NetworkMember.school).where(NetworkMember.network == scope.network, holding(NetworkMember))
    schools = School.select(School.id).where(database.among(School.id, its), School.status == "open", School.kind == "school")
    return frozenset(await schools.output(as_list=True))


def _networks() -> Any:
    return Network.select(Network.id, Network.kind, Network.name, Network.code)


def _scope(row: Mapping[str, Any]) -> Scope:
    is_authority = row["kind"] == AUTHORITY
    return Scope(row["id"], row["code"] if is_authority else row["name"], is_authority)
