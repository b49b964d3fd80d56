"""All that one supplier's page shows, of each room and slice, read at one moment."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

import database
from base.viewer import Viewer
from suppliers.directory import directory
from suppliers.directory.directory import SupplierView
from suppliers.helped import helped
from suppliers.helped.helped import Came
from suppliers.merging import history, links
from suppliers.merging.history import Merged, OtherName
from suppliers.merging.links import LinkedSupplier
from suppliers.opinions import readable, superseded
from suppliers.opinions.readable import Opinions
from suppliers.opinions.superseded import Resting
from suppliers.profile import looks
from suppliers.profile.looks import LastLook
from web.pages.beside import Beside, Part, RestsOn


@dataclass(frozen=True, slots=True)
class Profile:
    supplier: SupplierView  # the live one, whichever was asked for
    said: Opinions
    rests: Mapping[UUID, RestsOn]  # by review
    last_look: LastLook
    merged: tuple[Merged, ...]
    called: tuple[OtherName, ...]
    links: tuple[LinkedSupplier, ...]
    parts: tuple[Part, ...]  # of other slices
    came: Came  # of our review
    resting: tuple[Resting, ...]


async def of(viewer: Viewer, supplier_id: UUID, beside: Beside, *, reviews_after: str = "", notes_after: str = "") -> Profile:
    """The cursors are those of ``readable.about``. Raises NotFound for what the viewer can't see, as for what is not there."""
    async with database.read():
        supplier = await directory.supplier(viewer, supplier_id)
        said = await readable.about(viewer, supplier.id, reviews_after=reviews_after, notes_after=notes_after)
        merged, called = await history.with_other_names(viewer, supplier)
        shared = said.ours if said.ours and said.ours.is_shared else None
        return Profile(
            supplier=supplier,
            said=said,
            rests=await beside.of_reviews(viewer, readable.with_rating(said)),
            last_look=await looks.last(viewer, supplier.id),
            merged=merged,
            called=called,
            links=await links.of(viewer, supplier.id),
            parts=await beside.of_supplier(viewer, supplier.id),
            came=await helped.came_of(viewer, shared.id) if shared else Came(),
            resting=await superseded.resting(viewer, supplier.id),
        )
