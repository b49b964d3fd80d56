"""What one slice puts on a page of another, which knows nothing of it: `vouch/wiring.py` says who puts what where."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from base.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Part:
    """``template`` draws it and is given it as ``part``, beside what the page has; its heading is an h2."""

    template: str
    shown: Sequence[Any]


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
class Beside:
    """Each answers with parts that have something to show."""

    on_suppliers_page: tuple[Callable[[Viewer, UUID], Awaitable[Part | None]], ...] = ()
    shared_by_us: tuple[Callable[[Viewer], Awaitable[Part | None]], ...] = ()
    under_reviews: tuple[Callable[[Viewer, Collection[UUID]], Awaitable[Mapping[UUID, RestsOn]]], ...] = ()

    async def of_supplier(self, viewer: Viewer, supplier: UUID) -> tuple[Part, ...]:
        return _there([await part(viewer, supplier) for part in self.on_suppliers_page])

    async def of_reviews(self, viewer: Viewer, reviews: Collection[UUID]) -> Mapping[UUID, RestsOn]:
        """By review; of those whose rating the viewer sees."""
        found: dict[UUID, RestsOn] = {}
        for under in self.under_reviews:
            found |= await under(viewer, reviews)
        return found

    async def of_shared(self, viewer: Viewer) -> tuple[Part, ...]:
        return _there([await part(viewer) for part in self.shared_by_us])


def _there(parts: Sequence[Part | None]) -> tuple[Part, ...]:
    return tuple(part for part in parts if part is not None)
