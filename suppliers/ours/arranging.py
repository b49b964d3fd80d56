"""What somebody wants to see of the list, and in which order: pure, over lines that were read."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from suppliers.opinions.averages import NO_WORD, Word
from web.pages.beside import Ahead

MOST_PAGES: Final = 1_000


class Showing(StrEnum):
    """Which suppliers: those that the school uses; or those of them that want something; or those that it used once."""

    USED = ""
    SILENT = "silent"  # we have said nothing of them yet
    LAPSING = "lapsing"  # our vouch lapses soon, or has
    LEFT = "left"


class Sort(StrEnum):
    NAME = "name"
    NEED = "need"
    WORD = "word"  # the best first
    PEERS = "peers"  # whom most other schools would use again first
    NOTED = "noted"  # the latest first
    LAPSES = "lapses"  # the soonest first
    DECIDE = "decide"  # the soonest first


@dataclass(frozen=True, slots=True)
class Wanted:
    """``text`` is part of a name, ``category`` a slug; empty for any. ``page`` counts from 1."""

    text: str = ""
    category: str = ""
    showing: Showing = Showing.USED
    sort: Sort = Sort.NAME
    is_reversed: bool = False
    page: int = 1

    @property
    def is_filtered(self) -> bool:
        return bool(self.text or self.category or self.showing)


EVERYTHING: Final = Wanted()


@dataclass(frozen=True, slots=True)
class Line:
    """One supplier. ``again`` is None where we said nothing of it, and where our vouch has lapsed; ``lapses_at`` is set for
    vouches without a rating.
    """

    supplier: UUID
    name: str
    is_own: bool  # seen by this school alone
    exact_name: str  # by which names are sorted
    has_review: bool = False
    rating: int | None = None
    again: bool | None = None
    lapses_at: datetime | None = None
    has_lapsed: bool = False
    noted_on: date | None = None  # the day that the last note is about
    ahead: Ahead | None = None
    needs: tuple[str, ...] = ()  # names of categories
    peers: Word = NO_WORD

    @property
    def is_silent(self) -> bool:
        return not self.has_review and self.noted_on is None


def arranged(lines: Iterable[Line], wanted: Wanted, *, soon: datetime) -> list[Line]:
    """Those of ``lines`` that are wanted, in order; ``soon`` is until when a vouch lapses soon."""
    key = _KEYS[wanted.sort]
    fitting = sorted(
        (line for line in lines if _fits(line, wanted.showing, soon)), key=lambda line: (line.exact_name, line.supplier)
    )
    with_one = sorted((line for line in fitting if key(line) is not None), key=key, reverse=wanted.is_reversed)
    return with_one + [line for line in fitting if key(line) is None]


def _fits(line: Line, showing: Showing, soon: datetime) -> bool:
    if showing is Showing.SILENT:
        return line.is_silent
    if showing is Showing.LAPSING:
        return line.lapses_at is not None and line.lapses_at <= soon
    return True


def _our_word(line: Line) -> tuple[int, bool] | None:
    """A rating counts before a vouch, and a vouch before "we would not"."""
    if line.rating is None and line.again is None:
        return None
    as_rating = line.rating if line.rating is not None else 4 if line.again else 1
    return (-as_rating, not line.again)


def _peers_word(line: Line) -> tuple[int, float] | None:
    peers = line.peers
    return (-peers.vouching, -(peers.mean or 0)) if peers.vouching or peers.mean is not None else None


# What to sort by: None where a line has nothing to be sorted by, which comes last either way.
_KEYS: Final[Mapping[Sort, Callable[[Line], Any]]] = {
    Sort.NAME: lambda line: line.exact_name,
    Sort.NEED: lambda line: line.needs[0] if line.needs else None,
    Sort.WORD: _our_word,
    Sort.PEERS: _peers_word,
    Sort.NOTED: lambda line: -line.noted_on.toordinal() if line.noted_on else None,
    Sort.LAPSES: lambda line: line.lapses_at,
    Sort.DECIDE: lambda line: line.ahead.day if line.ahead else None,
}
