"""The contracts that a school shares, by who can see them, and stopping several shares at once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, NamedTuple
from uuid import UUID

import audit
import database
from base.refusals import Invalid
from base.viewer import Viewer, must_write
from contracts.access import access
from contracts.register import register
from contracts.shares import shares
from contracts.shares.shares import Sharing
from contracts.tables import Contract
from sharing.access import audiences
from sharing.access.audiences import AudienceChoice, GrantChoice
from suppliers.shares import words
from suppliers.shares.by_reader import NONE_TICKED, PAGE, TOO_MANY, SharedPage, by_width, in_groups, readers_called
from suppliers.shares.words import ShareLine


class Ticked(NamedTuple):
    """One line of one contract, as a form names it."""

    contract: UUID
    line: str  # its key


@dataclass(frozen=True, slots=True)
class SharedContract:
    """What one line of the choice opens of one contract."""

    sharing: Sharing
    line: ShareLine

    @property
    def value(self) -> str:
        """Names it in a form."""
        return f"{self.sharing.id.hex}.{self.line.key}"


class _Place(NamedTuple):
    contract: UUID
    title: str
    grant: GrantChoice


async def shared(viewer: Viewer, number: int = 1) -> SharedPage[SharedContract]:
    """The page of that number, from 1: the widest readers first, each one's by title."""
    async with database.read():
        places = await _places(viewer)
        called = await readers_called([place.grant for place in places])
        ordered = sorted(places, key=lambda place: _order(place, called))
        page = ordered[(number - 1) * PAGE : number * PAGE]
        found = await _lines(viewer, [Ticked(place.contract, words.key_of(place.grant)) for place in page])
    return SharedPage(in_groups(found), len(ordered) > number * PAGE)


def ticked(values: Iterable[str]) -> tuple[Ticked, ...]:
    """Those that a form names, each once; what names none is left out. Raises Invalid for too many."""
    found = tuple(one for value in dict.fromkeys(values) if (one := _named(value)))
    if len(found) > PAGE:
        raise Invalid(TOO_MANY)
    return found


async def asked(viewer: Viewer, chosen: Sequence[Ticked]) -> tuple[SharedContract, ...]:
    """Those of these that are still shared, as they are asked about before anything is stopped."""
    must_write(viewer)
    async with database.read():
        return tuple(await _lines(viewer, chosen))


async def stop_each(viewer: Viewer, chosen: Sequence[Ticked]) -> int:
    """Stops each of these lines, with an entry for each contract, all or none. Returns how many lines that were.

    Raises Forbidden, NotFound, and Invalid for none.
    """
    must_write(viewer)
    stopped = 0
    async with audit.recording(viewer) as record:
        for contract, lines in groupby(sorted(chosen), key=lambda one: one.contract):  # in one order: nobody waits for the other
            keys = {one.line for one in lines}
            row = await register.own(viewer, contract)
            old = await audiences.choice_of(row["audience"])
            left = AudienceChoice(tuple(grant for grant in old.grants if words.key_of(grant) not in keys))
            if left != old:
                stopped += len(old.grants) - len(left.grants)
                await shares.stop(record, viewer, row, old, left)
        if not stopped:
            raise Invalid(NONE_TICKED)
    return stopped


async def _places(viewer: Viewer) -> list[_Place]:
    """Every line of every contract of ours that is shared. Three small columns a row, however many there are."""
    is_shared = access.ours(viewer.school) & Contract.audience.is_not_null()
    rows = await Contract.select(Contract.id, Contract.title, Contract.audience).where(is_shared)
    choices = await audiences.choices_of(row["audience"] for row in rows)
    return [_Place(row["id"], row["title"], grant) for row in rows for grant in choices[row["audience"]].grants]


def _order(place: _Place, called: Mapping[UUID, str]) -> tuple[Any, ...]:
    return *by_width(place.grant, called), place.title.casefold(), str(place.contract), words.key_of(place.grant)


async def _lines(viewer: Viewer, wanted: Sequence[Ticked]) -> list[SharedContract]:
    """In the same order, without what is no longer shared so."""
    found = await shares.each_of(viewer, {one.contract for one in wanted})
    lines = {Ticked(one.id, line.key): SharedContract(one, line) for one in found for line in one.lines}
    return [lines[one] for one in wanted if one in lines]


def _named(value: str) -> Ticked | None:
    contract, _, line = value.partition(".")
    try:
        return Ticked(UUID(contract), line)
    except ValueError:
        return None
