"""Whom a school may ask: a network that it is in, its connections, or the schools near it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import database
from base.viewer import Viewer
from base.words import count
from sharing.access import audiences
from sharing.access.choices import GrantChoice
from sharing.access.fields import MOST_MILES, Fields, GrantKind
from sharing.access.presence import on_vouch, who_sees
from sharing.access.readers import near_and_open, reached
from sharing.networks import networks
from suppliers.shares import there, words

KINDS: Final = (GrantKind.NETWORK, GrantKind.CONNECTED, GrantKind.NEAR)
MILES: Final = (5, 10, MOST_MILES)


@dataclass(frozen=True, slots=True)
class Circle:
    """``schools`` says how many others are in it, and how many of them use Vouch."""

    grant: GrantChoice
    name: str
    schools: str


async def circles(viewer: Viewer) -> Mapping[str, Circle]:
    """Those that have another school in them, by what a form calls them."""
    named = {
        **{f"{GrantKind.NETWORK}:{one.network}": (network(one.network), one.name) for one in await networks.mine(viewer)},
        str(GrantKind.CONNECTED): (connected(), "The schools connected to yours"),
        **{f"{GrantKind.NEAR}:{miles}": (near(miles), f"Schools within {miles} miles of yours") for miles in MILES},
    }
    async with database.read():
        found = {key: (grant, name, await _others(viewer, grant)) for key, (grant, name) in named.items()}
        using = await on_vouch({school for _, _, others in found.values() for school in others})
    return {
        key: Circle(grant, name, _in_words(len(others & using), len(others)))
        for key, (grant, name, others) in found.items()
        if others
    }


def network(which: UUID) -> GrantChoice:
    return GrantChoice(GrantKind.NETWORK, which, fields=Fields.NONE)


def connected() -> GrantChoice:
    return GrantChoice(GrantKind.CONNECTED, fields=Fields.NONE)


def near(miles: int) -> GrantChoice:
    return GrantChoice(GrantKind.NEAR, miles=miles, fields=Fields.NONE)


async def _others(viewer: Viewer, grant: GrantChoice) -> frozenset[UUID]:
    if grant.kind is GrantKind.NEAR:
        return await near_and_open(viewer.school, grant.miles or 0)
    return (await reached(viewer.school, grant))[0]


def _in_words(using: int, schools: int) -> str:
    later = who_sees(using, schools)
    return f"{count(schools, 'other school')}{': ' if later else ''}{later}"


async def in_words(viewer: Viewer, audience: UUID) -> str:
    """Whom an enquiry of ours with this audience is put to: "Ashby cluster (11 other schools)". Opens its own unit."""
    async with database.read():
        found = await words.lines(viewer, await audiences.choice_of(audience), there.A_REVIEW)
    return ", ".join(line.who for line in found)
