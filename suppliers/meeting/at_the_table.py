"""Whose eyes the page for a meeting is read with: a school's that is in that network, and that no other school knows."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from uuid import UUID

from base.refusals import NotFound
from base.viewer import Viewer
from sharing.access import visibility
from sharing.access.visibility import Principals
from sharing.networks import networks
from sharing.networks.networks import JoinedNetwork
from suppliers.coverage.coverage import NOBODY

TOO_LARGE = "local_authority"  # the schools of an authority are no table; what they have a word on is the page of needs


@dataclass(frozen=True, slots=True)
class Table:
    """A network that meets, and its schools, the viewer's own among them."""

    network: JoinedNetwork
    schools: Collection[UUID]


async def table(viewer: Viewer, network: UUID) -> Table:
    """Raises NotFound for a network that the viewer's school is not in, and for those of an authority. Opens its own units."""
    found, schools = await networks.schools_of(viewer, network)
    if found.kind == TOO_LARGE:
        raise NotFound
    return Table(found, frozenset(one.school for one in schools))


async def everybody(viewer: Viewer, network: UUID) -> Principals:
    """Who reads what is shared with the network or with every school, and nothing that is for fewer.

    Our own words are among it as another school's would be. Schools that block the viewer's stay silent. Inside a unit.
    """
    principals = await visibility.principals(viewer)
    ties = {network: principals.networks[network]} if network in principals.networks else {}
    return replace(principals, school=NOBODY, membership=None, person=None, place=None, networks=ties, connected={})
