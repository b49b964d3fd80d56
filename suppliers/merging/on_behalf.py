"""For whom somebody merges, decides or links: for the own school, or as curator for the directory."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import audit
import database
from audit import Record
from audit.log.subjects import DIRECTORY, Subject
from base.refusals import Conflict, NotFound
from base.viewer import Viewer, must_write
from suppliers.directory import directory
from suppliers.events import Event
from suppliers.tables import Supplier

MEANWHILE: Final = "One of the two has just been merged or changed by somebody else. Look at both again."


@dataclass(frozen=True, slots=True)
class Acting:
    """For whom ``viewer`` acts. ``owner`` None: as curator, on directory entries alone, in the operator's trail."""

    viewer: Viewer
    owner: UUID | None

    @property
    def trail(self) -> str:
        return audit.OPERATOR if self.owner is None else str(self.owner)

    async def must_see(self, supplier_id: UUID) -> Supplier:
        """The live record. Raises NotFound; for a curator an own record is not there, not even the own school's."""
        found = await directory.must_see(self.viewer, supplier_id)
        if self.owner is None and directory.is_own(found):
            raise NotFound
        return found

    async def lock_two(self, one: UUID, other: UUID) -> tuple[Supplier, Supplier]:
        """Both live records, kept from every change until the unit ends. Raises Conflict when they are one already."""
        first, second = await self.must_see(one), await self.must_see(other)
        if first.id == second.id:
            raise Conflict(f"They are one supplier already: {first.name}.")
        locked = Supplier.objects().where(database.among(Supplier.id, [first.id, second.id])).order_by(Supplier.id)
        rows = {row.id: row for row in await database.locked(locked)}
        if any(row.joined_to is not None for row in rows.values()):
            raise Conflict(MEANWHILE)
        return rows[first.id], rows[second.id]

    def tell(
        self,
        record: Record,
        events: tuple[Event, Event],
        about: UUID,
        subject: str,
        facts: Mapping[str, Any],
        personal: Mapping[str, str] | None = None,
    ) -> None:
        """Records one entry: in the school's trail in the stream of the supplier ``about``, or in the operator's."""
        event, stream = (events[1], DIRECTORY) if self.owner is None else (events[0], Subject.SUPPLIER.of(about))
        record(event, stream=stream, subject=subject, facts=facts, personal=personal or {}, trail=self.trail)


def acting(viewer: Viewer, *, as_curator: bool = False) -> Acting:
    """Raises Forbidden for who only reads, and NotFound, as for a page that is not there, for who is no curator."""
    if as_curator:
        if not viewer.is_operator:
            raise NotFound
        return Acting(viewer, None)
    must_write(viewer)
    return Acting(viewer, viewer.school)


def owned(table: Any, owner: UUID | None) -> Any:
    """The rows of the school, or those of the directory."""
    return table.owner.is_null() if owner is None else table.owner == owner
