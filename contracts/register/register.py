"""A school's contracts: adding one, changing what the register says of it, taking it out. Each change reckons its dates anew."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID, uuid4

import audit
import database
from audit import Record
from audit.log.subjects import Subject
from base import clock
from base.refusals import Conflict, Invalid, NotFound
from base.viewer import OUTSIDE, Viewer, must_keep_contracts
from contracts.access import access, naming
from contracts.access.naming import Named
from contracts.clock.dates_ahead import Outlook
from contracts.events import Event
from contracts.fields import dates_asked, said, values
from contracts.fields.dates_asked import SchoolTerms
from contracts.fields.said import Said
from contracts.register import deriving, parts, school_terms
from contracts.register.supplier_choice import NewSupplier
from contracts.tables import Contract, Covered
from sharing.members import members
from sharing.tables import School
from suppliers.directory import directory
from suppliers.merging import decisions
from suppliers.tables import Supplier

CHANGED: Final = "This contract changed after you read it, so yours is not saved yet. Read the newer one, then save yours again."
NOTHING: Final[Mapping[str, str]] = MappingProxyType({})
STOP_FIRST: Final = "This contract is shared. Stop sharing it first: what a confidential one says is for your school alone."
NOT_OF_THE_TRUST: Final = "A contract covers schools of your own trust. Choose from the list."


async def add(viewer: Viewer, new: Said, *, new_supplier: NewSupplier | None = None) -> UUID:
    """With ``new_supplier``, which ``facts.checked`` gave, that one is added to the school's list in the same unit, and is its.

    Raises Forbidden, Invalid that names each wrong field, NotFound for a supplier that the viewer can't see, Conflict for a new
    one of a name that the school has.
    """
    must_keep_contracts(viewer)
    new = said.checked(new)
    async with audit.recording(viewer) as record:
        return await add_one(record, viewer, await _with_supplier(record, viewer, new, new_supplier))


async def add_one(record: Record, viewer: Viewer, new: Said) -> UUID:
    """As ``add``, of what ``said.checked`` gave, inside the caller's unit."""
    (contract,) = await add_each(record, viewer, [new])
    return contract


async def add_each(record: Record, viewer: Viewer, new: Sequence[Said]) -> list[UUID]:
    """As ``add_one``, of several at once, in their order. It raises before it writes anything."""
    contracts = {uuid4(): one for one in await _as_seen(viewer, new)}
    if not contracts:
        return []
    rows = [_row(viewer, contract, one) for contract, one in contracts.items()]
    await database.insert_rows(Contract, [getattr(Contract, name) for name in rows[0]], [tuple(row.values()) for row in rows])
    await parts.add(contracts)
    terms = await school_terms.of_school(viewer.school)
    await deriving.add(viewer.school, {contract: _outlooks(one, terms) for contract, one in contracts.items()})
    named = await naming.named_each({contract: _named(one) for contract, one in contracts.items()})
    for contract, one in contracts.items():
        facts, words = said.difference(None, one)
        _tell(record, Event.CONTRACT_ADDED, contract, named[contract], {**facts, "version": 1}, words, by=viewer)
    return list(contracts)


def _row(viewer: Viewer, contract: UUID, new: Said) -> Mapping[str, Any]:
    """Of a new contract, by column."""
    made = {"id": contract, "school": viewer.school, "author": _by(viewer), "version": 1, "written_at": clock.now()}
    counts = {"open_questions": len(new.questions), "days_moved": 0}
    return {**made, **values.stored(new.values), **new.beside, **counts}


async def change(
    viewer: Viewer, contract: UUID, new: Said, *, version: int, new_supplier: NewSupplier | None = None
) -> Outlook | None:
    """Replaces all that the register says of a contract of the viewer's school: what follows from today on, None where nothing
    differs. ``new_supplier`` as ``add`` has it.

    Raises as ``add``; Conflict unless ``version`` is the one that was read.
    """
    must_keep_contracts(viewer)
    new = said.checked(new)
    async with audit.recording(viewer) as record:
        return await change_read(record, viewer, contract, new, version, new_supplier)


async def change_read(
    record: Record, viewer: Viewer, contract: UUID, new: Said, version: int, new_supplier: NewSupplier | None = None
) -> Outlook | None:
    """As ``change``, of what ``said.checked`` gave, inside the caller's unit."""
    row = await own(viewer, contract)
    if row["version"] != version:
        raise Conflict(CHANGED)
    found = await change_one(record, viewer, row, await _with_supplier(record, viewer, new, new_supplier))
    if found is None:
        record.unchanged()
    return found


async def change_one(
    record: Record,
    viewer: Viewer,
    row: Mapping[str, Any],
    new: Said,
    event: Event = Event.CONTRACT_CHANGED,
    personal: Mapping[str, str] = NOTHING,
    more: Mapping[str, Any] = NOTHING,
) -> Outlook | None:
    """As ``change``, of a ``row`` that ``own`` gave and what ``said.checked`` gave, inside the caller's unit. ``event`` says what
    made the change; ``personal`` are more words for its entry, ``more`` more facts.
    """
    contract, version = row["id"], row["version"] + 1
    if row["audience"] and new.values["is_confidential"]:
        raise Invalid(values.NOT_SAVED, is_confidential=STOP_FIRST)
    before = await as_said(row)
    (new,) = await _as_seen(viewer, [new], before)
    if new.supplier == await live_supplier(viewer, before.supplier):  # a merge is undone more exactly where its part is kept
        new = replace(new, supplier=before.supplier)
    facts, words = said.difference(before, new)
    if not facts and not words:
        return None
    columns: dict[Any, Any] = {**values.stored(new.values), **new.beside, "open_questions": len(new.questions)}
    columns |= {"version": version, "revised_at": clock.now(), "revised_by": _by(viewer)}
    await Contract.update(columns).where(Contract.id == contract)
    await parts.replace(contract, new)
    outlooks = _outlooks(new, await school_terms.of_school(viewer.school))
    await deriving.keep(viewer.school, contract, outlooks)
    await tell(record, event, contract, new, {**facts, **more, "version": version}, {**words, **personal}, by=viewer)
    return outlooks[0]


async def withdraw(viewer: Viewer, contract: UUID, *, version: int | None = None) -> None:
    """Takes a contract that was entered by mistake out of the register; its entries stay in the trail.

    Raises NotFound, and Conflict where ``version`` is not the one that there is.
    """
    must_keep_contracts(viewer)
    async with audit.recording(viewer) as record:
        row = await own(viewer, contract)
        if version not in (None, row["version"]):
            raise Conflict(CHANGED)
        before = await as_said(row)
        columns: dict[Any, Any] = {"withdrawn_at": clock.now(), "audience": None}
        await Contract.update(columns).where(Contract.id == contract)
        facts = {"version": row["version"], "was_shared": row["audience"] is not None}
        await tell(record, Event.CONTRACT_WITHDRAWN, contract, before, facts, {})


async def colleagues(viewer: Viewer) -> tuple[tuple[UUID, str], ...]:
    """Who may get the letters about a contract: the people of the viewer's school, by name."""
    async with database.read():
        return tuple((one.id, one.name) for one in await members.members(viewer.school))


async def schools_to_cover(viewer: Viewer) -> tuple[tuple[UUID, str], ...]:
    """The schools of the viewer's trust, without its central team, by name; none for a school."""
    async with database.read():
        schools = await members.schools_of_trust(viewer.school) - {viewer.school}
        rows = await School.select(School.id, School.name).where(database.among(School.id, schools)).order_by(School.name)
    return tuple((row["id"], row["name"]) for row in rows)


async def own(viewer: Viewer, contract: UUID) -> Mapping[str, Any]:
    """The row of a contract of the viewer's school, locked until the caller's unit ends. Raises NotFound."""
    rows: Sequence[Mapping[str, Any]] = await database.locked(
        Contract.select().where((Contract.id == contract) & access.ours(viewer.school))
    )
    return found(rows)


def found(rows: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """The one row of a contract. Raises NotFound where there is none."""
    if not rows:
        raise NotFound
    return rows[0]


async def as_said(row: Mapping[str, Any]) -> Said:
    """What the register says of a contract, from its whole row. Inside the caller's unit."""
    covers = await Covered.select(Covered.school).where(Covered.contract == row["id"]).output(as_list=True)
    return Said(
        values.of_row(row),
        extensions=await deriving.extensions_of(row["id"]),
        covers=covers,
        **{name: row[name] for name in said.BESIDE},
    )


async def live_supplier(viewer: Viewer, supplier: UUID | None) -> UUID | None:
    """What the supplier of a contract was merged into, or itself; None where the viewer sees no such supplier. Inside a unit.

    A contract keeps the one that it was made with, so that undoing a merge needs to move nothing.
    """
    if supplier is None:
        return None
    found = await Supplier.select(Supplier.joined_to).where(Supplier.id == supplier).first()
    live = (found["joined_to"] if found else None) or supplier
    is_seen = Supplier.owner.is_null() | (Supplier.owner == viewer.school)
    return live if await Supplier.exists().where((Supplier.id == live) & is_seen) else None


async def _with_supplier(record: Record, viewer: Viewer, new: Said, to_add: NewSupplier | None) -> Said:
    if to_add is None:
        return new
    made = await directory.add_one(record, viewer, to_add.facts)
    await decisions.judge_apart(record, viewer, made.id, to_add.none_of)
    return replace(new, supplier=made.id)


async def _as_seen(viewer: Viewer, new: Sequence[Said], before: Said | None = None) -> list[Said]:
    """Each with the live id of its supplier, which is locked. People and schools that it named ``before`` may have left.

    Raises NotFound, or Invalid for schools that are not the trust's and people elsewhere.
    """
    schools = {school for one in new for school in one.covers}
    await _require_own_schools(viewer, schools.difference(before.covers if before else ()))
    people = {person for one in new for person in _looked_after_by(one)}
    await _require_colleagues(viewer, people - {None, *(_looked_after_by(before) if before else ())})
    live = await directory.must_see_each(viewer, {one.supplier for one in new if one.supplier})
    return [replace(one, supplier=live[one.supplier]) if one.supplier else one for one in new]


def _looked_after_by(one: Said) -> tuple[UUID | None, UUID | None]:
    return one.officer_person, one.deputy_person


async def _require_own_schools(viewer: Viewer, schools: Collection[UUID]) -> None:
    if schools and not set(schools) <= await members.schools_of_trust(viewer.school):
        raise Invalid(values.NOT_SAVED, covers=NOT_OF_THE_TRUST)


async def _require_colleagues(viewer: Viewer, people: Collection[UUID | None]) -> None:
    if people and not set(people) <= {one.id for one in await members.members(viewer.school)}:
        sentence = "Choose somebody who belongs to your school, or enter a name or job title."
        raise Invalid(values.NOT_SAVED, officer_person=sentence)


def _outlooks(new: Said, terms: SchoolTerms) -> tuple[Outlook, ...]:
    asked = dates_asked.asked_of(new.values, new.extensions, new.notice_given_on, terms)
    return deriving.outlooks(asked, new.ceased_on)


async def tell(
    record: Record,
    event: Event,
    contract: UUID,
    about: Said,
    facts: Mapping[str, Any],
    words: Mapping[str, str] = NOTHING,
    *,
    by: Viewer | None = None,
) -> None:
    """Records an event of a contract, committing whom it is about. Inside the caller's unit.

    ``by`` is needed where it may be whoever runs the installation: the entry is the school's, and says so.
    """
    named = await naming.named(*_named(about))
    _tell(record, event, contract, named, facts, words, by=by)


def _tell(
    record: Record, event: Event, contract: UUID, named: Named, facts: Mapping[str, Any], words: Mapping[str, str],
    *, by: Viewer | None,
) -> None:  # fmt: skip
    about_it = Subject.CONTRACT.of(contract)
    told = {**named.personal, **words}
    facts = {**facts, "by": "operator"} if by and by.person == OUTSIDE else facts
    record(event, stream=about_it, subject=about_it, facts=facts, personal=told, trail=by.school if by else None)


def _named(about: Said) -> tuple[str, UUID | None, str | None]:
    """As ``naming`` asks: title, supplier, and what the contract calls it."""
    name = about.values["supplier_name"]
    return str(about.values["title"]), about.supplier, str(name) if name else None


def _by(viewer: Viewer) -> UUID | None:
    """Who did it; nobody of the school where it was whoever runs the installation."""
    return None if viewer.person == OUTSIDE else viewer.person
