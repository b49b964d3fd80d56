"""Whom an entry about a contract is about: committed with each, so that a pack proves it and a name can be erased."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from suppliers.record import facts


@dataclass(frozen=True, slots=True)
class Named:
    """A contract's title, and its supplier's name and identifiers ("company_number:01234567") as they stand."""

    title: str
    supplier: str = ""
    identifiers: tuple[str, ...] = ()

    @property
    def personal(self) -> dict[str, str]:
        """The fields of an entry: each can be erased by itself where the supplier is a person."""
        texts = {
            "contract_title": self.title,
            "supplier_name": self.supplier,
            "supplier_identifiers": ", ".join(self.identifiers),
        }
        return {name: text for name, text in texts.items() if text}


async def named(title: str, supplier: UUID | None, supplier_name: str | None) -> Named:
    """Inside the caller's unit."""
    return (await named_each({UUID(int=0): (title, supplier, supplier_name)}))[UUID(int=0)]


async def named_each(contracts: Mapping[UUID, tuple[str, UUID | None, str | None]]) -> dict[UUID, Named]:
    """By contract, of (title, supplier, name on the contract): one look-up for all suppliers. Inside the caller's unit."""
    known = await facts.load({supplier for _, supplier, _ in contracts.values() if supplier})
    found = {}
    for contract, (title, supplier, said) in contracts.items():
        its = known.get(supplier) if supplier else None
        identifiers = tuple(f"{scheme}:{value}" for scheme, value in its.identifiers) if its else ()
        found[contract] = Named(title, its.name if its else said or "", identifiers)
    return found
