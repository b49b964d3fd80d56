"""The contracts that a school shares, by who can see them, and stopping several shares at once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final, NamedTuple
from uuid import UUID

import audit
import database
from base.refusals import Invalid
from base.viewer import Viewer, must_write
from contracts.register import register
from contracts.shares import shares
from contracts.shares.shares import Sharing
from sharing.access import audiences
from sharing.access.audiences import AudienceChoice
from suppliers.shares import words
from suppliers.shares.by_reader import NONE_TICKED, TOO_MANY, by_width, readers_called
from suppliers.shares.words import ShareLine

MOST_AT_ONCE: Final = 50  # lines that one unit of work stops, as of reviews and notes


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


@dataclass(frozen=True, slots=True)
class SharedWith:
    who: str
    lines: tuple[SharedContract, ...]  # by title


async def shared(viewer: Viewer) -> tuple[SharedWith, ...]:
    """The widest readers first."""
    found = await _lines(viewer)
    async with database.read():
        called = await readers_called([one.line.grant for one in found])
    ordered = sorted(found, key=lambda one: by_width(one.line.grant, called))  # each reader's by title, as they were found
    return tuple(SharedWith(who, tuple(lines)) for who, lines in groupby(ordered, key=lambda one: one.line.who))


def ticked(values: Iterable[str]) -> tuple[Ticked, ...]:
    """Those that a form names, each once; what names none is left out. Raises Invalid for too many."""
    found = tuple(one for value in dict.fromkeys(values) if (one := _named(value)))
    if len(found) > MOST_AT_ONCE:
        raise Invalid(TOO_MANY)
    return found


async def asked(viewer: Viewer, chosen: Sequence[Ticked]) -> tuple[SharedContract, ...]:
    """Those of these that are still shared, as they are asked about before anything is stopped."""
    must_write(viewer)
    return tuple(one for one in await _lines(viewer) if Ticked(one.sharing.id, one.line.key) in chosen)


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


async def _lines(viewer: Viewer) -> list[SharedContract]:
    return [SharedContract(one, line) for one in await shares.shared(viewer) for line in one.lines]


def _named(value: str) -> Ticked | None:
    contract, _, line = value.partition(".")
    try:
        return Ticked(UUID(contract), line)
    except ValueError:
        return None
