"""Suppliers that stand in the directory, as schools and imports bring them there, and who asks for them."""

from uuid import UUID

import audit
import database
from base.viewer import Role, Viewer
from suppliers.directory import directory
from suppliers.imports.directory_import import import_suppliers
from suppliers.index import candidates as blocking
from suppliers.lists.supplier_row import SupplierRow, identity
from suppliers.matching.identifiers import Identifiers
from suppliers.matching.names import normalise
from suppliers.record.facts import Facts
from suppliers.shares import publishing
from suppliers.tables import Supplier
from tests.given.builders import a_person, a_school


async def manager(name: str = "Oakfield Primary") -> Viewer:
    return await a_person(await a_school(name))


async def curator() -> Viewer:
    return await a_person(await a_school("Curators' School"), Role.HEAD, "Olive Osgood", operator=True)


async def an_entry(name: str, **known: object) -> UUID:
    viewer = await manager(f"School that listed {name}")
    own = (await directory.add(viewer, name=name, **known)).id  # type: ignore[arg-type]
    async with audit.recording(viewer) as record:
        return await publishing.publish(viewer, record, own)


HEADS = [
    "Bright",
    "Ashby",
    "Lantern",
    "Quayside",
    "Meridian",
    "Harbour",
    "Foxglove",
    "Pennine",
    "Cobalt",
    "Juniper",
    "Saffron",
    "Thistle",
]
TAILS = ["Cleaning", "Catering", "Grounds", "Boilers", "Windows", "Software", "Minibuses", "Roofing", "Music", "Books"]


async def listed(*names: str) -> dict[str, UUID]:
    rows = [SupplierRow(n, Facts(name), identity(normalise(name)), normalise(name).legal) for n, name in enumerate(names)]
    await import_suppliers(None, rows, digest="0" * 64)
    async with database.read():
        found = await Supplier.select(Supplier.id, Supplier.name).where(Supplier.owner.is_null())
    return {row["name"]: row["id"] for row in found}


async def found(viewer: Viewer, name: str, **identifiers: str) -> list[UUID]:
    async with database.read():
        return [one.supplier for one in await blocking.candidates(viewer, normalise(name), Identifiers(**identifiers))]
