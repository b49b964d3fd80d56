"""What this room puts on a contract's page."""

from base.viewer import Viewer
from contracts.documents import documents
from contracts.register.reading import ContractView
from contracts.register.section import Section


async def of_contract(viewer: Viewer, contract: ContractView) -> Section | None:
    """None where there are no documents to read, and no way to add one."""
    found = await documents.of_contract(viewer, contract.id)
    may_add = contract.is_ours and viewer.role.writes
    return Section("documents", "Documents", "documents/_section.html", found) if found or may_add else None
