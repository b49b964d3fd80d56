"""Contracts that belong together: a lease and its service contract, a framework and its call-offs; what else ends with one."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final
from uuid import UUID, uuid4

from piccolo.columns.combination import Or, WhereRaw

import audit
import database
from audit import Record
from base import clock
from base.refusals import Invalid, NotFound
from base.viewer import Viewer, must_keep_contracts
from contracts.access import access
from contracts.access.served import NOBODYS
from contracts.changes.tables import Link
from contracts.events import Event
from contracts.register import register
from contracts.tables import Contract, DatesFrom

MOST_LINKS: Final = 500  # of one contract: a framework with as many call-offs as a trust has schools
OFFERED: Final = 500  # contracts to choose from


class ContractLink(StrEnum):
    TOGETHER = "together"  # neither is useful alone: they should end together
    CALL_OFF = "call_off"  # the one was bought under the other, a framework


@dataclass(frozen=True, slots=True)
class Linked:
    """The other contract, as seen from this one. ``words`` say how; ``warning`` that their ends part, or what leaving means."""

    id: UUID
    other: UUID
    title: str
    kind: ContractLink
    words: str
    current_end: date | None
    warning: str = ""


async def link(viewer: Viewer, one: UUID, other: UUID, kind: str) -> UUID:
    """``one`` belongs together with ``other``, or is a call-off from it. Raises Invalid, NotFound for what isn't the school's."""
    must_keep_contracts(viewer)
    _check(one, other, kind)
    async with audit.recording(viewer) as record:
        return await link_one(record, viewer, one, other, kind)


async def link_one(record: Record, viewer: Viewer, one: UUID, other: UUID, kind: str) -> UUID:
    """As ``link``, inside the caller's unit."""
    _check(one, other, kind)
    about = await register.as_said(await register.own(viewer, one))
    await register.own(viewer, other)
    found = await Link.select(Link.id, Link.one, Link.other).where(_of(one), Link.ended_at.is_null())
    if len(found) >= MOST_LINKS:
        raise Invalid(f"A contract belongs together with at most {MOST_LINKS} others.", other="Choose fewer.")
    if any(other in (row["one"], row["other"]) for row in found):
        raise Invalid("They are linked already.", other="These two are linked already. End that link first.")
    made = Link(id=uuid4(), one=one, other=other, kind=kind, linked_by=viewer.person, linked_at=clock.now())
    await made.save()
    await register.tell(record, Event.CONTRACT_LINKED, one, about, {"other": str(other), "kind": kind})
    return made.id


def a_kind(kind: str) -> ContractLink:
    """Raises Invalid."""
    if kind not in list(ContractLink):
        raise Invalid("It was not saved.", kind="Choose how they belong together.")
    return ContractLink(kind)


def _check(one: UUID, other: UUID, kind: str) -> None:
    a_kind(kind)
    if one == other:
        raise Invalid("Choose another contract.", other="A contract belongs together with another one: choose which.")


async def end(viewer: Viewer, link_id: UUID) -> UUID:
    """Ends a link of the school's; gives the contract that it began with. Raises NotFound."""
    must_keep_contracts(viewer)
    async with audit.recording(viewer) as record:
        row = await Link.select().where(Link.id == link_id, Link.ended_at.is_null()).first()
        about = await register.as_said(await register.own(viewer, row["one"] if row else NOBODYS))
        if row is None:
            raise NotFound
        await Link.update({Link.ended_at: clock.now(), Link.ended_by: viewer.person}).where(Link.id == link_id)
        facts = {"other": str(row["other"]), "kind": row["kind"]}
        await register.tell(record, Event.CONTRACT_LINK_ENDED, row["one"], about, facts)
    one: UUID = row["one"]
    return one


async def links(viewer: Viewer, contract: UUID) -> tuple[Linked, ...]:
    """Of a contract of the viewer's school, by title; none of another's."""
    async with database.read():
        rows = await Link.select().where(_of(contract), Link.ended_at.is_null())
        ids = {contract, *(row["one"] for row in rows), *(row["other"] for row in rows)}
        known = await _titles_and_ends(viewer, ids)
    if contract not in known:
        return ()
    own_end = known[contract]["current_end"]
    found = (_linked(contract, row, known, own_end) for row in rows)
    return tuple(sorted((one for one in found if one), key=lambda one: (one.title, str(one.other))))


async def among(contracts: Collection[UUID]) -> tuple[tuple[UUID, UUID, ContractLink], ...]:
    """(one, other, kind) of links that hold between these, in the order of linking. Inside the caller's unit."""
    both = database.among(Link.one, contracts) & database.among(Link.other, contracts) & Link.ended_at.is_null()
    rows = await Link.select().where(both).order_by(Link.linked_at, Link.id)
    return tuple((row["one"], row["other"], ContractLink(row["kind"])) for row in rows)


async def others(viewer: Viewer, contract: UUID, name: str = "") -> tuple[tuple[UUID, str], ...]:
    """The school's other contracts, to choose from, by title: the first OFFERED that have ``name`` in it."""
    chosen = (Contract.id != contract) & access.ours(viewer.school)
    if name:
        pattern = "%" + name.lower().replace("%", "").replace("_", "") + "%"
        chosen &= WhereRaw("LOWER(contracts_contract.title) LIKE {}", pattern)
    async with database.read():
        rows = (
            await Contract.select(Contract.id, Contract.title, Contract.supplier_name)
            .where(chosen)
            .order_by(Contract.title)
            .limit(OFFERED)
        )
    return tuple((row["id"], row["title"] + (f" ({row['supplier_name']})" if row["supplier_name"] else "")) for row in rows)


async def _titles_and_ends(viewer: Viewer, ids: set[UUID]) -> Mapping[UUID, Mapping[str, Any]]:
    chosen = database.among(Contract.id, ids) & access.ours(viewer.school)
    rows = await Contract.select(Contract.id, Contract.title).where(chosen)
    today = clock.today()
    holds = (DatesFrom.from_day <= today) & (DatesFrom.until_day.is_null() | (DatesFrom.until_day > today))
    ends = await DatesFrom.select(DatesFrom.contract, DatesFrom.current_end).where(
        database.among(DatesFrom.contract, ids) & holds
    )
    by_contract = {row["contract"]: row["current_end"] for row in ends}
    return {row["id"]: {"title": row["title"], "current_end": by_contract.get(row["id"])} for row in rows}


def _linked(
    contract: UUID, row: Mapping[str, Any], known: Mapping[UUID, Mapping[str, Any]], own_end: date | None
) -> Linked | None:
    other = row["other"] if row["one"] == contract else row["one"]
    if other not in known:
        return None
    kind, ends = ContractLink(row["kind"]), known[other]["current_end"]
    words, warning = _words(kind, row["one"] == contract, own_end, ends)
    return Linked(row["id"], other, known[other]["title"], kind, words, ends, warning)


def _words(kind: ContractLink, is_one: bool, own_end: date | None, ends: date | None) -> tuple[str, str]:
    if kind is ContractLink.TOGETHER:
        parts = own_end is not None and ends is not None and own_end != ends
        return "Belongs together with", "They end on different days. Leaving one leaves you with the other." if parts else ""
    if is_one:
        return "A call-off from", ""
    goes_on = own_end is not None and ends is not None and ends > own_end
    return "Its call-off", "It goes on after the framework ends: look up whether it may." if goes_on else ""


def _of(contract: UUID) -> Or:
    return Or(Link.one == contract, Link.other == contract)
