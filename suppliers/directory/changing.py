"""An own record is changed by its school. A directory entry is corrected: suppliers/corrections."""

from collections.abc import Iterable, Mapping
from typing import Any, Final
from uuid import UUID

from piccolo.columns import Column

import audit
import database
from audit import Record
from base.refusals import Forbidden
from base.viewer import Viewer, must_write
from suppliers.directory.directory import already, is_own, must_see, refuse_second, tell
from suppliers.events import Event
from suppliers.index import filing
from suppliers.record import changes, differences, facts
from suppliers.record.facts import NO_IDENTIFIERS, Facts
from suppliers.tables import Supplier

NOT_ONE_SCHOOLS: Final = "This supplier is in the shared directory, so one school can't change its details."


async def edit(
    viewer: Viewer,
    supplier_id: UUID,
    *,
    name: str,
    aliases: Iterable[str] = (),
    identifiers: Mapping[str, str] = NO_IDENTIFIERS,
    categories: Iterable[str] = (),
) -> None:
    """Replaces the facts of an own record; of several numbers of a scheme the first, which forms show. Raises as `add`; Forbidden
    for a directory entry.
    """
    must_write(viewer)
    typed = facts.checked(name=name, aliases=aliases, identifiers=identifiers, categories=categories)
    async with audit.recording(viewer) as record:
        found = await must_see(viewer, supplier_id, lock=True)
        if not is_own(found):
            raise Forbidden(NOT_ONE_SCHOOLS)
        before = (await facts.as_written([found.id]))[found.id]
        known = differences.with_what_a_form_hides(typed, before)
        if before == known:
            record.unchanged()
            return
        await refuse_second(viewer, known, other_than=found.id)
        await change(record, viewer, found.id, before, known)


async def change(record: Record, viewer: Viewer, own: UUID, before: Facts, known: Facts) -> None:
    """Writes the facts of an own record that the caller has locked. Raises Conflict for a name that is taken."""
    changed: dict[Column | str, Any] = {Supplier.name: known.name, Supplier.exact_name: known.exact}
    with database.duplicates(already(known.name)):
        await Supplier.update(changed).where(Supplier.id == own)
    await facts.replace(own, known)
    await filing.unindex(own, owner=viewer.school)
    await filing.index(own, owner=viewer.school, known=known)
    plain = changes.difference({"categories": list(before.categories)}, {"categories": list(known.categories)})
    texts = changes.texts_changed(before.texts, known.texts)
    tell(record, Event.SUPPLIER_CHANGED, own, plain if plain["new"] else None, texts)


async def written(viewer: Viewer, supplier_id: UUID) -> Facts:
    """The facts of a record by itself, as its school changes them: without those of what was merged into it."""
    async with database.read():
        seen = await must_see(viewer, supplier_id)
        return (await facts.as_written([seen.id]))[seen.id]
