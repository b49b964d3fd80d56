"""Contracts under which the viewer's school is served: its own, and those of its trust that cover it. What was shared is none.

A lead of a trust reads what happens under those of its schools too, and writes nothing there.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

import database
from audit import Record
from audit.log.subjects import Subject
from base.refusals import NotFound
from base.viewer import Viewer
from contracts.access import access, naming, service_version
from contracts.events import Event
from contracts.tables import Contract
from sharing.access import visibility
from sharing.access.fields import Fields
from sharing.people import trust_leads
from suppliers.matching.identifiers import Scheme
from suppliers.record import facts
from suppliers.record.labels import shown_identifier

MOST_LISTED: Final = 100  # of a page on which one is chosen
_LISTED: Final = """SELECT contracts_contract.id, contracts_contract.title, contracts_contract.supplier_name
    FROM contracts_contract WHERE {} AND NOT contracts_contract.is_draft AND LOWER(contracts_contract.title) LIKE {}
    ORDER BY contracts_contract.title, contracts_contract.id LIMIT {}"""
_COLUMNS: Final = (
    Contract.id, Contract.school, Contract.title, Contract.category, Contract.supplier, Contract.supplier_name, Contract.starts_on
)  # fmt: skip
# The contract of what is not there. It is looked for like any other: what is hidden takes the same statements as what is missing.
NOBODYS: Final = UUID(int=0)


@dataclass(frozen=True, slots=True)
class ServedContract:
    """``school`` has the contract. ``phones`` are the supplier's, ``supplier_name`` as known best."""

    id: UUID
    school: UUID
    title: str
    supplier: UUID | None
    supplier_name: str
    starts_on: date | None
    phones: tuple[str, ...] = ()
    is_led: bool = False  # one of a school of the trust that the viewer is a lead of: to read only
    category: str | None = None  # a slug


async def contract(viewer: Viewer, contract_id: UUID, *, lock: bool = False) -> ServedContract:
    """Inside the caller's unit; with ``lock`` nobody else adds to it until that ends. Raises NotFound."""
    return await _one(viewer, contract_id, frozenset(), lock=lock)


async def contract_read(viewer: Viewer, contract_id: UUID) -> ServedContract:
    """The same, or one that a lead of a trust reads. Inside the caller's unit. Raises NotFound."""
    return await _one(viewer, contract_id, await trust_leads.schools_led(viewer), lock=False)


async def _one(viewer: Viewer, contract_id: UUID, led: Collection[UUID], *, lock: bool) -> ServedContract:
    chosen = Contract.select(*_COLUMNS).where(Contract.id == contract_id, access.serving(viewer.school, led))
    rows: Sequence[Mapping[str, Any]] = await (database.locked(chosen) if lock else chosen)
    if not rows:
        raise NotFound
    is_led = rows[0]["school"] in led and not await access.is_covered(contract_id, viewer.school)
    return await _served(rows[0], is_led=is_led)


async def contract_once_served(contract_id: UUID) -> ServedContract:
    """One under which something of the viewer's school was kept, as the caller knows: also a withdrawn one, and one that covers
    the school no more. Inside the caller's unit.
    """
    (row,) = await Contract.select(*_COLUMNS).where(Contract.id == contract_id)
    return await _served(row)


async def _served(row: Mapping[str, Any], *, is_led: bool = False) -> ServedContract:
    known = (await facts.load({row["supplier"]})).get(row["supplier"]) if row["supplier"] else None
    phones = [shown_identifier(scheme, value) for scheme, value in known.identifiers if scheme is Scheme.PHONE] if known else ()
    name = known.name if known else row["supplier_name"] or ""
    about = (row["id"], row["school"], row["title"], row["supplier"], name, row["starts_on"], tuple(phones), is_led)
    return ServedContract(*about, category=row["category"])


async def with_figures_shared(viewer: Viewer, contract_id: UUID) -> ServedContract:
    """A contract of another school that shares how the service did with the viewer: only its id, school and first day are said.

    Inside the caller's unit. Raises NotFound, also for what shares open other groups of.
    """
    principals = await visibility.principals(viewer)
    is_open = visibility.opens(principals, Contract, Fields.ATTAINMENT)
    chosen = Contract.select(Contract.id, Contract.school, Contract.starts_on).where(Contract.id == contract_id, is_open)
    row = await chosen.where(Contract.school != viewer.school).first()
    if row is None:
        raise NotFound
    return ServedContract(row["id"], row["school"], "", None, "", row["starts_on"])


async def listed(viewer: Viewer, text: str = "") -> tuple[Mapping[str, Any], ...]:
    """Of (id, title, supplier_name), by title, the first MOST_LISTED whose title has ``text`` in it. Opens its own read unit."""
    pattern = "%" + text.lower().replace("%", "").replace("_", "") + "%"
    async with database.read():
        served = access.serving(viewer.school).querystring
        return tuple(await Contract.raw(_LISTED, served, pattern, MOST_LISTED))


async def titles(school: UUID) -> tuple[tuple[UUID, str], ...]:
    """(id, title) of all under which a school is served, by title. Inside the caller's unit."""
    rows = await Contract.select(Contract.id, Contract.title).where(access.serving(school)).order_by(Contract.title)
    return tuple((row["id"], row["title"]) for row in rows)


async def ids_of(school: UUID) -> tuple[UUID, ...]:
    """Of the contracts that a school has itself. Inside the caller's unit."""
    return tuple(await Contract.select(Contract.id).where(access.ours(school)).output(as_list=True))


async def starts_of(school: UUID, contracts: Collection[UUID]) -> dict[UUID, date | None]:
    """When those of these that a school has itself start, where that is known. Inside the caller's unit."""
    chosen = Contract.select(Contract.id, Contract.starts_on).where(access.ours(school), database.among(Contract.id, contracts))
    return {row["id"]: row["starts_on"] for row in await chosen}


async def tell(
    record: Record, event: Event, about: ServedContract, viewer: Viewer, facts_: Mapping[str, Any], words: Mapping[str, str],
    *, moves_figures: bool = True,
) -> None:  # fmt: skip
    """An entry in the contract's stream, which says whom it is about; in the trail of the school that has it too.

    What was attained is reckoned anew when it is next read, unless what is told surely moves no figure.
    """
    if moves_figures:
        await service_version.next_of(about.id)
    named = await naming.named(about.title, about.supplier, about.supplier_name)
    subject = Subject.CONTRACT.of(about.id)
    for trail in dict.fromkeys((viewer.school, about.school)):
        record(event, stream=subject, subject=subject, facts=facts_, personal={**named.personal, **words}, trail=trail)
