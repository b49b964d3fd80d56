"""What one slice puts on a page of another, which knows nothing of it: `vouch/wiring.py` says who puts what where."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from base.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Part:
    """``template`` draws it and is given it as ``part``, beside what the page has; its heading is an h2."""

    template: str
    shown: Sequence[Any]
    has_more: bool = False  # than are shown here


@dataclass(frozen=True, slots=True)
class RestsOn:
    """What a review says that it rests on; "" where it says nothing yet. ``jobs`` and ``late`` are None where it doesn't say how
    many; ``change`` is the page on which its own school says so.
    """

    sentence: str
    jobs: int | None = None
    late: int | None = None
    change: str = ""


@dataclass(frozen=True, slots=True)
class Rated:
    """The mean, 1 to 5, of the ratings that ``count`` schools gave to every school."""

    mean: float
    count: int


@dataclass(frozen=True, slots=True)
class Ahead:
    """What is to be decided about a supplier next: by which day, and the page that it is about."""

    day: date
    href: str
    title: str


@dataclass(frozen=True, slots=True)
class Dated:
    """Something that runs with a supplier; ``days`` are (label, words) of its days."""

    title: str
    href: str
    days: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Beside:
    """Each answers with parts that have something to show."""

    on_suppliers_page: tuple[Callable[[Viewer, UUID], Awaitable[Part | None]], ...] = ()
    shared_by_us: tuple[Callable[[Viewer], Awaitable[Part | None]], ...] = ()
    at_a_meeting: tuple[Callable[[Viewer, UUID], Awaitable[Part | None]], ...] = ()
    seen_by_school: tuple[Callable[[Viewer, UUID, int], Awaitable[Part | None]], ...] = ()
    under_reviews: tuple[Callable[[Viewer, Collection[UUID]], Awaitable[Mapping[UUID, RestsOn]]], ...] = ()

    in_results: tuple[Callable[[Viewer, Collection[UUID]], Awaitable[Mapping[UUID, Rated]]], ...] = ()
    ahead: tuple[Callable[[Viewer], Awaitable[Mapping[UUID, Ahead]]], ...] = ()
    dated: tuple[Callable[[Viewer, UUID], Awaitable[Sequence[Dated]]], ...] = ()

    async def of_supplier(self, viewer: Viewer, supplier: UUID) -> tuple[Part, ...]:
        return _there([await part(viewer, supplier) for part in self.on_suppliers_page])

    async def of_reviews(self, viewer: Viewer, reviews: Collection[UUID]) -> Mapping[UUID, RestsOn]:
        """By review; of those whose rating the viewer sees."""
        found: dict[UUID, RestsOn] = {}
        for under in self.under_reviews:
            found |= await under(viewer, reviews)
        return found

    async def of_results(self, viewer: Viewer, suppliers: Collection[UUID]) -> Mapping[UUID, Rated]:
        """By supplier; of those that enough schools rated."""
        found: dict[UUID, Rated] = {}
        for one in self.in_results:
            found |= await one(viewer, suppliers)
        return found

    async def ahead_of_us(self, viewer: Viewer) -> Mapping[UUID, Ahead]:
        """By supplier; of those that something is to be decided about."""
        found: dict[UUID, Ahead] = {}
        for one in self.ahead:
            found |= await one(viewer)
        return found

    async def dated_with(self, viewer: Viewer, supplier: UUID) -> Sequence[Dated]:
        """What of the viewer's school runs with a supplier."""
        return [one for of_slice in self.dated for one in await of_slice(viewer, supplier)]

    async def of_shared(self, viewer: Viewer) -> tuple[Part, ...]:
        return _there([await part(viewer) for part in self.shared_by_us])

    async def of_meeting(self, viewer: Viewer, network: UUID) -> tuple[Part, ...]:
        """What the schools of a network that meet should talk about."""
        return _there([await part(viewer, network) for part in self.at_a_meeting])

    async def of_seen_by(self, viewer: Viewer, school: UUID, number: int) -> tuple[Part, ...]:
        """What that other school can see of ours: the page of that number, from 1."""
        return _there([await part(viewer, school, number) for part in self.seen_by_school])


def _there(parts: Sequence[Part | None]) -> tuple[Part, ...]:
    return tuple(part for part in parts if part is not None)
