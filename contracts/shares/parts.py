"""What this room puts on a supplier's page, on the pages of what a school shares, and on a contract's own."""

from uuid import UUID

from base.viewer import Viewer
from contracts.access.access import Standing
from contracts.register.reading import ContractView
from contracts.register.section import Section
from contracts.shares import by_reader, ending_together, seen_by, shares, shown
from web.pages.beside import Dated, Part


async def on_suppliers_page(viewer: Viewer, supplier: UUID) -> Part | None:
    cards = await shown.with_supplier(viewer, supplier)
    return Part("contract_shares/on_supplier.html", cards, len(cards) >= shown.MOST_SHOWN) if cards else None


async def dated_with(viewer: Viewer, supplier: UUID) -> tuple[Dated, ...]:
    """Contracts that serve the viewer's school, with their days."""
    cards = await shown.with_supplier(viewer, supplier)
    serving = (card for card in cards if card.standing in (Standing.OURS, Standing.COVERED))
    return tuple(Dated(card.title, f"/contracts/{card.id}", card.days) for card in serving)


async def shared_by_us(viewer: Viewer) -> Part | None:
    found = await by_reader.shared(viewer)
    return Part("contract_shares/shared.html", [found]) if found.groups else None


async def at_a_meeting(viewer: Viewer, network: UUID) -> Part:
    return Part("contract_shares/at_a_meeting.html", [await ending_together.look(viewer, network)])


async def seen_by_school(viewer: Viewer, school: UUID, number: int) -> Part | None:
    found = await seen_by.seen_by(viewer, school, number)
    return Part("contract_shares/seen_by.html", found.shown, found.has_more) if found.shown else None


async def on_the_contracts_page(viewer: Viewer, contract: ContractView) -> Section | None:
    """Of ours alone: who may see it, and the way to choose."""
    if not contract.is_ours:
        return None
    return Section("sharing", "Who may see it", "contract_shares/_sharing.html", await shares.state(viewer, contract.id))
