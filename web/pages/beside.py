"""What one slice puts on a page of another, which knows nothing of it: `vouch/wiring.py` says who puts what where."""

from collections.abc import Awaitable, Callable, Sequence
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
class Beside:
    """Each answers with parts that have something to show."""

    on_suppliers_page: tuple[Callable[[Viewer, UUID], Awaitable[Part | None]], ...] = ()
    shared_by_us: tuple[Callable[[Viewer], Awaitable[Part | None]], ...] = ()

    async def of_supplier(self, viewer: Viewer, supplier: UUID) -> tuple[Part, ...]:
        return _there([await part(viewer, supplier) for part in self.on_suppliers_page])

    async def of_shared(self, viewer: Viewer) -> tuple[Part, ...]:
        return _there([await part(viewer) for part in self.shared_by_us])


def _there(parts: Sequence[Part | None]) -> tuple[Part, ...]:
    return tuple(part for part in parts if part is not None)
