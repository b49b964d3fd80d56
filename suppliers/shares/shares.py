"""Who may see a review or a note of ours: chosen, shown, taken back. Takes effect when anybody next reads.

The first share beyond the school lists the supplier in the directory, in the same unit of work.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import reduce
from typing import Any, Final
from uuid import UUID

import audit
import database
from audit import Record
from audit.log.subjects import Subject
from base.refusals import Conflict, NotFound
from base.viewer import Viewer, must_speak_for_the_school, must_write
from sharing.access import audiences, visibility
from sharing.access.audiences import PRIVATE, AudienceChoice, GrantChoice
from sharing.access.fields import Fields
from sharing.access.readers import Readers, who_can_see
from sharing.tables import School
from suppliers.events import Event
from suppliers.opinions import criticism, interest
from suppliers.record import interests
from suppliers.shares import by_key, publishing, there, words
from suppliers.shares.publishing import NOTHING_SAID, SaidOfEntries
from suppliers.shares.there import There
from suppliers.shares.words import ShareLine
from suppliers.tables import Note, Review, Supplier

# What giving a share may leave in the trails: the first one beyond the school lists its supplier, or joins it to an entry.
GIVING: Final = (Event.SHARE_GIVEN, Event.SUPPLIER_LISTED, Event.SUPPLIER_JOINED, Event.DIRECTORY_LISTED)
CHANGED: Final = "This, or who may see it, changed after you read it, so nothing was changed now. Read it again, then decide."


class OpinionKind(StrEnum):
    """What is shared."""

    REVIEW = "review"
    NOTE = "note"

    @property
    def table(self) -> type[Review] | type[Note]:
        return Review if self is OpinionKind.REVIEW else Note


@dataclass(frozen=True, slots=True)
class Sharing:
    """How a review or note of ours is shared."""

    what: OpinionKind
    id: UUID
    supplier: UUID
    supplier_name: str
    version: int  # whoever shares it says yes to these words
    is_listed: bool  # the supplier is in the directory; the first share lists it
    choice: AudienceChoice
    there: There  # to see of it, as far as the viewer may know
    lines: tuple[ShareLine, ...]
    rests: bool  # an older review that nobody else sees, while a newer one stands for what both were merged into
    reads_criticism: bool  # the viewer, of this supplier
    waits: bool  # its criticism has new words that a head has to confirm

    @property
    def sentence(self) -> str:
        said = f"{words.sentence(self.lines)} {criticism.WAITS}" if self.waits else words.sentence(self.lines)
        return f"{words.RESTS} When it stands again: {said}" if self.rests and self.lines else said


async def share(  # noqa: PLR0913 - given by name
    viewer: Viewer,
    what: OpinionKind,
    item_id: UUID,
    choice: AudienceChoice,
    *,
    of_entries: SaidOfEntries = NOTHING_SAID,
    renewing: Collection[GrantChoice] = (),
    instead_of: str | None = None,
    version: int | None = None,
) -> Sharing:
    """Shares it with exactly ``choice`` from now on. ``of_entries`` counts on the first share of its supplier.

    Lines that stand already stay as they are; those of ``renewing`` are given anew, so that they count for schools too that
    left since and came back. ``instead_of`` is the tag of the choice that was read, if that is to be there still, and ``version``
    that of the words. Returns how it is shared then; its supplier may have become that entry. Raises Invalid, Forbidden,
    Conflict, NotFound.
    """
    if not choice.grants:
        return await unshare(viewer, what, item_id, instead_of=instead_of)
    must_speak_for_the_school(viewer)
    async with audit.recording(viewer) as record:
        row = await own(viewer, what, item_id)
        old = await _read_before(row, instead_of, version)
        confirms = await criticism.may_confirm(viewer, row)
        narrower = viewer.by_key and not renewing  # a key's new lines are asked a narrower question below
        checked = await audiences.check(viewer, choice, keeping=row.audience, renewing=renewing, confirms=confirms or narrower)
        if Fields.CRITICISM in checked.fields and (viewer.by_key or not confirms):
            await _one_at_a_time(viewer.school)
        if viewer.by_key:
            await by_key.require_one_school(viewer, row.supplier, old, checked, same_as=of_entries.same_as)
        await criticism.before_share(viewer, row, checked, confirms=confirms, same_as=of_entries.same_as)
        await _leave_criticism(viewer, row, old, checked)
        audience = await audiences.store(viewer, checked, keeping=row.audience)
        if audience == row.audience:
            record.unchanged()
            return await _sharing(viewer, what, row.id)
        supplier = await publishing.publish(viewer, record, row.supplier, of_entries)
        await _point(what, row, audience)
        row.supplier = supplier
        await criticism.after_share(viewer, row, checked, confirms=confirms)
        new = await audiences.choice_of(audience)  # as it was stored: with the school of each person
        record(
            Event.SHARE_GIVEN,
            stream=Subject.SUPPLIER.of(supplier),
            subject=Subject(what).of(row.id),
            facts={"old": {"grants": old.facts()}, "new": {"grants": new.facts()}},
            personal=await _sentences(viewer, row, old, new),
        )
        return await _sharing(viewer, what, row.id)


async def unshare(
    viewer: Viewer, what: OpinionKind, item_id: UUID, *, only: GrantChoice | None = None, instead_of: str | None = None
) -> Sharing:
    """Stops sharing it with everybody, or with ``only`` one line of the choice; returns how it is shared then.

    ``instead_of`` is as for ``share``.
    """
    must_write(viewer)
    async with audit.recording(viewer) as record:
        row = await own(viewer, what, item_id)
        old = await _read_before(row, instead_of)
        left = AudienceChoice(tuple(grant for grant in old.grants if grant != only)) if only else PRIVATE
        if left == old:
            record.unchanged()
            return await _sharing(viewer, what, row.id)
        await stop(record, viewer, what, row, old, left)
        return await _sharing(viewer, what, row.id)


async def stop(
    record: Record, viewer: Viewer, what: OpinionKind, row: Review | Note, old: AudienceChoice, left: AudienceChoice
) -> None:
    """Only what is ``left`` of the ``old`` choice counts from now on, with its entry. Inside the caller's recording unit."""
    await _leave_criticism(viewer, row, old, left)
    await _point(what, row, await audiences.intern(viewer, left, keeping=row.audience))
    await criticism.after_share(viewer, row, left, confirms=False)
    record(
        Event.SHARE_WITHDRAWN,
        stream=Subject.SUPPLIER.of(row.supplier),
        subject=Subject(what).of(row.id),
        facts={"old": {"grants": old.facts()}, "new": {"grants": left.facts()}},
        personal=await _sentences(viewer, row, old, left),
    )


async def _one_at_a_time(school: UUID) -> None:
    """Of two who tell criticism at once, each would count those told without the other's."""
    await database.locked(School.select(School.id).where(School.id == school))


async def _leave_criticism(viewer: Viewer, row: Review | Note, old: AudienceChoice, new: AudienceChoice) -> None:
    """Raises Forbidden where somebody would read less of a colleague's criticism that the viewer's interest keeps from them."""
    stays = new.facts()
    if any(Fields.CRITICISM in Fields(int(grant["fields"])) and grant not in stays for grant in old.facts()):
        await interest.must_not_silence(viewer, row)


async def _read_before(row: Review | Note, tag: str | None, version: int | None = None) -> AudienceChoice:
    """The choice that is there. Raises Conflict unless it has ``tag``, and the row ``version``, where one is said."""
    found = await audiences.choice_of(row.audience)
    if tag not in (None, found.tag) or version not in (None, row.version):
        raise Conflict(CHANGED)
    return found


async def state(viewer: Viewer, what: OpinionKind, item_id: UUID) -> Sharing:
    """How ours is shared now; NotFound for another school's."""
    async with database.read():
        return await _sharing(viewer, what, item_id)


async def _sharing(viewer: Viewer, what: OpinionKind, item_id: UUID) -> Sharing:
    return (await _sharings(viewer, [(what, await own(viewer, what, item_id))]))[0]


async def each_of(viewer: Viewer, what: OpinionKind, ids: Collection[UUID]) -> list[Sharing]:
    """How each of these that is ours is shared. Inside the caller's unit."""
    table = what.table
    are_own = database.among(table.id, ids) & (table.school == viewer.school) & visibility.in_sight(table)
    return await _sharings(viewer, [(what, row) for row in await table.objects().where(are_own)]) if ids else []


async def readers(viewer: Viewer, what: OpinionKind, item_id: UUID) -> Readers:
    """Which schools, and which people, can see ours as of now."""
    async with database.read():
        row = await own(viewer, what, item_id)
        rests = await Supplier.exists().where((Supplier.id == row.supplier) & Supplier.joined_to.is_not_null())
        return await who_can_see(viewer, None if rests else row.audience)


async def preview(
    viewer: Viewer, what: OpinionKind, item_id: UUID, choice: AudienceChoice, *, renewing: Collection[GrantChoice] = ()
) -> tuple[ShareLine, ...]:
    """What a choice would mean, before it is saved; raises as ``share`` would."""
    async with database.read():
        row = await own(viewer, what, item_id)
        confirms = await criticism.may_confirm(viewer, row)
        checked = await audiences.check(viewer, choice, keeping=row.audience, renewing=renewing, confirms=confirms)
        await criticism.before_share(viewer, row, checked, confirms=confirms)
        seen = await there.of_rows(viewer, [row], await interests.suppliers_of(viewer))
        return await words.lines(viewer, checked, seen[row.id])


async def _sentences(viewer: Viewer, row: Review | Note, old: AudienceChoice, new: AudienceChoice) -> dict[str, str]:
    """Who could see it and who can, for people who read the trail. Personal, because a choice may name somebody."""
    seen = there.any_of(row)  # the trail has readers who may not learn what this one says
    was, is_now = await words.lines(viewer, old, seen), await words.lines(viewer, new, seen)
    return {"who_can_see.old": words.sentence(was), "who_can_see": words.sentence(is_now)}


def with_line(choice: AudienceChoice, grant: GrantChoice) -> AudienceChoice:
    """The choice with one line more; a line to the same readers is replaced."""
    others = (old for old in choice.grants if _readers_of(old) != _readers_of(grant))
    return AudienceChoice((*others, grant))


def with_lines(choice: AudienceChoice, grants: Iterable[GrantChoice]) -> AudienceChoice:
    """As ``with_line``, one after the other."""
    return reduce(with_line, grants, choice)


def _readers_of(grant: GrantChoice) -> tuple[object, ...]:
    return grant.kind, grant.subject, grant.at_school, grant.membership


async def own(viewer: Viewer, what: OpinionKind, item_id: UUID) -> Review | Note:
    """The row of ours; NotFound for another school's. Inside the caller's unit."""
    table = what.table
    is_own = (table.id == item_id) & (table.school == viewer.school) & visibility.in_sight(table)
    row: Review | Note | None = await table.objects().where(is_own).first()
    if row is None:
        raise NotFound
    return row


async def _point(what: OpinionKind, row: Review | Note, audience: UUID | None) -> None:
    """Sets the audience, if nobody shared, changed or withdrew it since ``row`` was read: each choice replaces all of the last
    one, and what a head confirms are the words of ``row``.
    """
    table = what.table
    before: UUID | None = row.audience
    is_as_read = (table.version == row.version) & (table.audience.is_null() if before is None else table.audience == before)
    values: dict[Any, Any] = {table.audience: audience}
    changed = await table.update(values).where((table.id == row.id) & is_as_read & visibility.in_sight(table)).returning(table.id)
    if not changed:
        raise Conflict("A colleague has just changed this, or who can see it. Look again at what is shared, then choose.")


async def _sharings(viewer: Viewer, rows: Sequence[tuple[OpinionKind, Review | Note]]) -> list[Sharing]:
    suppliers = list({row.supplier for _, row in rows})
    columns = (Supplier.id, Supplier.name, Supplier.owner, Supplier.joined_to)
    known = (
        {s["id"]: s for s in await Supplier.select(*columns).where(database.among(Supplier.id, suppliers))} if suppliers else {}
    )
    interested = await interests.suppliers_of(viewer)
    choices = await audiences.choices_of(row.audience for _, row in rows)
    waiting = await criticism.waiting(row.id for _, row in rows)
    seen = await there.of_rows(viewer, [row for _, row in rows], interested)
    lines = {audience: await words.lines(viewer, choice, there.A_REVIEW) for audience, choice in choices.items()}
    return [
        Sharing(
            what=what,
            id=row.id,
            supplier=row.supplier,
            supplier_name=known[row.supplier]["name"],
            version=row.version,
            is_listed=known[row.supplier]["owner"] is None,
            choice=choices[row.audience],
            there=seen[row.id],
            lines=words.about(lines[row.audience], seen[row.id]),
            rests=known[row.supplier]["joined_to"] is not None,
            reads_criticism=viewer.role.reads_criticism and row.supplier not in interested,
            waits=row.id in waiting,
        )
        for what, row in rows
    ]
