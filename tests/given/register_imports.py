"""A register of contracts on its way in, as far as it comes by itself."""

from uuid import UUID

from base.viewer import Viewer
from contracts.imports import background, imports
from contracts.imports.imports import ImportView
from tests.given.patience import PATIENCE


async def brought(viewer: Viewer, content: bytes) -> ImportView:
    """Read and checked: what is to be asked is asked."""
    import_id = await imports.upload(viewer, content)
    await background.carry_on(viewer, import_id, wait=PATIENCE)
    return await imports.look(viewer, import_id)


async def imported(viewer: Viewer, import_id: UUID) -> ImportView:
    await imports.start(viewer, import_id)
    await background.carry_on(viewer, import_id, wait=PATIENCE)
    return await imports.look(viewer, import_id)
