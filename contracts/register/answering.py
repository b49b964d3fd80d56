"""Adding a contract and changing it, for whoever answers with the whole of it: it is read in the unit that saved it."""

from uuid import UUID

import audit
from base.viewer import Viewer, must_keep_contracts
from contracts.fields import said
from contracts.fields.said import Said
from contracts.register import reading, register
from contracts.register.reading import ContractView


async def add(viewer: Viewer, new: Said) -> ContractView:
    """Raises as ``register.add``."""
    must_keep_contracts(viewer)
    new = said.checked(new)
    async with audit.recording(viewer) as record:
        return await reading.contract_read(viewer, await register.add_one(record, viewer, new))


async def change(viewer: Viewer, contract: UUID, new: Said, *, version: int) -> ContractView:
    """Raises as ``register.change``."""
    must_keep_contracts(viewer)
    new = said.checked(new)
    async with audit.recording(viewer) as record:
        await register.change_read(record, viewer, contract, new, version)
        return await reading.contract_read(viewer, contract)
