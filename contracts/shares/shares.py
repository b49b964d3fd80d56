"""Who may see a contract of ours: chosen, shown, taken back. Takes effect when anybody next reads.

The first share that names the supplier lists it in the directory, in the same unit of work, as a review's does.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import audit
import database
from audit import Record
from audit.log.subjects import Subject
from base.refusals import Conflict, Invalid
from base.viewer import Viewer, must_speak_for_the_school, must_write
from contracts.access import access, naming
from contracts.events import Event
from contracts.register import register
from contracts.shares import there
from contracts.tables import Contract
from sharing.access import audiences
from sharing.access.audiences import PRIVATE, AudienceChoice, GrantChoice
from sharing.access.fields import CONTRACT, Fields
from sharing.access.readers import Readers, who_can_see
from suppliers.events import Event as SupplierEvent
from suppliers.shares import publishing, words
from suppliers.shares.publishing import NOTHING_SAID, SaidOfEntries
from suppliers.shares.there import There
from suppliers.shares.words import ShareLine
from suppliers.tables import Supplier

# What giving a share may leave in the trails: the first one that names the supplier lists it, or joins it to an entry.
GIVING: Final = (
    Event.CONTRACT_SHARED,
    SupplierEvent.SUPPLIER_LISTED,
    SupplierEvent.SUPPLIER_JOINED,
    SupplierEvent.DIRECTORY_LISTED,
)
CONFIDENTIAL: Final = (
    "What this contract says is confidential, so it can't be shared. If that is no longer so, change it in the contract first."
)
NOTHING_CHOSEN: Final = "Choose at least one thing that they may see."
CHANGED: Final = "This, or who may see it, changed after you read it, so nothing was changed now. Read it again, then decide."


@dataclass(frozen=True, slots=True)
class Sharing:
    """How a contract of ours is shared."""

    id: UUID
    title: str
    supplier: UUID | None
    supplier_name: str
    version: int  # whoever shares it says yes to what it says
    is_listed: bool  # every school sees the supplier, or none is named; otherwise the first share lists it
    is_confidential: bool
    choice: AudienceChoice
    there: There  # to see of it
    lines: tuple[ShareLine, ...]

    @property
    def sentence(self) -> str:
        return words.sentence(self.lines)


async def share(
    viewer: Viewer,
    contract: UUID,
    choice: AudienceChoice,
    *,
    of_entries: SaidOfEntries = NOTHING_SAID,
    renewing: Collection[GrantChoice] = (),
    instead_of: str | None = None,
    version: int | None = None,
) -> Sharing:
    """Shares it with exactly ``choice`` from now on.

    ``of_entries``, ``renewing``, ``instead_of`` and ``version`` are as for a review (suppliers/shares/shares.py). Returns how it
    is shared from then on. Raises Invalid, Forbidden, Conflict, NotFound.
    """
    if not choice.grants:
        return await unshare(viewer, contract, instead_of=instead_of)
    must_speak_for_the_school(viewer)
    async with audit.recording(viewer) as record:
        row = await register.own(viewer, contract)
        old = await _read_before(row, instead_of, version)
        checked = await _checked(viewer, row, choice, renewing)
        audience = await audiences.store(viewer, checked, keeping=row["audience"])
        if audience == row["audience"]:
            record.unchanged()
            return await _sharing(viewer, row)
        if row["supplier"] and Fields.TERMS in checked.fields:
            await publishing.publish(viewer, record, row["supplier"], of_entries)
        await _point(contract, audience)
        new = await audiences.choice_of(audience)  # as it was stored: with the school of each person
        await _tell(record, viewer, Event.CONTRACT_SHARED, row, old, new)
        return await _sharing(viewer, {**row, "audience": audience})


async def unshare(viewer: Viewer, contract: UUID, *, only: GrantChoice | None = None, instead_of: str | None = None) -> Sharing:
    """Stops sharing it with everybody, or with ``only`` one line of the choice; returns as ``share``.

    Raises Forbidden, Conflict, NotFound.
    """
    must_write(viewer)
    async with audit.recording(viewer) as record:
        row = await register.own(viewer, contract)
        old = await _read_before(row, instead_of)
        left = AudienceChoice(tuple(grant for grant in old.grants if grant != only)) if only else PRIVATE
        if left == old:
            record.unchanged()
            return await _sharing(viewer, row)
        audience = await stop(record, viewer, row, old, left)
        return await _sharing(viewer, {**row, "audience": audience})


async def stop(record: Record, viewer: Viewer, row: Mapping[str, Any], old: AudienceChoice, left: AudienceChoice) -> UUID | None:
    """Only what is ``left`` of the ``old`` choice counts from now on, with its entry; returns its audience.

    Inside the caller's unit, which has the ``row`` from ``register.own``.
    """
    audience = await audiences.intern(viewer, left, keeping=row["audience"], groups=CONTRACT)
    await _point(row["id"], audience)
    await _tell(record, viewer, Event.CONTRACT_SHARE_ENDED, row, old, left)
    return audience


async def preview(
    viewer: Viewer, contract: UUID, choice: AudienceChoice, *, renewing: Collection[GrantChoice] = ()
) -> tuple[ShareLine, ...]:
    """What a choice would mean, before it is saved; raises as ``share`` would."""
    async with database.read():
        row = await _own(viewer, contract)
        return await _lines(viewer, row, await _checked(viewer, row, choice, renewing))


async def state(viewer: Viewer, contract: UUID) -> Sharing:
    """How ours is shared now; NotFound for another school's."""
    async with database.read():
        return await _sharing(viewer, await _own(viewer, contract))


async def each_of(viewer: Viewer, ids: Collection[UUID]) -> tuple[Sharing, ...]:
    """How each of these that is ours is shared. Inside the caller's unit."""
    rows = await Contract.select(*Contract.all_columns()).where(database.among(Contract.id, ids), access.ours(viewer.school))
    seen = await there.of_rows(viewer, rows)
    return tuple([await _sharing(viewer, row, seen[row["id"]]) for row in rows])


async def readers(viewer: Viewer, contract: UUID) -> Readers:
    """Which schools, and which people, can see ours as of now."""
    async with database.read():
        return await who_can_see(viewer, (await _own(viewer, contract))["audience"])


async def _own(viewer: Viewer, contract: UUID) -> Mapping[str, Any]:
    rows = await Contract.select().where((Contract.id == contract) & access.ours(viewer.school))
    return register.found(rows)


async def _checked(
    viewer: Viewer, row: Mapping[str, Any], choice: AudienceChoice, renewing: Collection[GrantChoice]
) -> AudienceChoice:
    if row["is_confidential"]:
        raise Invalid(CONFIDENTIAL, fields=CONFIDENTIAL)
    if any(not grant.fields for grant in choice.grants):
        raise Invalid(NOTHING_CHOSEN, fields=NOTHING_CHOSEN)
    return await audiences.check(viewer, choice, keeping=row["audience"], renewing=renewing, groups=CONTRACT)


async def _read_before(row: Mapping[str, Any], tag: str | None, version: int | None = None) -> AudienceChoice:
    found = await audiences.choice_of(row["audience"])
    if tag not in (None, found.tag) or version not in (None, row["version"]):
        raise Conflict(CHANGED)
    return found


async def _point(contract: UUID, audience: UUID | None) -> None:
    """The row is locked by the caller's unit."""
    await Contract.update({Contract.audience: audience}).where(Contract.id == contract)


async def _tell(
    record: Record, viewer: Viewer, event: Event, row: Mapping[str, Any], old: AudienceChoice, new: AudienceChoice
) -> None:
    named = await naming.named(row["title"], row["supplier"], row["supplier_name"])
    was, is_now = words.sentence(await _lines(viewer, row, old)), words.sentence(await _lines(viewer, row, new))
    record(
        event,
        stream=Subject.CONTRACT.of(row["id"]),
        subject=Subject.CONTRACT.of(row["id"]),
        facts={"old": {"grants": old.facts()}, "new": {"grants": new.facts()}},
        personal={**named.personal, "who_can_see.old": was, "who_can_see": is_now},
    )


async def _lines(viewer: Viewer, row: Mapping[str, Any], choice: AudienceChoice) -> tuple[ShareLine, ...]:
    return await words.lines(viewer, choice, (await there.of_rows(viewer, [row]))[row["id"]])


async def _sharing(viewer: Viewer, row: Mapping[str, Any], seen: There | None = None) -> Sharing:
    seen = seen or (await there.of_rows(viewer, [row]))[row["id"]]
    supplier = await register.live_supplier(viewer, row["supplier"])
    found = await Supplier.select(Supplier.name, Supplier.owner).where(Supplier.id == supplier).first() if supplier else None
    choice = await audiences.choice_of(row["audience"])
    return Sharing(
        id=row["id"],
        title=row["title"],
        supplier=supplier,
        supplier_name=found["name"] if found else row["supplier_name"] or "",
        version=row["version"],
        is_listed=found is None or found["owner"] is None,
        is_confidential=bool(row["is_confidential"]),
        choice=choice,
        there=seen,
        lines=await words.lines(viewer, choice, seen),
    )
