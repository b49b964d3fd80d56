"""A school erases what it holds about somebody: one person asks, a second approves, and nothing brings it back.

What is erased leaves the rows, the trail's openings, the files, the queued mail and, on SQLite, the database file
itself; the trail keeps that it was erased. From a list outside the database, ``replay`` erases it in a restored backup.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid4

import structlog

import audit
import database
from audit import Record
from audit.erasing import erasure, erasure_list, retention
from audit.erasing.erasure import Applied, ErasureReason
from audit.erasing.erasure_list import ListedErasure
from audit.events import Event
from audit.log.subjects import ERASURES, Subject
from audit.tables import Erasure
from base import clock, mail
from base.refusals import Conflict, Forbidden, Invalid, NotFound
from base.viewer import Viewer, must_write
from contracts.imports import imports as register_imports
from contracts.imports import tables as import_tables
from privacy import blanking, seconds
from privacy import finds as erasure_finds
from privacy import plan as erasure_plan
from privacy.finds import Find
from privacy.in_directory import erasing
from privacy.plan import ErasurePlan, Kept
from privacy.seconds import Second
from sharing.accounts import erasure as accounts
from sharing.two_people import outside
from suppliers.corrections import proposals
from suppliers.imports import imports
from suppliers.imports import remembered as import_answers
from suppliers.record import interests

NOT_SURE: Final = "Tick the box to confirm that this goes for good."
Decided = tuple[Erasure, Second]  # the request, and who is the second person of it


@dataclass(frozen=True, slots=True)
class OfferedFind:
    """A find, and until when and why it has to be kept; None when it may go."""

    find: Find
    kept: Kept | None


@dataclass(frozen=True, slots=True)
class Findings:
    """What there is to choose from. ``account`` is how many fields of the trail go with the person."""

    person: accounts.Leaver | None
    sought: tuple[str, ...]
    offers: tuple[OfferedFind, ...]
    account: int
    in_facts: int  # entries that name it among their plain facts, which stay
    is_more: bool  # more was found than one request takes
    kept_back: bool  # criticism of suppliers that the viewer declared an interest in was not looked through for them


async def look(viewer: Viewer, *, person: UUID | None, typed: str) -> Findings:
    """Looks for what could be erased; saves and records nothing. Raises Forbidden, Invalid, NotFound, Conflict."""
    must_write(viewer)
    async with database.read():
        plan = await erasure_plan.make(viewer, person, typed, asks=True)
        kept_back = bool(await interests.suppliers_of(viewer))
        duties = await retention.in_force_at(str(viewer.school), clock.today())
        in_facts = await erasure_finds.in_plain_facts(viewer, plan.sought)
    offers = tuple(OfferedFind(find, erasure_plan.kept_of(duties, find.kind, find.counts_from)) for find in plan.finds)
    most = erasure_finds.MOST_FOUND
    return Findings(
        plan.person, plan.sought, offers[:most], len(plan.identity), in_facts, is_more=len(offers) > most, kept_back=kept_back
    )


async def ask(
    viewer: Viewer, *, person: UUID | None, typed: str, chosen: Sequence[str], reason: ErasureReason | None, words: str
) -> UUID:
    """Asks for an erasure that somebody else has to approve. ``chosen`` are keys of finds.

    Raises Forbidden, Invalid, NotFound; Conflict for what a legal hold or a retention duty covers.
    """
    must_write(viewer)
    async with audit.recording(viewer) as record:
        if not await seconds.is_of_the_school(viewer.person, viewer.school):
            raise Forbidden(seconds.ASKED_BY_NOBODY)
        plan = await erasure_plan.make(viewer, person, typed, chosen=chosen, asks=True)
        said, why = erasure_plan.checked(plan, chosen=chosen, reason=reason, words=words)
        await erasure_plan.refuse_what_must_stay(viewer, plan)
        row = Erasure(
            id=uuid4(), trail=str(viewer.school), person=person, sought=typed.strip(), chosen=json.dumps(sorted(chosen)),
            reason=why.value, words=said, asked_by=viewer.person, asked_at=clock.now(),
        )  # fmt: skip
        with database.duplicates(Conflict("A colleague has asked to erase this person already.")):
            await row.save()
        facts = {"reason": why.words, "account": person is not None, "texts_and_files": len(plan.finds)}
        personal = {"words": said} if said else {}
        record(Event.ERASURE_ASKED, stream=ERASURES, subject=Subject.ERASURE.of(row.id), facts=facts, personal=personal)
        made: UUID = row.id
    return made


async def withdraw(viewer: Viewer, erasure_id: UUID) -> None:
    """Withdraws a request, as anyone may who could approve it. Raises Forbidden, NotFound, Conflict."""
    must_write(viewer)
    async with audit.recording(viewer) as record:
        row = await _open_of(str(viewer.school), erasure_id)
        ended: dict[Any, Any] = {Erasure.withdrawn_at: clock.now(), Erasure.decided_by: viewer.person, Erasure.sought: ""}
        await Erasure.update(ended).where(Erasure.id == row.id)
        record(Event.ERASURE_WITHDRAWN, stream=ERASURES, subject=Subject.ERASURE.of(row.id))
    await asyncio.to_thread(erasure_list.void_if_listed, erasure_id)  # by an approval that was killed before its commit


async def approve(viewer: Viewer, erasure_id: UUID, *, is_sure: bool = True) -> bool:
    """Erases, as a colleague; there is no way back. True when nothing of it is left in the database file either.

    Raises Forbidden for whoever does not count as two people with whoever asked; NotFound; Conflict for what a legal hold or a
    retention duty covers, or a request that was decided already; Invalid last, for whoever may but is not sure.
    """

    async def second() -> Decided:
        row = await _open(erasure_id)
        return row, await seconds.a_colleague(viewer, row)

    must_write(viewer)
    return await _approve(viewer, second, is_sure=is_sure)


async def approve_from_outside(viewer: Viewer, erasure_id: UUID, *, is_sure: bool = True) -> bool:
    """The same for a school that has no second person, as the head of its trust or as the operator."""

    async def second() -> Decided:
        await seconds.require_in_sight(viewer, erasure_id)
        row = await _open(erasure_id)
        return row, await seconds.from_outside(viewer, row)

    return await _approve(viewer, second, is_sure=is_sure)


async def approve_as_chair(token: str, *, is_sure: bool = True) -> bool:
    """The same as its chair, by the link that went to the school's published address. Raises DeadLink too."""

    async def second() -> Decided:
        row = await _open((await outside.use(token, seconds.ACT)).subject)
        return row, await seconds.the_chair(row)

    return await _approve(None, second, is_sure=is_sure)


async def _approve(viewer: Viewer | None, second: Callable[[], Awaitable[Decided]], *, is_sure: bool) -> bool:
    listed: ListedErasure | None = None
    try:
        async with audit.recording(viewer) as record:
            row, by = await second()
            asked = seconds.as_whoever_asked(row)
            plan = await erasure_plan.make(asked, row.person, row.sought, chosen=json.loads(row.chosen))
            await _refuse_what_must_stay(asked, plan, by)
            _require_sure(is_sure=is_sure)
            listed = _listed(row, plan, clock.now())
            names = await _erase(record, listed, plan.finds, {"second_person": True, "approved_as": by.standing})
            ended: dict[Any, Any] = {Erasure.applied_at: listed.at, Erasure.decided_by: by.person, Erasure.sought: ""}
            await Erasure.update(ended | {Erasure.decided_as: by.standing}).where(Erasure.id == row.id)
            await asyncio.to_thread(erasure_list.add, listed)
    except BaseException:
        if listed is not None:
            await _void_unless_applied(listed)
        raise
    return await _leave_no_copy((*names, *plan.sought))


def _require_sure(*, is_sure: bool) -> None:
    if not is_sure:
        raise Invalid(NOT_SURE, sure=NOT_SURE)


async def replay() -> int:
    """Erases again what a restored backup brought back; returns how many erasures that took. Running it twice does no harm.

    Run before anything is served. Opens its own units of work.
    """
    done = 0
    for listed in await asyncio.to_thread(erasure_list.read):
        done += await (erasing.again if listed.trail == audit.OPERATOR else _again)(listed)
    return done


async def _refuse_what_must_stay(asked: Viewer, plan: ErasurePlan, by: Second) -> None:
    """Nobody from outside reads what a hold or a duty covers."""
    try:
        await erasure_plan.refuse_what_must_stay(asked, plan)
    except Conflict as refusal:
        raise refusal if by.standing == seconds.COLLEAGUE else Conflict(seconds.KEPT) from None


async def _open(erasure_id: UUID) -> Any:
    row: Any = await database.locked(Erasure.objects().where(Erasure.id == erasure_id)).first()
    if row is None:
        raise NotFound
    if row.applied_at is not None or row.withdrawn_at is not None:
        raise Conflict("This request has been decided already.")
    return row


async def _open_of(trail: str, erasure_id: UUID) -> Any:
    if not await Erasure.exists().where((Erasure.id == erasure_id) & (Erasure.trail == trail)):
        raise NotFound
    return await _open(erasure_id)


def _listed(row: Erasure, plan: ErasurePlan, at: datetime) -> ListedErasure:
    keys = {opened.key for opened in plan.identity}.union(*(find.openings for find in plan.finds))
    files = [
        (file, find.key.removeprefix("file:")) for find in plan.finds for file in sorted(find.files, key=str)
    ]  # fmt: skip
    openings = tuple(sorted(keys, key=str))
    return ListedErasure(row.id, row.trail, at, ErasureReason(row.reason), openings, tuple(files), row.person)


async def _erase(record: Record, listed: ListedErasure, finds: Sequence[Find], facts: Mapping[str, Any]) -> tuple[str, ...]:
    """Erases what is listed, inside the caller's unit of work; returns the names that the person went by."""
    school = UUID(listed.trail)
    for find in finds:
        await blanking.blank(school, find.key, find.texts)
        if correction := Subject.CORRECTION.id_in(find.key):
            await proposals.forget(record, school, correction)
    await imports.files.forget_all_of(school)
    await import_answers.forget_all_of(school)
    await register_imports.files.forget_all_of(school)
    kept_beside = set[str]().union(*(find.texts for find in finds if find.key.startswith("entry:")))
    await accounts.forget(school, kept_beside)
    opened = await erasure.still_there(listed.trail, listed.openings)
    evidence = await blanking.delete_files(school, [file for file, _ in listed.files])
    names: tuple[str, ...] = ()
    if listed.person is not None:
        names = await accounts.erase_account(school, listed.person, before=listed.at)
        await accounts.forget(school, names)
    for address in kept_beside.union(names):
        await erasure.forget_address(listed.trail, address)
    await erasure.apply(record, Applied(listed.trail, listed.erasure, listed.reason, facts), opened, evidence)
    return names


async def _again(listed: ListedErasure) -> bool:
    async with database.read():
        if not await _is_back(listed):
            return False
    async with audit.recording(None) as record:
        finds = erasure_finds.of_openings(await erasure.still_there(listed.trail, listed.openings))
        names = await _erase(record, listed, finds, {"after_a_restore": True})
        ended: dict[Any, Any] = {Erasure.applied_at: listed.at, Erasure.sought: ""}
        await Erasure.update(ended).where((Erasure.id == listed.erasure) & Erasure.withdrawn_at.is_null())
    await _leave_no_copy(names)
    return True


async def _is_back(listed: ListedErasure) -> bool:
    return (
        bool(await erasure.still_there(listed.trail, listed.openings))
        or await blanking.are_there(file for file, _ in listed.files)
        or (listed.person is not None and await accounts.is_back(UUID(listed.trail), listed.person, before=listed.at))
    )


async def _void_unless_applied(listed: ListedErasure) -> None:
    """A commit that was cut off may have happened. Only the database can tell; when it can't, the list keeps the erasure."""
    with suppress(Exception):
        async with database.read():
            is_applied = await Erasure.exists().where((Erasure.id == listed.erasure) & Erasure.applied_at.is_not_null())
        if not is_applied:
            await asyncio.to_thread(erasure_list.void, listed.erasure)


async def _leave_no_copy(names: Sequence[str]) -> bool:
    """Purges queued mail and what the database's files keep of deleted rows. All is erased by now, so failing is no refusal."""
    try:
        await asyncio.to_thread(mail.purge, [name for name in names if name])
    except OSError:
        structlog.get_logger("vouch").warning("queued mail could not be searched for what was erased")
    return await scrub()


async def scrub() -> bool:
    """Takes erased bytes out of the database's files, as far as that is ours to do; True when nothing is left. Own unit."""
    return await database.scrub(*erasure.TABLES, *accounts.TABLES, *blanking.TABLES, *imports.TABLES, *import_tables.TABLES)
